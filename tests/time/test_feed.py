"""What a change did to each entity, page by page."""

import pytest
from fastapi.testclient import TestClient

from app.codelists import ChangeType
from app.db import Database
from app.ingest import shapes
from app.web.schemas import MAX_LIMIT, POSITION_ID
from tests.http import factory
from tests.http.helpers import pages, problem, walk

PLACES = {
    "country": "countries",
    "group": "groups",
    "official": "officials",
    "topic": "topics",
    "article": "articles",
    "position": "positions",
    "mediation_offer": "mediation-offers",
    "round": "rounds",
}


@pytest.mark.parametrize("limit", [1, 50, MAX_LIMIT])
def test_a_walk_gives_every_version_of_a_change_once_in_order(
    client: TestClient, limit: int
) -> None:
    path = "/v1/changes/0/versions" if limit > 1 else "/v1/changes/1/versions"
    found = walk(client, path, limit=limit)
    names = [(each["kind"], each["id"]) for each in found]
    assert names == sorted(set(names))
    change = client.get(path.removesuffix("/versions")).json()["data"]
    assert len(found) == sum(each["count"] for each in change["touched"])
    assert change["versions"] == found[:MAX_LIMIT]


@pytest.mark.parametrize("seq", [0, 1])
def test_an_entry_is_what_its_own_address_answers(client: TestClient, seq: int) -> None:
    (page, *_) = pages(client, f"/v1/changes/{seq}/versions", limit=MAX_LIMIT)
    for version in page["data"][::7]:
        here = f"/v1/{PLACES[version['kind']]}/{version['id']}"
        assert version["entry"] == client.get(here, params={"as_of": seq}).json()["data"]


def test_entries_are_those_of_the_change_whatever_came_later(
    fresh_client: TestClient, database: Database
) -> None:
    before = fresh_client.get("/v1/changes/1/versions?limit=200").json()["data"]
    factory.rewrite(
        database, shapes.POSITION, POSITION_ID, ChangeType.CORRECTED, stance="undecided"
    )
    factory.rewrite(database, shapes.COUNTRY, "PAK", ChangeType.UPDATED, name="Another name")
    assert fresh_client.get("/v1/changes/1/versions?limit=200").json()["data"] == before
    (version,) = fresh_client.get("/v1/changes/2").json()["data"]["versions"]
    assert (version["rev"], version["entry"]["stance"]) == (2, "undecided")
    assert version["entry"]["country"]["name"] == "Pakistan"
    (renamed,) = fresh_client.get("/v1/changes/3").json()["data"]["versions"]
    assert (renamed["kind"], renamed["entry"]["name"]) == ("country", "Another name")


def test_a_page_takes_as_many_statements_as_there_are_kinds_on_it_and_no_more(
    client: TestClient, statements: list[str]
) -> None:
    client.get("/v1/changes/0/versions?limit=10")
    few = len(statements)
    statements.clear()
    client.get("/v1/changes/0/versions?limit=150")
    assert len(statements) == few


def test_a_change_that_there_is_not_has_no_versions(client: TestClient) -> None:
    problem(client.get("/v1/changes/99/versions"), 404)
    problem(client.get("/v1/changes/1/versions?as_of=0"), 404)
