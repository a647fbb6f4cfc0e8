"""Timelines: a topic's facts on both clocks."""

from typing import Any

import pytest
from fastapi.testclient import TestClient

from app.codelists import ChangeType
from app.db import Database
from app.ingest import shapes
from app.ingest.pipeline import ingest
from app.timelines.schemas import TimelinePage
from app.web.schemas import OFFER_ID, POSITION_ID, ROUND_ID
from tests.http.factory import TEXT, draft, rewrite, second_article
from tests.http.helpers import Entry, ids, listed, pages, walk
from tests.time.history import DRAFT_ID, LAST, TALKS, TOPICS, Twin, at

LISTS = {
    "position": ("/v1/positions", "said_on", "stance"),
    "mediation_offer": ("/v1/mediation-offers", "offered_on", "status"),
    "round": ("/v1/rounds", "held_on", "outcome"),
}
"""For each kind of fact: where it is listed, its date, and what sums it up."""


def timeline(client: TestClient, topic: str = "diplomacy", **params: Any) -> list[Entry]:
    """A topic's timeline."""
    return listed(client, f"/v1/topics/{topic}/timeline", **params)


@pytest.mark.parametrize("topic", TOPICS)
@pytest.mark.parametrize("as_of", [1, 4, LAST])
def test_it_holds_every_fact_of_the_topic_and_no_other_on_both_clocks(
    lived: TestClient, topic: str, as_of: int
) -> None:
    changes = {each["seq"]: each["at"] for each in listed(lived, "/v1/changes")}
    expected = []
    for kind, (path, on, summary) in LISTS.items():
        part = f"/v1/topics/{topic}{path.removeprefix('/v1')}"
        expected += [
            {
                "kind": kind,
                "id": fact["id"],
                "on": fact[on],
                "on_precision": fact[f"{on}_precision"],
                "recorded_in": fact["recorded_in"],
                "recorded_at": changes[fact["recorded_in"]],
                "rev": fact["rev"],
                "summary": fact[summary],
                "link": f"{path}/{fact['id']}",
            }
            for fact in listed(lived, part, as_of=as_of)
        ]
    found = timeline(lived, topic, as_of=as_of)
    assert sorted(found, key=lambda e: e["id"]) == sorted(expected, key=lambda e: e["id"])


def test_each_entry_leads_to_its_fact(lived: TestClient) -> None:
    for entry in timeline(lived):
        assert lived.get(entry["link"]).json()["data"]["id"] == entry["id"]


def padded(entry: Entry) -> tuple[str, str]:
    """Where an entry stands in the order of the world: a month or a year at its first day."""
    on = entry["on"] or ""
    return (on + "-01-01"[len(on) - 4 :] if on else on, entry["id"])


def test_the_order_of_the_world_puts_what_has_no_date_before_all(lived: TestClient) -> None:
    found = timeline(lived)
    assert {"day", "month", "year", "unknown"} == {entry["on_precision"] for entry in found}
    assert found == sorted(found, key=padded)
    unknown = [entry for entry in found if entry["on"] is None]
    assert found[: len(unknown)] == unknown
    assert {entry["on_precision"] for entry in unknown} == {"unknown"}
    assert timeline(lived, sort="-on") == found[::-1]


def test_the_order_of_the_record_is_that_of_its_changes(lived: TestClient) -> None:
    found = timeline(lived, sort="recorded_in")
    assert found == sorted(found, key=lambda each: (each["recorded_in"], each["id"]))
    assert [each["recorded_at"] for each in found] == sorted(each["recorded_at"] for each in found)
    assert len({each["recorded_in"] for each in found}) > 3
    assert timeline(lived, sort="-recorded_in") == found[::-1]


def test_the_order_of_the_world_is_the_default(lived: TestClient) -> None:
    assert timeline(lived) == timeline(lived, sort="on")


