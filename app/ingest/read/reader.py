"""Anything that articles come in, read into the same form: files, folders, addresses, a pipe.

What cannot be read is given as such, by its name and with the reason, and the rest is read on.
"""

import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

import orjson

from app.errors import ArticleRefused, Fault, brief, near_miss
from app.ingest.extract.found import Meta
from app.ingest.read.feed import Entry, entries, stories
from app.ingest.read.fetch import Fetched, Fetcher
from app.ingest.read.given import NAMES, given_meta
from app.ingest.read.page import read_fragment, read_page
from app.ingest.read.plain import read_plain, stated
from app.ingest.read.source import Read, Refused, Source, canonical, filled

SUFFIXES = {
    ".txt": "text",
    ".html": "page",
    ".htm": "page",
    ".xml": "feed",
    ".rss": "feed",
    ".atom": "feed",
    ".jsonl": "lines",
}
"""Files of a folder that are read, and as what."""

_TYPES = {
    "text/plain": "text",
    "text/html": "page",
    "application/xhtml+xml": "page",
    "application/rss+xml": "feed",
    "application/atom+xml": "feed",
    "application/rdf+xml": "feed",
    "application/xml": "feed",
    "text/xml": "feed",
}
_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")
_XML_ROOT = re.compile(
    rb"\s*+(?:(?><\?[^>]*>|<!--.*?-->|<!doctype[^>]*>)\s*+)*+<([a-z][\w:]*)",
    re.DOTALL | re.IGNORECASE,
)
_FORMS = ("text", "html", "url")
_FIELDS = ("id", *_FORMS, *NAMES)
_OTHER_FORMATS = {b"%PDF": "a PDF", b"PK\x03\x04": "a ZIP archive or an office document"}
_SNIFFED = 4096


def read(given: str, fetcher: Fetcher, meta: Meta = Meta(), stdin: BinaryIO | None = None) -> Read:  # noqa: B008 - it is frozen
    """Every article in an input, or the reason why there is none.

    Args:
        given: a file, a folder, an address, or `-` for standard input.
        fetcher: fetches addresses; its bound of size holds for files too.
        meta: what is known of all of them; what an article states itself comes second.
        stdin: what `-` stands for.
    """
    reader = _Reader(fetcher, meta)
    if given == "-":
        yield from reader.stream(stdin or BytesIO(), "-")
    elif _ADDRESS.match(given):
        yield from reader.address(given)
    else:
        yield from reader.path(Path(given))


def expected(given: str) -> int | None:
    """How many articles an input is likely to have, if that can be told without reading it all."""
    path = Path(given)
    if _ADDRESS.match(given) or given == "-":
        return None
    if path.is_dir():
        return sum(_lines_in(each) or 1 for each in _files(path))
    return _lines_in(path) or 1


def _lines_in(path: Path) -> int:
    """The lines of a file that holds an article on each; none of any other."""
    if path.suffix.lower() != ".jsonl" or not path.is_file():
        return 0
    with path.open("rb") as file:
        return sum(1 for _ in file)


@dataclass(frozen=True, slots=True)
class _Reader:
    fetcher: Fetcher
    given: Meta

    @property
    def size(self) -> int:
        return self.fetcher.bounds.size

    def path(self, path: Path) -> Read:
        """A file, or all in a folder."""
        if not path.is_dir():
            yield from self._file(path)
            return
        found = False
        for each in _files(path):
            found = True
            yield from self._file(each)
        if not found:
            kinds = ", ".join(f"*{suffix}" for suffix in SUFFIXES)
            yield Refused(str(path), ArticleRefused(f"The folder has no articles: {kinds}."))

    def _file(self, path: Path) -> Read:
        kind, name = SUFFIXES.get(path.suffix.lower()), str(path)
        try:
            with path.open("rb") as stream:
                if kind == "lines":
                    yield from self._lines(stream, name)
                else:
                    yield from self._body(self._bounded(stream), kind, name)
        except OSError as error:
            yield Refused(name, ArticleRefused(f"It cannot be read ({error.strerror})."))
        except ArticleRefused as error:
            yield Refused(name, error)

    def stream(self, stream: BinaryIO, name: str) -> Read:
        """Articles as lines of JSON, or one article of any form."""
        try:
            first = stream.readline(self.size + 1)
            if _is_object(first):
                yield from self._lines(_Rejoined(first, stream), name)
            else:
                yield from self._body(first + self._bounded(stream, len(first)), None, name)
        except OSError as error:
            yield Refused(name, ArticleRefused(f"It cannot be read ({error.strerror})."))
        except ArticleRefused as error:
            yield Refused(name, error)

    def address(self, url: str) -> Read:
        """What an address has: an article, or a feed of them."""
        try:
            fetched = self.fetcher.fetch(url)
            kind = _kind_of(fetched)
            yield from self._body(fetched.body, kind, url, fetched)
        except ArticleRefused as error:
            yield Refused(url, error)

    def _bounded(self, stream: BinaryIO, had: int = 0) -> bytes:
        body = stream.read(self.size - had + 1)
        if len(body) + had > self.size:
            raise ArticleRefused(f"It is larger than {self.size} bytes (ARTICLE_MB).")
        return body

    def _body(
        self, body: bytes, kind: str | None, name: str, fetched: Fetched | None = None
    ) -> Read:
        """The article or articles in bytes of a kind, or else of what they look like."""
        kind = kind or sniffed(body)
        if kind == "feed" and _root(body) == "html":
            kind = "page"
        content_type, url = (fetched.content_type, fetched.url) if fetched else (None, None)
        if kind == "lines":
            yield from self._lines(BytesIO(body), name)
        elif kind == "feed":
            for entry in stories(entries(body, content_type, url)):
                yield self._tried(entry.link or name, lambda entry=entry: self._entry(entry))  # type: ignore[misc]
        else:
            as_read = read_page if kind == "page" else read_plain
            yield self._named(name, *as_read(body, content_type, url))

    def _entry(self, entry: Entry) -> Source:
        if entry.content is not None or entry.link is None:
            text = read_fragment(entry.content or "", entry.meta.headline)
            return Source(text, filled(self.given, entry.meta, stated(text)))
        fetched = self.fetcher.fetch(entry.link)
        text, meta = self._one(fetched)
        return Source(text, filled(self.given, meta, entry.meta))

    def _one(self, fetched: Fetched) -> tuple[str, Meta]:
        """The one article that an address has to have."""
        kind = _kind_of(fetched) or sniffed(fetched.body)
        if kind == "feed" and _root(fetched.body) != "html":
            raise ArticleRefused("It is a feed, where an article was to be.")
        as_read = read_plain if kind == "text" else read_page
        return as_read(fetched.body, fetched.content_type, fetched.url)

    def _lines(self, stream: "BinaryIO | _Rejoined", name: str) -> Read:
        number = 0
        while line := stream.readline(self.size + 1):
            number += 1
            called = f"{name}:{number}"
            if len(line) > self.size:
                while line and not line.endswith(b"\n"):
                    line = stream.readline(self.size)  # the rest of it is passed
                message = f"The line is larger than {self.size} bytes (ARTICLE_MB)."
                yield Refused(called, ArticleRefused(message))
            elif line.strip():
                yield self._tried(called, lambda line=line: self._line(line))  # type: ignore[misc]

    def _line(self, line: bytes) -> Source:
        """An article on a line of its own; what the line states goes before what its text does."""
        fields = _fields(line)
        form = next(each for each in _FORMS if fields.get(each) is not None)
        body = fields.pop(form)
        given = filled(given_meta({key: fields[key] for key in fields if key in NAMES}), self.given)
        if form == "url":
            text, meta = self._one(self.fetcher.fetch(body))
        elif form == "html":
            text, meta = read_page(body.encode())
        else:
            text = canonical(body)
            meta = stated(text)
        return Source(text, filled(given, meta))

    def _named(self, name: str, text: str, meta: Meta) -> Source:
        return Source(text, filled(self.given, meta), name)

    def _tried(self, name: str, attempt: Callable[[], Source]) -> Source | Refused:
        try:
            return replace(attempt(), name=name)
        except ArticleRefused as error:
            return Refused(name, error)


