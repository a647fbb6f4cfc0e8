"""Entities: what a slice says once of its kind of entity, for lists, items and counts alike."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Generic, TypeVar

from sqlalchemy import ColumnElement, FromClause, Select, bindparam

from app.sessions import ReadSession
from app.sql import PINNED, Row, Version, public_at
from app.web.filters import Conditions
from app.web.references import Entry
from app.web.schemas import ListQuery, Shown

Q = TypeVar("Q", bound=ListQuery)


@dataclass(frozen=True, eq=False)
class Entity(Generic[Q]):
    """How one kind of entity is found, ordered and shown.

    Statements are kept for it, so there is one object for each kind, not one for each request.
    """

    noun: str
    """For messages: ``position``."""
    table: FromClause
    """Its versions, or the table itself where nothing has versions."""
    key: str
    """The column that identifies it."""
    orders: Mapping[str, str]
    """What it can be ordered by: public name to column."""
    visible: Callable[[Version], list[ColumnElement[bool]]]
    """The rows that the public sees at a record version."""
    select: Callable[[Version], Select[Any]]
    """All that is shown of an entry in one row, at a record version."""
    show: Callable[[ReadSession, int, Sequence[Row]], list[Entry]]
    """Rows to entries, children loaded in a constant number of statements."""
    shown: type[Shown]
    """The schema of an entry."""
    narrow: Callable[[Conditions, Q], None] = field(default=lambda _conditions, _query: None)
    """The filters of a list, as conditions."""
    hint: Callable[[Conditions], str] = field(default=lambda _conditions: "")
    """What to ask instead, for an empty answer."""

    horizon: str | None = None
    """The kind whose horizon bounds its first order, the date (`app.horizons`)."""
    drivers: tuple[str, ...] = ()
    """Columns with an index in each order, those first that leave the fewest rows."""
    tallied: Callable[[Conditions], int | None] = field(default=lambda _conditions: None)
    """How many match, if that is kept (`app.tallies`)."""
    of: dict[str, Any] = field(default_factory=dict)
    """Parameters that tell whose entries these are: the topic's, the change's."""
    kept_as: "Entity[Any] | None" = None
    """The kind that its statements are kept for, where there are many of a kind."""

    def among(self, **of: Any) -> "Entity[Q]":
        """The entries that belong to something, which `visible` has as parameters."""
        return replace(self, of=of, kept_as=self)

    @property
    def shape(self) -> "Entity[Any]":
        """What statements on these entries are kept for."""
        return self.kept_as or self

    def conditions(self, session: ReadSession, version: int) -> Conditions:
        """No conditions yet, on a list of these."""
        return Conditions(session, version, entries=self.table.c.get("row_id"))

    @property
    def identifier(self) -> ColumnElement[Any]:
        """The column that identifies an entry."""
        return self.table.c[self.key]

    @property
    def first_order(self) -> ColumnElement[Any]:
        """The column that its usual order goes by."""
        return self.place(next(iter(self.orders)))

    def place(self, order: str) -> ColumnElement[Any]:
        """The column that an order goes by."""
        return self.table.c[self.orders[order.lstrip("-")]]


def public(versions: FromClause) -> Callable[[Version], list[ColumnElement[bool]]]:
    """What the public sees of a table at a record version."""
    return lambda version: public_at(versions, version)


def entry_at(
    session: ReadSession, version: int, entity: Entity[Any], key: str | int
) -> Entry | None:
    """One entry as the public sees it at a record version."""

    def build() -> Select[Any]:
        given = entity.identifier == bindparam("key", type_=entity.identifier.type)
        return entity.select(PINNED).where(given, *entity.visible(PINNED))

    rows = session.run(
        ("entry", entity.shape), build, {"version": version, "key": key, **entity.of}
    )
    return entity.show(session, version, rows)[0] if rows else None
