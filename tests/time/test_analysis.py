"""Open decisions, countries side by side, and shifts of stance."""

from typing import Any

import pytest
from fastapi.testclient import TestClient

from app.analysis.schemas import Comparison, Shifts
from app.db import Database
from app.ingest.pipeline import ingest
from tests.http.factory import make_record, selector

TEXT = "“So it is,” they said in Nairobi."
CONDITION = [{"text": "The other side goes first."}]


def load(database: Database, *said: dict[str, Any]) -> None:
    """Load a record in which Kenya says these, one after the other, on the third of each month."""
    positions = [
        {
            "key": f"said-{n}",
            "country": "KEN",
            "topic": "trade-and-transit",
            "modality": "actual",
            "proposition": f"Statement {n}.",
            "said_on": f"2024-{n:02}-03",
            "evidence": [selector(TEXT, "So it is")],
            **each,
        }
        for n, each in enumerate(said, start=1)
    ]
    ingest(database, make_record(TEXT, positions=positions), text=TEXT, by="a test")


def shifts(client: TestClient, **params: str) -> list[str]:
    answer = client.get("/v1/shifts", params=params)
    assert answer.status_code == 200, answer.text
    Shifts.model_validate_json(answer.content)
    return [each["shift"] for each in answer.json()["data"]]


@pytest.mark.parametrize(
    ("before", "after", "shift"),
    [
        ({"stance": "undecided"}, {"stance": "commits"}, ["decided"]),
        ({"stance": "declines_to_say"}, {"stance": "rejects"}, ["decided"]),
        ({"stance": "accepts"}, {"stance": "rejects"}, ["reversed"]),
        ({"stance": "denies"}, {"stance": "acknowledges"}, ["reversed"]),
        (
            {"stance": "offers"},
            {"stance": "offers", "conditions": CONDITION},
            ["became_conditional"],
        ),
        (
            {"stance": "offers", "conditions": CONDITION},
            {"stance": "offers"},
            ["condition_dropped"],
        ),
        ({"stance": "asserts"}, {"stance": "accuses"}, ["hardened"]),
        ({"stance": "demands"}, {"stance": "appeals"}, ["softened"]),
        ({"stance": "welcomes"}, {"stance": "appreciates"}, ["changed"]),
        ({"stance": "asserts"}, {"stance": "asserts"}, []),
        ({"stance": "asserts"}, {"stance": "undecided"}, ["changed"]),
    ],
)
def test_a_shift_is_classed(
    fresh_client: TestClient,
    database: Database,
    before: dict[str, Any],
    after: dict[str, Any],
    shift: list[str],
) -> None:
    load(database, before, after)
    assert shifts(fresh_client, country="Kenya") == shift


def test_a_shift_shows_both_quotations_and_the_latest_comes_first(
    fresh_client: TestClient, database: Database
) -> None:
    load(database, {"stance": "undecided"}, {"stance": "commits"}, {"stance": "rejects"})
    assert shifts(fresh_client, topic="economy") == ["reversed", "decided"]
    first = fresh_client.get("/v1/shifts?country=KEN").json()["data"][0]
    assert [first[side]["said_on"] for side in ("before", "after")] == ["2024-02-03", "2024-03-03"]
    assert [first[side]["quotation"] for side in ("before", "after")] == ["So it is", "So it is"]


def test_other_topics_actors_and_days_are_no_shift(
    fresh_client: TestClient, database: Database
) -> None:
    load(
        database,
        {"stance": "undecided"},
        {"stance": "commits", "topic": "ceasefire"},
        {"stance": "rejects", "country": "UGA"},
        {"stance": "denies", "said_on": "2024-01-03"},
    )
    assert shifts(fresh_client, topic="economy|ceasefire", country="KEN|UGA") == []


def test_what_was_recorded_later_is_no_shift_then(
    fresh_client: TestClient, database: Database
) -> None:
    load(database, {"stance": "undecided"}, {"stance": "commits"})
    assert shifts(fresh_client, country="KEN", as_of="1") == []


def test_what_is_undecided_is_open_with_what_it_awaits_and_who_decides(client: TestClient) -> None:
    found = client.get("/v1/open-decisions").json()["data"]
    assert [each["topic"]["slug"] for each in found] == ["gaza-stabilisation-force"]
    assert [each["group"]["slug"] for each in found[0]["awaits"]] == ["un-security-council"]
    assert [each["group"]["slug"] for each in found[0]["decided_by"]] == ["parliament-of-pakistan"]


@pytest.mark.parametrize(
    ("later", "still_open"),
    [
        ({"stance": "commits"}, 0),
        ({"stance": "declines_to_say"}, 1),
        ({"stance": "commits", "topic": "ceasefire"}, 1),
        ({"stance": "commits", "country": "UGA"}, 1),
    ],
)
def test_a_decision_is_open_until_the_actor_takes_a_stance(
    fresh_client: TestClient, database: Database, later: dict[str, Any], still_open: int
) -> None:
    load(database, {"stance": "undecided"}, later)
    found = fresh_client.get("/v1/open-decisions", params={"country": "KEN"}).json()
    assert found["meta"]["total"] == still_open


def test_a_country_that_said_nothing_stands_beside_one_that_did(client: TestClient) -> None:
    answer = client.get("/v1/compare", params={"country": "Islamabad|AFG", "topic": "ceasefire"})
    Comparison.model_validate_json(answer.content)
    pakistan, afghanistan = answer.json()["data"]
    assert (pakistan["country"]["code"], pakistan["statement"], pakistan["total"]) == (
        "PAK",
        "on_record",
        1,
    )
    assert pakistan["positions"][0]["stance"] == "declines_to_say"
    assert (afghanistan["statement"], afghanistan["total"], afghanistan["positions"]) == (
        "none_on_record",
        0,
        [],
    )


def test_being_spoken_about_is_not_speaking(client: TestClient) -> None:
    found = client.get("/v1/compare", params={"country": "AFG|TUR", "latest": 1}).json()["data"]
    assert [(each["total"], each["target_of"]) for each in found] == [(0, 7), (0, 1)]


@pytest.mark.parametrize(
    ("path", "parameter"),
    [
        ("/v1/compare", "country"),
        ("/v1/compare?country=PAX", "country"),
        ("/v1/compare?country=Congo", "country"),
        ("/v1/compare?country=PAK&topic=trad", "topic"),
        ("/v1/compare?country=" + "|".join(["PAK"] * 21), "country"),
        ("/v1/compare?country=PAK&latest=0", "latest"),
        ("/v1/shifts?stance=asserts", "stance"),
        ("/v1/open-decisions?contry=PAK", "contry"),
    ],
)
def test_a_question_that_cannot_be_read_is_refused(
    client: TestClient, path: str, parameter: str
) -> None:
    answer = client.get(path)
    assert answer.status_code == 422
    assert [fault["parameter"] for fault in answer.json()["errors"]] == [parameter]


def test_too_wide_a_question_about_shifts_is_refused(
    fresh_client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.analysis.queries.MAX_STATEMENTS", 3)
    answer = fresh_client.get("/v1/shifts")
    assert answer.json()["type"].endswith("#too_many_cells")
