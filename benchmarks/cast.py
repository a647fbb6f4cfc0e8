"""Who acts and on what: topics, bodies and officials, entered by the application's own way in.

They are few beside the positions, so they need no speed; `settle` gives what the generator of
positions has to know of them.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256
from itertools import accumulate
from random import Random
from typing import Any

from sqlalchemy import func, select

from app import models
from app.codelists import ChangeKind, EndStatus, GroupKind, NameKind
from app.db import Database
from app.ingest import shapes
from app.ingest.assemble import names
from app.ingest.changes import GENESIS, Origin
from app.ingest.shapes import Snapshot
from app.ingest.store import Want, article_id, plan, store
from app.sessions import ReadSession
from app.sql import table
from benchmarks.words import Words

FIRST_DAY = date(2015, 11, 16)
_HANDBOOK = sha256(b"the handbook of officials").hexdigest()
_TOPICS = {
    "diplomacy": ("recognition", "embassies", "water-treaties"),
    "security": ("disarmament", "maritime-security", "prisoner-exchange", "air-defence"),
    "economy": ("sanctions", "debt-relief", "energy-supply", "grain-exports"),
    "migration": ("asylum", "visa-rules"),
}
_BODIES = (
    ("foreign-ministry", "Foreign Ministry of {}", GroupKind.MINISTRY),
    ("government", "Government of {}", GroupKind.GOVERNMENT),
    ("parliament", "Parliament of {}", GroupKind.LEGISLATURE),
)
_POSTS = ("Foreign Minister", "Foreign Ministry spokesperson", "Prime Minister", "Special envoy")


@dataclass(frozen=True)
class Person:
    """An official in a post."""

    slug: str
    role: str
    body: str


@dataclass
class Cast:
    """Who acts and on what, and where the record stands before the positions come in."""

    countries: list[str] = field(default_factory=list)
    """The most talkative first; how often each speaks follows Zipf's law."""
    bodies: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    people: dict[str, list[Person]] = field(default_factory=lambda: defaultdict(list))
    """Officials by country."""
    unions: list[str] = field(default_factory=list)
    """Bodies of no country."""
    publishers: list[str] = field(default_factory=list)
    agencies: list[str] = field(default_factory=list)
    broader: dict[str, str | None] = field(default_factory=dict)
    """Topics, each with the one above it."""
    numbers: dict[str, int] = field(default_factory=dict)
    """The latest version of each topic."""
    last_change: int = 0
    last_digest: str = GENESIS
    last_row: dict[str, int] = field(default_factory=dict)
    """The highest row id of the tables that have one, by table."""


def zipf(count: int) -> list[float]:
    """Cumulative weights: the n-th is drawn 1/n as often as the first."""
    return list(accumulate(1 / rank for rank in range(1, count + 1)))


