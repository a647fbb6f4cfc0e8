"""Curation over HTTP: the same operations on positions, mediation offers and rounds."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, Path, Request, Response

from app.codelists import ChangeType, Curation, Scope
from app.curation import schemas
from app.curation.queries import OFFER, POSITION, ROUND, Resource, written
from app.curation.schemas import Body, Merger, Reasoned, Revised, given
from app.ingest.curate import Curator
from app.ingest.store import Outcome
from app.keys import Holder
from app.sessions import WriteSession
from app.web import documented
from app.web.auth import expected, require
from app.web.described import Described
from app.web.reading import Reading
from app.web.schemas import OFFER_ID, POSITION_ID, ROUND_ID, Item
from app.web.writing import Answer, AskedOnce, Once, answer, write, write_once

router = APIRouter(tags=["Curation"], route_class=Described)


def _curator(request: Request, session: Reading) -> Holder:
    return require(request, session, Scope.CURATE)


By = Annotated[Holder, Depends(_curator)]


def _seen(
    if_match: Annotated[
        str | None,
        Header(
            title="If-Match",
            description='The ETag of the fact as you read it, or its version alone (`"r1"`). '
            "Without it the answer is 428, with one that is stale 412.",
            examples=['"r1"'],
        ),
    ] = None,
) -> Callable[[int], None]:
    return expected(if_match)


SECURED: dict[str, Any] = {"security": [{"ApiKey": []}]}


# What all operations are made of


def _create(request: Request, once: Once, by: Holder, resource: Resource, body: Body) -> Response:
    def work(session: WriteSession) -> Answer:
        curator = Curator(session, resource.kind, by.name, body.reason)
        outcome = curator.create(body.fact, Curation(body.curation))
        id_, content = written(session, resource, outcome)
        return answer(content, 201, resource.address(id_))

    return write_once(request, once, by, work)


@dataclass(frozen=True)
class _Errand:
    """Something to be done to a fact, if it is at the version that the request names."""

    request: Request
    by: By
    seen: Annotated[Callable[[int], None], Depends(_seen)]

    def run(
        self, resource: Resource, reason: str, change: Callable[[Curator], Outcome]
    ) -> Response:
        """Do it, and answer with the version that was written."""

        def work(session: WriteSession) -> Answer:
            curator = Curator(session, resource.kind, self.by.name, reason, self.seen)
            return answer(written(session, resource, change(curator))[1])

        return write(self.request, work)


Errand = Annotated[_Errand, Depends()]


# The same for each kind of fact


@dataclass(frozen=True)
class _Offered:
    """A kind of fact as its operations name it and take it."""

    resource: Resource
    noun: str
    example: str
    new: type[Body]
    revised: type[Revised]
    written: type[Item[Any]]

    @property
    def name(self) -> str:
        """What its operation ids end with."""
        return self.noun.replace(" ", "_")


OFFERED = (
    _Offered(
        POSITION,
        "position",
        POSITION_ID,
        schemas.NewPosition,
        schemas.RevisedPosition,
        schemas.WrittenPosition,
    ),
    _Offered(
        OFFER,
        "mediation offer",
        OFFER_ID,
        schemas.NewMediationOffer,
        schemas.RevisedMediationOffer,
        schemas.WrittenMediationOffer,
    ),
    _Offered(
        ROUND,
        "round",
        ROUND_ID,
        schemas.NewRound,
        schemas.RevisedRound,
        schemas.WrittenRound,
    ),
)


@dataclass(frozen=True)
class _Told:
    """How an operation is asked for, and what it is told to be."""

    method: str
    suffix: str
    summary: str
    description: str


TOLD = {
    "create": _Told(
        "POST",
        "",
        "Create a {noun}",
        "Put a {noun} on record, with the words that prove it: checked against the text wherever "
        "it is held. The very same fact a second time is a 409.",
    ),
    "revise": _Told(
        "PATCH",
        "/{id}",
        "Revise a {noun}",
        "Write a new version of a {noun}: more is known, it was recorded wrongly, or the world "
        "moved on. The version before stays, and says what it said.",
    ),
    "publish": _Told(
        "POST",
        "/{id}/publish",
        "Publish a draft of a {noun}",
        "Make a {noun} public that was a draft. For the public it is new. A proposal goes into the "
        "{noun} that it would change, and the answer is what that says from then on.",
    ),
    "withdraw": _Told(
        "POST",
        "/{id}/withdraw",
        "Withdraw a {noun}",
        "Take a {noun} back. From then on its address answers 410, with when and why; what it "
        "said can be read as of any change before.",
    ),
    "merge": _Told(
        "POST",
        "/{id}/merge",
        "Merge a {noun} into another",
        "Let a {noun} go on as another one that is the same, which takes over the evidence that "
        "it lacks. From then on its address answers 308.",
    ),
}
"""The operations by the name of their function; `{noun}` is the kind of fact."""


def _operations(offered: _Offered) -> list[Callable[..., Response]]:
    """The operations on one kind of fact, as FastAPI calls them."""
    resource, noun = offered.resource, offered.noun
    path = Path(title=noun.capitalize(), description=f"Id of a {noun}.", examples=[offered.example])
    FactId = Annotated[str, path]  # noqa: N806 - a type

    def create(request: Request, by: By, once: AskedOnce, body: Any) -> Response:
        return _create(request, once, by, resource, body)

    def revise(errand: Errand, id: FactId, body: Any) -> Response:
        fields, type_ = given(body), ChangeType(body.change_type)

        def work(curator: Curator) -> Outcome:
            return curator.revise(id, fields, type_, publish=body.publish)

        return errand.run(resource, body.reason, work)

    def publish(errand: Errand, id: FactId, body: Reasoned) -> Response:
        return errand.run(resource, body.reason, lambda c: c.publish(id))

    def withdraw(errand: Errand, id: FactId, body: Reasoned) -> Response:
        return errand.run(resource, body.reason, lambda c: c.withdraw(id))

    def merge(errand: Errand, id: FactId, body: Merger) -> Response:
        return errand.run(resource, body.reason, lambda c: c.merge(id, body.into))

    # FastAPI reads the annotation of a body when a route is added.
    create.__annotations__["body"] = offered.new
    revise.__annotations__["body"] = offered.revised
    return [create, revise, publish, withdraw, merge]


def _install(offered: _Offered) -> None:
    """Add the operations on one kind of fact to the routes."""
    for call in _operations(offered):
        operation = call.__name__
        told, created = TOLD[operation], operation == "create"
        summary, description = (
            text.format(noun=offered.noun) for text in (told.summary, told.description)
        )
        router.add_api_route(
            f"/{offered.resource.path}{told.suffix}",
            call,
            methods=[told.method],
            operation_id=f"{operation}_{offered.name}",
            summary=summary,
            description=f"{description} It takes a key with the scope `{Scope.CURATE.value}`.",
            status_code=201 if created else 200,
            response_model=offered.written,
            responses=documented.CREATION if created else documented.REVISION,
            openapi_extra=SECURED,
        )


for _each in OFFERED:
    _install(_each)
