"""A database out of order is said in one sentence, and mended without a restart.

Also who may write, who waits for whom, and that a read cannot write.
"""

import hashlib
import os
import sqlite3
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import psycopg
import pytest
from fastapi.testclient import TestClient
from sqlalchemy import create_engine, func, insert, select, text, update
from sqlalchemy.exc import DBAPIError

from app import models, schema
from app.db import Database
from app.errors import DatabaseUnavailable, RecordRefused
from app.ingest.pipeline import ingest
from app.ingest.reference import load_reference
from app.main import create_app
from app.sessions import BEFORE_ALL
from app.settings import Settings, resource
from app.sql import table
from tests.support import Client, onrecord, with_later_migration

NewDatabase = Callable[[str | None], str]

UPGRADE = "onrecord db upgrade"
NOBODY = "postgresql://reader:open-sesame@127.0.0.1:9/record"
"""An address at which nothing listens."""


def sqlite(path: Path, **more: Any) -> Settings:
    return Settings(database_url=f"sqlite:///{path}", **more)


def the_file(settings: Settings) -> Path:
    path = Database(settings).path
    assert path is not None
    return path


def run_sql(settings: Settings, statement: str) -> None:
    engine = create_engine(settings.database_url)
    with engine.begin() as connection:
        connection.execute(text(statement))
    engine.dispose()


@contextmanager
def opened(settings: Settings) -> Iterator[Database]:
    database = Database(settings)
    yield database
    database.dispose()


@contextmanager
def browsing(settings: Settings) -> Iterator[TestClient]:
    with Client(create_app(settings), raise_server_exceptions=False) as client:
        yield client


def unavailable(settings: Settings) -> str:
    """What the library, the server and the command line say of it: the same sentence."""
    with opened(settings) as database, pytest.raises(DatabaseUnavailable) as error:
        database.read().__enter__()
    said = error.value.detail
    assert said.endswith((".", UPGRADE))
    assert "\n" not in said
    with browsing(settings) as client:
        assert_says(client, said)
    ran = onrecord("seed", database_url=settings.database_url)
    assert (ran.returncode, ran.stdout) == (1, "")
    assert ran.stderr.strip() == f"Error: {said}"
    return said


def assert_says(client: TestClient, said: str) -> None:
    """The process lives; whatever needs the record answers with this problem."""
    assert client.get("/healthz").json() == {"status": "ok"}
    for path in ("/readyz", "/v1/positions", "/positions", "/v1/rounds?held_from=2025"):
        answer = client.get(path)
        assert answer.status_code == 503, path
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.headers["cache-control"] == "no-store"
        problem = answer.json()
        assert problem["type"].endswith("#database_unavailable")
        assert problem["detail"] == said
        assert problem["request_id"] == answer.headers["x-request-id"]
    assert client.get("/v1/codes").status_code == 200
    assert client.get("/openapi.json").status_code == 200


def test_a_missing_file_is_named_and_never_made_by_looking(tmp_path: Path) -> None:
    path = tmp_path / "record.db"
    said = unavailable(sqlite(path))
    assert str(path) in said
    assert said.endswith(UPGRADE)
    assert not path.exists()


@pytest.mark.parametrize(
    ("content", "sign"),
    [
        (b"This is a letter, not a database.\n" * 100, "is not an SQLite database"),
        (b"", "is empty"),
    ],
    ids=["another file", "no bytes"],
)
def test_a_file_that_holds_no_record_is_not_touched(
    tmp_path: Path, content: bytes, sign: str
) -> None:
    path = tmp_path / "record.db"
    path.write_bytes(content)
    said = unavailable(sqlite(path))
    assert sign in said
    assert path.read_bytes() == content


def test_a_folder_instead_of_a_file_is_an_error_too(tmp_path: Path) -> None:
    assert str(tmp_path) in unavailable(sqlite(tmp_path))


def test_an_empty_database_says_how_to_set_it_up(new_database: NewDatabase) -> None:
    settings = Settings(database_url=new_database(None))
    if settings.database_url.startswith("sqlite"):
        the_file(settings).touch()
    said = unavailable(settings)
    assert "is empty" in said
    assert said.endswith(UPGRADE)


def test_a_newer_schema_asks_for_a_newer_release(fresh_settings: Settings) -> None:
    run_sql(fresh_settings, "UPDATE alembic_version SET version_num = '9999'")
    said = unavailable(fresh_settings)
    assert "9999" in said
    assert "newer" in said


