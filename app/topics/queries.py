"""Topics: the slice's only SQL."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, Select, select

from app import models
from app.sessions import ReadSession
from app.sql import Version, table, valid_at
from app.topics.schemas import Topic, TopicQuery
from app.web.entities import Entity, public
from app.web.filters import Conditions
from app.web.references import Entry, References

_VERSION = table(models.TopicVersion)
_CODE = table(models.TopicCode)


def _select(_: Version) -> Select[Any]:
    return select(
        _VERSION.c.row_id,
        _VERSION.c.slug,
        _VERSION.c.name,
        _VERSION.c.description,
        _VERSION.c.broader,
    ).select_from(_VERSION)


def _show(session: ReadSession, version: int, rows: Sequence[Row[Any]]) -> list[Entry]:
    narrower = _narrower(session, version, [row.slug for row in rows])
    codes = _codes(session, [row.row_id for row in rows])
    with References(session, version) as refer:
        return [
            {
                "slug": row.slug,
                "name": row.name,
                "description": row.description,
                "broader": refer.topic[row.broader],
                "narrower": narrower[row.slug],
                "codes": codes[row.row_id],
            }
            for row in rows
        ]


def _narrower(session: ReadSession, version: int, slugs: Sequence[str]) -> dict[str, list[Entry]]:
    statement = (
        select(_VERSION.c.broader, _VERSION.c.slug, _VERSION.c.name)
        .where(valid_at(_VERSION, version), _VERSION.c.broader.in_(slugs))
        .order_by(_VERSION.c.slug)
    )
    found: dict[str, list[Entry]] = defaultdict(list)
    for row in session.rows(statement):
        found[row.broader].append({"slug": row.slug, "name": row.name})
    return found


def _codes(session: ReadSession, parents: Sequence[int]) -> dict[int, list[Entry]]:
    statement = (
        select(_CODE.c.version_id, _CODE.c.scheme, _CODE.c.code)
        .where(_CODE.c.version_id.in_(parents))
        .order_by(_CODE.c.version_id, _CODE.c.ordinal)
    )
    found: dict[int, list[Entry]] = defaultdict(list)
    for row in session.rows(statement):
        found[row.version_id].append({"scheme": row.scheme, "code": row.code})
    return found


def _narrow(conditions: Conditions, query: TopicQuery) -> None:
    known = conditions.known_topic
    conditions.column("broader", query.broader, known, _VERSION.c.broader)


TOPICS: Entity[TopicQuery] = Entity(
    noun="topic",
    table=_VERSION,
    key="slug",
    orders={"slug": "slug", "name": "name"},
    visible=public(_VERSION),
    select=_select,
    show=_show,
    shown=Topic,
    narrow=_narrow,
)
