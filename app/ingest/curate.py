"""Curation: single facts created, revised, published, withdrawn and merged, each with its evidence.

The second way to the store beside records. What a curator writes is verified and resolved as a
record's entries are. All of it runs in the caller's transaction.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from itertools import count
from typing import Any

from pydantic import ValidationError
from sqlalchemy import select

from app.canonical import digest
from app.codelists import ChangeKind, ChangeType, Curation
from app.errors import (
    Conflict,
    InvalidRequest,
    NotFound,
    PreconditionFailed,
    Withdrawn,
    brief,
)
from app.faults import schema_fault
from app.ingest import shapes
from app.ingest.changes import BY_HAND, BY_WORDS, Origin
from app.ingest.curated import SCHEMAS, Curated, CuratedOffer
from app.ingest.draft import Draft, Path_
from app.ingest.facts import FactAssembler, entry_of, evidence
from app.ingest.joined import article_of
from app.ingest.proposals import target
from app.ingest.resolve import Directories, Resolver
from app.ingest.settle import settled
from app.ingest.shapes import Kind, Snapshot, Step, Stored
from app.ingest.store import Outcome, curated_id, prefix, store
from app.ingest.verify import check_alone, check_offer, check_selector, check_written_date
from app.models import ArticleText
from app.sessions import ReadSession, WriteSession
from app.sql import table

NOUNS = {shapes.POSITION: "position", shapes.OFFER: "mediation offer", shapes.ROUND: "round"}


@dataclass(frozen=True)
class Curator:
    """Somebody at work on one kind of facts. Each method writes one change, or raises."""

    session: WriteSession
    kind: Kind
    by: str
    reason: str | None = None
    expected: Callable[[int], None] = lambda _rev: None
    """Raises if the version on record is not the one that the curator has seen."""
    onto: int | None = None
    """The version of the fact that a proposal would change, as the curator has seen it."""

    def create(self, entry: Curated, curation: Curation = Curation.PUBLISHED) -> Outcome:
        """Put a new fact on record. Raises Conflict if the very same is on record already."""
        snapshot = _verified(self.session, self.kind, entry, curation)
        id_ = self._free_id(digest(shapes.content(self.kind, snapshot)))
        own = {"id": id_, "curation": curation.value, **dict.fromkeys(self.kind.untold)}
        snapshot.values |= own
        return self._store(Step(self.kind, id_, snapshot, None, ChangeType.NEW))

    def revise(
        self,
        id_: str,
        fields: Mapping[str, Any],
        change_type: ChangeType,
        *,
        publish: bool = False,
    ) -> Outcome:
        """Write what is known better now: the fields given are replaced, the others stay.

        Raises InvalidRequest if what results is no fact, is not proved, or says nothing new. With
        `publish` what results is published, as by that method.
        """
        before = self._seen(id_)
        said = entry_of(self.kind, before.snapshot) | dict(fields)
        known = SCHEMAS[self.kind].model_fields
        empty = {name for name, value in said.items() if value is None and name in known}
        entry = parsed(self.kind, {name: v for name, v in said.items() if name not in empty})
        snapshot = _verified(self.session, self.kind, entry, _curation(before))
        kept = ("id", "curation", *self.kind.untold)
        snapshot.values |= {name: before.snapshot.values[name] for name in kept}
        if snapshot == before.snapshot:
            raise InvalidRequest(
                f"The {NOUNS[self.kind]} {id_} says all this already; nothing would change."
            )
        if publish:
            return self._publish(self._public(id_, replace(before, snapshot=snapshot), before))
        return self._store(Step(self.kind, id_, snapshot, before, change_type))

    def publish(self, id_: str) -> Outcome:
        """Make a draft public; for the public it is new. Raises Conflict if it is public.

        What a record brought and is on record in the same words is merged: a source of that. A
        proposal goes into the fact that it would change, unless that is gone.
        """
        return self._publish(self.publishing(id_))

    def publishing(self, id_: str, together: Collection[str] = ()) -> list[Step]:
        """The versions that publishing a draft writes, that of the public fact first.

        `together` are the drafts that are published in the same change.
        """
        before = self._seen(id_)
        return self._public(id_, before, before, together)

    def withdrawing(self, id_: str) -> Step:
        """The version that withdrawing a fact writes."""
        gone = Curation.WITHDRAWN.value
        return self._turned(id_, self._seen(id_), ChangeType.WITHDRAWN, curation=gone)

    def withdraw(self, id_: str) -> Outcome:
        """Take a fact back: a tombstone stands in its place, what it said stays in the past."""
        return self._store(self.withdrawing(id_))

    def merge(self, id_: str, into: str) -> Outcome:
        """Let a fact go on as another that is the same, which takes over evidence it lacks."""
        before = self._seen(id_)
        survivor = self._survivor(id_, into)
        if _curation(survivor) == Curation.DRAFT:
            raise _at("into", f"{into} is a draft; publish it first.")
        gone = {"curation": Curation.WITHDRAWN.value, "merged_into": into}
        steps = [self._turned(id_, before, ChangeType.MERGED, **gone)]
        held = survivor.snapshot.children["evidence"]
        added = [proof for proof in before.snapshot.children["evidence"] if proof not in held]
        if added:
            children = survivor.snapshot.children | {"evidence": held + added}
            grown = replace(survivor.snapshot, children=children)
            steps.append(Step(self.kind, into, grown, survivor, ChangeType.UPDATED))
        return self._store(*steps)

    def _seen(self, id_: str) -> Stored:
        """The version to work on, which is the one that the curator has seen."""
        before = current(self.session, self.kind, id_)
        self.expected(before.rev)
        return before

    def _public(
        self, id_: str, now: Stored, before: Stored, together: Collection[str] = ()
    ) -> list[Step]:
        """The steps that publish a draft as it is `now`, where `before` is on record."""
        if _curation(before) != Curation.DRAFT:
            raise Conflict(f"The {NOUNS[self.kind]} {id_} is published already.")
        answers = now.snapshot.children.get("responses", [])
        stated = {each.values["position_id"] for each in answers} - {None} - set(together)
        if hidden := _drafts(self.session, stated):
            raise Conflict(f"The {NOUNS[self.kind]} {id_} rests on the draft {min(hidden)}.")
        into = target(self.session, self.kind, id_)
        if into is not None:
            return self._accepted(id_, now, before, *into)
        step = self._turned(id_, now, ChangeType.NEW, curation=Curation.PUBLISHED.value)
        return self._joined(replace(step, before=before))

    def _accepted(
        self, id_: str, now: Stored, before: Stored, into: str, fact: Stored
    ) -> list[Step]:
        """A proposal as the next version of its fact, as which it goes on."""
        self._check_onto(id_, before, into, fact)
        proofs = now.snapshot.children["evidence"]
        cited = {proof.values["article_id"] for proof in proofs}
        held = fact.snapshot.children["evidence"]
        others = [proof for proof in held if proof.values["article_id"] not in cited]
        snapshot = Snapshot(
            now.snapshot.values | {"id": into, "curation": Curation.PUBLISHED.value},
            now.snapshot.children | {"evidence": proofs + others},
        )
        public = _curation(fact) == Curation.PUBLISHED
        change_type = ChangeType.CORRECTED if public else ChangeType.NEW
        # A reading of the same article is no further source: it forgets its entry.
        gone = {
            "curation": Curation.WITHDRAWN.value,
            "merged_into": into,
            "record_digest": None,
        }
        merged = replace(self._turned(id_, now, ChangeType.MERGED, **gone), before=before)
        return [Step(self.kind, into, snapshot, fact, change_type), merged]

    def _check_onto(self, id_: str, before: Stored, into: str, fact: Stored) -> None:
        """Whoever accepts a proposal has seen the fact as it stands. Raises PreconditionFailed."""
        if self.onto == fact.rev:
            return
        versions = self.kind.table
        found = self.session.rows(
            select(versions.c.row_id, versions.c.recorded_in).where(
                versions.c.row_id.in_([before.row_id, fact.row_id])
            )
        )
        recorded = {row.row_id: row.recorded_in for row in found}
        if self.onto is not None or recorded[fact.row_id] > recorded[before.row_id]:
            raise PreconditionFailed(
                f"{into} was changed since {id_} was proposed for it: it is at version {fact.rev} "
                "now. Read it again, then decide."
            )

    def _free_id(self, said: str) -> str:
        """The id for a new fact that says this.

        An id is never used again: once its fact is gone, the same words make another fact.
        """
        for number in count(1):
            id_ = curated_id(self.kind, said, number)
            before = shapes.load(self.session, self.kind, [id_]).get(id_)
            if before is None:
                return id_
            if _curation(before) != Curation.WITHDRAWN:
                noun = NOUNS[self.kind]
                raise Conflict(f"The very same {noun} was put on record already, as {id_}.")
        raise AssertionError  # pragma: no cover - counting does not end

    def _survivor(self, id_: str, into: str) -> Stored:
        """The fact that another goes on as. Raises InvalidRequest for one that cannot be."""
        if into == id_:
            raise _at("into", "is the fact itself.")
        try:
            return current(self.session, self.kind, into)
        except (Conflict, NotFound, Withdrawn) as error:
            raise _at("into", error.detail[:1].lower() + error.detail[1:]) from None

    def _turned(
        self, id_: str, before: Stored, change_type: ChangeType, **values: str | None
    ) -> Step:
        """The step that changes how a fact stands, and nothing of what it says."""
        snapshot = replace(before.snapshot, values=before.snapshot.values | values)
        return Step(self.kind, id_, snapshot, before, change_type)

    def _joined(self, step: Step) -> list[Step]:
        """A draft that is published, or joins the position on record that is the same.

        Only one that a record brought joins; its own version stands first.
        """
        if self.kind is not shapes.POSITION or step.snapshot.values["record_digest"] is None:
            return [step]
        steps = settled(self.session, article_of(self.session, step.key), [step])
        joined = next(each for each in steps if each.key == step.key)
        if joined.change_type != ChangeType.MERGED:
            return [step]
        return [joined, *(each for each in steps if each is not joined)]

    def _publish(self, steps: list[Step]) -> Outcome:
        return self._store(*steps, method=method_of(steps))

    def _store(self, *steps: Step, method: str = BY_HAND) -> Outcome:
        origin = Origin(ChangeKind.CURATION, by=self.by, method=method, reason=self.reason)
        return store(self.session, list(steps), origin)


def method_of(steps: Iterable[Step]) -> str:
    """How versions that publish drafts came about: a draft may have joined by its words."""
    joined = any(
        step.change_type == ChangeType.MERGED and step.snapshot.values["record_digest"]
        for step in steps
    )
    return BY_WORDS if joined else BY_HAND


def parsed(kind: Kind, raw: object) -> Curated:
    """An entry as a file has it. Raises InvalidRequest with every fault."""
    try:
        return SCHEMAS[kind].model_validate(raw)
    except ValidationError as error:
        faults = [schema_fault({**e, "loc": ("fact", *e["loc"])}) for e in error.errors()]
        raise InvalidRequest.of(faults) from None


def kind_of(id_: str) -> Kind:
    """The kind of fact that has this id. Raises InvalidRequest if it is no fact's."""
    for kind in NOUNS:
        if id_.startswith(f"{prefix(kind)}_"):
            return kind
    raise InvalidRequest(f"{brief(id_)} is the id of no fact: they begin with pos_, med_ or rnd_.")