@dataclass(slots=True)
class _Rejoined:
    """A stream whose first line was read already."""

    first: bytes
    rest: BinaryIO

    def readline(self, size: int) -> bytes:
        """The next line, or as much of it."""
        line, self.first = self.first, b""
        return line or self.rest.readline(size)


def sniffed(body: bytes) -> str:
    """What bytes look like: lines of JSON, a feed, a page, or else a text."""
    start = body[:_SNIFFED].replace(b"\0", b"")
    for mark in (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff"):
        start = start.removeprefix(mark)
    for magic, what in _OTHER_FORMATS.items():
        if start.startswith(magic):
            raise ArticleRefused(f"It is {what}, which is not read: give its text, or HTML.")
    root = _root(body)
    if root in ("rss", "feed", "rdf"):
        return "feed"
    if root:
        return "page"
    return "lines" if _is_object(body.split(b"\n", 1)[0]) else "text"


def _root(body: bytes) -> str:
    """The name of the first element, in small letters; empty if it does not begin with markup."""
    start = body[:_SNIFFED].replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe")
    found = _XML_ROOT.match(start)
    return found[1].decode("ascii", "replace").lower().rpartition(":")[2] if found else ""


def _kind_of(fetched: Fetched) -> str | None:
    """What the server says it is, or none if it says nothing."""
    declared = (fetched.content_type or "").split(";")[0].strip().lower()
    if declared and declared not in _TYPES:
        allowed = ", ".join(_TYPES)
        raise ArticleRefused(f"It is {brief(declared)}; what is read is {allowed}.")
    return _TYPES.get(declared)


def _files(folder: Path) -> Iterator[Path]:
    """The files of a folder that are read, in the order of their paths; hidden ones are not."""
    for here, folders, names in os.walk(folder):
        folders[:] = sorted(each for each in folders if not each.startswith("."))
        for name in sorted(names):
            path = Path(here, name)
            if not name.startswith(".") and path.suffix.lower() in SUFFIXES and path.is_file():
                yield path


def _is_object(line: bytes) -> bool:
    if not line.lstrip().startswith(b"{"):
        return False
    try:
        return isinstance(orjson.loads(line), dict)
    except orjson.JSONDecodeError:
        return False


def _fields(line: bytes) -> dict[str, str]:
    """The fields of a line. Raises ArticleRefused for what is not as it has to be."""
    try:
        fields = orjson.loads(line)
    except orjson.JSONDecodeError as error:
        raise ArticleRefused(f"The line is no JSON ({error}).") from None
    if not isinstance(fields, dict):
        raise ArticleRefused("The line is no object.")
    unknown = [
        Fault("there is no such field.", pointer=brief(name), suggestion=near_miss(name, _FIELDS))
        for name in fields
        if name not in _FIELDS
    ]
    if unknown:
        raise ArticleRefused(f"A line has {', '.join(_FIELDS)}.", unknown)
    forms = [each for each in _FORMS if fields.get(each) is not None]
    if not forms or forms[:2] == ["text", "html"]:
        raise ArticleRefused("A line has the article's text, its html or its url, one of them.")
    if not isinstance(fields[forms[0]], str):
        raise ArticleRefused(f"{forms[0]} is {brief(fields[forms[0]])}, not text.")
    return fields
