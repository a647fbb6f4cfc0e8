"""Blocks: a list in parts that follow each other, for an index that has no order.

A block is a month, or some hundreds of changes. They are given as the marks that their entries have
(`app.fulltext`): one at first, then twice as many at a time, until the page is full.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Date, DateTime, Select, bindparam, cast, func, select, text

from app.fulltext import BLOCK, block, month
from app.web.searched import Asked, Order

MOST = 64
"""Blocks that are given at a time, at most."""


def in_order(asked: Asked, order: Order) -> Iterator[list[str]]:
    """The marks of the blocks of a list."""
    return _changes(asked, order) if order.name == "recorded_in" else _months(asked, order)


def _changes(asked: Asked, order: Order) -> Iterator[list[str]]:
    """The marks of changes, in the order of the list."""
    here = None if order.start is None else order.start[0] // BLOCK
    last = asked.version // BLOCK
    if order.descending:
        numbers = range(last if here is None else here, -1, -1)
    else:
        numbers = range(here or 0, last + 1)
    done, some = 0, 1
    while done < len(numbers):
        yield [block(number) for number in numbers[done : done + some]]
        done, some = done + some, min(2 * some, MOST)


def _months(asked: Asked, order: Order) -> Iterator[list[str]]:
    """The marks of the months that there is something of, in the order of the list."""
    since, until = asked.first_and_last()
    at = until if order.descending else since
    if order.start is not None:
        at = order.start[0]
    some, build = 1, lambda: _days(order)
    while True:
        rows = asked.run(("months", order.descending), build, at=at, some=some)
        days = [row[0] for row in rows if row[0] is not None and since <= row[0] <= until]
        if days:
            yield [month(day) for day in days]
        if len(days) < some:
            return
        beyond = _beyond(days[-1], descending=order.descending)
        if beyond is None:
            return
        at, some = beyond, min(2 * some, MOST)


def _beyond(day: date, *, descending: bool) -> date | None:
    """The day next to a day's month; None where there is none."""
    first = day.replace(day=1)
    try:
        if descending:
            return first - timedelta(days=1)
        return (first + timedelta(days=32)).replace(day=1)
    except OverflowError:
        return None


def _days(order: Order) -> Select[Any]:
    """A day of each of the next months that anything was said in."""
    key = order.columns[0]
    furthest = func.max(key) if order.descending else func.min(key)
    at = bindparam("at", type_=Date())
    begins = select(furthest.label("day")).where(key <= at if order.descending else key >= at)
    days = begins.cte("days", recursive=True)
    this = func.date_trunc("month", cast(days.c.day, DateTime()))
    beyond = key < this if order.descending else key >= this + text("INTERVAL '1 month'")
    after = select(select(furthest).where(beyond).scalar_subquery()).where(days.c.day.is_not(None))
    return select(days.union_all(after).c.day).limit(bindparam("some"))
