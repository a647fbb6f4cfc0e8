"""Any text whatever: a record without a fault or a reason, the same bytes each time."""

import subprocess
import sys
import time
from datetime import date
from pathlib import Path

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.errors import ArticleRefused
from app.ingest.extract.compose import extract
from app.ingest.extract.found import Meta
from app.ingest.extract.gazetteer import scan
from app.ingest.extract.when import date_in
from app.ingest.pipeline import checked

ARTICLES = sorted((Path(__file__).parent / "articles").glob("*.txt"))
META = Meta(headline="A headline", published_on=date(2026, 2, 3))
PIECES = (
    *("Pakistan’s Foreign Office", "Islamabad", "Russia", "Iran or Russia", "Hamas", "the Taliban"),
    *("Foreign Minister John Smith", "Egyptian Foreign Minister Badr Ali", "he", "the ministry"),
    *(" said ", " said that ", ", he said. ", " accused ", " demand that ", ", but claimed ", "”"),
    *("“", '"', "‘", "’", "«", "»", "...", "…", ". ", "\n", "\n\n", " — ", ", ", "\u2028", "\x85"),
    *("the third round of talks in Istanbul on 7 November ended without any breakthrough",),
    *("would welcome mediation offers from ", "the offer of mediation of ", "the ceasefire"),
    *("peace talks", "await the Security Council’s decision", "would depend on ", "mediators "),
    *("on Friday", "in 99 BC", "31 February 2025", "İstanbul", "Türkiye", "ﬁ", "é", "e\u0301", "𝒳"),
)
texts = st.text() | st.lists(st.sampled_from(PIECES) | st.text(max_size=8), max_size=60).map(
    "".join
)
calm = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


@given(texts)
@calm
def test_every_record_stands_up_to_verification(text):
    try:
        made = extract(text, META)
    except ArticleRefused:
        assert not text.strip() or "\x00" in text
        return
    assert checked(made.record, text).faults == []
    assert orjson.dumps(made.record) == orjson.dumps(extract(text, META).record)


@given(texts)
@calm
def test_names_lie_where_they_are_found(text):
    found = scan(text)
    assert all(0 <= each.start < each.end <= len(text) for each in found.mentions)
    assert all(0 <= each.start < each.end <= len(text) for each in found.told)
    ends = [each.end for each in found.mentions]
    starts = [each.start for each in found.mentions]
    assert all(end <= start for end, start in zip(ends, starts[1:], strict=False))


@given(texts, st.dates(min_value=date(1000, 1, 1)) | st.none())
@calm
def test_a_date_is_a_date_or_unknown(text, published):
    found = date_in(text, (0, len(text)), published)
    if found:
        padded = found + "-01" * (2 - found.count("-"))
        assert date.fromisoformat(padded)


def test_the_same_bytes_with_another_hash_seed():
    program = (
        "import sys, orjson; from datetime import date; from pathlib import Path\n"
        "from app.ingest.extract.compose import extract\n"
        "from app.ingest.extract.found import Meta\n"
        "meta = Meta(headline='A headline', published_on=date(2026, 2, 3))\n"
        "for path in sys.argv[1:]:\n"
        "    made = extract(Path(path).read_text(encoding='utf-8'), meta)\n"
        "    sys.stdout.buffer.write(orjson.dumps(made.record))\n"
    )
    written = {
        subprocess.run(
            [sys.executable, "-c", program, *map(str, ARTICLES)],
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": ":".join(sys.path)},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(written) == 1


@pytest.mark.parametrize(
    "piece",
    [
        *("“Any role from Russia is welcome... ", "Pakistan’s demand that ", "X said Y. ", '"'),
        *(
            "Iran and ",
            "............",
            "‘a’ ",
            "the third round of talks in ",
            "he said, but claimed ",
        ),
        *("\n", " ", "Foreign Office ", "(", "on 7 November ", "would welcome any role from "),
    ],
)
def test_time_grows_with_the_text_and_no_faster(piece):
    def taken(size: int) -> float:
        text = piece * (size // len(piece))
        begun = time.process_time()
        try:
            extract(text, META)
        except ArticleRefused:
            return 0.0
        return time.process_time() - begun

    extract("Warm. " * 10, META)
    small, large = taken(20_000), taken(160_000)
    assert large <= 8 * 4 * max(small, 0.02)
