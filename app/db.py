"""The database: its engines, its state, and the one place that commits."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import sleep
from typing import Any
from urllib.parse import quote

from sqlalchemy import (
    Connection,
    Engine,
    create_engine,
    event,
    func,
    inspect,
    make_url,
    select,
    text,
)
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.pool import QueuePool

from app.errors import DatabaseUnavailable
from app.memory import Memory, State
from app.sessions import HeldSession, PromptSession, ReadSession, WriteSession
from app.settings import Settings, resource
from app.sql import Plans

WRITERS = 0x0EC00D
"""The PostgreSQL advisory lock that writers queue at, so that changes commit in order."""

PROMPT_CACHE_KB = 64 * 1024
"""Memory for pages of the file where it is read on the event loop: one connection a process."""


class Database:
    """One database: its engines, its state, its sessions."""

    def __init__(self, settings: Settings) -> None:
        self.url = make_url(settings.database_url)
        is_file = self.url.drivername.startswith("sqlite")
        self.path = Path(self.url.database or "") if is_file else None
        """The SQLite file, or none on PostgreSQL."""
        self.lease = settings.lease
        """Seconds for which a server on PostgreSQL trusts the state it knows (`app.watch`)."""
        self._ready = False
        self._file = self._file_identity()
        if self.url.drivername.startswith("sqlite"):
            self._reader = _sqlite_engine(self.path, settings.sqlite_busy_seconds, writes=False)
            self._writer = _sqlite_engine(self.path, settings.sqlite_busy_seconds, writes=True)
        else:
            self._reader = _postgres_engine(self.url, settings.pool_size, writes=False)
            self._writer = _postgres_engine(self.url, settings.pool_size, writes=True)
        self._plans = Plans(self._reader.dialect)
        self._prompt: sqlite3.Connection | None = None
        self._memory = Memory()

    @property
    def shown(self) -> str:
        """The database as it may be named in a message: without its password."""
        return self.url.render_as_string(hide_password=True)

    @contextmanager
    def read(self) -> Iterator[ReadSession]:
        """A session that reads."""
        self.require_ready()
        with self.explained():
            yield ReadSession(self._reader, self._plans)

    def memory(self, state: State | None) -> Memory:
        """What is known of the record in this state; one memory for all who are told the same."""
        if state is None:
            return Memory()
        if self._memory.state != state:
            self._memory = Memory(state)
        return self._memory

    @contextmanager
    def read_through(self, memory: Memory) -> Iterator[ReadSession]:
        """A session that reads on one connection, for who waits for nothing else meanwhile."""
        self.require_ready()
        session = HeldSession(self._reader, self._plans, memory)
        with self.explained():
            try:
                yield session
            finally:
                session.close()

    @property
    def prompt(self) -> bool:
        """Whether it can be read on the event loop: a file can, a server is to be waited for."""
        return self.path is not None

    @contextmanager
    def read_promptly(self, memory: Memory) -> Iterator[ReadSession]:
        """A session that reads on the event loop, from a file. It raises Overdue."""
        self.require_ready()
        with self.explained():
            if self._prompt is None:
                self._prompt = connect(self.path, 0, writes=False)
                self._prompt.execute(f"PRAGMA cache_size = -{PROMPT_CACHE_KB}")
            yield PromptSession(self._reader, self._plans, memory, self._prompt)

    @contextmanager
    def write(self, *, record: bool = True) -> Iterator[WriteSession]:
        """A transaction, committed if the block ends well: the one place that commits.

        What is no part of the `record` changes no answer that is kept, and waits for no writer.
        """
        self.require_ready()
        with self.explained(), self._writer.begin() as connection:
            session = WriteSession(connection, self._plans)
            if record and session.dialect == "postgresql":
                session.execute(select(func.pg_advisory_xact_lock(WRITERS)))
            yield session
        if record and self.path is None and self.lease:
            # Answers that were kept may be given out for so long: nobody is told before.
            sleep(self.lease)

    def require_ready(self) -> None:
        """Raise DatabaseUnavailable unless the schema is the one that this code is made for."""
        file = self._file_identity()
        if file != self._file:
            # Another file lies under the name: connections to the old one would go on reading it.
            self.dispose()
            self._file, self._ready = file, False
        if not self._ready:
            self.check()
            self._ready = True

    def check(self) -> None:
        """Look at the database now. Raises DatabaseUnavailable, saying what to do."""
        if self.path is not None and self.path.is_dir():
            raise DatabaseUnavailable(f"{self.path} is a folder. Name a file in DATABASE_URL.")
        if self.path is not None and not self.path.is_file():
            raise DatabaseUnavailable(
                f"The database file {self.path} does not exist. Create it with: onrecord db upgrade"
            )
        with self.explained():
            found = self._revision()
        known = known_revisions()
        if found == known[-1]:
            return
        if found is None:
            raise DatabaseUnavailable(
                f"The database {self.shown} is empty. Set it up with: onrecord db upgrade"
            )
        if found not in known:
            raise DatabaseUnavailable(
                f"The database {self.shown} has schema {found}, newer than this release knows "
                f"(up to {known[-1]}). Install the release that made it, or a later one."
            )
        raise DatabaseUnavailable(
            f"The database {self.shown} has schema {found}, older than this release needs "
            f"({known[-1]}). Bring it up with: onrecord db upgrade"
        )

    def _revision(self) -> str | None:
        """The schema's revision, asked for again where a connection died in the pool."""
        try:
            with self._reader.connect() as connection:
                return current_revision(connection)
        except DBAPIError as error:
            if not error.connection_invalidated:
                raise
            with self._reader.connect() as connection:
                return current_revision(connection)

    def dispose(self) -> None:
        """Close all connections."""
        if self._prompt is not None:
            self._prompt.close()
        self._prompt = None
        self._reader.dispose()
        self._writer.dispose()

    @contextmanager
    def explained(self) -> Iterator[None]:
        """Turn the driver's word for a database out of order into one that says what to do."""
        try:
            yield
        except DBAPIError as error:
            self._ready = False
            raise _explain(error, self.shown) from error

    def _file_identity(self) -> tuple[int, int] | None:
        """What tells one SQLite file from another under the same name."""
        try:
            found = os.stat(self.path) if self.path else None  # noqa: PTH116 - for every read
        except OSError:
            return None
        return (found.st_dev, found.st_ino) if found else None


