"""Countries over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response

from app.countries.queries import COUNTRIES
from app.countries.schemas import CountryItem, CountryPage, CountryQuery
from app.web import documented, filters
from app.web.listing import list_response
from app.web.named import named_response
from app.web.reading import Reading, ReadRoute
from app.web.schemas import ItemQuery, PartialItem, PartialPage

router = APIRouter(tags=["Countries"], route_class=ReadRoute)


@router.get(
    "/countries",
    operation_id="list_countries",
    summary="List countries",
    response_model=CountryPage | PartialPage,
    responses=documented.LIST,
)
def list_countries(
    request: Request, session: Reading, query: Annotated[CountryQuery, Query()]
) -> Response:
    """All states and territories of ISO 3166-1, and Kosovo, with the names that lead to them."""
    return list_response(request, session, COUNTRIES, query)


@router.get(
    "/countries/{code}",
    operation_id="get_country",
    summary="Get a country",
    response_model=CountryItem | PartialItem,
    responses=documented.ITEM,
)
def get_country(
    request: Request,
    session: Reading,
    code: Annotated[
        str,
        Path(title="Country", description="Alpha-3, alpha-2 or any known name.", examples=["PAK"]),
    ],
    query: Annotated[ItemQuery, Query()],
) -> Response:
    """A country as it stands now."""
    return named_response(request, session, COUNTRIES, filters.COUNTRY, code, query)
