"""A third article, and what an extractor finds in it, edition by edition."""

import hashlib
from typing import Any

from httpx2 import Response

from app.ingest.store import article_id
from tests.curation.desk import Desk
from tests.http.factory import make_record, selector
from tests.http.helpers import Entry

SAID = {
    "closed": "The bridge is closed",
    "open": "We will open the road",
    "hope": "There is hope",
    "seen": "Nobody was seen there",
}
"""Who speaks says this, by the key of the position."""

TEXT = "\n".join(
    f"Before it stood unquoted prose on {key}. “{words},” an envoy said. Then came more prose."
    for key, words in SAID.items()
)
ARTICLE = article_id(hashlib.sha256(TEXT.encode()).hexdigest())
RULE = "quote-verb-source"


def found(key: str, confidence: float = 0.8, rule: str = RULE, **fields: Any) -> Entry:
    """A position that an extractor found; `words` names another place than its key's."""
    words = SAID[fields.pop("words", key)]
    return {
        "key": key,
        "topic": "ceasefire",
        "country": "KEN",
        "stance": "asserts",
        "modality": "actual",
        "proposition": f"It is said: {key}.",
        "extraction": {"rule": rule, "confidence": confidence},
        "evidence": [selector(TEXT, words)],
        **fields,
    }


def offer(confidence: float = 0.9, **fields: Any) -> Entry:
    """An offer that rests on the position `hope`."""
    said = {"response": "acknowledged", "position": "hope"}
    return {
        "key": "offer",
        "topic": "mediation",
        "mediator": {"country": "EGY"},
        "parties": [{"country": "KEN"}, {"country": "SDN"}],
        "kind": "mediation",
        "status": "offered",
        "explicit": True,
        "responses": [{"party": {"country": "KEN"}, **said}],
        "extraction": {"rule": "offer-frame", "confidence": confidence},
        "evidence": [selector(TEXT, SAID["hope"])],
        **fields,
    }


def extraction(*positions: Entry, edition: int = 1, **sections: list[Entry]) -> Entry:
    """The record that an edition of an extractor writes."""
    record = make_record(TEXT, positions=list(positions), **sections)
    return record | {"method": f"extracted by rules {edition}"}


def load(desk: Desk, record: Entry, key: str = "ingest", **more: Any) -> Response:
    """Load a record with its text."""
    answer = desk.post("/v1/articles", {"record": record, "text": TEXT, **more}, key)
    assert answer.status_code in (200, 201), answer.text
    return answer


def extract(
    desk: Desk, *positions: Entry, edition: int = 1, **sections: list[Entry]
) -> list[Entry]:
    """Load an extraction. Gives the versions that it wrote."""
    answer = load(desk, extraction(*positions, edition=edition, **sections))
    versions: list[Entry] = answer.json()["data"]["versions"]
    return versions


def queue(desk: Desk, **params: Any) -> list[Entry]:
    """What waits of this article, as those who may curate are answered."""
    params = {"article": ARTICLE, "limit": 200, **params}
    data: list[Entry] = desk.data("/v1/review", "curate", **params)
    return data


def waits(desk: Desk, **params: Any) -> list[str]:
    """The propositions that wait, sorted."""
    told = (each["fact"].get("proposition", each["kind"]) for each in queue(desk, **params))
    return sorted(told)


def one(desk: Desk, proposition: str) -> Entry:
    """The draft that says this."""
    (item,) = (i for i in queue(desk) if i["fact"].get("proposition") == proposition)
    return item


def decide(desk: Desk, decision: str, *items: Entry, key: str = "curate", **more: Any) -> Response:
    """Accept or reject drafts, as they were read."""
    facts = [{"id": item["id"], "rev": item["rev"]} for item in items]
    for each, item in zip(facts, items, strict=True):
        if item["proposes"]:
            each["onto"] = item["proposes"]["rev"]
    body = {"decision": decision, "reason": "Looked at.", "facts": facts, **more}
    return desk.post("/v1/review", body, key)


def decided(desk: Desk, decision: str, *items: Entry) -> list[Entry]:
    """The same, which has to go well. Gives the versions that were written."""
    answer = decide(desk, decision, *items)
    assert answer.status_code == 200, answer.text
    versions: list[Entry] = answer.json()["data"]["versions"]
    return versions
