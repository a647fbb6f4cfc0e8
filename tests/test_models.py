"""What the database itself refuses, whoever writes to it, on both databases.

Each test spoils one stored row and expects the one constraint that forbids it. Everything is rolled
back, so all tests share one database.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import (
    Executable,
    ForeignKeyConstraint,
    Table,
    and_,
    create_engine,
    delete,
    func,
    insert,
    inspect,
    select,
    update,
)
from sqlalchemy.exc import DataError, IntegrityError

from app import keys
from app.codelists import Scope
from app.db import Database
from app.models import metadata
from app.sessions import WriteSession
from app.settings import Settings

TODAY = date(2025, 11, 14)
COUNTED = ("read", "stored", "unchanged", "refused")


@pytest.fixture(scope="module")
def spoiled(seeded_url: str, new_database: Callable[[str | None], str]) -> Iterator[Database]:
    """A seeded database with a row in every table; nothing that tests do to it is committed."""
    database = Database(Settings(database_url=new_database(seeded_url)))
    with database.write() as session:
        article = session.scalar(select(table("articles").c.id))
        text = {"article_id": article, "text": "A text."}
        session.execute(insert(table("article_texts")), [text])
        keys.create(session, "desk", [Scope.CURATE], None)
        answer = {
            "api_key_id": session.scalar(select(table("api_keys").c.id)),
            "idempotency_key": "one",
            "fingerprint": "0" * 64,
            "status": 201,
            "body": b"{}",
            "answered_at": datetime.now(UTC),
        }
        session.execute(insert(table("idempotent_answers")), [answer])
        job = {
            "id": "job_a",
            "api_key_id": answer["api_key_id"],
            "by": "desk",
            "state": "queued",
            "form": "text",
            "name": "text",
            "created_at": answer["answered_at"],
            **dict.fromkeys(("tries", *(f"articles_{n}" for n in COUNTED)), 0),
        }
        session.execute(insert(table("jobs")), [job])
        refused = dict.fromkeys(("name", "reason", "sort", "method"), "a")
        refused |= {"text_sha256": "0" * 64, "refused_at": answer["answered_at"]}
        session.execute(insert(table("refused_articles")), [refused])
    yield database
    database.dispose()


class Undo(Exception):
    """Ends a transaction without a commit."""


@contextmanager
def trying(database: Database) -> Iterator[WriteSession]:
    """A transaction that is never committed."""
    with suppress(Undo), database.write() as session:
        yield session
        raise Undo


def table(name: str) -> Table:
    return metadata.tables[name]


def any_row(database: Database, name: str) -> dict[str, Any]:
    with database.read() as session:
        row = session.first(select(table(name)).limit(1))
    assert row is not None, f"the first article's record has no {name}"
    found: dict[str, Any] = row._asdict()
    return found


def refusal(database: Database, *statements: Executable) -> str:
    """What the database says when it refuses the last of these statements."""
    with trying(database) as session:
        for statement in statements[:-1]:
            session.execute(statement)
        with pytest.raises((IntegrityError, DataError)) as error:
            session.execute(statements[-1])
    return str(error.value.orig)


def refused(database: Database, name: str, **values: Any) -> str:
    """What the database says to a row of the table that is changed to these values."""
    row = any_row(database, name)
    this = and_(*(column == row[column.name] for column in table(name).primary_key))
    return refusal(database, update(table(name)).where(this).values(**values))


# What else a row needs for the code itself to be what is wrong with it.
DATED = {"said_on": TODAY, "offered_on": TODAY, "held_on": TODAY, "responded_on": TODAY}
CODED: list[tuple[str, str, dict[str, Any]]] = [
    ("article_versions", "change_type", {}),
    ("changes", "kind", {}),
    ("country_names", "kind", {}),
    ("country_versions", "change_type", {}),
    ("group_label_evidence", "quote_type", {"exact": None}),
    ("group_names", "kind", {}),
    ("group_versions", "change_type", {}),
    ("group_versions", "kind", {}),
    ("jobs", "state", {}),
    ("mediation_offer_versions", "change_type", {}),
    ("mediation_offer_versions", "curation", {}),
    ("mediation_offer_versions", "kind", {}),
    ("mediation_offer_versions", "offered_on_precision", {"offered_on": TODAY}),
    ("mediation_offer_versions", "status", {}),
    ("offer_evidence", "quote_type", {"exact": None}),
    ("offer_responses", "responded_on_precision", {"responded_on": TODAY, "response": "declined"}),
    ("offer_responses", "response", {}),
    ("official_names", "kind", {}),
    ("official_versions", "change_type", {}),
    ("position_clauses", "kind", {}),
    ("position_evidence", "quote_type", {"exact": None}),
    ("position_versions", "change_type", {}),
    ("position_versions", "curation", {}),
    ("position_versions", "modality", {}),
    ("position_versions", "said_on_precision", {"said_on": TODAY}),
    ("position_versions", "stance", {}),
    ("round_evidence", "quote_type", {"exact": None}),
    ("round_versions", "change_type", {}),
    ("round_versions", "curation", {}),
    ("round_versions", "held_on_precision", {"held_on": TODAY}),
    ("round_versions", "outcome", {}),
    ("tenure_evidence", "quote_type", {"exact": None}),
    ("tenures", "end_status", {}),
    ("topic_codes", "scheme", {}),
    ("topic_versions", "change_type", {}),
]


@pytest.mark.parametrize(("name", "column", "more"), CODED, ids=[f"{c[0]}.{c[1]}" for c in CODED])
def test_a_code_that_is_on_no_list_is_refused(
    spoiled: Database, name: str, column: str, more: dict[str, Any]
) -> None:
    assert f"ck_{name}_{column}" in refused(spoiled, name, **{column: "no-such-code"}, **more)


def test_every_column_with_a_code_is_tried_above(spoiled: Database) -> None:
    """A new coded column has to be added to the list."""
    engine = create_engine(spoiled.url)
    checked = {
        (name, str(check["name"]).removeprefix(f"ck_{name}_"))
        for name in metadata.tables
        for check in inspect(engine).get_check_constraints(name)
        if (" IN (" in check["sqltext"] or "= ANY" in check["sqltext"])
        and str(check["name"]).removeprefix(f"ck_{name}_") in table(name).columns
    }
    engine.dispose()
    assert checked == {(name, column) for name, column, _ in CODED}


REFERENCES = [
    (name, key)
    for name, each in sorted(metadata.tables.items())
    for key in sorted(each.foreign_key_constraints, key=lambda key: str(key.name))
]
BESIDE: dict[str, dict[str, Any]] = {
    "merged_into": {"change_type": "merged", "curation": "withdrawn"},
    "used_by_group": {"used_by_country": None},
    "position_id": {"response": "declined"},
}


@pytest.mark.parametrize(
    ("name", "key"), REFERENCES, ids=[f"{name}.{key.column_keys[0]}" for name, key in REFERENCES]
)
def test_a_reference_to_nothing_is_refused(
    spoiled: Database, name: str, key: ForeignKeyConstraint
) -> None:
    (column,) = key.columns
    nothing = 10**9 if column.type.python_type is int else "no-such-key"
    more = BESIDE.get(column.name, {})
    said = refused(spoiled, name, **{column.name: nothing}, **more)
    assert "foreign key" in said.lower()


def test_a_row_that_is_referred_to_cannot_go(spoiled: Database) -> None:
    assert "foreign key" in refusal(spoiled, delete(table("topics"))).lower()


VERSIONED = [
    ("article_versions", "id"),
    ("country_versions", "code"),
    ("group_versions", "slug"),
    ("mediation_offer_versions", "id"),
    ("official_versions", "slug"),
    ("position_versions", "id"),
    ("round_versions", "id"),
    ("topic_versions", "slug"),
]


@pytest.mark.parametrize(("name", "key"), VERSIONED)
@pytest.mark.parametrize("case", ["both current", "same number"])
def test_a_second_version_is_refused_if(spoiled: Database, name: str, key: str, case: str) -> None:
    """It would be current beside another, or have another's number."""
    change = any_row(spoiled, "changes") | {"seq": 10}
    row = any_row(spoiled, name)
    second = {c.name: row[c.name] for c in table(name).columns if c.computed is None}
    del second["row_id"]
    second |= {"alpha2": "QQ"} if name == "country_versions" else {}
    second |= {"both current": {"rev": 2}, "same number": {"superseded_in": 10}}[case]
    said = refusal(
        spoiled, insert(table("changes")).values(change), insert(table(name)).values(second)
    )
    # SQLite names the columns, PostgreSQL the constraint.
    names = {
        "both current": (f"ux_{name}_current", f"failed: {name}.{key}"),
        "same number": (f"uq_{name}_{key}_rev", f"{name}.{key}, {name}.rev"),
    }
    assert any(each in said for each in names[case])


