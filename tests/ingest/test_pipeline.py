"""The way in from end to end: loading again, loading edited, loading at the same time."""

from concurrent.futures import ThreadPoolExecutor
from copy import deepcopy
from dataclasses import replace
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select

from app.codelists import ChangeKind, ChangeType
from app.db import Database
from app.ingest import shapes
from app.ingest.changes import Origin
from app.ingest.pipeline import EDITED
from app.ingest.shapes import Kind, Step
from app.ingest.store import article_id, fact_id, store
from app.models import Change
from app.settings import Settings
from tests.ingest.support import book_fair, dump, load, put, steps, versions

ARTICLE = "art_scfda635kzgz3rk6"
SECTIONS = {
    "positions": shapes.POSITION,
    "mediation_offers": shapes.OFFER,
    "rounds": shapes.ROUND,
}


def id_of(record: dict[str, Any], kind: Kind, key: str) -> str:
    return fact_id(kind, record["article"]["text_sha256"], key)


def current(database: Database, kind: Kind, key: str) -> Any:
    """The current version of an entity, its children included."""
    with database.read() as session:
        return shapes.load(session, kind, [key])[key].snapshot


def changes(database: Database) -> list[Any]:
    table = Change.__table__  # type: ignore[attr-defined]
    with database.read() as session:
        return list(session.rows(select(table).order_by(table.c.seq)))


# The same again.


def test_loading_a_record_again_changes_nothing(database: Database, record) -> None:
    before = dump(database)
    for _ in range(2):
        outcome = load(database, record, reason="again")
        assert (outcome.seq, outcome.steps) == (None, [])
    assert dump(database) == before


def test_loading_with_the_text_after_loading_without_changes_nothing(
    database: Database, record, article_text: str
) -> None:
    assert load(database, record, article_text).seq is None


# Edited.

EDITS: list[tuple[tuple[str | int, ...], object, tuple[str, str]]] = [
    (("positions", 1, "proposition"), "Dialogue goes on.", ("position", "corrected")),
    (("positions", 1, "evidence", 0, "cue"), None, ("position", "corrected")),
    (("positions", 1, "said_on"), "2025-11", ("position", "corrected")),
    (("positions", 7, "conditions"), [], ("position", "corrected")),
    (("mediation_offers", 1, "status"), "accepted", ("mediation_offer", "corrected")),
    (
        ("mediation_offers", 1, "responses", 0, "response"),
        "accepted",
        ("mediation_offer", "corrected"),
    ),
    (("rounds", 0, "outcome"), "suspended", ("round", "corrected")),
    (("groups", 3, "name"), "Taliban government", ("group", "corrected")),
    (("groups", 3, "aliases", 1), "Taliban government", ("group", "updated")),
    (("groups", 4, "labels", 0, "text"), "Khawarij", ("group", "corrected")),
    (("groups", 6, "wikidata"), "Q1", ("group", "updated")),
    (("officials", 0, "name_variants", 0), "T. Andrabi", ("official", "updated")),
    (("officials", 0, "wikidata"), "Q1", ("official", "updated")),
    (("officials", 1, "wikidata"), "Q1", ("official", "corrected")),
    (("officials", 0, "tenures", 0, "post"), "Spokesman", ("official", "corrected")),
]


@pytest.mark.parametrize(("place", "value", "step"), EDITS, ids=lambda value: str(value)[:40])
def test_an_edit_writes_a_version_of_what_was_edited_and_of_nothing_else(
    database: Database, record, place, value: object, step: tuple[str, str]
) -> None:
    put(record, place, value)
    outcome = load(database, record)
    written = [(kind, change_type) for kind, change_type, _ in steps(outcome)]
    assert written == sorted([("article", "updated"), step])
    assert outcome.seq == 2
    assert load(database, record).seq is None


def test_the_article_is_corrected_if_its_own_entry_is_edited(database: Database, record) -> None:
    put(record, ("article", "headline"), "Another headline")
    assert steps(load(database, record)) == [("article", "corrected", ARTICLE)]


def test_an_edited_record_gives_a_reason_in_any_case(database: Database, record) -> None:
    put(record, ("rounds", 0, "ordinal"), 4)
    load(database, record)
    put(record, ("rounds", 0, "ordinal"), 5)
    load(database, record, reason="The fifth round.")
    assert [change.reason for change in changes(database)] == [
        None,
        None,
        EDITED,
        "The fifth round.",
    ]


