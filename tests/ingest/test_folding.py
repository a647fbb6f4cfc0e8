"""Comparing names as people do."""

import unicodedata

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from app.folding import MAX_WORD, fold, words
from tests.chance import examples

letters = st.text(
    st.characters(categories=["L", "N", "P", "Z"], max_codepoint=0x4FF, exclude_characters="ıŉ")
)
"""Latin, Greek and Cyrillic. A dotless i is another letter than i, whose capital it shares."""
marks = st.sampled_from([chr(c) for c in range(0x300, 0x345)])
unhurried = settings(deadline=None, derandomize=True)


@unhurried
@given(st.text())
def test_folding_what_is_folded_changes_nothing(name: str) -> None:
    folded = fold(name)
    assume(not folded.startswith("the "))  # a second article belongs to the name
    assert fold(folded) == folded
    assert words(" ".join(words(name))) == words(name)


ACCENTS = [(0x300, 0x36F), (0x591, 0x5C7), (0x610, 0x61A), (0x64B, 0x65F), (0x670, 0x670)]
SPELT = {"ı": "i", "ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe"}


def plainly(text: str) -> list[str]:
    """The words of a text, one character after the other."""
    folded = ""
    for char in unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold()):
        if any(low <= ord(char) <= high for low, high in ACCENTS):
            continue
        of_word = char.isalnum() or unicodedata.category(char).startswith("M")
        folded += SPELT.get(char, char if of_word else " ")
    return [word[:MAX_WORD] for word in folded.split()]


@settings(unhurried, max_examples=examples(200))
@given(
    st.one_of(
        st.text(),
        st.text(st.characters(codec="ascii")),
        st.text(st.sampled_from("aZ9 ’“”–—…\u0301\u093e\u0651æŁİﷺ½´ͅ")),
        st.text(st.sampled_from("aé "), min_size=MAX_WORD),
    )
)
def test_folding_is_what_it_is_character_by_character(text: str) -> None:
    assert words(text) == plainly(text)


@unhurried
@given(letters)
def test_case_does_not_count(name: str) -> None:
    assert fold(name.upper()) == fold(name) == fold(name.lower())


@unhurried
@given(letters, st.lists(marks, min_size=1, max_size=3))
def test_accents_do_not_count(name: str, accents: list[str]) -> None:
    accented = "".join(char + accents[i % len(accents)] for i, char in enumerate(name))
    assert fold(accented) == fold(name)


@unhurried
@given(letters)
def test_how_accents_are_encoded_does_not_count(name: str) -> None:
    forms = {fold(unicodedata.normalize(form, name)) for form in ("NFC", "NFD", "NFKC", "NFKD")}
    assert forms == {fold(name)}


@unhurried
@given(st.text())
def test_folded_text_is_letters_digits_and_single_spaces(text: str) -> None:
    assert fold(text).split() == (fold(text).split(" ") if fold(text) else [])
    assert all(char.isalnum() or char == " " for char in fold(text))
    assert all(len(word) <= MAX_WORD for word in words(text))


@pytest.mark.parametrize(
    ("written", "same"),
    [
        ("Türkiye", "Turkiye"),
        ("TÜRKİYE", "türkiye"),
        ("Côte d’Ivoire", "cote d'ivoire"),
        ("The Netherlands", "Netherlands"),
        ("U.S.", "u s"),
        ("Fitnah-al-Khawaraj", "fitnah al khawaraj"),
        ("Recep Tayyip Erdoğan", "recep tayyip erdogan"),
        ("Groß", "GROSS"),
        ("  Guinea-Bissau ", "Guinea Bissau"),
    ],
)
def test_ways_of_writing_one_name_are_the_same(written: str, same: str) -> None:
    assert fold(written) == fold(same)


@pytest.mark.parametrize(
    ("one", "other"),
    [("Niger", "Nigeria"), ("The", ""), ("Китай", "Китаи́ст"), ("North Korea", "Korea")],
)
def test_different_names_stay_apart(one: str, other: str) -> None:
    assert fold(one) != fold(other)


@pytest.mark.parametrize("nothing", ["", "—", "!?", "“”"])
def test_what_has_no_word_folds_to_nothing(nothing: str) -> None:
    assert fold(nothing) == ""
