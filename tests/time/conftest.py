"""Records with a past: one for each database, and two that were loaded alike."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from fastapi.testclient import TestClient

from app import schema
from app.db import Database
from app.ingest.pipeline import ingest
from app.ingest.reading import read_file
from app.ingest.reference import load_reference
from app.main import create_app
from app.settings import Settings, resource
from tests.conftest import RECORD
from tests.http.conftest import empty_client
from tests.support import Client
from tests.time.history import Twin, a_day_apart, live

__all__ = ["empty_client"]


@pytest.fixture(scope="session")
def lived_url(seeded_url: str, new_database: Callable[[str | None], str]) -> str:
    """The seed with all that happened later, a day apart; copy it, do not write to it."""
    url = new_database(seeded_url)
    database = Database(Settings(database_url=url))
    live(database)
    a_day_apart(database)
    database.dispose()
    return url


@pytest.fixture(scope="session")
def lived(lived_url: str, new_database: Callable[[str | None], str]) -> Iterator[TestClient]:
    """The application on a record with a past, which no test writes to."""
    settings = Settings(database_url=new_database(lived_url))
    with Client(create_app(settings), raise_server_exceptions=False) as client:
        yield client


@contextmanager
def two_urls(postgres: str, folder: Path, name: str) -> Iterator[list[str]]:
    """Two databases with nothing in them: a file, and one by this name on PostgreSQL."""
    with psycopg.connect(postgres, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    server, _, query = postgres.partition("?")
    there = f"{server.rsplit('/', 1)[0]}/{name}?{query}".rstrip("?")
    try:
        yield [f"sqlite:///{folder}/{name}.db", there]
    finally:
        with psycopg.connect(postgres, autocommit=True) as connection:
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def with_seed(settings: Settings) -> Database:
    """A database that has the seed, loaded at its own time."""
    schema.upgrade(settings)
    database = Database(settings)
    load_reference(database, resource("seed"), by="seed")
    ingest(database, read_file(RECORD), text=None, by="seed")
    return database


@pytest.fixture(scope="session")
def twins(postgres: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Twin]]:
    """The same records loaded in the same order on SQLite and on PostgreSQL, at their own times."""
    with two_urls(postgres, tmp_path_factory.mktemp("twin"), "onrecord_twin") as urls:
        made = []
        for url in urls:
            settings = Settings(database_url=url)
            database = with_seed(settings)
            live(database)
            made.append(Twin(Client(create_app(settings)), database))
        yield made
        for twin in made:
            twin.client.close()
            twin.database.dispose()
