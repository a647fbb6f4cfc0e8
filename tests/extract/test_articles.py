"""Articles of our own, in several styles and from several countries: what is found, and no more."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from app.errors import ArticleRefused
from app.ingest.extract.compose import extract
from app.ingest.extract.found import Meta
from app.ingest.pipeline import checked
from tests.extract.facts import lines

FOLDER = Path(__file__).parent
EXPECTED: dict[str, dict[str, list[str]]] = yaml.safe_load(
    (FOLDER / "expected.yaml").read_text(encoding="utf-8")
)
UNDATED = {"opinion": Meta(published_on=date(2026, 1, 8))}


def text_of(name: str) -> str:
    return (FOLDER / "articles" / f"{name}.txt").read_text(encoding="utf-8")


def record_of(name: str) -> dict[str, Any]:
    return extract(text_of(name), UNDATED.get(name)).record


def test_every_article_has_its_facts_written_down():
    assert sorted(EXPECTED) == sorted(path.stem for path in (FOLDER / "articles").glob("*.txt"))


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_what_an_article_says_is_found(name):
    assert [each for each in EXPECTED[name]["must"] if each not in lines(record_of(name))] == []


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_nothing_else_is_found(name):
    right = EXPECTED[name]["must"] + EXPECTED[name]["may"]
    assert [each for each in lines(record_of(name)) if each not in right] == []


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_every_record_stands_up_to_verification(name):
    assert checked(record_of(name), text_of(name)).faults == []


def test_an_author_of_opinions_speaks_for_nobody():
    made = extract(text_of("opinion"), UNDATED["opinion"])
    assert "positions" not in made.record
    assert "officials" not in made.record


def test_what_made_no_position_is_counted_by_the_reason():
    made = extract(text_of("domestic"))
    assert made.left_out["speaks for nobody known"] > 0


def test_without_a_day_of_publication_there_is_no_record():
    with pytest.raises(ArticleRefused, match="day on which the article appeared"):
        extract(text_of("opinion").replace("2026-01-08", ""))


def test_nobody_is_credited_with_an_article_that_nobody_claims():
    record = record_of("oman-iran-us")
    assert record["article"]["publisher"] == "unknown-publisher"
    assert record["article"]["agency"] == "agence-france-presse"
    named = extract(text_of("oman-iran-us"), Meta(publisher="The Guardian")).record
    assert named["article"]["publisher"] == "the-guardian"
    hosted = extract(text_of("oman-iran-us"), Meta(url="https://www.dawn.com/news/1")).record
    assert hosted["article"]["publisher"] == "dawn"
