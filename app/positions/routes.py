"""Positions over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response

from app.positions.queries import POSITIONS, counts
from app.positions.schemas import (
    CountQuery,
    Counts,
    PositionHistory,
    PositionItem,
    PositionPage,
    PositionQuery,
    PositionRevision,
    TopicPositionQuery,
)
from app.web import documented
from app.web.facts import (
    EvidenceList,
    EvidenceQuery,
    HistoryQuery,
    evidence_response,
    fact_list_response,
    fact_response,
    history_response,
)
from app.web.listing import address
from app.web.moments import asked_for
from app.web.reading import Reading, ReadRoute
from app.web.respond import respond
from app.web.schemas import POSITION_ID, ItemQuery, PartialItem, PartialPage
from app.web.topics import TopicSlug, within_topic

router = APIRouter(tags=["Positions"], route_class=ReadRoute)

PositionId = Annotated[
    str, Path(title="Position", description="Id of a position.", examples=[POSITION_ID])
]


@router.get(
    "/positions",
    operation_id="list_positions",
    summary="List positions",
    response_model=PositionPage | PartialPage,
    responses=documented.FACTS,
)
def list_positions(
    request: Request, session: Reading, query: Annotated[PositionQuery, Query()]
) -> Response:
    """Who said what, latest first, each with the words that prove it.

    `country=PAK&topic=ceasefire` gives what Pakistan said on the ceasefire; `target=AFG` gives what
    was said to or about Afghanistan, whoever said it.
    """
    return fact_list_response(request, session, POSITIONS, query)


@router.get(
    "/positions/counts",
    operation_id="count_positions",
    summary="Count positions",
    response_model=Counts,
    response_model_exclude_unset=True,
    responses=documented.COUNTS,
)
def count_positions(
    request: Request, session: Reading, query: Annotated[CountQuery, Query()]
) -> Response:
    """How many positions there are by country, topic, stance, month and so on, in one call."""
    moment = asked_for(request, session, query.as_of)
    cells, conditions = counts(session, moment.version, query)
    meta = moment.meta | {
        "total": sum(cell["count"] for cell in cells),
        "cells": len(cells),
        "filters": conditions.read_as,
    }
    here = address(request.url.path, query.model_dump(exclude_defaults=True))
    return respond(request, {"data": cells, "meta": meta, "links": {"self": here}}, moment)


@router.get(
    "/positions/{id}",
    operation_id="get_position",
    summary="Get a position",
    response_model=PositionItem | PartialItem,
    responses=documented.FACT,
)
def get_position(
    request: Request, session: Reading, id: PositionId, query: Annotated[ItemQuery, Query()]
) -> Response:
    """One position as it stands now."""
    return fact_response(request, session, POSITIONS, id, query)


@router.get(
    "/positions/{id}/evidence",
    operation_id="list_position_evidence",
    summary="List a position's evidence",
    response_model=EvidenceList,
    responses=documented.FACT,
)
def list_position_evidence(
    request: Request, session: Reading, id: PositionId, query: Annotated[EvidenceQuery, Query()]
) -> Response:
    """The words that prove a position, where they stand and their hashes."""
    return evidence_response(request, session, POSITIONS, id, query)


@router.get(
    "/positions/{id}/history",
    operation_id="list_position_history",
    summary="List a position's versions",
    response_model=PositionHistory | PartialPage,
    responses=documented.FACT_LIST,
)
def list_position_history(
    request: Request, session: Reading, id: PositionId, query: Annotated[HistoryQuery, Query()]
) -> Response:
    """Every version of a position, with the change that wrote it and why."""
    return history_response(request, session, POSITIONS, PositionRevision, id, query)


@router.get(
    "/topics/{slug}/positions",
    operation_id="list_topic_positions",
    summary="List a topic's positions",
    tags=["Topics"],
    response_model=PositionPage | PartialPage,
    responses=documented.TOPIC_FACTS,
)
def list_topic_positions(
    request: Request,
    session: Reading,
    slug: TopicSlug,
    query: Annotated[TopicPositionQuery, Query()],
) -> Response:
    """The positions on a topic and its narrower topics."""
    return fact_list_response(request, session, POSITIONS, query, within_topic(POSITIONS, slug))
