"""Facts created, revised, published, withdrawn and merged, and what every surface then says."""

from typing import Any

import pytest

from app.ingest.receipt import check
from tests.curation.desk import BETTER, KINDS, RESOURCES, TOPICS, Desk, cited, fact
from tests.http.factory import TEXT, WORDS
from tests.http.helpers import problem

pytestmark = pytest.mark.parametrize("resource", RESOURCES)


def ids(desk: Desk, path: str, **params: Any) -> list[str]:
    return [entry["id"] for entry in desk.data(path, limit=200, **params)]


def number(desk: Desk, resource: str) -> int:
    """The last version of the topic above a kind of fact."""
    found: int = desk.data(f"/v1/topics/{TOPICS[resource]}/versions", sort="-number")[0]["number"]
    return found


def grown(resource: str) -> dict[str, Any]:
    """A fact of the same kind that says something else, with other evidence."""
    name, value = BETTER[resource]
    return fact(resource, evidence=[cited(WORDS["undated"])], **{name: value})


def test_a_new_fact_is_answered_as_it_is_found(desk: Desk, resource: str) -> None:
    before, versions = desk.version(), number(desk, resource)
    answer = desk.post(f"/v1/{resource}", {"fact": fact(resource), "reason": "Overlooked."})
    assert answer.status_code == 201
    assert "no-store" in answer.headers["cache-control"]
    told = answer.json()
    written, seq = told["data"], before + 1
    id_ = written["fact"]["id"]
    path = f"/v1/{resource}/{id_}"
    assert answer.headers["location"] == told["links"]["self"] == path
    assert told["meta"] == {"record_version": seq, "as_of": None}
    assert (written["rev"], written["recorded_in"], written["superseded_in"]) == (1, seq, None)
    assert (written["change_type"], written["curation"]) == ("new", "published")
    assert (written["recorded_by"], written["reason"]) == ("curate", "Overlooked.")
    assert desk.data(path) == written["fact"]
    assert desk.data(f"{path}/history") == [written]
    assert desk.data(f"{path}/evidence") == written["fact"]["evidence"]
    assert id_ in ids(desk, f"/v1/{resource}")
    assert id_ in ids(desk, f"/v1/topics/{TOPICS[resource]}/{resource}")
    assert id_ not in ids(desk, f"/v1/{resource}", as_of=before)
    problem(desk.get(path, as_of=before), 404)
    assert number(desk, resource) == versions + 1
    change = desk.data(f"/v1/changes/{seq}")
    assert (change["kind"], change["by"], change["article"]) == ("curation", "curate", None)
    said = {"kind": KINDS[resource], "change_type": "new"}
    assert change["touched"] == [{**said, "count": 1}]
    entry = desk.data(path)
    assert change["versions"] == [
        {**said, "id": id_, "rev": 1, "merged_into": None, "entry": entry}
    ]


def test_the_receipt_of_a_curated_fact_verifies(desk: Desk, resource: str) -> None:
    id_ = desk.id(resource)
    desk.revise(resource, id_, **dict([BETTER[resource]]))
    receipt = desk.get(f"/v1/{resource}/{id_}/receipt").json()
    record = desk.get(f"/v1/record/{desk.version()}").json()
    assert check(receipt, text=TEXT, record=record) == []
    assert (receipt["rev"], receipt["recorded"]["by"]) == (2, "curate")


@pytest.mark.parametrize("change_type", ["updated", "corrected", "superseded"])
def test_a_revision_changes_what_it_names_and_keeps_the_rest(
    desk: Desk, resource: str, change_type: str
) -> None:
    id_ = desk.id(resource)
    path, first = f"/v1/{resource}/{id_}", desk.version()
    earlier, versions = desk.get(path, as_of=first), number(desk, resource)
    (name, value), reason = BETTER[resource], "The text says so."
    body = {"fact": {name: value}, "change_type": change_type, "reason": reason}
    answer = desk.send("PATCH", path, body, If_Match='"r1"')
    assert answer.status_code == 200, answer.text
    written, seq = answer.json()["data"], first + 1
    assert (written["rev"], written["recorded_in"]) == (2, seq)
    assert (written["change_type"], written["reason"]) == (change_type, reason)
    was, now = earlier.json()["data"], desk.data(path)
    assert now == written["fact"]
    assert now[name] == value
    aside = {name, "rev", "recorded_in", "change_type", "tone"}
    assert {k: v for k, v in now.items() if k not in aside} == {
        k: v for k, v in was.items() if k not in aside
    }
    assert desk.get(path, as_of=first).content == earlier.content
    old, new = desk.data(f"{path}/history")
    assert (old["fact"], old["superseded_in"]) == (was, seq)
    assert new == written
    assert number(desk, resource) == versions + 1
    touched = desk.data(f"/v1/changes/{seq}")["touched"]
    assert touched == [{"kind": KINDS[resource], "change_type": change_type, "count": 1}]
    diff = desk.get(f"/v1/topics/{TOPICS[resource]}/diff?from={versions}&to={versions + 1}")
    (differing,) = diff.json()["data"]["facts"]
    assert (differing["id"], differing["change_type"]) == (id_, change_type)


