"""A file that is damaged or forged is refused, and the line at fault is named; nothing stays."""

from collections.abc import Callable, Iterator
from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.db import Database
from app.ingest import shapes
from app.ingest.curate import Curator, parsed
from app.ingest.pipeline import ingest
from app.settings import Settings
from tests.chance import examples
from tests.http import factory
from tests.http.helpers import property_settings
from tests.ingest.bulk import (
    Line,
    exported,
    forged,
    imported,
    lines_of,
    of,
    refusal,
    sealed,
    written,
)
from tests.ingest.support import sha256, sizes
from tests.time.curating import written as written_fact
from tests.time.history import live

NewDatabase = Callable[[str | None], str]
Edit = Callable[[list[Line]], Any]


@pytest.fixture(scope="module")
def empty(migrated_url: str, new_database: NewDatabase) -> Iterator[Database]:
    """A database that stays empty: whatever is refused leaves nothing."""
    database = Database(Settings(database_url=new_database(migrated_url)))
    yield database
    database.dispose()


@pytest.fixture(scope="module")
def raw(seeded_url: str, new_database: NewDatabase) -> bytes:
    """The file of a record with a past."""
    database = Database(Settings(database_url=new_database(seeded_url)))
    live(database)
    found = exported(database)
    database.dispose()
    return found


def test_what_the_forger_leaves_as_it_was_is_what_was_exported(raw: bytes) -> None:
    """Else the tests below would show nothing: it is not the forger who is found out."""
    assert sealed(lines_of(raw)) == raw


# Damage

places = st.integers(0, 10**6)
some = settings(property_settings, max_examples=examples(10))


@some
@given(place=places)
def test_a_line_that_is_missing_is_noticed(raw: bytes, empty: Database, place: int) -> None:
    lines = raw.splitlines(keepends=True)
    del lines[place % len(lines)]
    assert refusal(empty, b"".join(lines))


@some
@given(one=places, other=places)
def test_lines_that_changed_places_are_noticed(
    raw: bytes, empty: Database, one: int, other: int
) -> None:
    lines = raw.splitlines(keepends=True)
    one, other = one % len(lines), other % len(lines)
    lines[one], lines[other] = lines[other], lines[one]
    if one != other:
        assert refusal(empty, b"".join(lines))


@some
@given(place=places)
def test_a_line_that_stands_twice_is_noticed(raw: bytes, empty: Database, place: int) -> None:
    lines = raw.splitlines(keepends=True)
    lines.insert(place % len(lines), lines[place % len(lines)])
    assert refusal(empty, b"".join(lines))


@some
@given(length=places)
def test_a_file_that_was_cut_off_is_noticed(raw: bytes, empty: Database, length: int) -> None:
    assert refusal(empty, raw[: length % len(raw)])


@some
@given(place=places, bit=st.integers(0, 7))
def test_a_bit_that_fell_over_is_noticed(raw: bytes, empty: Database, place: int, bit: int) -> None:
    place %= len(raw)
    changed = bytes([raw[place] ^ (1 << bit)])
    assert refusal(empty, raw[:place] + changed + raw[place + 1 :])


