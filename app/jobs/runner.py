"""The one thread of a server process that does jobs, in its own time.

It extracts in a process beside it, so that no request waits for an article. A job is taken up
again, by any server, when the process that had it is gone: what it stored before is on record and
passed over.
"""

import logging
import os
import secrets
import socket
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from threading import Event, Thread
from typing import TYPE_CHECKING

from app.db import Database
from app.errors import ArticleRefused, OnRecordError
from app.jobs import queries
from app.settings import Settings
from app.sql import Row

if TYPE_CHECKING:
    from app.jobs.doing import Desk, Doing

log = logging.getLogger(__name__)

_LOOK = 2.0
"""Seconds between two looks for what others left; what comes in here is known at once."""

_PATIENCE = 5.0
"""Seconds that the end of the server waits for what is at hand."""


class Runner:
    """Does jobs until it is told to stop."""

    def __init__(self, database: Database, settings: Settings) -> None:
        self._database = database
        self._settings = settings
        self._lease = timedelta(seconds=settings.job_lease_seconds)
        self._owner = f"{socket.gethostname()}/{os.getpid()}/{secrets.token_hex(4)}"
        self._stop, self._news = Event(), Event()
        self._thread = Thread(target=self._work, name="jobs", daemon=True)
        self._desk: Desk | None = None

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def wake(self) -> None:
        """There is a job."""
        self._news.set()

    def stop(self) -> None:
        """Begin nothing new. What is under way is left after what is at hand, for the next."""
        self._stop.set()
        self._news.set()
        self._thread.join(_PATIENCE)

    def _work(self) -> None:
        while not self._stop.is_set():
            self._news.clear()
            try:
                busy = self._one()
            except OnRecordError:  # the database is not there: it may come back
                busy = False
            except Exception:
                log.exception("A job could not be done.")
                busy = False
            if not busy:
                self._close()
                self._news.wait(_LOOK)
        self._close()

    def _one(self) -> bool:
        """Do a job, if there is one."""
        with self._database.read() as session:
            if not queries.anything(session):
                return False
        with self._database.write(record=False) as session:
            job = queries.claim(session, self._owner, self._lease)
        if job is not None:
            self._do(job)
        return job is not None

    def _do(self, job: Row) -> None:
        from app.jobs.doing import Desk, Doing  # noqa: PLC0415 - a server without jobs needs none

        self._desk = self._desk or Desk(self._database, self._settings)
        doing = Doing(job, self._desk)
        with _Beat(self._lease / 3, lambda: self._renew(doing)):
            try:
                if job.tries >= queries.TRIES:
                    raise ArticleRefused(f"It ended {job.tries} processes that worked on it.")
                ended = doing.do(self._stop.is_set)
            except OnRecordError as error:
                ended = {"problem": queries.problem(error)}
        with self._database.write(record=False) as session:
            if ended is None:
                queries.release(session, job.id, self._owner)
            else:
                queries.finish(session, job.id, self._owner, doing.progress, **ended)

    def _renew(self, doing: "Doing") -> None:
        with suppress(OnRecordError), self._database.write(record=False) as session:
            queries.renew(session, doing.id, self._owner, self._lease, doing.progress)

    def _close(self) -> None:
        """Let go of the process that extracts: there is nothing to extract."""
        if self._desk is not None:
            self._desk.close()
        self._desk = None


class _Beat:
    """Does something now and then while a block runs."""

    def __init__(self, pause: timedelta, beat: Callable[[], None]) -> None:
        self._pause = pause.total_seconds()
        self._beat = beat
        self._end = Event()
        self._thread = Thread(target=self._run, name="lease", daemon=True)

    def _run(self) -> None:
        while not self._end.wait(self._pause):
            self._beat()

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(self, *_: object) -> None:
        self._end.set()
        self._thread.join()
