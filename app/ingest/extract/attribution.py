"""Attribution: who is laid what in the mouth, sentence by sentence.

A sentence is read from left to right. Quotations come first, then `according to`, then every cue
that lies in nothing already attributed: attributions do not nest.
"""

from app.ingest.extract.reported import Reported
from app.ingest.extract.sentences import Range
from app.ingest.extract.sheet import Found, Sentence
from app.ingest.extract.words import ACCORDING, CAP, COLON, CUE, Words

CUE_OR_CAP = CUE | CAP


class Attributions:
    """The attributions of an article, and what is left over for the stage after."""

    def __init__(self) -> None:
        self.found: list[Found] = []
        self.opened: dict[int, Found] = {}
        """By sentence, who is about to be quoted."""
        self.loose: list[tuple[Sentence, Range]] = []
        """Quotations whose own sentence names no speaker."""


def attributions(
    words: Words, sentences: list[Range], quotes: list[Range], silent: set[int]
) -> Attributions:
    """Read every sentence of an article but those that are `silent`, by number."""
    found = Attributions()
    flags = words.flags
    hits = [i for i in words.marked if flags[i] & (CUE | ACCORDING)]
    hit = quote = 0
    for number, (begin, end) in enumerate(sentences):
        first_hit, first_quote = hit, quote
        while hit < len(hits) and hits[hit] < end:
            hit += 1
        while quote < len(quotes) and quotes[quote][0] < end:
            quote += 1
        if number in silent:
            continue
        if hit > first_hit or quote > first_quote or flags[end - 1] & COLON:
            mine, cues = quotes[first_quote:quote], hits[first_hit:hit]
            if mine:
                cues = _outside(cues, mine)
            _read(words, Sentence(number, begin, end, cues, mine), found)
    return found


def _outside(hits: list[int], quotes: list[Range]) -> list[int]:
    """The hits that no quotation holds; both in order."""
    kept, place = [], 0
    for hit in hits:
        while place < len(quotes) and quotes[place][1] <= hit:
            place += 1
        if place == len(quotes) or hit < quotes[place][0]:
            kept.append(hit)
    return kept


def _read(words: Words, sentence: Sentence, found: Attributions) -> None:
    """Find the attributions of a sentence."""
    flags, quotes = words.flags, sentence.quotes
    according = [i for i in sentence.cues if flags[i] & ACCORDING]
    sentence.cues = [
        i for i in sentence.cues if flags[i] & CUE_OR_CAP == CUE or _is_cue(words, i, sentence)
    ]
    colon = flags[sentence.end - 1] & COLON
    if not (quotes or according or sentence.cues or colon):
        return
    sheet = Reported(words, sentence)
    if quotes and sheet.begins_quoted():
        sheet.quotation_first()
    if according:
        sheet.according(according[0])
    if sentence.cues and not (len(sentence.cues) > 1 and sheet.all_before()):
        _cue_by_cue(sheet)
    if quotes:
        sheet.after_colons()
        found.loose += [(sentence, quote) for quote in quotes if quote[0] not in sheet.used]
    if sheet.opened is None and colon:
        sheet.open(None, (sentence.end - 1, sentence.end), "colon")
    if sheet.opened is not None:
        found.opened[sentence.number] = sheet.opened
    found.found += sheet.mine


def _is_cue(words: Words, index: int, sentence: Sentence) -> bool:
    """A capital within the sentence makes a name of it: `Ban`; in a headline everything has one."""
    flags, form = words.flags[index], words.words[index].cue
    if form is None:
        return False
    if not flags & CAP or index == sentence.begin or sentence.number == 0:
        return True
    return "base" not in form.kinds


def _cue_by_cue(sheet: Reported) -> None:
    anchors = sheet.anchored() if sheet.quotes else []
    for number, cue in enumerate(sheet.cues):
        if cue < sheet.place:
            continue
        if anchors:
            sheet.limit = min((at for other, at in anchors if other > cue), default=sheet.end)
        if sheet.limit > cue:
            sheet.cue(number)
