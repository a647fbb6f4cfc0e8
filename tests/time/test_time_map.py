"""Time maps (RFC 7089): where the past states of an address are."""

from typing import Any

import pytest
from fastapi.testclient import TestClient

from app.db import Database
from app.ingest.pipeline import ingest

CEASEFIRE = "pos_p7fa7rnyooqcoefj"
JSON = {"Accept": "application/json"}


@pytest.fixture
def corrected(fresh_client: TestClient, database: Database, record: dict[str, Any]) -> TestClient:
    """A record in which the ceasefire position was corrected in change 2 and another in 3."""
    for key in ("ceasefire-status", "iran-offer"):
        entry = next(p for p in record["positions"] if p["key"] == key)
        entry["proposition"] = f"Corrected: {key}."
        ingest(database, record, text=None, by="curator", reason="Misread.")
    return fresh_client


@pytest.mark.parametrize(
    ("path", "changes"),
    [
        ("positions", [0, 1, 2, 3]),
        ("positions?country=PAK&limit=3", [0, 1, 2, 3]),
        ("positions/counts?by=topic", [0, 1, 2, 3]),
        ("countries/PAK", [0, 1, 2, 3]),
        (f"positions/{CEASEFIRE}", [1, 2]),
        (f"positions/{CEASEFIRE}/evidence", [1, 2]),
        ("positions/pos_unknown", []),
    ],
)
def test_every_change_made_a_state_and_for_a_fact_its_own(
    corrected: TestClient, path: str, changes: list[int]
) -> None:
    found = corrected.get(f"/v1/timemap/{path}", headers=JSON).json()
    states = found["mementos"]["list"]
    assert found["original_uri"] == f"/v1/{path}"
    assert [int(state["uri"].rsplit("as_of=", 1)[1]) for state in states] == changes
    if changes:
        assert found["mementos"]["first"] == states[0]
        assert found["mementos"]["last"] == states[-1]
        assert corrected.get(states[-1]["uri"]).status_code == 200


def test_an_answer_names_its_time_map_and_the_time_map_leads_back(corrected: TestClient) -> None:
    answer = corrected.get("/v1/positions?country=PAK")
    assert answer.links["timemap"]["url"] == "/v1/timemap/positions?country=PAK"
    listed = corrected.get(answer.links["timemap"]["url"])
    assert listed.headers["content-type"] == "application/link-format"
    lines = listed.text.strip().split(",\n")
    assert lines[0] == '</v1/positions?country=PAK>; rel="original timegate"'
    assert len(lines) == 2 + 4
    assert 'rel="first memento"' in lines[2]
    assert 'rel="last memento"' in lines[-1]


def test_what_has_no_past_states_has_no_time_map(client: TestClient) -> None:
    assert client.get("/v1/timemap/codes").status_code == 404
    assert client.get("/v1/timemap/nothing").status_code == 404


def test_a_consumer_asks_for_what_came_since(corrected: TestClient) -> None:
    def seqs(**params: Any) -> list[int]:
        found = corrected.get("/v1/changes", params=params).json()["data"]
        return [change["seq"] for change in found]

    assert seqs(since=-1) == [0, 1, 2, 3]
    assert seqs(since=1) == [2, 3]
    assert seqs(since=1, sort="-seq") == [3, 2]
    assert seqs(since=3) == []
    assert seqs() == [3, 2, 1, 0]
    page = corrected.get("/v1/changes", params={"since": 0, "limit": 2}).json()
    assert [c["seq"] for c in page["data"]] == [1, 2]
    rest = corrected.get(page["links"]["next"]).json()
    assert [c["seq"] for c in rest["data"]] == [3]
