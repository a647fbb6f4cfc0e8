"""Canonical text: one form for all that is the same, and nothing lost on the way."""

import hashlib
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.errors import ArticleRefused
from app.ingest.read.source import canonical
from tests.conftest import TEXT

texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")).map("a".__add__)
pieces = st.lists(
    st.sampled_from(["\r", "\n", " ", "\t", "\ufeff", "e\u0301", "é", "“", "a", "한", "\u00a0"])
).map(lambda parts: "".join(["a", *parts]))


def test_the_first_article_is_canonical_to_the_byte(article_text, record):
    assert canonical(article_text).encode() == TEXT.read_bytes()
    digest = hashlib.sha256(canonical(article_text).encode()).hexdigest()
    assert digest == record["article"]["text_sha256"]


@given(texts | pieces)
def test_canonical_text_stays_as_it_is(text):
    once = canonical(text)
    assert canonical(once) == once


@given(texts | pieces)
def test_no_word_and_no_mark_is_lost(text):
    kept = [c for c in unicodedata.normalize("NFC", text) if not c.isspace()]
    assert [c for c in canonical(text) if not c.isspace()] == kept


@given(st.lists(st.text("ab “”é", min_size=1).map("a".__add__), min_size=1))
def test_line_ends_marks_and_composition_make_no_difference(lines):
    plain = canonical("\n".join(lines))
    windows = "\ufeff" + unicodedata.normalize("NFD", " \t\r\n".join(lines)) + " "
    assert canonical(windows) == plain
    assert canonical("\r".join(lines)) == plain


def test_indents_and_empty_lines_stay():
    text = " date\n\n\n  • one\n\t“two”\n\n"
    assert canonical(text) == text


@pytest.mark.parametrize("text", ["", " \n\t\r\n", "…", "\ufeff"])
def test_a_text_without_words_is_refused(text):
    with pytest.raises(ArticleRefused, match="no words"):
        canonical(text)


def test_what_no_database_keeps_is_refused():
    with pytest.raises(ArticleRefused, match="NUL"):
        canonical("a\0b")
    with pytest.raises(ArticleRefused, match="half a character"):
        canonical("a\ud800b")
