"""Extractions on their way in: the extractor's own drafts follow it, all else only people change.

A draft that nobody has touched is the extractor's: a later extraction replaces or withdraws it.
What is public, and whatever somebody created, edited, published, rejected or merged, stays as it
is; where the extractor would say otherwise, that is proposed. Entities that are on record stay too.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import and_, not_, or_, select

from app.codelists import ChangeKind, ChangeType, Curation
from app.ingest import shapes
from app.ingest.proposals import MARK, proposal_key, says
from app.ingest.record import EXTRACTED
from app.ingest.shapes import Kind, Lookup, Snapshot, Step, Stored
from app.ingest.store import Want, fact_id, plan
from app.models import Change
from app.sessions import ReadSession
from app.sql import table


def follow(
    session: ReadSession,
    wants: Iterable[Want],
    article: str,
    text_sha256: str,
    publish_above: float | None,
) -> list[Step]:
    """The versions to be written when an extractor's record of this article is loaded.

    Args:
        session: where to read what is on record.
        wants: what the record asks to have on record.
        article: the article's id.
        text_sha256: the hash of its text.
        publish_above: facts of a greater confidence are published; none are without it.
    """
    standing = _Standing(article, text_sha256, publish_above)
    lookup = shapes.on_record(session)
    return _steps(lookup, wants, standing, lambda kind: _known(session, kind, article))


def first(
    lookup: Lookup,
    wants: Iterable[Want],
    article: str,
    text_sha256: str,
    publish_above: float | None,
) -> list[Step]:
    """The same for an article that is not on record: no fact of it can be there."""
    return _steps(lookup, wants, _Standing(article, text_sha256, publish_above), lambda _: [])


def _steps(
    lookup: Lookup,
    wants: Iterable[Want],
    standing: "_Standing",
    known: "Callable[[Kind], list[_Known]]",
) -> list[Step]:
    facts: dict[Kind, list[Want]] = {kind: [] for kind in shapes.FACTS}
    entities: list[Want] = []
    for want in wants:
        facts.get(want.kind, entities).append(want)
    steps = plan(lookup, _unknown(lookup, entities))
    for kind, wanted in facts.items():
        steps += standing.steps(kind, wanted, known(kind))
    return steps


def _unknown(lookup: Lookup, entities: list[Want]) -> list[Want]:
    """The entities that are not on record: those that are stay as they are there."""
    found = {kind: [w for w in entities if w.kind is kind] for kind in shapes.KINDS}
    return [
        want
        for kind, wants in found.items()
        for known in [lookup(kind, (want.key for want in wants)) if wants else {}]
        for want in wants
        if want.key not in known
    ]


@dataclass(frozen=True)
class _Known:
    """A fact of the article that is on record, or a proposal."""

    id: str
    key: str
    stored: Stored
    free: bool
    """Whether it is the extractor's own: a draft that nobody touched, or was taken back by it."""

    @property
    def curation(self) -> Curation:
        return Curation(self.stored.snapshot.values["curation"])

    @property
    def proposal(self) -> bool:
        return MARK in self.key


def _known(session: ReadSession, kind: Kind, article: str) -> list[_Known]:
    """What the records of an article brought so far."""
    identity = table(kind.anchor)
    rows = session.rows(
        select(identity.c.id, identity.c.record_key)
        .where(identity.c.article_id == article)
        .order_by(identity.c.id)
    )
    stored = shapes.load(session, kind, (row.id for row in rows))
    touched = _touched(session, kind, article)
    return [
        _Known(row.id, row.record_key, stored[row.id], _free(stored[row.id], row.id in touched))
        for row in rows
    ]


def _free(stored: Stored, touched: bool) -> bool:
    values = stored.snapshot.values
    public = values["curation"] == Curation.PUBLISHED or values["merged_into"] is not None
    return not (touched or public)


def _touched(session: ReadSession, kind: Kind, article: str) -> set[str]:
    """The facts of an article of which a person wrote a version: as a curator, or in a record."""
    identity, versions, change = table(kind.anchor), kind.table, table(Change)
    by_hand = and_(versions.c.rule.is_(None), not_(change.c.method.startswith(EXTRACTED)))
    rows = session.rows(
        select(versions.c.id)
        .distinct()
        .join(identity, identity.c.id == versions.c.id)
        .join(change, change.c.seq == versions.c.recorded_in)
        .where(
            identity.c.article_id == article,
            or_(change.c.kind == ChangeKind.CURATION.value, by_hand),
        )
    )
    return {row.id for row in rows}