def test_a_withdrawn_fact_leaves_a_tombstone_and_its_past(desk: Desk, resource: str) -> None:
    id_ = desk.id(resource)
    path, first, versions = f"/v1/{resource}/{id_}", desk.version(), number(desk, resource)
    earlier = desk.get(path, as_of=first).content
    written = desk.done("withdraw", resource, id_, reason="It was another bridge.")
    assert (written["rev"], written["change_type"], written["fact"]) == (2, "withdrawn", None)
    for part in ("", "/evidence", "/receipt"):
        told = problem(desk.get(f"{path}{part}"), 410)
        assert f"change {first + 1}, {written['recorded_at']}" in told.detail
        assert "It was another bridge." in told.detail
        assert f"{path}/history" in told.detail
    problem(desk.get(path, "admin"), 410)
    assert id_ not in ids(desk, f"/v1/{resource}")
    assert id_ in ids(desk, f"/v1/{resource}", as_of=first)
    assert desk.get(path, as_of=first).content == earlier
    history = desk.data(f"{path}/history")
    assert [each["curation"] for each in history] == ["published", "withdrawn"]
    assert (history[0]["fact"]["id"], history[1]["fact"]) == (id_, None)
    assert number(desk, resource) == versions + 1
    touched = desk.data(f"/v1/changes/{first + 1}")["touched"]
    assert touched == [{"kind": KINDS[resource], "change_type": "withdrawn", "count": 1}]


def test_nothing_more_is_done_to_what_was_withdrawn(desk: Desk, resource: str) -> None:
    id_, other = desk.id(resource), desk.id(resource, grown(resource))
    desk.done("withdraw", resource, id_)
    with desk.unchanged():
        problem(desk.revise(resource, id_, **dict([BETTER[resource]])), 410)
        problem(desk.do("publish", resource, id_), 410)
        problem(desk.do("withdraw", resource, id_), 410)
        problem(desk.do("merge", resource, id_, into=other), 410)
        told = problem(desk.do("merge", resource, other, into=id_), 422)
    assert told.errors[0].pointer == "into"
    assert "withdrawn" in told.errors[0].detail


def test_a_merged_fact_goes_on_as_the_other_with_its_evidence(desk: Desk, resource: str) -> None:
    survivor, id_ = desk.id(resource), desk.id(resource, grown(resource))
    path, first = f"/v1/{resource}/{id_}", desk.version()
    before = desk.data(f"/v1/{resource}/{survivor}")
    written = desk.done("merge", resource, id_, into=survivor, reason="The same, twice.")
    assert (written["change_type"], written["fact"]) == ("merged", None)
    for part in ("", "/evidence", "/receipt"):
        moved = desk.get(f"{path}{part}")
        assert moved.status_code == 308
        assert moved.headers["location"] == f"/v1/{resource}/{survivor}{part}"
    moved = desk.get(path, fields="id,topic")
    assert moved.headers["location"] == f"/v1/{resource}/{survivor}?fields=id%2Ctopic"
    now = desk.data(f"/v1/{resource}/{survivor}")
    assert (now["rev"], now["change_type"]) == (2, "updated")
    assert now["evidence"] == [*before["evidence"], *desk.data(path, as_of=first)["evidence"]]
    assert ids(desk, f"/v1/{resource}").count(id_) == 0
    assert [each["change_type"] for each in desk.data(f"{path}/history")] == ["new", "merged"]
    touched = desk.data(f"/v1/changes/{first + 1}")["touched"]
    assert {(each["change_type"], each["count"]) for each in touched} == {
        ("merged", 1),
        ("updated", 1),
    }


def test_a_merger_that_brings_no_new_words_leaves_the_other_as_it_is(
    desk: Desk, resource: str
) -> None:
    name, value = BETTER[resource]
    survivor, id_ = desk.id(resource), desk.id(resource, fact(resource, **{name: value}))
    desk.done("merge", resource, id_, into=survivor)
    assert desk.data(f"/v1/{resource}/{survivor}")["rev"] == 1


