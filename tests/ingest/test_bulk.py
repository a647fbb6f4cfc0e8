"""A record written out and read in again is the same record, on either database."""

import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from app import schema
from app.codelists import ChangeType, Curation
from app.db import Database
from app.errors import Conflict, InvalidRequest, NotFound, OnRecordError, Withdrawn
from app.ingest import shapes
from app.ingest.bulk import batch, dump
from app.ingest.bulk.dump import export
from app.ingest.bulk.files import Writer
from app.ingest.curate import Curator, parsed
from app.ingest.pipeline import ingest
from app.ingest.shapes import Kind
from app.main import create_app
from app.settings import Settings
from app.sql import table
from tests.chance import examples
from tests.http import factory
from tests.http.helpers import ENDPOINTS
from tests.ingest.bulk import exported, grown, imported, lines_of
from tests.ingest.support import book_fair, load, sizes
from tests.ingest.support import dump as rows
from tests.time.conftest import two_urls
from tests.time.curating import TEXT, WORDS, cited, selector, written
from tests.time.history import TIMED, at, live

NewDatabase = Callable[[str | None], str]


@contextmanager
def opened(url: str) -> Iterator[Database]:
    database = Database(Settings(database_url=url))
    yield database
    database.dispose()


@pytest.fixture
def empty(empty_settings: Settings) -> Iterator[Database]:
    with opened(empty_settings.database_url) as database:
        yield database


@pytest.fixture(scope="module")
def lived(seeded_url: str, new_database: NewDatabase) -> Iterator[Database]:
    """A record with a past: corrected, withdrawn, merged, drafted, with a text that is held."""
    with opened(new_database(seeded_url)) as database:
        live(database)
        factory.draft(database, shapes.POSITION, factory_position(database), "pos_stilladraftstill")
        yield database


def factory_position(database: Database) -> str:
    """The id of a position that is public."""
    with database.read() as session:
        v = shapes.POSITION.table
        public = (v.c.superseded_in.is_(None), v.c.curation == "published")
        return str(session.scalar(select(v.c.id).where(*public).order_by(v.c.id)))


@pytest.fixture(scope="module")
def lived_file(lived: Database) -> bytes:
    return exported(lived)


def test_what_was_imported_is_exported_as_the_same_bytes(
    lived: Database, lived_file: bytes, empty: Database
) -> None:
    done = imported(empty, lived_file)
    assert exported(empty) == lived_file
    lines = lines_of(lived_file)
    assert (done.changes, done.texts) == (14, 1)
    assert done.versions == sum(line["line"] == "version" for line in lines) > 300
    assert {line.get("change_type") for line in lines} >= {*ChangeType}
    assert {line["content"].get("curation") for line in lines if "content" in line} >= {*Curation}


def test_every_row_is_the_same(lived: Database, lived_file: bytes, empty: Database) -> None:
    imported(empty, lived_file)
    assert rows(empty) == rows(lived)


def test_an_empty_record_is_exported_and_imported(empty: Database) -> None:
    raw = exported(empty)
    assert [line["line"] for line in lines_of(raw)] == ["record", "end"]
    imported(empty, raw)
    assert not any(sizes(empty).values())


def test_from_one_database_to_the_other_and_back(
    lived_file: bytes, postgres: str, tmp_path: Path, backend: str
) -> None:
    with two_urls(postgres, tmp_path, f"onrecord_bulk_{backend}") as urls:
        raw = lived_file
        for url in urls:
            schema.upgrade(Settings(database_url=url))
            with opened(url) as database:
                imported(database, raw)
                raw = exported(database)
            assert raw == lived_file


def test_every_answer_is_the_same_as_of_every_change(
    lived: Database, lived_file: bytes, empty: Database
) -> None:
    imported(empty, lived_file)
    paths = [each.path for each in ENDPOINTS.values()]
    paths += [at(ENDPOINTS[name].path, seq) for name in TIMED for seq in range(14)]
    with serving(lived) as ours, serving(empty) as theirs:
        for path in paths:
            one, other = (client.get(path, headers=SAME_ID) for client in (ours, theirs))
            assert (other.status_code, other.content) == (one.status_code, one.content), path
            assert other.headers.get("etag") == one.headers.get("etag"), path


SAME_ID = {"X-Request-ID": "00000000-0000-4000-8000-000000000000"}
"""Problems say it."""


def serving(database: Database) -> TestClient:
    """The application on a database."""
    url = database.url.render_as_string(hide_password=False)
    return TestClient(create_app(Settings(database_url=url)))


# A record that anything happened to

STATES = {"positions": "denies", "mediation-offers": "lapsed", "rounds": "full"}
PATHS = {shapes.POSITION: "positions", shapes.OFFER: "mediation-offers", shapes.ROUND: "rounds"}
errands = st.tuples(
    st.sampled_from(["create", "draft", "revise", "publish", "withdraw", "merge", "load", "hold"]),
    st.sampled_from(list(PATHS)),
    st.integers(0, 9),
    st.integers(0, 9),
    st.sampled_from(["ceasefire", "economy"]),
)