def test_an_older_schema_asks_for_the_upgrade_and_serves_after_it(
    fresh_settings: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with_later_migration(monkeypatch, tmp_path, up="pass")
    with browsing(fresh_settings) as client:
        said = client.get("/readyz").json()["detail"]
        assert "older" in said
        assert said.endswith(UPGRADE)
        assert_says(client, said)
        schema.upgrade(fresh_settings)
        assert client.get("/readyz").status_code == 200
        assert client.get("/v1/positions").json()["meta"]["total"] == 13


def test_postgresql_that_does_not_answer_is_named_without_the_password() -> None:
    said = unavailable(Settings(database_url=NOBODY))
    assert "postgresql+psycopg://reader:***@127.0.0.1:9/record" in said
    assert "does not answer" in said
    assert "open-sesame" not in said


def test_a_database_that_the_server_does_not_have_is_named(postgres: str) -> None:
    base, _, query = postgres.partition("?")
    url = f"{base.rsplit('/', 1)[0]}/no_such_record?{query}"
    assert "no_such_record" in unavailable(Settings(database_url=url))


@pytest.mark.parametrize(
    "command", [("db", "upgrade"), ("db", "current"), ("db", "downgrade", "base")]
)
def test_the_schema_commands_hide_the_password_too(command: tuple[str, ...]) -> None:
    ran = onrecord(*command, database_url=NOBODY)
    assert ran.returncode == 1
    assert "does not answer" in ran.stderr
    assert "open-sesame" not in ran.stdout + ran.stderr
    assert "Traceback" not in ran.stderr


def test_a_process_that_waits_for_its_database_goes_on_when_it_is_there(
    new_database: NewDatabase, record: dict[str, Any]
) -> None:
    settings = Settings(database_url=new_database(None))
    with browsing(settings) as client, opened(settings) as database:
        assert_says(client, client.get("/readyz").json()["detail"])
        schema.upgrade(settings)
        assert client.get("/readyz").status_code == 200
        assert client.get("/v1/positions").json()["meta"]["total"] == 0
        load_reference(database, resource("seed"), by="seed")
        ingest(database, record, text=None, by="seed")
        assert client.get("/v1/positions").json()["meta"]["total"] == 13


def test_a_schema_that_is_taken_away_under_a_running_server_is_said(
    fresh_settings: Settings, fresh_client: TestClient
) -> None:
    assert fresh_client.get("/v1/positions").status_code == 200
    schema.downgrade(fresh_settings, "base")
    for path in ("/v1/positions", "/readyz"):
        answer = fresh_client.get(path)
        assert answer.status_code == 503
        assert UPGRADE in answer.json()["detail"]
    schema.upgrade(fresh_settings)
    assert fresh_client.get("/v1/positions").status_code == 200
    assert fresh_client.get("/readyz").status_code == 200


def test_a_file_put_back_from_a_backup_is_served_without_a_restart(
    tmp_path: Path, seeded_url: str, backend: str
) -> None:
    """SQLite only: an open file that is moved away would otherwise go on being read."""
    if backend != "sqlite":
        pytest.skip("PostgreSQL has no file")
    path, backup = tmp_path / "record.db", Path(seeded_url.removeprefix("sqlite:///"))
    schema.upgrade(sqlite(path))
    with browsing(sqlite(path)) as client:
        assert client.get("/v1/positions").json()["meta"]["total"] == 0
        path.unlink()
        assert client.get("/readyz").status_code == 503
        path.write_bytes(backup.read_bytes())
        assert client.get("/readyz").status_code == 200
        assert client.get("/v1/positions").json()["meta"]["total"] == 13


def test_postgresql_may_restart_under_a_running_server(
    fresh_client: TestClient, fresh_settings: Settings, backend: str
) -> None:
    if backend != "postgresql":
        pytest.skip("SQLite has no server")
    assert fresh_client.get("/v1/positions").status_code == 200
    url = fresh_settings.database_url.replace("+psycopg", "")
    with psycopg.connect(url, autocommit=True) as admin:
        admin.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid != pg_backend_pid()"
        )
    assert fresh_client.get("/v1/positions").status_code == 200
    assert fresh_client.get("/readyz").status_code == 200


