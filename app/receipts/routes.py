"""Receipts over HTTP."""

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request, Response

from app.ingest import shapes
from app.ingest.shapes import Kind
from app.mediation.queries import MEDIATION_OFFERS
from app.positions.queries import POSITIONS
from app.receipts.queries import answer_receipt, receipt, record_digest
from app.receipts.schemas import (
    AnswerQuery,
    AnswerReceipt,
    MediationOfferAnswerQuery,
    PositionAnswerQuery,
    Receipt,
    ReceiptQuery,
    RecordDigestItem,
    RoundAnswerQuery,
)
from app.rounds.queries import ROUNDS
from app.web import documented
from app.web.entities import Entity
from app.web.facts import shown_fact
from app.web.moments import asked_for
from app.web.reading import Reading, ReadRoute
from app.web.respond import respond, respond_canonical
from app.web.schemas import OFFER_ID, POSITION_ID, ROUND_ID

router = APIRouter(tags=["Receipts"], route_class=ReadRoute)


def _id(title: str, example: str) -> Any:
    return Path(title=title, description=f"Id of a {title.lower()}.", examples=[example])


@router.get(
    "/positions/receipt",
    operation_id="get_positions_answer_receipt",
    summary="Get the receipt of an answer about positions",
    response_model=AnswerReceipt,
    responses=documented.COUNTS,
)
def get_positions_answer_receipt(
    request: Request, session: Reading, query: Annotated[PositionAnswerQuery, Query()]
) -> Response:
    """Which positions match, or that none does: as `/v1/positions` answers these filters."""
    return _answer_receipt(request, session, POSITIONS, query)


@router.get(
    "/mediation-offers/receipt",
    operation_id="get_mediation_offers_answer_receipt",
    summary="Get the receipt of an answer about mediation offers",
    response_model=AnswerReceipt,
    responses=documented.COUNTS,
)
def get_mediation_offers_answer_receipt(
    request: Request, session: Reading, query: Annotated[MediationOfferAnswerQuery, Query()]
) -> Response:
    """Which mediation offers match, or that none does: as `/v1/mediation-offers` has it."""
    return _answer_receipt(request, session, MEDIATION_OFFERS, query)


@router.get(
    "/rounds/receipt",
    operation_id="get_rounds_answer_receipt",
    summary="Get the receipt of an answer about rounds",
    response_model=AnswerReceipt,
    responses=documented.COUNTS,
)
def get_rounds_answer_receipt(
    request: Request, session: Reading, query: Annotated[RoundAnswerQuery, Query()]
) -> Response:
    """Which rounds match, or that none does: as `/v1/rounds` answers these filters."""
    return _answer_receipt(request, session, ROUNDS, query)


@router.get(
    "/positions/{id}/receipt",
    operation_id="get_position_receipt",
    summary="Get a position's receipt",
    response_model=Receipt,
    responses=documented.FACT,
)
def get_position_receipt(
    request: Request,
    session: Reading,
    id: Annotated[str, _id("Position", POSITION_ID)],
    query: Annotated[ReceiptQuery, Query()],
) -> Response:
    """What the record says of a position, in a form that can be checked without the service."""
    return _receipt(request, session, (POSITIONS, shapes.POSITION), id, query)


@router.get(
    "/mediation-offers/{id}/receipt",
    operation_id="get_mediation_offer_receipt",
    summary="Get a mediation offer's receipt",
    response_model=Receipt,
    responses=documented.FACT,
)
def get_mediation_offer_receipt(
    request: Request,
    session: Reading,
    id: Annotated[str, _id("Mediation offer", OFFER_ID)],
    query: Annotated[ReceiptQuery, Query()],
) -> Response:
    """What the record says of an offer, in a form that can be checked without the service."""
    return _receipt(request, session, (MEDIATION_OFFERS, shapes.OFFER), id, query)


@router.get(
    "/rounds/{id}/receipt",
    operation_id="get_round_receipt",
    summary="Get a round's receipt",
    response_model=Receipt,
    responses=documented.FACT,
)
def get_round_receipt(
    request: Request,
    session: Reading,
    id: Annotated[str, _id("Round", ROUND_ID)],
    query: Annotated[ReceiptQuery, Query()],
) -> Response:
    """What the record says of a round, in a form that can be checked without the service."""
    return _receipt(request, session, (ROUNDS, shapes.ROUND), id, query)


@router.get(
    "/record/{version}",
    operation_id="get_record_digest",
    summary="Get the record's digest at a change",
    response_model=RecordDigestItem,
    responses=documented.ITEM,
)
def get_record_digest(
    request: Request,
    session: Reading,
    version: Annotated[
        int,
        Path(title="Change", description="Number of a change.", ge=0, lt=2**63, examples=[1]),
    ],
) -> Response:
    """The digest of the record after a change, chained to the one before, and what it is of."""
    data = record_digest(session, version)
    meta = {"record_version": version, "as_of": None}
    return respond(request, {"data": data, "meta": meta, "links": {"self": request.url.path}})


def _receipt(
    request: Request,
    session: Reading,
    of: tuple[Entity[Any], Kind],
    id_: str,
    query: ReceiptQuery,
) -> Response:
    entity, kind = of
    moment, _ = shown_fact(request, session, entity, id_, query.as_of)
    content = receipt(session, moment.version, kind, id_, request.app.state.signer)
    return respond_canonical(request, content, moment)


def _answer_receipt(
    request: Request, session: Reading, entity: Entity[Any], query: AnswerQuery
) -> Response:
    moment = asked_for(request, session, query.as_of)
    path = request.url.path.removesuffix("/receipt")
    signer = request.app.state.signer
    content = answer_receipt(session, moment.version, entity, query, path, signer)
    return respond_canonical(request, content, moment)
