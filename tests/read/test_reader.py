"""Anything that articles come in: the same article from every form, and refusals by name."""

import json
from dataclasses import replace
from datetime import date
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.errors import AddressRefused, FetchFailed
from app.ingest.extract.found import Meta
from app.ingest.read.reader import SUFFIXES, read, sniffed
from app.ingest.read.source import Refused, Source
from tests.read.support import (
    DECLARED,
    HEADLINE,
    TEXT,
    Answer,
    Site,
    fetcher,
    page,
    refused,
    source,
)
from tests.read.test_feed import STORY

META = Meta(
    headline=HEADLINE,
    publisher="The Ferry Post",
    byline="Ada Quill",
    published_on=date(2025, 11, 14),
    url="https://ferrypost.example/border-talks",
    language="en-GB",
)
PAGE = page(head=DECLARED)


def stated_fields() -> dict[str, str]:
    names = ("headline", "publisher", "byline", "published_on", "url", "language")
    return {name: str(getattr(META, name)) for name in names}


def line(**fields: object) -> bytes:
    return json.dumps(fields).encode() + b"\n"


def piped(*lines: bytes, **given: object) -> list[Source | Refused]:
    meta = Meta(**given)  # type: ignore[arg-type]
    return list(read("-", fetcher(), meta, BytesIO(b"".join(lines))))


def written(folder: Path, name: str, content: str | bytes) -> str:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return str(path)


def feed(*items: str) -> str:
    return (
        '<?xml version="1.0"?><rss version="2.0" '
        'xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel>'
        f"<title>The Ferry Post</title><language>en</language>{''.join(items)}</channel></rss>"
    )


def item(link: str, title: str = HEADLINE, content: str = "") -> str:
    whole = f"<content:encoded><![CDATA[{content}]]></content:encoded>" if content else ""
    day = "<pubDate>Fri, 14 Nov 2025 10:00:00 GMT</pubDate>"
    return f"<item><title>{title}</title><link>{link}</link>{day}{whole}</item>"


def test_every_form_gives_the_same_article(tmp_path: Path, site: Site):
    found = {
        "file": source(read(written(tmp_path, "a.html", PAGE), fetcher())),
        "old": source(read(written(tmp_path, "b.htm", PAGE.encode("utf-16")), fetcher())),
        "text line": piped(line(text=TEXT, **stated_fields()))[0],
        "page line": piped(line(html=PAGE))[0],
        "address line": piped(line(url=site.html("/line", PAGE)))[0],
        "page piped": piped(PAGE.encode())[0],
    }
    address = site.html("/a", PAGE)
    found["address"] = source(read(address, fetcher()))
    found["feed"] = source(
        read(site.html("/feed", feed(item(address)), "application/rss+xml"), fetcher())
    )
    text = source(read(written(tmp_path, "c.txt", TEXT.replace("\n", "\r\n")), fetcher()))
    assert text.text == TEXT
    assert text.meta == Meta(headline=HEADLINE)
    for form, article in found.items():
        assert isinstance(article, Source)
        here = {"address": address, "feed": address, "address line": site.url("/line")}
        url = here.get(form, META.url)
        assert (article.text, article.meta) == (TEXT, replace(META, url=url)), form


def test_what_is_given_goes_before_what_is_stated_and_a_line_before_both(tmp_path: Path):
    path = written(tmp_path, "a.html", PAGE)
    known = Meta(publisher="Ferry Post Sunday", agency="AFP")
    assert source(read(path, fetcher(), known)).meta == replace(
        META, publisher="Ferry Post Sunday", agency="AFP"
    )
    (one,) = piped(line(html=PAGE, agency="PTI"), agency="AFP", publisher="Ferry Post Sunday")
    assert isinstance(one, Source)
    assert one.meta == replace(META, publisher="Ferry Post Sunday", agency="PTI")


