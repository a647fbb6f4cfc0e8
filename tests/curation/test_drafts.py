"""Drafts: unseen by the public on every surface, seen with a key, and new once published."""

from collections.abc import Iterator
from typing import Any

import pytest

from app.ingest.receipt import ANSWER_FORMAT
from tests.curation.desk import BETTER, KINDS, RESOURCES, TOPICS, Desk, fact
from tests.curation.test_keys import DOCUMENT
from tests.http.factory import make_record, selector
from tests.http.helpers import ENDPOINTS, UNASKED, problem

TEXT = "Before the meeting. “The xylograph hums at dawn,” somebody said of it."
SECRET = ("xylograph", "quagga", "zeppelin-talks", "Zyxwbury")
"""Words that stand in the drafts and nowhere else."""
UNPUBLISHED = {
    "positions": {"proposition": "A quagga was seen.", "speaker_role": "Keeper of the quagga"},
    "mediation-offers": {"announced_by_role": "Keeper of the quagga"},
    "rounds": {"process": "zeppelin-talks", "venue": "Zyxwbury"},
}


@pytest.fixture
def proof(desk: Desk) -> dict[str, Any]:
    """Evidence in an article that is public, with words that no public fact quotes."""
    loaded = desk.post("/v1/articles", {"record": make_record(TEXT), "text": TEXT}, "ingest")
    assert loaded.status_code == 201, loaded.text
    selected = selector(TEXT, "The xylograph hums at dawn")
    return selected | {"article": loaded.json()["data"]["article"]}


def written(desk: Desk, proof: dict[str, Any]) -> dict[str, str]:
    """A draft of each kind, by where it is found."""
    return {
        resource: desk.id(
            resource,
            fact(resource, evidence=[proof], **UNPUBLISHED[resource]),
            curation="draft",
            reason="To be looked at.",
        )
        for resource in RESOURCES
    }


@pytest.fixture
def drafts(desk: Desk, proof: dict[str, Any]) -> dict[str, str]:
    return written(desk, proof)


def paths() -> Iterator[str]:
    """Every address of the document that names no fact, for each topic of the drafts."""
    for endpoint in ENDPOINTS.values():
        if not endpoint.template.startswith(tuple(f"/v1/{each}/{{" for each in RESOURCES)):
            yield endpoint.path
    for topic in ("security", "diplomacy", "ceasefire", "mediation", "peace-talks"):
        for part in (*RESOURCES, "timeline", "versions", "versions/2", "diff?from=0&to=2"):
            yield f"/v1/topics/{topic}/{part}"


def addresses(desk: Desk, drafts: dict[str, str]) -> Iterator[str]:
    """Everything that the public can ask, of the drafts themselves too."""
    for path in paths():
        yield path
        yield f"{path}{'&' if '?' in path else '?'}as_of={desk.version()}"
    for seq in range(desk.version() + 1):
        yield f"/v1/changes/{seq}"
    for resource, id_ in drafts.items():
        for part in ("", "/history", "/evidence", "/receipt"):
            yield f"/v1/{resource}/{id_}{part}"
        yield f"/v1/timemap/{resource}/{id_}"
        for where in ("", *(f"topics/{each}/" for each in ("security", "diplomacy"))):
            for asked in ("q=xylograph", "q=quag*", "process=zeppelin-talks", "limit=200"):
                yield f"/v1/{where}{resource}?{asked}"
    for where in ("open-decisions", "positions/counts"):
        yield f"/v1/{where}?q=quag*&total=true"
    yield "/v1/positions/counts?by=stance&q=quag*"


def test_every_address_of_the_document_is_asked() -> None:
    assert {endpoint.template for endpoint in ENDPOINTS.values()} == {
        path
        for path, methods in DOCUMENT["paths"].items()
        if "get" in methods and path not in UNASKED
    }


def test_the_public_sees_nothing_of_a_draft_anywhere(desk: Desk, drafts: dict[str, str]) -> None:
    """What was asked may be repeated; nothing else of a draft is told."""
    hidden = (*SECRET, *drafts.values())
    for path in addresses(desk, drafts):
        if path.startswith("/v1/record/"):
            continue  # lists every version by id and digest: the chain is checked with it
        answer = desk.get(path)
        for word in hidden:
            assert word in path or word not in answer.text, (path, word)
        if path.startswith("/v1/timemap/"):
            assert "as_of=" not in answer.text
        elif any(word in path for word in (*hidden, "quag*")):
            total = answer.json().get("meta", {}).get("total", 0)
            assert (answer.status_code, total) in ((404, 0), (422, 0), (200, 0)), path


