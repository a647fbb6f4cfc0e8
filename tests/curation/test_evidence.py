"""Evidence: no fact without the words that prove it, checked wherever the text is held."""

import hashlib
from typing import Any

import pytest

from app.web.schemas import ARTICLE_ID
from tests.curation.desk import RESOURCES, Desk, cited, fact
from tests.http.factory import TEXT, WORDS, selector
from tests.http.helpers import problem

EVIDENCE = "fact.evidence[0]"


def refused(desk: Desk, resource: str, proof: dict[str, Any]) -> dict[str, str]:
    """What is said to a fact with this evidence: by place, what is wrong there."""
    with desk.unchanged():
        said = fact(resource, evidence=[proof])
        told = problem(desk.post(f"/v1/{resource}", {"fact": said}), 422)
    assert told.errors
    return {str(fault.pointer): fault.detail for fault in told.errors}


@pytest.mark.parametrize("resource", RESOURCES)
def test_a_fact_without_evidence_is_refused(still: Desk, resource: str) -> None:
    bare = fact(resource)
    del bare["evidence"]
    with still.unchanged():
        for said in (bare, fact(resource, evidence=[]), fact(resource, evidence=None)):
            told = problem(still.post(f"/v1/{resource}", {"fact": said}), 422)
            assert [fault.pointer for fault in told.errors] == ["fact.evidence"]


@pytest.mark.parametrize("key", WORDS)
def test_a_selection_that_is_one_off_is_refused_and_told_where_the_words_stand(
    still: Desk, key: str
) -> None:
    proof = cited(WORDS[key])
    start, end = proof["start"], proof["end"]
    with still.unchanged():
        for left, right in ((1, 1), (-1, -1), (1, 0), (-1, 0), (0, 1), (0, -1)):
            if start + left < 0 or end + right > len(TEXT):
                continue
            shifted = proof | {"start": start + left, "end": end + right}
            said = fact("positions", evidence=[shifted])
            told = problem(still.post("/v1/positions", {"fact": said}), 422)
            places = {str(fault.pointer): fault.detail for fault in told.errors}
            assert all(place.startswith(EVIDENCE) for place in places), places
            if left == right:
                assert f"They stand at {start} to {end}." in places[f"{EVIDENCE}.start"]


def test_words_that_are_pointed_at_are_checked_as_those_that_are_quoted(still: Desk) -> None:
    proof = cited("said at the table.\n“We ask", direct=False)
    for step in (-1, 1):
        shifted = proof | {"start": proof["start"] + step, "end": proof["end"] + step}
        told = refused(still, "rounds", shifted)
        where = f"They stand at {proof['start']} to {proof['end']}."
        assert where in told[f"{EVIDENCE}.start"]


@pytest.mark.parametrize(
    ("altered", "place"),
    [
        ({"exact": "The road is open, again"}, "exact_sha256"),
        ({"exact_sha256": "0" * 64}, "exact_sha256"),
        ({"exact_sha256": "abc"}, "exact_sha256"),
        ({"prefix": "another"}, "prefix"),
        ({"suffix": "another"}, "suffix"),
        ({"prefix": "x" * 33}, "prefix"),
        ({"cue": "shouted"}, "cue"),
        ({"source_text": "nobody"}, "source_text"),
        ({"end": len(TEXT) + 1}, "end"),
        ({"start": -1}, "start"),
        ({"start": "4"}, "start"),
        ({"start": 10**30, "end": 10**30 + 9}, "end"),
        ({"quote_type": "drect"}, "quote_type"),
        ({"quote_type": "mention"}, ""),
        ({"exact": None}, ""),
        ({"start": 9, "end": 9}, ""),
        ({"article": "art_of_nothing"}, "article"),
        ({"article": None}, "article"),
        ({"words": "more"}, "words"),
    ],
)
def test_what_does_not_hold_is_named_by_its_place(
    still: Desk, altered: dict[str, Any], place: str
) -> None:
    told = refused(still, "positions", cited(WORDS["new-year"]) | altered)
    assert f"{EVIDENCE}.{place}".rstrip(".") in told


