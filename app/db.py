"""Engines and sessions: how the record is read, and the one place that commits.

Reads are pinned to a record version and see the versions that were valid then (`valid_at`).
Rows never change but for `superseded_in`, which only ever gets a later number, so a pinned read is
consistent over any number of statements and connections without a transaction.
"""

import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg
from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    CursorResult,
    Engine,
    FromClause,
    Row,
    Table,
    and_,
    create_engine,
    event,
    func,
    inspect,
    make_url,
    or_,
    select,
    text,
)
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import QueuePool
from sqlalchemy.sql import Executable
from sqlmodel import SQLModel

from app import drivers
from app.codelists import Curation
from app.errors import DatabaseUnavailable
from app.models import Change
from app.settings import Settings, resource

BEFORE_ALL = -1
"""The record version before the first change (which has number 0)."""

WRITERS = 0x0EC00D
"""The PostgreSQL advisory lock that writers queue at, so that changes commit in order."""


def table(model: type[SQLModel]) -> Table:
    """The table of a model: statements are built from tables, which name columns as columns."""
    found: Table = model.__table__  # type: ignore[attr-defined]
    return found


def valid_at(versions: FromClause, version: int) -> ColumnElement[bool]:
    """The rows of a table of versions that were valid after change number `version`."""
    return and_(
        versions.c.recorded_in <= version,
        or_(versions.c.superseded_in.is_(None), versions.c.superseded_in > version),
    )


def public_at(versions: FromClause, version: int) -> list[ColumnElement[bool]]:
    """The rows that the public sees at a record version: valid then and, for facts, published."""
    conditions = [valid_at(versions, version)] if "recorded_in" in versions.c else []
    if "curation" in versions.c:
        conditions.append(versions.c.curation == Curation.PUBLISHED.value)
    return conditions


class ReadSession:
    """Runs statements that change nothing. It has no way to write.

    Each statement takes a connection for as long as it runs: reads are pinned to a record version
    and need no transaction, and a request that waits for a thread must not keep a connection.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    @property
    def dialect(self) -> str:
        """``sqlite`` or ``postgresql``."""
        return self._engine.dialect.name

    def rows(self, statement: Executable) -> Sequence[Row[Any]]:
        """All rows of a statement."""
        try:
            return self._fetch(statement)
        except DBAPIError as error:
            # A connection that died while it lay in the pool says nothing about the server.
            if not error.connection_invalidated:
                raise
            return self._fetch(statement)

    def first(self, statement: Executable) -> Row[Any] | None:
        """The first row, if there is one."""
        found = self.rows(statement)
        return found[0] if found else None

    def scalar(self, statement: Executable) -> Any:
        """The first column of the first row."""
        found = self.first(statement)
        return None if found is None else found[0]

    def record_version(self) -> int:
        """The number of the last change, or BEFORE_ALL."""
        last = self.scalar(select(func.max(table(Change).c.seq)))
        return BEFORE_ALL if last is None else int(last)

    def _fetch(self, statement: Executable) -> Sequence[Row[Any]]:
        with self._engine.connect() as connection:
            return connection.execute(statement).all()


class WriteSession(ReadSession):
    """A transaction on the record. `Database.write` opens, commits and closes it."""

    def __init__(self, connection: Connection) -> None:
        super().__init__(connection.engine)
        self._connection = connection

    def execute(
        self, statement: Executable, params: Sequence[Mapping[str, Any]] | None = None
    ) -> CursorResult[Any]:
        """Run a statement that changes rows."""
        return self._connection.execute(statement, params)

    def rows(self, statement: Executable) -> Sequence[Row[Any]]:
        """All rows of a statement, as this transaction sees them."""
        return self._connection.execute(statement).all()

    def bound(self, column: Column[Any]) -> Callable[[Any], Any]:
        """What makes of a value of this column the one that the driver takes."""
        bind = column.type.bind_processor(self._connection.dialect)
        return bind or (lambda value: value)

    def insert_many(self, name: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
        """Insert rows by the driver's fastest way, values as the driver takes them.

        Raises `drivers.RowRefused` for the first row that the database does not take.
        """
        insert = drivers.execute_many if self.dialect == "sqlite" else drivers.copy
        try:
            insert(self._connection, name, columns, rows)
        except (sqlite3.Error, psycopg.Error) as error:
            dialect = self._connection.dialect
            base: Any = dialect.loaded_dbapi.Error
            raise DBAPIError.instance(None, None, error, base, dialect=dialect) from error


class Database:
    """One database: its engines, its state, its sessions."""

    def __init__(self, settings: Settings) -> None:
        self.url = make_url(settings.database_url)
        self._ready = False
        self._file = self._file_identity()
        if self.url.drivername.startswith("sqlite"):
            self._reader = _sqlite_engine(self.path, settings.sqlite_busy_seconds, writes=False)
            self._writer = _sqlite_engine(self.path, settings.sqlite_busy_seconds, writes=True)
        else:
            self._reader = _postgres_engine(self.url, settings.pool_size, writes=False)
            self._writer = _postgres_engine(self.url, settings.pool_size, writes=True)

    @property
    def path(self) -> Path | None:
        """The SQLite file, or none on PostgreSQL."""
        is_file = self.url.drivername.startswith("sqlite")
        return Path(self.url.database or "") if is_file else None

    @property
    def shown(self) -> str:
        """The database as it may be named in a message: without its password."""
        return self.url.render_as_string(hide_password=True)

    @contextmanager
    def read(self) -> Iterator[ReadSession]:
        """A session that reads."""
        self.require_ready()
        with self.explained():
            yield ReadSession(self._reader)

    @contextmanager
    def write(self) -> Iterator[WriteSession]:
        """A transaction, committed if the block ends well: the one place that commits."""
        self.require_ready()
        with self.explained(), self._writer.begin() as connection:
            session = WriteSession(connection)
            if session.dialect == "postgresql":
                session.execute(select(func.pg_advisory_xact_lock(WRITERS)))
            yield session

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
        with self.explained(), self._reader.connect() as connection:
            found = current_revision(connection)
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

    def dispose(self) -> None:
        """Close all connections."""
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
            found = self.path.stat() if self.path else None
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


def _sqlite_engine(path: Path | None, busy_seconds: float, *, writes: bool) -> Engine:
    def connect() -> sqlite3.Connection:
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

    if not writes:
        return create_engine(
            "sqlite+pysqlite://", creator=connect, poolclass=QueuePool, isolation_level="AUTOCOMMIT"
        )
    engine = create_engine("sqlite+pysqlite://", creator=connect, poolclass=QueuePool)

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


def _explain(error: DBAPIError, shown: str) -> Exception:
    """The sentence for a fault of the database; a fault of ours stays what it is."""
    message = str(error.orig)
    for sign, sentence in _SQLITE_FAULTS.items():
        if sign in message:
            return DatabaseUnavailable(f"The database {shown} {sentence}")
    if isinstance(error.orig, psycopg.errors.UndefinedTable | psycopg.errors.UndefinedColumn):
        return DatabaseUnavailable(f"The database {shown} {_SQLITE_FAULTS['no such table']}")
    if isinstance(error.orig, psycopg.OperationalError):
        reason = message.strip().splitlines()[0] if message.strip() else "no reason given"
        return DatabaseUnavailable(
            f"The database {shown} does not answer ({reason}). "
            "Check that PostgreSQL runs there and that DATABASE_URL is right."
        )
    return error
