"""What newspapers print in forms of their own: days, and the names of agencies."""

import re
from contextlib import suppress
from datetime import date

_MONTHS = (
    "january jan januar janvier enero janeiro gennaio jänner",
    "february feb februar février febrero fevereiro febbraio",
    "march mar märz mars marzo março",
    "april apr avril abril aprile",
    "may mai mayo maio maggio",
    "june jun juni juin junio junho giugno",
    "july jul juli juillet julio julho luglio",
    "august aug août agosto",
    "september sept sep septembre septiembre setembro settembre",
    "october oct oktober octobre octubre outubro ottobre",
    "november nov novembre noviembre novembro",
    "december dec dezember décembre diciembre dezembro dicembre",
)
_NUMBER = {name: number for number, names in enumerate(_MONTHS, 1) for name in names.split()}
_MONTH = rf"(?P<month>{'|'.join(sorted(_NUMBER, key=len, reverse=True))})\.?"
_D = r"(?P<d>[0-3]?\d)"
_Y = r"(?P<y>(?:19|20)\d\d)"
_FORMS = [
    re.compile(rf"(?<![\w/.-]){form}(?![\w/-])", re.IGNORECASE)
    for form in (
        rf"{_Y}-(?P<m>\d\d)-{_D}(?:T[\d:.]+(?:Z|[+-][\d:]+)?)?",
        rf"{_D}(?:st|nd|rd|th|er|º|\.)?,? (?:de |of )?{_MONTH},? (?:de )?{_Y}",
        rf"{_MONTH} {_D}(?:st|nd|rd|th)?,? {_Y}",
        rf"{_D}\.(?P<m>[01]?\d)\.{_Y}",
        rf"(?P<a>[0-3]?\d)/(?P<b>[0-3]?\d)/{_Y}",
    )
]
_WEEKDAYS = (
    "mon tue wed thu fri sat sun monday tuesday wednesday thursday friday saturday sunday "
    "montag dienstag mittwoch donnerstag freitag samstag sonntag lundi mardi mercredi jeudi "
    "vendredi samedi dimanche lunes martes miércoles jueves viernes sábado domingo"
)
_WORDS_BESIDE = frozenset(f"{_WEEKDAYS} published posted on at date the am pm".split())
"""What may stand beside a day in a line that states it, with times and zones."""
_TIME = re.compile(r"\d{1,2}(?:[:.h]\d{2})*(?:am|pm)?|[A-Z]{2,5}|[+-]\d{2}:?\d{2}|\W+")

_NAMED = (
    "Reuters",
    "REUTERS",
    "Thomson Reuters",
    "Associated Press",
    "Agence France-Presse",
    "Press Trust of India",
    "Xinhua",
    "Interfax",
    "RIA Novosti",
    "Deutsche Presse-Agentur",
    "dpa",
    "Anadolu Agency",
    "Anadolu",
    "Kyodo News",
    "Kyodo",
    "Yonhap",
    "Bloomberg News",
    "Bloomberg",
    "Press Association",
    "PA Media",
    "Canadian Press",
    "Australian Associated Press",
    "Ukrinform",
    "Tasnim",
    "Fars",
    "Pajhwok",
    "Khaama Press",
    "Tanjug",
    "Lusa",
    "Belga",
    "Ritzau",
    "Europa Press",
)
_INITIALS = [
    "AP",
    "AFP",
    "PTI",
    "ANI",
    "IANS",
    "UNI",
    "APP",
    "TASS",
    "EFE",
    "ANSA",
    "AA",
    "UPI",
    "PA",
    "AAP",
    "CP",
    "NAN",
    "BSS",
    "UNB",
    "IRNA",
    "ISNA",
    "WAM",
    "SPA",
    "KUNA",
    "QNA",
    "MENA",
    "APA",
    "ATS",
    "PAP",
    "CTK",
    "MTI",
    "NTB",
    "KNA",
    "VNA",
    "CNA",
    "JIJI",
]
_LONGEST_FIRST = sorted((*_NAMED, *_INITIALS), key=len, reverse=True)
AGENCIES = re.compile(rf"(?<![\w&/-])(?:{'|'.join(map(re.escape, _LONGEST_FIRST))})(?![\w&-])")
"""The name of an agency, as printed. Initials are none in small letters."""


def agency_named(words: str) -> str | None:
    """The first agency that the words name, as printed."""
    found = AGENCIES.search(words)
    return found[0] if found else None


def day_printed(words: str) -> date | None:
    """The first full day in the words. 3/4/2025 is none: it may be March or April."""
    found = _day_in(words)
    return found[0] if found else None


def day_stated(line: str) -> date | None:
    """The day of a line that says nothing else, beside a weekday, a time and `Published on`."""
    found = _day_in(line)
    if found is None:
        return None
    day, (start, end) = found
    beside = f"{line[:start]} {line[end:]}".replace(",", " ").split()
    for word in beside:
        if word.strip(".:|()").lower() not in _WORDS_BESIDE and not _TIME.fullmatch(word):
            return None
    return day


def _day_in(words: str) -> tuple[date, tuple[int, int]] | None:
    """The first day and where it stands; the same form twice in the words is not a problem."""
    if "19" not in words and "20" not in words:
        return None  # no form does without the year
    for form in _FORMS:
        for found in form.finditer(words):
            day = _day(found.groupdict())
            if day:
                return day, found.span()
    return None


def _day(parts: dict[str, str]) -> date | None:
    if "a" in parts:
        one, two = int(parts["a"]), int(parts["b"])
        if one <= 12 and two <= 12 and one != two:
            return None
        parts |= {"d": str(max(one, two)), "m": str(min(one, two))}
    month = _NUMBER[parts["month"].lower()] if "month" in parts else int(parts["m"])
    with suppress(ValueError):
        return date(int(parts["y"]), month, int(parts["d"]))
    return None