def test_the_version_before_an_edit_can_be_read(
    fresh_client: TestClient, database: Database, record
) -> None:
    path = f"/v1/positions/{id_of(record, shapes.POSITION, 'dialogue')}"
    before = fresh_client.get(path).json()["data"]
    put(record, ("positions", 1, "proposition"), "Dialogue goes on.")
    load(database, record, reason="Said otherwise.")
    now = fresh_client.get(path).json()["data"]
    assert (now["proposition"], now["rev"]) == ("Dialogue goes on.", 2)
    history = fresh_client.get(f"{path}/history").json()["data"]
    first, second = sorted(history, key=lambda version: version["rev"])
    assert (first["superseded_in"], first["reason"]) == (2, None)
    assert (second["superseded_in"], second["reason"]) == (None, "Said otherwise.")
    assert [first["fact"], second["fact"]] == [before, now]


@pytest.mark.parametrize("section", SECTIONS)
def test_a_fact_taken_out_of_the_record_is_withdrawn_and_put_back_published(
    database: Database, record, section: str
) -> None:
    kind, first = SECTIONS[section], deepcopy(record)
    key = id_of(record, kind, record[section][-1]["key"])
    said = current(database, kind, key)

    del record[section][-1]
    assert steps(load(database, record)) == sorted(
        [("article", "updated", ARTICLE), (kind.name, "withdrawn", key)]
    )
    assert current(database, kind, key).values["curation"] == "withdrawn"
    assert load(database, record).seq is None

    load(database, first)
    assert current(database, kind, key) == said
    assert [(rev, seq) for rev, seq, *_ in versions(database, kind, key)] == [
        (1, 1),
        (2, 2),
        (3, 3),
    ]


def test_a_withdrawal_is_seen_outside(fresh_client: TestClient, database: Database, record) -> None:
    path = f"/v1/positions/{id_of(record, shapes.POSITION, 'gaza-force')}"
    del record["positions"][-1]
    load(database, record)
    assert fresh_client.get(path).status_code == 410
    assert fresh_client.get("/v1/positions").json()["meta"]["total"] == 12


def test_a_withdrawn_fact_is_not_withdrawn_again(database: Database, record) -> None:
    del record["positions"][-1]
    load(database, record)
    put(record, ("rounds", 0, "ordinal"), 4)
    written = [(kind, change_type) for kind, change_type, _ in steps(load(database, record))]
    assert written == [("article", "updated"), ("round", "corrected")]


def test_a_fact_with_a_new_key_is_another_fact(database: Database, record) -> None:
    old, new = (id_of(record, shapes.ROUND, key) for key in ("third-round", "round-three"))
    put(record, ("rounds", 0, "key"), "round-three")
    assert steps(load(database, record)) == [
        ("article", "updated", ARTICLE),
        ("round", "new", new),
        ("round", "withdrawn", old),
    ]


def test_loading_an_old_edition_again_writes_corrections_back(database: Database, record) -> None:
    first = deepcopy(record)
    key = id_of(record, shapes.POSITION, "dialogue")
    said = current(database, shapes.POSITION, key)
    put(record, ("positions", 1, "stance"), "asserts")
    load(database, record)
    outcome = load(database, first)
    assert steps(outcome) == [("article", "updated", ARTICLE), ("position", "corrected", key)]
    assert current(database, shapes.POSITION, key) == said
    assert versions(database, shapes.POSITION, key) == [
        (1, 1, 2, "new"),
        (2, 2, 3, "corrected"),
        (3, 3, None, "corrected"),
    ]


def test_the_order_of_entries_does_not_count(database: Database, record) -> None:
    for section in ("groups", "officials", *SECTIONS):
        record[section].reverse()
    assert steps(load(database, record)) == [("article", "updated", ARTICLE)]


# More is known.


def test_a_new_tenure_and_a_new_name_are_updates(database: Database, record) -> None:
    tenures = record["officials"][0]["tenures"]
    tenures.append({**tenures[0], "post": "Ambassador", "end_status": "unknown"})
    record["groups"][0]["aliases"].append("MoFA")
    assert steps(load(database, record)) == [
        ("article", "updated", ARTICLE),
        ("group", "updated", "pakistan-foreign-office"),
        ("official", "updated", "tahir-andrabi"),
    ]


