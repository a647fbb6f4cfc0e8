"""Dates as articles give them, relative to the day of publication. Unknown stays unknown."""

import re
from datetime import date, timedelta

from app.ingest.extract.found import Span

_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MONTHS = (
    *("january", "february", "march", "april", "may", "june", "july"),
    *("august", "september", "october", "november", "december"),
)
_SHORT = {name[:3]: index for index, name in enumerate(_MONTHS, 1)} | {"sept": 9}
_MONTH = r"(?:" + "|".join(_MONTHS) + r"|(?:jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)\.?)"
_FOUND = re.compile(
    rf"""\b(?:
      (?P<iso>\d{{4}}-\d{{2}}-\d{{2}})
    | (?P<d1>\d{{1,2}})(?:st|nd|rd|th)?\s(?:of\s)?(?P<m1>{_MONTH})(?:,?\s(?P<y1>\d{{4}}))?(?!\w)
    | (?P<m2>{_MONTH})\s(?P<d2>\d{{1,2}})(?:st|nd|rd|th)?(?:,\s(?P<y2>\d{{4}}))?(?!\w)
    | (?P<which>last\s|next\s|this\s|coming\s)?(?P<day>{"|".join(_DAYS)})(?!\w)
    | (?P<near>today|yesterday)\b
    | (?P<vague>(?:last|this|earlier\sthis|previous|past)\s(?:week|weekend)|recently|days\sago
        |weeks\sago|months\sago|years\sago|the\sother\sday|in\sthe\spast)\b
    | last\s(?P<last>month|year)\b
    | in\s(?:early\s|late\s|mid-)?(?P<m3>{_MONTH})(?:\s(?P<y3>\d{{4}}))?(?!\w)
    | in\s(?P<y4>(?:19|20)\d{{2}})\b
    )""",
    re.IGNORECASE | re.VERBOSE,
)

UNKNOWN = ""
"""The text speaks of a time that cannot be told as a date."""


def date_in(text: str, span: Span, published: date | None) -> str | None:
    """The first date that a stretch of text gives, no finer than it gives it.

    Returns:
        `2025-11-14`, `2025-11` or `2025`; UNKNOWN for a time that is no date; None for no time.
    """
    found = _FOUND.search(text, *span)
    return None if found is None else _read(found, published)


def _read(found: re.Match[str], published: date | None) -> str:
    get = found.group
    if get("iso"):
        return _day(*map(int, get("iso").split("-")))
    for n in "12":
        if get(f"d{n}"):
            year = get(f"y{n}")
            return _of_month(int(get(f"d{n}")), get(f"m{n}"), year, published)
    if get("m3"):
        return _month(get("m3"), get("y3"), published)
    if get("y4"):
        return get("y4") if published is None or int(get("y4")) <= published.year else UNKNOWN
    return UNKNOWN if published is None else _relative(found, published)


def _relative(found: re.Match[str], published: date) -> str:
    """A date counted from the day of publication."""
    if found["near"]:
        return str(published - timedelta(days=found["near"].lower() == "yesterday"))
    if found["day"]:
        if (found["which"] or "").strip().lower() in {"next", "coming"}:
            return UNKNOWN
        back = (published.weekday() - _DAYS.index(found["day"].lower())) % 7
        return str(published - timedelta(days=back))
    if found["last"]:
        if found["last"].lower() == "year":
            return str(published.year - 1)
        return str(published.replace(day=1) - timedelta(days=1))[:7]
    return UNKNOWN


def _number(month: str) -> int:
    return _SHORT[month.lower().rstrip(".")[:3]]


def _of_month(day: int, month: str, year: str | None, published: date | None) -> str:
    """A day of a month; without its year the last such day up to publication."""
    if year:
        return _day(int(year), _number(month), day)
    if published is None:
        return UNKNOWN
    this = _day(published.year, _number(month), day)
    return this if this <= str(published) else _day(published.year - 1, _number(month), day)


def _month(month: str, year: str | None, published: date | None) -> str:
    if year:
        return f"{year}-{_number(month):02}"
    if published is None:
        return UNKNOWN
    back = _number(month) > published.month
    return f"{published.year - back}-{_number(month):02}"


def _day(year: int, month: int, day: int) -> str:
    try:
        found = date(year, month, day)
    except ValueError:
        return UNKNOWN
    return str(found) if year >= 1000 else UNKNOWN
