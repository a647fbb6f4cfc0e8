"""Reading an article: every stage in its turn."""

from bisect import bisect_right

from app.codelists import QuoteType
from app.ingest.extract.attribution import Found, Reader, Sentence
from app.ingest.extract.continued import Continued
from app.ingest.extract.found import Attribution, Person, Reading, Span
from app.ingest.extract.people import people
from app.ingest.extract.quotations import quotations
from app.ingest.extract.sentences import paragraphs, sentences, word_ranges
from app.ingest.extract.speakers import Speakers
from app.ingest.extract.words import Words


def raw(text):
    words = Words(text)
    quotes = quotations(text)
    ranges = words.quote([(q.start, q.end) for q in quotes])
    spans = paragraphs(text)
    paras = word_ranges(words, spans)
    parts = sentences(words, paras, ranges)
    begins = [p[0] for p in paras]
    paragraph_of = [bisect_right(begins, s[0]) for s in parts]
    reader = Reader(words)
    place = 0
    for number, (begin, end) in enumerate(parts):
        mine = []
        while place < len(ranges) and ranges[place][0] < begin:
            place += 1
        while place < len(ranges) and ranges[place][0] < end:
            mine.append(ranges[place])
            place += 1
        reader.read(Sentence(number, begin, end, mine))
    goes_on = Continued(words, reader.found, reader.opened, paragraph_of)
    for sentence, quote in reader.loose:
        goes_on.give(sentence, quote)
    found = sorted([*reader.found, *goes_on.made], key=lambda f: (f.sentence, f.content[0]))
    reader.found = found
    reader.parts, reader.spans, reader.quotes = parts, spans, quotes
    reader.paras = paras
    return words, quotes, reader


def read(text: str) -> Reading:
    """Read an article's plain text."""
    words, quotes, reader = raw(text)
    spans = reader.spans
    known = people(words, reader.paras[0][1] if len(spans) > 1 else 0)
    speakers = Speakers(words, known, reader.parts)
    made = []
    quoted = {(q.start, q.end) for q in quotes if not q.typewritten}
    starts = [q.start for q in quotes]
    for found in reader.found:
        name, person = speakers.resolve(found)
        made.append(
            Attribution(
                _type(found, quotes, quoted, starts),
                tuple(found.content),
                _span(words, found.source),
                _span(words, found.cue),
                name,
                Person(person.name, person.surname, person.role, person.mention, person.gender)
                if person
                else None,
                found.rule,
                0.5,
            )
        )
    body = (spans[0][0], spans[-1][1]) if spans else (0, len(text))
    return Reading(
        text,
        None,
        body,
        tuple(spans),
        tuple((words.starts[a], words.end(b - 1)) for a, b in reader.parts),
        (),
        tuple(made),
    )


def _span(words, found):
    if found is None:
        return None
    begin, end = words.start(found[0]), words.end(found[1] - 1)
    return (begin, end) if end > begin else None


def _type(found, quotes, quoted, starts):
    if all(span in quoted for span in found.content):
        return QuoteType.DIRECT
    for start, end in found.content:
        place = bisect_right(starts, start) - 1
        if place + 1 < len(starts) and starts[place + 1] < end:
            return QuoteType.MIXED
        if place >= 0 and quotes[place].end > start:
            return QuoteType.MIXED
    return QuoteType.INDIRECT
