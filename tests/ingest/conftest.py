"""What many tests of the way in take: a database in which nothing is stored, and the record."""

from collections.abc import Callable, Iterator
from copy import deepcopy
from typing import Any

import pytest

from app.db import Database
from app.ingest.reading import read_file
from app.settings import Settings
from tests.conftest import RECORD


@pytest.fixture(scope="module")
def standing(seeded_url: str, new_database: Callable[[str | None], str]) -> Iterator[Database]:
    """A seeded database that the tests of a module share."""
    database = Database(Settings(database_url=new_database(seeded_url)))
    yield database
    database.dispose()


@pytest.fixture(scope="session")
def first_record() -> Any:
    """The first article's record, read once; do not change it."""
    return read_file(RECORD)


@pytest.fixture
def record(first_record: Any) -> Any:
    """The first article's record, to be changed at will."""
    return deepcopy(first_record)