def test_every_fault_is_named_and_each_by_its_own_place(still: Desk) -> None:
    good, off = cited(WORDS["new-year"]), cited(WORDS["undated"])
    off |= {"start": off["start"] + 1, "end": off["end"] + 1}
    said = fact("positions", evidence=[good, off], topic="ceasefir", speaker="Asha Otien")
    with still.unchanged():
        told = problem(still.post("/v1/positions", {"fact": said}), 422)
    found = {fault.pointer: fault.suggestion for fault in told.errors}
    assert found.keys() == {"fact.evidence[1].start", "fact.topic", "fact.speaker"}
    assert found["fact.topic"] == "ceasefire"
    assert found["fact.speaker"] == "asha-otieno"


def test_where_no_text_is_held_lengths_and_hashes_are_checked(desk: Desk) -> None:
    words = "We shall see"
    hashed = hashlib.sha256(words.encode()).hexdigest()
    proof = cited(WORDS["new-year"]) | {
        "article": ARTICLE_ID,
        "start": 100,
        "end": 114,
        "exact": words,
        "exact_sha256": hashed,
    }
    for altered, place in (
        ({"end": 4306}, "end"),
        ({"end": 111}, "end"),
        ({"end": 116}, "end"),
        ({"exact_sha256": "0" * 64}, "exact_sha256"),
        ({"exact": "We shall say"}, "exact_sha256"),
    ):
        assert f"{EVIDENCE}.{place}" in refused(desk, "positions", proof | altered)
    written = desk.create("positions", fact("positions", evidence=[proof]))
    assert written["fact"]["evidence"][0]["exact"] == words


def test_once_the_text_is_held_what_was_taken_on_trust_is_checked(
    desk: Desk, article_text: str, record: dict[str, Any]
) -> None:
    proof = selector(article_text, "It is a long border") | {"article": ARTICLE_ID}
    wrong = proof | {"start": proof["start"] + 1, "end": proof["end"] + 1}
    id_ = desk.id("positions", fact("positions", evidence=[wrong]))
    loaded = desk.post("/v1/articles", {"record": record, "text": article_text}, "ingest")
    assert (loaded.status_code, loaded.json()["data"]["versions"]) == (200, [])
    with desk.unchanged():
        told = problem(desk.revise("positions", id_, stance="welcomes"), 422)
        assert told.errors[0].pointer == f"{EVIDENCE}.start"
    assert desk.revise("positions", id_, evidence=[proof]).status_code == 200


@pytest.mark.parametrize("resource", RESOURCES)
def test_evidence_is_checked_in_revisions_too(desk: Desk, resource: str) -> None:
    id_ = desk.id(resource)
    proof = cited(WORDS["undated"])
    off = proof | {"end": proof["end"] - 1}
    with desk.unchanged():
        told = problem(desk.revise(resource, id_, evidence=[off]), 422)
        assert str(told.errors[0].pointer).startswith(EVIDENCE)
    assert desk.revise(resource, id_, evidence=[proof]).status_code == 200
    assert [each["start"] for each in desk.data(f"/v1/{resource}/{id_}/evidence")] == [
        proof["start"]
    ]


@pytest.mark.parametrize(
    ("resource", "fields", "place"),
    [
        ("positions", {"said_on": "2024-04-03"}, "said_on"),
        ("positions", {"said_on": "2024-05"}, "said_on"),
        ("positions", {"said_on": "2025"}, "said_on"),
        ("positions", {"said_on": "2024-02-30"}, "said_on"),
        ("positions", {"said_on": "yesterday"}, "said_on"),
        ("positions", {"topic": "weather"}, "topic"),
        ("positions", {"country": "Kenja"}, "country"),
        ("positions", {"targets": [{"country": "SDN"}, {"group": "nobody"}]}, "targets[1].group"),
        ("positions", {"targets": [{"country": "SDN", "group": "x"}]}, "targets[0]"),
        ("positions", {"awaits": [{"text": "A", "group": "nobody"}]}, "awaits[0].group"),
        ("positions", {"country": None, "speaker": None}, ""),
        ("positions", {"stance": "assert"}, "stance"),
        ("positions", {"proposition": "x" * 301}, "proposition"),
        ("mediation-offers", {"offered_on": "2024-04-03"}, "offered_on"),
        ("mediation-offers", {"mediator": {"country": "SDN"}}, "mediator"),
        ("mediation-offers", {"parties": [{"country": "SDN"}] * 2}, "parties[1]"),
        ("mediation-offers", {"parties": []}, "parties"),
        ("mediation-offers", {"explicit": False}, "explicit"),
        (
            "mediation-offers",
            {"responses": [{"party": {"country": "EGY"}, "response": "deferred"}]},
            "responses[0].party",
        ),
        (
            "mediation-offers",
            {"responses": [{"party": {"country": "SDN"}, "response": "deferred", "on": "2025"}]},
            "responses[0].on",
        ),
        (
            "mediation-offers",
            {
                "responses": [
                    {"party": {"country": "SDN"}, "response": "deferred", "position": "pos_a"}
                ]
            },
            "responses[0].position",
        ),
        ("rounds", {"held_on": "2024-04-03"}, "held_on"),
        ("rounds", {"host": "Nowhere"}, "host"),
        ("rounds", {"ordinal": 0}, "ordinal"),
        ("rounds", {"process": "Not A Slug"}, "process"),
    ],
)
def test_what_cannot_be_is_named_in_new_facts_and_in_revisions(
    still: Desk, resource: str, fields: dict[str, Any], place: str
) -> None:
    given = {name: value for name, value in fields.items() if value is not None}
    said = {k: v for k, v in fact(resource).items() if fields.get(k, v) is not None} | given
    by_slug = {"positions": "asha-otieno"}
    like = next(
        each
        for each in still.data(f"/v1/{resource}", limit=200)
        if each["evidence"][0]["article"]["id"] != ARTICLE_ID
        and (resource not in by_slug or (each["country"] and each["said_on"]))
    )
    with still.unchanged():
        for answer in (
            still.post(f"/v1/{resource}", {"fact": said}),
            still.revise(resource, like["id"], **fields),
        ):
            told = problem(answer, 422)
            assert f"fact.{place}".rstrip(".") in [fault.pointer for fault in told.errors]


