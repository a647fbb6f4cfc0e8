"""`onrecord extract --predictions`: lines of articles in, lines of what was found out."""

import json
from pathlib import Path

from tests.support import in_process, onrecord

TEXT = "Port reopens\n\n“We sail,” Laura Holm said."


def test_a_file_of_articles(tmp_path: Path) -> None:
    path = tmp_path / "articles.jsonl"
    path.write_text(json.dumps({"id": "a1", "text": TEXT}) + "\n\n" + '{"id": 2, "text": ""}\n')
    ran = onrecord("extract", "--predictions", path)
    assert ran.returncode == 0, ran.stderr
    first, second = map(json.loads, ran.stdout.splitlines())
    assert second == {"id": 2, "quotes": []}
    assert first["id"] == "a1"
    (quote,) = first["quotes"]
    assert quote["type"] == "direct"
    assert quote["speaker"] == "Laura Holm"
    assert [TEXT[start:end] for start, end in quote["content"]] == ["“We sail,”"]
    assert TEXT[slice(*quote["speaker_mention"])] == "Laura Holm"
    assert TEXT[slice(*quote["cue"])] == "said"


def test_a_line_that_is_no_article_is_named(tmp_path: Path) -> None:
    path = tmp_path / "articles.jsonl"
    path.write_text('{"id": 1, "text": "a"}\n{"id": 2}\n')
    ran = in_process("extract", "--predictions", path)
    assert ran.returncode == 1
    assert "Line 2" in ran.stderr
    path.write_text('{"id": 1, "text": 5}\n')
    assert "not a string" in in_process("extract", "--predictions", path).stderr


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    ran = in_process("extract", "--predictions", tmp_path / "none.jsonl")
    assert ran.returncode == 1
    assert "cannot be read" in ran.stderr
