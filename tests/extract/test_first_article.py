"""The first article: its eight direct quotations, each with its speaker."""

import pytest

from app.ingest.extract.reader import read
from tests.conftest import TEXT

pytestmark = pytest.mark.skipif(not TEXT.exists(), reason="the article lies beside the checkout")

DIRECT = [
    (1408, 1528), (1757, 2062), (2249, 2471), (2678, 2897),
    (3019, 3111), (3471, 3587), (3729, 3909), (4044, 4182),
]  # fmt: skip
INDIRECT = [
    (1556, 1620), (1676, 1755), (2160, 2247), (2495, 2593), (2607, 2676), (3176, 3288),
    (3988, 4042), (4200, 4278),
]  # fmt: skip


def test_eight_direct_quotations_of_one_speaker() -> None:
    found = [a for a in read(TEXT.read_text()).attributions if a.quote_type == "direct"]
    assert [a.content for a in found] == [(span,) for span in DIRECT]
    assert {a.speaker for a in found} == {"Tahir Andrabi"}
    assert {a.person.role for a in found if a.person} == {"Foreign Office spokesperson"}


def test_reported_speech_between_them() -> None:
    text = TEXT.read_text()
    found = {
        a.content[0]: a.speaker
        for a in read(text).attributions
        if a.quote_type == "indirect" and a.content[0][0] > 1400
    }
    assert {span: found.get(span) for span in INDIRECT} == dict.fromkeys(INDIRECT, "Tahir Andrabi")


def test_who_is_in_it() -> None:
    assert [person.name for person in read(TEXT.read_text()).people] == [
        "Tahir Andrabi",
        "Recep Tayyip Erdogan",
    ]
