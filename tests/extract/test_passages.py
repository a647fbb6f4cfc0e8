"""Copy of many sorts: who is quoted in it, by which words, and whom they stand for."""

from pathlib import Path
from typing import NamedTuple

import pytest
import yaml

from app.codelists import QuoteType
from app.ingest.extract.reader import read

PASSAGES = yaml.safe_load(Path(__file__).with_name("passages.yaml").read_text(encoding="utf-8"))
MARKS = " \n\"“”„«».,;:!?—–-‘’'"


class Expected(NamedTuple):
    """A line of the file: `speaker | mention | words`."""

    speaker: str
    mention: str
    words: str

    def fits(self, speaker: str | None, mention: str) -> bool:
        """Whether a speaker and how the text names it are those: a part of the mention will do."""
        named = self.speaker in {"*", speaker or "-"}
        return named and bool(mention) and (mention in self.mention or self.mention in mention)

    def quotes(self, content: str) -> bool:
        """Whether a quotation is this one."""
        first, _, last = self.words.partition(" ~ ")
        bare = content.strip(MARKS)
        if not last:
            return bare == first.strip(MARKS)
        return bare.startswith(first) and bare.endswith(last.strip(MARKS))


class Given(NamedTuple):
    """What was found: who, named how, and the words."""

    direct: bool
    speaker: str | None
    mention: str
    content: tuple[str, ...]


def expected(passage: dict[str, str], kind: str) -> list[Expected]:
    return [Expected(*line.split(" | ")) for line in passage.get(kind, "").splitlines()]


def given(text: str) -> list[Given]:
    return [
        Given(
            each.quote_type is QuoteType.DIRECT,
            each.speaker,
            text[slice(*each.source)] if each.source else "",
            tuple(text[slice(*span)] for span in each.content),
        )
        for each in read(text).attributions
    ]


@pytest.mark.parametrize("passage", PASSAGES, ids=lambda each: each["name"])
def test_every_direct_quotation_and_no_other(passage: dict[str, str]) -> None:
    found = [
        (each, words) for each in given(passage["text"]) if each.direct for words in each.content
    ]
    wanted = expected(passage, "direct")
    assert [
        words.strip(MARKS) for _, words in found if not any(w.quotes(words) for w in wanted)
    ] == []
    missing = [
        want
        for want in wanted
        if not any(want.quotes(words) and want.fits(e.speaker, e.mention) for e, words in found)
    ]
    assert missing == []


@pytest.mark.parametrize(
    "passage", [p for p in PASSAGES if "reported" in p], ids=lambda each: each["name"]
)
def test_what_is_reported(passage: dict[str, str]) -> None:
    found = [each for each in given(passage["text"]) if not each.direct]
    missing = [
        want
        for want in expected(passage, "reported")
        if not any(
            want.words in " ".join(each.content) and want.fits(each.speaker, each.mention)
            for each in found
        )
    ]
    assert missing == []
