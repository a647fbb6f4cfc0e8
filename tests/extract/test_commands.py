"""``onrecord extract`` and ``onrecord evaluate``, from the entry point."""

import json
from pathlib import Path

import yaml

from app.ingest.pipeline import checked
from tests.conftest import TEXT
from tests.support import in_process

ARTICLES = Path(__file__).parent / "articles"


def test_an_article_becomes_a_record_in_yaml():
    path = ARTICLES / "grain-corridor.txt"
    ran = in_process("extract", path)
    assert ran.returncode == 0, ran.stderr
    record = yaml.safe_load(ran.stdout)
    assert checked(record, path.read_text(encoding="utf-8")).faults == []
    assert "6 positions, 1 mediation offers, 0 rounds" in ran.stderr


def test_a_folder_becomes_lines_of_json():
    ran = in_process("extract", ARTICLES, "--json", "--meta", "published_on=2026-03-04")
    assert ran.returncode == 0, ran.stderr
    records = [json.loads(line) for line in ran.stdout.splitlines()]
    assert len(records) == len(list(ARTICLES.glob("*.txt")))
    assert {each["format"] for each in records} == {"onrecord/article-record/1"}


def test_an_article_without_a_day_is_refused_by_name(tmp_path):
    path = tmp_path / "undated.txt"
    path.write_text("A story\n\n“We want peace talks,” said Egyptian President Ali Badr.\n")
    ran = in_process("extract", path)
    assert ran.returncode == 1
    assert ran.stdout == ""
    assert "undated.txt: The day on which the article appeared is not known" in ran.stderr


def test_extraction_is_compared_with_what_people_recorded():
    ran = in_process("evaluate", TEXT.parent)
    assert ran.returncode == 0, ran.stderr
    rows = {line.split("  ")[0].strip(): line.split() for line in ran.stdout.splitlines()}
    assert rows["positions"][-5:] == ["13", "13", "13", "100.0%", "100.0%"]
    assert rows["mediation offers"][-5:] == ["3", "3", "3", "100.0%", "100.0%"]


def test_nothing_to_compare_with_is_said(tmp_path):
    ran = in_process("evaluate", tmp_path)
    assert ran.returncode == 1
    assert "has no text of any record" in ran.stderr
