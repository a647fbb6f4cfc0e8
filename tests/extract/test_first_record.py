"""The first article: from its attributions the stages make the record that a person made."""

import copy
from datetime import date
from typing import Any

import pytest

from app.db import Database
from app.ingest.extract.actors import Actors
from app.ingest.extract.compose import Extraction, compose, extract
from app.ingest.extract.evaluate import evaluate
from app.ingest.extract.found import Meta
from app.ingest.extract.papers import article
from app.ingest.pipeline import checked, ingest
from app.ingest.reading import read_file, read_text
from tests.conftest import RECORD, TEXT
from tests.extract.first import as_read_by_people

HEADLINE = "Pakistan Says Talks With Afghanistan At A Stalemate Over Cross-Border Terror Concerns"
META = Meta(
    headline=HEADLINE,
    agency="PTI",
    byline="Outlook News Desk; curated by Saher Hiba Khan",
    published_on=date(2025, 11, 15),
)
EXPECTED: dict[str, Any] = read_file(RECORD)  # type: ignore[assignment]


@pytest.fixture(scope="module")
def made() -> Extraction:
    text = read_text(TEXT)
    entry, papers = article(text, META)
    return compose(as_read_by_people(text), entry, Actors(papers))


def test_the_article_is_told_as_a_person_told_it(made):
    expected = EXPECTED["article"] | {"rights": made.record["article"]["rights"]}
    assert made.record["article"] == expected


@pytest.mark.parametrize(("kind", "count"), [("positions", 13), ("mediation_offers", 3)])
def test_every_fact_is_found_and_no_other(made, kind, count):
    score = evaluate(EXPECTED, made.record).kinds[kind]
    assert (score.matched, score.found) == (count, count)


def test_every_field_is_as_a_person_wrote_it(made):
    assert evaluate(EXPECTED, made.record).differences == []


def test_from_the_text_alone_it_is_the_same():
    """Attributions, headline, byline, day and agency found by the stages before."""
    result = evaluate(EXPECTED, extract(read_text(TEXT)).record)
    assert result.differences == []
    assert {kind: score.matched for kind, score in result.kinds.items()} == {
        "positions": 13,
        "mediation_offers": 3,
        "rounds": 1,
        "officials": 2,
        "groups": 8,
    }


def test_what_differs_is_told_by_its_place(made):
    other = copy.deepcopy(EXPECTED)
    other["positions"][0]["stance"] = "denies"
    other["rounds"] = []
    result = evaluate(other, made.record)
    assert result.kinds["rounds"].found == 1
    assert result.kinds["rounds"].precision == 0
    key = other["positions"][0]["key"]
    assert any(
        f"{key} (peace-talks, denies): stance: expected denies, found acknowledges" in each
        for each in result.differences
    )


def test_russia_has_offered_nothing(made):
    offers = {each["mediator"]["country"]: each for each in made.record["mediation_offers"]}
    assert (offers["RUS"]["status"], offers["RUS"]["explicit"]) == ("invited", False)
    assert offers["RUS"]["responses"][0]["response"] == "would_welcome"
    assert (offers["IRN"]["status"], offers["IRN"]["explicit"]) == ("offered", True)


def test_the_words_of_evidence_lie_where_a_person_saw_them(made):
    overlap = evaluate(EXPECTED, made.record).overlap
    assert overlap.precision > 0.9
    assert overlap.recall > 0.85


def test_no_sentence_of_the_article_becomes_a_proposition(made):
    text = read_text(TEXT)
    for position in made.record["positions"]:
        words = position["proposition"].rstrip(".").split()
        for start in range(len(words) - 5):
            assert " ".join(words[start : start + 6]) not in text


def test_every_fact_names_its_rule_and_confidence(made):
    for kind in ("positions", "mediation_offers", "rounds"):
        for fact in made.record[kind]:
            assert fact["extraction"]["rule"]
            assert 0 < fact["extraction"]["confidence"] <= 1


def test_the_record_is_loaded_like_any_other(made, database: Database):
    text = read_text(TEXT)
    assert checked(made.record, text).faults == []
    outcome = ingest(database, made.record, text=text, by="test")
    assert outcome.seq is not None
    again = ingest(database, made.record, text=text, by="test")
    assert again.seq is None


def test_another_rule_for_the_same_fact_changes_nothing_but_what_the_draft_says_of_it(
    made, database: Database
):
    text = read_text(TEXT)
    ingest(database, made.record, text=text, by="test")
    other = made.record | {
        "positions": [
            each | {"extraction": {"rule": "another", "confidence": 0.1}}
            for each in made.record["positions"]
        ]
    }
    steps = ingest(database, other, text=text, by="test").steps
    assert len(steps) == len(made.record["positions"])
    for step in steps:
        assert step.before is not None
        before, after = step.before.snapshot.values, step.snapshot.values
        assert after["curation"] == "draft"
        assert {name for name in after if after[name] != before[name]} == {"rule", "confidence"}
        assert step.snapshot.children == step.before.snapshot.children
