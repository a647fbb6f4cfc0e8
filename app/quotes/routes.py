"""Quotations over HTTP."""

from fastapi import APIRouter, Request, Response

from app.quotes.queries import verify
from app.quotes.schemas import QuoteAnswerItem, QuoteQuestion
from app.web import documented
from app.web.described import Described
from app.web.moments import asked_for
from app.web.reading import Reading
from app.web.respond import respond_once

router = APIRouter(tags=["Quotations"], route_class=Described)


@router.post(
    "/verify-quote",
    operation_id="verify_quote",
    summary="Verify a quotation",
    response_model=QuoteAnswerItem,
    responses=documented.QUESTION,
)
def verify_quote(request: Request, session: Reading, question: QuoteQuestion) -> Response:
    """Whether somebody's words are on record to the letter, or which of them differ.

    Only positions are looked through, and only direct speech. Nothing is stored.
    """
    moment = asked_for(request, session, None)
    data = verify(session, moment.version, question)
    return respond_once({"data": data, "meta": moment.meta})