def test_another_article_adds_to_what_is_known_of_officials_and_groups(
    database: Database, record
) -> None:
    another, words = book_fair()
    outcome = load(database, another, words)
    assert steps(outcome) == sorted(
        [
            ("article", "new", article_id(another["article"]["text_sha256"])),
            ("group", "updated", "fitnah-al-khawaraj"),
            ("official", "updated", "tahir-andrabi"),
            ("position", "new", id_of(another, shapes.POSITION, "fair")),
        ]
    )
    official = current(database, shapes.OFFICIAL, "tahir-andrabi")
    posts = [tenure.values["post"] for tenure in official.children["tenures"]]
    assert posts == ["Foreign Office spokesperson", "Head of the jury"]
    group = current(database, shapes.GROUP, "fitnah-al-khawaraj")
    assert [label.values["text"] for label in group.children["labels"]] == [
        "Fitnah-Al-Khawaraj",
        "Readers",
    ]
    agency = current(database, shapes.GROUP, "pti")
    assert agency.values["country_code"] == "IND"  # the second article does not say so

    before = dump(database)
    assert load(database, another, words).seq is None
    assert load(database, record).seq is None
    assert dump(database) == before


def test_an_edit_touches_only_what_its_own_article_attests(database: Database, record) -> None:
    another, words = book_fair()
    load(database, another, words)
    put(record, ("officials", 0, "tenures", 0, "end_status"), "ended")
    load(database, record)
    official = current(database, shapes.OFFICIAL, "tahir-andrabi")
    ends = {t.values["post"]: t.values["end_status"] for t in official.children["tenures"]}
    assert ends == {"Foreign Office spokesperson": "ended", "Head of the jury": "unknown"}


def test_a_fact_taken_out_leaves_the_other_article_alone(database: Database, record) -> None:
    another, words = book_fair()
    load(database, another, words)
    record["positions"] = record["positions"][:1]
    record["mediation_offers"] = []
    written = steps(load(database, record))
    assert id_of(another, shapes.POSITION, "fair") not in {key for *_, key in written}


# Corrected by hand since.


def correct(database: Database, kind: Kind, key: str, **values: object) -> None:
    """Write a correction as a curator does: another version that goes back to the same entry."""
    with database.write() as session:
        before = shapes.load(session, kind, [key])[key]
        snapshot = replace(before.snapshot, values=before.snapshot.values | values)
        step = Step(kind, key, snapshot, before, ChangeType.CORRECTED)
        origin = Origin(ChangeKind.CURATION, by="curator", method="by hand", reason="A slip.")
        store(session, [step], origin)


def test_a_correction_by_hand_stands_until_its_entry_is_edited(database: Database, record) -> None:
    key = id_of(record, shapes.POSITION, "dialogue")
    correct(database, shapes.POSITION, key, stance="asserts")

    put(record, ("rounds", 0, "ordinal"), 4)
    load(database, record)
    assert current(database, shapes.POSITION, key).values["stance"] == "asserts"

    put(record, ("positions", 1, "proposition"), "Dialogue goes on.")
    load(database, record)
    assert current(database, shapes.POSITION, key).values["stance"] == "commits"


def test_loading_the_same_record_leaves_a_correction_by_hand(database: Database, record) -> None:
    key = id_of(record, shapes.POSITION, "dialogue")
    correct(database, shapes.POSITION, key, stance="asserts")
    assert load(database, record).seq is None
    assert current(database, shapes.POSITION, key).values["stance"] == "asserts"


# At the same time.


def test_records_loaded_at_the_same_time_are_all_in(
    fresh_settings: Settings, database: Database
) -> None:
    fairs = [book_fair(number) for number in range(6)]

    def load_one(fair: tuple[dict[str, Any], str]) -> int | None:
        own = Database(fresh_settings)
        try:
            return load(own, *fair).seq
        finally:
            own.dispose()

    with ThreadPoolExecutor(len(fairs)) as pool:
        seqs = list(pool.map(load_one, fairs))
    assert sorted(seq or 0 for seq in seqs) == [2, 3, 4, 5, 6, 7]
    assert [change.seq for change in changes(database)] == list(range(8))
    for record, _ in fairs:
        assert current(database, shapes.POSITION, id_of(record, shapes.POSITION, "fair"))
    official = current(database, shapes.OFFICIAL, "tahir-andrabi")
    assert len(official.children["tenures"]) == 1 + len(fairs)
    assert len(versions(database, shapes.OFFICIAL, "tahir-andrabi")) == 1 + len(fairs)


def test_one_record_loaded_at_the_same_time_is_in_once(
    fresh_settings: Settings, database: Database
) -> None:
    fair = book_fair()
    with ThreadPoolExecutor(4) as pool:
        seqs = list(pool.map(lambda _: load(database, *fair).seq, range(4)))
    assert sorted(seqs, key=str) == [2, None, None, None]
    assert len(changes(database)) == 3
