"""What was recorded at an earlier moment is read again byte for byte, whatever happened since.

ONRECORD_CHANGES sets how much happens; 200 changes, which take minutes, are a thorough test.
"""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

import pytest
from fastapi.testclient import TestClient

from app.db import Database
from app.ingest.reading import read_file
from app.main import create_app
from app.settings import Settings
from tests.conftest import RECORD
from tests.http import factory
from tests.http.helpers import ENDPOINTS, LISTS, Entry, listed
from tests.ingest.support import as_json
from tests.support import Client
from tests.time.conftest import two_urls, with_seed
from tests.time.curating import CODES, KINDS, SECTIONS, TEXT, WORDS, Desk, cited, key_for
from tests.time.history import TIMED, TOPICS, a_day_apart, at, edited
from tests.time.model import KEYS, Said
from tests.time.test_chain import kept

CHANGES = int(os.environ.get("ONRECORD_CHANGES", "30"))
FILTERED = (
    "/v1/positions?country=PAK&topic=security",
    "/v1/positions?stance=%21accuses&target=AFG&sort=said_on&limit=2",
    "/v1/positions?q=talks&total=exact",
    "/v1/positions?speaker=tahir-andrabi&tone=conflictual",
    "/v1/positions?fields=topic,stance,evidence&limit=4",
    "/v1/positions?country=DEU",
    "/v1/positions/counts?by=country&by=stance",
    "/v1/positions/counts?by=speaker&topic=economy",
    "/v1/mediation-offers?mediator=IRN",
    "/v1/mediation-offers?status=announced%7Cinvited",
    "/v1/rounds?party=AFG&outcome=no_agreement",
    "/v1/groups?kind=armed_group",
    "/v1/officials?limit=1",
    "/v1/articles?publisher=outlook-india",
    "/v1/changes?since=-1",
    "/v1/countries?limit=200",
    "/v1/countries/Pakistan",
    "/v1/compare?country=PAK%7CIRN&topic=mediation",
)
"""Questions that what happens later has other answers to."""
SETTLED = (
    *(f"/v1/record/{number}" for number in (0, 1)),
    *(f"/v1/topics/{topic}/versions/1" for topic in TOPICS),
    *(f"/v1/topics/{topic}/diff?from=0&to=1" for topic in TOPICS),
)
"""What is of the past without being asked for it."""


class Answer(NamedTuple):
    """An answer, as far as it may not change."""

    status: int
    tag: str
    body: bytes


def addresses(client: TestClient) -> Iterator[str]:
    """Everything that can be asked as of the first article, by every order and of every fact."""
    yield from (at(ENDPOINTS[name].path, 1) for name in TIMED)
    yield from (at(path, 1) for path in FILTERED)
    for path, (_, orders) in LISTS.items():
        yield from (at(f"{path}?limit=3&sort={order}", 1) for order in orders)
    for path in KINDS:
        for entry in listed(client, f"/v1/{path}", as_of=1):
            here = f"/v1/{path}/{entry['id']}"
            parts = ("", "/evidence", "/history", "/receipt")
            yield from (at(here + part, 1) for part in parts)
    yield from SETTLED


def answers(client: TestClient) -> dict[str, Answer]:
    """The answers to all that, page by page."""
    found: dict[str, Answer] = {}
    for address in addresses(client):
        following: str | None = address
        while following is not None and following not in found:
            answer = client.get(following)
            assert answer.status_code == 200, (following, answer.text)
            found[following] = Answer(200, answer.headers["etag"], answer.content)
            following = answer.json().get("links", {}).get("next")
    return found


