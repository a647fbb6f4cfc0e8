"""Article records over HTTP: loaded, tried, refused, loaded again, and what stays as it was."""

import json
from copy import deepcopy
from typing import Any

import pytest
from httpx2 import Response

from app.web.middleware import MAX_BODY
from tests.curation.desk import RESOURCES, Desk
from tests.http.factory import SECOND_ARTICLE_ID, make_record, second_article, selector
from tests.http.factory import TEXT as SECOND_TEXT
from tests.http.helpers import ENDPOINTS, problem

PROSE = (
    "The delegations sat down in the old customs house on the eastern bank, where the power had "
    "failed twice that morning. ",
    " said Asha Otieno, who had walked across the bridge with two of her aides before the others "
    "were awake, and then asked for tea. ",
    " the spokesman of the mission added while the generators outside were being refuelled by "
    "soldiers of the northern garrison.",
)
QUOTES = ("“We have time,”", "“Nobody leaves before noon,”")
TEXT = PROSE[0] + QUOTES[0] + PROSE[1] + QUOTES[1] + PROSE[2]


def said(key: str, words: str, **fields: Any) -> dict[str, Any]:
    return {
        "key": key,
        "topic": "ceasefire",
        "country": "KEN",
        "stance": "asserts",
        "modality": "actual",
        "proposition": f"What was said: {key}.",
        "evidence": [
            selector(TEXT, words),
            selector(TEXT, "the spokesman of the mission added", direct=False),
        ],
        **fields,
    }


def record() -> dict[str, Any]:
    return make_record(
        TEXT,
        groups=[{"slug": "customs", "name": "Customs House", "kind": "ministry"}],
        positions=[said("time", "We have time"), said("noon", "Nobody leaves before noon")],
        rounds=[
            {
                "key": "held",
                "topic": "peace-talks",
                "process": "customs-talks",
                "parties": [{"country": "SDN"}, {"group": "northern-front"}],
                "outcome": "ongoing",
                "evidence": [selector(TEXT, "The delegations sat down", direct=False)],
            }
        ],
    )


def load(desk: Desk, body: Any, query: str = "") -> Response:
    return desk.post(f"/v1/articles{query}", body, "ingest")


def loaded(desk: Desk, body: Any) -> dict[str, str]:
    """Load a record. Gives the ids of the facts that are new, by their keys."""
    answer = load(desk, body)
    assert answer.status_code == 201, answer.text
    return {each["key"]: each["id"] for each in answer.json()["data"]["versions"] if each["key"]}


def versions(answer: Response) -> list[tuple[str, str | None, int, str]]:
    return [
        (each["kind"], each["key"], each["rev"], each["change_type"])
        for each in answer.json()["data"]["versions"]
    ]


@pytest.mark.parametrize("bare", [True, False], ids=["bare", "with its text"])
def test_a_record_is_loaded_in_one_change(desk: Desk, bare: bool) -> None:
    before = desk.version()
    body = record() if bare else {"record": record(), "text": TEXT, "reason": "Asked for."}
    answer = load(desk, body)
    assert answer.status_code == 201
    told = answer.json()
    article = told["data"]["article"]
    assert answer.headers["location"] == told["links"]["self"] == f"/v1/articles/{article}"
    assert (told["data"]["change"], told["data"]["dry_run"]) == (before + 1, False)
    assert told["meta"]["record_version"] == before + 1
    assert versions(answer) == [
        ("group", None, 1, "new"),
        ("article", None, 1, "new"),
        ("position", "time", 1, "new"),
        ("position", "noon", 1, "new"),
        ("round", "held", 1, "new"),
    ]
    change = desk.data(f"/v1/changes/{before + 1}")
    assert (change["kind"], change["by"]) == ("ingest", "ingest")
    assert change["reason"] == (None if bare else "Asked for.")
    assert change["article"]["id"] == article
    listed = {(each["kind"], each["id"]) for each in change["versions"]}
    assert listed == {(each["kind"], each["id"]) for each in told["data"]["versions"]}
    for each in told["data"]["versions"][2:4]:
        assert desk.data(f"/v1/positions/{each['id']}")["articles"][0]["id"] == article