def test_it_holds_all_kinds_of_facts_side_by_side(lived: TestClient) -> None:
    assert {each["kind"] for each in timeline(lived)} == set(LISTS)


@pytest.mark.parametrize("sort", ["on", "-on", "recorded_in", "-recorded_in"])
@pytest.mark.parametrize("limit", [1, 2, 7])
def test_it_is_walked_in_any_order(lived: TestClient, sort: str, limit: int) -> None:
    path = "/v1/topics/diplomacy/timeline"
    assert walk(lived, path, sort=sort, limit=limit) == timeline(lived, sort=sort)


@pytest.mark.parametrize("sort", ["on", "-on", "recorded_in", "-recorded_in"])
def test_a_walk_is_pinned_while_the_record_changes(
    fresh_client: TestClient, database: Database, sort: str
) -> None:
    before = timeline(fresh_client, sort=sort)
    walking = pages(fresh_client, "/v1/topics/diplomacy/timeline", sort=sort, limit=4)
    visited = [next(walking)]
    ingest(database, second_article(), text=TEXT, by="a desk")
    rewrite(database, shapes.OFFER, OFFER_ID, ChangeType.UPDATED, status="lapsed")
    rewrite(database, shapes.ROUND, ROUND_ID, ChangeType.WITHDRAWN, curation="withdrawn")
    visited += walking
    assert [entry for page in visited for entry in page["data"]] == before
    assert {page["meta"]["record_version"] for page in visited} == {1}
    assert timeline(fresh_client, sort=sort) != before


def test_a_correction_moves_a_fact_on_the_records_clock_only(
    fresh_client: TestClient, database: Database
) -> None:
    def entry() -> Entry:
        (found,) = timeline(fresh_client, "ceasefire")
        return found

    before = entry()
    rewrite(database, shapes.POSITION, POSITION_ID, ChangeType.CORRECTED, stance="denies")
    after = entry()
    assert (before["on"], after["on"]) == ("2025-11-14", "2025-11-14")
    assert (before["recorded_in"], after["recorded_in"], after["rev"]) == (1, 2, 2)
    assert after["recorded_at"] > before["recorded_at"]
    assert after["summary"] == "denies"
    (then,) = timeline(fresh_client, "ceasefire", as_of=1)
    assert then == before


def test_what_is_withdrawn_merged_or_a_draft_is_not_on_it(
    fresh_client: TestClient, database: Database
) -> None:
    before = ids(timeline(fresh_client))
    draft(database, shapes.POSITION, TALKS[0], DRAFT_ID)
    assert ids(timeline(fresh_client)) == before
    rewrite(database, shapes.ROUND, ROUND_ID, ChangeType.WITHDRAWN, curation="withdrawn")
    assert set(before) - set(ids(timeline(fresh_client))) == {ROUND_ID}


def test_a_topic_without_facts_has_an_empty_one_that_says_what_it_covers(
    lived: TestClient,
) -> None:
    page = lived.get(at("/v1/topics/gaza-stabilisation-force/timeline", 0)).json()
    assert page["data"] == []
    assert page["meta"]["coverage"]["on_record"] == 0
    now = lived.get("/v1/topics/migration/timeline").json()
    assert (len(now["data"]), now["meta"]["coverage"]) == (1, None)


def test_it_is_as_declared_and_cut_to_fields(lived: TestClient) -> None:
    path = "/v1/topics/diplomacy/timeline"
    TimelinePage.model_validate_json(lived.get(path).content)
    for entry in lived.get(path, params={"fields": "on,summary"}).json()["data"]:
        assert set(entry) == {"id", "on", "summary"}


def test_both_databases_have_the_same_ones(twins: list[Twin]) -> None:
    for topic in TOPICS:
        for sort in ("on", "-recorded_in"):
            one, other = (
                [
                    {**entry, "recorded_at": None}
                    for entry in timeline(twin.client, topic, sort=sort)
                ]
                for twin in twins
            )
            assert one == other