@contextmanager
def locked(settings: Settings) -> Iterator[None]:
    """Another process is writing, and does not stop."""
    with closing(sqlite3.connect(the_file(settings), isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")


def test_a_locked_file_can_be_read_and_says_that_it_cannot_be_written(
    fresh_settings: Settings, fresh_client: TestClient, record: dict[str, Any], backend: str
) -> None:
    if backend != "sqlite":
        pytest.skip("on PostgreSQL writers queue")
    settings = fresh_settings.model_copy(update={"sqlite_busy_seconds": 0.01})
    record["article"]["headline"] = "Another headline"
    with opened(settings) as database:
        with locked(settings):
            with pytest.raises(DatabaseUnavailable, match=r"is locked.*SQLITE_BUSY_SECONDS"):
                ingest(database, record, text=None, by="test")
            ran = onrecord("seed", database_url=settings.database_url, SQLITE_BUSY_SECONDS="0.01")
            assert ran.returncode == 1
            assert "is locked" in ran.stderr
            assert fresh_client.get("/v1/positions").json()["meta"]["total"] == 13
            assert fresh_client.get("/readyz").status_code == 200
        assert ingest(database, record, text=None, by="test").seq is not None


@contextmanager
def without_rights() -> Iterator[None]:
    """The super-user may write anywhere, so the test becomes somebody else for a while."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)


@pytest.mark.parametrize("folder_rights", [0o555, 0o777], ids=["closed folder", "open folder"])
def test_a_read_only_file_says_who_may_mend_it(
    seeded_url: str, record: dict[str, Any], backend: str, folder_rights: int
) -> None:
    if backend != "sqlite":
        pytest.skip("PostgreSQL has no file")
    record["article"]["headline"] = "Another headline"
    with TemporaryDirectory() as name:
        folder, path = Path(name), Path(name) / "record.db"
        path.write_bytes(Path(seeded_url.removeprefix("sqlite:///")).read_bytes())
        path.chmod(0o444)
        folder.chmod(folder_rights)
        with (
            without_rights(),
            opened(sqlite(path)) as database,
            pytest.raises(DatabaseUnavailable) as error,
        ):
            ingest(database, record, text=None, by="test")
        folder.chmod(0o777)
        for each in folder.iterdir():  # the log that SQLite keeps beside it has the same rights
            each.chmod(0o666)
        with without_rights(), opened(sqlite(path)) as database:
            assert ingest(database, record, text=None, by="test").seq is not None
    assert str(path) in error.value.detail
    assert "this user" in error.value.detail


def test_a_read_session_cannot_write(database: Database) -> None:
    topics = table(models.Topic)
    writes = (
        insert(topics).values(slug="invented"),
        update(models.Change).values(by="somebody else"),
        text("DROP TABLE position_search"),
        text("CREATE TABLE invented (id INTEGER)"),
    )
    for statement in writes:
        with pytest.raises((DatabaseUnavailable, DBAPIError)), database.read() as session:
            session.rows(statement)
    with database.read() as session:
        assert not hasattr(session, "execute")
        assert session.first(select(topics.c.slug).where(topics.c.slug == "invented")) is None
        assert session.scalar(select(func.min(table(models.Change).c.by))) == "seed"


def another_article(record: dict[str, Any], number: int) -> dict[str, Any]:
    text_hash = hashlib.sha256(str(number).encode()).hexdigest()
    return {**record, "article": {**record["article"], "text_sha256": text_hash}}


def test_writers_queue_and_changes_are_numbered_without_a_gap(
    database: Database, fresh_settings: Settings, record: dict[str, Any]
) -> None:
    """Each writer is a process of its own as far as the database can tell."""

    def load(number: int) -> int | None:
        with opened(fresh_settings) as own:
            loaded = another_article(record, number)
            return ingest(own, loaded, text=None, by=f"writer {number}").seq

    with database.read() as session:
        last = session.record_version()
    with ThreadPoolExecutor(8) as pool:
        numbers = list(pool.map(load, range(8)))
    assert sorted(filter(None, numbers)) == list(range(last + 1, last + 9))
    changes = table(models.Change)
    with database.read() as session:
        rows = session.rows(select(changes.c.seq, changes.c.at).order_by(changes.c.seq))
    assert [row.seq for row in rows] == list(range(last + 9))
    assert [row.at for row in rows] == sorted(row.at for row in rows)


def test_the_same_record_loaded_by_many_at_once_is_stored_once(
    fresh_settings: Settings, record: dict[str, Any]
) -> None:
    loaded = another_article(record, 1)

    def load(number: int) -> int | None:
        with opened(fresh_settings) as own:
            return ingest(own, loaded, text=None, by=f"writer {number}").seq

    with ThreadPoolExecutor(8) as pool:
        assert len([seq for seq in pool.map(load, range(8)) if seq is not None]) == 1


def test_a_transaction_that_fails_leaves_nothing(
    database: Database, fresh_client: TestClient, record: dict[str, Any]
) -> None:
    def seen() -> list[bytes]:
        paths = ("/v1/positions", "/v1/changes", "/v1/articles", "/v1/topics", "/v1/groups")
        return [fresh_client.get(path).content for path in paths]

    before = seen()
    topics = table(models.Topic)

    def write_and_fail() -> None:
        with database.write() as session:
            session.execute(insert(topics).values(slug="half-done"))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        write_and_fail()
    refused = another_article(record, 1)
    refused["positions"] = [*record["positions"][:-1], {**record["positions"][-1], "topic": "x"}]
    with pytest.raises(RecordRefused):
        ingest(database, refused, text=None, by="test")
    with database.read() as session:
        assert session.first(select(topics.c.slug).where(topics.c.slug == "half-done")) is None
    assert seen() == before


def test_before_the_first_change_the_record_is_empty_and_says_so(empty_settings: Settings) -> None:
    with opened(empty_settings) as database, database.read() as session:
        assert session.record_version() == BEFORE_ALL
    with browsing(empty_settings) as client:
        answer = client.get("/v1/positions").json()
    assert answer["data"] == []
    assert answer["meta"]["record_version"] is None
    assert answer["meta"]["coverage"]["articles"] == 0
