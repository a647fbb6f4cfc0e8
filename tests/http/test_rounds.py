"""Rounds: the meetings of talks, and how they ended."""

import pytest
from fastapi.testclient import TestClient

from tests.http.helpers import ids, listed


def test_the_first_article_reports_the_third_round_in_istanbul(client: TestClient) -> None:
    (held,) = listed(client, "/rounds")
    assert held["ordinal"] == 3
    assert held["venue"] == "Istanbul"
    assert held["host"] == {"code": "TUR", "name": "Türkiye"}
    assert (held["held_on"], held["held_on_precision"]) == ("2025-11-07", "day")
    assert [party["country"]["code"] for party in held["parties"]] == ["PAK", "AFG"]
    assert held["outcome"] == "no_agreement"
    assert held["reported_via"]["slug"] == "pti"
    assert client.get(f"/rounds/{held['id']}").json()["data"] == held
    assert client.get(f"/rounds/{held['id']}/evidence").json()["data"] == held["evidence"]


@pytest.mark.parametrize(
    ("params", "total"),
    [
        ({"host": "turkey"}, 1),
        ({"host": "!TUR"}, 3),
        ({"process": "bridge-talks"}, 3),
        ({"process": "bridge-talks|pakistan-afghanistan-talks"}, 4),
        ({"process": "!bridge-talks"}, 1),
        ({"outcome": "no_agreement"}, 1),
        ({"party": "SDN|PAK"}, 4),
        ({"party": "Northern Front"}, 3),
        ({"held_from": "2025"}, 1),
        ({"held_from": "2024", "held_to": "2024"}, 2),
        ({"held_to": "2024-02"}, 1),
        ({"topic": "diplomacy"}, 4),
        ({"topic": "!diplomacy"}, 0),
    ],
)
def test_filters(wide: TestClient, params: dict[str, str], total: int) -> None:
    assert len(listed(wide, "/rounds", **params)) == total


def test_rounds_of_a_topic_are_those_of_the_filter(wide: TestClient) -> None:
    assert ids(listed(wide, "/topics/peace-talks/rounds")) == ids(
        listed(wide, "/rounds", topic="peace-talks")
    )
