"""Whatever comes in, it loads or is refused, and a refusal leaves no trace."""

from copy import deepcopy
from typing import Any

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from app.db import Database
from app.errors import RecordRefused
from app.ingest.reading import read_file
from tests.chance import examples
from tests.conftest import RECORD
from tests.ingest.support import (
    leaves,
    load,
    put,
    sizes,
)

ALL = list(leaves(read_file(RECORD)))
FIELDS = sorted({step for place in ALL for step in place if isinstance(step, str)})
CODES = ["PAK", "AFG", "ttp", "mediation", "accuses", "invited", "none_on_record", "2025-11", ""]
scalars = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=True)
    | st.text(max_size=20)
    | st.dates()
    | st.sampled_from(CODES)
)
documents = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(FIELDS) | st.text(max_size=5), inner, max_size=6)
    ),
    max_leaves=20,
)
PLACES = sorted({place[:n] for place in ALL for n in range(1, len(place) + 1)}, key=str)
unhurried = settings(
    deadline=None,
    derandomize=True,
    max_examples=examples(40),
    suppress_health_check=list(HealthCheck),
)


def loads_or_is_refused(database: Database, raw: object) -> None:
    before = sizes(database)
    try:
        load(database, raw)
    except RecordRefused:
        assert sizes(database) == before


@unhurried
@given(raw=documents)
@example(raw={"²": 1})
@example(raw={"format": "onrecord/article-record/1", "article": {}, "groups": ({}, {})})
def test_any_document_loads_or_is_refused(standing: Database, raw: object) -> None:
    loads_or_is_refused(standing, raw)


@unhurried
@given(place=st.sampled_from(PLACES), value=documents)
@example(place=("article", "headline"), value="\x00")
@example(place=("article", "characters"), value=2**63)
@example(place=("rounds", 0, "held_on"), value="2025\n")
@example(place=("rounds",), value={"x"})
def test_the_record_with_any_value_replaced_loads_or_is_refused(
    standing: Database, first_record: Any, place, value: object
) -> None:
    loads_or_is_refused(standing, put(deepcopy(first_record), place, value))
