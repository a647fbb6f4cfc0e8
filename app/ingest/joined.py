"""Readings on record: which positions stand, which readings joined them, and which are alike."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, not_, select

from app.codelists import ChangeKind, Curation
from app.ingest import shapes
from app.ingest.changes import BY_HAND
from app.ingest.shapes import Snapshot, Step, Stored
from app.ingest.statement import Told, Words, told, words
from app.models import Change, Position, PositionVersion
from app.sessions import ReadSession
from app.sql import table

_VERSION = table(PositionVersion)
_IDENTITY = table(Position)
_CHANGE = table(Change)


@dataclass(frozen=True, eq=False)
class Reading:
    """An article's reading of a statement: the position that it would be by itself."""

    id: str
    article: str | None
    snapshot: Snapshot
    before: Stored | None
    record_key: str | None = None

    @classmethod
    def asked(cls, step: Step, article: str) -> "Reading":
        """A reading as a record asks for it."""
        return cls(step.key, article, step.snapshot, step.before, step.record_key)

    @property
    def evidence(self) -> list[Snapshot]:
        """The words that prove it, in this article."""
        return self.snapshot.children["evidence"]

    @cached_property
    def told(self) -> Told | None:
        """What it says, as far as that can be compared."""
        return told(self.snapshot)

    @cached_property
    def words(self) -> Words:
        """Its words."""
        return words(self.evidence)

    @property
    def was_in(self) -> str | None:
        """The position that it had joined."""
        if self.before is None or self.before.snapshot.values["record_digest"] is None:
            return None
        into: str | None = self.before.snapshot.values["merged_into"]
        return into

    @property
    def read_alike(self) -> bool:
        """Whether it says the same as before, as far as that can be compared."""
        return self.before is not None and told(self.before.snapshot) == self.told


def joined_by_words(session: ReadSession, article: str) -> set[str]:
    """The readings of an article that joined a position which stands."""
    into = _VERSION.alias("into")
    found = (
        select(_VERSION.c.id)
        .join(_IDENTITY, _IDENTITY.c.id == _VERSION.c.id)
        .join(_CHANGE, _CHANGE.c.seq == _VERSION.c.recorded_in)
        .join(into, and_(into.c.id == _VERSION.c.merged_into, *_stands(into)))
        .where(_IDENTITY.c.article_id == article, *_joined())
    )
    return {row.id for row in session.rows(found)}


def article_of(session: ReadSession, id_: str) -> str:
    """The article whose record brought a position."""
    return str(_articles(session, [id_])[id_])


def readings_of(
    session: ReadSession, ids: Iterable[str]
) -> Iterable[tuple[Reading, list[Reading]]]:
    """Of these positions those that stand, each with the readings that joined it, in order."""
    stored = {
        id_: each
        for id_, each in shapes.load(session, shapes.POSITION, ids).items()
        if each.snapshot.values["curation"] == Curation.PUBLISHED
    }
    joined = _joined_to(session, list(stored))
    articles = _articles(session, list(stored))
    for id_, each in stored.items():
        yield _own(id_, articles[id_], each, joined[id_]), joined[id_]


def _own(id_: str, article: str | None, stored: Stored, joined: list[Reading]) -> Reading:
    """A position without what joined it; one that would have no proof left keeps them all."""
    theirs = [proof for each in joined for proof in each.evidence]
    proofs = stored.snapshot.children["evidence"]
    own = [proof for proof in proofs if proof not in theirs] or proofs
    children = stored.snapshot.children | {"evidence": own}
    return Reading(id_, article, replace(stored.snapshot, children=children), stored)


def _articles(session: ReadSession, ids: list[str]) -> dict[str, str | None]:
    found = select(_IDENTITY.c.id, _IDENTITY.c.article_id).where(_IDENTITY.c.id.in_(ids))
    return {row.id: row.article_id for row in session.rows(found)} if ids else {}


def _joined_to(session: ReadSession, ids: list[str]) -> dict[str, list[Reading]]:
    """The readings that joined these positions, as they would stand by themselves."""
    readings: dict[str, list[Reading]] = defaultdict(list)
    if not ids:
        return readings
    found = (
        select(_VERSION.c.id, _VERSION.c.merged_into, _IDENTITY.c.article_id)
        .join(_IDENTITY, _IDENTITY.c.id == _VERSION.c.id)
        .join(_CHANGE, _CHANGE.c.seq == _VERSION.c.recorded_in)
        .where(_VERSION.c.merged_into.in_(ids), *_joined())
        .order_by(_VERSION.c.row_id)
    )
    rows = session.rows(found)
    stored = shapes.load(session, shapes.POSITION, (row.id for row in rows))
    up = {"curation": Curation.PUBLISHED.value, "merged_into": None}
    for row in rows:
        before = stored[row.id]
        snapshot = replace(before.snapshot, values=before.snapshot.values | up)
        readings[row.merged_into].append(Reading(row.id, row.article_id, snapshot, before))
    return readings


def _stands(versions: Any) -> list[ColumnElement[bool]]:
    return [versions.c.superseded_in.is_(None), versions.c.curation == Curation.PUBLISHED.value]


def _joined() -> list[ColumnElement[bool]]:
    """That a reading joined a position by its words, and was not merged by a curator."""
    by_hand = and_(_CHANGE.c.kind == ChangeKind.CURATION.value, _CHANGE.c.method == BY_HAND)
    return [
        _VERSION.c.superseded_in.is_(None),
        _VERSION.c.merged_into.is_not(None),
        _VERSION.c.record_digest.is_not(None),
        not_(by_hand),
    ]


_KEY = ("topic", "stance", "modality")


def standing_alike(session: ReadSession, wanted: set[Told]) -> set[str]:
    """The positions that stand and say one of these, as far as their own columns tell."""
    asked = defaultdict(set)
    for each in wanted:
        asked[each.who, each.day].add(tuple(getattr(each, name) for name in _KEY))
    found = set()
    for (who, day), keys in asked.items():
        column = "speaker" if who.speaker else "body" if who.body else "country_code"
        value = who.speaker or who.body or who.country
        params = {"value": value, "day": day}
        for row in session.run(("alike", column), lambda: _said_by(column), params):  # noqa: B023 - built at once
            if tuple(getattr(row, name) for name in _KEY) in keys:
                found.add(row.id)
    return found


def _said_by(column: str) -> Select[Any]:
    """What somebody said on a day: one range of an index."""
    value = bindparam("value", type_=_VERSION.c[column].type)
    day = bindparam("day", type_=_VERSION.c.said_key.type)
    return select(_VERSION.c.id, *(_VERSION.c[name] for name in _KEY)).where(
        _VERSION.c[column] == value, _VERSION.c.said_key == day, *_stands(_VERSION)
    )
