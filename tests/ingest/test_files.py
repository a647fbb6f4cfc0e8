"""Files and documents: what is no record is refused, and how a record is written does not count."""

import json
from pathlib import Path

import pytest

from app.db import Database
from app.errors import RecordRefused
from app.ingest import shapes
from app.ingest.draft import parse
from app.ingest.reading import read_file, read_text
from app.ingest.record import SECTIONS, entry_digest
from tests.conftest import RECORD
from tests.ingest.support import (
    as_json,
    book_fair,
    load,
    put,
    refused,
    shown,
)

LIMIT = 1000
"""Code points that a sentence about one fault may have: nobody reads more."""


# Documents that are no records, files that are no documents.


@pytest.mark.parametrize("raw", [None, [], "record", 7, True, {}, [{}], {1: 2}, {None: {}}])
def test_what_is_no_record_is_refused(standing: Database, raw: object) -> None:
    assert refused(standing, raw), "a refusal without a reason"


@pytest.mark.parametrize("section", SECTIONS)
@pytest.mark.parametrize("value", [None, 1, "x", {}, [None], ["x"], [[]], [{}], {"a"}, ({},)])
def test_a_section_that_is_no_list_of_entries_is_refused(
    standing: Database, record, section: str, value: object
) -> None:
    record[section] = value
    assert any(place.startswith(section) for place in refused(standing, record))


def test_a_record_without_facts_is_one(database: Database) -> None:
    record, words = book_fair()
    bare = {"format": record["format"], "article": record["article"]}
    assert load(database, bare, words).seq == 2


BROKEN = {
    "nothing in it": "",
    "only a comment": "# nothing\n",
    "broken YAML": "positions: [",
    "broken JSON": '{"format": "onrecord/article-record/1",',
    "a tab": "\tformat: x",
    "two documents": "a: 1\n---\nb: 2\n",
    "a control character": "a: \x01",
    "a Python object": "!!python/object/apply:os.getcwd []",
    "an unknown tag": "a: !secret x",
    "an unknown alias": "a: *nobody",
    "a list as a key": "? [1, 2]\n: 3\n",
    "no truth value": "a: !!bool x",
    "no number": 'a: !!int ""',
    "no fraction": 'a: !!float ""',
    "no moment": "a: !!timestamp x",
    "a merge with a number": "<<: 1",
    "a list in itself": "&a [*a]",
    "a mapping in itself": "&a {article: *a}",
    "a merge with itself": "&a {<<: *a}",
    "a deep list": "[" * 20_000 + "]" * 20_000,
    "a deep list, unclosed": "[" * 20_000,
    "a deep mapping": '{"a":' * 20_000 + "1" + "}" * 20_000,
    "a deep indentation": "".join(" " * depth + "a:\n" for depth in range(2_000)),
    "a long number": "a: 0x" + "f" * 5000,
}


@pytest.mark.parametrize("content", BROKEN.values(), ids=BROKEN)
def test_a_file_that_holds_no_record_is_refused(
    standing: Database, tmp_path: Path, content: str
) -> None:
    path = tmp_path / "record.yaml"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(RecordRefused):
        load(standing, read_file(path))


LONG = "x" * 100_000
HEXADECIMAL = f"0x{'f' * 5000}"
INSERTED = [
    ("ordinal: 3", f"ordinal: {HEXADECIMAL}", "rounds[0].ordinal"),
    ("held_on: 2025-11-07", f"held_on: {HEXADECIMAL}", "rounds[0].held_on"),
    ("held_on: 2025-11-07", f"held_on: {LONG}", "rounds[0].held_on"),
    ("stance: commits", f"stance: {LONG}", "positions[1].stance"),
    ("key: dialogue", f"key: {LONG}", "positions[1].key"),
    ("host: TUR", f"host: {LONG}", "rounds[0].host"),
]


