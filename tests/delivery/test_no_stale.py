"""No stale answer: what was acknowledged is in every answer that is asked for afterwards.

One process writes, two server processes answer, eight readers ask without a pause. A check is the
first answer that a reader gets after another write was acknowledged. ONRECORD_STALE_CHECKS asks
for more of them.
"""

import os
import socket
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from threading import Event

import httpx

from app.codelists import ChangeType
from app.db import Database
from app.ingest import shapes
from app.ingest.curate import Curator
from app.settings import Settings
from app.web.schemas import POSITION_ID
from tests.support import PATIENCE, Server, environment, running, serving

CHECKS = int(os.environ.get("ONRECORD_STALE_CHECKS", "300"))
READERS = 8
PATHS = (f"/v1/positions/{POSITION_ID}", "/positions?country=PAK&topic=ceasefire")
"""An item and a list that both have the fact that is written."""


class Record:
    """A fact that is written again and again, and the last version that was acknowledged."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.acknowledged = 1

    def write(self) -> None:
        """Write another version; it is acknowledged when this returns."""
        said = f"It was said, as version {self.acknowledged + 1} has it."
        with self._database.write() as session:
            curator = Curator(session, shapes.POSITION, "a writer", "Another version.")
            curator.revise(POSITION_ID, {"proposition": said}, ChangeType.UPDATED)
        self.acknowledged += 1


def version_read(client: httpx.Client, path: str) -> int:
    answer = client.get(path)
    assert answer.status_code == 200, answer.text
    data = answer.json()["data"]
    (fact,) = data if isinstance(data, list) else [data]
    return int(fact["rev"])


def read(url: str, path: str, record: Record, done: Event, count: Counter[str]) -> None:
    """Ask without a pause, and count the first answers after a write and those that lack it."""
    seen = 0
    with httpx.Client(base_url=url, timeout=PATIENCE) as client:
        while not done.is_set():
            acknowledged = record.acknowledged
            rev = version_read(client, path)
            if acknowledged > seen:
                seen = acknowledged
                count["checks"] += 1
                count["stale"] += rev < acknowledged


def checked(url: str, database: Database, wanted: int) -> tuple[int, int]:
    """Write until there were so many checks; how many, and how many answers were stale."""
    record, done = Record(database), Event()
    counts: list[Counter[str]] = [Counter() for _ in range(READERS)]
    with ThreadPoolExecutor(READERS) as pool:
        readers = [
            pool.submit(read, url, PATHS[n % len(PATHS)], record, done, count)
            for n, count in enumerate(counts)
        ]
        try:
            while sum(count["checks"] for count in counts) < wanted:
                assert not any(reader.done() for reader in readers)
                record.write()
        finally:
            done.set()
        for reader in readers:
            reader.result()
    total = sum(counts, Counter())
    return total["checks"], total["stale"]


def test_no_answer_is_older_than_the_last_write_that_was_acknowledged(
    fresh_settings: Settings, database: Database, record_property: Callable[[str, object], None]
) -> None:
    with serving(fresh_settings.database_url, "--workers", "2") as server:
        checks, stale = checked(server.url, database, CHECKS)
    record_property("checks", checks)
    assert stale == 0


def blind_server(database_url: str) -> AbstractContextManager[Server]:
    """A server that does not look whether the record has changed."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = str(free.getsockname()[1])
    return running("tests.delivery.blind", port, env=environment(database_url))


def test_the_checks_see_a_server_that_does_not_look(
    fresh_settings: Settings, database: Database
) -> None:
    with blind_server(fresh_settings.database_url) as server:
        _, stale = checked(server.url, database, 40)
    assert stale > 0