def test_a_folder_is_read_in_order_with_what_is_in_it(tmp_path: Path):
    written(tmp_path, "b/2.html", PAGE)
    written(tmp_path, "b/1.txt", TEXT)
    written(tmp_path, "a.jsonl", line(text=TEXT) + b"\n" + line(text="no", colour="red"))
    written(tmp_path, "c.rss", feed(item("https://ferrypost.example/1", content=STORY)))
    written(tmp_path, "d.TXT", b"\xff\xfe\xfa")
    written(tmp_path, "e.xml", page().replace("<!DOCTYPE html>", '<?xml version="1.0"?>'))
    for unread in ("f.md", ".hidden.txt", ".git/a.txt", "record.yaml"):
        written(tmp_path, unread, TEXT)
    found = list(read(str(tmp_path), fetcher()))
    assert [each.name.removeprefix(f"{tmp_path}/") for each in found] == [
        "a.jsonl:1",
        "a.jsonl:3",
        "https://ferrypost.example/1",
        "d.TXT",
        "e.xml",
        "b/1.txt",
        "b/2.html",
    ]
    assert [each.name.rpartition("/")[2] for each in found if isinstance(each, Refused)] == [
        "a.jsonl:3",
        "d.TXT",
    ]


def test_a_folder_of_nothing_says_what_it_could_have(tmp_path: Path):
    said = refused(read(str(tmp_path), fetcher())).reason
    assert all(suffix in said for suffix in SUFFIXES)


def test_what_is_not_there(tmp_path: Path):
    none = refused(read(str(tmp_path / "none.txt"), fetcher()))
    assert none.name == str(tmp_path / "none.txt")
    assert none.reason == "It cannot be read (No such file or directory)."


def test_a_feed_gives_its_stories_and_follows_its_links(site: Site):
    linked = site.html("/2", page(headline="Ferry runs again"))
    items = [
        item("https://ferrypost.example/1", content=STORY),
        item(linked, "Ferry"),
        item(linked, "Ferry, once more"),
        item(site.url("/gone")),
        item("http://10.0.0.1/a"),
    ]
    one, two, gone, inward = read(site.html("/feed", feed(*items), "text/xml"), fetcher())
    assert isinstance(one, Source)
    assert one.meta == Meta(
        headline=HEADLINE,
        publisher="The Ferry Post",
        published_on=date(2025, 11, 14),
        url="https://ferrypost.example/1",
        language="en",
    )
    assert one.text.startswith(TEXT.rstrip("\n"))
    assert isinstance(two, Source)
    assert (two.name, two.meta.headline) == (linked, "Ferry runs again")
    assert two.meta.published_on == date(2025, 11, 14)  # the page has none, the feed does
    assert isinstance(gone, Refused)
    assert isinstance(gone.error, FetchFailed)
    assert isinstance(inward, Refused)
    assert isinstance(inward.error, AddressRefused)
    assert inward.name == "http://10.0.0.1/a"


def test_a_feed_is_no_article(site: Site):
    inner = site.html("/inner", feed(item("/a")), "application/rss+xml")
    said = refused(read(site.html("/feed", feed(item(inner)), "text/xml"), fetcher()))
    assert "a feed, where an article was to be" in said.reason


@pytest.mark.parametrize("kind", ["application/pdf", "image/png", "application/json", "text/css"])
def test_an_address_has_to_give_what_can_be_read(site: Site, kind: str):
    said = refused(read(site.html("/a", b"%PDF-1.7", kind), fetcher())).reason
    assert f"It is '{kind}'; what is read is text/plain, text/html" in said


def test_an_address_that_does_not_say_what_it_gives(site: Site):
    site.answers["/a"] = Answer(PAGE.encode())
    assert source(read(site.url("/a"), fetcher())).text == TEXT


def test_a_text_at_an_address(site: Site):
    body = TEXT.encode("cp1252")
    got = source(read(site.html("/a", body, "text/plain; charset=windows-1252"), fetcher()))
    assert (got.text, got.meta) == (TEXT, Meta(headline=HEADLINE, url=site.url("/a")))


def test_other_schemes_are_no_files():
    for url in ("ftp://ferrypost.example/a", "file:///etc/passwd"):
        assert "begin with http" in refused(read(url, fetcher())).reason