@dataclass
class _Standing:
    """How the facts of one extraction stand to those on record, kind by kind."""

    article: str
    text_sha256: str
    publish_above: float | None
    _renamed: dict[str, str] = field(default_factory=dict)
    """From the id that a position's key gives to the one that it goes by on record."""
    _public: set[str] = field(default_factory=set)
    """The positions that are public when all is written: a public offer rests on no other."""

    def steps(self, kind: Kind, wants: list[Want], known: list[_Known]) -> list[Step]:
        """The versions to be written for the facts of a kind."""
        facts = {each.id: each for each in known if not each.proposal}
        proposals = {each.id: each for each in known if each.proposal}
        pairs = _paired(wants, facts)
        self._renamed |= {want.key: id_ for id_, want in pairs if id_ != want.key}
        kept: set[str] = set()
        steps = []
        for id_, want in pairs:
            fact, snapshot = facts.get(id_), self._wanted(id_, want.snapshot)
            kept.add(id_)
            if fact is None:
                step: Step | None = Step(kind, id_, snapshot, None, ChangeType.NEW, want.record_key)
            elif fact.free:
                step = self._followed(kind, fact, snapshot)
            else:
                step = self._proposed(kind, fact, snapshot, proposals, kept)
            steps += [step] if step else []
            self._note(kind, id_, fact, snapshot)
        gone = [each for each in known if each.id not in kept and each.free]
        return steps + [step for each in gone if (step := _withdrawn(kind, each))]

    def _wanted(self, id_: str, snapshot: Snapshot) -> Snapshot:
        """What is wanted under the id that it goes by, as a draft or published."""
        children = dict(snapshot.children)
        if "responses" in children:
            children["responses"] = [self._stated(each) for each in children["responses"]]
        stated = {each.values["position_id"] for each in children.get("responses", [])} - {None}
        sure = snapshot.values["confidence"]
        public = (
            self.publish_above is not None
            and sure is not None
            and sure > self.publish_above
            and stated <= self._public
        )
        curation = Curation.PUBLISHED if public else Curation.DRAFT
        return Snapshot(snapshot.values | {"id": id_, "curation": curation.value}, children)

    def _stated(self, response: Snapshot) -> Snapshot:
        """An answer, and the position that states it under the id that it goes by."""
        given = response.values["position_id"]
        return Snapshot(response.values | {"position_id": self._renamed.get(given, given)})

    def _note(self, kind: Kind, id_: str, fact: _Known | None, wanted: Snapshot) -> None:
        """Take note of a position that is going to be public."""
        stands = fact.curation if fact and not fact.free else wanted.values["curation"]
        if kind is shapes.POSITION and stands == Curation.PUBLISHED:
            self._public.add(id_)

    def _followed(self, kind: Kind, fact: _Known, wanted: Snapshot) -> Step | None:
        """A draft of the extractor's own says what it says now."""
        before = fact.stored
        snapshot = self._with_others(wanted, before.snapshot)
        if snapshot == before.snapshot:
            return None
        public = snapshot.values["curation"] == Curation.PUBLISHED
        change_type = ChangeType.NEW if public else ChangeType.CORRECTED
        return Step(kind, fact.id, snapshot, before, change_type)

    def _with_others(self, wanted: Snapshot, stored: Snapshot) -> Snapshot:
        """What is wanted, with the evidence that the fact has in other articles."""
        others = [
            proof
            for proof in stored.children["evidence"]
            if proof.values["article_id"] != self.article
        ]
        children = wanted.children | {"evidence": wanted.children["evidence"] + others}
        return replace(wanted, children=children)

    def _proposed(
        self,
        kind: Kind,
        fact: _Known,
        wanted: Snapshot,
        proposals: dict[str, _Known],
        kept: set[str],
    ) -> Step | None:
        """What the extractor would say otherwise of a fact that only people change."""
        stored = fact.stored.snapshot
        if stored.values["merged_into"] or self._agrees(stored, wanted):
            return None
        key = proposal_key(fact.key, wanted, self.article)
        id_ = fact_id(kind, self.text_sha256, key)
        kept.add(id_)
        before = proposals.get(id_)
        draft = {"id": id_, "curation": Curation.DRAFT.value}
        snapshot = replace(wanted, values=wanted.values | draft)
        if before is None:
            return Step(kind, id_, snapshot, None, ChangeType.NEW, key)
        return self._followed(kind, before, snapshot) if before.free else None

    def _agrees(self, stored: Snapshot, wanted: Snapshot) -> bool:
        """Whether a fact goes back to the same entry, or says the same by now."""
        if stored.values["record_digest"] == wanted.values["record_digest"]:
            return True
        return says(stored, self.article) == says(wanted, self.article)


def _withdrawn(kind: Kind, fact: _Known) -> Step | None:
    """The withdrawal of a draft of its own that the extractor finds no longer.

    It forgets the entry, so that an extraction which has it again brings it back.
    """
    if fact.curation == Curation.WITHDRAWN:
        return None
    gone = {"curation": Curation.WITHDRAWN.value, "record_digest": None}
    before = fact.stored
    snapshot = replace(before.snapshot, values=before.snapshot.values | gone)
    return Step(kind, fact.id, snapshot, before, ChangeType.WITHDRAWN)


def _paired(wants: list[Want], facts: dict[str, _Known]) -> list[tuple[str, Want]]:
    """Each fact that is wanted, under the id that it goes by.

    That is the id its key gives. If the record has none such, but one that stands on the very same
    words and is otherwise not wanted, it is that one: an extractor may name facts anew.
    """
    ids = {want.key: want.key for want in wants}
    renamed = [want for want in wants if want.key not in facts]
    left = [each for each in facts.values() if each.id not in ids]
    likeness = sorted(_alike(renamed, left), key=lambda found: (-found[0], found[1], found[2]))
    taken: set[str] = set()
    for _, key, id_ in likeness:
        if ids[key] == key and id_ not in taken:
            ids[key] = id_
            taken.add(id_)
    return [(ids[want.key], want) for want in wants]


def _alike(wants: list[Want], facts: list[_Known]) -> Iterator[tuple[int, str, str]]:
    """How much these have in common, for each two that stand on the same words."""
    for want in wants:
        for fact in facts:
            mine, other = want.snapshot, fact.stored.snapshot
            if _words(mine) & _words(other):
                same = sum(other.values[name] == value for name, value in mine.values.items())
                yield same, want.key, fact.id


def _words(snapshot: Snapshot) -> set[tuple[Any, ...]]:
    """Where the words stand that a fact rests on."""
    named = ("article_id", "start_at", "end_at")
    return {tuple(proof.values[n] for n in named) for proof in snapshot.children["evidence"]}
