"""Storing what came of some articles, in one transaction if the database takes all of it."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.exc import DataError, IntegrityError

from app.codelists import Curation
from app.db import Database
from app.errors import RecordRefused
from app.ingest import shapes
from app.ingest.batch.known import Known
from app.ingest.batch.many import Many
from app.ingest.batch.orders import Orders
from app.ingest.batch.refused import Refusals
from app.ingest.batch.workers import Refusal, Result, refusal
from app.ingest.draft import Draft
from app.ingest.pipeline import Terms
from app.ingest.read.source import Source
from app.ingest.store import Outcome, article_id
from app.ingest.verify import sha256
from app.models import Article
from app.sessions import ReadSession, WriteSession
from app.sql import table

_ARTICLES = table(Article)

Group = Sequence[tuple[Source, Result]]


@dataclass
class Stored:
    """What became of some articles."""

    stored: int = 0
    unchanged: int = 0
    facts: Counter[str] = field(default_factory=Counter)
    refused: list[Refusal] = field(default_factory=list)
    noted: list[tuple[Source, Refusal]] = field(default_factory=list)
    """Refusals that go back to the text."""
    outcomes: list[Outcome] = field(default_factory=list)

    def add(self, outcome: Outcome) -> None:
        """An article was stored, or had nothing new."""
        self.outcomes.append(outcome)
        self.stored += outcome.seq is not None
        self.unchanged += outcome.seq is None
        self.facts.update(step.kind.name for step in outcome.steps if step.kind in shapes.FACTS)

    def refuse(self, source: Source, why: Refusal) -> None:
        """An article was refused."""
        self.refused.append(why)
        if why.lasting:
            self.noted.append((source, why))


class Storing:
    """The one that writes."""

    def __init__(self, database: Database, orders: Orders) -> None:
        self._database = database
        self._orders = orders
        self._known: Known | None = None

    def on_record(self, articles: Sequence[Source]) -> set[str]:
        """The texts of those of these articles that are on record."""
        with self._database.read() as session:
            return _on_record(session, articles)

    def store(self, group: Group, refusals: Refusals) -> Stored:
        """Store these, in their order, each in a change of its own."""
        try:
            with self._database.write() as session:
                done, known = self._together(session, group)
                self._note(session, group, done, refusals)
        except (RecordRefused, IntegrityError, DataError):
            self._known = None  # what it holds was rolled back
            return self._one_by_one(group, refusals)
        self._known = known
        return done

    def _together(self, session: WriteSession, group: Group) -> tuple[Stored, Known]:
        done, many = Stored(), Many(session, self._known)
        self._known = None
        there = _on_record(session, [source for source, _ in group])
        for source, result in group:
            if isinstance(result, Refusal):
                done.refuse(source, result)
                continue
            try:
                outcome = self._taken(many, source, result, known=source.text in there)
                there.add(source.text)
                done.add(outcome)
            except RecordRefused as error:
                done.refuse(source, refusal(source.name, error))
        many.write()
        return done, many.known

    def _taken(self, many: Many, source: Source, draft: Draft, *, known: bool) -> Outcome:
        if known and not self._orders.again:
            return Outcome(None, [])
        take = many.alone if known else many.add
        orders = self._orders
        # Who is no person publishes nothing, even if the record does not say who wrote it.
        terms = orders.terms if draft.accepted().extracted else Terms(Curation.DRAFT)
        return take(draft, text=source.text, by=orders.by, reason=orders.reason, terms=terms)

    def _one_by_one(self, group: Group, refusals: Refusals) -> Stored:
        """Each in a transaction of its own: the database does not take one of them."""
        done = Stored()
        for source, result in group:
            if isinstance(result, Refusal):
                done.refuse(source, result)
                continue
            try:
                done.add(self._alone(source, result))
            except RecordRefused as error:
                done.refuse(source, refusal(source.name, error))
            except (IntegrityError, DataError) as error:
                reason = f"The database does not take it: {str(error.orig).strip()}"
                done.refuse(source, Refusal(source.name, reason, "The database does not take it."))
        with self._database.write() as session:
            self._note(session, group, done, refusals)
        return done

    def _alone(self, source: Source, draft: Draft) -> Outcome:
        with self._database.write() as session:
            known = bool(_on_record(session, [source]))
            return self._taken(Many(session), source, draft, known=known)

    @staticmethod
    def _note(session: WriteSession, group: Group, done: Stored, refusals: Refusals) -> None:
        refusals.forget(session, (source for source, _ in group))
        refusals.keep(session, done.noted)


def _on_record(session: ReadSession, articles: Sequence[Source]) -> set[str]:
    ids = {article_id(sha256(each.text)): each.text for each in articles}
    if not ids:
        return set()
    found = session.rows(select(_ARTICLES.c.id).where(_ARTICLES.c.id.in_(ids)))
    return {ids[row.id] for row in found}
