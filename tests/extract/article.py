"""A made-up article, its metadata, and what a model may truly answer on it."""

import copy
from typing import Any

from app.ingest.record import ArticleEntry
from app.ingest.verify import sha256

TEXT = """Iran offers to host talks on the river

Tehran's envoy Mina Karimi said on Tuesday that Iran had offered to host talks between Pakistan \
and Afghanistan.

“We are ready to receive both sides — at any time,” Karimi said. “Nobody will be turned away.”

Zia Wardak, spokesman of the River Council, thanked Iran for the offer. He said the council would \
decide “within a week”. The council, he said, wants peace. The river, he said, wants water.

A first round was held in Doha in May and ended without an agreement.
"""


def metadata(text: str = TEXT, **more: Any) -> ArticleEntry:
    return ArticleEntry.model_validate(
        {
            "headline": "Iran offers to host talks on the river",
            "publisher": "pti",
            "published_on": "2025-12-03",
            "language": "en",
            "text_sha256": sha256(text),
            "characters": len(text),
            "rights": "Made up for the tests.",
            **more,
        }
    )


def quote(words: str, kind: str = "indirect", **more: str) -> dict[str, Any]:
    return {"before": None, "after": None, "cue": None, "source": None} | {
        "words": words,
        "kind": kind,
        **more,
    }


def _position(key: str, **more: Any) -> dict[str, Any]:
    return {
        "key": key,
        "topic": "mediation",
        "reported_via": None,
        "dated_by": None,
        "country": None,
        "body": None,
        "speaker": None,
        "speaker_role": None,
        "modality": "actual",
        "targets": [],
        "conditions": [],
        "awaits": [],
        "decided_by": [],
        "said_on": None,
        **more,
    }


PAK, AFG, IRN = ({"country": code, "group": None} for code in ("PAK", "AFG", "IRN"))

_ANSWER: dict[str, Any] = {
    "people": [
        {
            "name": "Mina Karimi",
            "post": "envoy",
            "body": None,
            "country": "IRN",
            "mention": "Tehran's envoy Mina Karimi",
        },
        {
            "name": "Zia Wardak",
            "post": "spokesman of the River Council",
            "body": "River Council",
            "country": None,
            "mention": "Zia Wardak, spokesman of the River Council",
        },
    ],
    "bodies": [{"name": "River Council", "kind": "other", "country": None}],
    "positions": [
        _position(
            "ready-to-host",
            country="IRN",
            speaker="Mina Karimi",
            speaker_role="envoy",
            stance="offers",
            proposition="Iran would receive both sides whenever they come.",
            targets=[PAK, AFG],
            said_on="2025-12-02",
            dated_by="on Tuesday",
            quotes=[
                # A straight dash, for the text's long one: typography is no difference.
                quote(
                    "We are ready to receive both sides - at any time",
                    "direct",
                    cue="said",
                    source="Karimi",
                ),
                quote("Nobody will be turned away.", "direct"),
            ],
        ),
        _position(
            "council-thanks",
            body="River Council",
            speaker="Zia Wardak",
            stance="appreciates",
            proposition="The council thanks Iran for its offer.",
            targets=[IRN],
            quotes=[quote("thanked Iran for the offer", cue="thanked", source="Zia Wardak")],
        ),
        _position(
            "council-decides",
            body="River Council",
            speaker="Zia Wardak",
            stance="undecided",
            modality="future",
            proposition="The council will take a decision soon.",
            decided_by=[{"text": "the council", "group": "River Council"}],
            quotes=[quote("the council would decide “within a week”", "direct", source="He")],
        ),
    ],
    "mediation_offers": [
        {
            "key": "iran-hosts",
            "topic": "mediation",
            "reported_via": None,
            "dated_by": None,
            "mediator": IRN,
            "parties": [PAK, {"country": None, "group": "River Council"}],
            "kind": "venue",
            "status": "offered",
            "explicit": True,
            "announced_by": "Mina Karimi",
            "announced_by_role": "envoy",
            "offered_on": None,
            "responses": [
                {
                    "party": {"country": None, "group": "River Council"},
                    "response": "appreciated",
                    "position": "council-thanks",
                }
            ],
            "quotes": [quote("Iran had offered to host talks between Pakistan and Afghanistan")],
        }
    ],
    "rounds": [
        {
            "key": "doha",
            "topic": "peace-talks",
            "reported_via": None,
            "dated_by": "in May",
            "process": "river-talks",
            "ordinal": 1,
            "venue": "Doha",
            "host": "QAT",
            "held_on": "2025-05",
            "parties": [PAK, AFG],
            "outcome": "no_agreement",
            "quotes": [
                quote(
                    "A first round was held in Doha in May and ended without an agreement",
                    "mention",
                )
            ],
        }
    ],
}


def good_answer() -> dict[str, Any]:
    """An answer of which everything holds, to be spoilt at will."""
    return copy.deepcopy(_ANSWER)


EMPTY: dict[str, Any] = {name: [] for name in _ANSWER}