@pytest.mark.parametrize("name", ["a.txt", "a.html", "a.xml", "a.jsonl", "a"])
def test_files_have_the_same_limit(tmp_path: Path, name: str):
    path = written(tmp_path, name, "words " * 200)
    said = refused(read(path, fetcher(size=1000)))
    assert "larger than 1000 bytes (ARTICLE_MB)" in said.reason


def test_a_line_that_is_too_long_does_not_take_the_next_one_with_it():
    lines = BytesIO(line(text="first one") + line(text="words " * 900) + line(text="last one"))
    first, long, last = read("-", fetcher(size=1000), stdin=lines)
    assert (first.name, long.name, last.name) == ("-:1", "-:2", "-:3")
    assert isinstance(long, Refused)
    assert isinstance(last, Source)
    assert last.text == "last one"


@pytest.mark.parametrize(
    ("content", "why"),
    [
        ({}, "text, its html or its url"),
        ({"id": "7"}, "text, its html or its url"),
        ({"text": "a", "html": "<p>a"}, "text, its html or its url"),
        ({"text": 7}, "text is 7, not text"),
        ({"text": ["a"]}, "text is a list, not text"),
        ({"text": "…"}, "no words"),
        ({"text": "a\0b"}, "NUL"),
        ({"text": "a", "headlines": "b"}, "Did you mean headline?"),
        ({"text": "a", "published_on": "yesterday"}, "'yesterday' is no day"),
        ({"text": "a", "url": "ftp://a"}, "'ftp://a' is no address"),
        ({"text": "a", "language": "English!"}, "is no language tag"),
        ({"text": "a", "byline": 7}, "7 is no text"),
        ({"url": "http://10.0.0.1/"}, "no public address"),
        ([1], "no object"),
    ],
)
def test_a_line_that_is_not_as_it_has_to_be(content: object, why: str):
    good = line(text="Good words")
    found = piped(good, json.dumps(content).encode() + b"\n", good)
    assert [type(each) for each in found] == [Source, Refused, Source]
    assert isinstance(found[1], Refused)
    assert found[1].name == "-:2"
    assert why in found[1].reason


def test_a_line_that_is_no_json():
    (_, bad) = piped(line(text="Good words"), b'{"text": \n')
    assert isinstance(bad, Refused)
    assert "no JSON" in bad.reason


def test_other_formats_are_called_by_their_names(tmp_path: Path):
    assert "a PDF" in refused(read(written(tmp_path, "a.pdf", b"%PDF-1.7\n"), fetcher())).reason
    assert "office" in refused(read(written(tmp_path, "a", b"PK\x03\x04"), fetcher())).reason


def test_what_bytes_look_like():
    assert sniffed(feed().encode()) == "feed"
    assert sniffed(b"\xef\xbb\xbf" + feed().encode()) == "feed"
    assert sniffed(page().encode("utf-16")) == "page"
    assert sniffed(b"<!-- saved -->\n<p>a") == "page"
    assert sniffed(b'{"text": "a"}\n') == "lines"
    assert sniffed(b"{Harbour City} The talks") == "text"
    assert sniffed(b"<3 the ferry") == "text"


anything = st.binary(max_size=400) | st.text(max_size=400).map(lambda text: text.encode("utf-16"))
beginnings = st.sampled_from(
    [b"", b"<html><p>", b"<rss><channel><item>", b'{"text": "', b"\xef\xbb\xbf", b"\xff\xfe", b"%P"]
)


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(start=beginnings, rest=anything, name=st.sampled_from(["a", *(f"a{s}" for s in SUFFIXES)]))
def test_any_bytes_are_read_or_refused(tmp_path: Path, start: bytes, rest: bytes, name: str):
    for each in read(written(tmp_path, name, start + rest), fetcher()):
        assert isinstance(each, Source | Refused)
        assert each.name
        assert each.text.strip() if isinstance(each, Source) else each.reason


def test_reading_goes_on_as_it_is_asked_for():
    class Pipe(BytesIO):
        def readline(self, size: int | None = -1, /) -> bytes:
            return line(text="Good words")

    articles = read("-", fetcher(), stdin=Pipe())
    assert [next(articles).name for _ in range(3)] == ["-:1", "-:2", "-:3"]
