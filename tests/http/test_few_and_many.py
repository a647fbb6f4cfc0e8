"""Filters by what belongs to an entry: collected where few have it, looked at where many do.

Nobody can tell which of the two it was, but by a total that is not exact.
"""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import pytest
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st

from app.db import Database
from app.ingest.pipeline import ingest
from app.web.schemas import ARTICLE_ID
from tests.http.factory import TEXT, second_article
from tests.http.helpers import ids, property_settings

POSITIONS = "/v1/positions"
FILTERS = [
    "target=AFG",
    "target=AFG|IRN",
    "target=afghan-taliban-regime",
    "target=RUS&country=PAK",
    "target=AFG&sort=said_on",
    "target=AFG&sort=-recorded_in&topic=security",
    f"article={ARTICLE_ID}",
    f"article={ARTICLE_ID}&tone=neutral",
    "q=border",
    "q=pakistan&country=PAK|KEN",
    "q=pakistan&target=AFG",
    'q="long border"&stance=!accuses',
    "q=nowhere-at-all",
    "target=AFG&as_of=1",
    "q=pakistan&as_of=1",
]


@pytest.fixture
def take_for_many(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """From when it is called, whatever anything has is taken for a great many."""

    def take() -> None:
        monkeypatch.setattr("app.web.conditions.FEW", -1)
        monkeypatch.setattr("app.web.searches.FEW", -1)
        monkeypatch.setattr("app.web.searches.NEAR", 0)

    return take


@pytest.mark.parametrize("filters", FILTERS)
def test_many_are_listed_as_few_are(
    wide_uncached: TestClient, take_for_many: Callable[[], None], filters: str
) -> None:
    path = f"{POSITIONS}?limit=200&{filters}"
    few = wide_uncached.get(path).json()
    take_for_many()
    many = wide_uncached.get(path).json()
    exact = wide_uncached.get(f"{path}&total=exact").json()["meta"]
    assert many["data"] == few["data"]
    assert many["meta"]["filters"] == few["meta"]["filters"]
    assert few["meta"]["total"] == len(few["data"])
    assert few["meta"]["total_relation"] == "eq"
    if "q=" not in filters:
        relation = "eq" if "as_of" in filters else "gte"
        assert many["meta"]["total"] == len(few["data"])
        assert many["meta"]["total_relation"] == relation
    assert (exact["total"], exact["total_relation"]) == (len(few["data"]), "eq")


@pytest.mark.parametrize("filters", FILTERS)
def test_many_are_paged_as_few_are(
    wide_uncached: TestClient, take_for_many: Callable[[], None], filters: str
) -> None:
    def walked() -> list[str]:
        found, path = [], f"{POSITIONS}?limit=2&{filters}"
        while path:
            page: Any = wide_uncached.get(path).json()
            found += ids(page["data"])
            path = page["links"]["next"]
        return found

    few = walked()
    take_for_many()
    assert walked() == few


MODES = {
    "few": {},
    "the index": {"FEW": -1, "NEAR": 0},
    "the list": {"FEW": -1, "NEAR": 1000},
    "early": {"EARLY": 1000},
}
"""Ways to a page of a search, and what sends it there."""


@property_settings
@given(data=st.data())
def test_every_way_to_a_page_of_a_search_leads_to_the_same(
    wide_uncached: TestClient, data: st.DataObject
) -> None:
    params: dict[str, Any] = {
        "q": data.draw(st.sampled_from(["border", "pakistan", "afghan*", "the", '"of the"', "a*"])),
        "sort": data.draw(st.sampled_from(["said_on", "-said_on", "recorded_in", "-recorded_in"])),
        "limit": data.draw(st.integers(1, 9)),
        "fields": "id",
    }
    for name, values in NARROWED.items():
        if data.draw(st.booleans()):
            params[name] = data.draw(st.sampled_from(values))
    found = {}
    for mode, constants in MODES.items():
        with pytest.MonkeyPatch.context() as patch:
            for name, value in constants.items():
                patch.setattr(f"app.web.searches.{name}", value)
            found[mode] = _walked(wide_uncached, f"{POSITIONS}?{urlencode(params)}")
    everything = wide_uncached.get(POSITIONS, params=params | {"limit": 200, "total": "exact"})
    assert set(map(tuple, found.values())) == {tuple(ids(everything.json()["data"]))}
    assert everything.json()["meta"]["total"] == len(found["few"])


NARROWED = {
    "country": ["PAK", "PAK|AFG", "!PAK"],
    "topic": ["mediation", "security", "peace-talks|economy"],
    "target": ["AFG", "AFG|IRN", "!AFG"],
    "tone": ["neutral", "cooperative|conflictual"],
    "modality": ["actual", "!actual"],
    "said_from": ["2024", "2025-11-14"],
    "said_to": ["2025-11", "2025-11-14"],
    "as_of": ["1", "2"],
}


def _walked(client: TestClient, path: str) -> list[str]:
    """The ids of all pages of a list."""
    found: list[str] = []
    while path:
        page: Any = client.get(path).json()
        found += ids(page["data"])
        path = page["links"]["next"]
    return found


def test_a_total_of_a_search_is_counted_so_far_whichever_way_the_page_came(
    fresh_client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.web.totals.SEARCH_CAP", 2)
    monkeypatch.setattr("app.web.searches.SEARCH_CAP", 2)
    for few, dense in ((500, 30), (2, 30), (500, 1)):
        monkeypatch.setattr("app.web.searches.FEW", few)
        monkeypatch.setattr("app.web.searches.DENSE", dense)
        meta = fresh_client.get(f"{POSITIONS}?q=pakistan").json()["meta"]
        assert (meta["total"], meta["total_relation"]) == (2, "gte")
    exact = fresh_client.get(f"{POSITIONS}?q=pakistan&total=exact").json()["meta"]
    assert exact["total"] > 2


def test_a_total_of_many_is_one_of_a_sample(
    fresh_client: TestClient, take_for_many: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    take_for_many()
    monkeypatch.setattr("app.web.conditions.SAMPLE", 2)
    meta = fresh_client.get(f"{POSITIONS}?target=AFG&fields=id").json()["meta"]
    assert (meta["total"], meta["total_relation"]) == (2, "gte")
    meta = fresh_client.get(f"{POSITIONS}?target=AFG&total=exact").json()["meta"]
    assert (meta["total"], meta["total_relation"]) == (7, "eq")


def test_each_kind_of_fact_looks_among_its_own(
    wide_uncached: TestClient, statements: list[str]
) -> None:
    paths = {"mediation-offers": "offer_parties", "rounds": "round_parties"}
    for path, table in paths.items():
        statements.clear()
        assert wide_uncached.get(f"/v1/{path}?party=PAK").status_code == 200
        (counted,) = [each for each in statements if "count(*)" in each and "LIMIT" in each][:1]
        assert f"FROM {table}" in counted


@pytest.mark.parametrize("filters", ["country=PAK", "target=AFG", "tone=neutral", "q=pakistan"])
def test_a_total_at_a_moment_goes_as_far_before_there_is_more_as_afterwards(
    fresh_client: TestClient, database: Database, monkeypatch: pytest.MonkeyPatch, filters: str
) -> None:
    for cap in ("totals.PAST_CAP", "totals.SEARCH_CAP", "searches.SEARCH_CAP"):
        monkeypatch.setattr(f"app.web.{cap}", 2)
    path = f"{POSITIONS}?as_of=1&limit=2&{filters}"
    before = fresh_client.get(path)
    assert before.json()["meta"]["total"] == 2
    assert before.json()["meta"]["total_relation"] == "gte"
    ingest(database, second_article(), text=TEXT, by="a test")
    assert fresh_client.get(path).content == before.content
    whole = fresh_client.get(f"{POSITIONS}?as_of=1").json()["meta"]
    assert (whole["total"], whole["total_relation"]) == (13, "eq")
