"""Who is laid what in the mouth: the frames of attribution, each in sentences of our own."""

import pytest

from tests.extract.reading import Said, direct, said

INTRO = "Harbour minister Lea Holm arrived on Monday.\n\n"


def only(text: str) -> Said:
    (found,) = said(text)
    return found


@pytest.mark.parametrize(
    ("text", "source", "cue"),
    [
        ("“We will sail,” Holm said.", "Holm", "said"),
        ("“We will sail,” said Holm.", "Holm", "said"),
        ("“We will sail!” she told reporters in Oslo.", "she", "told"),
        ("“Will we sail?” asked Holm on Friday.", "Holm", "asked"),
        ("Holm said: “We will sail.”", "Holm", "said"),
        ("Holm told reporters in Oslo on Friday, “We will sail.”", "Holm", "told"),
        ("According to Holm, “We will sail.”", "Holm", "According to"),
        ("“We will sail,” Lea Holm, the harbour minister, said.", None, "said"),
        ("Holm said that “we will sail.”", "Holm", "said"),
    ],
)
def test_direct_speech(text: str, source: str | None, cue: str) -> None:
    found = only(text)
    assert found.kind == "direct"
    assert len(found.content) == 1
    assert "ill we sail" in found.content[0] or "e will sail" in found.content[0]
    assert found.cue == cue
    if source:
        assert found.source == source


def test_the_content_of_direct_speech_has_its_marks() -> None:
    assert only("“We will sail,” Holm said.").content == ("“We will sail,”",)


def test_a_split_quotation_is_one_attribution() -> None:
    found = only("“We will sail,” Holm said, “when the wind turns.”")
    assert found.content == ("“We will sail,”", "“when the wind turns.”")


def test_a_name_under_a_quotation() -> None:
    assert direct("“We will sail.” — Lea Holm") == [("Lea Holm", ("“We will sail.”",))]
    assert direct("Voices\n\n“We will sail.”\n\n— Lea Holm, minister\n\nMore below.") == [
        ("Lea Holm", ("“We will sail.”",))
    ]


@pytest.mark.parametrize(
    ("text", "source", "content"),
    [
        ("Holm said the port was open.", "Holm", "the port was open"),
        ("Holm said that the port was open.", "Holm", "that the port was open"),
        ("Holm has not said whether the port is open.", "Holm", "whether the port is open"),
        ("The port was open, Holm said on Friday.", "Holm", "The port was open"),
        ("According to Holm, the port was open.", "Holm", "the port was open"),
        ("The port was open, according to Holm.", "Holm", "The port was open"),
        ("Holm believes the port is open.", "Holm", "the port is open"),
        ("Holm wants to open the port.", "Holm", "to open the port"),
        ("Unions criticised the plan.", "Unions", "the plan"),
        ("Holm called for calm.", "Holm", "for calm"),
        ("On the new port, Holm said no date was set.", "Holm", "no date was set"),
        ("Voters who oppose the plan left.", "who", "the plan left"),
    ],
)
def test_reported_speech(text: str, source: str, content: str) -> None:
    found = only(text)
    assert (found.kind, found.source, found.content) == ("indirect", source, (content,))


def test_a_sentence_around_quoted_words_is_mixed() -> None:
    found = only("Holm said the port was “wide open” to all.")
    assert (found.kind, found.content) == ("mixed", ("the port was “wide open” to all",))


def test_participles_and_second_verbs_have_attributions_of_their_own() -> None:
    found = said("Holm said the port was open, adding that ferries would sail on Monday.")
    assert [(each.source, each.content) for each in found] == [
        ("Holm", ("the port was open",)),
        ("Holm", ("that ferries would sail on Monday",)),
    ]
    found = said("Holm praised the crews but warned that fuel was short.")
    assert [(each.source, each.cue) for each in found] == [("Holm", "praised"), ("Holm", "warned")]


@pytest.mark.parametrize(
    "text",
    [
        "Asked whether the port was open, Holm said it was a hard question.",
        "Responding to the storm, Holm said it was a hard question.",
    ],
)
def test_what_a_speaker_responds_to_is_not_what_is_said(text: str) -> None:
    found = said(text)[-1]
    assert (found.source, found.content) == ("Holm", ("it was a hard question",))


def test_an_attribution_behind_a_direct_one() -> None:
    found = said("“We will sail,” Holm said, adding that fuel was cheap.")
    assert [each.kind for each in found] == ["direct", "indirect"]
    assert found[1].content == ("that fuel was cheap",)


def test_words_at_arms_length_are_no_speech() -> None:
    assert said("The film “Open Water” ran in the port.") == []
    assert said("The so-called “iron fleet” left the port.") == []


def test_nouns_that_look_like_verbs_attribute_nothing() -> None:
    assert said("The report of the state was on the plan.") == []


def test_attributions_do_not_nest() -> None:
    found = said("Holm said that unions believe the port is open.")
    assert [each.content for each in found] == [("that unions believe the port is open",)]


def test_nothing_is_read_within_a_quotation() -> None:
    found = said("“He said they think it is over,” Holm said.")
    assert [each.source for each in found] == ["Holm"]


def test_typewritten_marks_hold_words_together_but_are_not_proof_of_them() -> None:
    found = only("''We will sail,'' Holm said.")
    assert (found.kind, found.content) == ("mixed", ("''We will sail,''",))
