"""Which lines are the story, and which stand over, beside and under it; sentences."""

from app.ingest.extract.reader import read

PAGE = """date 2031-03-09 Harbour Talks End Without A Deal

Ministers blame each other as ferries stay in port.

Coastal News Desk
Written by: Ona Reed
The harbour at dusk. File Photo
Summary
  • Ferries stay in port.

  • Talks are to go on in May.

Transport minister Lea Holm said the talks had ended. She left at noon.

Unions did not reply.

(With inputs from NNA)
"""


def test_the_parts_of_a_page() -> None:
    found = read(PAGE)
    notes = {kind: PAGE[slice(*span)] for kind, span in found.notes.items()}
    assert found.headline is not None
    assert PAGE[slice(*found.headline)] == "Harbour Talks End Without A Deal"
    assert notes["date"] == "2031-03-09"
    assert notes["deck"] == "Ministers blame each other as ferries stay in port."
    assert notes["byline"] == "Coastal News Desk\nWritten by: Ona Reed"
    assert notes["caption"] == "The harbour at dusk. File Photo"
    assert notes["summary"].startswith("Summary\n")
    assert notes["summary"].endswith("in May.")
    assert notes["credit"] == "(With inputs from NNA)"
    body = PAGE[slice(*found.body)]
    assert body.startswith("Transport minister")
    assert body.endswith("did not reply.")


def test_nobody_beside_the_story_is_one_of_its_people() -> None:
    assert [person.name for person in read(PAGE).people] == ["Lea Holm"]


def test_wire_copy_has_no_headline() -> None:
    text = "OSLO (NNA) — The talks ended on Friday, officials said.\n\nNo date was set."
    found = read(text)
    assert found.headline is None
    assert found.body == (0, len(text))


def test_one_paragraph_is_all_body() -> None:
    found = read("The talks ended on Friday.")
    assert (found.headline, found.body, found.notes) == (None, (0, 26), {})


def test_an_empty_text() -> None:
    found = read("")
    assert (found.attributions, found.sentences, found.paragraphs) == ((), (), ())


def sentences(text: str) -> list[str]:
    return [text[slice(*span)] for span in read(text).sentences]


def test_sentences_end_with_stops_and_not_with_abbreviations() -> None:
    assert sentences("Mr. J. Vale of the U.S. left. He was gone by 5 p.m. on Friday! Why?") == [
        "Mr. J. Vale of the U.S. left.",
        "He was gone by 5 p.m. on Friday!",
        "Why?",
    ]


def test_a_stop_within_a_quotation_ends_no_sentence() -> None:
    assert sentences("“It rains. It pours. Why?” asked Vale. “Go.” He left.") == [
        "“It rains. It pours. Why?” asked Vale.",
        "“Go.”",
        "He left.",
    ]


def test_paragraphs_end_sentences() -> None:
    assert sentences("A line without a stop\n\nAnother one") == [
        "A line without a stop",
        "Another one",
    ]
