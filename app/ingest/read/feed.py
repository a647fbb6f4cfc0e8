"""RSS and Atom: the entries of a feed, with what the feed states of each.

An entry that carries its story is read from the feed itself; of any other the link is fetched.
"""

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from email.utils import parsedate_to_datetime
from html import escape, unescape
from html.entities import html5
from typing import Any
from urllib.parse import urljoin

from app.errors import ArticleRefused
from app.ingest.extract.found import Meta
from app.ingest.read.charset import decode
from app.ingest.read.given import value_of

_ATOM = "{http://www.w3.org/2005/Atom}"
_ENCODED = "{http://purl.org/rss/1.0/modules/content/}encoded"
_DC = "{http://purl.org/dc/elements/1.1/}"
_XML = "{http://www.w3.org/XML/1998/namespace}"
_WHOLE = 600
"""Content of fewer characters, without its markup, is a teaser."""
_XML_NAMES = frozenset({"amp", "lt", "gt", "quot", "apos"})
_ENTITY = re.compile(r"&([A-Za-z][A-Za-z0-9]*);")
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
_MARKUP = re.compile(r"<[^<>]*>")


@dataclass(frozen=True, slots=True)
class Entry:
    """An article that a feed tells of."""

    link: str | None
    content: str | None
    """Its story as HTML, where the feed has all of it."""
    meta: Meta


def entries(body: bytes, content_type: str | None = None, url: str | None = None) -> list[Entry]:
    """The entries of a feed, in its order. Raises ArticleRefused if it is no feed."""
    root = _root(decode(body, content_type, markup=True).text)
    kind = root.tag.rpartition("}")[2].lower()
    if kind not in ("rss", "feed", "rdf"):
        raise ArticleRefused(f"It is XML, but neither RSS nor Atom (<{kind}>).")
    channel = next((each for each in root.iter() if _name(each) == "channel"), root)
    about = Meta(
        publisher=_text(channel, f"{_DC}publisher") or _text(channel, "title", f"{_ATOM}title"),
        language=value_of("language", _text(channel, "language") or root.get(f"{_XML}lang")),
    )
    found = (each for each in root.iter() if _name(each) in ("item", "entry"))
    return [_entry(each, about, url) for each in found]


def _root(markup: str) -> Any:
    """The tree of a feed, by a parser that follows no reference and loads nothing."""
    from lxml import etree  # noqa: PLC0415 - serving needs no parser

    parser = etree.XMLParser(
        encoding="utf-8", resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
    )
    known = _ENTITY.sub(_by_number, _DECLARATION.sub("", markup)).strip()
    try:
        root = etree.fromstring(known.encode(), parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise ArticleRefused(f"It is no whole XML ({error}).") from None
    declared = root.getroottree().docinfo.internalDTD
    if declared is not None and any(declared.iterentities()):
        raise ArticleRefused("It declares entities of its own, which no feed needs.")
    return root


def _by_number(found: re.Match[str]) -> str:
    """A name that HTML has and XML has not, as a number; others stay for the parser to refuse."""
    if found[1] in _XML_NAMES or f"{found[1]};" not in html5:
        return found[0]
    return "".join(f"&#{ord(each)};" for each in html5[f"{found[1]};"])


def _entry(item: Any, about: Meta, url: str | None) -> Entry:
    link = _link(item, url)
    title = _text(item, "title", f"{_ATOM}title", "{http://purl.org/rss/1.0/}title")
    meta = Meta(
        headline=_plain(title),
        publisher=_text(item, f"{_DC}publisher") or about.publisher,
        byline=_author(item),
        published_on=_day(item),
        url=value_of("url", link),
        language=value_of("language", item.get(f"{_XML}lang")) or about.language,
    )
    return Entry(link, _content(item, bare=link is None), meta)


def _content(item: Any, *, bare: bool) -> str | None:
    """The story as HTML if the entry has it; a bare entry has nothing else than what it has."""
    found = item.find(_ENCODED)
    content = _markup(item.find(f"{_ATOM}content")) if found is None else found.text
    if bare and not content:
        content = _markup(item.find(f"{_ATOM}summary")) or _text(item, "description")
    if content and (bare or len(_MARKUP.sub("", content)) >= _WHOLE):
        return str(content)
    return None


def _markup(construct: Any) -> str | None:
    """What an Atom text construct says, as HTML."""
    if construct is None or construct.get("src"):
        return None
    kind = construct.get("type", "text")
    if kind in ("html", "text/html"):
        return str(construct.text or "")
    if kind in ("xhtml", "application/xhtml+xml"):
        from lxml import etree  # noqa: PLC0415 - as above

        for element in construct.iter(etree.Element):
            element.tag = _name(element)
        return "".join(
            etree.tostring(each, encoding="unicode", method="html") for each in construct
        )
    if kind in ("text", "text/plain"):
        return escape("".join(construct.itertext()), quote=False).replace("\n\n", "<p>")
    return None


def _link(item: Any, url: str | None) -> str | None:
    """Where the article is, resolved against the feed's own address."""
    written = _text(item, "link", "{http://purl.org/rss/1.0/}link")
    for link in item.findall(f"{_ATOM}link"):
        if link.get("rel", "alternate") == "alternate":
            written = written or link.get("href")
    guid = item.find("guid")
    if not written and guid is not None and guid.get("isPermaLink", "true") != "false":
        written = value_of("url", (guid.text or "").strip())
    if not written:
        return None
    with suppress(ValueError):
        return urljoin(item.base or url or "", written.strip())
    return str(written)


def _author(item: Any) -> str | None:
    """Who wrote it; RSS puts the name behind an address."""
    names = [_text(each, f"{_ATOM}name") for each in item.findall(f"{_ATOM}author")]
    if any(names):
        return "; ".join(filter(None, names))
    written = _text(item, f"{_DC}creator", "author")
    if written and "@" in written:
        found = re.search(r"\(([^()]+)\)", written)
        return found[1].strip() if found else None
    return written


def _day(item: Any) -> date | None:
    """The day it was published, as the feed's own zone has it."""
    written = _text(item, "pubDate")
    if written:
        with suppress(ValueError, TypeError, OverflowError):
            return parsedate_to_datetime(written).date()
    found: date | None = value_of("published_on", _text(item, f"{_ATOM}published", f"{_DC}date"))
    return found


def _text(parent: Any, *names: str) -> str | None:
    """The words of the first of these children that has some, on one line."""
    for name in names:
        child = parent.find(name)
        words = " ".join("".join(child.itertext()).split()) if child is not None else ""
        if words:
            return words
    return None


def _plain(title: str | None) -> str | None:
    """A title without the markup that some feeds put into it."""
    words = unescape(_MARKUP.sub("", title or ""))
    return " ".join(words.split()) or None


def _name(element: Any) -> str:
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def stories(found: list[Entry]) -> Iterator[Entry]:
    """The entries, each article once."""
    seen: set[str] = set()
    for entry in found:
        if entry.link is None or entry.link not in seen:
            seen.add(entry.link or "")
            yield entry