def test_loading_it_again_changes_nothing(desk: Desk) -> None:
    load(desk, record())
    with desk.unchanged():
        again = load(desk, record())
        assert (again.status_code, again.json()["data"]["versions"]) == (200, [])
        assert again.json()["data"]["change"] is None
    load(desk, {"record": record(), "text": TEXT})
    with desk.unchanged():
        for body in (record(), {"record": record(), "text": TEXT}):
            assert load(desk, body).status_code == 200


def edited() -> dict[str, Any]:
    """The record with a fact edited, one left out, one added, the others as they were."""
    found = record()
    found["positions"][0]["stance"] = "welcomes"
    found["positions"][1] = said("later", "Nobody leaves before noon")
    return found


@pytest.mark.parametrize("curation", ["published", "draft"])
@pytest.mark.parametrize("first", [None, "published", "draft"])
def test_a_dry_run_says_what_loading_then_does_and_writes_nothing(
    desk: Desk, first: str | None, curation: str
) -> None:
    if first:
        loaded(desk, {"record": record(), "curation": first})
    body = {"record": edited(), "text": TEXT, "curation": curation, "reason": "Edited."}
    with desk.unchanged():
        dry = load(desk, body, "?dry_run=true")
    real = load(desk, body)
    if first == "published" and curation == "draft":
        assert problem(dry, 422).errors == problem(real, 422).errors
        return
    assert (dry.status_code, real.status_code) == (200, 201)
    assert "location" not in dry.headers
    tried, done = dry.json()["data"], real.json()["data"]
    assert (tried["change"], tried["dry_run"]) == (None, True)
    assert tried["versions"] == done["versions"]
    assert tried["article"] == done["article"]
    assert len(done["versions"]) > 2


@pytest.mark.parametrize("query", ["", "?dry_run=true"])
def test_every_fault_is_named_by_its_place(still: Desk, query: str) -> None:
    wrong = record()
    wrong["positions"][0]["topic"] = "ceasefir"
    wrong["positions"][1]["evidence"][0]["start"] += 1
    wrong["positions"][1]["evidence"][0]["end"] += 1
    wrong["rounds"][0]["outcome"] = "ongoin"
    with still.unchanged():
        told = problem(load(still, {"record": wrong, "text": TEXT}, query), 422)
    found = {fault.pointer: fault for fault in told.errors}
    assert found.keys() == {
        "positions[0].topic",
        "positions[1].evidence[0].start",
        "rounds[0].outcome",
    }
    assert found["positions[0].topic"].suggestion == "ceasefire"
    assert found["rounds[0].outcome"].suggestion == "ongoing"
    assert "They stand at" in found["positions[1].evidence[0].start"].detail
    assert f"{len(told.errors)} faults" in told.detail


def test_another_text_than_the_records_is_refused(still: Desk) -> None:
    with still.unchanged():
        for text in (f"{TEXT} ", TEXT[1:], "", "\ud800", f"{TEXT}\x00"):
            content = json.dumps({"record": record(), "text": text})
            headers = still.key("ingest") | {"Content-Type": "application/json"}
            told = problem(still.client.post("/v1/articles", content=content, headers=headers), 422)
            assert str(told.errors[0].pointer) in ("article.text_sha256", "text")


@pytest.mark.parametrize(
    ("beside", "pointer"),
    [
        ({"curation": "drafts"}, "curation"),
        ({"curation": None}, "curation"),
        ({"texts": TEXT}, "texts"),
        ({"reason": " "}, "reason"),
        ({"text": 7}, "text"),
    ],
)
def test_what_is_wrong_beside_the_record_is_named(
    still: Desk, beside: dict[str, Any], pointer: str
) -> None:
    with still.unchanged():
        told = problem(load(still, {"record": record(), **beside}), 422)
    assert [fault.pointer for fault in told.errors] == [pointer]


