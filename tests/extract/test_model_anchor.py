"""Finding words in a text: what is found is there, as it is there, and verification agrees."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.codelists import QuoteType
from app.ingest.draft import Draft
from app.ingest.extract.model.anchor import Anchor, NotFound
from app.ingest.extract.model.answer import Quote
from app.ingest.extract.model.compose import slug
from app.ingest.extract.model.speech import quotations
from app.ingest.record import Selector
from app.ingest.verify import check_selector
from app.quotation import aligned, normalised
from tests.extract.article import quote

PIECES = ["a", "B", "é", "1", " ", "  ", "\n", "\n\n", "\u00a0", ",", ".", "…", "—", "-", "“", "”"]
PIECES += ['"', "‘", "’", "'", "«", "»", "„", "peace", "war", "he said", "don’t"]
texts = st.lists(st.sampled_from(PIECES), min_size=1, max_size=40).map("".join)
kinds = st.sampled_from(["direct", "mixed", "indirect", "mention"])


@given(texts, st.data(), kinds)
def test_what_is_found_holds_in_verification(text: str, data: st.DataObject, kind: str) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    given_ = quote(text[start:end], kind, before=text[:start], after=text[end:])
    try:
        made, dropped = Anchor(text).selector(Quote.model_validate(given_))
    except NotFound:
        return
    assert dropped == []
    selector = Selector.model_validate(made)
    draft = Draft(None)
    check_selector(draft, (), selector, text)
    # The words are those asked for, but for typography; a mark beside them may be cut off.
    assert normalised(text[start:end]) in aligned(text[selector.start : selector.end])[0]
    assert all("leaves out the quotation mark" in fault.detail for fault in draft.faults)


@given(texts, texts)
def test_words_that_are_not_in_the_text_are_not_found(text: str, words: str) -> None:
    if normalised(words) in aligned(text)[0]:
        return
    anchor = Anchor(text)
    with pytest.raises(NotFound):
        anchor.place(Quote.model_validate(quote(words)))
    assert not anchor.stands(words)


@given(texts)
def test_direct_speech_lies_between_marks(text: str) -> None:
    for start, end in quotations(text):
        assert end - start >= 2
        assert text[start] in '“"„«‘‹'
        assert text[end - 1] in '”"“»’›' or text[end] == "\n"
        assert "\n" not in text[start:end]


def found(text: str, words: str, kind: str = "direct") -> tuple[str, str | None]:
    """How the text carries these words, and the words that are recorded as spoken."""
    made, _ = Anchor(text).selector(Quote.model_validate(quote(words, kind)))
    selector = Selector.model_validate(made)
    draft = Draft(None)
    check_selector(draft, (), selector, text)
    assert draft.faults == []
    return selector.quote_type.value, selector.exact


@pytest.mark.parametrize(
    ("text", "words", "exact"),
    [
        ("He said: “We agree.” Then he left.", "We agree.", "We agree."),
        ("He said: “We agree.” Then he left.", "“We agree.”", "We agree."),
        ("“We agree,” he said.", "We agree", "We agree"),
        ("“We agree,” he said.", "We agree,", "We agree"),
        ('"We agree," he said.', "“We agree,”", "We agree"),
        ('“We agree," he said.', "We agree", "We agree"),
        ("‘We don’t agree,’ he said.", "We don't agree", "We don’t agree"),
        ("« Nous sommes d’accord », dit-il.", "sommes d'accord", "sommes d’accord"),
        ("„Wir sind einverstanden“, sagte er.", "Wir sind einverstanden", "Wir sind einverstanden"),
        ("“We, too, agree to talk,” he said.", "agree to talk", "agree to talk"),
        ("“We agree.\n\n“We always did,” he said.", "We agree.", "We agree."),
        ("“We agree.\n\n“We always did,” he said.", "We always did", "We always did"),
        ("“We  agree\u00a0to talk,” he said.", "We agree to talk", "We  agree\u00a0to talk"),
    ],
)
def test_spoken_words_are_those_between_the_marks(text: str, words: str, exact: str) -> None:
    assert found(text, words) == ("direct", exact)


@pytest.mark.parametrize(
    ("text", "words", "kind"),
    [
        ("He said that they agree.", "they agree", "indirect"),
        ("He called it “a start” at last.", "called it “a start”", "mixed"),
        ("“We agree,” he said. “We always did.”", "We agree,” he said. “We always did", "mixed"),
        ("“We agree to all of it.\nThe talks ended.", "We agree to all of it", "indirect"),
        ("“We agree.\n\n“We always did,” he said.", "We agree. “We always did", "mixed"),
        ("“We agree.\n\n“We always did, he said.", "We agree", "indirect"),
        ("It's the council's 5'10\" tall man.", "the council's", "indirect"),
    ],
)
def test_other_words_are_not_spoken_whatever_the_model_says(
    text: str, words: str, kind: str
) -> None:
    assert found(text, words) == (kind, None)


def test_what_the_model_does_not_call_direct_is_not_served() -> None:
    for kind, recorded in (("indirect", QuoteType.MIXED), ("mention", QuoteType.MENTION)):
        assert found("“We agree,” he said.", "We agree", kind) == (recorded, None)


def test_long_texts_with_many_repetitions_are_searched_once() -> None:
    text = "peace and war " * 20_000
    anchor = Anchor(text + "but not here")
    with pytest.raises(NotFound, match="more than one place"):
        anchor.place(Quote.model_validate(quote("peace and war", after="and so on")))
    assert anchor.place(Quote.model_validate(quote("war", after="but not"))) == (279_996, 279_999)


@given(st.text(max_size=200))
def test_every_name_has_a_slug(name: str) -> None:
    made = slug(name)
    assert 0 < len(made) <= 80
    assert made == slug(made)


def test_slugs_of_different_names_in_other_letters_differ() -> None:
    assert len({slug(name) for name in ("Иван B", "Пётр B", "B", "نواز", "Mina Karimi")}) == 5
    assert slug("Mina Karimi") == "mina-karimi"
    assert slug("Recep Tayyip Erdoğan") == "recep-tayyip-erdogan"
