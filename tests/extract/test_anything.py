"""Whatever the text, reading it ends, in time, the same way, and every span lies in it."""

import os
import subprocess
import sys

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from app.ingest.extract.reader import read
from tests.chance import examples
from tests.support import ROOT

MARKS = "“ ” \" ‘ ’ ' « » „ '' `` , . ? : — -- … ( ) • - é 中"
SPACES = ["\n", "\n\n", " ", "\t", "\u2028", "\xa0", "\x00", "\ud800"]
WORDS = "said says he who that and but was to asked the Holm Mr."
PHRASES = ["Laura Holm", "According to", "Q: ", "A: ", "HOLM: ", "By ", " according to "]
PIECES = [*MARKS.split(), *SPACES, *(f" {word} " for word in WORDS.split()), *PHRASES]
texts = st.lists(st.sampled_from(PIECES), max_size=60).map("".join) | st.text(max_size=200)


@settings(max_examples=examples(300), deadline=None)
@given(texts)
@example("“")
@example("Q: a\nQ: b\nQ: c\nQ: d")
def test_every_span_lies_in_the_text(text: str) -> None:
    found = read(text)
    for each in found.attributions:
        assert each.content
        assert each.rule
        assert 0 < each.confidence < 1
        for span in (*each.content, each.source, each.cue):
            assert span is None or 0 <= span[0] < span[1] <= len(text)
    for start, end in (*found.paragraphs, *found.sentences, *found.notes.values(), found.body):
        assert 0 <= start <= end <= len(text)
    for person in found.people:
        assert 0 <= person.mention[0] < person.mention[1] <= len(text)


@settings(max_examples=examples(100), deadline=None)
@given(texts)
def test_a_text_is_read_the_same_way_again(text: str) -> None:
    assert read(text) == read(text)


@pytest.mark.parametrize(
    "piece",
    [
        *["he said ", "and said ", "x, said, ", "that he said that ", "according to "],
        *['" ', "“", "‘a ’b ", "“a” ", "“he said\n", "“A b,” he said.\n\n"],
        *["Ab Smith, ", "a", "BOB: x\n", ". ", "--"],
    ],
)
def test_work_grows_no_faster_than_the_text(piece: str) -> None:
    """By the calls that are made; `benchmarks.extraction speed` shows the time."""
    short, long = (calls((piece * size)[:size]) for size in (4_000, 40_000))
    assert long < 15 * short + 500  # ten times as long a text; a hundred times if it were squared


def calls(text: str) -> int:
    """How many functions are called to read a text."""
    made = 0

    def count(_frame: object, event: str, _given: object) -> None:
        nonlocal made
        made += event in {"call", "c_call"}

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        read(text)
    finally:
        sys.setprofile(before)
    return made


def test_the_seed_of_hashes_changes_nothing() -> None:
    code = (
        "from app.ingest.extract.reader import read;"
        "t='Port\\n\\nLaura Holm met Peter Holm. “We sail,” she said. Mr Holm said he would wait.';"
        "print(read(t))"
    )

    def printed(seed: str) -> str:
        env = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "PYTHONHASHSEED": seed}
        command = [sys.executable, "-c", code]
        return subprocess.run(command, env=env, capture_output=True, text=True, check=True).stdout

    assert printed("1") == printed("2") != ""
