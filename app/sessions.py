"""Sessions: how statements are run. Reads and writes are different types.

Reads are pinned to a record version and see the versions that were valid then (`sql.valid_at`).
Rows never change but for `superseded_in`, which only ever gets a later number, so a pinned read is
consistent over any number of statements and connections without a transaction.
"""

import logging
import sqlite3
from collections.abc import Callable, Hashable, Mapping, Sequence
from time import perf_counter
from typing import Any, NamedTuple

from sqlalchemy import (
    Column,
    Connection,
    CursorResult,
    Engine,
    PoolProxiedConnection,
    SelectBase,
    func,
    select,
)
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql import Executable

from app import drivers
from app.memory import Memory
from app.models import Change
from app.sql import Plan, Plans, Row, gathered, table

log = logging.getLogger("app.sql")

BEFORE_ALL = -1
"""The record version before the first change (which has number 0)."""


class Question(NamedTuple):
    """A statement that is kept: what it is kept for, and what makes it the first time."""

    shape: Hashable
    build: Callable[[], SelectBase]


class Overdue(Exception):
    """A statement takes longer than the event loop can wait."""


class ReadSession:
    """Runs statements that change nothing. It has no way to write.

    Each statement takes a connection for as long as it runs: reads are pinned to a record version
    and need no transaction, and a request that waits for a thread must not keep a connection.
    """

    def __init__(self, engine: Engine, plans: Plans, memory: Memory | None = None) -> None:
        self._engine = engine
        self._plans = plans
        self.memory = memory or Memory()
        """What reads said already."""
        self.seen: int | None = None
        """The record version that was read, if it was."""

    @property
    def dialect(self) -> str:
        """``sqlite`` or ``postgresql``."""
        return self._engine.dialect.name

    def rows(self, statement: Executable, params: Mapping[str, Any] | None = None) -> list[Row]:
        """All rows of a statement."""
        return self._patiently(lambda: self._execute(statement, params))

    def run(
        self, shape: Hashable, build: Callable[[], SelectBase], params: Mapping[str, Any]
    ) -> list[Row]:
        """All rows of a statement that is kept: `build` makes it, the first time for its shape.

        Whatever differs between two statements of a shape has to be a parameter.
        """
        plan = self._plans.kept(shape, build)
        given = plan.parameters(params)
        return plan.rows(self._patiently(lambda: self._fetch(plan, given)))

    def run_all(self, asked: Sequence[Question], params: Mapping[str, Any]) -> list[list[Row]]:
        """All rows of several statements that are kept and share their parameters.

        A server is asked once for all of them; a file is asked at once anyway.
        """
        if self.dialect == "sqlite" or len(asked) == 1:
            return [self.run(shape, build, params) for shape, build in asked]
        shape = ("all of", *(each.shape for each in asked))
        build = lambda: gathered([each.build() for each in asked])
        (texts,) = self.run(shape, build, params)
        plans = [self._plans.kept(each.shape, each.build) for each in asked]
        return [plan.read(text) for plan, text in zip(plans, texts, strict=True)]

    def first(self, statement: Executable, params: Mapping[str, Any] | None = None) -> Row | None:
        """The first row, if there is one."""
        found = self.rows(statement, params)
        return found[0] if found else None

    def scalar(self, statement: Executable, params: Mapping[str, Any] | None = None) -> Any:
        """The first column of the first row."""
        found = self.first(statement, params)
        return None if found is None else found[0]

    def record_version(self) -> int:
        """The number of the last change, or BEFORE_ALL."""
        if self.memory.state is not None:
            self.seen = self.memory.state.version
        else:
            last = self.run("record version", _last_change, {})[0][0]
            self.seen = BEFORE_ALL if last is None else int(last)
        return self.seen

    def _patiently(self, ask: Callable[[], list[Any]]) -> list[Any]:
        """Ask, and once more where a connection died while it lay in the pool."""
        try:
            return ask()
        except DBAPIError as error:
            if not error.connection_invalidated:
                raise
            return ask()

    def _execute(self, statement: Executable, params: Mapping[str, Any] | None) -> list[Any]:
        with self._engine.connect() as connection:
            return list(connection.execute(statement, params).all())

    def _fetch(self, plan: Plan, params: Any) -> list[Any]:
        connection = self._engine.raw_connection()
        try:
            return fetch(self._engine, connection, plan, params)
        finally:
            connection.close()


class HeldSession(ReadSession):
    """Reads on one connection from first to last: for who waits for nothing in between."""

    def __init__(self, engine: Engine, plans: Plans, memory: Memory) -> None:
        super().__init__(engine, plans, memory)
        self._held: Connection | None = None

    def close(self) -> None:
        """Give the connection back, if one was needed."""
        if self._held is not None:
            self._held.close()

    def _execute(self, statement: Executable, params: Mapping[str, Any] | None) -> list[Any]:
        return list(self._connected().execute(statement, params).all())

    def _fetch(self, plan: Plan, params: Any) -> list[Any]:
        return fetch(self._engine, self._connected().connection, plan, params)

    def _connected(self) -> Connection:
        """The connection, or another one where it died."""
        if self._held is None or self._held.invalidated:
            self._held = self._engine.connect()
        return self._held


