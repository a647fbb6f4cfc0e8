"""One question to a model over a real socket: answered well, badly, slowly, in pieces, or not."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from itertools import count
from time import monotonic
from typing import Any

import pytest

from app.errors import OnRecordError
from app.ingest.extract.extractor import Usage
from app.ingest.extract.model.budget import Budget, Prices
from app.ingest.extract.model.endpoint import MAX_BYTES, Access, Endpoint, Reply
from app.ingest.extract.model.errors import (
    AnswerRefused,
    BudgetSpent,
    ModelUnavailable,
    RequestRefused,
)
from app.ingest.extract.model.retry import LONGEST, retry_after
from tests.extract.model_server import (
    Turn,
    answers,
    cut,
    drips,
    model_server,
    says,
    silent,
)

MESSAGES = [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "Yes?"}]
SCHEMA: dict[str, Any] = {"type": "object"}
PRICES = Prices(Decimal("2.50"), Decimal(10))
KEY = "sk-very-secret"


class Asked:
    """An endpoint, what was sent to it, and how long it waited in between."""

    def __init__(
        self, endpoint: Endpoint, sent: list[Any], keys: list[Any], naps: list[float]
    ) -> None:
        self.endpoint = endpoint
        self.sent = sent
        self.keys = keys
        self.naps = naps

    def ask(self) -> Reply:
        return self.endpoint.ask(MESSAGES, SCHEMA)


@contextmanager
def asking(
    *turns: Turn,
    budget: Budget | None = None,
    clock: Callable[[], float] = monotonic,
    **access: Any,
) -> Iterator[Asked]:
    naps: list[float] = []
    with model_server(*turns) as server:
        given = replace(Access(server.url, "m", KEY, prices=PRICES), **access)
        endpoint = Endpoint(given, budget or Budget(), sleep=naps.append, clock=clock)
        yield Asked(endpoint, server.asked, server.keys, naps)
        endpoint.close()


def test_an_answer_comes_with_what_it_took() -> None:
    with asking(says("yes")) as model:
        reply = model.ask()
    assert (reply.content, reply.finish) == ("yes", "stop")
    assert reply.usage == Usage(1, 1000, 200, Decimal("0.0045"))
    assert model.endpoint.budget.spent == reply.usage


def test_it_asks_for_json_by_the_schema_of_one_model_with_the_key() -> None:
    with asking(says("yes"), max_tokens=77) as model:
        model.ask()
    form = model.sent[0].pop("response_format")
    assert form["type"] == "json_schema"
    assert form["json_schema"]["schema"] == SCHEMA
    assert form["json_schema"]["strict"] is True
    assert model.sent == [{"model": "m", "messages": MESSAGES, "max_tokens": 77, "temperature": 0}]
    assert model.keys == [f"Bearer {KEY}"]


def test_without_a_key_none_is_sent() -> None:
    with asking(says("yes"), key=None) as model:
        model.ask()
    assert model.keys == [None]


def test_a_server_that_refuses_a_schema_is_told_it_instead_from_then_on() -> None:
    with asking(answers(400, "response_format is not supported"), says("yes")) as model:
        assert model.ask().content == "yes"
        model.ask()
    first, *later = model.sent
    assert "response_format" in first
    assert len(later) == 2
    for body in later:
        assert "response_format" not in body
        assert body["messages"][0]["content"].endswith('{"type":"object"}')
        assert body["messages"][1:] == MESSAGES[1:]


def test_it_learns_what_else_a_server_wants_otherwise() -> None:
    refusals = (
        answers(400, "Use 'max_completion_tokens' instead of 'max_tokens'."),
        answers(400, "'temperature' does not support 0."),
    )
    with asking(*refusals, says("yes"), max_tokens=77) as model:
        assert model.ask().content == "yes"
    body = model.sent[-1]
    assert body["max_completion_tokens"] == 77
    assert not {"max_tokens", "temperature"} & body.keys()
    assert "response_format" in body


def test_a_request_that_is_refused_in_every_form_is_not_tried_for_ever() -> None:
    with asking(answers(400, "temperature, max_completion_tokens: the text is too long")) as model:
        with pytest.raises(RequestRefused, match=r"answers 400: .*too long"):
            model.ask()
        assert len(model.sent) == 4
        # What did not help is not kept.
        with pytest.raises(RequestRefused):
            model.ask()
    assert "response_format" in model.sent[4]
    assert model.endpoint.budget.spent == Usage()


@pytest.mark.parametrize("status", [401, 403, 404, 307])
def test_what_asking_again_cannot_change_is_said_at_once(status: int) -> None:
    with asking(answers(status, f"Incorrect key: {KEY}", Location="/elsewhere")) as model:
        with pytest.raises(RequestRefused, match=f"answers {status}") as refusal:
            model.ask()
        assert len(model.sent) == 1
    assert KEY not in str(refusal.value)
    assert "Incorrect key: [the key]" in str(refusal.value)


def test_it_waits_as_long_as_it_is_asked_to() -> None:
    busy = answers(429, "slow down", Retry_After="7")
    with asking(busy, busy, says("yes")) as model:
        assert model.ask().content == "yes"
    assert model.naps == [7, 7]
    assert model.endpoint.budget.spent.calls == 1


def test_a_wait_beyond_all_measure_is_an_outage() -> None:
    with asking(answers(429, Retry_After=str(int(LONGEST) + 1))) as model:
        with pytest.raises(ModelUnavailable, match="left alone for 121 s"):
            model.ask()
        assert len(model.sent) == 1
    assert model.naps == []


def test_waits_grow_and_no_two_are_alike() -> None:
    with asking(answers(500, "down"), attempts=6) as model:
        with pytest.raises(ModelUnavailable, match="answers 500: down"):
            model.ask()
        assert len(model.sent) == 6
    for nap, least in zip(model.naps, (1, 2, 4, 8, 16), strict=True):
        assert least <= nap <= least + 1
    assert len({nap % 1 for nap in model.naps}) == 5
    assert model.endpoint.budget.spent == Usage()


@pytest.mark.parametrize("status", [408, 425, 429, 500, 502, 503, 529])
def test_what_passes_is_asked_again(status: int) -> None:
    with asking(answers(status), says("yes")) as model:
        assert model.ask().content == "yes"
    assert len(model.naps) == 1


@pytest.mark.parametrize(
    ("turn", "told"),
    [
        (silent, "does not answer in 0.05 s"),
        (drips, "0.05 s"),
        (cut("yes"), "breaks off its answer .peer closed connection"),
    ],
)
def test_an_answer_that_does_not_come_whole_is_asked_for_again(turn: Turn, told: str) -> None:
    with asking(turn, attempts=2, timeout=0.05) as model:
        with pytest.raises(ModelUnavailable, match=told):
            model.ask()
        assert len(model.sent) == 2
    spent = model.endpoint.budget.spent
    assert spent.calls == 2, "it may have been paid for"
    assert spent.estimated


def test_a_slow_answer_is_slow_as_a_whole_however_many_pieces_it_has() -> None:
    ticks = count(0, 40)
    with (
        asking(says("yes"), attempts=1, timeout=30, clock=lambda: next(ticks)) as model,
        pytest.raises(ModelUnavailable, match="has not ended its answer in 30 s"),
    ):
        model.ask()


def test_nobody_there_is_an_outage_that_costs_nothing() -> None:
    with model_server(says("yes")) as server:
        url = server.url
    with (
        asking(says("yes"), url=url, attempts=3) as model,
        pytest.raises(ModelUnavailable, match="cannot be reached"),
    ):
        model.ask()
    assert len(model.naps) == 2
    assert model.endpoint.budget.spent == Usage()


@pytest.mark.parametrize(
    "body",
    ["<html>", "[]", "{}", '{"choices": []}', '{"choices": [{"message": "yes"}]}', "[" * 9999],
)
def test_what_is_no_chat_completion_is_refused(body: str) -> None:
    with asking(answers(200, body)) as model:
        with pytest.raises(AnswerRefused, match="no chat completion"):
            model.ask()
        assert len(model.sent) == 1


def test_a_model_that_refuses_is_quoted() -> None:
    refusal = '{"choices": [{"message": {"content": null, "refusal": "I would rather not."}}]}'
    with (
        asking(answers(200, refusal)) as model,
        pytest.raises(AnswerRefused, match="I would rather not"),
    ):
        model.ask()


def test_an_answer_without_end_is_not_read_to_the_end() -> None:
    with (
        asking(says("a" * (MAX_BYTES + 1))) as model,
        pytest.raises(AnswerRefused, match="more than"),
    ):
        model.ask()


# The budget


def test_what_nobody_counted_is_booked_at_the_most_it_can_have_been() -> None:
    for usage in (None, {}, {"prompt_tokens": -5, "completion_tokens": 2}, "many"):
        with asking(says("yes", usage=usage), max_tokens=50) as model:
            model.ask()
        spent = model.endpoint.budget.spent
        assert spent.estimated
        assert spent.output_tokens == 50
        assert spent.input_tokens > len(str(MESSAGES))


@pytest.mark.parametrize(
    "budget", [Budget(money=Decimal("0.0100")), Budget(tokens=2600)], ids=["money", "tokens"]
)
def test_the_budget_stops_before_the_call_that_could_exceed_it(budget: Budget) -> None:
    with asking(says("yes"), budget=budget, max_tokens=300) as model:
        model.ask()
        model.ask()
        with pytest.raises(BudgetSpent) as stop:
            model.ask()
        assert len(model.sent) == 2
    assert stop.value.spent == budget.spent == Usage(2, 2000, 400, Decimal("0.0090"))
    assert (stop.value.money, stop.value.tokens) == (budget.money, budget.tokens)
    assert "2400 tokens and 0.0090 are spent in 2 calls" in str(stop.value)
    assert str(budget.money or budget.tokens) in str(stop.value)


def test_attempts_that_may_have_been_paid_for_count_before_the_next() -> None:
    budget = Budget(tokens=1500)
    with asking(cut("yes"), budget=budget, max_tokens=900, attempts=5) as model:
        with pytest.raises(BudgetSpent):
            model.ask()
        assert len(model.sent) == 1
    assert budget.spent.tokens <= 1500


def test_calls_under_way_count_too() -> None:
    budget = Budget(tokens=100)
    with budget.call(Usage(1, 60, 0)) as bill:
        with pytest.raises(BudgetSpent), budget.call(Usage(1, 60, 0)):
            pytest.fail("the call was made")
        bill.settle(Usage(1, 10, 0))
        with budget.call(Usage(1, 60, 0)):
            pass
    assert budget.spent.tokens == 70


# Retry-After


NOW = datetime(2025, 12, 3, 10, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        (None, None),
        ("0", 0),
        ("120", 120),
        ("Wed, 03 Dec 2025 10:00:30 GMT", 30),
        ("Wed, 03 Dec 2025 10:00:30", 30),
        ("Wed, 03 Dec 2025 09:00:00 GMT", 0),
        ("soon", None),
        ("-5", None),
        ("²", None),
        ("", None),
    ],
)
def test_retry_after_is_a_number_of_seconds_or_a_date(
    header: str | None, seconds: float | None
) -> None:
    assert retry_after(header, NOW) == seconds


def test_errors_are_ours_and_an_access_does_not_show_its_key() -> None:
    for kind in (ModelUnavailable, RequestRefused, AnswerRefused, BudgetSpent):
        assert issubclass(kind, OnRecordError)
    assert KEY not in repr(Access("http://127.0.0.1", "m", KEY))