def known_revisions() -> list[str]:
    """The schema revisions this release knows, oldest first: the numbers of the migrations."""
    return sorted(p.name[:4] for p in (resource("migrations") / "versions").glob("[0-9]*.py"))


def current_revision(connection: Connection) -> str | None:
    """The schema revision of a database, or none if it was never set up."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    found = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return str(found) if found is not None else None


def connect(path: Path | None, busy_seconds: float, *, writes: bool) -> sqlite3.Connection:
    """A connection of the driver's to an SQLite file, which has to be there."""
    # mode=rw: opening must never create the file. A reader has no transaction of its own.
    connection = sqlite3.connect(
        f"file:{quote(str(path))}?mode=rw",
        uri=True,
        timeout=busy_seconds,
        isolation_level=None,
        check_same_thread=False,
    )
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA synchronous = FULL")
    if not writes:
        connection.execute("PRAGMA query_only = ON")
    return connection


def _sqlite_engine(path: Path | None, busy_seconds: float, *, writes: bool) -> Engine:
    def connected() -> sqlite3.Connection:
        return connect(path, busy_seconds, writes=writes)

    if not writes:
        return create_engine(
            "sqlite+pysqlite://",
            creator=connected,
            poolclass=QueuePool,
            isolation_level="AUTOCOMMIT",
        )
    engine = create_engine("sqlite+pysqlite://", creator=connected, poolclass=QueuePool)

    @event.listens_for(engine, "begin")
    def take_the_write_lock(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine


def _postgres_engine(url: Any, pool_size: int, *, writes: bool) -> Engine:
    if writes:
        return create_engine(url, pool_size=pool_size)
    return create_engine(
        url,
        pool_size=pool_size,
        isolation_level="AUTOCOMMIT",
        connect_args={"options": "-c default_transaction_read_only=on"},
    )


_SQLITE_FAULTS = {
    "unable to open database file": "cannot be opened. Check that its folder exists and that "
    "this user may read and write there.",
    "database is locked": "is locked by another process that has been writing for too long. "
    "Try again, or raise SQLITE_BUSY_SECONDS.",
    "attempt to write a readonly database": "is read-only. Give this user the right to write to "
    "the file and its folder.",
    "file is not a database": "is not an SQLite database. Check DATABASE_URL.",
    "no such table": "lacks a table. Set it up with: onrecord db upgrade",
    "disk I/O error": "cannot be read or written: the disk answers with an error.",
    "database or disk is full": "cannot grow: the disk is full.",
}

_UNDEFINED = ("42P01", "42703")
"""PostgreSQL's codes for a table and a column that there is not."""

_OF_SQLITE = ""
"""In the place of PostgreSQL's code; it has none either where the server did not answer."""


def _explain(error: DBAPIError, shown: str) -> Exception:
    """The sentence for a fault of the database; a fault of ours stays what it is."""
    message = str(error.orig)
    for sign, sentence in _SQLITE_FAULTS.items():
        if sign in message:
            return DatabaseUnavailable(f"The database {shown} {sentence}")
    state = getattr(error.orig, "sqlstate", _OF_SQLITE)
    if state in _UNDEFINED:
        return DatabaseUnavailable(f"The database {shown} {_SQLITE_FAULTS['no such table']}")
    if isinstance(error, OperationalError) and state is not _OF_SQLITE:
        reason = message.strip().splitlines()[0] if message.strip() else "no reason given"
        return DatabaseUnavailable(
            f"The database {shown} does not answer ({reason}). "
            "Check that PostgreSQL runs there and that DATABASE_URL is right."
        )
    return error
