"""Feeds: entries with what is stated of each, read by a parser that loads nothing."""

from datetime import date

import pytest

from app.errors import ArticleRefused
from app.ingest.extract.found import Meta
from app.ingest.read.feed import Entry, entries
from tests.read.support import HEADLINE, PARAGRAPHS

STORY = "".join(f"<p>{each}</p>" for each in (*PARAGRAPHS, *PARAGRAPHS))

RSS = f"""<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"
  xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel><title>The Ferry Post</title><link>https://ferrypost.example/</link>
<language>en-gb</language>
<item><title>{HEADLINE}</title><link>https://ferrypost.example/1</link>
  <pubDate>Fri, 14 Nov 2025 23:30:00 -0500</pubDate><dc:creator>Ada Quill</dc:creator>
  <description>A teaser.</description><content:encoded><![CDATA[{STORY}]]></content:encoded></item>
<item><title>Caf&eacute;s &amp;amp; ferries</title><link>/2</link>
  <author>desk@ferrypost.example (Tom Reed)</author>
  <description>Only a teaser.</description></item>
<item><title>Read more</title><guid>https://ferrypost.example/3</guid>
  <content:encoded><![CDATA[<p>Read on at our site.</p>]]></content:encoded></item>
</channel></rss>"""

ATOM = f"""<?xml version="1.0"?>
<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en"><title>The Ferry Post</title>
<entry><title type="html">{HEADLINE}</title>
  <link rel="self" href="https://ferrypost.example/self"/>
  <link href="https://ferrypost.example/1"/><published>2025-11-14T23:30:00-05:00</published>
  <updated>2025-11-20T00:00:00Z</updated><author><name>Ada Quill</name></author>
  <author><name>Tom Reed</name></author>
  <content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">{STORY}</div></content></entry>
<entry><title>Two</title><link href="2"/><updated>2025-11-20T00:00:00Z</updated>
  <summary>Only a teaser.</summary></entry>
</feed>"""

FIRST = Meta(
    headline=HEADLINE,
    publisher="The Ferry Post",
    byline="Ada Quill",
    published_on=date(2025, 11, 14),
    url="https://ferrypost.example/1",
    language="en-gb",
)


def test_rss():
    one, two, three = entries(RSS.encode(), url="https://ferrypost.example/feed")
    assert one == Entry("https://ferrypost.example/1", STORY, FIRST)
    assert (two.link, two.content) == ("https://ferrypost.example/2", None)
    assert (two.meta.headline, two.meta.byline) == ("Cafés & ferries", "Tom Reed")
    assert two.meta.published_on is None
    assert (three.link, three.content) == ("https://ferrypost.example/3", None)


def test_atom():
    one, two = entries(ATOM.encode(), url="https://ferrypost.example/feed/")
    assert one.link == "https://ferrypost.example/1"
    assert one.meta.byline == "Ada Quill; Tom Reed"
    assert one.meta.published_on == date(2025, 11, 14)
    assert one.content is not None
    assert PARAGRAPHS[1] in one.content
    assert (two.link, two.content) == ("https://ferrypost.example/feed/2", None)
    assert two.meta.published_on is None  # an update is no publication


def test_rss_of_the_first_generation():
    body = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
      xmlns="http://purl.org/rss/1.0/"><channel><title>x</title></channel>
      <item><title>One</title><link>https://ferrypost.example/1</link></item></rdf:RDF>"""
    (one,) = entries(body.encode())
    assert (one.link, one.meta.headline) == ("https://ferrypost.example/1", "One")


def test_an_entry_without_a_link_is_what_it_has():
    story = "<description>&lt;p&gt;All.&lt;/p&gt;</description>"
    body = f"<rss><channel><item>{story}</item></channel></rss>"
    assert entries(body.encode()) == [Entry(None, "<p>All.</p>", Meta())]


@pytest.mark.parametrize(
    ("body", "why"),
    [
        ("<rss><channel><item>", "no whole XML"),
        ("<opml/>", "neither RSS nor Atom"),
        ("", "no whole XML"),
        ("<rss>&unknown;</rss>", "no whole XML"),
        (
            '<!DOCTYPE rss [<!ENTITY a SYSTEM "file:///etc/hostname">]><rss>&a;</rss>',
            "entities of its own",
        ),
        (
            '<!DOCTYPE rss [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><rss>&b;</rss>',
            "entities of its own",
        ),
    ],
)
def test_what_is_no_feed_is_refused(body, why):
    with pytest.raises(ArticleRefused, match=why):
        entries(body.encode())


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ('<content type="html">&lt;p&gt;A &amp;amp; b.&lt;/p&gt;</content>', "<p>A &amp; b.</p>"),
        ("<content>1 &lt; 2\n\nThree.</content>", "1 &lt; 2<p>Three."),
        ('<content type="image/png">AAAA</content><summary>In short.</summary>', "In short."),
        ('<content src="https://ferrypost.example/1"/><summary>In short.</summary>', "In short."),
    ],
)
def test_what_an_entry_of_atom_says_is_read_by_its_type(content, told):
    body = f'<feed xmlns="http://www.w3.org/2005/Atom"><entry>{content}</entry></feed>'
    (one,) = entries(body.encode())
    assert one.content == told