def test_what_is_sent_to_a_merged_fact_is_done_to_no_other(desk: Desk, resource: str) -> None:
    """A redirect would be followed, and the version in If-Match may be the other's too."""
    survivor, id_ = desk.id(resource), desk.id(resource, grown(resource))
    desk.done("merge", resource, id_, into=survivor)
    with desk.unchanged():
        for answer in (
            desk.revise(resource, id_, **dict([BETTER[resource]])),
            desk.do("withdraw", resource, id_),
            desk.do("publish", resource, id_),
            desk.do("merge", resource, id_, into=survivor),
        ):
            assert f"{id_} was merged into {survivor}" in problem(answer, 409).detail


def test_a_chain_of_mergers_leads_to_its_end(desk: Desk, resource: str) -> None:
    first = desk.id(resource)
    second = desk.id(resource, grown(resource))
    third = desk.id(resource, fact(resource, evidence=[cited(WORDS["in-march"])]))
    desk.done("merge", resource, first, into=second)
    told = problem(desk.do("merge", resource, third, into=first), 422)
    assert second in told.errors[0].detail
    desk.done("merge", resource, second, into=third)
    for id_ in (first, second):
        answer = desk.client.get(f"/v1/{resource}/{id_}")
        assert answer.status_code == 200
        assert answer.json()["data"]["id"] == third
    assert len(desk.data(f"/v1/{resource}/{third}")["evidence"]) == 3


def test_a_fact_is_merged_into_no_other_than_one_of_its_kind_on_record(
    desk: Desk, resource: str
) -> None:
    id_ = desk.id(resource)
    hidden = desk.id(resource, grown(resource), curation="draft")
    other = next(each for each in RESOURCES if each != resource)
    of_another_kind = desk.data(f"/v1/{other}", limit=1)[0]["id"]
    with desk.unchanged():
        for into in (id_, hidden, of_another_kind, f"{id_[:-1]}0", "", "x" * 81):
            told = problem(desk.do("merge", resource, id_, into=into), 422)
            assert [fault.pointer for fault in told.errors] == ["into"]


def test_the_very_same_fact_is_on_record_once(desk: Desk, resource: str) -> None:
    id_ = desk.id(resource)
    with desk.unchanged():
        for curation in ("published", "draft"):
            body = {"fact": fact(resource), "curation": curation}
            assert id_ in problem(desk.post(f"/v1/{resource}", body), 409).detail


def test_a_fact_that_says_something_else_by_now_is_not_said_to_be_the_same(
    desk: Desk, resource: str
) -> None:
    """Sent again after it was corrected, the fact as it first was is not brought back."""
    id_ = desk.id(resource)
    assert desk.revise(resource, id_, **dict([BETTER[resource]])).status_code == 200
    with desk.unchanged():
        told = problem(desk.post(f"/v1/{resource}", {"fact": fact(resource)}), 409)
    assert f"was put on record already, as {id_}." in told.detail


def test_an_id_is_never_used_again(desk: Desk, resource: str) -> None:
    made = []
    for _ in range(3):
        made.append(desk.id(resource))
        desk.done("withdraw", resource, made[-1])
    assert len(set(made)) == 3
    for id_ in made:
        problem(desk.get(f"/v1/{resource}/{id_}"), 410)


def test_the_same_fact_has_the_same_id_wherever_it_is_written(
    desk: Desk, still: Desk, resource: str
) -> None:
    """Ids follow from what is said: two deployments agree on them."""
    id_ = desk.id(resource)
    desk.done("withdraw", resource, id_)
    again = desk.id(resource)
    prefix = {"positions": "pos", "mediation-offers": "med", "rounds": "rnd"}[resource]
    assert id_.startswith(f"{prefix}_")
    assert again.startswith(f"{prefix}_")
    reordered = dict(reversed(list(fact(resource).items())))
    assert again in problem(desk.post(f"/v1/{resource}", {"fact": reordered}), 409).detail


def test_what_is_public_is_not_published_again(desk: Desk, resource: str) -> None:
    id_ = desk.id(resource)
    with desk.unchanged():
        assert "published already" in problem(desk.do("publish", resource, id_), 409).detail