def run(database: Database, errand: tuple[str, Kind, int, int, str]) -> None:
    """Do something that a loader or a curator may do; it may be refused."""
    what, kind, one, other, topic = errand
    if what in ("load", "hold"):
        positions = [
            written("positions", topic, "asserts") | {"key": word, "evidence": [selector(word)]}
            for word in WORDS[: 1 + one % 4]
        ]
        record = factory.make_record(TEXT, positions=positions)
        ingest(database, record, text=TEXT if what == "hold" else None, by="a loader")
        return
    with database.write() as session:
        ids = [row.id for row in session.rows(select(table(kind.anchor).c.id).order_by("id"))]
        id_, into = ids[one % len(ids)], ids[other % len(ids)]
        curator = Curator(session, kind, "a desk", "A test wants it.")
        if what in ("create", "draft"):
            said = written(PATHS[kind], topic, STATES[PATHS[kind]]) | {"venue": f"Room {one}"}
            said = said if kind is shapes.ROUND else {k: v for k, v in said.items() if k != "venue"}
            entry = parsed(kind, said | {"evidence": cited([WORDS[other % 5]])})
            curator.create(entry, Curation.DRAFT if what == "draft" else Curation.PUBLISHED)
        elif what == "revise":
            curator.revise(id_, {"topic": topic}, ChangeType.CORRECTED)
        elif what == "merge":
            curator.merge(id_, into)
        else:
            getattr(curator, what)(id_)


@settings(
    max_examples=examples(4),
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(errands=st.lists(errands, min_size=10, max_size=25))
def test_whatever_happened_to_a_record_it_comes_back(
    seeded_url: str, migrated_url: str, new_database: NewDatabase, errands: list[Any]
) -> None:
    with opened(new_database(seeded_url)) as database, opened(new_database(migrated_url)) as copy:
        run(database, ("load", shapes.POSITION, 3, 0, "economy"))
        for errand in errands:
            with suppress(Conflict, InvalidRequest, NotFound, Withdrawn):
                run(database, errand)
        raw = exported(database)
        imported(copy, raw)
        assert exported(copy) == raw
        assert rows(copy) == rows(database)


# In batches


@pytest.mark.parametrize("size", [1, 7, 50])
def test_where_batches_end_makes_no_difference(
    lived: Database,
    lived_file: bytes,
    empty: Database,
    monkeypatch: pytest.MonkeyPatch,
    size: int,
) -> None:
    monkeypatch.setattr(batch, "LINES", size)
    monkeypatch.setattr(dump, "BATCH", size)
    assert exported(lived) == lived_file
    imported(empty, lived_file)
    assert rows(empty) == rows(lived)


def test_more_than_a_batch(database: Database, empty: Database) -> None:
    raw = grown(exported(database), 150)
    done = imported(empty, raw)
    assert done.versions == 295 + 150 * 18 > batch.LINES
    assert exported(empty) == raw


# What comes after


def test_writing_goes_on_after_an_import(database: Database, empty: Database) -> None:
    imported(empty, exported(database))
    record, words = book_fair()
    for each in (database, empty):
        load(each, record, words)
        live(each)
    ours, theirs = rows(database), rows(empty)
    assert len(theirs["changes"]) == 14
    times = [[row[1] for row in found.pop("changes")] for found in (ours, theirs)]
    assert times[0] != times[1]
    assert theirs == ours


def test_changes_while_it_is_exported_are_no_part_of_it(database: Database) -> None:
    before = exported(database)
    wrote: list[bool] = []

    class Stream(io.BytesIO):
        """Somebody corrects facts, and adds others, while the file is written."""

        def write(self, raw: Any) -> int:
            if b'"kind":"article"' in raw and not wrote:
                wrote.append(True)
                live(database)
            return super().write(raw)

    stream = Stream()
    with database.read() as session:
        export(session, Writer(stream))
    assert wrote
    assert stream.getvalue() == before
    assert exported(database) != before


def test_texts_are_left_out_if_asked(lived: Database, lived_file: bytes, empty: Database) -> None:
    raw = exported(lived, texts=False)
    assert (
        factory.WORDS["accented"].encode() not in raw.replace(b'"exact"', b"").split(b'"text"')[0]
    )
    assert [line for line in lines_of(raw) if line["line"] == "text"] == []
    assert [line for line in lines_of(lived_file) if line["line"] == "text"] != []
    imported(empty, raw)
    assert exported(empty, texts=False) == raw
    found = rows(empty)
    assert found.pop("article_texts") == []
    ours = rows(lived)
    ours.pop("article_texts")
    assert found == ours


def test_a_record_that_is_not_empty_is_left_alone(lived: Database, lived_file: bytes) -> None:
    before = rows(lived)
    with pytest.raises(OnRecordError, match="is not empty: it has 14 changes"):
        imported(lived, lived_file)
    assert rows(lived) == before


def test_progress_is_told(lived: Database, lived_file: bytes, empty: Database) -> None:
    told: list[tuple[int, int]] = []
    done = imported(empty, lived_file, progress=lambda *each: told.append(each))
    with empty.read() as session:
        export(session, Writer(io.BytesIO()), progress=lambda *each: told.append(each))
    assert told[0] == told[-1] == (done.versions, done.versions)