def leaves(part: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The places of all values in a line."""
    inner = part.items() if isinstance(part, dict) else enumerate(part)
    for name, value in inner:
        if isinstance(value, dict | list) and value:
            yield from leaves(value, (*path, name))
        else:
            yield (*path, name)


def other_than(value: Any) -> Any:
    """Another value of the same sort."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return value + 1
    if isinstance(value, str):
        return "b" + value[1:] if value[:1] != "b" else "a" + value[1:]
    return "something" if value is None else None


@some
@given(place=places, within=places)
def test_a_value_that_was_changed_is_noticed(
    raw: bytes, empty: Database, place: int, within: int
) -> None:
    lines = lines_of(raw)
    part: Any = lines[place % len(lines)]
    found = list(leaves(part))
    *path, last = found[within % len(found)]
    for name in path:
        part = part[name]
    part[last] = other_than(part[last])
    assert refusal(empty, written(lines))


@pytest.mark.parametrize("nothing", [b"", b"\n", b"{}\n", b"[]\n", b"1\n", b"\xff\n", b"a: 1\n"])
def test_what_is_no_export_is_refused_in_its_first_line(empty: Database, nothing: bytes) -> None:
    assert refusal(empty, nothing).startswith("line 1" if nothing else "line 0")


# Forgery: all digests are right


def last_position(lines: list[Line]) -> Line:
    """The version of a position that stands on record now, with words that were spoken."""
    return next(
        line
        for line in reversed(lines)
        if line.get("kind") == "position"
        and line["superseded_in"] is None
        and line["content"]["curation"] == "published"
        and line["content"]["evidence"][0]["exact"]
        and line["content"]["evidence"][0]["article_id"] == factory.SECOND_ARTICLE_ID
    )


def proof(lines: list[Line]) -> Line:
    found: Line = last_position(lines)["content"]["evidence"][0]
    return found


def change(lines: list[Line], seq: int) -> Line:
    return next(line for line in lines if line["line"] == "change" and line["seq"] == seq)


def text_of(lines: list[Line]) -> Line:
    return next(line for line in lines if line["line"] == "text")


def new_words(lines: list[Line]) -> None:
    """Words that were not said, with the right hash."""
    said = proof(lines)
    said["exact"] = said["exact"].upper()
    said["exact_sha256"] = sha256(said["exact"])


def twice(lines: list[Line]) -> None:
    """A position that begins a second time."""
    last = of(lines, "position", -1)
    origin = {"article_id": None, "record_key": None}
    again = deepcopy(last) | {"rev": 1, "origin": origin, "superseded_in": None}
    lines.insert(lines.index(last) + 1, again)


def out_of_order(lines: list[Line]) -> None:
    """A country after a position of its change."""
    lines.insert(-1, lines.pop(lines.index(of(lines, "country", -2))))
    at = lines.index(of(lines, "position", 3))
    lines.insert(at, lines.pop(-2))


FORGERIES: dict[str, tuple[Edit, str]] = {
    "a code": (
        lambda ls: last_position(ls)["content"].update(stance="asserst"),
        "content.stance: 'asserst' is not one of acknowledges, asserts,",
    ),
    "a field too many": (
        lambda ls: proof(ls).update(startt=0),
        "content.evidence[0].startt: the format has no such field.",
    ),
    "a field too few": (
        lambda ls: last_position(ls)["content"].pop("speaker"),
        "content.speaker: this field is missing.",
    ),
    "a number for a text": (
        lambda ls: last_position(ls)["content"].update(proposition=1),
        "content.proposition: 1: input should be a valid string.",
    ),
    "a text for a number": (
        lambda ls: proof(ls).update(start_at="1"),
        "content.evidence[0].start_at: '1': input should be a valid integer.",
    ),
    "no day": (
        lambda ls: last_position(ls)["content"].update(said_on="2024-02-30"),
        "content.said_on: day is out of range for month",
    ),
    "too long a prefix": (
        lambda ls: proof(ls).update(prefix="x" * 33),
        "content.evidence[0].prefix: ",
    ),
    "NUL": (
        lambda ls: last_position(ls)["content"].update(proposition="a\x00b"),
        ": holds the character NUL, which no text has.",
    ),
    "no proposition": (
        lambda ls: last_position(ls)["content"].update(proposition=""),
        ": the database does not take it (",
    ),
    "a date with the wrong precision": (
        lambda ls: last_position(ls)["content"].update(said_on=None, said_on_precision="day"),
        ": the database does not take it (",
    ),
    "a hash of other words": (
        lambda ls: proof(ls).update(exact_sha256="0" * 64),
        "content.evidence[0].exact_sha256: is not the hash of `exact`.",
    ),
    "too long a selection": (
        lambda ls: proof(ls).update(end_at=proof(ls)["end_at"] + 4),
        "content.evidence[0].end_at: the selection has",
    ),
    "words that do not stand there": (
        new_words,
        "content.evidence[0].start: the words at",
    ),
    "a place beyond the text": (
        lambda ls: proof(ls).update(
            start_at=proof(ls)["start_at"] + 5000, end_at=proof(ls)["end_at"] + 5000
        ),
        "content.evidence[0].end_at: ",
    ),
    "another prefix": (
        lambda ls: proof(ls).update(prefix="?"),
        "content.evidence[0].prefix: is not what stands before",
    ),
    "another text": (
        lambda ls: text_of(ls).update(text="Nothing was said."),
        "text: is another text than the article's.",
    ),
    "a text of no article": (
        lambda ls: text_of(ls).update(article_id="art_none"),
        "article_id: does not stand behind the first version of the article.",
    ),
    "no such topic": (
        lambda ls: last_position(ls)["content"].update(topic="gardening"),
        "content.topic: there is no topic 'gardening' on record.",
    ),
    "no such target": (
        lambda ls: of(ls, "position")["content"]["targets"][0].update(country_code="XXX"),
        "country_code: there is no country 'XXX' on record.",
    ),
    "no such article": (
        lambda ls: of(ls, "round")["content"]["evidence"][0].update(article_id="art_none"),
        "article_id: there is no article 'art_none' on record.",
    ),
    "no such position": (
        lambda ls: of(ls, "mediation_offer")["content"]["responses"][0].update(
            position_id="pos_none"
        ),
        "position_id: there is no position 'pos_none' on record.",
    ),
    "a number left out": (
        lambda ls: of(ls, "position", -1).update(rev=7),
        "rev: no version 6 is superseded in change",
    ),
    "superseded by nothing": (
        lambda ls: last_position(ls).update(superseded_in=12),
        "superseded_in: change 12 has no version",
    ),
    "superseded before it was written": (
        lambda ls: last_position(ls).update(superseded_in=0),
        "superseded_in: 0 is no change after",
    ),
    "never superseded": (
        lambda ls: next(
            line for line in ls if line.get("superseded_in") and line["kind"] == "position"
        ).update(superseded_in=None),
        "rev: no version 1 is superseded in change",
    ),
    "two beginnings": (twice, "id: 'pos_"),
    "an id that the content has not": (
        lambda ls: last_position(ls).update(id="pos_another"),
        "content.id: is not the id.",
    ),
    "no origin": (
        lambda ls: of(ls, "position").pop("origin"),
        "origin: goes with the first version of a fact, and with no other.",
    ),
    "a time before the one before": (
        lambda ls: change(ls, 5).update(at="2001-01-01T00:00:00Z"),
        "at: is not after the change before.",
    ),
    "no time zone": (
        lambda ls: change(ls, 5).update(at="2999-01-01T00:00:00"),
        "at: ",
    ),
    "another version of a topic": (
        lambda ls: change(ls, 5)["topics"].update(ceasefire=99),
        "topics: are not those that follow from the versions",
    ),
    "a change left out": (
        lambda ls: change(ls, 5).update(seq=6),
        "seq: change 5 is missing.",
    ),
    "a kind out of order": (out_of_order, "kind: stands after those of the kind position"),
    "a later schema": (
        lambda ls: ls[0].update(schema="9999"),
        "schema: is of schema 9999, which this release does not know",
    ),
    "another format": (
        lambda ls: ls[0].update(format="onrecord/record/2"),
        "format: 'onrecord/record/2' is not one of onrecord/record/1",
    ),
    "texts that are not announced": (
        lambda ls: ls[0].update(texts=False),
        "line: the first line says that there are none.",
    ),
}


@pytest.mark.parametrize(("edit", "said"), FORGERIES.values(), ids=FORGERIES)
def test_a_forgery_is_found_out(raw: bytes, empty: Database, edit: Edit, said: str) -> None:
    told = refusal(empty, forged(raw, edit))
    assert said in told
    assert "\n" not in told


def test_the_line_at_fault_is_named(raw: bytes, empty: Database) -> None:
    lines = lines_of(raw)
    number = 1 + lines.index(last_position(lines))

    def edit(some: list[Line]) -> None:
        last_position(some)["content"]["topic"] = "gardening"

    assert refusal(empty, forged(raw, edit)).startswith(f"line {number}: ")


@pytest.mark.parametrize("name", ["version", "digest", "versions"])
def test_the_first_line_says_what_follows(raw: bytes, empty: Database, name: str) -> None:
    lines = lines_of(raw)
    lines[0][name] = "0" * 64 if name == "digest" else lines[0][name] + 1
    lines[-1]["sha256"] = sha256(written(lines[:-1]).decode())
    assert refusal(empty, written(lines)).startswith(f"line 1: {name}: is not that of the lines")


# Texts that came later


def test_what_never_agreed_with_a_text_can_be_restored_if_it_is_asked_for(
    database: Database, empty_settings: Settings
) -> None:
    """A curator may have cited an article before its text came to be held."""
    record = factory.second_article()
    ingest(database, record, text=None, by="a loader")
    evidence = record["positions"][0]["evidence"][0]
    wrong = evidence | {"prefix": "?", "article": factory.SECOND_ARTICLE_ID}
    with database.write() as session:
        curator = Curator(session, shapes.POSITION, "a desk", "A test wants it.")
        said = written_fact("positions", "economy", "asserts")
        curator.create(parsed(shapes.POSITION, said | {"evidence": [wrong]}))
    ingest(database, record, text=factory.TEXT, by="a loader")
    raw = exported(database)
    copy = Database(empty_settings)
    assert "content.evidence[0].prefix: is not what stands before" in refusal(copy, raw)
    imported(copy, raw, trust_spans=True)
    assert exported(copy) == raw
    copy.dispose()


def test_an_older_version_may_have_been_wrong(database: Database, empty_settings: Settings) -> None:
    record = factory.second_article()
    wrong = deepcopy(record)
    wrong["positions"][0]["evidence"][0]["prefix"] = "?"
    ingest(database, wrong, text=None, by="a desk")
    ingest(database, record, text=factory.TEXT, by="a desk")
    raw = exported(database)
    copy = Database(empty_settings)
    imported(copy, raw)
    assert exported(copy) == raw
    assert sizes(copy) == sizes(database)
    copy.dispose()
