"""Totals of lists, counted no further than a page costs, and what an empty list covers."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, func, literal_column, select

from app import models
from app.horizons import until
from app.sql import PINNED, Row, table, valid_at
from app.web import searches
from app.web.entities import Entity
from app.web.filters import Conditions
from app.web.paging import asked
from app.web.schemas import COUNT_CAP, PAST_CAP, SEARCH_CAP, UNTALLIED_CAP
from app.web.searched import Order


def exact_total(entity: Entity[Any], conditions: Conditions) -> int:
    """How many entries match, all of them counted if no tally tells."""
    tallied = entity.tallied(conditions)
    return _count(entity, conditions, None) if tallied is None else tallied


def total(
    entity: Entity[Any], conditions: Conditions, limit: int, *, at_moment: bool
) -> tuple[int, bool]:
    """How many entries match, as far as that costs no more than the page, and whether that is all.

    At a moment that was asked for the answer is the same for ever, so how far it is counted must
    not depend on what came later: neither on tallies of the present nor on how many have a target.
    """
    tallied = None if at_moment and conditions.made else entity.tallied(conditions)
    if tallied is not None:
        return _capped(tallied, COUNT_CAP)
    if conditions.phrases is not None:
        return _capped(_found(entity, conditions), SEARCH_CAP)
    cap = COUNT_CAP
    if entity.drivers:
        cap = max(PAST_CAP, limit) if at_moment else UNTALLIED_CAP
    sampled = conditions.samples and not at_moment
    counted, whole = _capped(_count(entity, conditions, cap, sampled=sampled), cap)
    return counted, whole and not sampled


def _capped(counted: int, cap: int) -> tuple[int, bool]:
    return min(counted, cap), counted <= cap


def _found(entity: Entity[Any], conditions: Conditions) -> int:
    """How many match a search, up to one beyond its cap."""
    columns = [entity.first_order, entity.identifier]
    order = Order(columns, descending=True, bounds=[], start=None)
    return searches.total(asked(entity, conditions), order, SEARCH_CAP)


def _count(
    entity: Entity[Any], conditions: Conditions, cap: int | None, *, sampled: bool = False
) -> int:
    """How many match, up to one beyond the cap; `sampled` looks at a part of what may match."""
    session, past = conditions.session, conditions.version != conditions.session.seen
    shape = ("total", entity.shape, cap is None, past, sampled, conditions.shape)
    params = conditions.params | entity.of | ({} if cap is None else {"cap": cap + 1})

    def build() -> Select[Any]:
        where = conditions.sampled if sampled else conditions.where
        return _count_statement(entity, where, cap, past)

    return int(session.run(shape, build, params)[0][0])


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
    on_record = exact_total(entity, entity.conditions(session, version))
    ask = lambda: session.run("covered", _covered, {"version": version})
    (covered,) = session.memory.recall(("covered", version), ask)
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
