"""A record of two articles, the text of the second held, with a key of each scope."""

from collections.abc import Callable, Iterator

import pytest

from app import keys
from app.codelists import Scope
from app.db import Database
from app.ingest.pipeline import ingest
from app.main import create_app
from app.settings import Settings
from tests.conftest import Passing
from tests.curation.desk import Desk
from tests.http.factory import TEXT, second_article
from tests.support import Client


@pytest.fixture(scope="session")
def keyed(seeded_url: str, new_database: Callable[[str | None], str]) -> tuple[str, dict[str, str]]:
    """The address of a record, to be copied, and its keys by scope."""
    url = new_database(seeded_url)
    database = Database(Settings(database_url=url))
    ingest(database, second_article(), text=TEXT, by="a test")
    with database.write() as session:
        made = {scope.value: keys.create(session, scope.value, [scope], None) for scope in Scope}
        made["other"] = keys.create(session, "other", [Scope.CURATE], None)
    database.dispose()
    return url, made


def _desk(settings: Settings, tokens: dict[str, str]) -> Iterator[Desk]:
    database = Database(settings)
    with Client(create_app(settings), raise_server_exceptions=False) as client:
        yield Desk(client, database, dict(tokens))
    database.dispose()


@pytest.fixture
def desk(keyed: tuple[str, dict[str, str]], passing: Passing) -> Iterator[Desk]:
    """A desk of the test's own, to write with."""
    url, tokens = keyed
    with passing(url) as settings:
        yield from _desk(settings, tokens)


@pytest.fixture(scope="session")
def still(
    keyed: tuple[str, dict[str, str]], new_database: Callable[[str | None], str]
) -> Iterator[Desk]:
    """A desk at which nothing is ever written: all that it is asked for is refused."""
    url, tokens = keyed
    yield from _desk(Settings(database_url=new_database(url)), tokens)
