"""What a plain text states of itself: its day, headline, desk and byline, its agency.

Only the lines above the story and the credit below it are looked at, and only for what is printed
in a form that says what it is. A line that could be anything is left alone.
"""

import re
from dataclasses import dataclass, field
from typing import Any

from app.errors import ArticleRefused
from app.ingest.extract.found import Meta
from app.ingest.read.charset import decode
from app.ingest.read.given import value_of
from app.ingest.read.printed import agency_named, day_printed, day_stated
from app.ingest.read.source import canonical, filled

_HEAD_LINES = 24
_TAIL_LINES = 6
_END = 20_000
"""The head and the credit stand within so many code points of the text's ends."""
_LONGEST = 200
"""Longer lines are running text: only a dateline or a credit is looked for in them."""

_LABELS = {
    "headline": "headline",
    "title": "headline",
    "publisher": "publisher",
    "publication": "publisher",
    "issued by": "publisher",
    "agency": "agency",
    "author": "byline",
    "byline": "byline",
    "date": "published_on",
    "published": "published_on",
    "published on": "published_on",
    "publication date": "published_on",
    "posted": "published_on",
    "posted on": "published_on",
    "url": "url",
    "language": "language",
}
_NAMES = ("publisher", "agency", "byline")
_CLOSING = "”\"’'»“)"
_LABEL = re.compile(r"([A-Za-z][A-Za-z ]{2,18}?) ?: *(\S.*)")
_DATED = re.compile(r"(?:date:? )?(\d{4}-\d{2}-\d{2})(?: ?[:|–—-])? ([^\W\d].*)", re.IGNORECASE)
_NOTICE = re.compile(
    r"for (?:immediate|general) release.*|(?:press|news|media) (?:release|statement)"
    r"|embargoed .*|(?:last )?updated?\b.*|summary|live|breaking(?: news)?|exclusive|opinion"
    r"|editorial|analysis|explainer|transcript|corrections?(?: and clarifications?)?|[\W\d_]*"
    r"|\d{1,2}[:.h]\d{2}\b.{0,12}",
    re.IGNORECASE,
)
_CONTACT = re.compile(r"(?:(?:media|press) )?(?:contacts?|enquiries|inquiries)\b.*", re.IGNORECASE)
_BY = re.compile(r"(?:By|BY|Von|Par|Por|Di) (?P<who>[^|–—]{3,100}?)(?: ?[|–—] ?(?P<rest>.*))?")
_SMALL = frozenset(
    [
        "and",
        "und",
        "et",
        "y",
        "e",
        "i",
        "for",
        "in",
        "of",
        "de",
        "da",
        "del",
        "van",
        "von",
        "der",
        "den",
        "la",
        "le",
        "al",
        "bin",
        "ibn",
        "el",
    ]
)
_HAND = re.compile(r"(curated|edited|compiled|written|reported) by ?:? ?(\S.{2,80})", re.IGNORECASE)
_DESK = re.compile(
    r"(?:[A-Z][\w.'’&-]* ){0,4}(?:[Nn]ews|[Ww]eb|[Ww]orld|[Ff]oreign|[Dd]igital) [Dd]esk"
    r"|(?:Our |The )?(?:Staff|Special|Own|Diplomatic|Foreign|News) (?:Correspondent|Reporter)"
    r"|(?:[A-Z][\w.'’&-]* ){1,4}(?:Bureau|Web Team)"
)
_DATELINE = re.compile(r"(?P<place>[^()]{0,80})\((?P<agency>[^()]{2,40})\)(?P<dash> ?[-–—:])?")
_BETWEEN_DASHES = re.compile(r"(?P<place>[^()–—]{2,60}) ?[–—-] (?P<agency>[^()–—]{2,40}?) [–—-] ")
_LONGEST_DATELINE = 120
"""No bracket or dash of a dateline stands farther from its start."""
_INPUTS = re.compile(
    r"\W*(?:with|additional) (?:\w+ )?(?:inputs?|reporting|reports?|material)"
    r" (?:from|by) (.{2,80})",
    re.IGNORECASE,
)
_SOURCE = re.compile(r"\W*(?:source|agency|via) ?: ?(.{2,60})", re.IGNORECASE)
_SIGNED = re.compile(r".*\(([^()]{2,30})\)\W*|\W*([^()]{2,30}?)(?: [A-Z]{2,4}){0,6}\W*")
_REPORTING = re.compile(r"\W*[Rr]eporting by ([^;()]{2,100}?)(?:[;)].*|\.?\W*)")
_SPEAKER = re.compile(r"[A-Z][A-Z .'’-]+(?:\([^)]*\))?: ")


def read_plain(
    body: bytes, content_type: str | None = None, url: str | None = None
) -> tuple[str, Meta]:
    """The canonical text of a plain text, and what it states of itself. Raises ArticleRefused."""
    decoded = decode(body, content_type)
    if not decoded.whole:
        raise ArticleRefused("Some of its bytes are no characters of the set that is declared.")
    text = canonical(decoded.text)
    return text, filled(stated(text), Meta(url=url))


def stated(text: str) -> Meta:
    """What a canonical text states of itself."""
    head = _Head()
    head.read(text[:_END].split("\n"))
    last = [line for line in text[-_END:].split("\n") if line.strip()]
    return filled(head.meta(), *[_credit(_spaced(line)) for line in last[-_TAIL_LINES:]])