def test_a_record_lists_drafts_by_id_and_digest_and_says_nothing_of_them(
    desk: Desk, drafts: dict[str, str]
) -> None:
    for seq in range(desk.version() + 1):
        answer = desk.get(f"/v1/record/{seq}")
        assert not any(word in answer.text for word in SECRET)


def shown(desk: Desk) -> dict[str, Any]:
    """What the public is answered where no change is shown, without the number of the last."""
    found = {}
    for path in paths():
        answer = desk.get(path)
        if path != "/v1/changes" and answer.status_code == 200:
            told = answer.json()
            told.get("meta", {}).pop("record_version", None)
            told.get("links", {}).pop("next", None)  # a cursor pins the record's version
            if told.get("format") == ANSWER_FORMAT:
                del told["record"], told["digest"]
            found[path] = told
    return found


def test_every_answer_is_as_if_drafts_were_not_there(desk: Desk, proof: dict[str, Any]) -> None:
    before = shown(desk)
    ids = written(desk, proof)
    for resource, id_ in ids.items():
        desk.revise(resource, id_, **dict([BETTER[resource]]))
    assert shown(desk) == before
    assert len(before) >= 60


def test_a_draft_is_not_found_by_its_address(desk: Desk, drafts: dict[str, str]) -> None:
    for resource, id_ in drafts.items():
        nothing = f"There is no {KINDS[resource].replace('_', ' ')} {id_!r} on record."
        for part in ("", "/history", "/evidence", "/receipt"):
            for key in (None, "ingest"):
                told = problem(desk.get(f"/v1/{resource}/{id_}{part}", key), 404)
                assert told.detail == nothing


def test_the_words_of_a_draft_are_not_on_record(desk: Desk, drafts: dict[str, str]) -> None:
    question = {"text": "The xylograph hums at dawn"}
    for key in (None, "read"):
        answer = desk.post("/v1/verify-quote", question, key)
        assert answer.json()["data"]["verdict"] == "not_on_record"
    desk.done("publish", "positions", drafts["positions"])
    answer = desk.post("/v1/verify-quote", question, None)
    assert answer.json()["data"]["verdict"] == "verbatim"


def test_changes_do_not_count_drafts(desk: Desk, drafts: dict[str, str]) -> None:
    for change in desk.data("/v1/changes", limit=len(drafts)):
        assert change["touched"] == []
        assert desk.data(f"/v1/changes/{change['seq']}")["versions"] == []


@pytest.mark.parametrize("key", ["read", "curate", "admin"])
def test_who_may_read_drafts_sees_them_where_they_are(
    desk: Desk, drafts: dict[str, str], key: str
) -> None:
    for resource, id_ in drafts.items():
        path = f"/v1/{resource}/{id_}"
        shown = desk.data(path, key)
        assert (shown["id"], shown["curation"], shown["rev"]) == (id_, "draft", 1)
        (version,) = desk.data(f"{path}/history", key)
        assert version["fact"] == shown
        assert desk.data(f"{path}/evidence", key) == shown["evidence"]
        assert desk.get(f"{path}/receipt", key).json()["id"] == id_
        assert desk.get(path, key).headers["cache-control"] == "private, no-store"
        for where in (f"/v1/{resource}", f"/v1/topics/{TOPICS[resource]}/{resource}"):
            answer = desk.get(where, key, curation="draft").json()
            assert [each["id"] for each in answer["data"]] == [id_]
            assert answer["meta"]["filters"]["curation"] == ["draft"]
            assert id_ not in [each["id"] for each in desk.data(where, key, limit=200)]
    found = desk.data("/v1/positions", key, curation="draft", q="quagga")
    assert [each["id"] for each in found] == [drafts["positions"]]
    assert desk.data("/v1/positions", key, curation="draft", q="bridge") == []


@pytest.mark.parametrize("resource", RESOURCES)
def test_drafts_are_listed_for_nobody_else(still: Desk, resource: str) -> None:
    for path in (f"/v1/{resource}", f"/v1/topics/{TOPICS[resource]}/{resource}"):
        answer = still.get(path, curation="draft")
        assert "Authorization" in problem(answer, 401).detail
        assert answer.headers["www-authenticate"].startswith("Bearer ")
        assert "read" in problem(still.get(path, "ingest", curation="draft"), 403).detail
        problem(still.get(path, "admin", curation="withdrawn"), 422)
        assert still.get(path, curation="published").status_code == 200


