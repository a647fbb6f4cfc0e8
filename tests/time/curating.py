"""Writing as the public does it: a key, HTTP, and facts whose words stand in one short text."""

from collections.abc import Iterable
from typing import Any

from app import keys
from app.codelists import Scope
from app.db import Database
from app.ingest.store import article_id
from tests.http import factory
from tests.http.helpers import Entry

WORDS = ("one", "two", "three", "four", "five")
TEXT = "\n".join(f"“Words of number {word}” were said." for word in WORDS)
ARTICLE = article_id(factory.make_record(TEXT)["article"]["text_sha256"])
REASON = "A test wants it."
BY = "a desk"
PARTIES = [{"country": "SDN"}, {"country": "EGY"}]

SECTIONS = {
    "positions": "positions",
    "mediation-offers": "mediation_offers",
    "rounds": "rounds",
}
"""Where a record has the facts that are served under a path."""
CODES = {"positions": "stance", "mediation-offers": "status", "rounds": "outcome"}
DATES = {"positions": "said_on", "mediation-offers": "offered_on", "rounds": "held_on"}
KINDS = {"positions": "position", "mediation-offers": "mediation_offer", "rounds": "round"}
"""Of each kind of fact: the field that has its code, that which has its date, and its name."""


def selector(word: str) -> Entry:
    """The evidence that a record has: these words stand in TEXT."""
    return factory.selector(TEXT, f"Words of number {word}")


def cited(words: Iterable[str]) -> list[Entry]:
    """The evidence that a curator gives: these words stand in the article with TEXT."""
    return [selector(word) | {"article": ARTICLE} for word in words]


def written(path: str, topic: str, code: str, on: str | None = None) -> Entry:
    """A fact as records and curators write it, but for its evidence."""
    said: dict[str, Entry] = {
        "positions": {"country": "KEN", "modality": "actual", "proposition": "It was said."},
        "mediation-offers": {
            "mediator": {"country": "KEN"},
            "parties": PARTIES,
            "kind": "monitoring",
            "explicit": True,
        },
        "rounds": {"process": "bridge-talks", "parties": PARTIES},
    }
    dated = {DATES[path]: on} if on else {}
    return said[path] | {"topic": topic, CODES[path]: code} | dated


def key_for(database: Database, name: str = BY) -> dict[str, str]:
    """The header of somebody who may do everything."""
    with database.write() as session:
        made = keys.create(session, name, [Scope.ADMIN], None)
    return {"Authorization": f"Bearer {made}"}


class Desk:
    """Somebody with a key, who writes with a client.

    A merged fact answers writes with a redirect to the one that it went on as; it is not followed,
    so that nothing is done to another fact than the one meant.
    """

    def __init__(self, client: Any, key: dict[str, str]) -> None:
        self.client = client
        self.key = key

    def create(self, path: str, said: Entry, curation: str = "published") -> Any:
        """Create a fact."""
        body = {"fact": said, "curation": curation}
        return self._send("POST", f"/v1/{path}", body, self.key)

    def revise(self, path: str, id_: str, rev: int | str, change_type: str, fields: Entry) -> Any:
        """Revise a fact, last seen at this version or under this tag."""
        body = {"change_type": change_type, "reason": REASON, "fact": fields}
        return self._send("PATCH", f"/v1/{path}/{id_}", body, self._seen(rev))

    def turn(self, errand: str, path: str, id_: str, rev: int | str, **more: str) -> Any:
        """Publish, withdraw or merge a fact, last seen at this version."""
        body = {"reason": REASON, **more}
        address = f"/v1/{path}/{id_}/{errand}"
        return self._send("POST", address, body, self._seen(rev))

    def load(self, record: Entry, text: str | None = TEXT, curation: str = "published") -> Any:
        """Load an article record."""
        body = {"record": record, "text": text, "curation": curation}
        return self._send("POST", "/v1/articles", body, self.key)

    def _send(self, method: str, address: str, body: Entry, headers: dict[str, str]) -> Any:
        return self.client.request(
            method, address, json=body, headers=headers, follow_redirects=False
        )

    def _seen(self, rev: int | str) -> dict[str, str]:
        tag = f'"r{rev}"' if isinstance(rev, int) else rev
        return self.key | {"If-Match": tag}