class AtRandom:
    """A curator without a plan, who does the same again with the same random numbers."""

    def __init__(self, desk: Desk, random: Random) -> None:
        self.desk = desk
        self.random = random
        self.changes = 0
        self.alive: dict[str, str] = {
            entry["id"]: path for path in KINDS for entry in listed(desk.client, f"/v1/{path}")
        }
        """The facts that are not gone, with where each is."""
        self.drafts: set[str] = set()

    def work(self, changes: int) -> None:
        """Write so many changes."""
        self.load_article()
        errands: list[Callable[[], None]] = [self.revise] * 4 + [self.create] * 4
        errands += [self.withdraw, self.merge, self.publish, self.load_article, self.load_first]
        while self.changes < changes:
            self.random.choice(errands)()

    def wrote(self, answer: Any) -> bool:
        """Whether a change was written; anything that says nothing new is refused."""
        assert answer.status_code in (200, 201, 409, 422), answer.text
        done = answer.status_code in (200, 201)
        self.changes += done
        return done

    def some(self) -> tuple[str, str]:
        """A fact that is not gone, and where it is."""
        id_ = self.random.choice(sorted(self.alive))
        return self.alive[id_], id_

    def said(self, path: str) -> Said:
        codes = {
            "positions": ("denies", "warns", "accepts"),
            "mediation-offers": ("offered", "lapsed", "active"),
            "rounds": ("full", "suspended", "ongoing"),
        }
        topic, code = self.random.choice(TOPICS), self.random.choice(codes[path])
        on = self.random.choice(["2024-03-01", "2024-03", "2024", None])
        return Said(path, topic, code, on, tuple(self.random.sample(WORDS, 2)))

    def create(self) -> None:
        path = self.random.choice(sorted(KINDS))
        curation = self.random.choice(["published", "draft"])
        answer = self.desk.create(path, self.said(path).curated(), curation)
        if self.wrote(answer):
            id_ = answer.json()["links"]["self"].rpartition("/")[2]
            self.alive[id_] = path
            if curation == "draft":
                self.drafts.add(id_)

    def revise(self) -> None:
        path, id_ = self.some()
        change_type = self.random.choice(["updated", "corrected", "superseded"])
        said = self.said(path)
        fields: Entry = {"topic": said.topic, CODES[path]: said.code}
        if path == "mediation-offers":
            fields["explicit"] = True
        if self.random.random() < 0.3:
            fields["evidence"] = cited(said.words)
        self.wrote(self.desk.revise(path, id_, "*", change_type, fields))

    def publish(self) -> None:
        if self.drafts:
            id_ = self.random.choice(sorted(self.drafts))
            self.wrote(self.desk.turn("publish", self.alive[id_], id_, "*"))
            self.drafts.remove(id_)

    def withdraw(self) -> None:
        path, id_ = self.some()
        if self.wrote(self.desk.turn("withdraw", path, id_, "*")):
            self.gone(id_)

    def merge(self) -> None:
        path, id_ = self.some()
        into = self.random.choice(sorted(k for k, where in self.alive.items() if where == path))
        if self.wrote(self.desk.turn("merge", path, id_, "*", into=into)):
            self.gone(id_)

    def gone(self, id_: str) -> None:
        del self.alive[id_]
        self.drafts.discard(id_)

    def load_article(self) -> None:
        """Another article's record, with whatever it says this time."""
        sections: dict[str, list[Entry]] = {section: [] for section in SECTIONS.values()}
        for key, path in KEYS.items():
            if self.random.random() < 0.7:
                sections[SECTIONS[path]].append(self.said(path).recorded(key))
        self.loaded(self.desk.load(factory.make_record(TEXT, **sections)))

    def load_first(self) -> None:
        """The seed's own record, edited or as it was; people and bodies get other names."""
        record = edited() if self.random.random() < 0.5 else read_file(RECORD)
        self.loaded(self.desk.load(as_json(record), None))  # type: ignore[arg-type]

    def loaded(self, answer: Any) -> None:
        versions = answer.json()["data"]["versions"]
        self.changes += bool(versions)
        paths = {kind: path for path, kind in KINDS.items()}
        for version in versions:
            if version["kind"] not in paths:
                continue
            if version["change_type"] == "withdrawn":
                self.gone(version["id"])
            else:
                self.alive[version["id"]] = paths[version["kind"]]


class Lived(NamedTuple):
    """What a deployment answers as of the first article, and what its chain comes to."""

    before: dict[str, Answer]
    after: dict[str, Answer]
    restarted: dict[str, Answer]
    digests: dict[int, str]


def live_through(url: str) -> Lived:
    """The answers right after loading the seed, after many changes, and after a restart."""
    settings = Settings(database_url=url)
    database: Database = with_seed(settings)
    a_day_apart(database)
    with Client(create_app(settings)) as client:
        before = answers(client)
        AtRandom(Desk(client, key_for(database)), Random(15)).work(CHANGES)  # noqa: S311
        after = answers(client)
    with Client(create_app(settings)) as client:
        restarted = answers(client)
    digests = kept(database)
    database.dispose()
    return Lived(before, after, restarted, digests)


@pytest.fixture(scope="module")
def both(postgres: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Lived]]:
    """The same life on both databases; the seed is dated alike, the rest at its own time."""
    folder: Path = tmp_path_factory.mktemp("immutable")
    with two_urls(postgres, folder, "onrecord_immutable") as urls:
        yield dict(zip(("sqlite", "postgresql"), map(live_through, urls), strict=True))


def differing(one: dict[str, Answer], other: dict[str, Answer]) -> list[str]:
    """The addresses that are not answered alike."""
    return sorted(each for each in one.keys() | other.keys() if one.get(each) != other.get(each))


@pytest.mark.parametrize("name", ["sqlite", "postgresql"])
def test_the_past_is_answered_to_the_byte_after_many_changes(
    both: dict[str, Lived], name: str
) -> None:
    lived = both[name]
    assert len(lived.digests) >= 2 + CHANGES
    assert len(lived.before) > 200
    assert differing(lived.before, lived.after) == []


@pytest.mark.parametrize("name", ["sqlite", "postgresql"])
def test_the_past_is_answered_to_the_byte_after_a_restart(
    both: dict[str, Lived], name: str
) -> None:
    assert differing(both[name].before, both[name].restarted) == []


def test_the_past_is_answered_to_the_byte_by_the_other_database(both: dict[str, Lived]) -> None:
    assert differing(both["sqlite"].after, both["postgresql"].after) == []


def test_the_same_changes_make_the_same_chain_on_both_databases(both: dict[str, Lived]) -> None:
    assert both["sqlite"].digests == both["postgresql"].digests