@pytest.mark.parametrize("name", [name for name, _ in VERSIONED])
def test_a_version_is_superseded_by_a_later_change_only(spoiled: Database, name: str) -> None:
    column = table(name).c.recorded_in
    assert f"ck_{name}_superseded_later" in refused(spoiled, name, superseded_in=column)


EVIDENCE = sorted(name for name in metadata.tables if name.endswith("_evidence"))


@pytest.mark.parametrize("name", EVIDENCE)
def test_direct_evidence_has_the_words_and_no_other_has(spoiled: Database, name: str) -> None:
    constraint = f"ck_{name}_exact_if_direct"
    assert constraint in refused(spoiled, name, quote_type="direct", exact=None)
    for other in ("indirect", "mixed", "mention"):
        assert constraint in refused(spoiled, name, quote_type=other, exact="somebody's prose")


@pytest.mark.parametrize("name", EVIDENCE)
@pytest.mark.parametrize(("start", "end"), [(-1, 5), (5, 5), (6, 5)])
def test_evidence_stands_somewhere(spoiled: Database, name: str, start: int, end: int) -> None:
    assert f"ck_{name}_span" in refused(spoiled, name, start_at=start, end_at=end)


@pytest.mark.parametrize(
    ("name", "column"),
    [
        ("position_versions", "said_on"),
        ("mediation_offer_versions", "offered_on"),
        ("round_versions", "held_on"),
        ("offer_responses", "responded_on"),
    ],
)
def test_a_date_is_unknown_exactly_if_there_is_none(
    spoiled: Database, name: str, column: str
) -> None:
    constraint, precision = f"ck_{name}_{column}_unknown", f"{column}_precision"
    more = {"response": "declined"} if name == "offer_responses" else {}
    for known in ("day", "month", "year"):
        assert constraint in refused(spoiled, name, **{column: None, precision: known}, **more)
    assert constraint in refused(spoiled, name, **{column: TODAY, precision: "unknown"}, **more)


