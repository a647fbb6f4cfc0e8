"""Dates as fine as the evidence gives them: 2025-11-14, 2025-11 or 2025 (ISO 8601)."""

import re
from calendar import monthrange
from datetime import date
from typing import NamedTuple

from app.codelists import Precision

PATTERN = r"^\d{4}(-\d{2}(-\d{2})?)?$"
_FORM = re.compile(PATTERN, re.ASCII)
_BY_LENGTH = {4: Precision.YEAR, 7: Precision.MONTH, 10: Precision.DAY}
_LENGTH: dict[str, int] = {precision: length for length, precision in _BY_LENGTH.items()}
_EARLIEST_YEAR = 1000


class PartialDate(NamedTuple):
    """A day, a month or a year, by its first day."""

    first: date
    precision: Precision

    def __str__(self) -> str:
        """ISO 8601, no finer than the precision."""
        return self.first.isoformat()[: _LENGTH[self.precision]]

    @property
    def last(self) -> date:
        """The last day that it can mean."""
        year, month, day = self.first.year, self.first.month, self.first.day
        if self.precision == Precision.YEAR:
            month, day = 12, 31
        elif self.precision == Precision.MONTH:
            day = monthrange(year, month)[1]
        return date(year, month, day)


def parse_date(written: str) -> PartialDate:
    """Read a date. Raises ValueError, saying why, for anything that is not one."""
    if not _FORM.fullmatch(written):
        raise ValueError(f"{written!r} is not a date: write 2025-11-14, 2025-11 or 2025.")
    parts = [int(part) for part in written.split("-")]
    if parts[0] < _EARLIEST_YEAR:
        raise ValueError(f"{written!r} is too early: years begin at {_EARLIEST_YEAR}.")
    try:
        first = date(*[*parts, 1, 1][:3])
    except ValueError as error:
        raise ValueError(f"{written!r} is no day of the calendar ({error}).") from None
    return PartialDate(first, _BY_LENGTH[len(written)])


def shown_date(first: date | None, precision: str) -> str | None:
    """A stored date as it is shown: no finer than its precision, or nothing if there is none."""
    return None if first is None else first.isoformat()[: _LENGTH[precision]]
