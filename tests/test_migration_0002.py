"""What the second step of the schema makes of a record that is there already.

Records are written by the code of today, taken down to the released schema, which knows no digests
and no versions of topics, and brought up again: everything must be as it was.
"""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from app import schema
from app.codelists import ChangeType
from app.db import Database
from app.ingest import shapes
from app.ingest.pipeline import ingest
from app.ingest.shapes import Kind, Step
from app.ingest.store import store
from app.main import create_app
from app.models import Change, TopicChange
from app.settings import Settings
from app.sql import table
from app.web.schemas import OFFER_ID, POSITION_ID, ROUND_ID
from tests.http.factory import CURATOR, TEXT, draft, make_record, rewrite, selector
from tests.support import Client
from tests.test_migrations import NewDatabase, answers, engine_of, rows, structure
from tests.time.history import live

RELEASED = "0001"
CHANGES = table(Change)
PATHS = (
    "/v1/topics/diplomacy/versions?limit=200",
    "/v1/topics/security/versions/1",
    "/v1/topics/diplomacy/diff?from=0&to=3",
    f"/v1/positions/{POSITION_ID}/receipt?as_of=1",
    f"/v1/mediation-offers/{OFFER_ID}/receipt",
    f"/v1/rounds/{ROUND_ID}/receipt",
    "/v1/record/2",
)


def step(database: Database, kind: Kind, key: str, **values: Any) -> Step:
    """The correction of an entity."""
    with database.read() as session:
        before = shapes.load(session, kind, [key])[key]
    snapshot = replace(before.snapshot, values=before.snapshot.values | values)
    return Step(kind, key, snapshot, before, ChangeType.CORRECTED)


def third_article() -> dict[str, Any]:
    """An article that knows an official's post and a name that one side uses for a body."""
    text = TEXT[:100]
    evidence = [selector(text, "somebody said", direct=False)]
    label = {"text": "The Others", "used_by": {"country": "SDN"}, "evidence": evidence}
    tenure = {
        "post": "Spokesperson",
        "country": "SDN",
        "attested_on": "2024-04-01",
        "end_status": "in_post",
        "evidence": evidence,
    }
    return make_record(
        text,
        groups=[{"slug": "others", "name": "Others", "kind": "armed_group", "labels": [label]}],
        officials=[{"slug": "nadia-salih", "name": "Nadia Salih", "tenures": [tenure]}],
    )


def more(database: Database) -> None:
    """Topics that move, together with facts and before them; more changes than fit in a batch."""
    ingest(database, third_article(), text=TEXT[:100], by="a desk")
    together = [
        step(database, shapes.TOPIC, "cross-border-terrorism", broader="diplomacy"),
        step(database, shapes.POSITION, POSITION_ID, topic="cross-border-terrorism"),
    ]
    with database.write() as session:
        store(session, together, CURATOR)
    rewrite(database, shapes.TOPIC, "mediation", ChangeType.CORRECTED, broader="peace-talks")
    draft(database, shapes.POSITION, POSITION_ID, "pos_anotheranotheran")
    for number in range(120):
        stance = ("denies", "warns")[number % 2]
        rewrite(database, shapes.POSITION, POSITION_ID, ChangeType.CORRECTED, stance=stance)
    rewrite(database, shapes.OFFER, OFFER_ID, ChangeType.CORRECTED, topic="trade-and-transit")


@pytest.fixture(scope="module")
def lived_url(seeded_url: str, new_database: NewDatabase) -> str:
    """A database with a long record; copy it, do not write to it."""
    url = new_database(seeded_url)
    database = Database(Settings(database_url=url))
    live(database)
    more(database)
    database.dispose()
    return url


@pytest.fixture
def lived_settings(lived_url: str, new_database: NewDatabase) -> Settings:
    """Settings for a database with a long record, of the test's own."""
    return Settings(database_url=new_database(lived_url))


def told(settings: Settings) -> list[bytes]:
    with Client(create_app(settings)) as client:
        found = [client.get(path) for path in PATHS]
    assert {answer.status_code for answer in found} == {200}
    return [answer.content for answer in found] + answers(settings)


def down_and_up(settings: Settings) -> None:
    schema.downgrade(settings, RELEASED)
    schema.upgrade(settings)


def times(settings: Settings) -> list[datetime]:
    """The times of all changes, in the order of the changes."""
    with engine_of(settings) as engine, engine.connect() as connection:
        return list(connection.scalars(select(CHANGES.c.at).order_by(CHANGES.c.seq)))


def date(settings: Settings, seq: int, at: datetime) -> None:
    """Give a change another time, as a clock that was wrong would have."""
    with engine_of(settings) as engine, engine.begin() as connection:
        connection.execute(update(CHANGES).where(CHANGES.c.seq == seq).values(at=at))


def test_the_way_down_leads_to_the_released_schema(
    lived_settings: Settings, new_database: NewDatabase
) -> None:
    released = Settings(database_url=new_database(None))
    schema.upgrade(released, RELEASED)
    schema.downgrade(lived_settings, RELEASED)
    assert structure(lived_settings) == structure(released)


def test_digests_and_numbers_are_those_that_the_record_had(lived_settings: Settings) -> None:
    before, served = rows(lived_settings), told(lived_settings)
    before["article_texts"] = []  # the released schema has no place for them
    for name in ("topic_changes", "group_label_evidence", "tenure_evidence", "offer_responses"):
        assert before[name], name
    down_and_up(lived_settings)
    assert rows(lived_settings) == before
    assert told(lived_settings) == served


def test_the_record_goes_on_as_if_nothing_had_been(
    lived_settings: Settings, lived_url: str, new_database: NewDatabase
) -> None:
    found = []
    other = Settings(database_url=new_database(lived_url))
    down_and_up(other)
    for settings in (lived_settings, other):
        database = Database(settings)
        rewrite(database, shapes.ROUND, ROUND_ID, ChangeType.CORRECTED, outcome="full")
        with database.read() as session:
            digests = session.rows(select(CHANGES.c.seq, CHANGES.c.digest).order_by(CHANGES.c.seq))
            numbers = session.rows(select(table(TopicChange)).order_by("topic", "number"))
        found.append((digests, numbers))
        database.dispose()
    assert found[0] == found[1]


def test_later_changes_get_later_times(lived_settings: Settings) -> None:
    schema.downgrade(lived_settings, RELEASED)
    noon = datetime(2030, 1, 1, 12, tzinfo=UTC)
    for seq, at in enumerate((noon, noon, noon - timedelta(hours=1), noon + timedelta(hours=1))):
        date(lived_settings, seq, at)
    schema.upgrade(lived_settings)
    found = times(lived_settings)
    tick = timedelta(microseconds=1)
    assert found[:4] == [noon, noon + tick, noon + 2 * tick, noon + timedelta(hours=1)]
    # All the rest were made before 2030.
    assert found[4:] == [found[3] + n * tick for n in range(1, len(found) - 3)]
