"""Pages of lists: the statements that find them, each along one range of an index or a few."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, select, tuple_

from app.fulltext import marks_of
from app.horizons import until
from app.sessions import ReadSession
from app.sql import PINNED, Row, among, merged, unindexed
from app.web import searches
from app.web.cursors import Cursor
from app.web.entities import Entity
from app.web.filters import Conditions
from app.web.moments import Moment
from app.web.searched import Asked, Order, Search


@dataclass
class Ask:
    """A list asked for: the walk's pinned version, its order, its filters."""

    path: str
    params: dict[str, Any]
    cursor: Cursor | None
    moment: Moment
    order: str
    place: Any = None
    """The cursor's place in the order, as the column has it."""

    @property
    def version(self) -> int:
        """The record version that is read."""
        return self.moment.version

    @property
    def descending(self) -> bool:
        """Whether the order is descending."""
        return self.order.startswith("-")


def page(
    session: ReadSession, entity: Entity[Any], ask: Ask, conditions: Conditions, limit: int
) -> list[Row]:
    """The rows of a page and one more, from where the cursor stands."""
    if conditions.phrases is not None:
        return _found(session, entity, ask, conditions, limit)
    past = ask.version != session.seen
    shape = ("page", entity.shape, ask.order, ask.cursor is not None, past, conditions.shape)
    params = conditions.params | entity.of | {"limit": limit + 1}
    if ask.cursor is not None:
        params |= {"place": ask.place, "key": ask.cursor.key}
    return session.run(shape, lambda: _page_statement(entity, ask, conditions, past), params)


def _page_statement(
    entity: Entity[Any], ask: Ask, conditions: Conditions, past: bool
) -> Select[Any]:
    """All of a page. Where a filter has alternatives, each is one range of its index, merged."""
    places = _Places.of(entity, ask, conditions)
    bounds = places.bounds(entity, ask, past=past)
    shown = entity.select(PINNED).add_columns(places.place.label("place"))
    pick = conditions.driver([entity.table.c[name] for name in entity.drivers])
    if pick is None:
        shown = shown.where(*entity.visible(PINNED), *conditions.where, *bounds)
        return shown.order_by(*places.ordered(ask)).limit(bindparam("limit"))
    row_id = entity.table.c.row_id
    others = [*entity.visible(PINNED), *conditions.beside(pick), *bounds]
    ranges = [
        select(row_id, *places.columns).where(pick.only(n), *others) for n in range(len(pick.names))
    ]
    page = merged(ranges, conditions.session.dialect, descending=ask.descending)
    ordered = replace(places, columns=[unindexed(column) for column in places.columns])
    return shown.where(row_id.in_(select(page.c.row_id))).order_by(*ordered.ordered(ask))


def _found(
    session: ReadSession, entity: Entity[Any], ask: Ask, conditions: Conditions, limit: int
) -> list[Row]:
    """The rows of a page of what is searched for."""
    found, places = asked(entity, conditions), _Places.of(entity, ask, conditions)
    start = None if ask.cursor is None else (ask.place, ask.cursor.key)
    bounds = places.bounds(entity, ask, past=found.past)
    order = Order(places.columns, ask.descending, bounds, start)
    if ask.cursor is not None:
        found.params.update(place=ask.place, key=ask.cursor.key)
    ids = searches.page(found, order, limit + 1)
    if not ids:
        return []

    def build() -> Select[Any]:
        shown = entity.select(PINNED).add_columns(places.place.label("place"))
        ordered = replace(places, columns=[unindexed(column) for column in places.columns])
        return shown.where(among(entity.table.c.row_id, "ids")).order_by(*ordered.ordered(ask))

    shape = ("found", entity.shape, ask.order)
    return session.run(shape, build, {"version": ask.version, "ids": ids})


@dataclass(frozen=True)
class _Places:
    """The columns that a list is ordered by, and where in their order it begins."""

    place: ColumnElement[Any]
    columns: list[ColumnElement[Any]]
    names: list[str]

    @classmethod
    def of(cls, entity: Entity[Any], ask: Ask, conditions: Conditions) -> "_Places":
        place, key = entity.place(ask.order), entity.identifier
        columns, names = ([place], ["place"]) if place is key else ([place, key], ["place", "key"])
        if conditions.collects and conditions.phrases is None:
            # The few rows that can match are put in order; SQLite is not to walk the list for it.
            columns = [unindexed(column) for column in columns]
        return cls(place, columns, names)

    def bounds(self, entity: Entity[Any], ask: Ask, *, past: bool) -> list[ColumnElement[bool]]:
        """From the cursor's place on, and not beyond what there was at the time."""
        bounds = []
        if ask.cursor is not None:
            there = (
                bindparam(n, type_=c.type) for n, c in zip(self.names, self.columns, strict=True)
            )
            here = tuple_(*self.columns)
            bounds.append(here < tuple_(*there) if ask.descending else here > tuple_(*there))
        if past and self.place.key == "recorded_in":
            bounds.append(self.columns[0] <= PINNED)
        elif past and entity.horizon and ask.descending and self.place is entity.first_order:
            bounds.append(self.columns[0] <= until(entity.horizon, PINNED))
        return bounds

    def ordered(self, ask: Ask) -> list[ColumnElement[Any]]:
        """The order of the list."""
        return [c.desc() if ask.descending else c.asc() for c in self.columns]


def asked(entity: Entity[Any], conditions: Conditions) -> Asked:
    """A list by words, as it is searched for: the same for its page and its total."""
    if isinstance(conditions.asked, Asked):
        return conditions.asked
    session, version = conditions.session, conditions.version
    past = version != session.seen

    def latest() -> date | None:
        if entity.horizon is None:
            return None
        bound = until(entity.horizon, PINNED)
        rows = session.run(("horizon", entity.horizon), lambda: select(bound), {"version": version})
        on: date | None = rows[0][0]
        return on

    found = Asked(
        session=session,
        search=Search(conditions.phrases or [], marks_of(conditions.wanted)),
        table=entity.table,
        shape=(entity.shape, past, conditions.shape),
        params=conditions.params | entity.of,
        where=lambda: [*entity.visible(PINNED), *conditions.each_but("q")],
        pick=conditions.narrowest([entity.table.c[name] for name in entity.drivers]),
        version=version,
        past=past,
        latest=latest,
    )
    conditions.asked = found
    return found
