"""References and children as every answer shows them, loaded for a whole page at once."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, and_, select
from sqlalchemy.orm import aliased

from app import models
from app.db import ReadSession, column, valid_at

Entry = dict[str, Any]


class Joined:
    """A table of versions joined to a statement by a reference, as of a record version."""

    def __init__(self, table: Any, key: str, version: int) -> None:
        self.alias = aliased(table)
        self._key = key
        self._version = version

    @property
    def name(self) -> Any:
        """The name of what is referred to."""
        return column(self.alias.name)

    def to(self, statement: Select[Any], reference: Any) -> Select[Any]:
        """The statement, with what `reference` refers to joined."""
        key = column(getattr(self.alias, self._key))
        on = and_(key == column(reference), valid_at(self.alias, self._version))
        return statement.outerjoin(self.alias, on)


def country(version: int) -> Joined:
    """A reference to a country."""
    return Joined(models.CountryVersion, "code", version)


def group(version: int) -> Joined:
    """A reference to a group."""
    return Joined(models.GroupVersion, "slug", version)


def official(version: int) -> Joined:
    """A reference to an official."""
    return Joined(models.OfficialVersion, "slug", version)


def topic(version: int) -> Joined:
    """A reference to a topic."""
    return Joined(models.TopicVersion, "slug", version)


def coded(code: str | None, name: str | None) -> Entry | None:
    """A reference to a country as it is shown."""
    return None if code is None else {"code": code, "name": name}


def slugged(slug: str | None, name: str | None) -> Entry | None:
    """A reference to anything with a slug, as it is shown."""
    return None if slug is None else {"slug": slug, "name": name}


def actor(row: Any) -> Entry:
    """A country or group as it is shown, from a row of `actors_statement`."""
    return {
        "country": coded(row.country_code, row.country_name),
        "group": slugged(row.group_slug, row.group_name),
    }


def actors_statement(child: Any, version: int, parents: Sequence[int]) -> Select[Any]:
    """The countries and groups that are children of these versions, in order, with their names."""
    by_code, by_slug = country(version), group(version)
    statement: Select[Any] = select(
        column(child.version_id),
        column(child.country_code),
        by_code.name.label("country_name"),
        column(child.group_slug),
        by_slug.name.label("group_name"),
    ).select_from(child)
    statement = by_slug.to(by_code.to(statement, child.country_code), child.group_slug)
    return statement.where(column(child.version_id).in_(parents)).order_by(
        column(child.version_id), column(child.ordinal)
    )


def actors(
    session: ReadSession, version: int, child: Any, parents: Sequence[int]
) -> dict[int, list[Entry]]:
    """The countries and groups that are children of these versions, by version."""
    found: dict[int, list[Entry]] = defaultdict(list)
    for row in session.rows(actors_statement(child, version, parents)):
        found[row.version_id].append(actor(row))
    return found


def evidence(
    session: ReadSession, version: int, child: Any, parents: Sequence[int]
) -> dict[int, list[Entry]]:
    """The evidence of these versions (or of these children), by their row number."""
    article = aliased(models.ArticleVersion)
    on = and_(column(article.id) == column(child.article_id), valid_at(article, version))
    statement = (
        select(*child.__table__.columns, column(article.headline))
        .select_from(child)
        .outerjoin(article, on)
        .where(column(child.version_id).in_(parents))
        .order_by(column(child.version_id), column(child.ordinal))
    )
    found: dict[int, list[Entry]] = defaultdict(list)
    for row in session.rows(statement):
        found[row.version_id].append(
            {
                "article": {"id": row.article_id, "headline": row.headline},
                "start": row.start_at,
                "end": row.end_at,
                "exact": row.exact,
                "prefix": row.prefix,
                "suffix": row.suffix,
                "exact_sha256": row.exact_sha256,
                "quote_type": row.quote_type,
                "cue": row.cue,
                "source_text": row.source_text,
            }
        )
    return found


def articles(proofs: Sequence[Entry]) -> list[Entry]:
    """The articles that evidence stands in, each once."""
    return list({proof["article"]["id"]: proof["article"] for proof in proofs}.values())


def names(
    session: ReadSession, table: Any, parents: Sequence[int]
) -> dict[int, dict[str, list[str]]]:
    """The names that lead to these versions, by version and kind of name."""
    statement = (
        select(column(table.version_id), column(table.kind), column(table.text))
        .where(column(table.version_id).in_(parents))
        .order_by(column(table.version_id), column(table.ordinal))
    )
    found: dict[int, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for row in session.rows(statement):
        found[row.version_id][row.kind].append(row.text)
    return found
