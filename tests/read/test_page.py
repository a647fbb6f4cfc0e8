"""HTML: the story's words as they stand in the page, and what the page declares."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.errors import ArticleRefused
from app.ingest.extract.found import Meta
from app.ingest.read.page import read_fragment, read_page
from tests.read.support import DECLARED, HEADLINE, PARAGRAPHS, TEXT, page


def test_the_story_is_read_without_what_stands_around_it():
    text, meta = read_page(page(head=DECLARED).encode())
    assert text == TEXT
    assert meta == Meta(
        headline=HEADLINE,
        publisher="The Ferry Post",
        byline="Ada Quill",
        published_on=date(2025, 11, 14),
        url="https://ferrypost.example/border-talks",
        language="en-GB",
    )


def test_what_a_page_declares_for_search_engines():
    head = """<script type="application/ld+json">{"@context": "https://schema.org",
      "@type": "NewsArticle", "headline": "Talks on the river border come to a stop",
      "datePublished": "2025-11-14T08:00:00+05:00", "dateModified": "2025-11-20T08:00:00+05:00",
      "author": {"@type": "Person", "name": "Ada Quill"},
      "publisher": {"@type": "NewsMediaOrganization", "name": "The Ferry Post"}}</script>"""
    _, meta = read_page(page(head=head).encode())
    assert (meta.byline, meta.publisher) == ("Ada Quill", "The Ferry Post")
    assert meta.published_on == date(2025, 11, 14)


def test_what_a_page_does_not_declare_stays_unknown():
    markup = page().replace(" | The Ferry Post", "").replace(' lang="en-GB"', "")
    _, meta = read_page(markup.encode(), url="https://ferrypost.example/2024/a")
    assert meta == Meta(headline=HEADLINE, url="https://ferrypost.example/2024/a")


def test_an_agency_is_named_by_the_story():
    _, meta = read_page(page(*PARAGRAPHS, "(With inputs from PTI)").encode())
    assert meta.agency == "PTI"


@pytest.mark.parametrize(
    ("found", "kept"),
    [
        ("https://ferrypost.example/a?from=mail", "https://ferrypost.example/border-talks"),
        ("https://copies.example/a", "https://copies.example/a"),
        (None, "https://ferrypost.example/border-talks"),
    ],
)
def test_a_page_declares_its_address_only_on_its_own_host(found, kept):
    assert read_page(page(head=DECLARED).encode(), url=found)[1].url == kept


def test_words_are_those_of_the_page():
    markup = (
        "He wrote &amp;lt;none&amp;gt; &ldquo;twice&rdquo;, and <a href='/x'>left</a> on\n"
        "<b>Friday</b>;<em> nobody</em> knew «&nbsp;why&nbsp;».<br>The line ended there, he said."
    )
    text, _ = read_page(page(PARAGRAPHS[0], markup, PARAGRAPHS[2]).encode())
    assert text.split("\n\n")[2] == (
        "He wrote &lt;none&gt; “twice”, and left on Friday; nobody knew «\u00a0why\u00a0».\n"
        "The line ended there, he said."
    )


def test_lists_have_bullets():
    points = "<ul><li>Talks stopped on Friday.</li><li><p>No date was set for more.</p></li></ul>"
    markup = page().replace("<p>The ministry", f"{points}<p>The ministry")
    text, _ = read_page(markup.encode())
    assert "\n\n• Talks stopped on Friday.\n\n• No date was set for more.\n\n" in text


@pytest.mark.parametrize(
    "markup",
    ["", "<html></html>", "<html><body><nav><a href=/>Home</a></nav></body></html>", "<", "<p>"],
)
def test_a_page_without_a_story_is_refused(markup):
    with pytest.raises(ArticleRefused):
        read_page(markup.encode())


def test_a_fragment_is_all_story():
    markup = (
        "<p>One <b>word</b>.</p>\n<p>Two<br><br>three.</p><!-- no -->four"
        "<script>var five;</script><ul><li>six</li><li></li></ul>seven"
    )
    text = read_fragment(markup, "Zero")
    assert text == "Zero\n\nOne word.\n\nTwo\n\nthree.\n\nfour\n\n• six\n\nseven\n"


@settings(deadline=None, max_examples=150)
@given(
    st.lists(
        st.sampled_from(["<p>", "</p>", "<table>", "<td>", "<br>", "&#0;", "&lt;", "<!--", "-->"])
        | st.text(max_size=40),
        max_size=30,
    ).map("".join)
)
def test_markup_of_any_kind_is_read_or_refused(markup):
    for read in (
        lambda: read_page(markup.encode(errors="replace"))[0],
        lambda: read_fragment(markup, None),
    ):
        try:
            text = read()
        except ArticleRefused:
            continue
        assert text.strip()


def test_deep_markup_is_read_or_refused():
    depth = 20_000
    with pytest.raises(ArticleRefused):
        read_page(("<div>" * depth + "word " * 100 + "</div>" * depth).encode())
