"""Talks rounds over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response

from app.rounds.queries import ROUNDS
from app.rounds.schemas import (
    RoundHistory,
    RoundItem,
    RoundPage,
    RoundQuery,
    RoundRevision,
    TopicRoundQuery,
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
from app.web.reading import Reading, ReadRoute
from app.web.schemas import ROUND_ID, ItemQuery, PartialItem, PartialPage
from app.web.topics import TopicSlug, within_topic

router = APIRouter(tags=["Rounds"], route_class=ReadRoute)

RoundId = Annotated[str, Path(title="Round", description="Id of a round.", examples=[ROUND_ID])]


@router.get(
    "/rounds",
    operation_id="list_rounds",
    summary="List rounds",
    response_model=RoundPage | PartialPage,
    responses=documented.FACTS,
)
def list_rounds(
    request: Request, session: Reading, query: Annotated[RoundQuery, Query()]
) -> Response:
    """The meetings of talks, and how they ended."""
    return fact_list_response(request, session, ROUNDS, query)


@router.get(
    "/rounds/{id}",
    operation_id="get_round",
    summary="Get a round",
    response_model=RoundItem | PartialItem,
    responses=documented.FACT,
)
def get_round(
    request: Request, session: Reading, id: RoundId, query: Annotated[ItemQuery, Query()]
) -> Response:
    """One round as it stands now."""
    return fact_response(request, session, ROUNDS, id, query)


@router.get(
    "/rounds/{id}/evidence",
    operation_id="list_round_evidence",
    summary="List a round's evidence",
    response_model=EvidenceList,
    responses=documented.FACT,
)
def list_round_evidence(
    request: Request, session: Reading, id: RoundId, query: Annotated[EvidenceQuery, Query()]
) -> Response:
    """The words that prove a round, where they stand and their hashes."""
    return evidence_response(request, session, ROUNDS, id, query)


@router.get(
    "/rounds/{id}/history",
    operation_id="list_round_history",
    summary="List a round's versions",
    response_model=RoundHistory | PartialPage,
    responses=documented.FACT_LIST,
)
def list_round_history(
    request: Request, session: Reading, id: RoundId, query: Annotated[HistoryQuery, Query()]
) -> Response:
    """Every version of a round, with the change that wrote it and why."""
    return history_response(request, session, ROUNDS, RoundRevision, id, query)


@router.get(
    "/topics/{slug}/rounds",
    operation_id="list_topic_rounds",
    summary="List a topic's rounds",
    tags=["Topics"],
    response_model=RoundPage | PartialPage,
    responses=documented.TOPIC_FACTS,
)
def list_topic_rounds(
    request: Request,
    session: Reading,
    slug: TopicSlug,
    query: Annotated[TopicRoundQuery, Query()],
) -> Response:
    """The rounds on a topic and its narrower topics."""
    return fact_list_response(request, session, ROUNDS, query, within_topic(ROUNDS, slug))
