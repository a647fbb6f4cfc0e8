"""Plain text: what it states of itself is found, and nothing else is taken for it."""

from datetime import date
from textwrap import dedent

import pytest

from app.ingest.extract.found import Meta
from app.ingest.read.plain import read_plain, stated
from app.ingest.read.printed import agency_named, day_printed, day_stated
from tests.conftest import TEXT


def of(text: str) -> Meta:
    return stated(dedent(text).lstrip("\n"))


def test_the_first_article_states_what_its_record_says(article_text, record):
    text, meta = read_plain(TEXT.read_bytes())
    article = record["article"]
    assert text == article_text
    assert meta == Meta(
        headline=article["headline"],
        byline=article["byline"],
        published_on=date.fromisoformat(article["published_on"]),
        agency="PTI",
    )


def test_wire_copy():
    meta = of("""
        KABUL, Nov 14 (Reuters) - The ministry said on Friday that talks had stopped.

        It gave no reason. Nobody by name was quoted.

        (Reporting by Ada Quill and Tom Reed; Editing by Ann Lund)
        """)
    assert meta == Meta(agency="Reuters", byline="Ada Quill and Tom Reed")


def test_wire_copy_of_an_indian_agency():
    meta = of("""
        Ministry silent on talks
        New Delhi, Nov 14 (PTI) The ministry had nothing to say on Friday.

        It may say more next week. PTI ABC DEF
        """)
    assert meta == Meta(headline="Ministry silent on talks", agency="PTI")


def test_an_agency_that_nobody_knows_is_named_by_its_dateline():
    text = "HARBOUR CITY (Ferry Wire) — The port stayed closed.\n\nIt opens on Monday.\n"
    assert of(text).agency == "Ferry Wire"
    assert of(text.replace("HARBOUR CITY", "Harbour officials")).agency is None


def test_a_dateline_between_dashes():
    assert of("HARBOUR CITY – AFP – The port stayed closed.\n\nIt opens soon.\n").agency == "AFP"
    assert of("HARBOUR CITY – Ferries – The port stayed closed.\n\nSoon.\n").agency is None


def test_a_paper_that_prints_its_agency_for_a_byline():
    meta = of("Port stays closed\nBy Reuters | Published 4 March 2025\n\nIt opens on Monday.\n")
    assert (meta.agency, meta.byline) == ("Reuters", None)
    assert meta.published_on == date(2025, 3, 4)


def test_a_broadsheet():
    meta = of("""
        Talks on the river border come to a stop

        Neither side has named a date, and each waits for the other to call.

        By Ada Quill in Harbour City and Tom Reed | Friday, November 14, 2025 10:15 am GMT

        The talks came to a stop on Friday.

        (With inputs from AFP)
        """)
    assert meta == Meta(
        headline="Talks on the river border come to a stop",
        byline="Ada Quill in Harbour City and Tom Reed",
        published_on=date(2025, 11, 14),
        agency="AFP",
    )


def test_a_press_release():
    meta = of("""
        FOR IMMEDIATE RELEASE
        14 November 2025

        Media contact:
        Ada Quill
        press@ministry.example, +1 555 0100

        Ministry welcomes new round of talks

        HARBOUR CITY – The ministry today welcomed the talks.

        ###
        """)
    assert meta == Meta(
        headline="Ministry welcomes new round of talks", published_on=date(2025, 11, 14)
    )


def test_labelled_lines():
    meta = of("""
        Title: Talks stop
        Publisher: The Ferry Post
        Author: Ada Quill
        Date: 3 March 2025
        URL: https://ferrypost.example/talks
        Language: pt_BR

        The talks stopped.
        """)
    assert meta == Meta(
        headline="Talks stop",
        publisher="The Ferry Post",
        byline="Ada Quill",
        published_on=date(2025, 3, 3),
        url="https://ferrypost.example/talks",
        language="pt-BR",
    )


def test_copy_in_german():
    meta = of("""
        Von Anna Müller und Jörg Weiß
        14. März 2025

        Gespräche am Fluss „ruhen“

        Berlin (dpa) - Die Gespräche „ruhen“, sagte eine Sprecherin.
        """)
    assert meta == Meta(
        headline="Gespräche am Fluss „ruhen“",
        byline="Anna Müller und Jörg Weiß",
        published_on=date(2025, 3, 14),
        agency="dpa",
    )


@pytest.mark.parametrize(
    "text",
    [
        "HOLT: Good morning.\n\nREED: Good morning to you.\n\nHOLT: Let us begin.\n",
        "10:45 GMT\n\nThe talks have begun, somebody says.\n\n11:02 GMT\n\nThey ended.\n",
        "The ministry said that talks had stopped.\n\nIt gave no reason.\n",
        "By the river, nobody spoke.\n\nThey waited for the ferry.\n",
        "Updated: 14 November 2025\n\nThe ministry said that talks had stopped.\n",
        "Talks stopped on 14 November 2025, the ministry said.\n\nIt gave no reason.\n",
        "He told the paper (and then AP) - twice - that he was done.\n\nHe left.\n",
        "Holt said the agency reports of AFP were wrong.\n\nShe left.\n",
        "One line and nothing else",
        "“We are ready,” Holt told the Post. “Call us.”\n\nNobody called.\n",
        "Author: nobody knew about it.\n\nThe author said so on Friday.\n",
        "Agency: Twenty still missing on the river.\n\nThe agency said so on Friday.\n",
    ],
)
def test_what_is_not_stated_stays_unknown(text):
    assert stated(text) == Meta()


def test_a_correction_and_an_opinion_have_headlines_and_no_more():
    assert of("Correction: Nov. 14 article on talks\n\nIt was Friday.\n") == Meta(
        headline="Correction: Nov. 14 article on talks"
    )
    assert of("OPINION\n\nLet them talk\n\nBy Ada Quill\n\nThey should.\n") == Meta(
        headline="Let them talk", byline="Ada Quill"
    )


@pytest.mark.parametrize(
    "printed",
    [
        "2025-11-04",
        "2025-11-04T10:00:00Z",
        "4 November 2025",
        "4th of November, 2025",
        "Nov. 4, 2025",
        "Tuesday, November 4, 2025",
        "4. November 2025",
        "04.11.2025",
        "4 novembre 2025",
        "4 de noviembre de 2025",
        "4 de novembro de 2025",
    ],
)
def test_days_as_they_are_printed(printed):
    assert day_printed(printed) == day_stated(printed) == date(2025, 11, 4)
    assert day_stated(f"Published on {printed}") == date(2025, 11, 4)
    assert day_stated(f"They met on {printed} in Rome") is None


def test_a_day_that_may_be_two_is_none():
    assert day_printed("3/4/2025") is None
    assert day_printed("3/14/2025") == day_printed("14/3/2025") == date(2025, 3, 14)
    assert day_printed("31 February 2025") is None


def test_initials_are_agencies_only_as_they_are_printed():
    assert agency_named("inputs from PTI and AFP") == "PTI"
    assert agency_named("an app, a pa, the UNICORN and AP-like") is None
