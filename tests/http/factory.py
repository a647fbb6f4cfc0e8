"""A second article, written for these tests, and records made from any text.

The facts in it have what the first article lacks: dates known to the month, to the year or not at
all, actors that are no country, targets that belong to none, words in several scripts.
"""

import hashlib
from dataclasses import replace
from typing import Any

from app.codelists import ChangeKind, ChangeType, Curation
from app.db import Database
from app.ingest import shapes
from app.ingest.changes import Origin
from app.ingest.shapes import Kind, Step
from app.ingest.store import article_id, store

WORDS = {
    "leap-day": "The observers will stay until the harvest is in",
    "first-of-march": "We ask both sides to keep the ceasefire",
    "in-march": "Nobody crossed the bridge this month",
    "new-year": "The road is open again",
    "in-the-year": "Grain came through, AND seed; NOT weapons (or NEAR to none)",
    "undated": "Ask me another time",
    "arabic": "السلام ممكن",
    "chinese": "和平 是 可能的",
    "hindi": "शांति संभव है",
    "greek": "Η ΕΙΡΉΝΗ είναι δυνατή",
    "cyrillic": "Мир возможен",
    "accented": "Café, Straße, naïve, İzmir: ﬁn",
}
"""Who speaks says this, by the key of the position."""

TEXT = "\n".join(f"“{words},” somebody said at the table." for words in WORDS.values())


def selector(text: str, words: str, *, direct: bool = True) -> dict[str, Any]:
    """The evidence that `words` stand in `text`: in quotation marks, or as a reporter's."""
    start = text.index(f"“{words}" if direct else words)
    end = text.index("”", start) + 1 if direct else start + len(words)
    said = text[start + 1 : end - 1].rstrip(",") if direct else words
    return {
        "start": start,
        "end": end,
        "quote_type": "direct" if direct else "mention",
        "prefix": text[max(0, start - 8) : start],
        "suffix": text[end : end + 8],
        "exact_sha256": hashlib.sha256(said.encode()).hexdigest(),
        **({"exact": said} if direct else {}),
    }


def make_record(text: str, **sections: list[dict[str, Any]]) -> dict[str, Any]:
    """A record of a text, with these groups, officials and facts."""
    return {
        "format": "onrecord/article-record/1",
        "method": "made by a test",
        "article": {
            "headline": "Observers stay",
            "publisher": "Outlook",
            "published_on": "2024-04-02",
            "language": "en",
            "text_sha256": hashlib.sha256(text.encode()).hexdigest(),
            "characters": len(text),
            "rights": "Written for tests.",
        },
        **sections,
    }


def _said(key: str, said_on: str | None = None, **more: Any) -> dict[str, Any]:
    return {
        "key": key,
        "topic": "ceasefire",
        "stance": "asserts",
        "modality": "actual",
        "proposition": f"What was said: {key.replace('-', ' ')}.",
        "evidence": [selector(TEXT, WORDS[key])],
        **({"said_on": said_on} if said_on else {}),
        **more,
    }


def _offer(key: str, offered_on: str | None, mediator: dict[str, str]) -> dict[str, Any]:
    return {
        "key": key,
        "topic": "mediation",
        "mediator": mediator,
        "parties": [{"country": "SDN"}, {"group": "northern-front"}],
        "kind": "monitoring",
        "status": "announced",
        "explicit": True,
        "evidence": [selector(TEXT, WORDS["leap-day"])],
        **({"offered_on": offered_on} if offered_on else {}),
    }


def _round(key: str, held_on: str | None) -> dict[str, Any]:
    return {
        "key": key,
        "topic": "peace-talks",
        "process": "bridge-talks",
        "parties": [{"country": "SDN"}, {"group": "northern-front"}],
        "outcome": "unknown",
        "evidence": [selector(TEXT, "at the table", direct=False)],
        **({"held_on": held_on} if held_on else {}),
    }


def second_article() -> dict[str, Any]:
    """The record of TEXT."""
    return make_record(
        TEXT,
        groups=[
            {"slug": "northern-front", "name": "Northern Front", "kind": "armed_group"},
            {"slug": "bridge-mission", "name": "Bridge Mission", "kind": "mission"},
        ],
        officials=[{"slug": "asha-otieno", "name": "Asha Otieno"}],
        positions=[
            _said("leap-day", "2024-02-29", body="bridge-mission", stance="commits"),
            _said("first-of-march", "2024-03-01", body="African Union", stance="appeals"),
            _said("in-march", "2024-03", country="SDN", targets=[{"group": "northern-front"}]),
            _said("new-year", "2024-01-01", country="KEN", modality="past", topic="economy"),
            _said("in-the-year", "2024", country="KEN", topic="trade-and-transit"),
            _said("undated", None, speaker="asha-otieno", stance="declines_to_say"),
            _said("arabic", "2024-03", country="EGY", targets=[{"country": "SDN"}]),
            _said("chinese", None, country="CHN", topic="peace-talks"),
            _said("hindi", "2024-04-01", country="IND", modality="future"),
            _said("greek", "2023", country="GRC", body="bridge-mission"),
            _said("cyrillic", "2023-12", country="SRB", speaker="asha-otieno"),
            _said(
                "accented",
                "2024-03-31",
                country="KEN",
                targets=[{"country": "AFG"}, {"group": "afghan-taliban-regime"}],
            ),
        ],
        mediation_offers=[
            _offer("dated", "2024-03-01", {"group": "african-union"}),
            _offer("in-march", "2024-03", {"country": "KEN"}),
            _offer("undated", None, {"country": "EGY"}),
        ],
        rounds=[
            _round("dated", "2024-03-01"),
            _round("in-the-year", "2024"),
            _round("undated", None),
        ],
    )


SECOND_ARTICLE_ID = article_id(hashlib.sha256(TEXT.encode()).hexdigest())

CURATOR = Origin(ChangeKind.CURATION, by="a curator", method="by hand", reason="A test wants it.")


def rewrite(
    database: Database, kind: Kind, id_: str, change_type: ChangeType, **values: Any
) -> None:
    """Write the next version of a fact, with other values."""
    with database.write() as session:
        before = shapes.load(session, kind, [id_])[id_]
        snapshot = replace(before.snapshot, values=before.snapshot.values | values)
        store(session, [Step(kind, id_, snapshot, before, change_type)], CURATOR)


def merge(database: Database, kind: Kind, id_: str, into: str) -> None:
    """Merge a fact into another one: it goes, the other one stays."""
    curation = Curation.WITHDRAWN.value
    rewrite(database, kind, id_, ChangeType.MERGED, merged_into=into, curation=curation)


def draft(database: Database, kind: Kind, like: str, id_: str) -> None:
    """Write a draft of a new fact that says what another one says."""
    with database.write() as session:
        snapshot = shapes.load(session, kind, [like])[like].snapshot
        snapshot.values |= {"id": id_, "curation": Curation.DRAFT.value}
        step = Step(kind, id_, snapshot, None, ChangeType.NEW, record_key="a-draft")
        store(session, [step], CURATOR)
