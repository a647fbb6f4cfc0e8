"""Quotation marks: which words stand between them, however they are set."""

import pytest

from app.ingest.extract.quotations import quotations


def quoted(text: str) -> list[str]:
    return [text[each.start : each.end] for each in quotations(text)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("She said “we leave” today.", ["“we leave”"]),
        ('She said "we leave" today.', ['"we leave"']),
        ("Elle dit « on part » ce soir.", ["« on part »"]),
        ("Sie sagt „wir gehen“, heute.", ["„wir gehen“"]),
        ("Sie sagt »wir gehen« heute.", ["»wir gehen«"]),
        ("She said ``we leave'' today.", ["``we leave''"]),
        ("She said ''we leave'' today.", ["''we leave''"]),
        ("“One,” she said. “Two.”", ["“One,”", "“Two.”"]),
    ],
)
def test_every_pair_of_marks(text: str, found: list[str]) -> None:
    assert quoted(text) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('“Ports," said Vale, are open.', ['“Ports,"']),
        ('“Ports," you could call it. A "harbour" too. "So be it,” he said.', None),
        ('"He told me “go” and I went," she said.', ['"He told me “go” and I went,"']),
        ('"He told me "go" and I went," she said.', ['"He told me "go" and I went,"']),
        ("“He told me ‘go’ and I went,” she said.", ["“He told me ‘go’ and I went,”"]),
        ('“One," he said. "Two.”', ['“One,"', '"Two.”']),
        ("“Not so,“ he said. “Go.”", ["“Not so,“", "“Go.”"]),
    ],
)
def test_nested_and_irregular_marks(text: str, found: list[str] | None) -> None:
    expected = [text[: text.index("”") + 1]] if found is None else found
    assert quoted(text) == expected


def test_each_paragraph_of_a_long_speech_opens_anew() -> None:
    text = "“The first part.\n\n“The second part.\n\n“The third,” she said."
    assert quoted(text) == ["“The first part.", "“The second part.", "“The third,”"]
    assert [each.closed for each in quotations(text)] == [False, False, True]


def test_a_forgotten_mark_ends_with_its_paragraph() -> None:
    assert quoted("“We sail at dawn, he said.\n\nNobody came.") == ["“We sail at dawn, he said."]


def test_single_marks_beside_apostrophes() -> None:
    text = (
        "‘We don’t know the players’ names,’ he said. ‘It’s the workers’ choice.’ "
        "She’d called it ‘rubbish’."
    )
    assert quoted(text) == [
        "‘We don’t know the players’ names,’",
        "‘It’s the workers’ choice.’",
        "‘rubbish’",
    ]


def test_straight_single_marks_and_elisions() -> None:
    text = "'Tell 'em it's over,' he said. 'Back in the '90s it wasn't.'"
    assert quoted(text) == ["'Tell 'em it's over,'", "'Back in the '90s it wasn't.'"]


def test_double_marks_within_single_ones_are_part_of_them() -> None:
    assert quoted("‘She said “no” to us,’ he said. ‘Twice.’") == [
        "‘She said “no” to us,’",
        "‘Twice.’",
    ]


def test_apostrophes_alone_quote_nothing() -> None:
    assert quoted("The dogs' owners didn't say what they'd seen.") == []
    assert quoted("It was 6'2\" tall.") == []
