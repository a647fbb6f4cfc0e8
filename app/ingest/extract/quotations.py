"""Quotation marks, as a state machine: which words stand between marks, however they are set.

Papers nest marks, close a “ with a straight one, forget the second half, open each paragraph of a
long speech anew and use single marks beside apostrophes. One walk over the marks settles it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from app.ingest.extract.found import Span

DOUBLE = re.compile(r"[\"“”„«»\n]|``|''")
SINGLE_OPENS = re.compile(r"(?:(?<=[\s(\[—–:“\"-])|\A)[‘'](?=[\w“\"(\[…$£€])")
SINGLE_CLOSES = re.compile(r"(?<=[^\s(\[])[’'](?!\w)|\n")
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
AMBIGUOUS = frozenset(["“", '"', "''"])
BEFORE_OPENING = " \t\xa0\u202f\u202a\n([—–-“\"‘'/:"
SPLIT = re.compile(r"[\w .’'-]{0,60}\b(?:said|says|added|told|asked|wrote|replied)\b")
ENDS_SPEECH = re.compile(r"[,.!?…—–-]\W?\Z")


@dataclass(frozen=True, slots=True)
class Quotation:
    """What stands between two marks, the marks included."""

    start: int
    end: int
    closed: bool = True
    """Whether a mark closes it; the next paragraph may go on."""
    single: bool = False
    typewritten: bool = False
    """Set in pairs of apostrophes, as archives do."""


def quotations(text: str) -> list[Quotation]:
    """The quotations of a text, the outermost only, in order."""
    singles = len(SINGLE_OPENS.findall(text)) if "‘" in text or "'" in text else 0
    marks = [(m.start(), m.group()) for m in DOUBLE.finditer(text)]
    doubles = sum(mark != "\n" for _, mark in marks) // 2
    found = list(_doubles(text, marks)) if doubles else []
    if singles <= 1 or singles < doubles:
        return found
    outer = [q for q in _singles(text, []) if _is_speech(text, q)]
    if len(outer) < len(found):
        return found
    return sorted([*outer, *_outside(found, outer)], key=lambda q: q.start)


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
        """Where the marks stand that are open, as indexes."""
        self.found: list[Quotation] = []
        self.next_curly = self._next_curly()

    def read(self) -> list[Quotation]:
        """The quotations of the paragraph."""
        for index, (place, mark) in enumerate(self.marks):
            if self.opened:
                self._inside(index, place, mark)
            elif self._can_open(place, mark):
                self.opened.append(index)
        if self.opened:
            self._unclosed()
        return self.found

    def _inside(self, index: int, place: int, mark: str) -> None:
        first = self.opened[-1]
        opener = self.marks[first][1]
        opens = self._looks_opening(place, mark)
        if mark in CLOSERS[opener] and not (opens and mark in AMBIGUOUS):
            if len(self.opened) == 1 and mark == '"' and self._is_inner(index, opener):
                return
            self.opened.pop()
            if not self.opened:
                start = self.marks[first][0]
                self.found.append(Quotation(start, place + len(mark), typewritten=mark == "''"))
        elif (
            opens
            and (opener in AMBIGUOUS and mark in AMBIGUOUS)
            and not self._is_inner(index, opener)
        ):
            self.opened.append(index)

    def _is_inner(self, index: int, opener: str) -> bool:
        """A straight mark within “ and ”: what follows up to the ” is the same speech."""
        if opener != "“" or self.next_curly[index] != "”" or self.marks[index][1] != '"':
            return False
        place = self.marks[index][0]
        return not SPLIT.match(self.text, place + 2) or self.text[place - 1] not in ",.?!"

    def _next_curly(self) -> list[str]:
        """For each mark, the next curly one after it."""
        following, last = [""] * len(self.marks), ""
        for index in range(len(self.marks) - 1, -1, -1):
            following[index] = last
            if self.marks[index][1] in "“”":
                last = self.marks[index][1]
        return following

    def _can_open(self, place: int, mark: str) -> bool:
        if mark in {"„", "«", "``"}:
            return True
        if mark == "“":
            return (
                self.text[place - 1 : place].isspace()
                or not self.text[place + 1 : place + 2].isspace()
            )
        return self._looks_opening(place, mark)

    def _looks_opening(self, place: int, mark: str) -> bool:
        text = self.text
        before = text[place - 1] if place else " "
        at = place + len(mark)
        after = text[at] if at < len(text) else " "
        if mark == "“":
            return before.isspace() or not after.isspace()
        if mark == "”" and place + 2 < len(text) and before in "\n\u202a" and after == " ":
            return True
        if before not in BEFORE_OPENING or after.isspace() or after in ",;":
            return False
        return after != "." or text[place + 2 : place + 4].strip() != ""

    def _unclosed(self) -> None:
        """What was opened and not closed: the speech goes on, or a mark was forgotten."""
        if len(self.opened) > 1 and self.found and self.found[-1].start > self.opened[0]:
            return
        start = self.marks[self.opened[0]][0]
        nested = len(self.opened) > 1
        end = (
            self.marks[self.marks.index((start, self.marks[self.opened[0]][1])) + 1][0]
            if nested
            else self.stop
        )
        while end > start and self.text[end - 1].isspace():
            end -= 1
        if end > start + 1:
            self.found.append(Quotation(start, end, closed=False))
        if nested:
            last, mark = self.marks[-1]
            if last > self.marks[self.opened[-1]][0]:
                self.found.append(Quotation(self.marks[self.opened[-1]][0], last + len(mark)))


def _singles(text: str, _: list[Quotation]) -> Iterator[Quotation]:
    """Single marks: an apostrophe closes nothing if a better mark follows before the next opening."""
    openings = [
        m.start() for m in SINGLE_OPENS.finditer(text) if not ELISIONS.match(text, m.start())
    ]
    closings = [(m.start(), m.group()) for m in SINGLE_CLOSES.finditer(text)]
    place = 0
    for index, start in enumerate(openings):
        limit = openings[index + 1] if index + 1 < len(openings) else len(text)
        while place < len(closings) and closings[place][0] <= start:
            place += 1
        ahead = place
        best = None
        while ahead < len(closings) and closings[ahead][0] < limit and closings[ahead][1] != "\n":
            end = closings[ahead][0]
            after = text[end + 1 : end + 2]
            if text[end - 1] in ",.?!…—–" or (after and after in ",.;:?!)—–\n"):
                best = end
                break
            if best is None and text[end - 1] not in "sS":
                best = end
            ahead += 1
        if (
            best is None
            and place < len(closings)
            and closings[place][1] != "\n"
            and closings[place][0] < limit
        ):
            best = closings[place][0]
        if best is not None:
            yield Quotation(start, best + 1, single=True)
        elif ahead < len(closings) and closings[ahead][1] == "\n" and closings[ahead][0] < limit:
            yield Quotation(start, closings[ahead][0], closed=False, single=True)


def _is_speech(text: str, quotation: Quotation) -> bool:
    return True


def as_span(quotation: Quotation) -> Span:
    """Its place in the text."""
    return quotation.start, quotation.end
