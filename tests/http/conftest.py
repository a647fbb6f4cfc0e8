"""A record of two articles, and the record's own entries to compare answers with."""

from collections.abc import Callable, Iterator

import pytest
from fastapi.testclient import TestClient

from app.db import Database
from app.ingest.pipeline import ingest
from app.main import create_app
from app.settings import Settings
from app.web.listing import API
from tests.http.factory import TEXT, second_article
from tests.http.helpers import Entries, listed
from tests.support import Client


@pytest.fixture(scope="session")
def wide_settings(seeded_url: str, new_database: Callable[[str | None], str]) -> Settings:
    """Settings for a record of two articles, which no test writes to."""
    settings = Settings(database_url=new_database(seeded_url))
    database = Database(settings)
    ingest(database, second_article(), text=TEXT, by="a test")
    database.dispose()
    return settings


@pytest.fixture(scope="session")
def wide(wide_settings: Settings) -> Iterator[TestClient]:
    """The application on a record of two articles."""
    with Client(create_app(wide_settings), raise_server_exceptions=False) as client:
        yield client


@pytest.fixture(scope="session")
def wide_uncached(wide_settings: Settings) -> Iterator[TestClient]:
    """The application that keeps no answers, on a record of two articles."""
    settings = wide_settings.model_copy(update={"response_cache_mb": 0})
    with Client(create_app(settings), raise_server_exceptions=False) as client:
        yield client


@pytest.fixture(scope="session")
def uncached(seeded_url: str, new_database: Callable[[str | None], str]) -> Iterator[TestClient]:
    """The application that keeps no answers, on a record of one article."""
    settings = Settings(database_url=new_database(seeded_url), response_cache_mb=0)
    with Client(create_app(settings), raise_server_exceptions=False) as client:
        yield client


@pytest.fixture(scope="session")
def everything(wide: TestClient) -> Entries:
    """All positions of the record of two articles, as one page has them."""
    return Entries(listed(wide, f"{API}/positions"))


@pytest.fixture
def empty_client(empty_settings: Settings) -> Iterator[TestClient]:
    """The application on a database that nothing was loaded into."""
    with Client(create_app(empty_settings), raise_server_exceptions=False) as client:
        yield client
