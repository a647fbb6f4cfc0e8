"""Paging: every entry once, in order, of one state of the record; and no cursor misread."""

import string
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st

from app.db import Database
from app.ingest.pipeline import ingest
from app.web.cursors import Cursor, question
from app.web.schemas import POSITION_ID
from tests.http.helpers import LISTS, ids, listed, pages, problem, property_settings, walk

POSITIONS = "/v1/positions"
HISTORY = f"/v1/positions/{POSITION_ID}/history"
ORDERS = [(path, sort) for path, (_, sorts) in LISTS.items() for sort in sorts]


def cursor_of(client: TestClient, path: str = POSITIONS, **params: Any) -> str:
    """The cursor after the first page of a list."""
    following: str = client.get(path, params={"limit": 3, **params}).json()["links"]["next"]
    return parse_qs(urlsplit(following).query)["cursor"][0]


# Walking


@pytest.mark.parametrize(("path", "sort"), ORDERS)
def test_a_walk_visits_every_entry_once_in_order(wide: TestClient, path: str, sort: str) -> None:
    key, _ = LISTS[path]
    total = wide.get(path, params={"limit": 1}).json()["meta"]["total"]
    first = wide.get(path, params={"limit": 200, "sort": sort, "fields": key}).json()["data"]
    visited = walk(wide, path, limit=3, sort=sort, fields=key)
    assert visited[:200] == first
    assert len(visited) == len({str(entry[key]) for entry in visited}) == total


@pytest.mark.parametrize("sort", ["-said_on", "said_on"])
@pytest.mark.parametrize("limit", range(1, 15))
def test_any_page_size_gives_the_same_walk(client: TestClient, limit: int, sort: str) -> None:
    whole = listed(client, POSITIONS, sort=sort)
    found = list(pages(client, POSITIONS, limit=limit, sort=sort))
    assert [entry for page in found for entry in page["data"]] == whole
    assert [len(page["data"]) for page in found[:-1]] == [limit] * (len(found) - 1)
    assert 1 <= len(found[-1]["data"]) <= limit
    assert {page["meta"]["total"] for page in found} == {13}


@pytest.mark.parametrize("path", LISTS)
def test_the_two_directions_of_an_order_are_each_others_reverse(
    wide: TestClient, path: str
) -> None:
    key, sorts = LISTS[path]
    for sort in sorts:
        other = sort[1:] if sort.startswith("-") else f"-{sort}"
        assert (
            walk(wide, path, limit=100, sort=sort, fields=key)
            == (walk(wide, path, limit=100, sort=other, fields=key)[::-1])
        )


@pytest.mark.parametrize("path", LISTS)
def test_the_first_order_is_the_default(wide: TestClient, path: str) -> None:
    plain, sorted_ = wide.get(path).json(), wide.get(path, params={"sort": LISTS[path][1][0]})
    assert plain["data"] == sorted_.json()["data"]


def test_names_are_ordered_by_code_point_whatever_the_locale(client: TestClient) -> None:
    names = [entry["name"] for entry in walk(client, "/v1/countries", sort="name", limit=200)]
    assert names == sorted(names)
    assert names[-1] == "Åland Islands"


def test_the_limit_and_the_fields_may_change_on_the_way(client: TestClient) -> None:
    cursor = cursor_of(client, limit=3)
    rest = client.get(POSITIONS, params={"limit": 200, "fields": "id", "cursor": cursor}).json()
    assert ids(rest["data"]) == ids(listed(client, POSITIONS))[3:]


# Links


def test_links_are_relative_versioned_and_name_the_page(client: TestClient) -> None:
    page = client.get("/positions?limit=3&country=PAK&topic=security").json()
    asked = {"limit": ["3"], "country": ["PAK"], "topic": ["security"]}
    assert page["links"]["self"].startswith("/v1/positions?")
    assert parse_qs(urlsplit(page["links"]["self"]).query) == asked
    following = urlsplit(page["links"]["next"])
    assert (following.scheme, following.netloc, following.path) == ("", "", "/v1/positions")
    assert following.fragment == ""
    query = parse_qs(following.query)
    assert query.pop("cursor")
    assert query == asked
    second = client.get(page["links"]["next"]).json()
    assert second["links"]["self"] == page["links"]["next"]