@pytest.mark.parametrize(("old", "new", "place"), INSERTED, ids=lambda value: value[:20])
def test_an_endless_value_is_refused_in_few_words(
    standing: Database, tmp_path: Path, old: str, new: str, place: str
) -> None:
    path = tmp_path / "record.yaml"
    path.write_text(RECORD.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")
    faults = refused(standing, read_file(path))
    assert list(faults) == [place]
    assert len(str(faults[place])) < LIMIT


@pytest.mark.parametrize(
    "place",
    [("positions", 1, "stance"), ("positions", 1, "key"), ("rounds", 0, "held_on"), ("rounds",)],
    ids=shown,
)
@pytest.mark.parametrize("shape", ["deep", "wide"])
def test_a_list_without_end_is_refused_in_few_words(
    standing: Database, record, place, shape: str
) -> None:
    value: object = "ha"
    for _ in range(10_000 if shape == "deep" else 6):
        value = [value] * (1 if shape == "deep" else 10)
    with pytest.raises(RecordRefused) as refusal:
        load(standing, put(record, place, value))
    assert len(str(refusal.value)) < LIMIT * 10


def test_a_file_that_is_not_utf8_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "record.yaml"
    path.write_bytes("name: Türkiye".encode("latin-1"))
    for read in (read_file, read_text):
        with pytest.raises(RecordRefused, match="not UTF-8"):
            read(path)


def test_a_file_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    for path in (tmp_path / "missing.yaml", tmp_path):
        for read in (read_file, read_text):
            with pytest.raises(RecordRefused, match="cannot be read"):
                read(path)


def test_a_text_is_read_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "article.txt"
    path.write_bytes("\ufeffa\r\nb\rc\u2028".encode())
    assert read_text(path) == "\ufeffa\r\nb\rc\u2028"


# The same record in other clothes.


def test_json_and_dates_as_text_are_the_same_record(
    database: Database, record, tmp_path: Path
) -> None:
    path = tmp_path / "record.json"
    path.write_text(json.dumps(as_json(record), indent=2), encoding="utf-8")
    assert load(database, read_file(path)).seq is None


@pytest.mark.parametrize(
    ("old", "new"),
    [("'on': 2025-11-14", "on: 2025-11-14"), ("2025-11-14", "'2025-11-14'"), ("\n", "\r\n")],
)
def test_how_the_file_is_written_does_not_count(
    database: Database, tmp_path: Path, old: str, new: str
) -> None:
    path = tmp_path / "record.yaml"
    path.write_bytes(RECORD.read_text(encoding="utf-8").replace(old, new).encode())
    assert load(database, read_file(path)).seq is None


def test_a_date_in_a_file_that_cannot_be_is_named_by_its_place(
    standing: Database, tmp_path: Path
) -> None:
    path = tmp_path / "record.yaml"
    written = RECORD.read_text(encoding="utf-8")
    path.write_text(written.replace("held_on: 2025-11-07", "held_on: 2025-02-30"))
    assert list(refused(standing, read_file(path))) == ["rounds[0].held_on"]


@pytest.mark.parametrize(
    ("suffix", "old", "new"),
    [
        ("yaml", "stance: commits", "stance: commits\n  stance: denies"),
        ("json", '"stance": "commits"', '"stance": "commits", "stance": "denies"'),
    ],
)
def test_a_field_that_stands_twice_is_refused(
    standing: Database, record, tmp_path: Path, suffix: str, old: str, new: str
) -> None:
    yaml = RECORD.read_text(encoding="utf-8")
    written = yaml if suffix == "yaml" else json.dumps(as_json(record))
    assert written.count(old) == 1
    path = tmp_path / f"record.{suffix}"
    path.write_text(written.replace(old, new), encoding="utf-8")
    with pytest.raises(RecordRefused, match="stance"):
        load(standing, read_file(path))


@pytest.mark.parametrize("year", [2025, "2025"])
def test_a_year_may_be_a_number(database: Database, record, year: object) -> None:
    put(record, ("rounds", 0, "held_on"), year)
    (step,) = [each for each in load(database, record).steps if each.kind is shapes.ROUND]
    held = step.snapshot.values
    assert (held["held_on"].isoformat(), held["held_on_precision"]) == ("2025-01-01", "year")


def test_fields_left_at_their_default_do_not_change_a_digest(record) -> None:
    plain = parse(record).record
    put(record, ("rounds", 0, "topic"), "peace-talks")
    put(record, ("positions", 0, "conditions"), [])
    put(record, ("positions", 2, "said_on"), None)
    spelt_out = parse(record).record
    assert plain is not None
    assert spelt_out is not None
    assert spelt_out.digest() == plain.digest()
    assert entry_digest(plain.positions[0]) != entry_digest(plain.positions[1])
