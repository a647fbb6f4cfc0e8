"""Where SQLite looks for what a list asks: in one range of an index, whatever the filter.

The application's own statements are explained, as it runs them. `tests/test_indexes.py` has
PostgreSQL's plans; the benchmarks have the times at a million positions.
"""

import sqlite3
from collections.abc import Callable
from math import inf

import pytest
from fastapi.testclient import TestClient

from app import sessions
from app.settings import Settings
from app.web.schemas import ARTICLE_ID

POSITIONS = "/v1/positions"
SORTS = ("-said_on", "said_on", "-recorded_in", "recorded_in")
WALKED = {
    "": "",
    "country=PAK": "_country",
    "body=pakistan-foreign-office": "_body",
    "speaker=tahir-andrabi": "_speaker",
    "topic=ceasefire": "_topic",
    "stance=accuses": "_stance",
    "modality=actual": "_modality",
    "country=PAK|AFG": "_country",
    "topic=security": "_topic",
    "topic=security&country=PAK|AFG": "_topic",
    "tone=neutral": "_stance",
    "stance=!accuses": "",
    "country=!PAK": "",
    "article=!" + ARTICLE_ID: "",
    "country=PAK|AFG&stance=!accuses": "_country",
    "sources_from=2": "_sources",
    "independent_sources_from=3": "_independent_sources",
    "sources_from=2&sources_to=4": "_sources",
    "sources_from=1": "",
    "sources_to=1": "",
}
"""Filters, and the index that the list is walked by: the filter's, or that of the order."""
COLLECTED = [f"article={ARTICLE_ID}", "target=AFG", "target=AFG&country=PAK"]
SEARCHED = ["q=border", "q=border&country=PAK", "q=border&target=AFG", "q=a*&said_from=2025"]
"""Filters whose few matches are found first and then put in order."""

PAGE = "SELECT position_versions.row_id"
"""How the statement for a page begins."""

Plan = Callable[..., list[str]]


@pytest.fixture
def plan(
    wide_uncached: TestClient,
    wide_settings: Settings,
    statements: list[str],
    monkeypatch: pytest.MonkeyPatch,
    backend: str,
) -> Plan:
    """How the statement for the page of a list is carried out, step by step."""
    if backend != "sqlite":
        pytest.skip("tests/test_indexes.py has PostgreSQL's plans")
    monkeypatch.setattr(sessions, "PROMPT", inf)
    file = sqlite3.connect(wide_settings.database_url.removeprefix("sqlite:///"))

    def explain(path: str, begins: str = "list") -> list[str]:
        statements.clear()
        answer = wide_uncached.get(path)
        assert answer.status_code == 200, answer.text
        (page,) = [
            each
            for each in statements
            if each.startswith(PAGE)
            and ("json_each" not in each)
            and (begins == "list" or (" CROSS JOIN " in each and "min(" in each) or "max(" in each)
        ]
        rows = file.execute(f"EXPLAIN QUERY PLAN {page}", [None] * page.count("?")).fetchall()
        return [row[3] for row in rows]

    return explain


@pytest.mark.parametrize("sort", SORTS)
@pytest.mark.parametrize("filters", WALKED)
def test_a_list_is_walked_in_its_order(plan: Plan, filters: str, sort: str) -> None:
    index = "ix_position_versions" + WALKED[filters]
    by_date = "_said" if not WALKED[filters] else ""
    name = index + (by_date if "said" in sort else "_recorded" + ("" if WALKED[filters] else "_in"))
    steps = plan(f"{POSITIONS}?sort={sort}&{filters}")
    looked = [step for step in steps if "position_versions USING" in step]
    ranges = [step for step in looked if "INTEGER PRIMARY KEY" not in step]
    assert ranges
    assert all(step.split(" INDEX ")[1].split(" ")[0] == name for step in ranges), steps
    merged = any(step.startswith("MERGE") for step in steps)
    assert merged == (len(ranges) > 1)
    assert merged or "USE TEMP B-TREE FOR ORDER BY" not in steps


@pytest.mark.parametrize("sort", SORTS)
@pytest.mark.parametrize("filters", COLLECTED)
def test_what_few_have_is_collected(plan: Plan, filters: str, sort: str) -> None:
    steps = plan(f"{POSITIONS}?sort={sort}&{filters}")
    assert "SEARCH position_versions USING INTEGER PRIMARY KEY (rowid=?)" in steps


@pytest.mark.parametrize("filters", COLLECTED)
def test_what_many_have_is_looked_at_in_the_lists_order(
    plan: Plan, monkeypatch: pytest.MonkeyPatch, filters: str
) -> None:
    monkeypatch.setattr("app.web.conditions.FEW", 0)
    steps = plan(f"{POSITIONS}?{filters}")
    ranges = [step for step in steps if " position_versions USING INDEX " in step]
    assert len(ranges) == 1
    assert ranges[0].startswith(("SCAN", "SEARCH"))
    assert "USE TEMP B-TREE FOR ORDER BY" not in steps


@pytest.mark.parametrize("sort", SORTS)
@pytest.mark.parametrize("filters", SEARCHED)
def test_a_search_walks_its_index_in_the_lists_order(
    plan: Plan, monkeypatch: pytest.MonkeyPatch, filters: str, sort: str
) -> None:
    monkeypatch.setattr("app.web.searches.FEW", -1)
    steps = plan(f"{POSITIONS}?sort={sort}&{filters}", "search")
    scans = [step for step in steps if step.startswith("SCAN position_search")]
    looked = [step for step in steps if " position_versions " in step]
    assert len(scans) == len(looked) == 2, steps
    assert all("VIRTUAL TABLE INDEX" in step for step in scans)
    name = "position_search_said" if "said" in sort else "position_search"
    assert all(step.split(" ")[1] == name for step in scans)
    assert all("INTEGER PRIMARY KEY (rowid=?)" in step for step in looked)
    # What comes equal in the order is sorted, nothing else: the walk itself is in order.
    assert steps.count("USE TEMP B-TREE FOR ORDER BY") == 1


@pytest.mark.parametrize(
    "filters", ["said_from=2025", "said_to=2025-11", "said_from=2024&said_to=2025"]
)
def test_dates_are_a_range_of_the_order(plan: Plan, filters: str) -> None:
    steps = plan(f"{POSITIONS}?{filters}")
    assert any("ix_position_versions_said (said_key" in step for step in steps), steps


@pytest.mark.parametrize("filters", ["", "country=PAK"])
def test_a_list_of_the_past_begins_at_its_horizon(plan: Plan, filters: str) -> None:
    steps = plan(f"{POSITIONS}?as_of=1&{filters}")
    assert any("said_key<?" in step for step in steps), steps


@pytest.mark.parametrize("filters", ["", "country=PAK", "topic=security"])
def test_a_page_deep_in_a_list_begins_where_it_begins(
    plan: Plan, wide_uncached: TestClient, filters: str
) -> None:
    first = wide_uncached.get(f"{POSITIONS}?limit=2&{filters}").json()
    steps = plan(first["links"]["next"])
    ranges = [step for step in steps if " position_versions USING INDEX " in step]
    assert all("said_key" in step for step in ranges), steps
