"""A desk that curates: a client with keys, facts to write, and the whole content of a database."""

from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from typing import Any

from fastapi.testclient import TestClient
from httpx2 import Response
from sqlalchemy import text
from sqlmodel import SQLModel

from app.db import Database
from tests.http.factory import SECOND_ARTICLE_ID, TEXT, WORDS, selector
from tests.http.helpers import Entry

RESOURCES = ("positions", "mediation-offers", "rounds")
KINDS = {"positions": "position", "mediation-offers": "mediation_offer", "rounds": "round"}
"""The kinds of facts, as changes name them, by where they are found."""


def cited(words: str, *, direct: bool = True) -> dict[str, Any]:
    """The evidence that these words stand in the second article."""
    return selector(TEXT, words, direct=direct) | {"article": SECOND_ARTICLE_ID}


_PARTIES = [{"country": "SDN"}, {"group": "northern-front"}]
_FACTS: dict[str, dict[str, Any]] = {
    "positions": {
        "topic": "ceasefire",
        "country": "KEN",
        "speaker": "asha-otieno",
        "stance": "asserts",
        "modality": "actual",
        "proposition": "The road can be used once more.",
        "targets": [{"country": "SDN"}],
        "said_on": "2024-01-01",
        "evidence": [cited(WORDS["new-year"])],
    },
    "mediation-offers": {
        "topic": "mediation",
        "mediator": {"country": "KEN"},
        "parties": _PARTIES,
        "responses": [{"party": {"country": "SDN"}, "response": "deferred", "on": "2024-03"}],
        "kind": "venue",
        "status": "offered",
        "explicit": True,
        "offered_on": "2024-03",
        "evidence": [cited(WORDS["leap-day"])],
    },
    "rounds": {
        "topic": "peace-talks",
        "process": "bridge-talks",
        "ordinal": 7,
        "venue": "Nairobi",
        "parties": _PARTIES,
        "outcome": "ongoing",
        "held_on": "2024-03-01",
        "evidence": [cited("at the table", direct=False)],
    },
}

BETTER = {
    "positions": ("stance", "welcomes"),
    "mediation-offers": ("status", "lapsed"),
    "rounds": ("outcome", "suspended"),
}
"""A field of each kind of fact, and another value for it."""

TOPICS = {"positions": "security", "mediation-offers": "diplomacy", "rounds": "diplomacy"}
"""A topic above that of the fact."""


def fact(resource: str, **fields: Any) -> dict[str, Any]:
    """A fact to be written, with these fields in place of its own."""
    return deepcopy(_FACTS[resource]) | fields


def content(database: Database) -> dict[str, list[str]]:
    """All rows of all tables, and the number of texts that can be searched."""
    with database.read() as session:
        found = {
            name: sorted(repr(tuple(row)) for row in session.rows(text(f'SELECT * FROM "{name}"')))
            for name in SQLModel.metadata.tables
        }
        count = session.scalar(text("SELECT count(*) FROM position_search"))
    return found | {"position_search": [str(count)]}


class Desk:
    """The application, keys of each scope, and what is in the database."""

    def __init__(self, client: TestClient, database: Database, keys: dict[str, str]) -> None:
        self.client = client
        self.database = database
        self.keys = keys

    def key(self, name: str | None) -> dict[str, str]:
        """The header that brings a key."""
        return {} if name is None else {"Authorization": f"Bearer {self.keys[name]}"}

    def get(self, path: str, key: str | None = None, **params: Any) -> Response:
        """Ask without following anything."""
        return self.client.get(
            path, params=params or None, headers=self.key(key), follow_redirects=False
        )

    def data(self, path: str, key: str | None = None, **params: Any) -> Any:
        """The data of an answer, which has to be a good one."""
        answer = self.get(path, key, **params)
        assert answer.status_code == 200, answer.text
        return answer.json()["data"]

    def post(self, path: str, body: Any, key: str | None = "curate", **headers: str) -> Response:
        """Send a body. Headers are written with underscores."""
        return self.send("POST", path, body, key, **headers)

    def send(
        self, method: str, path: str, body: Any, key: str | None = "curate", **headers: str
    ) -> Response:
        """Send a body with any method."""
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.client.request(
            method, path, json=body, headers=self.key(key) | given, follow_redirects=False
        )

    def create(self, resource: str, said: dict[str, Any] | None = None, **body: Any) -> Entry:
        """Put a fact on record. Gives the version that was written."""
        answer = self.post(f"/v1/{resource}", {"fact": said or fact(resource), **body})
        assert answer.status_code == 201, answer.text
        version: Entry = answer.json()["data"]
        return version

    def id(self, resource: str, said: dict[str, Any] | None = None, **body: Any) -> str:
        """Put a fact on record. Gives its id."""
        self.create(resource, said, **body)
        id_: str = self.changed()["id"]
        return id_

    def changed(self) -> Entry:
        """What the last change wrote, as those with a key for drafts may find it."""
        seq = self.data("/v1/changes", limit=1)[0]["seq"]
        written = self.data(f"/v1/record/{seq}")["versions"]
        found: Entry = written[0]
        return found

    def revise(self, resource: str, id_: str, /, if_match: str = "*", **fields: Any) -> Response:
        """Correct a fact."""
        body = {"fact": fields, "change_type": "corrected", "reason": "Misread."}
        return self.send("PATCH", f"/v1/{resource}/{id_}", body, If_Match=if_match)

    def do(self, verb: str, resource: str, id_: str, if_match: str = "*", **body: Any) -> Response:
        """Publish, withdraw or merge a fact."""
        path = f"/v1/{resource}/{id_}/{verb}"
        return self.post(path, {"reason": "Because.", **body}, If_Match=if_match)

    def done(self, verb: str, resource: str, id_: str, **body: Any) -> Entry:
        """The same, which has to go well. Gives the version that was written."""
        answer = self.do(verb, resource, id_, **body)
        assert answer.status_code == 200, answer.text
        version: Entry = answer.json()["data"]
        return version

    def version(self) -> int:
        """The number of the last change."""
        found: int = self.data("/v1/changes", limit=1)[0]["seq"]
        return found

    def content(self) -> dict[str, list[str]]:
        """All rows of all tables."""
        return content(self.database)

    @contextmanager
    def unchanged(self) -> Iterator[None]:
        """A block in which nothing is written."""
        before = self.content()
        yield
        assert self.content() == before
