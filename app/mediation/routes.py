"""Mediation offers over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response

from app.mediation.queries import MEDIATION_OFFERS
from app.mediation.schemas import (
    MediationOfferHistory,
    MediationOfferItem,
    MediationOfferPage,
    MediationOfferQuery,
    MediationOfferRevision,
    TopicMediationOfferQuery,
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
from app.web.schemas import OFFER_ID, ItemQuery, PartialItem, PartialPage
from app.web.topics import TopicSlug, within_topic

router = APIRouter(tags=["Mediation offers"], route_class=ReadRoute)

MediationOfferId = Annotated[
    str, Path(title="Mediation offer", description="Id of a mediation offer.", examples=[OFFER_ID])
]


@router.get(
    "/mediation-offers",
    operation_id="list_mediation_offers",
    summary="List mediation offers",
    response_model=MediationOfferPage | PartialPage,
    responses=documented.FACTS,
)
def list_mediation_offers(
    request: Request, session: Reading, query: Annotated[MediationOfferQuery, Query()]
) -> Response:
    """Offers to mediate and openings for one, with each party's answer."""
    return fact_list_response(request, session, MEDIATION_OFFERS, query)


@router.get(
    "/mediation-offers/{id}",
    operation_id="get_mediation_offer",
    summary="Get a mediation offer",
    response_model=MediationOfferItem | PartialItem,
    responses=documented.FACT,
)
def get_mediation_offer(
    request: Request, session: Reading, id: MediationOfferId, query: Annotated[ItemQuery, Query()]
) -> Response:
    """One mediation offer as it stands now."""
    return fact_response(request, session, MEDIATION_OFFERS, id, query)


@router.get(
    "/mediation-offers/{id}/evidence",
    operation_id="list_mediation_offer_evidence",
    summary="List a mediation offer's evidence",
    response_model=EvidenceList,
    responses=documented.FACT,
)
def list_mediation_offer_evidence(
    request: Request,
    session: Reading,
    id: MediationOfferId,
    query: Annotated[EvidenceQuery, Query()],
) -> Response:
    """The words that prove a mediation offer, where they stand and their hashes."""
    return evidence_response(request, session, MEDIATION_OFFERS, id, query)


@router.get(
    "/mediation-offers/{id}/history",
    operation_id="list_mediation_offer_history",
    summary="List a mediation offer's versions",
    response_model=MediationOfferHistory | PartialPage,
    responses=documented.FACT_LIST,
)
def list_mediation_offer_history(
    request: Request,
    session: Reading,
    id: MediationOfferId,
    query: Annotated[HistoryQuery, Query()],
) -> Response:
    """Every version of a mediation offer, with the change that wrote it and why."""
    return history_response(request, session, MEDIATION_OFFERS, MediationOfferRevision, id, query)


@router.get(
    "/topics/{slug}/mediation-offers",
    operation_id="list_topic_mediation_offers",
    summary="List a topic's mediation offers",
    tags=["Topics"],
    response_model=MediationOfferPage | PartialPage,
    responses=documented.TOPIC_FACTS,
)
def list_topic_mediation_offers(
    request: Request,
    session: Reading,
    slug: TopicSlug,
    query: Annotated[TopicMediationOfferQuery, Query()],
) -> Response:
    """The mediation offers on a topic and its narrower topics."""
    return fact_list_response(
        request, session, MEDIATION_OFFERS, query, within_topic(MEDIATION_OFFERS, slug)
    )
