"""Mediation offers: who offered to help, and how each party answered."""

import pytest
from fastapi.testclient import TestClient

from tests.http.helpers import ids, listed

PATH = "/mediation-offers"


def test_the_first_article_has_three_offers_between_pakistan_and_afghanistan(
    client: TestClient,
) -> None:
    offers = listed(client, PATH)
    assert {offer["mediator"]["country"]["code"] for offer in offers} == {"TUR", "IRN", "RUS"}
    for offer in offers:
        assert [party["country"]["code"] for party in offer["parties"]] == ["PAK", "AFG"]
        assert (offer["offered_on"], offer["offered_on_precision"]) == (None, "unknown")


@pytest.mark.parametrize(
    ("mediator", "kind", "status", "explicit", "answer"),
    [
        ("TUR", "delegation", "announced", True, "appreciated"),
        ("IRN", "mediation", "offered", True, "appreciated"),
        ("RUS", "unspecified", "invited", False, "would_welcome"),
    ],
)
def test_an_offer_says_no_more_than_the_article(
    client: TestClient, mediator: str, kind: str, status: str, explicit: bool, answer: str
) -> None:
    (offer,) = listed(client, PATH, mediator=mediator)
    assert (offer["kind"], offer["status"], offer["explicit"]) == (kind, status, explicit)
    pakistan, afghanistan = offer["responses"]
    assert pakistan["party"]["country"]["code"] == "PAK"
    assert (pakistan["response"], pakistan["responded_on"]) == (answer, "2025-11-14")
    assert afghanistan == {
        "party": {"country": {"code": "AFG", "name": "Afghanistan"}, "group": None},
        "response": "none_on_record",
        "responded_on": None,
        "responded_on_precision": "unknown",
        "position": None,
    }


@pytest.mark.parametrize(
    ("names", "code"),
    [
        (["RUS", "ru", "Russia", "russian federation", "Moscow", "Kremlin"], "RUS"),
        (["IRN", "IR", "Iran", "IRAN", "Islamic Republic of Iran", "Tehran"], "IRN"),
        (
            ["TUR", "tr", "Türkiye", "Turkiye", "TÜRKİYE", "Tu\u0308rkiye", "turkey", "Ankara"],
            "TUR",
        ),
    ],
)
def test_a_mediator_is_found_in_any_spelling(
    client: TestClient, names: list[str], code: str
) -> None:
    by_code = client.get(PATH, params={"mediator": code}).json()
    assert by_code["meta"]["total"] == 1
    for name in names:
        by_name = client.get(PATH, params={"mediator": name}).json()
        assert by_name["data"] == by_code["data"]
        assert by_name["meta"]["filters"] == {"mediator": [code]}


def test_an_answer_points_to_the_position_that_states_it(client: TestClient) -> None:
    for offer in listed(client, PATH):
        stated = [answer["position"] for answer in offer["responses"] if answer["position"]]
        assert len(stated) == 1
        position = client.get(f"/positions/{stated[0]}").json()["data"]
        assert position["topic"]["slug"] == "mediation"
        assert [t["country"] for t in position["targets"]] == [offer["mediator"]["country"]]


@pytest.mark.parametrize(
    ("params", "mediators"),
    [
        ({"explicit": "true"}, {"TUR", "IRN"}),
        ({"explicit": "false"}, {"RUS"}),
        ({"status": "invited|announced"}, {"RUS", "TUR"}),
        ({"kind": "!unspecified"}, {"TUR", "IRN"}),
        ({"response": "appreciated"}, {"TUR", "IRN"}),
        ({"response": "none_on_record"}, {"TUR", "IRN", "RUS"}),
        ({"announced_by": "Erdogan"}, {"TUR"}),
        ({"announced_by": "!recep-tayyip-erdogan"}, {"IRN", "RUS"}),
        ({"party": "AFG"}, {"TUR", "IRN", "RUS"}),
        ({"party": "RUS"}, set()),
        ({"mediator": "!Turkey|!Iran"}, {"RUS"}),
        ({"topic": "diplomacy"}, {"TUR", "IRN", "RUS"}),
        ({"topic": "security"}, set()),
        ({"mediator": "TUR", "explicit": "false"}, set()),
    ],
)
def test_filters(client: TestClient, params: dict[str, str], mediators: set[str]) -> None:
    found = listed(client, PATH, **params)
    assert {offer["mediator"]["country"]["code"] for offer in found} == mediators


def test_a_body_can_mediate_and_a_body_can_be_a_party(wide: TestClient) -> None:
    (offer,) = listed(wide, PATH, mediator="African Union")
    assert offer["mediator"] == {
        "country": None,
        "group": {"slug": "african-union", "name": "African Union"},
    }
    assert len(listed(wide, PATH, party="northern-front")) == 3


def test_an_item_and_its_evidence_are_those_of_the_list(client: TestClient) -> None:
    for offer in listed(client, PATH):
        assert client.get(f"{PATH}/{offer['id']}").json()["data"] == offer
        proofs = client.get(f"{PATH}/{offer['id']}/evidence").json()["data"]
        assert proofs == offer["evidence"]


def test_offers_of_a_topic_are_those_of_the_filter(wide: TestClient) -> None:
    assert ids(listed(wide, "/topics/diplomacy/mediation-offers")) == ids(
        listed(wide, PATH, topic="diplomacy")
    )
