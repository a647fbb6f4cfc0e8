"""HTML into an article: trafilatura finds the story in the page, its words are written out here.

The text is the headline and the paragraphs, each set off by an empty line: what somebody would have
copied from the page. The library's own text is not taken, because it resolves entities twice.
"""

import logging
import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import date
from typing import Any
from urllib.parse import urljoin, urlsplit

from app.errors import ArticleRefused
from app.ingest.extract.found import Meta
from app.ingest.read.charset import REPLACEMENT, decode
from app.ingest.read.given import language_tag, value_of
from app.ingest.read.plain import stated
from app.ingest.read.source import canonical, filled

_DATES = {"extensive_search": False, "original_date": True, "max_date": "9999-12-31"}
"""Only dates that the page declares, the first rather than an update; nothing by today's date."""

_BLANKS = re.compile(r"[ \t\n\r\f]+")
_AT_BREAKS = re.compile(r" *\n *")
_BLOCKS = frozenset({"p", "head", "quote", "list", "item", "table", "row", "cell", "code", "div"})
_HTML_BLOCKS = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "dd",
        "div",
        "dl",
        "dt",
        "figcaption",
        "figure",
        "footer",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "li",
        "main",
        "nav",
        "ol",
        "p",
        "pre",
        "section",
        "table",
        "td",
        "th",
        "tr",
        "ul",
    ]
)
_UNSEEN = frozenset({"script", "style", "template", "noscript", "iframe", "head"})
_SHORTEST = 40
"""What has fewer characters is a menu or a button, and no story."""
_NO_STORY = "The page has no story: no paragraphs of running text were found."
_ITEMS = ("item", "li")
_BULLET = "\u2022 "

Written = tuple[str, Meta]


def read_page(body: bytes, content_type: str | None = None, url: str | None = None) -> Written:
    """The canonical text of a page's story, and what the page states of it.

    Args:
        body: the page as it came.
        content_type: the `Content-Type` that it came with.
        url: where it was found, if it was not a file.

    Raises:
        ArticleRefused: no story can be found in it, or not all of its words can be read.
    """
    decoded = decode(body, content_type, markup=True)
    tree = _tree(decoded.text)
    found = _found(tree)
    headline = _line(found.title)
    paragraphs = list(_paragraphs(found.body, _BLOCKS))
    if sum(map(len, paragraphs)) < _SHORTEST:
        raise ArticleRefused(_NO_STORY)
    text = composed(headline, paragraphs)
    if not decoded.whole and REPLACEMENT in text:
        raise ArticleRefused("Words of the page are no characters of the set that it declares.")
    return text, filled(_declared(found, tree, url), stated(text))


def read_fragment(markup: str, headline: str | None) -> str:
    """The canonical text of HTML that is all story, as feeds carry it. Raises ArticleRefused."""
    from lxml import html  # noqa: PLC0415 - serving needs no parser

    if not markup.strip():
        raise ArticleRefused("The entry is empty.")
    try:
        tree = html.fromstring(f"<div>{markup}</div>")
    except (ValueError, html.etree.LxmlError) as error:
        raise ArticleRefused(f"The entry is no HTML ({error}).") from None
    return composed(headline, _paragraphs(tree, _HTML_BLOCKS, _UNSEEN))


def composed(headline: str | None, paragraphs: Iterable[str]) -> str:
    """A text from its headline and its paragraphs; a headline that begins them stands once."""
    body = list(paragraphs)
    if headline and (not body or body[0] != headline):
        body.insert(0, headline)
    return canonical("\n\n".join(body) + "\n")


def _tree(markup: str) -> Any:
    from trafilatura import load_html  # noqa: PLC0415 - slow to load, and serving needs none

    tree = load_html(markup)
    if tree is None:
        raise ArticleRefused("It is no HTML.")
    return tree


def _found(tree: Any) -> Any:
    """The story and its metadata, as trafilatura finds them."""
    from trafilatura import bare_extraction  # noqa: PLC0415 - as above

    for library in ("trafilatura", "htmldate"):
        logging.getLogger(library).setLevel(logging.CRITICAL)  # what it discards, we refuse by name
    try:
        found = bare_extraction(
            tree,
            output_format="xml",
            include_comments=False,
            with_metadata=True,
            date_extraction_params=_DATES,
        )
    except Exception as error:  # a hostile page must not stop the others
        raise ArticleRefused(f"The page cannot be taken apart ({type(error).__name__}).") from error
    if found is None:
        raise ArticleRefused(_NO_STORY)
    return found


def _declared(found: Any, tree: Any, url: str | None) -> Meta:
    """The metadata that the page declares. A name that is only its host's is none."""
    day = None
    with suppress(ValueError, TypeError):
        day = date.fromisoformat(found.date)
    publisher = _line(found.sitename)
    hosts = {found.hostname, urlsplit(url or "").hostname}
    if publisher and publisher.lower().removeprefix("www.") in hosts:
        publisher = None
    return Meta(
        headline=_line(found.title),
        publisher=publisher,
        byline=_line(found.author),
        published_on=day,
        url=_address(tree, url),
        language=language_tag(tree.get("lang") or tree.get("xml:lang")),
    )


def _address(tree: Any, url: str | None) -> Any:
    """The page's address: the one it declares, unless it was found on another host."""
    for link in tree.iter("link"):
        if "canonical" in (link.get("rel") or "").lower().split():
            with suppress(ValueError):
                declared = urljoin(url or "", (link.get("href") or "").strip())
                parts = urlsplit(declared)
                own = url is None or parts.hostname == urlsplit(url).hostname
                if own and value_of("url", declared):
                    return declared
    return value_of("url", url)


def _line(written: str | None) -> str | None:
    """Words on one line, or none."""
    return " ".join((written or "").split()) or None


def _paragraphs(
    body: Any, blocks: frozenset[str], unseen: frozenset[str] = frozenset()
) -> Iterator[str]:
    """The paragraphs of a tree, in its order; those of a list begin with a bullet."""
    pieces: list[str] = []
    for event, element in _walked(body, unseen):
        tag = element.tag
        if tag in blocks:
            yield from _flushed(pieces)
        if event == "start":
            if tag in _ITEMS:
                pieces.append(_BULLET)
            pieces.append(_BLANKS.sub(" ", element.text or ""))
            continue
        if tag in _ITEMS:
            pieces.clear()  # a bullet that nothing followed
        elif tag in ("lb", "br"):
            pieces.append("\n")
        if element is not body:
            pieces.append(_BLANKS.sub(" ", element.tail or ""))
    yield from _flushed(pieces)


def _walked(body: Any, unseen: frozenset[str]) -> Iterator[tuple[str, Any]]:
    """Every element at its start and its end; of what nobody sees, only the end."""
    from lxml import etree  # noqa: PLC0415 - as above

    walk = etree.iterwalk(body, events=("start", "end", "comment", "pi"))
    for event, element in walk:
        if event in ("start", "end"):
            if event == "start" and element.tag in unseen:
                walk.skip_subtree()
            else:
                yield event, element
        else:
            yield "end", element


def _flushed(pieces: list[str]) -> Iterator[str]:
    """The paragraphs in the pieces, which are taken: two line breaks end one.

    A bullet waits for the paragraph that it belongs to.
    """
    joined = _AT_BREAKS.sub("\n", re.sub(" +", " ", "".join(pieces))).strip(" \n")
    pieces.clear()
    if joined == _BULLET.strip():
        pieces.append(_BULLET)
        return
    yield from filter(None, re.split(r"\n{2,}", joined))
