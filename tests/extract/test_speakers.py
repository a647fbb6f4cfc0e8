"""Whom a source stands for; speech that goes on; people with posts."""

import pytest

from app.ingest.extract.reader import read
from tests.extract.reading import direct, said, speakers

PORT = "Port reopens\n\nHarbour minister Laura Holm met union leader Peter Vale on Monday.\n\n"


@pytest.mark.parametrize(
    ("sentence", "speaker"),
    [
        ("“We sail,” Holm said.", "Laura Holm"),
        ("“We sail,” Vale said.", "Peter Vale"),
        ("“We sail,” she said.", "Laura Holm"),
        ("“We sail,” he said.", "Peter Vale"),
        ("“We sail,” the minister said.", "Laura Holm"),
        ("“We sail,” said Mr Vale.", "Peter Vale"),
        ("Vale, who leads the union, said the strike was over.", "Peter Vale"),
        ("“We sail,” said a clerk for Holm.", "a clerk for Holm"),
        ("“We sail,” the ministry said.", "the ministry"),
    ],
)
def test_names_pronouns_and_posts(sentence: str, speaker: str) -> None:
    assert speakers(PORT + sentence)[-1] == speaker


def test_a_pronoun_means_whoever_spoke_last() -> None:
    text = PORT + "Holm said the port was open. Vale said it was not. “Ask the crews,” he said."
    assert speakers(text)[-1] == "Peter Vale"


def test_nobody_is_invented_for_a_pronoun() -> None:
    assert speakers("Port reopens\n\n“We sail,” he said.") == [None]


def test_speech_goes_on_in_the_paragraph_and_the_next() -> None:
    text = PORT + "“We sail,” Holm said. “The wind is fair.”\n\n“All crews are aboard.”"
    assert [speaker for speaker, _ in direct(text)] == ["Laura Holm"] * 3


def test_a_colon_at_the_end_of_a_paragraph_opens_a_quotation() -> None:
    text = PORT + "Vale had this to say:\n\n“No ship sails without us.”"
    assert direct(text) == [("Peter Vale", ("“No ship sails without us.”",))]


def test_a_quotation_that_nobody_spoke_before_is_left_alone() -> None:
    assert direct("Port reopens\n\nThe rain stopped.\n\n“We sail at dawn.”") == []


def test_people_have_posts_and_gender() -> None:
    people = {person.name: person for person in read(PORT + "Ms Holm left.").people}
    holm, vale = people["Laura Holm"], people["Peter Vale"]
    assert (holm.surname, holm.role, holm.gender) == ("Holm", "Harbour minister", "she")
    assert (vale.surname, vale.role, vale.gender) == ("Vale", "union leader", "he")
    text = PORT + "Ms Holm left."
    assert text[slice(*holm.mention)] == "Harbour minister Laura Holm"


def test_a_post_behind_the_name() -> None:
    (person,) = read("Dr. Amina Okoro, the union’s chief negotiator, left.").people
    assert person.role == "union’s chief negotiator"


def test_two_people_of_one_surname() -> None:
    text = (
        "Votes counted\n\nLaura Holm met her brother Peter Holm.\n\n"
        "“I won,” Laura Holm said. “I lost,” Mr Holm said."
    )
    assert [speaker for speaker, _ in direct(text)] == ["Laura Holm", "Peter Holm"]


def test_an_interview() -> None:
    text = (
        "Six questions\n\nWe met Laura Holm, the minister.\n\nQ: Will you sail?\n\n"
        "A: At dawn. I said so.\n\nWith the tide.\n\nQ: Alone?\n\nA: Never."
    )
    turns = [(each.source, each.speaker, each.content) for each in said(text)]
    assert turns == [
        ("Q", None, ("Will you sail?",)),
        ("A", "Laura Holm", ("At dawn. I said so.", "With the tide.")),
        ("Q", None, ("Alone?",)),
        ("A", "Laura Holm", ("Never.",)),
    ]


def test_a_transcript_with_names() -> None:
    text = (
        "On air\n\nLaura Holm spoke with Peter Vale.\n\nVALE: Will you sail?\n\n"
        "HOLM: At dawn.\n\nVALE: Alone?\n\nHOLM: Never."
    )
    assert speakers(text) == ["Peter Vale", "Laura Holm"] * 2
