"""Searches: the page and the total of a list by words, at a cost that has a bound.

What an index of words tells costs as much as the rarest of what is asked; what it costs to go to
the versions that it names is what has to be kept small. SQLite's index is in the list's order, so
a page is its first matches. PostgreSQL's has no order: where few match, all of them are looked at,
and where many do, month by month, until the page is full; where very many do, it is the list that
is walked.
"""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Select,
    Text,
    bindparam,
    func,
    literal,
    literal_column,
    select,
    tuple_,
)

from app.fulltext import (
    ROW_BITS,
    ROW_MASK,
    asked_of,
    asked_of_vector,
    match,
    matching,
    place,
    source,
    vectors,
)
from app.sql import PINNED, among, in_turn, merged
from app.web import blocks
from app.web.schemas import SEARCH_CAP
from app.web.searched import Asked, Order

FEW = 500
"""Matches up to which all are found and put in order."""

EARLY = 1_500
"""Versions up to which PostgreSQL looks at all that there were at a moment."""

NEAR = 300
"""Entries of a list that are looked at for a word before PostgreSQL's index is asked."""

DENSE = 30
"""Matches among them that make a word a very common one."""

COUNTED_NEAR = 1_500
"""Entries that are looked at for a total where a word is that common."""

LAST_ID = "\U0010ffff"
"""Comes after all ids."""

_UNTIL = bindparam("until", type_=BigInteger())
_BITS: ColumnElement[int] = literal_column(str(ROW_BITS))


def page(asked: Asked, order: Order, limit: int) -> list[int]:
    """The row numbers of the first matches in an order, in no order themselves."""
    if asked.session.dialect == "postgresql":
        found = _near(asked, order, limit)
        if len(found) >= limit:
            return found
    few = _few(asked)
    if few is not None:
        return _among(asked, order, few, limit)
    if asked.session.dialect == "postgresql":
        return _by_block(asked, order, limit)
    return _first(asked, order, limit)


def total(asked: Asked, order: Order, cap: int) -> int:
    """How many match; no more are counted than one beyond the cap, which is less than FEW."""
    looked = asked.found or asked.session.dialect == "sqlite"
    if not looked and len(_near(asked, order, DENSE)) == DENSE:
        near = _counted_near(asked, order, cap)
        if near > cap:
            return near
    few = _few(asked)
    return cap + 1 if few is None else len(few)


def _few(asked: Asked) -> list[int] | None:
    """All that match, if they are few. It is looked for once, for a page and its total."""
    if not asked.found:
        found = _some(asked)
        asked.found.append(None if len(found) > _most(asked) else found)
    return asked.found[0]


def _most(asked: Asked) -> int:
    """How many are few: where the index is in order, no more than a total is counted to."""
    in_order = asked.session.dialect == "sqlite" and not asked.past
    return min(FEW, SEARCH_CAP) if in_order else FEW


def _some(asked: Asked) -> list[int]:
    """What matches, no more than one beyond the few; for a past moment, of what there was then."""
    dialect = asked.session.dialect
    early = _early(asked) if asked.past and dialect == "postgresql" else None
    some: ColumnElement[int] = literal_column(str(_most(asked) + 1))

    def build() -> Select[Any]:
        if early is not None:
            found = select(asked.row_id).where(among(asked.row_id, "ids"), *asked.where())
            return found.where(_has_words(asked.row_id))
        if dialect == "postgresql":
            return _joined(asked).limit(some)
        return _entries(asked, "recorded_in").where(_number("recorded_in") <= _UNTIL).limit(some)

    until = ((asked.version + 1) << ROW_BITS) - 1
    params = {"q": asked.search.asked(dialect), "ids": early, "until": until}
    rows = asked.run(("few", early is None, _most(asked)), build, **params)
    return [row[0] for row in rows]


def _early(asked: Asked) -> list[int] | None:
    """All versions that there were at the time, if they were few."""
    recorded = asked.table.c.recorded_in
    some: ColumnElement[int] = literal_column(str(EARLY + 1))

    def build() -> Select[Any]:
        return select(asked.row_id).where(recorded <= PINNED).order_by(recorded).limit(some)

    rows = asked.run(("early", EARLY), build)
    return None if len(rows) > EARLY else [row[0] for row in rows]


def _among(asked: Asked, order: Order, ids: list[int], limit: int) -> list[int]:
    """The first of these, which all match."""
    if not ids:
        return []

    def build() -> Select[Any]:
        found = select(asked.row_id).where(among(asked.row_id, "ids"), *order.bounds)
        return found.order_by(*order.by).limit(bindparam("wanted"))

    shape = ("among", order.name, order.descending, order.start is None)
    return [row[0] for row in asked.run(shape, build, ids=ids, wanted=limit)]


# SQLite: the index is in the order of the list


def _number(order: str) -> ColumnElement[int]:
    """The numbers of the index's entries."""
    found: ColumnElement[int] = source(order).c.rowid
    return found


def _entries(asked: Asked, order: str) -> Select[Any]:
    """The versions that match, by way of the index in this order."""
    entries = source(order)
    same = asked.row_id == entries.c.rowid.op("&")(literal_column(str(ROW_MASK)))
    found = select(asked.row_id).select_from(in_turn(entries, asked.table, same))
    return found.where(asked_of(order), *asked.where())


