"""Whatever the order in which articles come in and are edited, the record ends up with the same."""

from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.db import Database
from app.ingest.pipeline import ingest
from app.main import create_app
from app.settings import Settings
from tests.chance import examples
from tests.conftest import Passing
from tests.curation.press import ASKED, LONG, SHORT, Paper, state
from tests.support import Client

anyhow = settings(
    deadline=None,
    max_examples=examples(12),
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
WORDS = (LONG, SHORT, "until the last family is home", "Nobody asked us for that")
"""What is said: the second within the first, the third within both."""
PAPERS = ("courier", "herald", "gazette", "tribune")

Load = tuple[int, str, dict[str, str] | None]
"""A paper, the words in it, and what its record says otherwise; or none if it says nothing."""


def record_of(load: Load) -> dict[str, Any]:
    """The record of a paper, which prints it all: one entry, of these words."""
    number, words, fields = load
    paper = Paper(PAPERS[number], *WORDS, agency=("wire", None)[number % 2])
    if fields is None:
        return paper.record([])
    return paper.record([WORDS.index(words)], key="said", **fields)


loads = st.tuples(
    st.integers(0, len(PAPERS) - 1),
    st.sampled_from(WORDS),
    st.sampled_from(({}, {}, {"stance": "warns"}, {"said_on": "2024-03-19"}, None)),
)


def ends_with(settings: Settings, records: Sequence[Any]) -> list[Any]:
    """The positions on record once these were loaded, in no order."""
    database = Database(settings)
    for record in records:
        ingest(database, record, text=None, by="a test")
    database.dispose()
    with Client(create_app(settings)) as client:
        answer = client.get("/v1/positions", params=ASKED | {"limit": 200})
    assert answer.status_code == 200
    return sorted((state(position) for position in answer.json()["data"]), key=repr)


@pytest.fixture(scope="session")
def keyed_url(keyed: tuple[str, dict[str, str]]) -> str:
    return keyed[0]


@given(
    words=st.lists(st.sampled_from(WORDS), min_size=2, max_size=4),
    agencies=st.lists(st.sampled_from(("wire", None)), min_size=4, max_size=4),
    data=st.data(),
)
@anyhow
def test_the_order_of_loading_makes_no_difference(
    keyed_url: str, passing: Passing, words: list[str], agencies: list[str], data: st.DataObject
) -> None:
    papers = [
        Paper(*each[:2], agency=each[2]) for each in zip(PAPERS, words, agencies, strict=False)
    ]
    found = []
    for order in (papers, data.draw(st.permutations(papers))):
        with passing(keyed_url) as own:
            found.append(ends_with(own, [paper.record() for paper in order]))
    assert found[0] == found[1]
    assert sum(len({proof[0] for proof in each[-2]}) for each in found[0]) == len(papers)


@given(history=st.lists(loads, min_size=2, max_size=7), data=st.data())
@anyhow
def test_what_was_loaded_before_leaves_no_trace(
    keyed_url: str, passing: Passing, history: list[Load], data: st.DataObject
) -> None:
    last = {load[0]: load for load in history}
    with passing(keyed_url) as own:
        lived = ends_with(own, [record_of(load) for load in history])
    with passing(keyed_url) as own:
        order = data.draw(st.permutations(list(last.values())))
        assert lived == ends_with(own, [record_of(load) for load in order])
