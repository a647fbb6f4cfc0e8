"""How many statements an answer takes: as many for one entry as for two hundred."""

from collections.abc import Callable

import pytest
from fastapi.testclient import TestClient

from app.main import create_app
from app.settings import Settings
from tests.http.helpers import ENDPOINTS, LISTS
from tests.support import Client


@pytest.fixture
def counted(wide_uncached: TestClient, statements: list[str]) -> Callable[[str], int]:
    """Counts the statements of a request, once the names in its answer are known."""

    def count(path: str) -> int:
        for _ in range(2):
            statements.clear()
            assert wide_uncached.get(path).status_code == 200
        return len(statements)

    return count


@pytest.mark.parametrize("path", LISTS)
def test_a_list_takes_as_many_statements_for_one_entry_as_for_two_hundred(counted, path) -> None:
    assert counted(f"{path}?limit=1") == counted(f"{path}?limit=200")


@pytest.mark.parametrize(
    "query",
    [
        "",
        "?limit=200",
        "?limit=200&total=exact",
        "?limit=200&stance=!denies&said_from=2024&tone=neutral&modality=actual",
        "?limit=200&topic=security",
        "?limit=200&country=Pakistan",
        "?limit=200&country=PAK&body=pakistan-foreign-office&speaker=Andrabi&topic=security",
    ],
)
def test_positions_take_the_page_its_children_and_the_total(counted, backend, query: str) -> None:
    assert counted(f"/v1/positions{query}") == 2 + asked_for(backend, 3)


def test_a_search_looks_for_what_matches_first(counted, backend: str) -> None:
    """For all that match and the page of them; a server first looks at the list's next entries."""
    looks = {"sqlite": 2, "postgresql": 3}[backend]
    assert counted("/v1/positions?q=ceasefire") == looks + 1 + asked_for(backend, 3)


def asked_for(backend: str, kinds: int) -> int:
    """How many statements so many kinds of children take: a server is asked for all at once."""
    return kinds if backend == "sqlite" else 1


NAMES = 4
"""Kinds of what is referred to by name: countries, groups, officials, topics."""


@pytest.mark.parametrize("query", ["", "?limit=200&country=PAK|AFG&speaker=Andrabi&topic=security"])
def test_names_are_asked_for_once_for_each_state_of_the_record(
    fresh_settings: Settings, statements: list[str], query: str
) -> None:
    settings = fresh_settings.model_copy(update={"response_cache_mb": 0})
    with Client(create_app(settings)) as client:
        client.get("/v1/changes")  # the first of all requests also looks at the schema
        counts = []
        for _ in range(3):
            statements.clear()
            assert client.get(f"/v1/positions{query}").status_code == 200
            counts.append(len(statements))
    first, second, third = counts
    filters = query.count("=") + query.count("|") - query.count("limit")
    assert second == third < first <= second + NAMES + filters


@pytest.mark.parametrize(
    ("name", "number"),
    [
        ("position", 1),
        ("mediation-offer", 1),
        ("round", 1),
        ("position-history", 3),
    ],
)
def test_an_item_takes_no_more_than_its_parts(counted, backend, name: str, number: int) -> None:
    kinds = 2 if name == "round" else 3
    assert counted(ENDPOINTS[name].path) == number + asked_for(backend, kinds)


@pytest.mark.parametrize(
    ("name", "number"), [("position-counts", 1), ("codes", 0), ("code-list", 0)]
)
def test_what_has_no_children_takes_its_statement(counted, name: str, number: int) -> None:
    assert counted(ENDPOINTS[name].path) == number


def test_counts_take_as_many_statements_by_three_dimensions_as_by_one(counted) -> None:
    one = counted("/v1/positions/counts?by=country")
    three = counted("/v1/positions/counts?by=country&by=body&by=speaker")
    assert one == three == 1


def test_a_304_costs_no_more_than_the_answer(
    counted, wide_uncached: TestClient, statements
) -> None:
    plain = counted("/v1/positions")
    tag = wide_uncached.get("/v1/positions").headers["etag"]
    statements.clear()
    assert wide_uncached.get("/v1/positions", headers={"If-None-Match": tag}).status_code == 304
    assert len(statements) <= plain