def test_names_lead_to_what_they_name(desk: Desk) -> None:
    said = fact(
        "positions",
        country="Türkiye",
        topic="Ceasefire",
        speaker="Asha Otieno",
        targets=[{"country": "islamabad"}, {"group": "African Union"}],
    )
    written = desk.create("positions", said)["fact"]
    assert written["country"]["code"] == "TUR"
    assert written["topic"]["slug"] == "ceasefire"
    assert written["speaker"]["slug"] == "asha-otieno"
    first, second = written["targets"]
    assert (first["country"]["code"], second["group"]["slug"]) == ("PAK", "african-union")


def test_the_parties_of_an_offer_are_revised_with_or_without_their_answers(desk: Desk) -> None:
    id_ = desk.id("mediation-offers")
    answer = desk.revise("mediation-offers", id_, parties=[{"country": "SDN"}, {"country": "EGY"}])
    assert answer.status_code == 200, answer.text
    answers = answer.json()["data"]["fact"]["responses"]
    assert [each["response"] for each in answers] == ["deferred", "none_on_record"]
    with desk.unchanged():
        told = problem(desk.revise("mediation-offers", id_, parties=[{"country": "EGY"}]), 422)
        assert [fault.pointer for fault in told.errors] == ["fact.responses[0].party"]


def test_an_answer_names_the_position_that_states_it(desk: Desk) -> None:
    position = desk.id("positions")
    said = {"party": {"country": "SDN"}, "response": "deferred", "position": position}
    written = desk.create("mediation-offers", fact("mediation-offers", responses=[said]))
    assert written["fact"]["responses"][0]["position"] == position


@pytest.mark.parametrize("resource", RESOURCES)
@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b"[]",
        b"{",
        b'"fact"',
        b"\xff\xfe",
        b"[" * 100_000,
        b'{"fact": {"ordinal": %s}}' % (b"9" * 5_000),
        b'{"fact": null}',
        b'{"fact": []}',
        b'{"fact": {}, "reason": "\\ud800"}',
    ],
    ids=lambda body: repr(body[:24]),
)
def test_a_body_that_is_none_is_a_fault_of_the_body(
    still: Desk, resource: str, body: bytes
) -> None:
    headers = still.key("curate") | {"Content-Type": "application/json", "Idempotency-Key": "x"}
    with still.unchanged():
        answer = still.client.post(f"/v1/{resource}", content=body, headers=headers)
    assert problem(answer, 422).errors


def test_texts_that_no_database_keeps_are_refused(still: Desk) -> None:
    with still.unchanged():
        for name in ("proposition", "speaker_role", "topic", "country"):
            said = fact("positions", **{name: "a\x00b"})
            told = problem(still.post("/v1/positions", {"fact": said}), 422)
            assert f"fact.{name}" in [fault.pointer for fault in told.errors]
