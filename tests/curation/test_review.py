"""Review over HTTP: what waits, and decisions on several drafts at once."""

from typing import Any

import pytest

from tests.curation.desk import RESOURCES, Desk, fact
from tests.curation.extraction import (
    ARTICLE,
    RULE,
    TEXT,
    decide,
    decided,
    extract,
    found,
    offer,
    one,
    queue,
    waits,
)
from tests.http.factory import SECOND_ARTICLE_ID
from tests.http.helpers import Entry, problem

KEYS = ("closed", "open", "hope", "seen")


def several(desk: Desk) -> None:
    """Four positions, the least certain last in the text, and an offer."""
    sure = zip(KEYS, (0.9, 0.7, 0.7, 0.2), strict=True)
    extract(desk, *(found(*each) for each in sure), mediation_offers=[offer(0.5)])


def ids(items: list[Entry]) -> list[str]:
    return [item["id"] for item in items]


# What waits


def test_it_takes_a_key_that_sees_drafts(desk: Desk) -> None:
    several(desk)
    problem(desk.get("/v1/review"), 401)
    problem(desk.get("/v1/review", "ingest"), 403)
    for key in ("read", "curate", "admin"):
        answer = desk.get("/v1/review", key)
        assert answer.status_code == 200
        assert answer.headers["cache-control"] == "private, no-store"


def test_each_has_what_a_decision_goes_by(desk: Desk) -> None:
    extract(desk, found("closed", 0.75))
    (item,) = queue(desk)
    assert item["fact"] == desk.data(f"/v1/positions/{item['id']}", "read")
    told = {name: item[name] for name in ("kind", "rev", "rule", "confidence", "method")}
    assert told == {
        "kind": "position",
        "rev": 1,
        "rule": RULE,
        "confidence": 0.75,
        "method": "extracted by rules 1",
    }
    assert (item["article"]["id"], item["proposes"]) == (ARTICLE, None)
    assert item["recorded_in"] == desk.version()


def test_drafts_of_a_curator_wait_too_and_have_no_confidence(desk: Desk) -> None:
    made = {resource: desk.id(resource, curation="draft") for resource in RESOURCES}
    items = desk.data("/v1/review", "read", article=SECOND_ARTICLE_ID)
    assert set(ids(items)) == set(made.values())
    assert {(item["rule"], item["confidence"]) for item in items} == {(None, None)}
    assert {item["kind"] for item in items} == {"position", "mediation_offer", "round"}
    assert desk.data("/v1/review", "read", below=1) == []


def test_the_text_is_served_to_nobody(desk: Desk) -> None:
    several(desk)
    for key in ("read", "curate", "admin"):
        assert "unquoted prose" not in desk.get("/v1/review", key).text


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({}, [0.2, 0.5, 0.7, 0.7, 0.9]),
        ({"sort": "-confidence"}, [0.9, 0.7, 0.7, 0.5, 0.2]),
        ({"below": 0.7}, [0.2, 0.5]),
        ({"kind": "mediation_offer"}, [0.5]),
        ({"kind": "!mediation_offer", "below": 0.8}, [0.2, 0.7, 0.7]),
        ({"kind": "position|round"}, [0.2, 0.7, 0.7, 0.9]),
        ({"what": "draft", "below": 0.3}, [0.2]),
        ({"what": "proposal"}, []),
        ({"article": SECOND_ARTICLE_ID}, []),
        ({"article": f"{SECOND_ARTICLE_ID}|{ARTICLE}", "kind": "mediation_offer"}, [0.5]),
    ],
)
def test_it_is_filtered_and_ordered(
    desk: Desk, asked: dict[str, Any], expected: list[float]
) -> None:
    several(desk)
    answer = desk.get("/v1/review", "read", **asked)
    assert answer.status_code == 200, answer.text
    assert [item["confidence"] for item in answer.json()["data"]] == expected
    assert answer.json()["meta"]["total"] == len(expected)
    assert (answer.json()["meta"]["coverage"] is None) == bool(expected)