def _first(asked: Asked, order: Order, limit: int) -> list[int]:
    """The first matches of the index. Where the page fills, all that come equal are looked at."""
    low, high = _numbers(asked, order)

    def build() -> Select[Any]:
        number = _number(order.name)
        within = number.between(bindparam("low"), bindparam("high"))
        found = _entries(asked, order.name).where(within, *order.bounds)
        place = number.op(">>")(literal_column(str(ROW_BITS)))
        walked = found.with_only_columns(place.label("place"))
        walked = walked.order_by(number.desc() if order.descending else number.asc())
        last = _last(walked.limit(bindparam("wanted")).subquery(), descending=order.descending)
        full = number >= last if order.descending else number <= last
        return found.where(full).order_by(*order.by).limit(bindparam("wanted"))

    shape = ("first", order.name, order.descending, order.start is None)
    q = asked.search.asked("sqlite")
    return [row[0] for row in asked.run(shape, build, q=q, low=low, high=high, wanted=limit)]


def _last(walked: Any, *, descending: bool) -> ColumnElement[Any]:
    """The number beyond which the index need not be walked again."""
    if descending:
        return select(func.min(walked.c.place)).scalar_subquery().op("<<")(_BITS)
    after = select(func.max(walked.c.place) + 1).scalar_subquery()
    return after.op("<<")(_BITS) - 1


def _numbers(asked: Asked, order: Order) -> tuple[int, int]:
    """The numbers of the first and the last entry that can be in the list."""
    if order.name == "recorded_in":
        low, high = 0, asked.version
    else:
        since, until = asked.first_and_last()
        low, high = place(order.name, since), place(order.name, until, LAST_ID)
    if order.start is not None:
        here = place(order.name, *order.start)
        low, high = (low, min(high, here)) if order.descending else (max(low, here), high)
    return low << ROW_BITS, ((high + 1) << ROW_BITS) - 1


# PostgreSQL: the index has no order


def _found() -> Any:
    """The versions that have the words, found first: by the index and not along a table."""
    return matching("postgresql").cte("found").prefix_with("MATERIALIZED")


def _joined(asked: Asked) -> Select[Any]:
    """The versions that match, by way of the index."""
    found = _found()
    return select(asked.row_id).where(found.c.version_id == asked.row_id, *asked.where())


def _walk(asked: Asked, order: Order, entries: int) -> Select[Any]:
    """Of the list's next entries those that match, in no order."""
    row_id, bounds = asked.row_id, [*order.bounds, *_dates(asked, order)]
    pick, columns = asked.pick, [row_id, *order.columns]
    if pick is not None and len(pick.names) > 1:
        ranges = [select(*columns).where(pick.only(n), *bounds) for n in range(len(pick.names))]
        near: Any = merged(ranges, "postgresql", descending=order.descending)
    else:
        narrowed = bounds if pick is None else [pick.only(0), *bounds]
        near = select(row_id).where(*narrowed).order_by(*order.by)
        near = near.limit(literal_column(str(entries))).subquery()
    near = select(near.c.row_id).cte("near").prefix_with("MATERIALIZED")
    return select(row_id).where(row_id == near.c.row_id, _has_words(near.c.row_id), *asked.where())


def _dates(asked: Asked, order: Order) -> Iterator[ColumnElement[bool]]:
    """The dates that are asked for, as places in the order.

    So said, PostgreSQL does not take them for a narrow range when it knows no values yet.
    """
    here, key = tuple_(*order.columns), order.columns[0]
    if order.name == "said_key" and "said_from" in asked.params:
        yield here >= tuple_(bindparam("said_from", type_=key.type), literal("", Text()))
    if order.name == "said_key" and "said_to" in asked.params:
        yield here <= tuple_(bindparam("said_to", type_=key.type), literal(LAST_ID, Text()))


def _has_words(row_id: ColumnElement[int]) -> ColumnElement[bool]:
    """That a version has the words, which PostgreSQL is to look up for each by itself."""
    search = vectors()
    looked = select(asked_of_vector(search)).where(search.c.version_id == row_id)
    found: ColumnElement[bool] = looked.scalar_subquery()
    return found


def _near(asked: Asked, order: Order, limit: int) -> list[int]:
    """Matches among the next entries of the list."""

    def build() -> Select[Any]:
        return _walk(asked, order, NEAR).order_by(*order.by).limit(bindparam("wanted"))

    shape = ("near", NEAR, order.name, order.descending, order.start is None)
    return [row[0] for row in asked.run(shape, build, **_within(asked, NEAR), wanted=limit)]


def _counted_near(asked: Asked, order: Order, cap: int) -> int:
    """How many match among the first entries of the list."""
    shape = ("total near", COUNTED_NEAR, order.name, order.descending)

    def build() -> Select[Any]:
        found = _walk(asked, order, COUNTED_NEAR).limit(bindparam("cap")).subquery()
        return select(func.count()).select_from(found)

    rows = asked.run(shape, build, **_within(asked, COUNTED_NEAR), cap=cap + 1)
    return int(rows[0][0])


def _within(asked: Asked, entries: int) -> dict[str, Any]:
    return {"q": match(asked.search.phrases, "postgresql"), "limit": entries}


def _by_block(asked: Asked, order: Order, limit: int) -> list[int]:
    """The first matches, by ever more months or hundreds of changes at a time."""
    found: list[int] = []

    def build() -> Select[Any]:
        matches = _joined(asked).where(*order.bounds)
        return matches.order_by(*order.by).limit(bindparam("wanted"))

    shape = ("block", order.name, order.descending, order.start is None)
    for marks in blocks.in_order(asked, order):
        q = asked.search.asked("postgresql", marks)
        found += [row[0] for row in asked.run(shape, build, q=q, wanted=limit - len(found))]
        if len(found) >= limit:
            break
    return found
