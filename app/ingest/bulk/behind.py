"""Work that is done behind the reader's back, one piece after the other.

PostgreSQL checks and indexes rows in a process of its own: meanwhile the next lines are read.
SQLite works in this process and would only be held up, so there the work is done at once.
"""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType
from typing import Self


class Behind:
    """Does what it is given, in order. Nothing is left undone when its block ends."""

    def __init__(self, *, threaded: bool) -> None:
        self._pool = ThreadPoolExecutor(1) if threaded else None
        self._last: Future[None] | None = None

    def do(self, work: Callable[[], None]) -> None:
        """Do this next. Raises what the work before raised."""
        if self._pool is None:
            work()
            return
        self.wait()
        self._last = self._pool.submit(work)

    def wait(self) -> None:
        """Wait until all is done. Raises what the work raised."""
        last, self._last = self._last, None
        if last is not None:
            last.result()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        _type: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        # Whatever went wrong in the meantime: what went wrong before is what is told.
        try:
            self.wait()
        finally:
            if self._pool is not None:
                self._pool.shutdown()
