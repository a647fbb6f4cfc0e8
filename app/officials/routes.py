"""Officials over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response

from app.officials.queries import OFFICIALS
from app.officials.schemas import OfficialItem, OfficialPage, OfficialQuery
from app.web import documented, filters
from app.web.listing import list_response
from app.web.named import named_response
from app.web.reading import Reading, ReadRoute
from app.web.schemas import ItemQuery, PartialItem, PartialPage

router = APIRouter(tags=["Officials"], route_class=ReadRoute)


@router.get(
    "/officials",
    operation_id="list_officials",
    summary="List officials",
    response_model=OfficialPage | PartialPage,
    responses=documented.LIST,
)
def list_officials(
    request: Request, session: Reading, query: Annotated[OfficialQuery, Query()]
) -> Response:
    """Persons who hold or held a post, each post with the words that show it."""
    return list_response(request, session, OFFICIALS, query)


@router.get(
    "/officials/{slug}",
    operation_id="get_official",
    summary="Get an official",
    response_model=OfficialItem | PartialItem,
    responses=documented.ITEM,
)
def get_official(
    request: Request,
    session: Reading,
    slug: Annotated[
        str,
        Path(title="Official", description="Slug or any known name.", examples=["tahir-andrabi"]),
    ],
    query: Annotated[ItemQuery, Query()],
) -> Response:
    """An official as it stands now."""
    return named_response(request, session, OFFICIALS, filters.OFFICIAL, slug, query)
