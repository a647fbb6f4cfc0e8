"""Lists and items: one way to page, count, order and show, whatever the entity.

A slice describes its entity once, as an `Entity`; lists, items, counts and the topic's own lists
all go through it, so they can't disagree on what an entry looks like.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Generic, TypeVar
from urllib.parse import urlencode

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Select,
    bindparam,
    func,
    literal_column,
    select,
    tuple_,
)
from starlette.requests import Request
from starlette.responses import Response

from app import models
from app.errors import Fault, InvalidRequest, near_miss
from app.fulltext import marks_of
from app.horizons import until
from app.sessions import ReadSession
from app.sql import PINNED, Row, Version, among, merged, public_at, table, unindexed, valid_at
from app.web import searches
from app.web.cursors import Cursor, decode, question, typed
from app.web.filters import Conditions
from app.web.moments import Moment, asked_for, at_version
from app.web.respond import respond
from app.web.schemas import (
    COUNT_CAP,
    PAST_CAP,
    SEARCH_CAP,
    UNTALLIED_CAP,
    ItemQuery,
    ListQuery,
    Shown,
)
from app.web.searched import Asked, Order, Search

Entry = dict[str, Any]
API = "/v1"
Q = TypeVar("Q", bound=ListQuery)
_NOT_FILTERS = {"limit", "cursor", "fields", "total", "sort"}


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


def list_response(
    request: Request,
    session: ReadSession,
    entity: Entity[Q],
    query: Q,
    narrow: Callable[[Conditions], None] = lambda _: None,
) -> Response:
    """A page of a list. `narrow` adds conditions that come from the path, not the query."""
    ask = _ask(request, session, entity, query)
    fields = _fields(entity, query.fields)
    conditions = entity.conditions(session, ask.version)
    narrow(conditions)
    entity.narrow(conditions, query)
    conditions.checked()
    rows = _page(session, entity, ask, conditions, query.limit)
    more, rows = len(rows) > query.limit, rows[: query.limit]
    entries = entity.show(session, ask.version, rows)
    at_moment = ask.moment.as_of is not None or ask.moment.negotiated
    cap = None if query.total else COUNT_CAP
    past_cap = max(PAST_CAP, query.limit) if at_moment else None
    total, exact = _total(entity, conditions, cap, past_cap)
    next_link = _link(ask, _cursor(entity, ask, rows[-1])) if more else None
    content = {
        "data": _cut(entries, fields),
        "meta": {
            **ask.moment.meta,
            "total": total,
            "total_relation": "eq" if exact else "gte",
            "filters": conditions.read_as,
            "coverage": None if total else coverage(entity, conditions),
        },
        "links": {"self": _link(ask, query.cursor), "next": next_link},
    }
    link = f'<{next_link}>; rel="next"' if next_link else None
    return respond(request, content, ask.moment, link)


def item_response(
    request: Request, moment: Moment, entry: Entry, entity: Entity[Any], query: ItemQuery, key: str
) -> Response:
    """One entry; `key` is what the versioned address ends with. A fact's tag has its version."""
    wanted = _fields(entity, query.fields)
    path = request.url.path.rsplit("/", 1)[0]
    content = {
        "data": _cut([entry], wanted)[0],
        "meta": moment.meta,
        "links": {"self": address(f"{path}/{key}", query.model_dump(exclude_defaults=True))},
    }
    return respond(request, content, moment, rev=entry.get("rev"))


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


def _ask(request: Request, session: ReadSession, entity: Entity[Any], query: ListQuery) -> Ask:
    """Read what a list is asked for. Raises InvalidRequest for a cursor that does not fit."""
    params = query.model_dump(exclude_defaults=True)
    order: str = getattr(query, "sort", next(iter(entity.orders)))
    asked = question(request.url.path, {k: v for k, v in params.items() if k not in _NOT_FILTERS})
    moment = asked_for(request, session, query.as_of)
    if query.cursor is None:
        return Ask(request.url.path, params, None, moment, order)
    cursor = decode(query.cursor)
    if isinstance(cursor, Cursor) and (cursor.sort, cursor.question) != (order, asked):
        cursor = Fault("belongs to another path, filter or sort.", "cursor")
    if isinstance(cursor, Cursor) and cursor.version > moment.version:
        cursor = Fault("comes from a later record than this one.", "cursor")
    if isinstance(cursor, Cursor):
        try:
            place = typed(cursor.place, entity.place(order).type.python_type)
            typed(cursor.key, entity.identifier.type.python_type)
        except ValueError:
            cursor = Fault("leads to no place in this list.", "cursor")
    if isinstance(cursor, Fault):
        raise InvalidRequest.of([cursor])
    pinned = at_version(session, moment, cursor.version)
    return Ask(request.url.path, params, cursor, pinned, order, place)


