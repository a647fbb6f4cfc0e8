"""Processes that extract: what one of them does to itself, it does to one article.

Each has a thread here that hands it articles and waits for the answers. A process that dies takes
the articles at hand with it; they are given to another one by one, and the one that kills again is
refused.
"""

import signal
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection
from threading import local
from types import TracebackType
from typing import Self

from app.errors import OnRecordError
from app.ingest.draft import Draft
from app.ingest.extract.found import Meta
from app.ingest.pipeline import checked
from app.ingest.read.source import Source


@dataclass(frozen=True, slots=True)
class Extractor:
    """What makes an article's record of its text."""

    method: str
    """Its name and version."""
    record: Callable[[str, Meta], object]
    """From the text and what is stated of it, an article record; a function that can be sent."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """An article of which nothing is stored, and why."""

    name: str
    reason: str
    sort: str = ""
    """What it has in common with others: the first thing that is wrong."""
    lasting: bool = True
    """Whether it goes back to the text, so that the same would come of it again."""


Result = Draft | Refusal


class Workers:
    """So many processes, each extracting on its own; with none it is done in this one."""

    def __init__(self, extractor: Extractor, count: int, seconds: float = 60.0) -> None:
        """Prepare them; each is started when it is needed.

        Args:
            extractor: what they do.
            count: how many.
            seconds: how long an article may take; what takes longer is refused.
        """
        self._extractor = extractor
        self._seconds = seconds
        self._alone = count == 0
        self._threads = ThreadPoolExecutor(max(1, count), thread_name_prefix="extract")
        self._own = local()
        self._started: list[_Worker] = []

    def submit(self, articles: Sequence[Source]) -> "Future[list[Result]]":
        """Extract these articles, when there is time for it."""
        return self._threads.submit(self._extracted, articles)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        _type: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """End them; what is at hand is finished."""
        self._threads.shutdown(cancel_futures=True)
        for each in self._started:
            if each.lives:
                each.stop()

    def _extracted(self, articles: Sequence[Source]) -> list[Result]:
        if self._alone:
            return [extracted(self._extractor, each) for each in articles]
        try:
            return self._worker.ask(articles, self._seconds)
        except _Died:
            return [self._extracted_alone(each) for each in articles]

    def _extracted_alone(self, article: Source) -> Result:
        try:
            return self._worker.ask([article], self._seconds)[0]
        except _Died as died:
            return Refusal(article.name, str(died), str(died))

    @property
    def _worker(self) -> "_Worker":
        """The process of this thread; a new one after it died."""
        found: _Worker | None = getattr(self._own, "worker", None)
        if found is None or not found.lives:
            if found is not None:
                self._started.remove(found)
            found = self._own.worker = _Worker(self._extractor)
            self._started.append(found)
        return found


class _Died(Exception):
    """A process ended before it answered."""


class _Worker:
    """A process that extracts, seen from outside."""

    def __init__(self, extractor: Extractor) -> None:
        # Begun anew and not copied: a copy of a process that has threads may hang.
        context = get_context("spawn")
        self._connection, theirs = context.Pipe()
        self._process = context.Process(target=_serve, args=(theirs, extractor), daemon=True)
        self._process.start()
        theirs.close()
        self.lives = True

    def ask(self, articles: Sequence[Source], seconds: float) -> list[Result]:
        """What it makes of these articles. Raises _Died."""
        try:
            self._connection.send(articles)
            if not self._connection.poll(seconds * len(articles)):
                self._process.kill()
                raise self._died(f"It takes longer than {seconds:g} s.")
            found: list[Result] = self._connection.recv()
        except (EOFError, OSError):
            raise self._died() from None
        return found

    def stop(self) -> None:
        """Let it end: there are no more articles."""
        self.lives = False
        self._connection.close()
        self._process.join()
        self._process.close()

    def _died(self, reason: str = "") -> _Died:
        self._process.join()
        code = self._process.exitcode or 0
        self.stop()
        if not reason and code < 0:
            reason = f"The process that read it was ended by {signal.Signals(-code).name}."
        return _Died(reason or f"The process that read it ended with exit code {code}.")


def _serve(connection: Connection, extractor: Extractor) -> None:
    """Extract what comes, until nobody is there to send anything."""
    # Control-C is for the process that reads and stores: what is at hand is finished.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        while True:
            articles: Sequence[Source] = connection.recv()
            connection.send([extracted(extractor, each) for each in articles])
    except (EOFError, OSError):
        return


def extracted(extractor: Extractor, article: Source) -> Result:
    """The record of an article, with no fault that shows without the database; or why not."""
    try:
        return record_of(extractor, article)
    except OnRecordError as error:
        return refusal(article.name, error)
    except Exception as error:  # noqa: BLE001 - whatever an article does to it, the next one is read
        reason = f"The extractor failed: {type(error).__name__}: {error}"
        return Refusal(article.name, reason, f"The extractor failed: {type(error).__name__}")


def record_of(extractor: Extractor, article: Source) -> Draft:
    """The record of an article. Raises OnRecordError for a fault that shows by itself."""
    draft = checked(extractor.record(article.text, article.meta), article.text)
    draft.accepted()
    return draft


def refusal(name: str, error: OnRecordError) -> Refusal:
    """The refusal for an error that says what is wrong."""
    faults = [str(each) for each in error.faults]
    sort = faults[0] if faults else error.detail
    # A server's trouble passes, as a model's that does not answer: the article is tried again.
    return Refusal(name, " ".join([error.detail, *faults]), sort, lasting=error.status < 500)
