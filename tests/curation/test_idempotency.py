"""Idempotency-Key: the same request sent again is answered again, and written once."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier
from typing import Any

import pytest
from httpx2 import Response
from sqlalchemy import update

from app.models import IdempotentAnswer
from app.sql import table
from tests.curation.desk import RESOURCES, Desk, cited, fact
from tests.http.factory import WORDS, make_record, selector
from tests.http.helpers import problem

TEXT = "After the meeting. “We shall meet again,” somebody said of it."
PATHS = ("articles", *RESOURCES)


def body(resource: str, reason: str = "Because.") -> dict[str, Any]:
    """A body that writes something new."""
    if resource != "articles":
        return {"fact": fact(resource), "reason": reason}
    said = fact("positions", key="again", evidence=[selector(TEXT, "We shall meet again")])
    return {"record": make_record(TEXT, positions=[said]), "text": TEXT, "reason": reason}


def send(
    desk: Desk, resource: str, content: str, once: str = "once", key: str | None = None
) -> Response:
    key = key or ("ingest" if resource == "articles" else "curate")
    headers = {"Content-Type": "application/json", "Idempotency-Key": once} | desk.key(key)
    return desk.client.post(f"/v1/{resource}", content=content, headers=headers)


def backwards(part: Any) -> Any:
    """The same with its fields in another order."""
    if isinstance(part, dict):
        return {name: backwards(part[name]) for name in reversed(part)}
    return [backwards(each) for each in part] if isinstance(part, list) else part


@pytest.mark.parametrize("resource", PATHS)
def test_the_same_request_is_answered_byte_for_byte_and_written_once(
    desk: Desk, resource: str
) -> None:
    said = body(resource)
    first = send(desk, resource, json.dumps(said))
    assert first.status_code == 201, first.text
    assert "idempotency-replayed" not in first.headers
    ways = (
        json.dumps(said),
        json.dumps(said, indent=4),
        json.dumps(said, separators=(",", ":"), ensure_ascii=False),
        json.dumps(backwards(said)),
    )
    with desk.unchanged():
        for again in ways:
            answer = send(desk, resource, again)
            assert (answer.status_code, answer.content) == (201, first.content)
            assert answer.headers["location"] == first.headers["location"]
            assert answer.headers["idempotency-replayed"] == "true"
            assert "no-store" in answer.headers["cache-control"]


@pytest.mark.parametrize("resource", PATHS)
def test_another_request_under_the_same_key_is_refused(desk: Desk, resource: str) -> None:
    assert send(desk, resource, json.dumps(body(resource))).status_code == 201
    with desk.unchanged():
        others = [
            send(desk, resource, json.dumps(body(resource, "For another reason."))),
            send(desk, resource, json.dumps({**body(resource), "curation": "draft"})),
        ]
    for answer in others:
        told = problem(answer, 422)
        assert [fault.parameter for fault in told.errors] == ["Idempotency-Key"]
        assert "idempotency-replayed" not in answer.headers


def test_a_key_goes_with_one_address(desk: Desk) -> None:
    both = json.dumps({"fact": fact("rounds")})
    assert send(desk, "rounds", both).status_code == 201
    with desk.unchanged():
        told = problem(send(desk, "positions", json.dumps(body("positions"))), 422)
    assert [fault.parameter for fault in told.errors] == ["Idempotency-Key"]


def test_what_another_holder_sends_under_the_same_key_is_their_own(desk: Desk) -> None:
    ours, theirs = body("positions"), body("positions")
    theirs["fact"]["evidence"] = [cited(WORDS["undated"])]
    first = send(desk, "positions", json.dumps(ours), key="curate")
    second = send(desk, "positions", json.dumps(theirs), key="other")
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json()["data"]["fact"]["id"] != second.json()["data"]["fact"]["id"]
    problem(send(desk, "positions", json.dumps(ours), key="other"), 422)
    assert send(desk, "positions", json.dumps(theirs), key="other").content == second.content


@pytest.mark.parametrize("resource", PATHS)
def test_a_refusal_is_not_kept(desk: Desk, resource: str) -> None:
    wrong = body(resource)
    holder = wrong["fact"] if resource != "articles" else wrong["record"]["positions"][0]
    holder["topic"] = "weather"
    with desk.unchanged():
        problem(send(desk, resource, json.dumps(wrong)), 422)
        problem(send(desk, resource, "{"), 422)
    assert send(desk, resource, json.dumps(body(resource))).status_code == 201


def test_a_conflict_is_not_kept(desk: Desk) -> None:
    id_ = desk.id("positions")
    with desk.unchanged():
        problem(send(desk, "positions", json.dumps(body("positions"))), 409)
    desk.done("withdraw", "positions", id_)
    assert send(desk, "positions", json.dumps(body("positions"))).status_code == 201


def test_it_is_answered_again_whatever_became_of_the_fact(desk: Desk) -> None:
    first = send(desk, "positions", json.dumps(body("positions")))
    desk.done("withdraw", "positions", first.json()["data"]["fact"]["id"])
    with desk.unchanged():
        assert send(desk, "positions", json.dumps(body("positions"))).content == first.content


def test_a_record_that_is_on_record_already_is_answered_the_same_again(desk: Desk) -> None:
    assert send(desk, "articles", json.dumps(body("articles")), "first").status_code == 201
    second = send(desk, "articles", json.dumps(body("articles")), "second")
    assert (second.status_code, second.json()["data"]["versions"]) == (200, [])
    again = send(desk, "articles", json.dumps(body("articles")), "second")
    assert (again.status_code, again.content) == (200, second.content)
    assert "location" not in again.headers


def test_a_dry_run_keeps_no_answer(desk: Desk) -> None:
    said, headers = body("articles"), {"Idempotency_Key": "once"}
    with desk.unchanged():
        dry = desk.post("/v1/articles?dry_run=true", said, "ingest", **headers)
        assert dry.status_code == 200
    assert desk.post("/v1/articles", said, "ingest", **headers).status_code == 201


@pytest.mark.parametrize("resource", PATHS)
def test_of_two_at_once_one_writes_and_both_are_answered_alike(desk: Desk, resource: str) -> None:
    before, start, content = desk.version(), Barrier(4), json.dumps(body(resource))

    def one(_: int) -> Response:
        start.wait()
        return send(desk, resource, content)

    with ThreadPoolExecutor(4) as threads:
        answers = list(threads.map(one, range(4)))
    assert [answer.status_code for answer in answers] == [201] * 4
    assert len({answer.content for answer in answers}) == 1
    replayed = [answer.headers.get("idempotency-replayed") for answer in answers]
    assert replayed.count(None) == 1
    assert desk.version() == before + 1


def test_of_two_at_once_without_it_one_is_told_of_the_other(desk: Desk) -> None:
    start = Barrier(2)

    def one(_: int) -> Response:
        start.wait()
        return desk.post("/v1/positions", body("positions"))

    with ThreadPoolExecutor(2) as threads:
        answers = list(threads.map(one, range(2)))
    assert sorted(answer.status_code for answer in answers) == [201, 409]


def test_a_week_later_it_is_forgotten(desk: Desk) -> None:
    first = send(desk, "positions", json.dumps(body("positions")))
    desk.done("withdraw", "positions", first.json()["data"]["fact"]["id"])
    past = datetime.now(UTC) - timedelta(days=8)
    with desk.database.write() as session:
        session.execute(update(table(IdempotentAnswer)).values(answered_at=past))
    again = send(desk, "positions", json.dumps(body("positions", "Another.")))
    assert again.status_code == 201
    assert again.json()["data"]["fact"]["id"] != first.json()["data"]["fact"]["id"]


@pytest.mark.parametrize("once", ["", "x" * 256, "caf\u00e9", "a\tb"])
def test_a_key_that_is_none_is_refused(still: Desk, once: str) -> None:
    headers = {**still.key("curate"), "Idempotency-Key": once.encode("latin-1")}
    with still.unchanged():
        given: Any = headers
        answer = still.client.post("/v1/rounds", json=body("rounds"), headers=given)
    told = problem(answer, 422)
    assert [str(fault.parameter).lower() for fault in told.errors] == ["idempotency-key"]


def test_a_key_may_be_as_long_as_255_characters(desk: Desk) -> None:
    for once in ("x" * 255, "~ {}!"):
        said = body("rounds")
        said["fact"]["ordinal"] = len(once)
        assert send(desk, "rounds", json.dumps(said), once).status_code == 201