def _page(
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
    asked, places = _asked(entity, conditions), _Places.of(entity, ask, conditions)
    start = None if ask.cursor is None else (ask.place, ask.cursor.key)
    bounds = places.bounds(entity, ask, past=asked.past)
    order = Order(places.columns, ask.descending, bounds, start)
    if ask.cursor is not None:
        asked.params.update(place=ask.place, key=ask.cursor.key)
    ids = searches.page(asked, order, limit + 1)
    if not ids:
        return []

    def build() -> Select[Any]:
        shown = entity.select(PINNED).add_columns(places.place.label("place"))
        ordered = replace(places, columns=[unindexed(column) for column in places.columns])
        return shown.where(among(entity.table.c.row_id, "ids")).order_by(*ordered.ordered(ask))

    shape = ("found", entity.shape, ask.order)
    return session.run(shape, build, {"version": ask.version, "ids": ids})


def _asked(entity: Entity[Any], conditions: Conditions) -> Asked:
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
        found: date | None = rows[0][0]
        return found

    asked = Asked(
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
    conditions.asked = asked
    return asked


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


def _cursor(entity: Entity[Any], ask: Ask, row: Row) -> str:
    place = row.place if isinstance(row.place, str | int) else row.place.isoformat()
    filters = {k: v for k, v in ask.params.items() if k not in _NOT_FILTERS}
    key = getattr(row, entity.key)
    return Cursor(ask.version, ask.order, question(ask.path, filters), place, key).encode()


def _total(
    entity: Entity[Any], conditions: Conditions, cap: int | None, past_cap: int | None = None
) -> tuple[int, bool]:
    """How many entries match, counted up to `cap`, and whether that is exact.

    `past_cap` is given for a moment that was asked for. There the answer is the same for ever, so
    how far it is counted must not depend on what came later: neither on tallies of the present nor
    on how many have a word.
    """
    if past_cap is None or not conditions.made:
        tallied = entity.tallied(conditions)
        if tallied is not None:
            return (min(tallied, cap), tallied <= cap) if cap is not None else (tallied, True)
    if cap is not None and entity.drivers:
        cap = past_cap or UNTALLIED_CAP
    if cap is not None and conditions.phrases is not None:
        return _total_found(entity, conditions)
    session, past = conditions.session, conditions.version != conditions.session.seen
    sampled = cap is not None and past_cap is None and conditions.samples
    shape = ("total", entity.shape, cap is None, past, sampled, conditions.shape)
    params = conditions.params | entity.of | ({} if cap is None else {"cap": cap + 1})

    def build() -> Select[Any]:
        where = conditions.sampled if sampled else conditions.where
        return _count_statement(entity, where, cap, past)

    found = session.run(shape, build, params)
    counted = int(found[0][0])
    if cap is None:
        return counted, True
    return min(counted, cap), counted <= cap and not sampled


def _total_found(entity: Entity[Any], conditions: Conditions) -> tuple[int, bool]:
    """How many match a search."""
    columns = [entity.first_order, entity.identifier]
    order = Order(columns, descending=True, bounds=[], start=None)
    counted = searches.total(_asked(entity, conditions), order, SEARCH_CAP)
    return min(counted, SEARCH_CAP), counted <= SEARCH_CAP


def _count_statement(
    entity: Entity[Any], where: Sequence[ColumnElement[bool]], cap: int | None, past: bool
) -> Select[Any]:
    matching: Select[Any] = (
        select(literal_column("1")).select_from(entity.table).where(*entity.visible(PINNED), *where)
    )
    if past and "recorded_in" in entity.table.c:
        # What came later is most of the record, for an early moment.
        matching = matching.where(entity.table.c.recorded_in <= PINNED)
    if cap is not None:
        matching = matching.limit(bindparam("cap"))
    return select(func.count()).select_from(matching.subquery())


def coverage(entity: Entity[Any], conditions: Conditions) -> dict[str, Any]:
    """What an empty answer covers."""
    session, version = conditions.session, conditions.version
    on_record, _ = _total(entity, entity.conditions(session, version), cap=None)
    covered = session.run("covered", _covered, {"version": version})[0]
    return {
        "on_record": on_record,
        "articles": covered.articles,
        "published_from": covered.first and covered.first.isoformat(),
        "published_to": covered.last and covered.last.isoformat(),
        "note": _note(entity.noun, on_record, covered) + entity.hint(conditions),
    }


def _covered() -> Select[Any]:
    """The articles on record, counted by what came less what went: two ranges of an index."""
    article = table(models.ArticleVersion)
    came, went = (
        select(func.count(column)).where(column <= PINNED).scalar_subquery()
        for column in (article.c.recorded_in, article.c.superseded_in)
    )
    published = article.c.published_on
    there = select(published).where(valid_at(article, PINNED)).limit(1)
    not_later = published <= until("article", PINNED)
    return select(
        (came - went).label("articles"),
        there.order_by(published.asc()).scalar_subquery().label("first"),
        there.where(not_later).order_by(published.desc()).scalar_subquery().label("last"),
    )


def _note(noun: str, on_record: int, covered: Row) -> str:
    if not covered.articles:
        return f"The record holds no article yet, and {on_record} {noun}s."
    when = f"published {covered.first}"
    if covered.first != covered.last:
        when += f" to {covered.last}"
    articles = f"{covered.articles} article{'s' if covered.articles > 1 else ''}"
    return (
        f"None of the {on_record} {noun}s on record matches. The record covers {articles}, {when}; "
        "what is not in it may well have been said elsewhere."
    )


def _fields(entity: Entity[Any], given: str | None) -> set[str] | None:
    """The fields asked for. Raises InvalidRequest for one that there is not."""
    if given is None:
        return None
    known = list(entity.shown.model_fields)
    wanted = [each.strip() for each in given.split(",")]
    faults = [
        Fault(
            f"{each[:80]!r} is no field of a {entity.noun}.",
            "fields",
            allowed=known,
            suggestion=near_miss(each, known),
        )
        for each in wanted
        if each not in known
    ]
    if faults:
        raise InvalidRequest.of(faults)
    return {entity.key, *wanted}


def _cut(entries: list[Entry], fields: set[str] | None) -> list[Entry]:
    if fields is None:
        return entries
    return [{k: v for k, v in entry.items() if k in fields} for entry in entries]


def _link(ask: Ask, cursor: str | None) -> str:
    params = ask.params | {"cursor": cursor}
    return address(ask.path, {k: v for k, v in params.items() if v is not None})


def address(path: str, params: Mapping[str, Any]) -> str:
    """A path with its query."""
    return f"{path}?{urlencode(params, doseq=True)}" if params else path
