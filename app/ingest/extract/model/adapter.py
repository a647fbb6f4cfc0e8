"""The extractor that asks a language model: ask, read, find the words, verify, leave out."""

from collections.abc import Sequence
from types import TracebackType
from typing import Any, Self

from sqlalchemy import select

from app.db import Database
from app.errors import RecordRefused
from app.ingest.extract.extractor import Extraction, Usage
from app.ingest.extract.model.answer import Schema, Unreadable, answer_schema, read_answer
from app.ingest.extract.model.budget import Budget, Prices
from app.ingest.extract.model.compose import Composer
from app.ingest.extract.model.endpoint import Access, Endpoint, Reply
from app.ingest.extract.model.errors import AnswerRefused, RequestRefused
from app.ingest.extract.model.prompt import EDITION, Message, again, asked
from app.ingest.extract.model.vet import vetted
from app.ingest.record import ArticleEntry, GroupEntry
from app.ingest.verify import sha256
from app.models import TopicVersion
from app.sessions import ReadSession
from app.settings import Settings
from app.sql import table


class ModelExtractor:
    """An `Extractor` that asks a language model. To be closed, or used as a context.

    It reads which topics and names are on record, and writes nothing.
    """

    def __init__(self, endpoint: Endpoint, database: Database) -> None:
        self._endpoint = endpoint
        self._database = database
        self.name = f"language model {endpoint.access.model}"
        self.version = EDITION

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections to the model; the database is the caller's."""
        self._endpoint.close()

    @property
    def spent(self) -> Usage:
        """What all extractions took so far, those that failed included."""
        return self._endpoint.budget.spent

    def extract(
        self, text: str, meta: ArticleEntry, bodies: Sequence[GroupEntry] = ()
    ) -> Extraction:
        """The facts that the model finds in an article and that hold. See `Extractor.extract`.

        Raises:
            RecordRefused: the metadata are those of another text.
            ModelUnavailable, RequestRefused, AnswerRefused, BudgetSpent: there is no answer.
        """
        if sha256(text) != meta.text_sha256 or len(text) != meta.characters:
            raise RecordRefused("The article's metadata are those of another text.")
        with self._database.read() as session:
            topics = _topics(session)
        answer, usage = self._answer(asked(text, meta, topics), answer_schema(topics))
        with self._database.read() as session:
            composer = Composer(session, text, meta)
            raw = composer.record(answer, f"extracted by {self.name}, edition {self.version}")
            raw["groups"][:0] = [each.model_dump(mode="json") for each in bodies]
            record, left_out = vetted(session, raw, text)
        return Extraction(record, (*composer.refused, *left_out), usage)

    def _answer(
        self, messages: list[Message], schema: Schema
    ) -> tuple[dict[str, list[dict[str, Any]]], Usage]:
        """The model's answer; one that cannot be read is asked for once more."""
        reply = self._asked(messages, schema)
        try:
            return read_answer(reply.content), reply.usage
        except Unreadable as fault:
            second = self._asked(again(messages, reply.content, str(fault)), schema)
        try:
            return read_answer(second.content), reply.usage + second.usage
        except Unreadable as fault:
            raise AnswerRefused(f"The model's answer cannot be read, twice. {fault}") from fault

    def _asked(self, messages: list[Message], schema: Schema) -> Reply:
        """A whole reply. Raises AnswerRefused for one that is cut off: nothing of it counts."""
        reply = self._endpoint.ask(messages, schema)
        if reply.finish == "length":
            raise AnswerRefused(
                f"The model's answer is cut off after {reply.usage.output_tokens} tokens: "
                "MODEL_MAX_TOKENS allows no more."
            )
        if reply.finish == "content_filter":
            raise AnswerRefused("The endpoint's content filter cut the model's answer off.")
        return reply


def from_settings(settings: Settings, database: Database) -> ModelExtractor:
    """The extractor that the settings describe.

    Raises RequestRefused if they name no model, or a budget in money without prices.
    """
    if settings.model_url is None or settings.model_name is None:
        raise RequestRefused("No language model is set up: set MODEL_URL and MODEL_NAME.")
    prices = Prices(settings.model_input_price, settings.model_output_price)
    if settings.model_budget is not None and not (prices.input or prices.output):
        raise RequestRefused(
            "MODEL_BUDGET is in money and takes prices: set MODEL_INPUT_PRICE and "
            "MODEL_OUTPUT_PRICE, or MODEL_BUDGET_TOKENS instead."
        )
    key = settings.model_key
    access = Access(
        url=settings.model_url,
        model=settings.model_name,
        key=key.get_secret_value() if key is not None else None,
        timeout=settings.model_timeout_seconds,
        attempts=settings.model_attempts,
        max_tokens=settings.model_max_tokens,
        prices=prices,
    )
    budget = Budget(settings.model_budget, settings.model_budget_tokens)
    return ModelExtractor(Endpoint(access, budget), database)


def _topics(session: ReadSession) -> dict[str, str]:
    """The topics on record, each with what it is about."""
    topics = table(TopicVersion)
    current = select(topics.c.slug, topics.c.name, topics.c.description).where(
        topics.c.superseded_in.is_(None)
    )
    rows = session.rows(current.order_by(topics.c.slug))
    return {row.slug: row.description or row.name for row in rows}