@pytest.mark.parametrize("path", LISTS)
def test_the_next_page_is_in_the_link_header_too(wide: TestClient, path: str) -> None:
    answer = wide.get(path, params={"limit": 1})
    following = answer.json()["links"]["next"]
    if following is None:
        assert "next" not in answer.links
    else:
        assert answer.headers["link"].startswith(f'<{following}>; rel="next", ')
        assert answer.links["next"]["url"] == following


def test_a_link_carries_what_has_to_be_escaped(client: TestClient) -> None:
    asked = {"q": '"difficult situation" & +50% #1', "country": "Pakistan|Türkiye"}
    page = client.get(POSITIONS, params=asked).json()
    again = client.get(page["links"]["self"]).json()
    assert again == page


def test_the_last_page_has_no_next(client: TestClient) -> None:
    answer = client.get(POSITIONS, params={"limit": 13})
    assert answer.json()["links"]["next"] is None
    assert "next" not in answer.links


# Cursors that are refused


def refused(client: TestClient, cursor: str, path: str = POSITIONS, **params: Any) -> str:
    """What is said of a cursor, which has to be refused."""
    answer = client.get(path, params={"limit": 3, "cursor": cursor, **params})
    (fault,) = problem(answer, 422).errors
    assert fault.parameter == "cursor"
    return fault.detail


def test_a_cursor_with_any_one_character_changed_is_refused(client: TestClient) -> None:
    cursor = cursor_of(client)
    for at, was in enumerate(cursor):
        for other in {"A", "_", "z", "=", string.ascii_letters[at % 52]} - {was}:
            assert "altered" in refused(client, cursor[:at] + other + cursor[at + 1 :])


def test_a_cursor_cut_short_or_made_longer_is_refused(client: TestClient) -> None:
    cursor = cursor_of(client)
    for at in range(len(cursor)):
        refused(client, cursor[:at])
    for more in ("A", "=", "==", " ", "\n", "é", cursor):
        refused(client, cursor + more)
        refused(client, more + cursor)


@property_settings
@given(st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=200))
def test_no_text_is_a_cursor(client: TestClient, text: str) -> None:
    refused(client, text)


@property_settings
@given(st.data())
def test_a_cursor_with_characters_exchanged_is_refused(client: TestClient, data: Any) -> None:
    cursor = cursor_of(client)
    changed = list(cursor)
    for at in data.draw(st.lists(st.integers(0, len(cursor) - 1), min_size=1, max_size=4)):
        changed[at] = data.draw(st.sampled_from(string.ascii_letters + string.digits + "-_"))
    if "".join(changed) != cursor:
        refused(client, "".join(changed))


@pytest.mark.parametrize(
    ("path", "params"),
    [
        (POSITIONS, {"country": "PAK"}),
        (POSITIONS, {"topic": "security"}),
        (POSITIONS, {"q": "ceasefire"}),
        (POSITIONS, {"sort": "said_on"}),
        (POSITIONS, {"sort": "-recorded_in"}),
        ("/v1/topics/security/positions", {}),
        ("/v1/mediation-offers", {}),
        ("/v1/countries", {}),
        ("/v1/changes", {}),
        (HISTORY, {}),
    ],
)
def test_a_cursor_goes_with_its_own_question_only(
    client: TestClient, path: str, params: dict[str, str]
) -> None:
    assert "belongs to another" in refused(client, cursor_of(client), path, **params)


def test_the_alias_and_the_versioned_path_share_their_cursors(client: TestClient) -> None:
    cursor = cursor_of(client, "/positions")
    assert cursor == cursor_of(client, POSITIONS)
    assert client.get("/positions", params={"limit": 3, "cursor": cursor}).status_code == 200


def forged(version: int, place: Any, key: Any, path: str = POSITIONS) -> str:
    """A cursor that this service never gave."""
    sort = LISTS[path][1][0]
    return Cursor(version, sort, question(path, {}), place, key).encode()


