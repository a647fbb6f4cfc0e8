"""Groups over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response

from app.groups.queries import GROUPS
from app.groups.schemas import GroupItem, GroupPage, GroupQuery
from app.web import documented, filters
from app.web.listing import list_response
from app.web.named import named_response
from app.web.reading import Reading, ReadRoute
from app.web.schemas import ItemQuery, PartialItem, PartialPage

router = APIRouter(tags=["Groups"], route_class=ReadRoute)


@router.get(
    "/groups",
    operation_id="list_groups",
    summary="List groups",
    response_model=GroupPage | PartialPage,
    responses=documented.LIST,
)
def list_groups(
    request: Request, session: Reading, query: Annotated[GroupQuery, Query()]
) -> Response:
    """Ministries, legislatures, intergovernmental bodies, armed groups, agencies and so on."""
    return list_response(request, session, GROUPS, query)


@router.get(
    "/groups/{slug}",
    operation_id="get_group",
    summary="Get a group",
    response_model=GroupItem | PartialItem,
    responses=documented.ITEM,
)
def get_group(
    request: Request,
    session: Reading,
    slug: Annotated[
        str,
        Path(
            title="Group",
            description="Slug or any known name.",
            examples=["pakistan-foreign-office"],
        ),
    ],
    query: Annotated[ItemQuery, Query()],
) -> Response:
    """A group as it stands now."""
    return named_response(request, session, GROUPS, filters.GROUP, slug, query)
