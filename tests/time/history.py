"""A record with a past: the seed and the changes after it, each with a date of its own."""

from copy import deepcopy
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any, NamedTuple
from urllib.parse import quote

from fastapi.testclient import TestClient
from sqlalchemy import select, update

from app.codelists import ChangeType
from app.db import Database
from app.ingest import shapes
from app.ingest.pipeline import ingest
from app.ingest.reading import read_file
from app.ingest.store import fact_id
from app.models import Change
from app.sql import table
from app.web.schemas import OFFER_ID, POSITION_ID
from tests.conftest import RECORD
from tests.http.factory import TEXT, draft, merge, rewrite, second_article
from tests.http.helpers import ENDPOINTS

DRAFT_ID = "pos_draftdraftdraftd"
TALKS = ("pos_tcshcnyosg3ktbgq", "pos_ko6tg3hpdoiu2uoy")
"""The two positions of the first article on the talks; `dialogue` is the second."""
OTHER_ROUND = fact_id(shapes.ROUND, sha256(TEXT.encode()).hexdigest(), "dated")
"""A round of the second article."""
LAST = 12
"""The last change of `live`."""

TOPICS = (
    "ceasefire",
    "cross-border-terrorism",
    "diplomacy",
    "economy",
    "gaza-stabilisation-force",
    "mediation",
    "migration",
    "peace-talks",
    "repatriation",
    "security",
    "trade-and-transit",
)
TREE = {
    "diplomacy": {"diplomacy", "mediation", "peace-talks"},
    "security": {
        "security",
        "ceasefire",
        "cross-border-terrorism",
        "gaza-stabilisation-force",
    },
    "economy": {"economy", "trade-and-transit"},
    "migration": {"migration", "repatriation"},
}
"""The topics that have narrower ones, with all that are counted to them."""

NOT_TIMED = {"codes", "code-list", "healthz", "readyz", "record", "topic-version", "topic-diff"}
TIMED = [name for name in ENDPOINTS if name not in NOT_TIMED]
"""The endpoints that can be asked for a moment."""
ENVELOPED = [name for name in TIMED if not name.endswith("-receipt")]
"""Those whose answers say in `meta` which moment they show; a receipt is a document of its own."""


class Twin(NamedTuple):
    """One of two deployments that were loaded alike."""

    client: TestClient
    database: Database


def at(path: str, as_of: object) -> str:
    """A path, asked as of a moment."""
    return f"{path}{'&' if '?' in path else '?'}as_of={quote(str(as_of), safe='')}"


def edited(*, renamed: bool = True) -> dict[str, Any]:
    """The first record with a fact corrected, one left out, one added, two entities renamed."""
    record = deepcopy(read_file(RECORD))
    assert isinstance(record, dict)
    positions = record["positions"]
    by_key = {each["key"]: each for each in positions}
    by_key["ceasefire-status"]["proposition"] = "Whether the ceasefire holds cannot be said."
    positions.append(by_key["core-demand"] | {"key": "one-more", "said_on": "2025-11"})
    positions.remove(by_key["dialogue"])
    record["mediation_offers"][0]["status"] = "active"
    if renamed:
        record["officials"][0]["name"] = "T. Andrabi"
        record["groups"][0]["name"] = "Foreign Ministry"
    return record


def live(database: Database) -> None:
    """What happened to the seed later: one change of every sort."""
    loaded, by = ChangeType.UPDATED, "a desk"
    ingest(database, edited(), text=None, by=by, reason="Misread.")  # 2
    ingest(database, read_file(RECORD), text=None, by=by, reason="It was right.")  # 3
    ingest(database, second_article(), text=TEXT, by=by)  # 4
    merge(database, shapes.POSITION, *TALKS)  # 5
    draft(database, shapes.POSITION, POSITION_ID, DRAFT_ID)  # 6
    rewrite(database, shapes.POSITION, DRAFT_ID, loaded, curation="published")  # 7
    rewrite(database, shapes.POSITION, POSITION_ID, ChangeType.CORRECTED, topic="mediation")  # 8
    rewrite(database, shapes.COUNTRY, "PAK", loaded, name="Islamic Republic of Pakistan")  # 9
    rewrite(database, shapes.TOPIC, "ceasefire", loaded, broader="diplomacy", name="Truce")  # 10
    rewrite(database, shapes.ROUND, OTHER_ROUND, ChangeType.WITHDRAWN, curation="withdrawn")  # 11
    rewrite(database, shapes.OFFER, OFFER_ID, ChangeType.SUPERSEDED, status="lapsed")  # 12


def dated(number: int) -> datetime:
    """When a change was made, in a record whose changes are a day apart."""
    return datetime(2020, 1, 1, 9, 30, 0, 250_000, tzinfo=UTC) + timedelta(days=number)


def a_day_apart(database: Database) -> None:
    """Give each change the date that it has in `dated`, as if made then."""
    changes = table(Change)
    with database.write() as session:
        for row in session.rows(select(changes.c.seq)):
            session.execute(
                update(changes).where(changes.c.seq == row.seq).values(at=dated(row.seq))
            )
