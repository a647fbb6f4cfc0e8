"""The numbers of sources follow from the record: a migration and an import find them again."""

import pytest
from sqlalchemy import select

from app import schema
from app.db import Database
from app.ingest import shapes
from app.ingest.bulk import batch
from app.settings import Settings
from tests.curation.desk import Desk
from tests.curation.press import LONG, SHORT, Paper, load
from tests.ingest.bulk import exported, imported
from tests.ingest.support import dump
from tests.test_migrations import NewDatabase, structure

BEFORE = "0004"


@pytest.fixture
def lived(desk: Desk) -> Desk:
    """A record in which sources came and went in every way."""
    first, second = Paper("courier", LONG, agency="wire"), Paper("herald", SHORT)
    third = Paper("gazette", LONG, reported_via="wire")
    for paper in (first, second, third, Paper("tribune", LONG, agency="rival")):
        load(desk, paper)
    load(desk, second, second.record(stance="warns"))
    load(desk, first, first.record([]))
    load(desk, second, Paper("herald", SHORT, agency="rival").record())
    load(desk, third, third.record(reported_via=None))
    load(desk, first)
    return desk


def numbers(database: Database) -> list[tuple[int, int, int]]:
    """The sources of each version of a position, and the independent ones."""
    c = shapes.POSITION.table.c
    with database.read() as session:
        found = session.rows(select(c.row_id, c.sources, c.independent_sources).order_by(c.row_id))
    return [tuple(row) for row in found]


def test_a_migration_counts_what_is_there(lived: Desk, new_database: NewDatabase) -> None:
    settings = Settings(database_url=lived.database.url.render_as_string(hide_password=False))
    counted, before, made = numbers(lived.database), dump(lived.database), structure(settings)
    found = {(sources, independent) for _, sources, independent in counted}
    assert found == {(1, 1), (2, 2), (3, 2), (4, 3)}
    older = Settings(database_url=new_database(None))
    schema.upgrade(older, BEFORE)
    schema.downgrade(settings, BEFORE)
    assert structure(settings) == structure(older)
    schema.upgrade(settings)
    assert (numbers(lived.database), dump(lived.database)) == (counted, before)
    assert structure(settings) == made


@pytest.mark.parametrize("lines", [1, 2000])
def test_an_import_counts_what_is_there(
    lived: Desk, empty_settings: Settings, monkeypatch: pytest.MonkeyPatch, lines: int
) -> None:
    monkeypatch.setattr(batch, "LINES", lines)
    raw = exported(lived.database)
    empty = Database(empty_settings)
    imported(empty, raw)
    assert sorted(numbers(empty)) == sorted(numbers(lived.database))
    assert exported(empty) == raw
    empty.dispose()