@pytest.mark.parametrize("sort", ["confidence", "-confidence", "recorded_in", "-recorded_in"])
@pytest.mark.parametrize("limit", [1, 2, 3])
def test_its_pages_make_up_the_list_while_decisions_are_made(
    desk: Desk, sort: str, limit: int
) -> None:
    several(desk)
    whole = ids(queue(desk, sort=sort))
    answer, walked = desk.get("/v1/review", "curate", sort=sort, limit=limit).json(), []
    decided(desk, "reject", one(desk, "It is said: open."))
    while True:
        walked += ids(answer["data"])
        if answer["links"]["next"] is None:
            break
        answer = desk.get(answer["links"]["next"], "curate").json()
    assert walked == whole


@pytest.mark.parametrize(
    ("asked", "sign"),
    [
        ({"kind": "positions"}, "position"),
        ({"article": "art_nothing"}, "article"),
        ({"below": 2}, "below"),
        ({"what": "facts"}, "what"),
        ({"sort": "rule"}, "sort"),
        ({"cofidence": 1}, "cofidence"),
        ({"cursor": "nonsense"}, "cursor"),
    ],
)
def test_what_cannot_be_asked_is_refused(still: Desk, asked: dict[str, Any], sign: str) -> None:
    told = problem(
        still.get("/v1/review?" + "&".join(f"{k}={v}" for k, v in asked.items()), "read"), 422
    )
    assert sign in str(told.errors)


# Decisions


def test_several_are_accepted_in_one_change(desk: Desk) -> None:
    several(desk)
    before = desk.version()
    items = queue(desk)
    versions = decided(desk, "accept", *items)
    assert desk.version() == before + 1
    assert sorted(each["id"] for each in versions) == sorted(ids(items))
    assert {(each["rev"], each["change_type"], each["curation"]) for each in versions} == {
        (2, "new", "published")
    }
    assert queue(desk) == []
    assert len(desk.data("/v1/positions", article=ARTICLE)) == 4
    assert desk.data("/v1/positions", article=ARTICLE, as_of=before) == []
    change = desk.data(f"/v1/changes/{before + 1}")
    assert (change["by"], change["reason"], change["kind"]) == ("curate", "Looked at.", "curation")
    (shown,) = desk.data("/v1/mediation-offers", article=ARTICLE)
    history = desk.data(f"/v1/mediation-offers/{shown['id']}/history")
    assert [(each["recorded_by"], each["reason"]) for each in history] == [("curate", "Looked at.")]


def test_several_are_rejected_with_a_reason(desk: Desk) -> None:
    several(desk)
    items = queue(desk, below=0.6)
    versions = decided(desk, "reject", *items)
    assert {each["curation"] for each in versions} == {"withdrawn"}
    assert waits(desk) == ["It is said: closed.", "It is said: hope.", "It is said: open."]
    told = problem(desk.get(f"/v1/positions/{items[0]['id']}"), 410)
    assert "Looked at." in told.detail
    assert "It is said" not in told.detail


def test_an_offer_waits_for_what_it_rests_on(desk: Desk) -> None:
    several(desk)
    (item,) = queue(desk, kind="mediation_offer")
    with desk.unchanged():
        assert "rests on the draft" in problem(decide(desk, "accept", item), 409).detail
    decided(desk, "accept", item, one(desk, "It is said: hope."))


def test_of_two_who_decide_the_second_is_told(desk: Desk) -> None:
    several(desk)
    mine = yours = one(desk, "It is said: closed.")
    other = one(desk, "It is said: open.")
    decided(desk, "accept", mine)
    with desk.unchanged():
        told = problem(decide(desk, "reject", other, yours, key="other"), 412)
        assert "at version 2 now, not 1" in told.detail
        problem(decide(desk, "accept", other, yours, key="other"), 412)
    rejected = one(desk, "It is said: hope.")
    decided(desk, "reject", rejected)
    with desk.unchanged():
        assert "withdrawn" in problem(decide(desk, "accept", rejected, key="other"), 410).detail


def test_who_accepts_a_proposal_has_seen_its_fact_as_it_is(desk: Desk) -> None:
    extract(desk, found("closed"))
    item = one(desk, "It is said: closed.")
    decided(desk, "accept", item)
    extract(desk, found("closed", stance="warns"), edition=2)
    (read,) = queue(desk)
    assert desk.revise("positions", item["id"], stance="denies").status_code == 200
    with desk.unchanged():
        assert "was changed since" in problem(decide(desk, "accept", read), 412).detail
        problem(desk.do("publish", "positions", read["id"], '"r1"'), 412)
    (again,) = queue(desk)
    decided(desk, "accept", again)
    assert desk.data(f"/v1/positions/{item['id']}")["stance"] == "warns"