def test_a_cursor_of_a_later_record_is_refused(client: TestClient) -> None:
    assert "later record" in refused(client, forged(99, "2025-11-14", POSITION_ID))


@pytest.mark.parametrize(
    ("path", "place", "key"),
    [
        (POSITIONS, "soon", POSITION_ID),
        (POSITIONS, "", ""),
        (POSITIONS, 5, POSITION_ID),
        (POSITIONS, True, POSITION_ID),
        (POSITIONS, "2025-11-14", 5),
        (HISTORY, "1", "1"),
        (HISTORY, 2**63, 2**63),
        ("/v1/countries", 5, 5),
    ],
)
def test_a_forged_cursor_that_stands_nowhere_is_refused(
    client: TestClient, path: str, place: Any, key: Any
) -> None:
    refused(client, forged(1, place, key, path), path)


# Walks while the record changes


def edited(record: dict[str, Any]) -> dict[str, Any]:
    """The record with a fact corrected, one withdrawn, one added and an official renamed."""
    record["positions"][0]["proposition"] = "The talks have run aground."
    record["positions"].append(record["positions"][0] | {"key": "one-more", "stance": "asserts"})
    record["positions"] = [each for each in record["positions"] if each["key"] != "dialogue"]
    record["officials"][0]["name"] = "T. Andrabi"
    return record


@pytest.mark.parametrize("sort", ["-said_on", "said_on", "-recorded_in", "recorded_in"])
def test_a_walk_shows_one_state_of_the_record_and_a_new_walk_the_next(
    fresh_client: TestClient, database: Database, record: dict[str, Any], sort: str
) -> None:
    before = listed(fresh_client, POSITIONS, sort=sort)
    walking = pages(fresh_client, POSITIONS, limit=3, sort=sort)
    visited = [next(walking)]
    ingest(database, edited(record), text=None, by="a test")
    visited += walking
    assert [entry for page in visited for entry in page["data"]] == before
    assert {(p["meta"]["record_version"], p["meta"]["total"]) for p in visited} == {(1, 13)}

    after = listed(fresh_client, POSITIONS, sort=sort)
    assert walk(fresh_client, POSITIONS, limit=3, sort=sort) == after
    assert len(set(ids(before)) - set(ids(after))) == 1
    assert len(set(ids(after)) - set(ids(before))) == 1
    assert {e["speaker"]["name"] for e in after if e["speaker"]} == {"T. Andrabi"}
    assert {e["speaker"]["name"] for e in before if e["speaker"]} == {"Tahir Andrabi"}


def test_a_walk_with_a_search_shows_one_state_of_the_record(
    fresh_client: TestClient, database: Database, record: dict[str, Any]
) -> None:
    asked = {"q": "pakistan", "sort": "said_on"}
    before = listed(fresh_client, POSITIONS, **asked)
    walking = pages(fresh_client, POSITIONS, limit=1, **asked)
    visited = [next(walking)]
    for entry in record["positions"]:
        entry["proposition"] = entry["proposition"].replace("Pakistan", "The country")
    ingest(database, record, text=None, by="a test")
    visited += walking
    assert [entry for page in visited for entry in page["data"]] == before
    assert len(listed(fresh_client, POSITIONS, **asked)) < len(before)


def test_a_walk_through_other_lists_shows_one_state_of_the_record(
    fresh_client: TestClient, database: Database, record: dict[str, Any]
) -> None:
    def state(path: str) -> list[Any]:
        return walk(fresh_client, path, limit=100)

    paths = ["/v1/officials", "/v1/groups", "/v1/mediation-offers"]
    before = {path: state(path) for path in paths}
    walks = {path: pages(fresh_client, path, limit=1) for path in paths}
    visited = {path: next(walks[path])["data"] for path in paths}
    record["officials"][0]["name_variants"].append("Mr Andrabi")
    record["groups"][0]["name"] = "Foreign Ministry"
    record["mediation_offers"][0]["status"] = "active"
    ingest(database, record, text=None, by="a test")
    for path in paths:
        visited[path] += [entry for page in walks[path] for entry in page["data"]]
        assert visited[path] == before[path]
        assert state(path) != before[path]
