"""Decisions: drafts of any kinds accepted or rejected together, in one change or not at all."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from app.codelists import ChangeKind, Curation
from app.errors import Conflict, InvalidRequest, PreconditionFailed, brief
from app.ingest import shapes
from app.ingest.changes import Origin
from app.ingest.curate import NOUNS, Curator, kind_of, method_of
from app.ingest.proposals import targets
from app.ingest.shapes import Step
from app.ingest.store import Outcome, store
from app.sessions import WriteSession


@dataclass(frozen=True)
class Choice:
    """A draft that is decided on, at the version that was read."""

    id: str
    rev: int
    onto: int | None = None
    """For a proposal: the version of its fact that was read."""

    def expected(self, rev: int) -> None:
        """Raises PreconditionFailed if the draft has another version by now."""
        if rev != self.rev:
            raise PreconditionFailed(
                f"{self.id} is at version {rev} now, not {self.rev}: somebody decided on it or "
                "changed it. Read it again, then decide."
            )


def accept(session: WriteSession, by: str, reason: str, choices: Sequence[Choice]) -> Outcome:
    """Publish these drafts. An offer may rest on a position that is published with it."""
    together = {each.id for each in choices}
    for kind in shapes.FACTS:
        ids = [each.id for each in choices if kind_of(each.id) is kind]
        together |= set(targets(session, kind, ids).values())

    def steps(curator: Curator, id_: str) -> Iterable[Step]:
        return curator.publishing(id_, together)

    return _decide(session, by, reason, choices, steps)


def reject(session: WriteSession, by: str, reason: str, choices: Sequence[Choice]) -> Outcome:
    """Withdraw these drafts. Raises Conflict for what is public."""

    def steps(curator: Curator, id_: str) -> Iterable[Step]:
        step = curator.withdrawing(id_)
        if step.before and step.before.snapshot.values["curation"] != Curation.DRAFT:
            raise Conflict(f"The {NOUNS[curator.kind]} {id_} is published; it can be withdrawn.")
        yield step

    return _decide(session, by, reason, choices, steps)


def _decide(
    session: WriteSession,
    by: str,
    reason: str,
    choices: Sequence[Choice],
    steps: Callable[[Curator, str], Iterable[Step]],
) -> Outcome:
    found: list[Step] = []
    for choice in sorted(choices, key=lambda each: shapes.FACTS.index(kind_of(each.id))):
        kind = kind_of(choice.id)
        found += steps(Curator(session, kind, by, reason, choice.expected, choice.onto), choice.id)
    twice = [key for key, times in Counter(step.key for step in found).items() if times > 1]
    if twice:
        raise InvalidRequest(f"Two of these are decisions on {brief(twice[0])}; take one of them.")
    return store(session, found, Origin(ChangeKind.CURATION, by, method_of(found), reason))