def current(session: ReadSession, kind: Kind, id_: str) -> Stored:
    """The version to be worked on. Raises NotFound, Withdrawn, or Conflict if it was merged."""
    found = shapes.load(session, kind, [id_]).get(id_)
    if found is None:
        raise NotFound(f"There is no {NOUNS[kind]} {id_[:80]!r} on record.")
    if into := found.snapshot.values["merged_into"]:
        # No redirect: a client would follow it, and do to another fact what was meant for this.
        raise Conflict(f"The {NOUNS[kind]} {id_} was merged into {into}, which goes on for it.")
    if found.snapshot.values["curation"] == Curation.WITHDRAWN:
        raise Withdrawn(f"The {NOUNS[kind]} {id_} was withdrawn; ids are never used again.")
    return found


def _curation(stored: Stored) -> Curation:
    return Curation(stored.snapshot.values["curation"])


def _verified(session: ReadSession, kind: Kind, entry: Curated, curation: Curation) -> Snapshot:
    """What the entry says, resolved. Raises InvalidRequest with every fault that it has."""
    draft, path = Draft(None), ("fact",)
    _check_evidence(session, draft, path, entry)
    if isinstance(entry, CuratedOffer):
        check_offer(draft, path, entry)
        _check_stated(session, draft, path, entry)
        if curation == Curation.PUBLISHED:
            _check_public(session, draft, path, entry)
    assembler = FactAssembler(draft, Resolver(Directories(session), draft), lambda given: given)
    snapshot = assembler.snapshot(kind, path, entry)
    snapshot.children["evidence"] = [evidence(each, each.article) for each in entry.evidence]
    if draft.faults:
        raise InvalidRequest.of(draft.faults)
    return snapshot


