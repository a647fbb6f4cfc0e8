"""Verification: spans, hashes, keys and dates. What does not hold exactly is refused.

With the article's text, every selector is checked against it to the code point. Without it, what
can be checked is: that spans lie in the text, that words and hashes agree, that dates can be.
"""

import hashlib
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

from app.codelists import QuoteType, Response
from app.dates import parse_date
from app.ingest.draft import Draft, Path_
from app.ingest.record import ArticleRecord, OfferEntry, OfferFields, Selector

OPENING = '“"«„‘'
CLOSING = '”"»“’'
_SURE_CLOSING = '”"»'
"""Closing marks that cannot be an apostrophe."""

_FAR = 200_000
"""In texts longer than this many code points, the right place of a selection is not searched."""


def verify(draft: Draft, text: str | None) -> None:
    """Note every fault of the record in the draft."""
    record = draft.record
    if record is None:
        return
    held = text is not None and _is_the_text(draft, record, text)
    for path, selector in draft.selectors():
        if text is not None and held:
            check_selector(draft, path, selector, text)
        else:
            check_alone(draft, path, selector, record.article.characters)
    _check_keys(draft)
    _check_dates(draft, record.article.published_on)
    keys = {each.key for _, each in draft.entries("positions")} | draft.left_out["positions"].keys()
    for index, offer in draft.entries("mediation_offers"):
        check_offer(draft, ("mediation_offers", index), offer)
        _check_stated(draft, ("mediation_offers", index), offer, keys)


def spoken(text: str, start: int, end: int) -> str:
    """The words of a direct quotation: its outer marks and a comma before the closing one off."""
    if text[start] in OPENING:
        start += 1
    if end > start and text[end - 1] in CLOSING:
        end -= 1
        if text[end - 1] == ",":
            end -= 1
    return text[start:end]


