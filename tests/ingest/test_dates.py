"""Dates as fine as the evidence gives them."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.codelists import Precision
from app.dates import parse_date, shown_date

PRECISIONS = {4: Precision.YEAR, 7: Precision.MONTH, 10: Precision.DAY}
written_dates = st.builds(
    lambda day, length: day.isoformat()[:length],
    st.dates(min_value=date(1000, 1, 1), max_value=date(9999, 12, 30)),
    st.sampled_from(list(PRECISIONS)),
)
unhurried = settings(deadline=None, derandomize=True)


@unhurried
@given(written_dates)
def test_a_date_is_shown_as_it_was_written(written: str) -> None:
    parsed = parse_date(written)
    assert str(parsed) == written
    assert shown_date(parsed.first, parsed.precision) == written


@unhurried
@given(written_dates)
def test_a_date_is_no_finer_than_written(written: str) -> None:
    assert parse_date(written).precision == PRECISIONS[len(written)]


@unhurried
@given(written_dates)
def test_first_and_last_day_bound_what_a_date_can_mean(written: str) -> None:
    parsed = parse_date(written)
    day = timedelta(days=1)
    within = {each.isoformat()[: len(written)] for each in (parsed.first, parsed.last)}
    beyond = {each.isoformat()[: len(written)] for each in (parsed.first - day, parsed.last + day)}
    assert within == {written}
    assert written not in beyond


@unhurried
@given(st.text() | st.from_regex(r"^\d{1,5}(-\d{1,3}){0,3}\s?$"))
def test_anything_else_is_a_value_error_that_names_it(written: str) -> None:
    try:
        parsed = parse_date(written)
    except ValueError as error:
        assert repr(written) in str(error)  # noqa: PT017 - most of what is given is refused
    else:
        assert str(parsed) == written


@pytest.mark.parametrize(
    "written",
    [
        "", "14 November 2025", "2025-2-3", "25-11-14", "2025-11-14T00:00:00", "2025-02-30",
        "2025-13", "2025-00", "2025-11-00", "0999", "0000", "20251114", "2025-", "2025-11-14Z",
        "-2025", "２０２５", "٢٠٢٥-١١", "2025\n", "2025-11\n", "2025-11-14\n", " 2025",
    ],
)  # fmt: skip
def test_what_is_no_date_is_refused(written: str) -> None:
    with pytest.raises(ValueError, match=r"date|calendar|early"):
        parse_date(written)


def test_no_date_is_shown_as_none() -> None:
    assert shown_date(None, Precision.UNKNOWN) is None


@pytest.mark.parametrize(
    ("written", "last"),
    [
        ("2024-02", date(2024, 2, 29)),
        ("2025-02", date(2025, 2, 28)),
        ("2025", date(2025, 12, 31)),
        ("2025-11-14", date(2025, 11, 14)),
    ],
)
def test_the_last_day_follows_the_calendar(written: str, last: date) -> None:
    assert parse_date(written).last == last
