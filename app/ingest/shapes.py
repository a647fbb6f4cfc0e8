"""What the versions of each kind of entity look like, and how they are read and written.

A snapshot is what one version says: its values and its children, without the bookkeeping (row
numbers, revisions, changes). Two versions say the same if and only if their snapshots are equal,
which is how the loader knows that nothing changed.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from sqlalchemy import Row, Table, insert, select, update
from sqlmodel import SQLModel

from app import models
from app.canonical import digest
from app.codelists import ChangeType
from app.sessions import ReadSession, WriteSession
from app.sql import table, valid_at

_OF_VERSIONS = {"row_id", "rev", "recorded_in", "superseded_in", "change_type", "digest"}
_COUNTED = {"sources", "independent_sources"}
"""What follows from the evidence and its articles (`app.sources`): no content of a version."""
_OF_CHILDREN = {"row_id", "version_id", "ordinal"}
_NOT_CONTENT = {"record_digest", "rule", "confidence"}
"""Bookkeeping of the loader that a version carries: no digest and no receipt takes it in."""
_BATCH = 500
"""Keys in one IN list: SQLite allows far more, planners like fewer."""


@dataclass
class Snapshot:
    """What a version, or a child of one, says."""

    values: dict[str, Any]
    children: dict[str, "list[Snapshot]"] = field(default_factory=dict)


@dataclass(frozen=True)
class Shape:
    """A table of children, and the tables of theirs."""

    model: type[SQLModel]
    children: Mapping[str, "Shape"] = field(default_factory=dict)

    @property
    def table(self) -> Table:
        """The table itself."""
        return table(self.model)

    @cached_property
    def said(self) -> list[str]:
        """The columns that say something."""
        return [c.name for c in self.table.columns if c.name not in _OF_CHILDREN and not c.computed]

    @cached_property
    def proves(self) -> bool:
        """Whether it is evidence."""
        return issubclass(self.model, models.Evidence)


@dataclass(frozen=True, eq=False)
class Kind:
    """A kind of entity: its identity, its versions and their children."""

    name: str
    anchor: type[SQLModel]
    version: type[models.Version]
    key: str
    children: Mapping[str, Shape] = field(default_factory=dict)

    @property
    def table(self) -> Table:
        """The table of the versions."""
        return table(self.version)

    @cached_property
    def said(self) -> list[str]:
        """The columns of a version that say something."""
        other = _OF_VERSIONS | _COUNTED
        return [c.name for c in self.table.columns if c.name not in other and not c.computed]

    @cached_property
    def told(self) -> list[str]:
        """Those of them that are content: its digest takes them in."""
        return [name for name in self.said if name not in _NOT_CONTENT]

    @cached_property
    def untold(self) -> list[str]:
        """The others: bookkeeping of the loader."""
        return [name for name in self.said if name in _NOT_CONTENT]

    @cached_property
    def origin(self) -> list[str]:
        """The columns of the identity that say where an entity came from."""
        return [c.name for c in table(self.anchor).columns if c.name != self.key]


@dataclass(frozen=True)
class Stored:
    """A current version as stored."""

    row_id: int
    rev: int
    snapshot: Snapshot


COUNTRY = Kind(
    "country", models.Country, models.CountryVersion, "code", {"names": Shape(models.CountryName)}
)
TOPIC = Kind("topic", models.Topic, models.TopicVersion, "slug", {"codes": Shape(models.TopicCode)})
GROUP = Kind(
    "group",
    models.Group,
    models.GroupVersion,
    "slug",
    {
        "names": Shape(models.GroupName),
        "labels": Shape(models.GroupLabel, {"evidence": Shape(models.GroupLabelEvidence)}),
    },
)
OFFICIAL = Kind(
    "official",
    models.Official,
    models.OfficialVersion,
    "slug",
    {
        "names": Shape(models.OfficialName),
        "tenures": Shape(models.Tenure, {"evidence": Shape(models.TenureEvidence)}),
    },
)
ARTICLE = Kind("article", models.Article, models.ArticleVersion, "id")
POSITION = Kind(
    "position",
    models.Position,
    models.PositionVersion,
    "id",
    {
        "targets": Shape(models.PositionTarget),
        "clauses": Shape(models.PositionClause),
        "evidence": Shape(models.PositionEvidence),
    },
)
OFFER = Kind(
    "mediation_offer",
    models.MediationOffer,
    models.MediationOfferVersion,
    "id",
    {
        "parties": Shape(models.OfferParty),
        "responses": Shape(models.OfferResponse),
        "evidence": Shape(models.OfferEvidence),
    },
)
ROUND = Kind(
    "round",
    models.Round,
    models.RoundVersion,
    "id",
    {"parties": Shape(models.RoundParty), "evidence": Shape(models.RoundEvidence)},
)


KINDS = (COUNTRY, TOPIC, GROUP, OFFICIAL, ARTICLE, POSITION, OFFER, ROUND)
"""Every kind, each after those that it refers to."""

FACTS = (POSITION, OFFER, ROUND)
"""The kinds that are facts."""


def load(
    session: ReadSession, kind: Kind, keys: Iterable[str], version: int | None = None
) -> dict[str, Stored]:
    """The versions of these entities that are current, or were at a record version."""
    versions, wanted = kind.table, sorted(set(keys))
    current = versions.c.superseded_in.is_(None)
    found: list[Row[Any]] = []
    for at in range(0, len(wanted), _BATCH):
        found += session.rows(
            select(versions).where(
                versions.c[kind.key].in_(wanted[at : at + _BATCH]),
                current if version is None else valid_at(versions, version),
            )
        )
    children = _load_children(session, kind.children, [row.row_id for row in found])
    return {
        getattr(row, kind.key): Stored(
            row.row_id,
            row.rev,
            Snapshot({c: getattr(row, c) for c in kind.said}, children[row.row_id]),
        )
        for row in found
    }


def _load_children(
    session: ReadSession, shapes: Mapping[str, Shape], parents: list[int]
) -> dict[int, dict[str, list[Snapshot]]]:
    """The children of each of these rows, by name, in order."""
    result: dict[int, dict[str, list[Snapshot]]] = {p: {n: [] for n in shapes} for p in parents}
    for name, shape in shapes.items():
        rows: list[Row[Any]] = []
        for at in range(0, len(parents), _BATCH):
            rows += session.rows(
                select(shape.table)
                .where(shape.table.c.version_id.in_(parents[at : at + _BATCH]))
                .order_by(shape.table.c.version_id, shape.table.c.ordinal)
            )
        ids = [row.row_id for row in rows] if shape.children else []
        grandchildren = _load_children(session, shape.children, ids)
        for row in rows:
            values = {c: getattr(row, c) for c in shape.said}
            own = grandchildren[row.row_id] if shape.children else {}
            result[row.version_id][name].append(Snapshot(values, own))
    return result


Lookup = Callable[[Kind, Iterable[str]], dict[str, Stored]]
"""Where the current versions of entities are found, by kind and key."""


def on_record(session: ReadSession) -> Lookup:
    """The lookup that asks the database, each time."""
    return lambda kind, keys: load(session, kind, keys)


@dataclass(frozen=True)
class Step:
    """A version to be written, the one that it replaces, and what it does to it."""

    kind: Kind
    key: str
    snapshot: Snapshot
    before: Stored | None
    change_type: ChangeType
    record_key: str | None = None


@dataclass(frozen=True)
class Written:
    """A version as written."""

    row_id: int
    rev: int
    digest: str


def content(kind: Kind, snapshot: Snapshot) -> dict[str, Any]:
    """What a version says, as its digest and its receipt have it: by codes and slugs, in full."""
    return {"kind": kind.name, **_said(snapshot)}


def _said(snapshot: Snapshot) -> dict[str, Any]:
    values = {k: v for k, v in snapshot.values.items() if k not in _NOT_CONTENT}
    lists = {name: [_said(child) for child in kids] for name, kids in snapshot.children.items()}
    return values | lists


def write(session: WriteSession, step: Step, seq: int) -> Written:
    """Write a version in change `seq`, superseding the one before."""
    kind, before, snapshot = step.kind, step.before, step.snapshot
    rev, said = before.rev + 1 if before else 1, digest(content(kind, snapshot))
    if before is not None:
        session.execute(
            update(kind.table).where(kind.table.c.row_id == before.row_id).values(superseded_in=seq)
        )
    row_id = session.scalar(
        insert(kind.table)
        .values(
            **snapshot.values,
            rev=rev,
            recorded_in=seq,
            change_type=step.change_type.value,
            digest=said,
        )
        .returning(kind.table.c.row_id)
    )
    _write_children(session, kind.children, {int(row_id): snapshot})
    return Written(int(row_id), rev, said)


def _write_children(
    session: WriteSession, shapes: Mapping[str, Shape], parents: dict[int, Snapshot]
) -> None:
    for name, shape in shapes.items():
        rows: dict[str, list[dict[str, Any]]] = defaultdict(list)
        for parent, snapshot in parents.items():
            for ordinal, child in enumerate(snapshot.children.get(name, [])):
                values = {**child.values, "version_id": parent, "ordinal": ordinal}
                if shape.children:
                    row_id = session.scalar(
                        insert(shape.table).values(**values).returning(shape.table.c.row_id)
                    )
                    _write_children(session, shape.children, {int(row_id): child})
                else:
                    rows[name].append(values)
        if rows[name]:
            session.execute(insert(shape.table), rows[name])
