"""Changes over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response

from app.changes.queries import CHANGE_DETAIL, CHANGES, known_change, written_in
from app.changes.schemas import ChangeItem, ChangePage, ChangeQuery, VersionPage, VersionQuery
from app.web import documented
from app.web.listing import list_response
from app.web.named import entry_response
from app.web.reading import Reading, ReadRoute
from app.web.schemas import ItemQuery, PartialItem, PartialPage

router = APIRouter(tags=["Changes"], route_class=ReadRoute)

ChangeSeq = Annotated[
    int, Path(title="Change", description="Number of a change.", ge=0, lt=2**63, examples=[1])
]


@router.get(
    "/changes",
    operation_id="list_changes",
    summary="List changes",
    response_model=ChangePage | PartialPage,
    responses=documented.LIST,
)
def list_changes(
    request: Request, session: Reading, query: Annotated[ChangeQuery, Query()]
) -> Response:
    """What happened to the record, latest first."""
    return list_response(request, session, CHANGES, query)


@router.get(
    "/changes/{seq}",
    operation_id="get_change",
    summary="Get a change",
    response_model=ChangeItem | PartialItem,
    responses=documented.ITEM,
)
def get_change(
    request: Request,
    session: Reading,
    seq: ChangeSeq,
    query: Annotated[ItemQuery, Query()],
) -> Response:
    """One change, with what it did to each entity.

    Who follows `/v1/changes?since=` and applies this to a copy holds the record.
    """
    return entry_response(request, session, CHANGE_DETAIL, seq, query)


@router.get(
    "/changes/{seq}/versions",
    operation_id="list_change_versions",
    summary="List a change's versions",
    response_model=VersionPage | PartialPage,
    responses=documented.ITEM_LIST,
)
def list_change_versions(
    request: Request,
    session: Reading,
    seq: ChangeSeq,
    query: Annotated[VersionQuery, Query()],
) -> Response:
    """Every version that a change wrote, each with what it says."""
    return list_response(request, session, written_in(seq), query, known_change(seq))
