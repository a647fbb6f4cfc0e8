"""The sentence around words: the text itself, nothing lost and nothing made up."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.ingest.surroundings import surroundings

TEXT = (
    "Headline\n\nDr. A. Smith of the U.S. delegation spoke first. “We stay! We must,” she said, "
    "leaving. Then it rained.\n\nNobody else spoke"
)


def around(words: str, text: str = TEXT) -> tuple[str, ...]:
    start = text.index(words)
    found = surroundings(text, start, start + len(words))
    return found.before, found.head, found.words, found.tail, found.after


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (
            "“We stay! We must,”",
            (
                "Dr. A. Smith of the U.S. delegation spoke first.",
                "",
                "“We stay! We must,”",
                " she said, leaving.",
                "Then it rained.",
            ),
        ),
        (
            "delegation spoke",
            (
                "Headline",
                "Dr. A. Smith of the U.S. ",
                "delegation spoke",
                " first.",
                "“We stay!",
            ),
        ),
        ("Headline", ("", "", "Headline", "", "Dr. A. Smith of the U.S. delegation spoke first.")),
        ("else", ("Then it rained.", "Nobody ", "else", " spoke", "")),
    ],
)
def test_words_stand_in_their_sentence(words: str, expected: tuple[str, ...]) -> None:
    assert around(words) == expected


@given(st.data())
def test_whatever_the_text_its_sentence_is_a_part_of_it(data: st.DataObject) -> None:
    text = data.draw(st.text(st.sampled_from("aA.!?”“\n \t("), min_size=1) | st.text(min_size=1))
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    found = surroundings(text, start, end)
    assert found.words == text[start:end]
    assert text[: end + len(found.tail)].endswith(found.head + found.words + found.tail)
    assert found.before in text[:start]
    assert found.after in text[end:]


def test_a_text_without_an_end_is_cut() -> None:
    found = surroundings(" " * 100_000 + "here" + "x" * 100_000, 100_000, 100_004)
    assert len(found.before + found.head + found.tail + found.after) <= 6_000
