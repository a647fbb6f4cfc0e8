"""Analysis over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from app.analysis.queries import compare, shifts, still_open
from app.analysis.schemas import (
    CompareQuery,
    Comparison,
    OpenDecisionQuery,
    ShiftQuery,
    Shifts,
)
from app.positions.queries import POSITIONS
from app.positions.schemas import PositionPage
from app.web import documented
from app.web.listing import address, list_response
from app.web.moments import asked_for
from app.web.reading import Reading, ReadRoute
from app.web.respond import respond
from app.web.schemas import PartialPage

router = APIRouter(tags=["Analysis"], route_class=ReadRoute)


@router.get(
    "/open-decisions",
    operation_id="list_open_decisions",
    summary="List open decisions",
    response_model=PositionPage | PartialPage,
    responses=documented.LIST,
)
def list_open_decisions(
    request: Request, session: Reading, query: Annotated[OpenDecisionQuery, Query()]
) -> Response:
    """What is undecided, what it awaits and who decides, as long as nothing later settles it."""
    return list_response(request, session, POSITIONS, query, still_open)


@router.get(
    "/compare",
    operation_id="compare_countries",
    summary="Compare countries",
    response_model=Comparison,
    responses=documented.COUNTS,
)
def compare_countries(
    request: Request, session: Reading, query: Annotated[CompareQuery, Query()]
) -> Response:
    """Countries side by side on a topic; one that said nothing is there all the same."""
    moment = asked_for(request, session, query.as_of)
    here = address(request.url.path, query.model_dump(exclude_defaults=True))
    data = compare(session, moment.version, query)
    return respond(request, {"data": data, "meta": moment.meta, "links": {"self": here}}, moment)


@router.get(
    "/shifts",
    operation_id="list_shifts",
    summary="List shifts of stance",
    response_model=Shifts,
    responses=documented.COUNTS,
)
def list_shifts(
    request: Request, session: Reading, query: Annotated[ShiftQuery, Query()]
) -> Response:
    """Consecutive statements of a country on a topic that differ in stance or conditions."""
    moment = asked_for(request, session, query.as_of)
    here = address(request.url.path, query.model_dump(exclude_defaults=True))
    data = shifts(session, moment.version, query)
    return respond(request, {"data": data, "meta": moment.meta, "links": {"self": here}}, moment)
