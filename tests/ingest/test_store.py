"""Storing: ids, versions and the change that wrote them."""

from typing import Any

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError

from app import __version__
from app.codelists import ChangeKind
from app.db import Database
from app.ingest import shapes
from app.ingest.changes import Origin
from app.ingest.shapes import Kind
from app.ingest.store import Want, article_id, fact_id, plan, store
from app.models import Change
from tests.ingest.support import book_fair, dump, load, sha256, versions

KINDS = shapes.KINDS
FACTS = shapes.FACTS


def test_the_id_of_a_fact_follows_from_text_kind_and_key() -> None:
    texts = [sha256("one text"), sha256("another text")]
    ids = {fact_id(kind, words, key) for kind in FACTS for words in texts for key in ("a", "b")}
    assert len(ids) == 12
    assert {id_[:4] for id_ in ids} == {"pos_", "med_", "rnd_"}
    assert len({article_id(words) for words in texts}) == 2


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_what_is_read_back_is_what_was_stored(database: Database, kind: Kind) -> None:
    with database.write() as session:
        keys = [row[0] for row in session.rows(select(kind.table.c[kind.key]))]
        stored = shapes.load(session, kind, keys)
        wants = [Want(kind, key, each.snapshot) for key, each in stored.items()]
        assert len(wants) == len(keys) > 0
        assert plan(shapes.on_record(session), wants) == []


def test_nothing_to_write_is_no_change(database: Database) -> None:
    before = dump(database)
    with database.write() as session:
        outcome = store(session, [], Origin(ChangeKind.CURATION, by="test", method="by hand"))
    assert (outcome.seq, outcome.steps) == (None, [])
    assert dump(database) == before


def test_a_change_says_who_how_why_and_from_which_article(database: Database) -> None:
    record, words = book_fair()
    record["method"] = "extractor 7"
    outcome = load(database, record, words, reason="The fair has opened.")
    with database.read() as session:
        (change,) = session.rows(
            select(Change.__table__).where(  # type: ignore[attr-defined]
                text("seq = 2")
            )
        )
    assert outcome.seq == 2
    assert (change.kind, change.by, change.method) == ("ingest", "test", "extractor 7")
    assert change.reason == "The fair has opened."
    assert change.article_id == article_id(record["article"]["text_sha256"])
    assert change.software == f"onrecord {__version__}"


def test_a_failure_half_way_leaves_nothing(database: Database) -> None:
    record, words = book_fair()
    before = dump(database)
    loaded = load(database, record, words)
    with pytest.raises(IntegrityError), database.write() as session:
        store(session, loaded.steps[:1], Origin(ChangeKind.CURATION, by="test", method="by hand"))
    after = dump(database)
    assert len(after["changes"]) == len(before["changes"]) + 1


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_everything_has_one_current_version_and_its_revisions_are_numbered(
    database: Database, record, kind: Kind
) -> None:
    spoil(record)
    load(database, record)
    key, table = kind.table.c[kind.key], kind.table
    count = func.count().label("n")
    with database.read() as session:
        identities = session.scalar(select(count).select_from(kind.anchor))
        current = select(count).where(table.c.superseded_in.is_(None)).group_by(key)
        counted = select(count, func.max(table.c.rev).label("last")).group_by(key)
        assert [row.n for row in session.rows(current)] == [1] * identities
        assert all(row.n == row.last for row in session.rows(counted))


def spoil(record: dict[str, Any]) -> None:
    """Edit one entry of each section."""
    record["groups"][0]["name"] = "Foreign Office"
    record["officials"][0]["tenures"][0]["end_status"] = "unknown"
    record["positions"][0]["stance"] = "asserts"
    record["mediation_offers"][0]["kind"] = "good_offices"
    record["rounds"][0]["ordinal"] = 4


def test_a_version_is_superseded_by_the_change_that_wrote_the_next(
    database: Database, record
) -> None:
    key = fact_id(shapes.POSITION, record["article"]["text_sha256"], "talks-deadlocked")
    for stance in ("asserts", "denies"):
        record["positions"][0]["stance"] = stance
        load(database, record)
    assert versions(database, shapes.POSITION, key) == [
        (1, 1, 2, "new"),
        (2, 2, 3, "corrected"),
        (3, 3, None, "corrected"),
    ]


def test_children_of_an_earlier_version_stay_as_they_were(database: Database, record) -> None:
    before = dump(database)
    spoil(record)
    record["positions"][0]["evidence"].pop()
    record["mediation_offers"][0]["responses"].clear()
    load(database, record)
    after = dump(database)
    for name, rows in before.items():
        if not name.endswith(("_versions", "_tallies")):
            assert after[name][: len(rows)] == rows or set(rows) <= set(after[name]), name
