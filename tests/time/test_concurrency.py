"""Many who write at once: no update is lost, and who follows the record misses nothing.

ONRECORD_STRESS_SECONDS sets for how long, for a longer run.
"""

import os
import random
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from threading import Event
from typing import Any

import httpx

from app.db import Database
from app.settings import Settings
from app.web.schemas import POSITION_ID
from tests.http.helpers import Entry
from tests.support import serving
from tests.time.history import TALKS
from tests.time.writers import Writers, writing

SECONDS = float(os.environ.get("ONRECORD_STRESS_SECONDS", "3"))
WRITERS = 8
CONTESTED = [POSITION_ID, *TALKS]
"""Three facts that all writers correct."""


def page_of(client: httpx.Client, address: str, **params: Any) -> Entry:
    answer = client.get(address, params=params or None)
    assert answer.status_code == 200, answer.text
    page: Entry = answer.json()
    return page


def walk(client: httpx.Client, path: str, **params: Any) -> tuple[list[Entry], set[int]]:
    """All entries of a list, page by page, and the record versions that the pages were of."""
    page = page_of(client, path, **params)
    found, versions = page["data"], {page["meta"]["record_version"]}
    while page["links"]["next"]:
        page = page_of(client, page["links"]["next"])
        found += page["data"]
        versions.add(page["meta"]["record_version"])
    return found, versions


def follow(url: str, done: Event) -> list[int]:
    """The numbers of all changes, by asking again and again for those since the last."""
    followed: list[int] = []
    with httpx.Client(base_url=url, timeout=60) as client:
        last_look = False
        while not last_look:
            last_look = done.is_set()
            since = followed[-1] if followed else -1
            news, _ = walk(client, "/v1/changes", since=since, limit=20)
            followed += [change["seq"] for change in news]
    return followed


def stroll(url: str, done: Event) -> int:
    """Walk through a list again and again: each walk is the list at one record version."""
    walks = 0
    with httpx.Client(base_url=url, timeout=60) as client:
        while not done.is_set():
            sort = random.choice(["-said_on", "said_on", "-recorded_in", "recorded_in"])  # noqa: S311
            found, versions = walk(client, "/v1/positions", limit=3, sort=sort)
            (version,) = versions
            whole = page_of(client, "/v1/positions", limit=200, sort=sort, as_of=version)
            assert found == whole["data"]
            walks += 1
    return walks


def updates(writers: Writers) -> tuple[list[Entry], Counter[str]]:
    """The updates that were acknowledged, and how often what happened."""
    answers = writers.answers()
    counts = Counter("stale" if "stale" in each else str(each.get("status")) for each in answers)
    assert counts.keys() <= {"200", "stale"}, answers
    return [each for each in answers if "data" in each], counts


def test_no_update_is_lost_and_no_change_is_missed_while_eight_write(
    fresh_settings: Settings,
    database: Database,
    tmp_path: Path,
    record_property: Callable[[str, object], None],
) -> None:
    url, done = fresh_settings.database_url, Event()
    with ExitStack() as opened:
        servers = [opened.enter_context(serving(url)) for _ in range(2)]
        urls = [server.url for server in servers]
        job = {"urls": urls, "facts": CONTESTED}
        readers = opened.enter_context(ThreadPoolExecutor(2))
        writers = opened.enter_context(writing(database, tmp_path, WRITERS, **job))
        following = readers.submit(follow, urls[0], done)
        strolling = readers.submit(stroll, urls[1], done)
        try:
            writers.start(SECONDS)
            writers.wait()
        finally:
            done.set()
        followed, walks = following.result(), strolling.result()
        updated, counts = updates(writers)
        with httpx.Client(base_url=urls[0], timeout=60) as client:
            histories = {
                id_: walk(client, f"/v1/positions/{id_}/history", limit=200)[0] for id_ in CONTESTED
            }
    assert followed == list(range(2 + len(updated)))
    written = {
        (version["fact"]["id"], version["rev"]): version
        for history in histories.values()
        for version in history
        if version["rev"] > 1
    }
    for history in histories.values():
        assert [version["rev"] for version in history] == list(range(1, len(history) + 1))
        later = [version["recorded_in"] for version in history[1:]]
        assert [version["superseded_in"] for version in history] == [*later, None]
    acknowledged = {(each["data"]["fact"]["id"], each["data"]["rev"]): each for each in updated}
    assert len(acknowledged) == len(updated)
    assert acknowledged.keys() == written.keys()
    for key, each in acknowledged.items():
        version = written[key]
        assert version["fact"]["proposition"] == version["reason"] == each["said"]
        assert version["recorded_by"] == each["by"]
        assert version["fact"] == each["data"]["fact"]
    assert walks
    assert counts["stale"], "nobody was in anybody's way"
    assert len({each["by"] for each in updated}) > 1
    assert not any(" 500" in line or "Traceback" in line for s in servers for line in s.log)
    figures = {"updates": len(updated), "stale": counts["stale"], "changes": len(followed)}
    for what, number in (figures | {"walks": walks}).items():
        record_property(what, number)
    print(figures | {"walks": walks})  # noqa: T201 - the size of the run is its result