def test_a_fact_that_is_not_on_record_is_not_found(still: Desk, resource: str) -> None:
    with still.unchanged():
        for id_ in ("nothing", "pos_" + "a" * 16, "x" * 300):
            problem(still.revise(resource, id_, **dict([BETTER[resource]])), 404)
            for verb in ("publish", "withdraw"):
                problem(still.do(verb, resource, id_), 404)
            problem(still.do("merge", resource, id_, into="pos_b"), 404)


@pytest.mark.parametrize("reason", [None, "", " \n", "x" * 1001, "a\x00b", 7])
def test_whatever_is_done_to_a_fact_has_a_reason(
    still: Desk, resource: str, reason: object
) -> None:
    id_ = still.data(f"/v1/{resource}", limit=1)[0]["id"]
    body = {"fact": dict([BETTER[resource]]), "change_type": "corrected", "reason": reason}
    with still.unchanged():
        answers = [still.do(verb, resource, id_, reason=reason) for verb in ("publish", "withdraw")]
        answers.append(still.do("merge", resource, id_, into="x", reason=reason))
        answers.append(still.send("PATCH", f"/v1/{resource}/{id_}", body, If_Match="*"))
    for answer in answers:
        assert [fault.pointer for fault in problem(answer, 422).errors] == ["reason"]


@pytest.mark.parametrize("change_type", [None, "new", "withdrawn", "merged", "correct"])
def test_a_revision_says_what_it_does(still: Desk, resource: str, change_type: str | None) -> None:
    id_ = still.data(f"/v1/{resource}", limit=1)[0]["id"]
    body = {"fact": dict([BETTER[resource]]), "reason": "Misread.", "change_type": change_type}
    with still.unchanged():
        answer = still.send("PATCH", f"/v1/{resource}/{id_}", body, If_Match="*")
    assert [fault.pointer for fault in problem(answer, 422).errors] == ["change_type"]


def test_a_revision_that_changes_nothing_is_refused(desk: Desk, resource: str) -> None:
    id_ = desk.id(resource)
    said = fact(resource)
    with desk.unchanged():
        for fields in ({}, said, {"topic": said["topic"]}):
            told = problem(desk.revise(resource, id_, **fields), 422)
            assert "says all this already" in told.detail


def test_null_empties_a_field_that_may_be_empty(desk: Desk, resource: str) -> None:
    several: dict[str, dict[str, Any]] = {
        "positions": {"said_on": None, "speaker": None, "targets": None},
        "mediation-offers": {"offered_on": None, "responses": None},
        "rounds": {"held_on": None, "venue": None, "ordinal": None},
    }
    fields = several[resource]
    id_ = desk.id(resource)
    assert desk.revise(resource, id_, **fields).status_code == 200
    now = desk.data(f"/v1/{resource}/{id_}")
    for name in fields:
        if name == "responses":
            assert {each["response"] for each in now[name]} == {"none_on_record"}
        else:
            assert now[name] in (None, [])
    name = BETTER[resource][0]
    with desk.unchanged():
        for needed in (name, "topic", "evidence"):
            emptied: dict[str, Any] = {needed: None}
            told = problem(desk.revise(resource, id_, **emptied), 422)
            assert [fault.pointer for fault in told.errors] == [f"fact.{needed}"]


def test_a_field_that_there_is_not_is_refused(desk: Desk, resource: str) -> None:
    id_ = desk.id(resource)
    with desk.unchanged():
        for value in ("x", None):
            told = problem(desk.revise(resource, id_, proposal=value), 422)
            assert [fault.pointer for fault in told.errors] == ["fact.proposal"]
        said = fact(resource) | {"key": "a-key"}
        told = problem(desk.post(f"/v1/{resource}", {"fact": said}), 422)
        assert [fault.pointer for fault in told.errors] == ["fact.key"]
        told = problem(desk.post(f"/v1/{resource}", {"fact": fact(resource), "draft": True}), 422)
        assert [fault.pointer for fault in told.errors] == ["draft"]


def test_a_fact_of_a_record_is_curated_like_any_other(desk: Desk, resource: str) -> None:
    first = desk.data(f"/v1/{resource}", limit=200)
    of_seed = next(each for each in first if each["recorded_in"] == 1)
    answer = desk.revise(resource, of_seed["id"], if_match='"r1"', topic="diplomacy")
    assert answer.status_code == 200, answer.text
    written = answer.json()["data"]
    aside = {"topic", "rev", "recorded_in", "change_type"}
    assert {k: v for k, v in written["fact"].items() if k not in aside} == {
        k: v for k, v in of_seed.items() if k not in aside
    }