@dataclass
class _Head:
    """The lines above the story, read one by one: the first that states a thing counts."""

    found: dict[str, Any] = field(default_factory=dict)
    hands: list[str] = field(default_factory=list)
    passing: bool = False
    """In a block of contacts, whose names are nobody's byline."""
    begun: bool = False
    """A line was seen that may be the headline, or stands in its place."""

    def read(self, lines: list[str]) -> None:
        left = _HEAD_LINES
        for number, line in enumerate(map(_spaced, lines)):
            if not line:
                self.passing = False
                continue
            left -= 1
            if left < 0:
                return
            if not self.passing and not self.states(line) and not self.begun:
                self.begun = True
                self._headline(line, lines[number + 1 :])

    def meta(self) -> Meta:
        """What was found."""
        if self.hands:
            self.found.setdefault("byline", "; ".join(dict.fromkeys(self.hands)))
        return Meta(**self.found)

    def _note(self, name: str, value: object) -> bool:
        if value is not None:
            self.found.setdefault(name, value)
        return value is not None

    def states(self, line: str) -> bool:
        """Whether the line is no headline and no story; what it says is noted."""
        if len(line) > _LONGEST:
            return self._note("agency", _agency_of_dateline(line))
        if _CONTACT.fullmatch(line):
            self.passing = True
            return True
        if dated := _DATED.fullmatch(line):
            self.begun = True
            self._note("headline", dated[2])
            return self._note("published_on", day_printed(dated[1]))
        return (
            bool(_NOTICE.fullmatch(line))
            or self._note("published_on", day_stated(line))
            or self._labelled(line)
            or self._signed(line)
            or self._note("agency", _agency_of_dateline(line) or _credit(line).agency)
        )

    def _labelled(self, line: str) -> bool:
        label = _LABEL.fullmatch(line)
        name = _LABELS.get(label[1].lower()) if label else None
        if label is None or name is None:
            return False
        value = day_printed(label[2]) if name == "published_on" else value_of(name, label[2])
        if name in _NAMES and not _is_name(label[2]):
            return False  # a headline: `Author: nobody knew`
        if name == "agency" and agency_named(label[2]) != value:
            return False
        self.begun = self.begun or name == "headline"
        return self._note(name, value)

    def _signed(self, line: str) -> bool:
        """Whether the line names who wrote it."""
        if hand := _HAND.fullmatch(line):
            wrote = hand[1].lower() in ("written", "reported")
            self.hands.append(hand[2] if wrote else f"{hand[1].lower()} by {hand[2]}")
            return True
        if _DESK.fullmatch(line):
            self.hands.append(line)
            return True
        by = _BY.fullmatch(line)
        if by is None or not _is_name(by["who"]):
            return False
        who = by["who"].rstrip(",")
        if agency_named(who) == who:
            self._note("agency", who)
        else:
            self.hands.append(who)
        rest = by["rest"] or ""
        if not _NOTICE.fullmatch(rest):
            self._note("published_on", day_stated(rest))
        return True

    def _headline(self, line: str, following: list[str]) -> None:
        """Take the first line that is nothing else for the headline, if it stands as one."""
        after = _spaced(following[0]) if following else None
        speaks = _SPEAKER.match(line) and any(
            _SPEAKER.match(_spaced(each)) for each in following[:10]
        )
        bare = line.rstrip(_CLOSING)
        sentence = bare.endswith((".", ",", ";", ":")) and not bare.endswith("...")
        if after is None or speaks or sentence or len(line) > _LONGEST or " " not in line:
            return
        if not any(map(str.strip, following)) or _agency_of_dateline(line):
            return
        if not after or _Head(begun=True).states(after):
            self._note("headline", line)


def _spaced(line: str) -> str:
    """A line with one blank where it has any space."""
    return " ".join(line.split())


def _is_name(words: str) -> bool:
    """Whether every word is a name's: a capital first, or one of the small words within names."""
    return not words.endswith((".", "!", "?")) and all(
        not word[0].islower() or word.strip(",") in _SMALL for word in words.split()
    )


def _agency_of_dateline(line: str) -> str | None:
    """The agency of `KABUL, Nov 14 (Reuters) -`. An unknown one needs capitals and a dash."""
    start = line[:_LONGEST_DATELINE]
    found = _DATELINE.match(line) if "(" in start else None
    if found and all(not word[0].islower() for word in found["place"].split()):
        known = agency_named(found["agency"])
        if known == found["agency"].strip():
            return known
        city = found["place"].split(",")[0].strip()
        if found["dash"] and city.isupper() and found["agency"][0].isupper():
            return str(found["agency"])
    dashed = "- " in start or "– " in start or "— " in start
    found = _BETWEEN_DASHES.match(line) if dashed else None
    if found and agency_named(found["agency"]) == found["agency"]:
        return str(found["agency"])
    return None


def _credit(line: str) -> Meta:
    """What a line of credits states: `(With inputs from PTI)`, `Source: AFP`, `Reporting by …`."""
    if len(line) <= _LONGEST:
        if found := _INPUTS.match(line) or _SOURCE.match(line):
            return Meta(agency=agency_named(found[1]))
        if found := _REPORTING.fullmatch(line):
            return Meta(byline=found[1])
    found = _SIGNED.fullmatch(line[-_LONGEST:])
    signed = (found[1] or found[2]) if found else None
    if signed and agency_named(signed) == signed:
        return Meta(agency=signed)
    return Meta()
