"""Bytes into characters: what is declared, where the bytes agree, and no guess."""

import codecs

import pytest

from app.errors import ArticleRefused
from app.ingest.read.charset import decode
from app.ingest.read.page import read_page
from tests.read.support import HEADLINE, PARAGRAPHS, TEXT, page

WORDS = "Der Sprecher „schwieg“ – für heute."


@pytest.mark.parametrize("name", ["utf-8", "utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
def test_a_mark_decides_whatever_is_declared(name):
    marks = {"utf-8": codecs.BOM_UTF8, "utf-16-le": codecs.BOM_UTF16_LE}
    marks |= {"utf-16-be": codecs.BOM_UTF16_BE, "utf-32-le": codecs.BOM_UTF32_LE}
    body = (marks | {"utf-32-be": codecs.BOM_UTF32_BE})[name] + WORDS.encode(name)
    assert decode(body, "text/plain; charset=iso-8859-1").text == WORDS


def test_utf_8_is_seen_though_the_server_says_otherwise():
    assert decode(WORDS.encode(), "text/html; charset=ISO-8859-1", markup=True).text == WORDS


def test_latin_1_means_what_browsers_take_it_for():
    assert decode(WORDS.encode("cp1252"), "text/plain; charset=ISO-8859-1").text == WORDS


def test_the_server_goes_before_the_page():
    body = f'<meta charset="koi8-r"><p>{WORDS}'.encode("cp1252")
    assert WORDS in decode(body, "text/html; charset=windows-1252", markup=True).text


@pytest.mark.parametrize(
    "declared",
    [
        '<meta charset="windows-1251">',
        "<meta http-equiv=Content-Type content='text/html; charset=windows-1251'>",
    ],
)
def test_a_saved_page_declares_its_own(declared):
    body = f"<html><head>{declared}</head><p>Переговоры".encode("cp1251")
    assert "Переговоры" in decode(body, markup=True).text


def test_a_page_in_an_old_set_is_the_same_article_as_in_utf_8():
    text, _ = read_page(page(charset="windows-1252").encode("cp1252"))
    assert text == read_page(page().encode())[0] == TEXT


def test_what_is_not_declared_is_not_guessed():
    with pytest.raises(ArticleRefused, match=r"not UTF-8 .* Save it as UTF-8"):
        decode(WORDS.encode("cp1252"))
    with pytest.raises(ArticleRefused, match="declares no character set"):
        decode(f"<p>{WORDS}".encode("cp1252"), markup=True)


def test_words_that_cannot_be_read_are_not_passed_over():
    body = page(*PARAGRAPHS, charset="big5").encode("cp1252")
    with pytest.raises(ArticleRefused, match="no characters of the set"):
        read_page(body)


def test_a_bad_byte_beside_the_story_does_not_matter():
    body = page(charset="windows-1252", head="<!-- \x81 -->").encode("latin-1", "ignore")
    body = body.replace(b"Ten bridges", b"Ten\x81bridges")
    assert read_page(body)[0].startswith(HEADLINE)


@pytest.mark.parametrize("name", ["utf-7", "rot13", "base64", "idna", "x-none", "utf-16"])
def test_what_is_no_set_of_pages_is_not_followed(name):
    body = f'<meta charset="{name}"><p>{WORDS}'.encode("cp1252")
    with pytest.raises(ArticleRefused):
        read_page(body)
