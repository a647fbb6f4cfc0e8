"""Counts: they add up to the list, by any two dimensions, with any filter."""

from collections import Counter
from itertools import combinations
from typing import Any

import pytest
from fastapi.testclient import TestClient

from tests.http.helpers import Entries, Entry, listed, problem

COUNTS = "/v1/positions/counts"
DIMENSIONS = (
    "country",
    "body",
    "speaker",
    "topic",
    "stance",
    "tone",
    "modality",
    "month",
    "year",
)
FILTERS: list[dict[str, str]] = [
    {},
    {"country": "PAK"},
    {"country": "!PAK"},
    {"topic": "security", "tone": "conflictual"},
    {"target": "AFG"},
    {"q": "pakistan"},
    {"said_from": "2024-03"},
    {"stance": "denies"},
]


def cell(entry: Entry, dimension: str) -> Any:
    """What an entry is counted under."""
    if dimension == "year":
        return entry["said_on"] and entry["said_on"][:4]
    if dimension == "month":
        known = entry["said_on_precision"] in ("day", "month")
        return entry["said_on"][:7] if known else None
    return entry[dimension]


def tally(cells: list[tuple[Any, ...]]) -> Counter[str]:
    return Counter(repr(each) for each in cells)


@pytest.mark.parametrize("by", [*combinations(DIMENSIONS, 1), *combinations(DIMENSIONS, 2)])
def test_counts_are_those_of_the_list(
    wide: TestClient, everything: Entries, by: tuple[str, ...]
) -> None:
    answer = wide.get(COUNTS, params={"by": list(by)}).json()
    expected = tally([tuple(cell(entry, name) for name in by) for entry in everything])
    assert {
        repr(tuple(each[name] for name in by)): each["count"] for each in answer["data"]
    } == expected
    assert answer["meta"]["cells"] == len(answer["data"]) == len(expected)
    assert all(set(each) == {*by, "count"} for each in answer["data"])


@pytest.mark.parametrize("params", FILTERS, ids=str)
@pytest.mark.parametrize("by", [("topic",), ("country", "month"), ("stance", "tone", "year")])
def test_counts_add_up_to_the_list_with_the_same_filters(
    wide: TestClient, by: tuple[str, ...], params: dict[str, str]
) -> None:
    answer = wide.get(COUNTS, params={"by": list(by), **params}).json()
    page = wide.get("/v1/positions", params=params).json()
    total = sum(each["count"] for each in answer["data"])
    assert total == answer["meta"]["total"] == page["meta"]["total"]
    assert answer["meta"]["filters"] == page["meta"]["filters"]
    assert answer["meta"]["record_version"] == page["meta"]["record_version"]


def test_a_cell_is_what_the_list_gives_for_its_values(wide: TestClient) -> None:
    cells = wide.get(COUNTS, params={"by": ["country", "topic", "stance"]}).json()["data"]
    for each in cells:
        if each["country"] is not None and not each["topic"]["slug"].endswith("y"):
            asked = {
                "country": each["country"]["code"],
                "topic": each["topic"]["slug"],
                "stance": each["stance"],
            }
            assert len(listed(wide, "/v1/positions", **asked)) == each["count"]


@pytest.mark.parametrize("dimension", DIMENSIONS)
def test_cells_are_in_order_with_the_unknown_last(wide: TestClient, dimension: str) -> None:
    cells = wide.get(COUNTS, params={"by": dimension}).json()["data"]
    shown = [each[dimension] for each in cells]
    known = [each for each in shown if each is not None]
    assert shown == known + [None] * (len(shown) - len(known))
    keys = [each if isinstance(each, str) else next(iter(each.values())) for each in known]
    assert keys == sorted(keys)


def test_facts_without_a_month_are_not_counted_in_one(wide: TestClient) -> None:
    cells = wide.get(COUNTS, params={"by": ["year", "month"]}).json()["data"]
    counted = {(each["year"], each["month"]): each["count"] for each in cells}
    assert counted[("2024", "2024-03")] == 4
    assert counted[("2024", None)] == 1
    assert counted[("2023", None)] == 1
    assert counted[(None, None)] == 3


def test_the_matrix_of_the_first_article(client: TestClient) -> None:
    cells = client.get("/positions/counts?by=country&by=topic").json()["data"]
    assert {(each["country"]["code"], each["topic"]["slug"]): each["count"] for each in cells} == {
        ("PAK", "ceasefire"): 1,
        ("PAK", "cross-border-terrorism"): 2,
        ("PAK", "gaza-stabilisation-force"): 1,
        ("PAK", "mediation"): 3,
        ("PAK", "peace-talks"): 2,
        ("PAK", "repatriation"): 1,
        ("PAK", "trade-and-transit"): 3,
    }


def test_the_link_of_counts_asks_for_the_same_counts(client: TestClient) -> None:
    answer = client.get("/positions/counts?by=topic&by=country&country=PK").json()
    assert answer["links"]["self"].startswith("/v1/positions/counts?")
    assert client.get(answer["links"]["self"]).json() == answer


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ("", "by"),
        ("by=", "by"),
        ("by=contry", "by"),
        ("by=country&by=topic&by=stance&by=tone", "by"),
        ("by=country&by=country", "by"),
        ("by=country|topic", "by"),
        ("by=country&limit=3", "limit"),
        ("by=country&sort=said_on", "sort"),
        ("by=country&country=PAX", "country"),
        ("by=country&q=%22", "q"),
    ],
)
def test_counts_that_cannot_be_made_are_refused(
    client: TestClient, query: str, parameter: str
) -> None:
    (fault,) = problem(client.get(f"{COUNTS}?{query}"), 422).errors
    assert fault.parameter == parameter


def test_an_unknown_dimension_is_answered_with_the_near_miss(client: TestClient) -> None:
    (fault,) = problem(client.get(f"{COUNTS}?by=contry"), 422).errors
    assert fault.suggestion == "country"
    assert fault.allowed == list(DIMENSIONS)


def test_more_cells_than_one_answer_holds_are_refused(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.positions.queries.MAX_CELLS", 6)
    told = problem(client.get(f"{COUNTS}?by=topic"), 422)
    assert told.type == "/v1/codes/problem#too_many_cells"
    assert client.get(f"{COUNTS}?by=stance&topic=diplomacy").status_code == 200


# Totals of lists


def test_totals_are_exact_up_to_a_cap_and_beyond_on_demand(
    uncached: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.web.totals.COUNT_CAP", 5)

    def total(query: str) -> tuple[int, str]:
        meta = uncached.get(f"/v1/positions?{query}").json()["meta"]
        return meta["total"], meta["total_relation"]

    assert total("") == (5, "gte")
    assert total("limit=200") == (5, "gte")
    assert total("total=exact") == (13, "eq")
    assert total("topic=diplomacy") == (5, "eq")
    assert total("topic=security") == (4, "eq")
    assert total("country=AFG") == (0, "eq")
