"""Corroboration: what a second article says that is on record becomes a source of it.

Every article's reading of a statement keeps its own identity. The first one stands and is what the
public sees. A later one of the same statement joins it: its version is `merged` into the one that
stands, which takes over its evidence. So nothing is lost: a reading that is edited or withdrawn
takes its evidence along, and one whose position goes stands by itself again.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from app.codelists import ChangeType, Curation
from app.ingest import shapes
from app.ingest.joined import Reading, readings_of, standing_alike
from app.ingest.shapes import Snapshot, Step, Stored
from app.ingest.statement import Words, told, words
from app.sessions import ReadSession


@dataclass
class Group:
    """A position that stands, and the readings of other articles that joined it."""

    lead: Reading
    joined: list[Reading] = field(default_factory=list)
    read_anew: bool = False
    """Whether the article's own reading changes."""

    @property
    def stored(self) -> Stored | None:
        """The position as it is on record, if it stands there."""
        before = self.lead.before
        return before if before and before.snapshot.values["merged_into"] is None else None

    @property
    def articles(self) -> set[str | None]:
        """The articles that have a reading of it: two readings of one are two positions."""
        return {self.lead.article, *(each.article for each in self.joined)} - {None}

    @property
    def words(self) -> Words:
        """The words of all its evidence."""
        return words(self.evidence)

    @property
    def evidence(self) -> list[Snapshot]:
        """The evidence of all readings; what is on record already stays in its place."""
        found = list(self.lead.evidence)
        for each in self.joined:
            found += [proof for proof in each.evidence if proof not in found]
        on_record = self.stored.snapshot.children["evidence"] if self.stored else []
        kept = [proof for proof in on_record if proof in found]
        return kept + [proof for proof in found if proof not in kept]

    def parted(self) -> list[Reading]:
        """Let those go that are no longer the same statement as the lead, or as one that stays."""
        kept, waiting = [], self.joined
        said, found = told(self.lead.snapshot), words(self.lead.evidence)
        while near := [r for r in waiting if r.told == said and found.meet(words(r.evidence))]:
            kept += near
            waiting = [each for each in waiting if each not in near]
            for each in near:
                found |= words(each.evidence)
        self.joined = [each for each in self.joined if each in kept]
        return waiting


@dataclass(frozen=True)
class Corroborated:
    """What becomes of the positions of a record."""

    steps: list[Step]
    moved: list[tuple[str, str, str]]
    """Readings that stand elsewhere than before: their article, and the positions, old and new."""


def corroborated(session: ReadSession, article: str, steps: Iterable[Step]) -> Corroborated:
    """The versions to be written of positions, for these that a record asks for.

    Args:
        session: where to look for what is on record.
        article: the article of the record.
        steps: the positions that are new, read otherwise, or gone from the record.
    """
    work = _Work(session, article, list(steps))
    work.run()
    return Corroborated(work.steps(), work.moved)


