"""A batch: articles from any source onto the record, in their order, each in a change of its own.

Reading stops while so many articles are under way that nobody has stored yet: a batch of any
length takes the same memory. What is on record already, or was refused by the same extractor, is
passed over before it is extracted, so a batch that was cut off goes on where it was when it is
begun again.
"""

from collections import Counter, deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import nullcontext
from dataclasses import dataclass, field
from itertools import islice, takewhile

from app.db import Database
from app.ingest.batch.orders import Orders
from app.ingest.batch.refused import Refusals
from app.ingest.batch.storing import Storing
from app.ingest.batch.workers import Refusal, Result, Workers, refusal
from app.ingest.read.source import Read, Refused, Source

CHUNK = 16
"""Articles that a process is handed at a time."""

GROUP = 128
"""Articles that are stored in one transaction, about: each in a change of its own."""


@dataclass
class Summary:
    """What became of the articles."""

    read: int = 0
    stored: int = 0
    unchanged: int = 0
    facts: Counter[str] = field(default_factory=Counter)
    """Versions of facts that were written, by kind."""
    refused: list[Refusal] = field(default_factory=list)
    cut_off: bool = False
    """Whether it was told to stop before the end."""

    @property
    def done(self) -> int:
        """Of how many articles it is known what became of them."""
        return self.stored + self.unchanged + len(self.refused)


def most_under_way(workers: int) -> int:
    """How many articles may be read and not stored yet."""
    return _chunks(workers) * CHUNK + GROUP + CHUNK


def _chunks(workers: int) -> int:
    """Enough that no process waits while a transaction is written."""
    return max(GROUP // CHUNK, 2 * workers + 2)


def run(
    database: Database,
    articles: Read,
    orders: Orders,
    *,
    told: Callable[[Summary], None] = lambda _: None,
    stopped: Callable[[], bool] = lambda: False,
    crew: Workers | None = None,
) -> Summary:
    """Take articles in.

    Args:
        database: where to.
        articles: what is read, one after the other.
        orders: how.
        told: is called when more of them are done.
        stopped: whether no more are to be read; what is under way is stored.
        crew: processes that are there already and stay; else they are started for this batch.

    Raises:
        OnRecordError: the database cannot be used. What was stored before is on record.
    """
    summary = Summary()
    storing = Storing(database, orders)
    refusals = Refusals(database, orders.extractor.method)
    own = Workers(orders.extractor, orders.workers, orders.seconds)
    with own if crew is None else nullcontext(crew) as workers:
        batch = _Batch(summary, storing, refusals, orders)
        for chunk, results in _in_order(batch, articles, workers, stopped):
            batch.take(chunk, results)
            told(summary)
        batch.store()
    summary.cut_off = stopped()
    told(summary)
    return summary


Chunk = list[Source]


def _in_order(
    batch: "_Batch", articles: Read, workers: Workers, stopped: Callable[[], bool]
) -> Iterator[tuple[Chunk, list[Result]]]:
    """What came of the articles, in the order in which they were read."""
    under_way: deque[tuple[Chunk, Future[list[Result]]]] = deque()
    most, more = _chunks(batch.orders.workers), True
    # What is read when it is told to stop is left, and read again by whoever goes on.
    wanted = takewhile(lambda _: not stopped(), articles)
    while more or under_way:
        while more and len(under_way) < most:
            found = list(islice(wanted, CHUNK))
            more = len(found) == CHUNK
            chunk = batch.wanted(found)
            if chunk:
                under_way.append((chunk, workers.submit(chunk)))
        if under_way:
            chunk, result = under_way.popleft()
            yield chunk, result.result()


@dataclass
class _Batch:
    """A batch under way."""

    summary: Summary
    storing: Storing
    refusals: Refusals
    orders: Orders
    _group: list[tuple[Source, Result]] = field(default_factory=list)

    def wanted(self, found: list[Source | Refused]) -> Chunk:
        """The articles that are to be extracted: not those of which it is known what comes."""
        self.summary.read += len(found)
        for each in found:
            if isinstance(each, Refused):
                self.summary.refused.append(refusal(each.name, each.error))
        sources = [each for each in found if isinstance(each, Source)]
        on_record = set() if self.orders.again else self.storing.on_record(sources)
        known = {} if self.orders.retry else self.refusals.among(sources)
        wanted = []
        for each in sources:
            if each.text in on_record:
                self.summary.unchanged += 1
            elif (before := known.get(each.text)) is not None:
                self.summary.refused.append(before)
            else:
                wanted.append(each)
        return wanted

    def take(self, chunk: Chunk, results: list[Result]) -> None:
        """Take what came of some articles; it is stored when there is enough of it."""
        self._group += zip(chunk, results, strict=True)
        if len(self._group) >= GROUP:
            self.store()

    def store(self) -> None:
        """Store what was taken."""
        group, self._group = self._group, []
        if not group:
            return
        done = self.storing.store(group, self.refusals)
        self.summary.stored += done.stored
        self.summary.unchanged += done.unchanged
        self.summary.facts.update(done.facts)
        self.summary.refused += done.refused