def _check_evidence(session: ReadSession, draft: Draft, path: Path_, entry: Curated) -> None:
    """Each selector against its article: against the text, wherever that is held."""
    ids = {each.article for each in entry.evidence}
    articles = shapes.load(session, shapes.ARTICLE, ids)
    held = table(ArticleText)
    texts = {
        row.article_id: row.text
        for row in session.rows(select(held).where(held.c.article_id.in_(ids)))
    }
    for index, proof in enumerate(entry.evidence):
        place = (*path, "evidence", index)
        if proof.article not in articles:
            draft.fault((*place, "article"), f"there is no article {proof.article!r} on record.")
        elif proof.article in texts:
            check_selector(draft, place, proof, texts[proof.article])
        else:
            values = articles[proof.article].snapshot.values
            check_alone(draft, place, proof, values["characters"])
    if articles:
        latest = max(each.snapshot.values["published_on"] for each in articles.values())
        for name, written in _dates(entry):
            check_written_date(draft, (*path, *name), written, latest)


def _dates(entry: Curated) -> Iterator[tuple[Path_, str | date | None]]:
    """Every date that cannot lie after the last article that proves it."""
    for name in ("said_on", "offered_on", "held_on"):
        yield (name,), getattr(entry, name, None)
    for index, answer in enumerate(getattr(entry, "responses", [])):
        yield ("responses", index, "on"), answer.on


