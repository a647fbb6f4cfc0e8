"""What a model is asked to answer: a compact form of the article record, with words for places.

Fields have the names that they have in the record (`app.ingest.record`); in the place of evidence
stand quotations. Every field is required, and null where there is nothing to say: that is what
servers that hold a model to a schema expect.
"""

import json
from collections.abc import Iterable
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from app.codelists import (
    CodeList,
    GroupKind,
    Modality,
    OfferKind,
    OfferStatus,
    Outcome,
    QuoteType,
    Response,
    Stance,
)
from app.errors import brief

Schema = dict[str, Any]

SECTIONS = ("people", "bodies", "positions", "mediation_offers", "rounds")
"""The lists that an answer has."""

MAX_DEPTH = 12
"""Deeper answers are none: the form has five levels."""


class Unreadable(Exception):
    """An answer that is not in the form asked for. Says in what."""


class Quote(BaseModel):
    """Words that the model took from the article."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    words: str
    kind: Literal["direct", "mixed", "indirect", "mention"]
    before: str | None = None
    after: str | None = None
    cue: str | None = None
    source: str | None = None


def read_answer(content: str) -> dict[str, list[dict[str, Any]]]:
    """The five lists of an answer. Raises Unreadable."""
    try:
        answer = json.loads(_unfenced(content), parse_constant=_no_number)
        json.dumps(answer, ensure_ascii=False).encode()
    except RecursionError:
        raise Unreadable("It is nested too deeply.") from None
    except UnicodeEncodeError:
        raise Unreadable("It holds half a character.") from None
    except ValueError as error:
        raise Unreadable(f"It is not JSON ({error}).") from None
    if not isinstance(answer, dict):
        raise Unreadable(f"It is {brief(answer)}, not an object.")
    if unknown := sorted(answer.keys() - set(SECTIONS)):
        raise Unreadable(f"It has {brief(unknown[0])}, which the schema does not have.")
    for section in SECTIONS:
        entries = answer.get(section)
        if not isinstance(entries, list) or not all(isinstance(each, dict) for each in entries):
            raise Unreadable(f"{section} is missing, or is not a list of objects.")
    if _depth(answer) > MAX_DEPTH:
        raise Unreadable("It is nested too deeply.")
    return answer


def _unfenced(content: str) -> str:
    """Without the fence that models put around JSON when nothing holds them to a schema."""
    content = content.strip()
    if content.startswith("```") and content.endswith("```"):
        return content[3:-3].removeprefix("json")
    return content


def _no_number(written: str) -> None:
    raise ValueError(f"{written} is no number")


def _depth(part: object) -> int:
    inner = part.values() if isinstance(part, dict) else part if isinstance(part, list) else ()
    return 1 + max(map(_depth, inner), default=0)


def answer_schema(topics: Iterable[str]) -> Schema:
    """The JSON Schema of an answer, in the subset that servers enforce."""
    fact = {
        "key": _said(_TEXT, "A short name of the fact in lower-case words joined by hyphens."),
        "topic": {"type": "string", "enum": list(topics)},
        "reported_via": _or_none(_said(_TEXT, "The news agency that reports it.")),
        "quotes": _said(_list(_QUOTE), "The words of the article that prove it; at least one."),
        "dated_by": _or_none(_said(_TEXT, "The article's own words for the date, verbatim.")),
    }
    return _object(
        people=_list(_PERSON),
        bodies=_list(_BODY),
        positions=_list(_object(**fact, **_POSITION)),
        mediation_offers=_list(_object(**fact, **_OFFER)),
        rounds=_list(_object(**fact, **_ROUND)),
    )


def _object(**fields: Schema) -> Schema:
    return {
        "type": "object",
        "properties": fields,
        "required": list(fields),
        "additionalProperties": False,
    }


def _list(of: Schema) -> Schema:
    return {"type": "array", "items": of}


def _or_none(kind: Schema) -> Schema:
    return {"anyOf": [kind, {"type": "null"}]}


def _codes(codes: Iterable[CodeList]) -> Schema:
    return {"type": "string", "enum": [code.value for code in codes]}


def _said(kind: Schema, description: str) -> Schema:
    return {**kind, "description": description}


_TEXT: Schema = {"type": "string"}
_NAME = _or_none(_said(_TEXT, "A name as the article has it."))
_COUNTRY = _or_none(_said(_TEXT, "A country's ISO 3166-1 alpha-3 code."))
_DATE = _or_none(_said(_TEXT, "YYYY-MM-DD, YYYY-MM or YYYY; null unless the article tells."))
_ACTOR = _said(_object(country=_COUNTRY, group=_NAME), "One of the two; the other is null.")
_CLAUSE = _object(text=_said(_TEXT, "In your own words."), group=_NAME)
_ROLE = _or_none(_said(_TEXT, "The post, verbatim."))

_QUOTE = _object(
    words=_said(_TEXT, "Words of the article, verbatim and unbroken."),
    kind=_codes((QuoteType.DIRECT, QuoteType.INDIRECT, QuoteType.MENTION)),
    before=_or_none(_said(_TEXT, "A few words before, if the words stand more than once.")),
    after=_or_none(_said(_TEXT, "A few words after, if the words stand more than once.")),
    cue=_or_none(_said(_TEXT, "The attributing verb or phrase, verbatim.")),
    source=_or_none(_said(_TEXT, "How the article names the source there, verbatim.")),
)
_PERSON = _object(
    name=_said(_TEXT, "The full name as the article has it."),
    post=_ROLE,
    body=_NAME,
    country=_COUNTRY,
    mention=_or_none(_said(_TEXT, "Words that name person and post, verbatim.")),
)
_BODY = _object(
    name=_said(_TEXT, "Its name as the article has it."),
    kind=_codes(GroupKind),
    country=_COUNTRY,
)
_POSITION: Schema = {
    "country": _COUNTRY,
    "body": _NAME,
    "speaker": _NAME,
    "speaker_role": _ROLE,
    "stance": _codes(Stance),
    "modality": _codes(Modality),
    "proposition": _said(_TEXT, "What is said, in your own words, in one sentence."),
    "targets": _list(_ACTOR),
    "conditions": _list(_CLAUSE),
    "awaits": _list(_CLAUSE),
    "decided_by": _list(_CLAUSE),
    "said_on": _DATE,
}
_RESPONSE = _object(
    party=_ACTOR,
    response=_codes(each for each in Response if each != Response.NONE_ON_RECORD),
    position=_or_none(_said(_TEXT, "The key of the position that states the answer.")),
)
_OFFER: Schema = {
    "mediator": _ACTOR,
    "parties": _list(_ACTOR),
    "kind": _codes(OfferKind),
    "status": _codes(OfferStatus),
    "explicit": _said({"type": "boolean"}, "Whether the article states an offer as made."),
    "announced_by": _NAME,
    "announced_by_role": _ROLE,
    "offered_on": _DATE,
    "responses": _list(_RESPONSE),
}
_ROUND: Schema = {
    "process": _said(_TEXT, "The series of talks, in lower-case words joined by hyphens."),
    "ordinal": _or_none({"type": "integer"}),
    "venue": _or_none(_said(_TEXT, "The place, verbatim.")),
    "host": _COUNTRY,
    "held_on": _DATE,
    "parties": _list(_ACTOR),
    "outcome": _codes(Outcome),
}

FACT_FIELDS = {
    section: {"key", "topic", "reported_via", "quotes", "dated_by", *fields}
    for section, fields in (
        ("positions", _POSITION),
        ("mediation_offers", _OFFER),
        ("rounds", _ROUND),
    )
}
"""What a model may say of a fact: all else of a record is ours to say."""