def sha256(text: str) -> str:
    """SHA-256 of a text in UTF-8, in hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()


def _is_the_text(draft: Draft, record: ArticleRecord, text: str) -> bool:
    if sha256(text) == record.article.text_sha256 and len(text) == record.article.characters:
        return True
    draft.fault(
        ("article", "text_sha256"),
        f"the text given has {len(text)} code points and SHA-256 {sha256(text)}, the record's has "
        f"{record.article.characters} and {record.article.text_sha256}: it is another text.",
    )
    return False


def check_alone(draft: Draft, path: Path_, selector: Selector, characters: int) -> None:
    """Note what cannot be, for a selector of a text that is not at hand."""
    if beyond := beyond_text(selector.end, characters):
        draft.fault((*path, "end"), beyond)
    if selector.exact is not None:
        length = selector.end - selector.start
        for name, detail in wrong_words(selector.exact, selector.exact_sha256, length):
            draft.fault((*path, name), detail)


def beyond_text(end: int, characters: int) -> str | None:
    """What is wrong with a selection that ends here in a text of so many code points."""
    return f"{end} lies beyond the text, which has {characters}." if end > characters else None


def wrong_words(exact: str, exact_sha256: str, length: int) -> list[tuple[str, str]]:
    """What is wrong with the words of a selection of this length: the field, and why."""
    faults = []
    if sha256(exact) != exact_sha256:
        faults.append(("exact_sha256", "is not the hash of `exact`."))
    if not 0 <= length - len(exact) <= 3:  # two marks and a comma
        faults.append(
            (
                "end",
                f"the selection has {length} code points, `exact` has {len(exact)}: they cannot "
                "be the same words.",
            )
        )
    return faults


def check_selector(draft: Draft, path: Path_, selector: Selector, text: str) -> None:
    """Note everything in which a selector does not agree with the text."""
    start, end = selector.start, selector.end
    if end > len(text):
        draft.fault((*path, "end"), f"{end} lies beyond the text, which has {len(text)}.")
        return
    if selector.exact is not None and sha256(selector.exact) != selector.exact_sha256:
        draft.fault((*path, "exact_sha256"), "is not the hash of `exact`.")
        return
    direct = selector.quote_type == QuoteType.DIRECT
    words = spoken(text, start, end) if direct else text[start:end]
    if direct and (off := cut_off_marks(text, start, end)):
        draft.fault((*path, off), "the selection leaves out the quotation mark beside it.")
    if sha256(words) != selector.exact_sha256 or (direct and words != selector.exact):
        place = _right_place(text, selector)
        where = f" They stand at {place[0]} to {place[1]}." if place else ""
        draft.fault(
            (*path, "start"), f"the words at {start} to {end} are not those recorded.{where}"
        )
        return
    if text[max(0, start - len(selector.prefix)) : start] != selector.prefix:
        draft.fault((*path, "prefix"), f"is not what stands before {start}.")
    if text[end : end + len(selector.suffix)] != selector.suffix:
        draft.fault((*path, "suffix"), f"is not what stands after {end}.")
    paragraph = text[text.rfind("\n", 0, start) + 1 : (text + "\n").index("\n", end)]
    for name in ("cue", "source_text"):
        if (value := getattr(selector, name)) and value not in paragraph:
            draft.fault((*path, name), f"{value!r} does not stand in that paragraph.")


def cut_off_marks(text: str, start: int, end: int) -> str | None:
    """The end of the selection at which it stops short of the quotation mark, if one does."""
    if text[start] not in OPENING and start and text[start - 1] in OPENING:
        return "start"
    rest = text[end : end + 2].removeprefix(",")
    closed = text[end - 1] in CLOSING
    return "end" if not closed and rest and rest[0] in _SURE_CLOSING else None


def _right_place(text: str, selector: Selector) -> tuple[int, int] | None:
    """Where the recorded words do stand, if in exactly one place."""
    if len(text) > _FAR:
        return None
    found = []
    if selector.exact is not None:
        at = text.find(selector.exact)
        while at >= 0:
            found.append(_with_marks(text, at, at + len(selector.exact)))
            at = text.find(selector.exact, at + 1)
    else:
        for length in {selector.end - selector.start + step for step in (-1, 0, 1)} - {0}:
            found += [
                (at, at + length)
                for at in range(len(text) - length + 1)
                if sha256(text[at : at + length]) == selector.exact_sha256
            ]
    return found[0] if len(found) == 1 else None


def _with_marks(text: str, start: int, end: int) -> tuple[int, int]:
    """The selection that a quotation of these words has: with the marks and comma beside them."""
    if start and text[start - 1] in OPENING:
        start -= 1
    comma = int(text[end : end + 1] == ",")
    if text[end + comma : end + comma + 1] in tuple(_SURE_CLOSING):
        end += comma + 1
    return start, end


def _check_keys(draft: Draft) -> None:
    for section, name in (
        ("groups", "slug"),
        ("officials", "slug"),
        ("positions", "key"),
        ("mediation_offers", "key"),
        ("rounds", "key"),
    ):
        seen: dict[str, int] = {}
        for index, entry in draft.entries(section):
            key = getattr(entry, name)
            if key in seen:
                draft.fault((section, index, name), f"{key!r} stands twice in {section}.")
            seen.setdefault(key, index)


def _check_dates(draft: Draft, published: date) -> None:
    """Nothing is said, held, offered or attested after the article that reports it appeared."""
    tomorrow = datetime.now(UTC).date() + timedelta(days=1)
    if published > tomorrow:
        draft.fault(("article", "published_on"), f"{published} is still to come.")
    for path, written in _dates(draft):
        check_written_date(draft, path, written, published)
    for index, official in draft.entries("officials"):
        for place, held in enumerate(official.tenures):
            if held.from_ and held.to and parse_date(held.from_).first > parse_date(held.to).last:
                path = ("officials", index, "tenures", place, "to")
                draft.fault(path, f"{held.to} is before from ({held.from_}).")


def check_written_date(
    draft: Draft, path: Path_, written: str | date | None, published: date
) -> None:
    """Note a date that lies after the article that states it."""
    first = parse_date(written).first if isinstance(written, str) else written
    if first is not None and first > published:
        draft.fault(path, f"{written} is after the article appeared ({published}).")


def _dates(draft: Draft) -> Iterator[tuple[Path_, str | date | None]]:
    """Every date that cannot lie after publication."""
    for index, position in draft.entries("positions"):
        yield ("positions", index, "said_on"), position.said_on
    for index, held in draft.entries("rounds"):
        yield ("rounds", index, "held_on"), held.held_on
    for index, offer in draft.entries("mediation_offers"):
        yield ("mediation_offers", index, "offered_on"), offer.offered_on
        for place, answer in enumerate(offer.responses):
            yield ("mediation_offers", index, "responses", place, "on"), answer.on
    for index, official in draft.entries("officials"):
        for place, tenure in enumerate(official.tenures):
            yield ("officials", index, "tenures", place, "attested_on"), tenure.attested_on


def check_offer(draft: Draft, path: Path_, offer: OfferFields) -> None:
    """Note in what an offer contradicts itself."""
    if offer.explicit == (offer.status == "invited"):
        draft.fault(
            (*path, "explicit"),
            "an offer stated as made is not merely invited, and one not stated is nothing more.",
        )
    for index, answer in enumerate(offer.responses):
        silent = answer.response == Response.NONE_ON_RECORD
        if silent and (answer.on or getattr(answer, "position", None)):
            place = (*path, "responses", index, "response")
            draft.fault(place, "none_on_record has neither a date nor a position.")


def _check_stated(draft: Draft, path: Path_, offer: OfferEntry, keys: set[str]) -> None:
    for index, answer in enumerate(offer.responses):
        if answer.position is not None and answer.position not in keys:
            place = (*path, "responses", index, "position")
            draft.fault(place, f"no position has the key {answer.position!r}.")
