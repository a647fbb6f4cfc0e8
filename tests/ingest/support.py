"""What the tests of the way in share: looking at a whole database, refusals, records to load."""

import hashlib
import json
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import func, select, text

from app.db import Database
from app.errors import Fault, RecordRefused
from app.fulltext import TABLES
from app.ingest.pipeline import ingest
from app.ingest.shapes import Kind
from app.ingest.store import Outcome
from app.models import metadata

Place = tuple[str | int, ...]


def dump(database: Database) -> dict[str, list[tuple[Any, ...]]]:
    """All rows of all tables, the index of full-text search included."""
    with database.read() as session:
        rows = {
            table.name: [
                tuple(row) for row in session.rows(select(table).order_by(*table.primary_key))
            ]
            for table in metadata.sorted_tables
        }
        lite = session.dialect == "sqlite"
        key = "rowid" if lite else "version_id"
        for name in TABLES.values() if lite else ["position_search"]:
            found = session.rows(text(f"SELECT {key}, CAST(words AS text) FROM {name}"))
            rows[name] = sorted(tuple(row) for row in found)
    return rows


def sizes(database: Database) -> dict[str, int]:
    """The number of rows of each table: rows are only ever added."""
    with database.read() as session:
        return {
            table.name: session.scalar(select(func.count()).select_from(table))
            for table in metadata.sorted_tables
        }


def load(database: Database, raw: object, words: str | None = None, **more: Any) -> Outcome:
    """Load a record; the text is only needed where it is what the test is about."""
    return ingest(database, raw, text=words, by="test", **more)


def refused(database: Database, raw: object, words: str | None = None) -> dict[str, Fault]:
    """The faults for which a record is refused, by their places. The database stays as it was."""
    before = sizes(database)
    with pytest.raises(RecordRefused) as refusal:
        load(database, raw, words)
    assert sizes(database) == before
    return {fault.pointer or "": fault for fault in refusal.value.faults}


def steps(outcome: Outcome) -> list[tuple[str, str, str]]:
    """What a load did: kind, what was done to it, key; in a fixed order."""
    return sorted((step.kind.name, step.change_type.value, step.key) for step in outcome.steps)


def versions(database: Database, kind: Kind, key: str) -> list[tuple[int, int, int | None, str]]:
    """The versions of an entity: revision, the changes that wrote and replaced it, what it did."""
    table = kind.table
    columns = (table.c.rev, table.c.recorded_in, table.c.superseded_in, table.c.change_type)
    with database.read() as session:
        found = session.rows(select(*columns).where(table.c[kind.key] == key).order_by("rev"))
    return [tuple(row) for row in found]


def as_json(record: dict[str, Any]) -> Any:
    """A record as it is in JSON: dates are text."""
    return json.loads(json.dumps(record, default=str))


def sha256(words: str) -> str:
    return hashlib.sha256(words.encode()).hexdigest()


def shown(place: Place) -> str:
    """A place in a record as a fault names it: ``positions[4].evidence[0].start``."""
    return "".join(f"[{p}]" if isinstance(p, int) else f".{p}" for p in place).lstrip(".")


def leaves(part: object, place: Place = ()) -> Iterator[Place]:
    """The places of all values in a record that are no list and no mapping."""
    if isinstance(part, dict | list):
        for name, value in part.items() if isinstance(part, dict) else enumerate(part):
            yield from leaves(value, (*place, name))
    else:
        yield place


def selectors(raw: dict[str, Any]) -> list[tuple[Place, dict[str, Any]]]:
    """Every selector of a record, with its place."""
    places = [place[:-1] for place in leaves(raw) if place[-1] == "exact_sha256"]
    return [(place, at(raw, place)) for place in places]


def at(raw: Any, place: Place) -> Any:
    """What stands at a place of a record."""
    for step in place:
        raw = raw[step]
    return raw


def put(raw: Any, place: Place, value: object) -> Any:
    """The record, with another value at a place."""
    at(raw, place[:-1])[place[-1]] = value
    return raw


def selector(words: str, part: str) -> dict[str, Any]:
    """A selector for a part of a text; direct speech if it stands in quotation marks."""
    start = words.index(part)
    end = start + len(part)
    spoken = part.startswith("“")
    exact = part.strip("“”").removesuffix(",") if spoken else part
    return {
        "start": start,
        "end": end,
        "quote_type": "direct" if spoken else "indirect",
        "prefix": words[max(0, start - 16) : start],
        "suffix": words[end : end + 16],
        "exact_sha256": sha256(exact),
        **({"exact": exact} if spoken else {}),
    }


def book_fair(number: int = 1) -> tuple[dict[str, Any], str]:
    """The record of a made-up article, and its text. It shares an official and two groups."""
    words = (
        f"Book fair number {number} was opened by Tahir Andrabi, head of the jury.\n"
        "“The fair is open,” he said. Printed by PTI.\n"
    )
    opened = selector(words, "“The fair is open,”")
    record = {
        "format": "onrecord/article-record/1",
        "article": {
            "headline": f"Book fair number {number}",
            "publisher": "pti",
            "published_on": "2025-12-01",
            "language": "en",
            "text_sha256": sha256(words),
            "characters": len(words),
            "rights": "Made up for the tests.",
        },
        "groups": [
            {"slug": "pti", "name": "Press Trust of India", "kind": "news_agency"},
            {
                "slug": "fitnah-al-khawaraj",
                "name": "Fitnah-al-Khawaraj",
                "kind": "armed_group",
                "aliases": [f"Reading Circle {number}"],
                "labels": [
                    {"text": "Readers", "used_by": {"country": "IND"}, "evidence": [opened]}
                ],
            },
        ],
        "officials": [
            {
                "slug": "tahir-andrabi",
                "name": "Tahir Andrabi",
                "tenures": [
                    {
                        "post": "Head of the jury",
                        "end_status": "unknown",
                        "attested_on": "2025-12-01",
                        "evidence": [selector(words, "Tahir Andrabi, head of the jury")],
                    }
                ],
            }
        ],
        "positions": [
            {
                "key": "fair",
                "topic": "trade-and-transit",
                "speaker": "tahir-andrabi",
                "stance": "asserts",
                "modality": "actual",
                "proposition": "The fair has opened.",
                "said_on": "2025-12",
                "evidence": [opened],
            }
        ],
    }
    return record, words