def _check_stated(session: ReadSession, draft: Draft, path: Path_, offer: CuratedOffer) -> None:
    """The positions that state the answers are on record."""
    stated = {each.position for each in offer.responses if each.position}
    known = shapes.load(session, shapes.POSITION, stated)
    for index, answer in enumerate(offer.responses):
        if answer.position and answer.position not in known:
            place = (*path, "responses", index, "position")
            draft.fault(place, f"there is no position {answer.position!r} on record.")


def _check_public(session: ReadSession, draft: Draft, path: Path_, offer: CuratedOffer) -> None:
    """No public offer rests on a draft."""
    hidden = _drafts(session, {each.position for each in offer.responses if each.position})
    for index, answer in enumerate(offer.responses):
        if answer.position in hidden:
            place = (*path, "responses", index, "position")
            draft.fault(place, f"{answer.position} is a draft: nothing public can rest on it.")


def _drafts(session: ReadSession, positions: set[str]) -> set[str]:
    """Those of these positions that are drafts."""
    found = shapes.load(session, shapes.POSITION, positions)
    return {id_ for id_, stored in found.items() if _curation(stored) == Curation.DRAFT}


def _at(place: str, detail: str) -> InvalidRequest:
    draft = Draft(None)
    draft.fault((place,), detail)
    return InvalidRequest.of(draft.faults)