def test_a_proposal_is_published_at_its_own_address_into_its_fact(desk: Desk) -> None:
    extract(desk, found("closed"))
    item = one(desk, "It is said: closed.")
    decided(desk, "accept", item)
    extract(desk, found("closed", stance="warns"), edition=2)
    (proposed,) = queue(desk)
    version = desk.done("publish", "positions", proposed["id"])
    assert (version["fact"]["id"], version["fact"]["stance"]) == (item["id"], "warns")


@pytest.mark.parametrize("resource", RESOURCES)
def test_a_draft_is_revised_and_published_in_one_change(desk: Desk, resource: str) -> None:
    id_, before = desk.id(resource, curation="draft"), desk.version()
    name, value = {
        "positions": ("stance", "welcomes"),
        "mediation-offers": ("status", "lapsed"),
        "rounds": ("outcome", "suspended"),
    }[resource]
    body = {"fact": {name: value}, "change_type": "corrected", "reason": "Why.", "publish": True}
    answer = desk.send("PATCH", f"/v1/{resource}/{id_}", body, If_Match='"r1"')
    assert answer.status_code == 200, answer.text
    assert (answer.json()["data"]["change_type"], desk.version()) == ("new", before + 1)
    assert desk.data(f"/v1/{resource}/{id_}")[name] == value
    told = problem(desk.send("PATCH", f"/v1/{resource}/{id_}", body, If_Match="*"), 422)
    assert "says all this already" in told.detail
    body["fact"] = {name: fact(resource)[name]}
    told = problem(desk.send("PATCH", f"/v1/{resource}/{id_}", body, If_Match="*"), 409)
    assert "published already" in told.detail


def test_what_is_published_is_not_rejected(desk: Desk) -> None:
    several(desk)
    item = one(desk, "It is said: closed.")
    decided(desk, "accept", item)
    with desk.unchanged():
        told = problem(decide(desk, "reject", item | {"rev": 2}), 409)
        assert "is published; it can be withdrawn" in told.detail
        problem(decide(desk, "accept", item | {"rev": 2}), 409)


def test_two_decisions_on_one_fact_are_none(desk: Desk) -> None:
    several(desk)
    item = one(desk, "It is said: closed.")
    with desk.unchanged():
        assert item["id"] in problem(decide(desk, "accept", item, item), 422).detail


@pytest.mark.parametrize(
    ("body", "sign"),
    [
        ({"decision": "maybe"}, "decision"),
        ({"reason": " "}, "reason"),
        ({"facts": []}, "facts"),
        ({"facts": [{"id": "pos_a"}]}, "rev"),
        ({"facts": [{"id": "art_a", "rev": 1}]}, "id of no fact"),
        ({"verdict": "yes"}, "verdict"),
    ],
)
def test_what_is_no_decision_is_refused(still: Desk, body: dict[str, Any], sign: str) -> None:
    sent = {"decision": "accept", "reason": "Why.", "facts": [{"id": "pos_a", "rev": 1}]} | body
    assert sign in str(problem(still.post("/v1/review", sent), 422))


def test_decisions_take_a_key_that_curates(still: Desk) -> None:
    sent = {"decision": "accept", "reason": "Why.", "facts": [{"id": "pos_a", "rev": 1}]}
    problem(still.post("/v1/review", sent, None), 401)
    problem(still.post("/v1/review", sent, "read"), 403)
    problem(still.post("/v1/review", sent), 404)


def test_the_public_sees_nothing_until_something_is_accepted(desk: Desk) -> None:
    several(desk)
    words = ("It is said", "bridge is closed", RULE, "0.75")
    paths = (
        "positions",
        "mediation-offers",
        "changes",
        "open-decisions",
        "positions/counts?by=topic",
    )
    numbers = [desk.get(f"/v1/{path}").json()["data"] for path in paths if path != "changes"]
    extract(desk, found("closed", stance="warns"), found("open"), edition=2)
    decided(desk, "reject", one(desk, "It is said: open."))
    for path in paths:
        text = desk.get(f"/v1/{path}").text
        assert not any(word in text for word in words), path
    after = [desk.get(f"/v1/{path}").json()["data"] for path in paths if path != "changes"]
    assert after == numbers
    assert TEXT not in desk.get(f"/v1/articles/{ARTICLE}").text
