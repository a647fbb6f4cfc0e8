"""Several records in one transaction leave what they would have left one after the other."""

import json
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from app.db import Database
from app.ingest.batch.many import Many
from app.ingest.bulk.dump import export
from app.ingest.bulk.files import writing
from app.ingest.pipeline import Terms, checked, load
from app.settings import Settings
from tests.batch.press import articles, extract
from tests.conftest import Passing


def exported(settings: Settings, folder: Path) -> list[dict[str, Any]]:
    """The record as an export has it, times of recording aside."""
    database, path = Database(settings), folder / "record.ndjson"
    with database.read() as session, writing(path) as out:
        export(session, out)
    database.dispose()
    lines = [json.loads(line) for line in path.read_text().splitlines()]
    return [{k: v for k, v in line.items() if k not in ("at", "sha256")} for line in lines]


@pytest.mark.parametrize("terms", [Terms(), Terms(publish_above=0.8)])
def test_together_is_the_same_as_one_after_the_other(
    seeded_url: str, passing: Passing, tmp_path: Path, terms: Terms
) -> None:
    with passing(seeded_url) as one, passing(seeded_url) as other:
        database = Database(one)
        for each in articles(60):
            with database.write() as session:
                draft = checked(extract(each.text, each.meta), each.text)
                load(session, draft, text=each.text, by="test", terms=terms)
        database.dispose()

        database, known = Database(other), None
        made = list(articles(60))
        for first in range(0, 60, 25):
            with database.write() as session:
                many = Many(session, known)
                for each in made[first : first + 25]:
                    draft = checked(extract(each.text, each.meta), each.text)
                    many.add(draft, text=each.text, by="test", terms=terms)
                many.write()
            known = many.known
        database.dispose()
        assert exported(other, tmp_path) == exported(one, tmp_path)
        assert derived(other) == derived(one)
        database = Database(other)
        with database.write() as session:  # numbering goes on
            after = next(articles(1, seed=8))
            draft = checked(extract(after.text, after.meta), None)
            assert load(session, draft, text=None, by="test").seq == 62
        database.dispose()


def derived(settings: Settings) -> list[Any]:
    """What is kept beside the record: counts, horizons, numbers of topics, words."""
    database = Database(settings)
    with database.read() as session:
        words = "version_id, words" if session.dialect == "postgresql" else "rowid, ''"
        found = [
            sorted(map(tuple, session.rows(text(f"SELECT {columns} FROM {name}"))))
            for name, columns in (
                ("position_tallies", "*"),
                ("position_totals", "*"),
                ("horizons", "*"),
                ("topic_changes", "*"),
                ("position_search", words),
            )
        ]
    database.dispose()
    return found
