"""The state that the record is in: asked for before every answer that was kept.

A state is told apart from every other by its last change: the number, the time and the digest,
which takes in all changes before. Two states that are equal here give the same answers.

SQLite tells in a microsecond whether another connection has committed (`PRAGMA data_version`), so
it is asked each time. PostgreSQL is asked once in a while: what it said counts for a lease, and
whoever commits waits for as long before the write is acknowledged (`Database.write`). So no
answer that was kept is given after a later write was acknowledged, by any process.
"""

import sqlite3
from asyncio import get_running_loop
from contextlib import suppress
from pathlib import Path
from time import monotonic
from typing import Protocol

from anyio import Event
from anyio.to_thread import run_sync
from sqlalchemy import func, select

from app.db import Database, connect
from app.errors import OnRecordError
from app.memory import State
from app.models import Change
from app.sql import table

_CHANGES = table(Change)
_LAST = select(_CHANGES.c.seq, _CHANGES.c.at, _CHANGES.c.digest).where(
    _CHANGES.c.seq == select(func.max(_CHANGES.c.seq)).scalar_subquery()
)

_LAST_SQL = str(_LAST)


class Watch(Protocol):
    """Tells the state that the record is in."""

    def state(self, *, anew: bool = False) -> State | None:
        """The state now, as far as it can be told at once; `anew` if a moment ago will not do."""

    async def renew(self) -> State | None:
        """The state now, or none while it cannot be known."""

    def close(self) -> None:
        """Let go of what it holds."""


def watch(database: Database) -> Watch:
    """A watch over this database."""
    return LeaseWatch(database) if database.path is None else FileWatch(database)


_PATIENCE = 0.1
"""Seconds that a question waits for a locked file, before it is answered without memory."""

REPLACED = 0.05
"""Seconds within which another file under the same name is noticed. A commit is noticed at once."""


class FileWatch:
    """Watches an SQLite file; asked by one thread at a time.

    On an event loop the file is asked once for all requests that are there already. What the loop
    is told to do it does in the order that it was told: whoever is answered before `_forget` had
    sent the request before the file was asked, so no write that was acknowledged earlier is missed.
    """

    def __init__(self, database: Database) -> None:
        self._path = database.path or Path()
        self._connection: sqlite3.Connection | None = None
        self._stamps: sqlite3.Cursor | None = None
        self._file = (0, 0)
        self._looked = 0.0
        self._stamp = -1
        self._state: State | None = None
        self._fresh = False

    def state(self, *, anew: bool = False) -> State | None:
        """The state now; none where there is no record to read."""
        if self._fresh and not anew:
            return self._state
        try:
            if monotonic() - self._looked > REPLACED:
                self._look()
            state = self._current()
        except (OSError, sqlite3.Error):
            self.close()
            return None
        with suppress(RuntimeError):  # there may be no loop, and then nobody else who waits
            get_running_loop().call_soon(self._forget)
            self._fresh = True
        return state

    def _forget(self) -> None:
        self._fresh = False

    async def renew(self) -> State | None:
        """Nothing more can be told."""
        return None

    def close(self) -> None:
        """Close the connection; the next question opens another."""
        if self._connection is not None:
            self._connection.close()
        self._connection, self._stamps, self._looked, self._fresh = None, None, 0.0, False

    def _look(self) -> None:
        """Look whether the file is still the one that is open, and open the one that is there."""
        found = self._path.stat()
        file = (found.st_dev, found.st_ino)
        if self._connection is None or file != self._file:
            self.close()
            self._connection = connect(self._path, _PATIENCE, writes=False)
            self._stamps = self._connection.cursor()
            self._file, self._stamp = file, -1
        self._looked = monotonic()

    def _current(self) -> State | None:
        ((stamp,),) = self._stamps.execute("PRAGMA data_version")  # type: ignore[union-attr]
        if stamp != self._stamp:
            # Asked for after the stamp: if a commit comes between, the next stamp differs.
            row = self._connection.execute(_LAST_SQL).fetchone()  # type: ignore[union-attr]
            self._state = State(*row) if row else None
            self._stamp = stamp
        return self._state


class LeaseWatch:
    """Watches a server: what it said counts for a lease, from before it was asked."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._until = 0.0
        self._state: State | None = None
        self._asking: Event | None = None

    def state(self, *, anew: bool = False) -> State | None:
        """The state that the lease vouches for, if it does."""
        return self._state if monotonic() < self._until else None

    async def renew(self) -> State | None:
        """Ask the server, or wait for the answer to who asked before; none where it has none."""
        if self._asking is not None:
            await self._asking.wait()
            if state := self.state():
                return state
        asked, told = monotonic(), Event()
        self._asking = told
        try:
            self._state = await run_sync(self._ask)
            self._until = asked + self._database.lease
        finally:
            told.set()
            self._asking = None
        return self._state

    def close(self) -> None:
        """Nothing is held."""

    def _ask(self) -> State | None:
        try:
            with self._database.read() as session:
                row = session.first(_LAST)
        except OnRecordError:
            return None
        return State(row.seq, row.at, row.digest) if row else None
