"""Changes over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response

from app.changes.queries import CHANGE_DETAIL, CHANGES
from app.changes.schemas import ChangeItem, ChangePage, ChangeQuery
from app.web import documented
from app.web.listing import list_response
from app.web.named import entry_response
from app.web.schemas import ItemQuery, PartialItem, PartialPage
from app.web.sessions import Reading

router = APIRouter(tags=["Changes"])


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
    seq: Annotated[
        int,
        Path(title="Change", description="Number of a change.", ge=0, lt=2**63, examples=[1]),
    ],
    query: Annotated[ItemQuery, Query()],
) -> Response:
    """One change, with every version that it wrote."""
    return entry_response(request, session, CHANGE_DETAIL, seq, query)
