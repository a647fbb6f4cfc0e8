"""Quotation marks, as a state machine: which words stand between marks, however they are set.

Papers nest marks, close a “ with a straight one, forget the second half, open each paragraph of a
long speech anew and use single marks beside apostrophes. One walk over the marks settles it.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

DOUBLE = re.compile(r"[\"“”„«»\n]")
DOUBLE_OR_PAIRS = re.compile(r"[\"“”„«»\n]|``|''")
AT_WORD = r"(?<![^\s(\[—–:“\"-].)(?=[\w“\"(\[…$£€])"
SINGLE_OPENS = re.compile(rf"[‘']{AT_WORD}")
EACH_OPENS = (re.compile(rf"‘{AT_WORD}"), re.compile(rf"'{AT_WORD}"))
"""One mark at a time is found sooner than either."""
SINGLE_CLOSES = re.compile(r"[’'](?<=[^\s(\[].)(?!\w)|\n")
ELISIONS = re.compile(
    r"['‘](?:em|til|tis|twas|cause|cos|n|bout|round|\d\d(?:s|\b))\b", re.IGNORECASE
)
CLOSERS = {
    "“": '”"“',
    "”": '”"',
    '"': '"”“',
    "„": '“”"',
    "«": "»",
    "»": "«",
    "``": "''\"",
    "''": "''",
}
"""What closes what. The “ closes where it can open nothing: German, and slips of the hand."""
AMBIGUOUS = frozenset(["“", '"', "''"])
BEFORE_OPENING = " \t\xa0\u202f\u202a\n([—–-“\"‘'/:"
SPLIT = re.compile(r"[\w .’'-]{0,60}\b(?:said|says|added|told|asked|wrote|replied)\b")
"""Between two quotations: who said the first."""


class Quotation(NamedTuple):
    """What stands between two marks, the marks included."""

    start: int
    end: int
    closed: bool = True
    """Whether a mark closes it; the next paragraph may go on."""
    single: bool = False
    typewritten: bool = False
    """Set in pairs of apostrophes, as archives do."""


def quotations(text: str) -> list[Quotation]:
    """The quotations of a text, the outermost only, in order.

    Single marks count where a text uses them more than double ones; elsewhere they stand within
    quotations, and in headlines.
    """
    pattern = DOUBLE_OR_PAIRS if "``" in text or "''" in text else DOUBLE
    marks = [(match.start(), match.group()) for match in pattern.finditer(text)]
    found = list(_doubles(text, marks))
    singles = sum(len(opens.findall(text)) for opens in EACH_OPENS)
    if singles <= 1 or singles < len(found):
        return found
    outer = list(_singles(text))
    if len(outer) < len(found) or _held(outer, found) > _held(found, outer):
        return found
    return sorted([*outer, *_outside(found, outer)], key=lambda each: each.start)


def _held(inner: list[Quotation], outer: list[Quotation]) -> int:
    """How many of the first stand in one of the second; both are in order."""
    place = held = 0
    for quotation in inner:
        while place < len(outer) and outer[place].end <= quotation.start:
            place += 1
        if place < len(outer) and outer[place].start < quotation.start:
            held += quotation.end <= outer[place].end
    return held


def _outside(inner: list[Quotation], outer: list[Quotation]) -> Iterator[Quotation]:
    """Those of the first that lie in none of the second; both are in order."""
    place = 0
    for quotation in inner:
        while place < len(outer) and outer[place].end <= quotation.start:
            place += 1
        if place == len(outer) or quotation.end <= outer[place].start:
            yield quotation


def _doubles(text: str, marks: list[tuple[int, str]]) -> Iterator[Quotation]:
    """Double marks, paragraph by paragraph."""
    begin = 0
    for index, (place, mark) in enumerate(marks):
        if mark == "\n":
            if index > begin:
                yield from _Paragraph(text, marks[begin:index], place).read()
            begin = index + 1
    if begin < len(marks):
        yield from _Paragraph(text, marks[begin:], len(text)).read()


class _Paragraph:
    """The marks of one paragraph, from left to right."""

    def __init__(self, text: str, marks: list[tuple[int, str]], end: int) -> None:
        self.text, self.marks, self.stop = text, marks, end
        self.opened: list[int] = []
        """Which marks are open, the outermost first."""
        self.found: list[Quotation] = []
        self.next_curly = self._next_curly()

    def read(self) -> list[Quotation]:
        """The quotations of the paragraph."""
        for index, (place, mark) in enumerate(self.marks):
            if self.opened:
                self._inside(index)
            elif mark in {"„", "«", "``"} or self._looks_opening(place, mark):
                self.opened.append(index)
        if self.opened:
            self._unclosed()
        return self.found

    def _inside(self, index: int) -> None:
        """A mark within a quotation closes it, opens another, or is part of it."""
        place, mark = self.marks[index]
        opener = self.marks[self.opened[-1]][1]
        opens = mark in AMBIGUOUS and self._looks_opening(place, mark)
        if mark in CLOSERS[opener] and not opens:
            if len(self.opened) > 1 or mark != '"' or not self._is_inner(index, opener):
                self._close(place + len(mark), typewritten=mark == "''")
        elif opens and opener in AMBIGUOUS and not self._is_inner(index, opener):
            self.opened.append(index)

    def _close(self, end: int, *, typewritten: bool) -> None:
        first = self.opened.pop()
        if not self.opened:
            self.found.append(Quotation(self.marks[first][0], end, typewritten=typewritten))

    def _is_inner(self, index: int, opener: str) -> bool:
        """A straight mark within “ and ”: what follows up to the ” is the same speech."""
        place, mark = self.marks[index]
        if opener != "“" or mark != '"' or self.next_curly[index] != "”":
            return False
        return self.text[place - 1] not in ",.?!" or not SPLIT.match(self.text, place + 2)

    def _next_curly(self) -> list[str]:
        """For each mark, the next curly one after it."""
        following, last = [""] * len(self.marks), ""
        for index in range(len(self.marks) - 1, -1, -1):
            following[index] = last
            if self.marks[index][1] in {"“", "”"}:
                last = self.marks[index][1]
        return following

    def _looks_opening(self, place: int, mark: str) -> bool:
        """Whether space stands before a mark and a word behind it."""
        text, end = self.text, place + len(mark)
        before = text[place - 1] if place else " "
        after = text[end] if end < len(text) else " "
        if mark == "“":
            return before in BEFORE_OPENING or after.isalnum()
        if mark == "”" and before in "\n\u202a" and after == " ":
            return end + 1 < len(text)
        if before not in BEFORE_OPENING or after.isspace() or after in ",;":
            return False
        return after != "." or text[end + 1 : end + 3].strip() != ""

    def _unclosed(self) -> None:
        """What was opened and not closed: the speech goes on, or a mark was forgotten."""
        first = self.opened[0]
        start = self.marks[first][0]
        nested = len(self.opened) > 1
        end = self.marks[first + 1][0] if nested else self.stop
        while end > start and self.text[end - 1].isspace():
            end -= 1
        if end > start + 1:
            self.found.append(Quotation(start, end, closed=False))
        last, mark = self.marks[-1]
        inner = self.marks[self.opened[-1]][0]
        if nested and last > inner:
            self.found.append(Quotation(inner, last + len(mark)))


def _singles(text: str) -> Iterator[Quotation]:
    """Single marks: an apostrophe closes nothing if a better mark follows it."""
    openings = [
        match.start()
        for match in SINGLE_OPENS.finditer(text)
        if not ELISIONS.match(text, match.start())
    ]
    closings = [(match.start(), match.group()) for match in SINGLE_CLOSES.finditer(text)]
    place = 0
    for index, start in enumerate(openings):
        limit = openings[index + 1] if index + 1 < len(openings) else len(text)
        first = place
        while first < len(closings) and closings[first][0] <= start:
            first += 1
        place = first
        while place < len(closings) and closings[place][0] < limit and closings[place][1] != "\n":
            place += 1
        end = _closing(text, [at for at, _ in closings[first:place]])
        if end is not None:
            yield Quotation(start, end + 1, single=True)
        elif place < len(closings) and closings[place][0] < limit:
            yield Quotation(start, closings[place][0], closed=False, single=True)


def _closing(text: str, marks: list[int]) -> int | None:
    """Which of the marks closes: the first beside a stop, else the first that is no plural's."""
    for end in marks:
        after = text[end + 1 : end + 2]
        if text[end - 1] in ",.?!…—–" or (after and after in ",.;:?!)—–\n"):
            return end
    for end in marks:
        if text[end - 1] not in "sS":
            return end
    return marks[0] if marks else None