def settle(database: Database, positions: int, random: Random) -> Cast:
    """Put topics, bodies and officials on record, in one change; as many as the positions need."""
    cast, words = Cast(), Words(random, positions)
    with database.write() as session:
        versions = table(models.CountryVersion)
        rows = session.rows(select(versions.c.code, versions.c.name).order_by(versions.c.code))
        named = {row.code: row.name for row in rows}
        cast.countries = random.sample(sorted(named), len(named))
        wants = [
            *_topics(),
            *_bodies(cast, named),
            *_press(cast, words),
            _handbook(cast),
            *_people(cast, 400 + positions // 300, random, words),
        ]
        origin = Origin(ChangeKind.INGEST, "benchmarks", "generated", article_id=_article())
        store(session, plan(shapes.on_record(session), wants), origin)
        _look_around(session, cast)
    return cast


def _article() -> str:
    return article_id(_HANDBOOK)


def _topics() -> Iterator[Want]:
    for broader, slugs in _TOPICS.items():
        for slug in slugs:
            name = slug.replace("-", " ").capitalize()
            values = {"slug": slug, "name": name, "broader": broader, "description": f"{name}."}
            yield Want(shapes.TOPIC, slug, Snapshot(values, {"codes": []}))


def _group(slug: str, name: str, kind: GroupKind, country: str | None) -> Want:
    values = {
        "slug": slug,
        "name": name,
        "kind": kind.value,
        "country_code": country,
        "wikidata": None,
    }
    return Want(
        shapes.GROUP,
        slug,
        Snapshot(values, {"names": names([(NameKind.NAME, name)]), "labels": []}),
    )


def _bodies(cast: Cast, named: dict[str, str]) -> Iterator[Want]:
    for code in cast.countries:
        for kind, name, group_kind in _BODIES:
            slug = f"{code.lower()}-{kind}"
            cast.bodies[code].append(slug)
            yield _group(slug, name.format(named[code]), group_kind, code)
    for number in range(1, 11):
        slug = f"regional-union-{number}"
        cast.unions.append(slug)
        yield _group(slug, f"Regional Union {number}", GroupKind.INTERGOVERNMENTAL, None)


def _press(cast: Cast, words: Words) -> Iterator[Want]:
    for number in range(1, 201):
        cast.publishers.append(f"publisher-{number}")
        name = f"{words.name().capitalize()} Daily {number}"
        yield _group(cast.publishers[-1], name, GroupKind.PUBLISHER, None)
    for number in range(1, 21):
        cast.agencies.append(f"agency-{number}")
        name = f"{words.name().capitalize()} Press Agency {number}"
        yield _group(cast.agencies[-1], name, GroupKind.NEWS_AGENCY, None)


def _handbook(cast: Cast) -> Want:
    """The article that attests the officials in their posts."""
    values = dict.fromkeys(shapes.ARTICLE.said) | {
        "id": _article(),
        "headline": "Who Holds Which Post",
        "publisher": cast.publishers[0],
        "published_on": FIRST_DAY,
        "language": "en",
        "text_sha256": _HANDBOOK,
        "characters": 1_000_000,
        "rights": "Generated for measuring.",
    }
    return Want(shapes.ARTICLE, _article(), Snapshot(values))


def _people(cast: Cast, count: int, random: Random, words: Words) -> Iterator[Want]:
    countries = random.choices(cast.countries, cum_weights=zipf(len(cast.countries)), k=count)
    for number, country in enumerate(countries):
        first, last = words.name(), words.name()
        body, post = random.choice(cast.bodies[country]), random.choice(_POSTS)
        person = Person(f"{first}-{last}-{number}", post, body)
        cast.people[country].append(person)
        name = f"{first.capitalize()} {last.capitalize()}"
        values = {"slug": person.slug, "name": name, "wikidata": None}
        tenure = _tenure(person, country, 40 * number)
        named = names([(NameKind.NAME, name), (NameKind.ALIAS, f"{name} {number}")])
        yield Want(
            shapes.OFFICIAL, person.slug, Snapshot(values, {"names": named, "tenures": [tenure]})
        )


def _tenure(person: Person, country: str, at: int) -> Snapshot:
    values = {
        "post": person.role,
        "group_slug": person.body,
        "country_code": country,
        "started_on": None,
        "ended_on": None,
        "end_status": EndStatus.IN_POST.value,
        "attested_on": FIRST_DAY,
    }
    return Snapshot(values, {"evidence": [Snapshot(_mention(at))]})


def _mention(at: int) -> dict[str, Any]:
    return {
        "article_id": _article(),
        "start_at": at,
        "end_at": at + 30,
        "exact": None,
        "prefix": "in office: ",
        "suffix": " as of today",
        "exact_sha256": sha256(str(at).encode()).hexdigest(),
        "quote_type": "mention",
        "cue": None,
        "source_text": None,
    }


def _look_around(session: ReadSession, cast: Cast) -> None:
    """Note the topics, and the highest numbers in use."""
    topics = table(models.TopicVersion)
    for row in session.rows(select(topics.c.slug, topics.c.broader).order_by(topics.c.slug)):
        cast.broader[row.slug] = row.broader
    counted = table(models.TopicChange)
    latest = select(counted.c.topic, func.max(counted.c.number).label("latest")).group_by(
        counted.c.topic
    )
    cast.numbers = {row.topic: row.latest for row in session.rows(latest.group_by(counted.c.topic))}
    cast.last_change = session.record_version()
    changes = table(models.Change)
    cast.last_digest = session.scalar(
        select(changes.c.digest).where(changes.c.seq == cast.last_change)
    )
    for model in (models.ArticleVersion, models.PositionVersion):
        versions = table(model)
        cast.last_row[versions.name] = session.scalar(select(func.max(versions.c.row_id))) or 0