def _last_change() -> SelectBase:
    return select(func.max(table(Change).c.seq))


class WriteSession(ReadSession):
    """A transaction on the record. `Database.write` opens, commits and closes it."""

    def __init__(self, connection: Connection, plans: Plans) -> None:
        super().__init__(connection.engine, plans)
        self._connection = connection

    def execute(
        self, statement: Executable, params: Sequence[Mapping[str, Any]] | None = None
    ) -> CursorResult[Any]:
        """Run a statement that changes rows."""
        self.memory = Memory()  # what was read before may be otherwise now
        return self._connection.execute(statement, params)

    def bound(self, column: Column[Any]) -> Callable[[Any], Any]:
        """What makes of a value of this column the one that the driver takes."""
        bind = column.type.bind_processor(self._connection.dialect)
        return bind or (lambda value: value)

    def insert_many(self, name: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
        """Insert rows by the driver's fastest way, values as the driver takes them.

        Raises `drivers.RowRefused` for the first row that the database does not take.
        """
        self.memory = Memory()
        insert = drivers.execute_many if self.dialect == "sqlite" else drivers.copy
        try:
            insert(self._connection, name, columns, rows)
        except self._connection.dialect.loaded_dbapi.Error as error:
            dialect = self._connection.dialect
            base: Any = dialect.loaded_dbapi.Error
            raise DBAPIError.instance(None, None, error, base, dialect=dialect) from error

    def _patiently(self, ask: Callable[[], list[Any]]) -> list[Any]:
        """A transaction that lost its connection is lost."""
        return ask()

    def _execute(self, statement: Executable, params: Mapping[str, Any] | None) -> list[Any]:
        return list(self._connection.execute(statement, params).all())

    def _fetch(self, plan: Plan, params: Any) -> list[Any]:
        return fetch(self._engine, self._connection.connection, plan, params)


class PromptSession(ReadSession):
    """Reads an SQLite file on the event loop, as long as that takes no time to speak of.

    Raises Overdue where a statement takes longer or would have to wait for another process: the
    request is then answered in a thread.
    """

    def __init__(
        self, engine: Engine, plans: Plans, memory: Memory, connection: sqlite3.Connection
    ) -> None:
        super().__init__(engine, plans, memory)
        self._connection = connection
        self._left = PROMPT
        self._deadline = 0.0
        connection.set_progress_handler(self._overdue, STEPS)

    def _overdue(self) -> bool:
        return perf_counter() > self._deadline

    def _execute(self, statement: Executable, params: Mapping[str, Any] | None) -> list[Any]:
        assert isinstance(statement, SelectBase)  # noqa: S101 - reads are nothing else
        plan = self._plans.made(statement)
        return plan.rows(self._fetch(plan, plan.parameters(params or {})))

    def _fetch(self, plan: Plan, params: Any) -> list[Any]:
        log.debug("%s", plan.sql)
        begun = perf_counter()
        self._deadline = begun + self._left
        try:
            return self._connection.execute(plan.sql, params).fetchall()
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode in (sqlite3.SQLITE_INTERRUPT, sqlite3.SQLITE_BUSY):
                raise Overdue from error
            raise _told(self._engine, plan, params, error, lost=False) from error
        except sqlite3.Error as error:
            raise _told(self._engine, plan, params, error, lost=False) from error
        finally:
            self._left -= perf_counter() - begun


PROMPT = 0.005
"""Seconds that the statements of a request may take on the event loop, all together."""

STEPS = 2_000
"""Steps of SQLite's machine, about 50 microseconds, between two looks at the clock."""


def fetch(engine: Engine, connection: PoolProxiedConnection, plan: Plan, params: Any) -> list[Any]:
    """What the driver gives for a statement. Raises DBAPIError, as SQLAlchemy does."""
    log.debug("%s", plan.sql)
    cursor = connection.cursor()
    try:
        cursor.execute(plan.sql, params)
        return list(cursor.fetchall())
    except engine.dialect.loaded_dbapi.Error as error:
        lost = engine.dialect.is_disconnect(error, connection, cursor)
        if lost:
            connection.invalidate(error)
        raise _told(engine, plan, params, error, lost=lost) from error
    finally:
        cursor.close()


def _told(
    engine: Engine, plan: Plan, params: Any, error: Exception, *, lost: bool
) -> BaseException:
    """A fault of the driver as SQLAlchemy tells it."""
    return DBAPIError.instance(
        plan.sql, params, error, Exception, connection_invalidated=lost, dialect=engine.dialect
    )
