"""Review over HTTP: what waits, and decisions on several at once.

One fact is published, revised or withdrawn at its own address.
"""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request, Response

from app.codelists import Scope
from app.ingest import decide
from app.ingest.decide import Choice
from app.ingest.store import Outcome
from app.keys import Holder
from app.review.queries import WAITING
from app.review.schemas import DecidedItem, Decisions, ReviewQuery, WaitingPage
from app.sessions import WriteSession
from app.web import documented
from app.web.auth import require
from app.web.listing import API, list_response
from app.web.reading import Reading, ReadRoute
from app.web.schemas import PartialPage
from app.web.writing import Answer, answer, write

router = APIRouter(tags=["Curation"], route_class=ReadRoute)

_SECURED: dict[str, Any] = {"security": [{"ApiKey": []}]}


@router.get(
    "/review",
    operation_id="list_review",
    summary="List what waits for review",
    response_model=WaitingPage | PartialPage,
    responses=documented.FACTS,
    openapi_extra=_SECURED,
)
def list_review(
    request: Request, session: Reading, query: Annotated[ReviewQuery, Query()]
) -> Response:
    """Drafts and proposals of all kinds of facts, the least certain first.

    Each comes with what it says, the words that prove it, and the rule and confidence of the
    extractor that found it. A proposal is what an extractor would say otherwise of a fact that
    only people change. It takes a key with the scope `read` or `curate`.
    """
    require(request, session, Scope.READ)
    return list_response(request, session, WAITING, query)


def _reviewer(request: Request, session: Reading) -> Holder:
    return require(request, session, Scope.CURATE)


@router.post(
    "/review",
    operation_id="decide_review",
    summary="Accept or reject drafts",
    response_model=DecidedItem,
    responses=documented.DECISION,
    openapi_extra=_SECURED,
)
def decide_review(
    request: Request, by: Annotated[Holder, Depends(_reviewer)], body: Decisions
) -> Response:
    """Publish or withdraw several drafts in one change, or none of them.

    Each is named with the version that was read, so that nobody decides on what somebody else has
    changed meanwhile. An offer may be accepted together with the positions that it rests on. A
    proposal that is accepted goes into its fact. It takes a key with the scope `curate`.
    """

    def work(session: WriteSession) -> Answer:
        choices = [Choice(each.id, each.rev, each.onto) for each in body.facts]
        do = decide.accept if body.decision == "accept" else decide.reject
        return answer(_decided(do(session, by.name, body.reason, choices)))

    return write(request, work)


def _decided(outcome: Outcome) -> dict[str, Any]:
    versions = [
        {
            "kind": step.kind.name,
            "id": step.key,
            "rev": step.before.rev + 1 if step.before else 1,
            "change_type": step.change_type.value,
            "curation": step.snapshot.values["curation"],
        }
        for step in outcome.steps
    ]
    data = {"change": outcome.seq, "versions": versions}
    meta = {"record_version": outcome.seq, "as_of": None}
    return {"data": data, "meta": meta, "links": {"self": f"{API}/review"}}
