"""References and children as every answer shows them, loaded for a whole page at once."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Select,
    Table,
    and_,
    literal,
    select,
    union_all,
)

from app import models
from app.sessions import ReadSession
from app.sql import PINNED, Version, among, table, valid_at

Entry = dict[str, Any]


class Joined:
    """A table of versions joined to a statement by a reference, as of a record version."""

    def __init__(self, versions: Table, key: str, version: Version) -> None:
        self.alias = versions.alias()
        self._key = key
        self._version = version

    @property
    def name(self) -> Any:
        """The name of what is referred to."""
        return self.alias.c.name

    def names(self, keys: str) -> Select[Any]:
        """What is referred to by the keys that the parameter `keys` lists, as `key` and `name`."""
        key = self.alias.c[self._key]
        found = select(key.label("key"), self.name)
        return found.where(among(key, keys), valid_at(self.alias, self._version))

    def to(self, statement: Select[Any], reference: ColumnElement[Any]) -> Select[Any]:
        """The statement, with what `reference` refers to joined."""
        on = and_(self.alias.c[self._key] == reference, valid_at(self.alias, self._version))
        return statement.outerjoin(self.alias, on)


def country(version: Version) -> Joined:
    """A reference to a country."""
    return Joined(table(models.CountryVersion), "code", version)


def group(version: Version) -> Joined:
    """A reference to a group."""
    return Joined(table(models.GroupVersion), "slug", version)


def official(version: Version) -> Joined:
    """A reference to an official."""
    return Joined(table(models.OfficialVersion), "slug", version)


def topic(version: Version) -> Joined:
    """A reference to a topic."""
    return Joined(table(models.TopicVersion), "slug", version)


def names_in(
    session: ReadSession,
    version: int,
    refers: Mapping[str, Callable[[Version], Joined]],
    keys: Mapping[str, Sequence[str]],
) -> dict[str, dict[str, str]]:
    """The names of what keys refer to at a record version, for several kinds of reference."""

    def build() -> CompoundSelect[Any]:
        return union_all(
            *(
                to(PINNED).names(f"keys_{kind}").add_columns(literal(kind).label("kind"))
                for kind, to in refers.items()
            )
        )

    found: dict[str, dict[str, str]] = {kind: {} for kind in refers}
    params = {f"keys_{kind}": keys[kind] for kind in refers} | {"version": version}
    for row in session.run(("names of", *refers.items()), build, params) if refers else ():
        found[row.kind][row.key] = row.name
    return found


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


def actors_statement(child: Table) -> Select[Any]:
    """The countries and groups that are children of versions, in order, with their names."""
    by_code, by_slug = country(PINNED), group(PINNED)
    statement: Select[Any] = select(
        child.c.version_id,
        child.c.country_code,
        by_code.name.label("country_name"),
        child.c.group_slug,
        by_slug.name.label("group_name"),
    ).select_from(child)
    statement = by_slug.to(by_code.to(statement, child.c.country_code), child.c.group_slug)
    return of_parents(statement, child)


def of_parents(statement: Select[Any], child: Table) -> Select[Any]:
    """A statement on children, for those of the versions that the parameter `parents` lists."""
    return statement.where(among(child.c.version_id, "parents")).order_by(
        child.c.version_id, child.c.ordinal
    )


def actors(
    session: ReadSession, version: int, child: Table, parents: Sequence[int]
) -> dict[int, list[Entry]]:
    """The countries and groups that are children of these versions, by version."""
    found: dict[int, list[Entry]] = defaultdict(list)
    params = {"version": version, "parents": parents}
    for row in session.run(("actors", child.name), lambda: actors_statement(child), params):
        found[row.version_id].append(actor(row))
    return found


def evidence(
    session: ReadSession, version: int, child: Table, parents: Sequence[int]
) -> dict[int, list[Entry]]:
    """The evidence of these versions (or of these children), by their row number."""
    found: dict[int, list[Entry]] = defaultdict(list)
    params = {"version": version, "parents": parents}
    for row in session.run(("evidence", child.name), lambda: _evidence(child), params):
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


def _evidence(child: Table) -> Select[Any]:
    article = table(models.ArticleVersion).alias()
    on = and_(article.c.id == child.c.article_id, valid_at(article, PINNED))
    statement = select(*child.c, article.c.headline).select_from(child).outerjoin(article, on)
    return of_parents(statement, child)


def names(
    session: ReadSession, child: Table, parents: Sequence[int]
) -> dict[int, dict[str, list[str]]]:
    """The names that lead to these versions, by version and kind of name."""

    def build() -> Select[Any]:
        return of_parents(select(child.c.version_id, child.c.kind, child.c.text), child)

    found: dict[int, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for row in session.run(("names", child.name), build, {"parents": parents}):
        found[row.version_id][row.kind].append(row.text)
    return found