@pytest.mark.parametrize("body", [None, [], "record", 7, {}, {"record": None}])
def test_what_is_no_record_is_refused(still: Desk, body: object) -> None:
    with still.unchanged():
        assert problem(load(still, body), 422).errors
        problem(load(still, body, "?dry_run=true"), 422)


def test_a_parameter_that_there_is_not_is_refused(still: Desk) -> None:
    with still.unchanged():
        for query in ("?dryrun=true", "?dry_run=maybe", "?dry_run=true&dry_run=false"):
            told = problem(load(still, record(), query), 422)
            assert {fault.parameter for fault in told.errors} <= {"dryrun", "dry_run"}


@pytest.mark.parametrize("path", ["/v1/articles", "/v1/positions", "/articles"])
def test_a_body_beyond_the_limit_is_not_read(still: Desk, path: str) -> None:
    headers = still.key("admin") | {"Content-Type": "application/json"}
    with still.unchanged():
        told = problem(still.client.post(path, content=b" " * (MAX_BODY + 1), headers=headers), 413)
    assert f"{MAX_BODY:,}" in told.detail


def test_a_body_within_the_limit_is_read(still: Desk) -> None:
    content = json.dumps({"format": "x"}).encode().ljust(MAX_BODY)
    headers = still.key("admin") | {"Content-Type": "application/json"}
    problem(still.client.post("/v1/articles", content=content, headers=headers), 422)


def test_facts_loaded_as_drafts_wait_for_review(desk: Desk) -> None:
    ids = loaded(desk, {"record": record(), "curation": "draft"})
    public = desk.get("/v1/positions").json()["meta"]["total"]
    drafts = {each["id"] for each in desk.data("/v1/positions", "read", curation="draft")}
    assert drafts == {ids["time"], ids["noon"]}
    for resource, key in (("positions", "time"), ("positions", "noon"), ("rounds", "held")):
        problem(desk.get(f"/v1/{resource}/{ids[key]}"), 404)
        desk.done("publish", resource, ids[key])
        assert desk.data(f"/v1/{resource}/{ids[key]}")["change_type"] == "new"
    assert desk.get("/v1/positions").json()["meta"]["total"] == public + 2
    with desk.unchanged():
        for curation in ("draft", "published"):
            again = load(desk, {"record": record(), "curation": curation})
            assert again.status_code == 200


def test_a_draft_does_not_take_the_place_of_what_is_published(desk: Desk) -> None:
    loaded(desk, record())
    with desk.unchanged():
        told = problem(load(desk, {"record": edited(), "curation": "draft"}), 422)
    assert [fault.pointer for fault in told.errors] == ["positions[0].key"]
    assert "'time'" in told.errors[0].detail
    more = record()
    more["positions"].append(said("more", "We have time"))
    ids = loaded(desk, {"record": more, "curation": "draft"})
    assert ids.keys() == {"more"}
    problem(desk.get(f"/v1/positions/{ids['more']}"), 404)


def test_an_edited_record_corrects_what_it_edits(desk: Desk) -> None:
    ids = loaded(desk, record())
    answer = load(desk, {"record": edited(), "reason": "Read again."})
    assert versions(answer) == [
        ("article", None, 2, "updated"),
        ("position", "later", 1, "new"),
        ("position", None, 2, "corrected"),
        ("position", None, 2, "withdrawn"),
    ]
    assert desk.data(f"/v1/positions/{ids['time']}")["stance"] == "welcomes"
    assert "Read again." in problem(desk.get(f"/v1/positions/{ids['noon']}"), 410).detail
    assert desk.data(f"/v1/rounds/{ids['held']}")["rev"] == 1


def test_an_edited_record_undoes_no_curators_work_on_what_it_leaves_alone(desk: Desk) -> None:
    ids = loaded(desk, record())
    assert desk.revise("positions", ids["noon"], stance="demands").status_code == 200
    assert desk.revise("rounds", ids["held"], venue="Customs House").status_code == 200
    again = record()
    again["positions"][0]["stance"] = "welcomes"
    answer = load(desk, again)
    assert [each for each in versions(answer) if each[0] != "article"] == [
        ("position", None, 2, "corrected")
    ]
    assert desk.data(f"/v1/positions/{ids['noon']}")["stance"] == "demands"
    assert desk.data(f"/v1/rounds/{ids['held']}")["venue"] == "Customs House"


