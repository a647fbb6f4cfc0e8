"""What is asked: the same questions to everyone who can answer them.

Filters change from request to request, so that nothing is measured on one lucky page. They are
taken from the record: whoever and whatever it has at least a page of.
"""

from dataclasses import replace
from datetime import timedelta
from itertools import product
from random import Random
from typing import Any
from urllib.parse import urlencode

import orjson
from sqlalchemy import select
from sqlalchemy.sql import functions as sql

from app import models
from app.db import Database
from app.sessions import ReadSession
from app.settings import Settings
from app.sql import public_at, table
from app.web.cursors import Cursor, decode
from benchmarks.record import LAST_DAY
from benchmarks.servers import LIST, Server
from benchmarks.words import COMMON, EVERYWHERE, MIDDLING, RARE

PAGE = 20
WORDS = {"rare": RARE, "middling": MIDDLING, "common": COMMON, "everywhere": EVERYWHERE}
_SEED = 4
_VERSION = table(models.PositionVersion)
_DATASETTE = {"country": "country_code"}
_TUNED = {"_nocount": "1", "_nosuggest": "1", "_nofacet": "1", "_labels": "on"}
CHILDREN = ("position_targets", "position_clauses", "position_evidence")

Filters = dict[str, str]


class Questions:
    """The questions that go with one database."""

    def __init__(self, url: str) -> None:
        database = Database(Settings(database_url=url))
        self._random = Random(_SEED)
        with database.read() as session:
            self._version = session.record_version()
            self._mixed = self._mix(session)
        database.dispose()

    def lists(self) -> list[Filters]:
        """Filters of lists, mixed: none, and by country, topic, speaker, stance, two of them."""
        return self._mixed

    def past(self) -> list[Filters]:
        """The same, each as of some change of all there were."""
        changes = range(self._version // 10, self._version)
        return [each | {"as_of": str(self._random.choice(changes))} for each in self._mixed]

    def searches(self, word: str, *, filtered: bool) -> list[Filters]:
        """Searches for a word, alone or with each sort of filter."""
        found = {"q": WORDS[word]}
        if not filtered:
            return [found]
        single = [each for each in self._mixed if each.keys() & {"country", "topic"}]
        return [found | each for each in single]

    def distinct(self, many: int) -> list[str]:
        """So many targets of ours, no two alike."""
        countries = [each["country"] for each in self._mixed if each.keys() == {"country"}]
        days = [LAST_DAY - timedelta(days=day) for day in range(3000)]
        everything = product(days, range(1, PAGE + 1), countries)
        return [
            f"/v1/positions?country={country}&limit={limit}&said_to={day}"
            for (day, limit, country), _ in zip(everything, range(many), strict=False)
        ]

    def _mix(self, session: ReadSession) -> list[Filters]:
        country, topic = _VERSION.c.country_code, _VERSION.c.topic
        topics = table(models.TopicVersion)
        # Our lists take a topic's narrower ones in, the peers' do not: those without are alike.
        broader = {row[0] for row in session.rows(select(topics.c.broader).distinct())}
        leaves = topic.not_in(sorted(broader - {None}))
        found: list[Filters] = [{}] * 4
        found += _frequent(session, self._version, 24, country=country)
        found += _frequent(session, self._version, 12, topic=topic, where=leaves)
        found += _frequent(session, self._version, 16, speaker=_VERSION.c.speaker)
        found += _frequent(session, self._version, 8, stance=_VERSION.c.stance)
        found += _frequent(session, self._version, 16, country=country, topic=topic, where=leaves)
        self._random.shuffle(found)
        return found


def _frequent(
    session: ReadSession, version: int, many: int, where: Any = None, **columns: Any
) -> list[Filters]:
    """The values of these columns that the record has most of, and at least a page."""
    counted = sql.count()
    statement = (
        select(*(column.label(name) for name, column in columns.items()))
        .where(*public_at(_VERSION, version), *(c.is_not(None) for c in columns.values()))
        .group_by(*columns.values())
        .having(counted >= PAGE)
        .order_by(counted.desc(), *columns.values())
        .limit(many)
    )
    if where is not None:
        statement = statement.where(where)
    return [dict(row._mapping) for row in session.rows(statement)]  # noqa: SLF001 - SQLAlchemy's public name for it


def ours(filters: list[Filters]) -> list[str]:
    """These questions, as our server takes them."""
    return [f"{LIST}&{urlencode(each)}" if each else LIST for each in filters]


def tutorials(filters: list[Filters]) -> list[str]:
    """These questions, as the tutorials' app takes them."""
    return [f"/positions?{urlencode({'limit': PAGE} | each)}" for each in filters]


def datasettes(url: str, filters: list[Filters]) -> list[str]:
    """These questions, as Datasette takes them, tuned: no counts, no facets, but labels."""
    name = url.rpartition("/")[2].rpartition(".")[0]
    fixed = _TUNED | {
        "_size": str(PAGE),
        "_sort_desc": "said_key",
        # Not by the index on this column: see the tutorials' app.
        "_where": "+superseded_in IS NULL",
        "curation": "published",
    }
    return [
        f"/{name}/position_versions.json?"
        + urlencode(fixed | {_DATASETTE.get(k, k): v for k, v in each.items()})
        for each in filters
    ]


def with_children(server: Server, lists: list[str]) -> list[str]:
    """Lists of Datasette, each with what else it takes to tell all: the children of its rows."""
    found = []
    for target in lists:
        rows = orjson.loads(server.get(f"{target}&_shape=array")[0])
        ids = ",".join(str(row["row_id"]) for row in rows)
        children = {"version_id__in": ids, "_size": "200", **_TUNED}
        base = target.partition("/position_versions.json")[0]
        found += [target, *(f"{base}/{name}.json?{urlencode(children)}" for name in CHILDREN)]
    return found


def deep(server: Server, url: str, depth: int) -> list[str]:
    """Pages of our list that begin so many positions down, by cursors such as a walk has there."""
    body, _ = server.get(LIST)
    following: str = orjson.loads(body)["links"]["next"]
    before, _, written = following.partition("cursor=")
    cursor = decode(written)
    if not isinstance(cursor, Cursor):
        raise TypeError(cursor)
    return [
        before + "cursor=" + replace(cursor, place=place, key=key).encode()
        for place, key in _places(url, depth)
    ]


def _places(url: str, depth: int) -> list[tuple[str, str]]:
    """Where the list stands after so many positions, and at each page after that."""
    database = Database(Settings(database_url=url))
    with database.read() as session:
        rows = session.rows(
            select(_VERSION.c.said_key, _VERSION.c.id)
            .where(*public_at(_VERSION, session.record_version()))
            .order_by(_VERSION.c.said_key.desc(), _VERSION.c.id.desc())
            .offset(depth)
            .limit(40 * PAGE)
        )
    database.dispose()
    return [(row.said_key.isoformat(), row.id) for row in rows[::PAGE]]
