"""If-Match: whoever changes a fact says which version they have seen."""

import pytest

from tests.curation.desk import BETTER, RESOURCES, Desk, cited, fact
from tests.http.factory import WORDS
from tests.http.helpers import problem

pytestmark = pytest.mark.parametrize("resource", RESOURCES)


def once_revised(desk: Desk, resource: str) -> str:
    """A fact that is at its second version."""
    id_ = desk.id(resource)
    assert desk.revise(resource, id_, evidence=[cited(WORDS["in-march"])]).status_code == 200
    return id_


def test_without_it_nothing_is_done(desk: Desk, resource: str) -> None:
    id_ = desk.id(resource)
    path = f"/v1/{resource}/{id_}"
    body = {"fact": dict([BETTER[resource]]), "change_type": "corrected", "reason": "Misread."}
    with desk.unchanged():
        answers = [desk.send("PATCH", path, body)]
        answers += [
            desk.post(f"{path}/{verb}", {"reason": "x"}) for verb in ("publish", "withdraw")
        ]
        answers.append(desk.post(f"{path}/merge", {"reason": "x", "into": "y"}))
    for answer in answers:
        assert '"r1"' in problem(answer, 428).detail


STALE = (
    '"r1"',
    '"r3"',
    '"r22"',
    "r2",
    'W/"r2"',
    'W/"r2-abc"',
    '"r1", "r3"',
    '"2"',
    '"R2"',
    "",
    '"',
    '*, "r1"',
    '"*"',
)


def test_with_one_that_is_stale_or_none_nothing_is_done(desk: Desk, resource: str) -> None:
    id_ = once_revised(desk, resource)
    with desk.unchanged():
        for stale in STALE:
            told = problem(desk.revise(resource, id_, stale, **dict([BETTER[resource]])), 412)
            assert "version 2" in told.detail
            for verb in ("publish", "withdraw"):
                problem(desk.do(verb, resource, id_, stale), 412)
            problem(desk.do("merge", resource, id_, stale, into="x"), 412)


def test_with_the_version_on_record_it_is_done(desk: Desk, resource: str) -> None:
    id_ = once_revised(desk, resource)
    name, value = BETTER[resource]
    values = [fact(resource)[name], value] * 3
    for rev, good in enumerate(
        ['"r2"', '"r3-abc"', "*", '"r4", "r5"', '"r6-a","r5-b"', ' "r7" '], start=3
    ):
        answer = desk.revise(resource, id_, good, **{name: values.pop()})
        assert answer.status_code == 200, (good, answer.text)
        assert answer.json()["data"]["rev"] == rev


def test_a_tag_holds_whatever_happens_elsewhere_in_the_record(desk: Desk, resource: str) -> None:
    id_ = desk.id(resource)
    path = f"/v1/{resource}/{id_}"
    tags = [desk.get(path).headers["etag"], desk.get(path, "read").headers["etag"]]
    tags.append(desk.get(path, as_of=desk.version()).headers["etag"])
    for other in RESOURCES:
        desk.create(other, fact(other, evidence=[cited(WORDS["undated"])]))
    for tag in tags:
        assert tag.startswith('"r1-')
    for tag in tags[1:]:
        with desk.unchanged():
            problem(desk.revise(resource, id_, tag), 422)  # it is let through, and says nothing
    assert desk.revise(resource, id_, tags[0], **dict([BETTER[resource]])).status_code == 200
    with desk.unchanged():
        problem(desk.do("withdraw", resource, id_, tags[0]), 412)
    assert desk.get(path).headers["etag"].startswith('"r2-')


def test_of_two_who_have_seen_the_same_one_is_told(desk: Desk, resource: str) -> None:
    id_ = desk.id(resource)
    tag = desk.get(f"/v1/{resource}/{id_}").headers["etag"]
    assert desk.revise(resource, id_, tag, **dict([BETTER[resource]])).status_code == 200
    with desk.unchanged():
        problem(desk.revise(resource, id_, tag, evidence=[cited(WORDS["arabic"])]), 412)