class _Work:
    """One record's positions on their way to where they belong."""

    def __init__(self, session: ReadSession, article: str, steps: list[Step]) -> None:
        self._session = session
        self._article = article
        self._asked = steps
        self._groups: dict[str, Group] = {}
        """Positions that stand, as far as they were looked at."""
        self._touched: dict[str, Group] = {}
        self._ended: dict[str, Step] = {}
        """Positions that stood, or readings that had joined, and are gone."""
        self._loose: list[Reading] = []
        """Readings whose place is to be found."""
        self.moved: list[tuple[str, str, str]] = []

    def run(self) -> None:
        """Find the place of every reading."""
        before = {step.key: step.before.snapshot.values for step in self._asked if step.before}
        stood = [i for i, said in before.items() if said["curation"] == Curation.PUBLISHED]
        self._look_up([*stood, *(v["merged_into"] for v in before.values() if v["merged_into"])])
        for step in self._asked:
            self._take(step)
        for group in list(self._touched.values()):
            if group.read_anew:
                self._loose += group.parted()
            if group.read_anew and not group.joined:
                del self._groups[group.lead.id], self._touched[group.lead.id]
                self._loose.append(group.lead)
        self._look_up(standing_alike(self._session, {r.told for r in self._loose if r.told}))
        for reading in self._loose:
            self._place(reading)

    def steps(self) -> list[Step]:
        """The versions to be written; those that go on as another come after that one."""
        standing, joined = [], []
        for group in self._touched.values():
            standing += _stands(group)
            joined += [step for each in group.joined for step in _joins(each, group.lead.id)]
        return [*standing, *joined, *self._ended.values()]

    def _take(self, step: Step) -> None:
        """Take a reading from where it stands."""
        reading, group = Reading.asked(step, self._article), self._groups.get(step.key)
        left = self._left(reading)
        if step.change_type == ChangeType.WITHDRAWN:
            if group is not None and group.joined:
                self._hand_on(group, step)
            else:
                values = step.snapshot.values | {"merged_into": None}
                self._ended[step.key] = replace(
                    step, snapshot=replace(step.snapshot, values=values)
                )
        elif group is not None:
            group.lead, group.read_anew = reading, True
            self._touched[step.key] = group
        elif left is not None and left.words.meet(reading.words) and reading.read_alike:
            left.joined.append(reading)
        else:
            self._loose.append(reading)

    def _left(self, reading: Reading) -> Group | None:
        """The position that a reading had joined, now without it."""
        group = self._groups.get(reading.was_in or "")
        if group is None:
            return None
        group.joined = [each for each in group.joined if each.id != reading.id]
        self._touched[group.lead.id] = group
        return group

    def _hand_on(self, group: Group, step: Step) -> None:
        """A position is gone from its article: it goes on as the first that had joined it."""
        lead, *rest = group.joined
        gone = {"curation": Curation.WITHDRAWN.value, "merged_into": lead.id, "record_digest": None}
        own = group.lead.snapshot
        snapshot = replace(own, values=own.values | gone)
        self._ended[step.key] = replace(step, snapshot=snapshot, change_type=ChangeType.MERGED)
        del self._groups[step.key]
        heir = Group(lead, rest, read_anew=True)
        self._loose += heir.parted()
        heir.read_anew = False
        self._groups[lead.id] = self._touched[lead.id] = heir
        for each in (lead, *heir.joined):
            self._note(each, lead.id)

    def _place(self, reading: Reading) -> None:
        """Let a reading join the position that is the same statement, or stand by itself."""
        said, found = reading.told, reading.words
        alike = [
            group
            for group in self._groups.values()
            if said is not None
            and told(group.lead.snapshot) == said
            and reading.article not in group.articles
            and found.meet(group.words)
        ]
        if alike:
            group = min(alike, key=lambda each: _likeness(each.lead, reading))
            group.joined.append(reading)
        else:
            group = Group(reading, read_anew=True)
            self._groups[reading.id] = group
        self._touched[group.lead.id] = group
        self._note(reading, group.lead.id)

    def _note(self, reading: Reading, now: str) -> None:
        """Take note of a reading that stands elsewhere than before."""
        was = reading.was_in or reading.id
        if reading.article is not None and was != now:
            self.moved.append((reading.article, was, now))

    def _look_up(self, ids: Iterable[str]) -> None:
        """Look at positions, as far as they stand and are not known."""
        unknown = sorted(set(ids) - self._groups.keys() - self._ended.keys())
        loose = {each.id for each in self._loose}
        for lead, joined in readings_of(self._session, unknown):
            if lead.id not in loose:
                self._groups[lead.id] = Group(lead, joined)


def _likeness(lead: Reading, reading: Reading) -> tuple[bool, str]:
    """Orders positions that a reading could join: one in our same words first."""
    return (
        lead.snapshot.values["proposition"] != reading.snapshot.values["proposition"],
        lead.id,
    )


def _stands(group: Group) -> list[Step]:
    """The version of a position that stands, if it differs from the one on record."""
    lead, before = group.lead, group.lead.before
    children = lead.snapshot.children | {"evidence": group.evidence}
    snapshot = Snapshot(lead.snapshot.values, children)
    if before and _same(before.snapshot, snapshot):
        return []
    change_type = ChangeType.CORRECTED
    if before is None or before.snapshot.values["curation"] == Curation.DRAFT:
        change_type = ChangeType.NEW
    elif not group.read_anew and _grown(before.snapshot, snapshot):
        change_type = ChangeType.UPDATED
    return [Step(shapes.POSITION, lead.id, snapshot, before, change_type, lead.record_key)]


def _joins(reading: Reading, into: str) -> list[Step]:
    """The version of a reading that joined a position, if it differs from the one on record."""
    gone = {"curation": Curation.WITHDRAWN.value, "merged_into": into}
    snapshot = replace(reading.snapshot, values=reading.snapshot.values | gone)
    if reading.was_in and reading.before and _same(reading.before.snapshot, snapshot):
        return []
    merged = ChangeType.MERGED
    return [Step(shapes.POSITION, reading.id, snapshot, reading.before, merged, reading.record_key)]


def _same(one: Snapshot, other: Snapshot) -> bool:
    """Whether they say the same, however the entry was spelt."""
    return _said(one) == _said(other) and one.children == other.children


def _grown(before: Snapshot, after: Snapshot) -> bool:
    """Whether nothing but evidence was added."""
    held, proofs = before.children["evidence"], after.children["evidence"]
    others = {name: kids for name, kids in before.children.items() if name != "evidence"}
    return (
        _said(before) == _said(after)
        and all(proof in proofs for proof in held)
        and all(after.children[name] == kids for name, kids in others.items())
    )


def _said(snapshot: Snapshot) -> dict[str, Any]:
    return {name: v for name, v in snapshot.values.items() if name != "record_digest"}
