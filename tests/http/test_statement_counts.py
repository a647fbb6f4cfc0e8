"""How many statements an answer takes: as many for one entry as for two hundred."""

from collections.abc import Callable
from math import inf

import pytest
from fastapi.testclient import TestClient

from app import sessions
from tests.http.helpers import ENDPOINTS, LISTS


@pytest.fixture
def counted(
    wide_uncached: TestClient, statements: list[str], monkeypatch: pytest.MonkeyPatch
) -> Callable[[str], int]:
    """Counts the statements of a request. The first of all requests also looks at the schema."""
    monkeypatch.setattr(sessions, "PROMPT", inf)  # nothing is asked twice
    wide_uncached.get("/v1/changes")

    def count(path: str) -> int:
        statements.clear()
        assert wide_uncached.get(path).status_code == 200
        return len(statements)

    return count


@pytest.mark.parametrize("path", LISTS)
def test_a_list_takes_as_many_statements_for_one_entry_as_for_two_hundred(counted, path) -> None:
    assert counted(f"{path}?limit=1") == counted(f"{path}?limit=200")


@pytest.mark.parametrize(
    ("query", "number"),
    [
        ("", 6),
        ("?limit=200", 6),
        ("?limit=200&total=exact", 6),
        ("?limit=200&q=ceasefire", 7),
        ("?limit=200&stance=!denies&said_from=2024&tone=neutral&modality=actual", 6),
        ("?limit=200&topic=security", 7),
        ("?limit=200&country=Pakistan", 7),
        ("?limit=200&country=PAK&body=pakistan-foreign-office&speaker=Andrabi&topic=security", 10),
    ],
)
def test_positions_take_six_statements_and_one_for_each_name_to_be_resolved(
    counted, query: str, number: int
) -> None:
    """The version, the page, targets, clauses, evidence and the total."""
    assert counted(f"/v1/positions{query}") == number


@pytest.mark.parametrize(
    ("name", "number"),
    [
        ("position", 5),
        ("mediation-offer", 5),
        ("round", 4),
        ("position-history", 7),
        ("position-counts", 3),
        ("codes", 0),
        ("code-list", 0),
    ],
)
def test_an_item_takes_no_more_than_its_parts(counted, name: str, number: int) -> None:
    assert counted(ENDPOINTS[name].path) == number


def test_counts_take_as_many_statements_by_three_dimensions_as_by_one(counted) -> None:
    one = counted("/v1/positions/counts?by=country")
    three = counted("/v1/positions/counts?by=country&by=body&by=speaker")
    assert one == three == 3


def test_a_304_costs_no_more_than_the_answer(
    counted, wide_uncached: TestClient, statements
) -> None:
    plain = counted("/v1/positions")
    tag = wide_uncached.get("/v1/positions").headers["etag"]
    statements.clear()
    assert wide_uncached.get("/v1/positions", headers={"If-None-Match": tag}).status_code == 304
    assert len(statements) <= plain