ACTORS = ("offer_parties", "offer_responses", "position_targets", "round_parties")
NOBODY = {"country_code": None, "group_slug": None}


@pytest.mark.parametrize(
    ("constraint", "name", "values"),
    [
        *((f"ck_{name}_country_or_group", name, NOBODY) for name in ACTORS),
        (
            "ck_position_versions_actor",
            "position_versions",
            {"country_code": None, "body": None, "speaker": None},
        ),
        (
            "ck_mediation_offer_versions_mediator",
            "mediation_offer_versions",
            {"mediator_country": None, "mediator_group": None},
        ),
        (
            "ck_mediation_offer_versions_invited_is_not_explicit",
            "mediation_offer_versions",
            {"explicit": True, "status": "invited"},
        ),
        (
            "ck_offer_responses_silence_is_bare",
            "offer_responses",
            {
                "response": "none_on_record",
                "responded_on": TODAY,
                "responded_on_precision": "day",
            },
        ),
        ("ck_position_versions_proposition", "position_versions", {"proposition": ""}),
        (
            "ck_position_versions_merged",
            "position_versions",
            {"change_type": "merged", "curation": "withdrawn"},
        ),
        ("ck_position_versions_gone", "position_versions", {"change_type": "withdrawn"}),
        ("ck_round_versions_ordinal", "round_versions", {"ordinal": 0}),
        ("ck_position_versions_rev", "position_versions", {"rev": 0}),
        ("ck_changes_seq", "changes", {"seq": -1}),
        ("ck_article_versions_characters", "article_versions", {"characters": 0}),
        (
            "ck_group_labels_one_of_used_by_country_used_by_group",
            "group_labels",
            {"used_by_country": None},
        ),
    ],
    ids=lambda value: value if isinstance(value, str) and value.startswith("ck_") else "",
)
def test_what_makes_no_sense_is_refused(
    spoiled: Database, constraint: str, name: str, values: dict[str, Any]
) -> None:
    assert constraint in refused(spoiled, name, **values)


def test_a_proposition_has_three_hundred_characters_at_most(spoiled: Database) -> None:
    """Characters are counted, not bytes."""
    positions = table("position_versions")
    with trying(spoiled) as session:
        session.execute(update(positions).values(proposition="ü" * 300))
        lengths = select(func.length(positions.c.proposition)).distinct()
        assert session.scalar(lengths) == 300
    assert refused(spoiled, "position_versions", proposition="ü" * 301)


@pytest.mark.parametrize("column", ["at", "by", "method", "software"])
def test_a_change_says_when_by_whom_and_how(spoiled: Database, column: str) -> None:
    said = refused(spoiled, "changes", **{column: None})
    assert "not null" in said.lower().replace("-", " ")


def test_names_are_ordered_by_code_point_on_both_databases(spoiled: Database) -> None:
    """Not by the machine's language: `Türkiye` stands after `Tuvalu`, `Åland` after `Z...`."""
    countries = table("country_versions")
    with spoiled.read() as session:
        names = [
            row.name for row in session.rows(select(countries.c.name).order_by(countries.c.name))
        ]
    assert names == sorted(names)
    assert names[-1].startswith("Å")