def test_a_draft_that_is_published_is_new_for_the_public(
    desk: Desk, drafts: dict[str, str]
) -> None:
    for resource, id_ in drafts.items():
        path, topic = f"/v1/{resource}/{id_}", f"/v1/topics/{TOPICS[resource]}"
        seen = desk.get(path, "read")
        versions = desk.data(f"{topic}/versions", sort="-number")
        total = desk.get(f"/v1/{resource}").json()["meta"]["total"]
        first = desk.version()
        answer = desk.do("publish", resource, id_, seen.headers["etag"], reason="It holds.")
        public = answer.json()["data"]
        assert (public["rev"], public["change_type"]) == (2, "new")
        assert public["curation"] == "published"
        assert desk.data(path) == public["fact"]
        aside = {"rev", "recorded_in", "curation"}
        assert {k: v for k, v in public["fact"].items() if k not in aside} == {
            k: v for k, v in seen.json()["data"].items() if k not in aside
        }
        assert desk.data(f"{path}/history") == [public]
        assert len(desk.data(f"{path}/history", "read")) == 2
        problem(desk.get(path, as_of=first), 404)
        after = desk.data(f"{topic}/versions", sort="-number")
        assert len(after) == len(versions) + 1
        assert after[0]["facts"] == [{"change_type": "new", "count": 1}]
        said = {"kind": KINDS[resource], "change_type": "new"}
        assert desk.data("/v1/changes", limit=1)[0]["touched"] == [{**said, "count": 1}]
        change = desk.data(f"/v1/changes/{first + 1}")
        entry = desk.data(path)
        assert change["versions"] == [
            {**said, "id": id_, "rev": 2, "merged_into": None, "entry": entry}
        ]
        assert desk.get(f"/v1/{resource}").json()["meta"]["total"] == total + 1
        assert desk.data(f"/v1/{resource}", "read", curation="draft") == []
        problem(desk.do("publish", resource, id_), 409)
        states = desk.get(f"/v1/timemap/{resource}/{id_}")
        assert f"as_of={first + 1}" in states.text
        assert f"as_of={first}>" not in states.text
    found = desk.data("/v1/positions", q="quagga")
    assert [each["id"] for each in found] == [drafts["positions"]]


def test_a_draft_is_revised_unseen(desk: Desk, drafts: dict[str, str]) -> None:
    for resource, id_ in drafts.items():
        versions = desk.data(f"/v1/topics/{TOPICS[resource]}/versions")
        answer = desk.revise(resource, id_, '"r1"', **dict([BETTER[resource]]))
        assert answer.json()["data"]["curation"] == "draft"
        assert desk.data("/v1/changes", limit=1)[0]["touched"] == []
        assert desk.data(f"/v1/topics/{TOPICS[resource]}/versions") == versions
        problem(desk.get(f"/v1/{resource}/{id_}"), 404)


def test_a_draft_that_is_withdrawn_leaves_a_tombstone_without_what_it_said(
    desk: Desk, drafts: dict[str, str]
) -> None:
    for resource, id_ in drafts.items():
        path, first = f"/v1/{resource}/{id_}", desk.version()
        desk.done("withdraw", resource, id_, reason="It was a rumour.")
        told = problem(desk.get(path), 410)
        assert "It was a rumour." in told.detail
        (version,) = desk.data(f"{path}/history")
        assert (version["curation"], version["fact"]) == ("withdrawn", None)
        problem(desk.get(path, as_of=first), 404)
        problem(desk.get(f"{path}/history", as_of=first), 404)
    for path in addresses(desk, drafts):
        answered = desk.get(path).text
        assert not any(word in answered and word not in path for word in SECRET), path


def test_nothing_public_rests_on_a_draft(desk: Desk, drafts: dict[str, str]) -> None:
    resource, hidden = "mediation-offers", drafts["positions"]
    said = {"party": {"country": "SDN"}, "response": "deferred", "position": hidden}
    public = desk.id(resource)
    with desk.unchanged():
        for answer in (
            desk.post(f"/v1/{resource}", {"fact": fact(resource, responses=[said])}),
            desk.revise(resource, public, responses=[said]),
        ):
            told = problem(answer, 422)
            assert [fault.pointer for fault in told.errors] == ["fact.responses[0].position"]
    id_ = desk.id(resource, fact(resource, responses=[said]), curation="draft")
    with desk.unchanged():
        assert hidden in problem(desk.do("publish", resource, id_), 409).detail
    desk.done("publish", "positions", hidden)
    desk.done("publish", resource, id_)


def test_a_public_fact_does_not_go_on_as_a_draft_but_a_draft_as_a_public_fact(
    desk: Desk, drafts: dict[str, str]
) -> None:
    for resource, id_ in drafts.items():
        public = desk.id(resource)
        with desk.unchanged():
            told = problem(desk.do("merge", resource, public, into=id_), 422)
            assert [fault.pointer for fault in told.errors] == ["into"]
        desk.done("merge", resource, id_, into=public)
        answer = desk.client.get(f"/v1/{resource}/{id_}")
        assert answer.json()["data"]["id"] == public
        assert len(answer.json()["data"]["evidence"]) == 2
