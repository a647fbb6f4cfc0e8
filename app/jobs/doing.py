"""A job under way: what was sent is read, extracted and stored, as a batch is."""

from collections.abc import Callable, Iterator
from typing import Any

import orjson

from app.db import Database
from app.errors import ArticleRefused
from app.ingest.batch.named import extractor_at
from app.ingest.batch.orders import Orders
from app.ingest.batch.run import Summary, run
from app.ingest.batch.sent import read_sent
from app.ingest.batch.workers import Workers
from app.ingest.pipeline import Terms
from app.ingest.read.fetch import Bounds, Fetcher
from app.ingest.read.source import Read, Refused, Source
from app.ingest.store import article_id
from app.ingest.verify import sha256
from app.jobs import queries
from app.settings import Settings
from app.sql import Row

SHOWN = 200
"""Articles that a result names."""


class Desk:
    """What all jobs of a process share: where they go, and the process that extracts."""

    def __init__(self, database: Database, settings: Settings) -> None:
        self.database = database
        self.terms = Terms(publish_above=settings.publish_above)
        self.extractor = extractor_at(settings.extractor)
        self.fetcher = Fetcher(Bounds.of(settings))
        self.crew = Workers(self.extractor, 1)

    def close(self) -> None:
        """End the process."""
        self.crew.close()


class Doing:
    """One job."""

    def __init__(self, job: Row, desk: Desk) -> None:
        self.id: str = job.id
        self._by: str = job.by
        self._sent = orjson.loads(job.given)
        self._desk = desk
        self._articles: list[str] = []
        self._unread: ArticleRefused | None = None
        self._summary = Summary()

    @property
    def progress(self) -> dict[str, int]:
        """How many articles were read, and what became of them."""
        done = self._summary
        return {
            "read": done.read,
            "stored": done.stored,
            "unchanged": done.unchanged,
            "refused": len(done.refused),
        }

    def do(self, stopped: Callable[[], bool]) -> dict[str, Any] | None:
        """Do it. Gives the result or the problem, or none if it was told to stop."""
        desk = self._desk
        orders = Orders(
            desk.extractor,
            by=self._by,
            reason=self._sent.get("reason"),
            terms=desk.terms,
            workers=1,
            retry=True,
        )
        found = self._noted(read_sent(self._sent, desk.fetcher))
        run(desk.database, found, orders, told=self._told, stopped=stopped, crew=desk.crew)
        if self._summary.cut_off:
            return None
        with desk.database.read() as session:
            articles = queries.taken_in(session, self._articles)
        refused = [{"name": e.name, "reason": e.reason} for e in self._summary.refused[:SHOWN]]
        if refused and not articles:
            return {"problem": self._failure()}
        return {"result": {"articles": articles, "refused": refused}}

    def _told(self, summary: Summary) -> None:
        self._summary = summary

    def _noted(self, found: Read) -> Iterator[Source | Refused]:
        """What is read, with note of what a result has to name."""
        for each in found:
            if isinstance(each, Refused):
                self._unread = self._unread or each.error
            elif len(self._articles) < SHOWN:
                self._articles.append(article_id(sha256(each.text)))
            yield each

    def _failure(self) -> dict[str, str]:
        error = self._unread or ArticleRefused(self._summary.refused[0].reason)
        return queries.problem(error)
