"""Positions: who said what, as the first article has it."""

import pytest
from fastapi.testclient import TestClient

from app.folding import fold
from app.ingest.verify import sha256, spoken
from app.web.schemas import POSITION_ID, QUOTATION
from tests.http.helpers import ids, listed

CEASEFIRE = "/positions?country=PAK&topic=ceasefire"


def test_the_first_article_has_thirteen_positions(client: TestClient) -> None:
    assert client.get("/positions").json()["meta"]["total"] == 13


def test_pakistan_on_the_ceasefire_is_one_position_in_the_speakers_own_words(
    client: TestClient,
) -> None:
    (position,) = client.get(CEASEFIRE).json()["data"]
    assert position["id"] == POSITION_ID
    assert position["quotation"].startswith("It is a long border")
    assert position["quotation"] == QUOTATION
    assert (position["stance"], position["tone"]) == ("declines_to_say", "neutral")
    assert position["speaker"] == {"slug": "tahir-andrabi", "name": "Tahir Andrabi"}
    assert (position["said_on"], position["said_on_precision"]) == ("2025-11-14", "day")
    assert position["targets"] == []


def test_the_place_of_the_quotation_selects_it_in_the_text(
    client: TestClient, article_text: str
) -> None:
    (position,) = client.get(CEASEFIRE).json()["data"]
    proof = position["evidence"][0]
    start, end = proof["start"], proof["end"]
    assert spoken(article_text, start, end) == position["quotation"] == proof["exact"]
    assert article_text[start] == "“"
    assert article_text[end - 1] == "”"


def test_every_place_served_selects_what_its_hash_says(
    client: TestClient, article_text: str
) -> None:
    for position in listed(client, "/positions"):
        for proof in position["evidence"]:
            start, end = proof["start"], proof["end"]
            direct = proof["quote_type"] == "direct"
            words = spoken(article_text, start, end) if direct else article_text[start:end]
            assert sha256(words) == proof["exact_sha256"]
            assert proof["exact"] == (words if direct else None)
            assert article_text[:start].endswith(proof["prefix"])
            assert article_text[end:].startswith(proof["suffix"])


@pytest.mark.parametrize("path", ["/positions", "/topics/security/positions"])
def test_no_reporters_sentence_is_served(client: TestClient, article_text: str, path: str) -> None:
    """What stands outside quotation marks is pointed at: eight words in a row never appear."""
    entries = listed(client, path)
    quoted = " ".join(p["exact"] for e in entries for p in e["evidence"] if p["exact"])
    answer = fold(client.get(path).text)
    words = fold(article_text).split()
    runs = {" ".join(words[at : at + 8]) for at in range(len(words) - 7)}
    headline = fold(entries[0]["articles"][0]["headline"])
    assert not [run for run in runs if run in answer and run not in fold(quoted) + headline]


@pytest.mark.parametrize("name", ["PK", "pak", "pk", "pakistan", "Pakistani", "Islamabad"])
def test_a_country_is_found_by_any_of_its_names(client: TestClient, name: str) -> None:
    by_code = client.get(CEASEFIRE).json()
    by_name = client.get("/positions", params={"country": name, "topic": "ceasefire"}).json()
    assert by_name["data"] == by_code["data"]
    assert by_name["meta"] == by_code["meta"]


@pytest.mark.parametrize(
    ("topic", "narrower"),
    [
        ("security", {"ceasefire", "cross-border-terrorism", "gaza-stabilisation-force"}),
        ("diplomacy", {"mediation", "peace-talks"}),
        ("economy", {"trade-and-transit"}),
        ("migration", {"repatriation"}),
        ("ceasefire", {"ceasefire"}),
    ],
)
def test_a_topic_includes_the_narrower_ones(
    client: TestClient, topic: str, narrower: set[str]
) -> None:
    found = listed(client, "/positions", topic=topic)
    assert {entry["topic"]["slug"] for entry in found} == narrower
    assert listed(client, f"/topics/{topic}/positions") == found


def test_afghanistan_says_nothing_and_the_answer_says_what_it_covers(client: TestClient) -> None:
    page = client.get("/positions?country=AFG").json()
    assert page["data"] == []
    coverage = page["meta"]["coverage"]
    assert coverage["on_record"] == 13
    assert coverage["articles"] == 1
    assert coverage["published_from"] == coverage["published_to"] == "2025-11-15"
    assert "target=AFG" in coverage["note"]
    assert "7 positions" in coverage["note"]


def test_what_is_said_about_a_country_includes_what_is_said_about_its_bodies(
    client: TestClient,
) -> None:
    found = listed(client, "/positions", target="AFG")
    assert len(found) == 7
    about_the_regime = listed(client, "/positions", target="afghan-taliban-regime")
    assert len(about_the_regime) == 2
    assert set(ids(about_the_regime)) < set(ids(found))
    for position in about_the_regime:
        (target,) = position["targets"]
        assert target["country"]["code"] == "AFG"
        assert target["group"]["slug"] == "afghan-taliban-regime"


def test_coverage_is_given_for_empty_answers_only(client: TestClient) -> None:
    assert client.get("/positions?target=AFG").json()["meta"]["coverage"] is None


def test_what_pakistan_demands_through_the_agency_has_no_speaker_and_no_date(
    client: TestClient,
) -> None:
    (demand,) = listed(client, "/positions", stance="demands")
    assert demand["speaker"] is None
    assert demand["body"] is None
    assert (demand["said_on"], demand["said_on_precision"]) == (None, "unknown")
    assert demand["reported_via"]["slug"] == "pti"


def test_a_decision_still_to_come_names_what_is_awaited_and_who_decides(
    client: TestClient,
) -> None:
    (undecided,) = listed(client, "/positions", stance="undecided")
    assert [each["group"]["slug"] for each in undecided["awaits"]] == ["un-security-council"]
    assert [each["group"]["slug"] for each in undecided["decided_by"]] == ["parliament-of-pakistan"]
    (conditional,) = listed(client, "/positions", stance="conditions")
    assert [each["group"]["slug"] for each in conditional["conditions"]] == [
        "afghan-taliban-regime"
    ]


def test_the_record_before_anything_is_recorded_is_empty_and_says_so(empty_client) -> None:
    page = empty_client.get("/positions").json()
    assert page["data"] == []
    assert page["meta"]["record_version"] is None
    assert page["meta"]["coverage"]["articles"] == 0
    assert page["meta"]["coverage"]["published_from"] is None
    counts = empty_client.get("/positions/counts?by=country").json()
    assert counts["data"] == []
    assert (counts["meta"]["record_version"], counts["meta"]["total"]) == (None, 0)


def test_an_item_is_the_entry_of_the_list(client: TestClient) -> None:
    for entry in listed(client, "/positions"):
        item = client.get(f"/positions/{entry['id']}").json()
        assert item["data"] == entry
        assert item["links"] == {"self": f"/v1/positions/{entry['id']}"}


def test_evidence_is_that_of_the_item(client: TestClient) -> None:
    for entry in listed(client, "/positions"):
        answer = client.get(f"/positions/{entry['id']}/evidence").json()
        assert answer["data"] == entry["evidence"]
        assert answer["links"] == {"self": f"/v1/positions/{entry['id']}/evidence"}


def test_the_quotation_is_the_first_words_that_were_spoken(client: TestClient) -> None:
    for entry in listed(client, "/positions"):
        direct = [proof["exact"] for proof in entry["evidence"] if proof["quote_type"] == "direct"]
        assert entry["quotation"] == (direct[0] if direct else None)
