"""The language model in the extractor's place, on the way in that all articles take."""

import logging
from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import pytest

from app.db import Database
from app.ingest.batch.named import extractor_at
from app.ingest.batch.orders import Orders
from app.ingest.batch.run import Summary, run
from app.ingest.extract.found import Meta
from app.ingest.extract.model import source as model_source
from app.ingest.read.source import Source
from tests.extract.article import TEXT, good_answer, metadata
from tests.extract.model_server import Turn, answers, model_server, says
from tests.ingest.support import dump

PLACE = "app.ingest.extract.model.source:extract_source"


def forget() -> None:
    """Begin as a new process does."""
    if model_source._configured.cache_info().currsize:  # noqa: SLF001 - there is one a process
        model = model_source._configured()  # noqa: SLF001
        model.close()
        model._database.dispose()  # noqa: SLF001
        model_source._configured.cache_clear()  # noqa: SLF001


@pytest.fixture(autouse=True)
def _forgotten() -> Iterator[None]:
    """Each test has a model of its own."""
    forget()
    yield
    forget()


def taken_in(
    database: Database, monkeypatch: pytest.MonkeyPatch, *turns: Turn, **settings: str
) -> tuple[Summary, int]:
    """What became of the article, and how often the model was asked."""
    entry = metadata()
    meta = Meta(
        headline=entry.headline, publisher="Harbour Gazette", published_on=entry.published_on
    )
    with model_server(*turns) as server:
        given = {"MODEL_URL": server.url, "MODEL_NAME": "m", "MODEL_ATTEMPTS": "1", **settings}
        for name, value in given.items():
            monkeypatch.setenv(name, value)
        monkeypatch.setenv("DATABASE_URL", database.url.render_as_string(hide_password=False))
        orders = Orders(extractor_at(PLACE), by="test", workers=0)
        summary = run(database, iter([Source(TEXT, meta, "article.txt")]), orders)
        return summary, len(server.asked)


def drafts(summary: Summary) -> int:
    return sum(summary.facts.values())


def test_what_the_model_finds_waits_for_review(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    summary, asked = taken_in(database, monkeypatch, says(good_answer()))
    assert (summary.stored, summary.refused, asked) == (1, [], 1)
    assert drafts(summary) == 5


def test_an_invented_quotation_is_refused_by_name_and_the_rest_is_stored(
    database: Database, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    answer: dict[str, Any] = deepcopy(good_answer())
    invented = deepcopy(answer["positions"][0]) | {"key": "never-said"}
    invented["quotes"][0]["words"] = "We shall never sit at one table"
    del invented["quotes"][1:]
    answer["positions"].append(invented)
    with caplog.at_level(logging.WARNING):
        summary, _ = taken_in(database, monkeypatch, says(answer))
    assert drafts(summary) == 5
    told = [each for each in caplog.messages if "never-said" in each]
    assert "'We shall never sit at one table' does not stand in the text" in told[0]


@pytest.mark.parametrize(
    ("turn", "settings", "words", "asked"),
    [
        (answers(503), {}, "503", 1),
        (says(good_answer()), {"MODEL_BUDGET_TOKENS": "10"}, "budget", 0),
    ],
    ids=["outage", "budget"],
)
def test_without_an_answer_nothing_is_stored_and_the_article_is_tried_again(
    database: Database,
    monkeypatch: pytest.MonkeyPatch,
    turn: Turn,
    settings: dict[str, str],
    words: str,
    asked: int,
) -> None:
    before = dump(database)
    summary, calls = taken_in(database, monkeypatch, turn, **settings)
    (refused,) = summary.refused
    assert words in refused.reason
    assert (summary.stored, calls, refused.lasting) == (0, asked, False)
    assert dump(database) == before
    forget()
    monkeypatch.delenv("MODEL_BUDGET_TOKENS", raising=False)
    later, _ = taken_in(database, monkeypatch, says(good_answer()))
    assert later.stored == 1