@pytest.mark.parametrize("gone", ["withdraw", "merge"])
@pytest.mark.parametrize("touched", [False, True], ids=["left alone", "edited"])
def test_an_edited_record_brings_nothing_back_that_a_curator_took_away(
    desk: Desk, gone: str, touched: bool
) -> None:
    ids = loaded(desk, record())
    into = {"into": ids["time"]} if gone == "merge" else {}
    desk.done(gone, "positions", ids["noon"], **into)
    again = deepcopy(record())
    again["positions"][0]["proposition"] = "There is time."
    if touched:
        again["positions"][1]["stance"] = "demands"
    answer = load(desk, again)
    assert answer.status_code == 201
    assert [each for each in versions(answer) if each[0] == "position"] == [
        ("position", None, 3 if gone == "merge" else 2, "corrected")
    ]
    status = 308 if gone == "merge" else 410
    assert desk.get(f"/v1/positions/{ids['noon']}").status_code == status


def test_what_a_record_dropped_comes_back_with_it(desk: Desk) -> None:
    ids = loaded(desk, record())
    load(desk, edited())
    assert desk.get(f"/v1/positions/{ids['noon']}").status_code == 410
    assert load(desk, record()).status_code == 201
    assert desk.data(f"/v1/positions/{ids['noon']}")["rev"] == 3
    assert desk.data(f"/v1/positions/{ids['time']}")["stance"] == "asserts"


def served(desk: Desk, article: str) -> str:
    """Everything that anybody is answered about the record, with a key and without."""
    paths = [endpoint.path for endpoint in ENDPOINTS.values()]
    paths += [f"/v1/articles/{article}", f"/v1/positions?article={article}", "/v1/changes?limit=99"]
    paths += [
        f"/v1/{resource}/{each['id']}{part}"
        for resource in RESOURCES
        for each in desk.data(f"/v1/{resource}", limit=200, article=article)
        for part in ("", "/evidence", "/history", "/receipt")
    ]
    return "\n".join(desk.get(path, key).text for path in paths for key in (None, "admin"))


def test_a_text_is_held_and_never_served(desk: Desk) -> None:
    body = {"record": record(), "text": TEXT}
    answers = [load(desk, body, "?dry_run=true"), load(desk, body), load(desk, body)]
    article = answers[0].json()["data"]["article"]
    assert TEXT in "".join(desk.content()["article_texts"])
    told = served(desk, article) + "".join(answer.text for answer in answers)
    wrong = deepcopy(record())
    wrong["positions"][0]["evidence"][0]["prefix"] = "another"
    wrong["positions"][0]["evidence"][1]["end"] += 3
    told += problem(load(desk, {"record": wrong, "text": TEXT}), 422).model_dump_json()
    assert "We have time" in told
    for prose in PROSE:
        for start in range(len(prose) - 40):
            assert prose[start : start + 40] not in told


def test_the_text_of_a_record_that_was_loaded_without_it_is_held_from_then_on(desk: Desk) -> None:
    ids = loaded(desk, record())
    assert len(desk.content()["article_texts"]) == 1
    assert load(desk, {"record": record(), "text": TEXT}).status_code == 200
    assert len(desk.content()["article_texts"]) == 2
    off = record()["positions"][0]["evidence"][0]
    off |= {"prefix": "another", "article": load(desk, record()).json()["data"]["article"]}
    told = problem(desk.revise("positions", ids["time"], evidence=[off]), 422)
    assert [fault.pointer for fault in told.errors] == ["fact.evidence[0].prefix"]


def test_the_record_that_the_desk_has_is_on_record_already(still: Desk) -> None:
    with still.unchanged():
        answer = load(still, {"record": second_article(), "text": SECOND_TEXT})
    assert answer.status_code == 200
    assert answer.json()["data"]["article"] == SECOND_ARTICLE_ID
