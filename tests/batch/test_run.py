"""A batch leaves the same record however it was done, and takes no more memory for more of them."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

import pytest

from app.db import Database
from app.ingest.batch.orders import Orders
from app.ingest.batch.run import Summary, most_under_way, run
from app.ingest.batch.workers import Extractor
from app.ingest.extract.found import Meta
from app.ingest.read.source import Source
from app.ingest.verify import sha256
from app.settings import Settings
from tests.batch.press import METHOD, articles, extract, source
from tests.batch.test_many import exported
from tests.conftest import Passing
from tests.support import PATIENCE, ROOT, environment

MANY = int(os.environ.get("BATCH_ARTICLES", "300"))
"""Articles of the batch that is killed; 5,000 for the long run."""


ORDERS = Orders(Extractor(METHOD, extract), by="test", workers=0)


def orders(**more: Any) -> Orders:
    changed: Orders = replace(ORDERS, **more)
    return changed


def taken(settings: Settings, made: Iterator[Source] | list[Source], **more: Any) -> Summary:
    database = Database(settings)
    try:
        return run(database, iter(made), orders(**more))
    finally:
        database.dispose()


def test_four_workers_leave_the_same_record_as_one(
    seeded_url: str, passing: Passing, tmp_path: Path
) -> None:
    records = []
    for workers in (0, 1, 4):
        with passing(seeded_url) as settings:
            summary = taken(settings, articles(200), workers=workers)
            assert (summary.read, summary.stored, summary.refused) == (200, 200, [])
            records.append(exported(settings, tmp_path))
    assert records[0] == records[1] == records[2]


def test_again_nothing_changes(fresh_settings: Settings, tmp_path: Path) -> None:
    made = [*articles(50), *articles(10)]
    first = taken(fresh_settings, made)
    assert (first.stored, first.unchanged) == (50, 10)
    before = exported(fresh_settings, tmp_path)
    again = taken(fresh_settings, made)
    assert (again.stored, again.unchanged, again.facts) == (0, 60, {})
    assert exported(fresh_settings, tmp_path) == before


def test_what_one_article_does_to_its_process_is_done_to_it_alone(
    fresh_settings: Settings,
) -> None:
    made = list(articles(40))
    made[3] = source("Killer\n\n[kills its reader]\n", "killer")
    made[11] = source("Odd\n\n[cannot be read]\n", "odd")
    made[20] = source("Unprinted\n\n[nobody printed it]\n", "unprinted")
    summary = taken(fresh_settings, made, workers=2)
    assert summary.stored == 37
    why = {each.name: each.reason for each in summary.refused}
    assert why.keys() == {"killer", "odd", "unprinted"}
    assert "SIGKILL" in why["killer"]
    assert "ZeroDivisionError: there is nothing to divide by" in why["odd"]
    assert "'nobody' is no group on record" in why["unprinted"]
    again = taken(fresh_settings, made, workers=0)  # it would kill this very process
    assert (again.stored, again.unchanged) == (0, 37)
    assert {each.name: each.reason for each in again.refused} == why


def test_another_extractor_tries_what_one_was_refused(fresh_settings: Settings) -> None:
    made = [source("Odd\n\n[cannot be read]\n", "odd")]
    assert len(taken(fresh_settings, made).refused) == 1
    better = Extractor("extracted by a better one", _undaunted)
    assert taken(fresh_settings, made, extractor=better).stored == 1
    assert taken(fresh_settings, made, retry=True).unchanged == 1


def _undaunted(text: str, meta: Meta) -> object:
    """What the other would say of a text of the same length that it can read."""
    record = extract(text.replace("cannot", "can do"), meta)
    return record | {"article": record["article"] | {"text_sha256": sha256(text)}}


@pytest.mark.parametrize("workers", [0, 2])
def test_reading_waits_for_the_writer(fresh_settings: Settings, workers: int) -> None:
    read = stored = most = 0

    def counted() -> Iterator[Source]:
        nonlocal read, most
        for each in articles(600, sentences=1):
            read += 1
            most = max(most, read - stored)
            yield each

    def told(summary: Summary) -> None:
        nonlocal stored
        stored = summary.done

    database = Database(fresh_settings)
    run(database, counted(), orders(workers=workers), told=told)
    database.dispose()
    assert read == stored == 600
    assert 100 < most <= most_under_way(workers)


def test_told_to_stop_it_stores_what_is_under_way(fresh_settings: Settings) -> None:
    read: list[Source] = []

    def noted() -> Iterator[Source]:
        for each in articles(400):
            read.append(each)
            yield each

    database = Database(fresh_settings)
    summary = run(database, noted(), orders(), stopped=lambda: len(read) >= 70)
    assert summary.cut_off
    assert summary.read == summary.stored == 69
    rest = run(database, articles(400), orders())
    assert (rest.unchanged, rest.stored) == (69, 331)
    database.dispose()


def test_killed_and_begun_again_it_leaves_the_same_record(
    seeded_url: str, passing: Passing, tmp_path: Path
) -> None:
    random = Random(11)  # noqa: S311 - chance that repeats
    with passing(seeded_url) as one, passing(seeded_url) as other:
        taken(one, articles(MANY))
        kills = 0
        while not killed(other, after=random.randrange(2, MANY // 25 + 3)):
            kills += 1
        assert kills >= 2
        assert exported(other, tmp_path) == exported(one, tmp_path)


def killed(settings: Settings, after: int) -> bool:
    """Run the batch in a process of its own; kill it when it told so often. Gives if it ended."""
    with subprocess.Popen(
        [sys.executable, "-m", "tests.batch.batch", str(MANY)],
        cwd=ROOT,
        env=environment(settings.database_url, PYTHONHASHSEED="random"),
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        for told, _ in enumerate(process.stdout):
            if told == after:
                process.send_signal(signal.SIGKILL)
                break
        return process.wait(PATIENCE) == 0
