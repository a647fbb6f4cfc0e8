"""Articles: the slice's only SQL."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, Select, select

from app import models
from app.articles.schemas import Article, ArticleQuery
from app.sessions import ReadSession
from app.sql import Version, table
from app.web import filters
from app.web.entities import Entity, public
from app.web.filters import Conditions
from app.web.references import Entry, References

_VERSION = table(models.ArticleVersion)


def _select(_: Version) -> Select[Any]:
    return select(*_VERSION.c).select_from(_VERSION)


def _show(session: ReadSession, version: int, rows: Sequence[Row[Any]]) -> list[Entry]:
    with References(session, version) as refer:
        return [
            {
                "id": row.id,
                "headline": row.headline,
                "publisher": refer.group[row.publisher],
                "agency": refer.group[row.agency],
                "byline": row.byline,
                "published_on": row.published_on.isoformat(),
                "url": row.url,
                "language": row.language,
                "text_sha256": row.text_sha256,
                "characters": row.characters,
                "rights": row.rights,
            }
            for row in rows
        ]


def _narrow(conditions: Conditions, query: ArticleQuery) -> None:
    conditions.named("publisher", query.publisher, filters.GROUP, _VERSION.c.publisher)
    conditions.named("agency", query.agency, filters.GROUP, _VERSION.c.agency)
    conditions.existing("language", query.language, _VERSION.c.language, "language")
    conditions.dates("published", query.published_from, query.published_to, _VERSION.c.published_on)


ARTICLES: Entity[ArticleQuery] = Entity(
    noun="article",
    table=_VERSION,
    key="id",
    orders={"published_on": "published_on"},
    visible=public(_VERSION),
    select=_select,
    show=_show,
    shown=Article,
    narrow=_narrow,
    horizon="article",
)
