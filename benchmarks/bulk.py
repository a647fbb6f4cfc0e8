"""`onrecord import` beside a raw load of the same rows into tables with the same indexes."""

import os
import sqlite3
import subprocess
import sys
import time
from contextlib import closing

import psycopg

from app import schema
from app.settings import Settings
from benchmarks import data
from benchmarks.fill import prepare
from benchmarks.loading import copy, insert
from benchmarks.measures import Section, Setup
from benchmarks.record import COLUMNS, Generator, Rows
from benchmarks.servers import ROOT


def bulk(setup: Setup, kind: str) -> Section:
    """Rows per second by both ways; only the raw one while there is no `onrecord import`."""
    source = setup.urls[kind][setup.bulk]
    with data.scratch_database(source, setup.scratch) as url:
        raw = _raw_load(url, prepare(url, setup.bulk))
    section = Section(values={"positions": setup.bulk, "raw load, s": raw})
    if _onrecord(source, "import", "--help").returncode:
        section.values["import"] = "there is no such command yet"
        return section
    file = setup.scratch / "record.ndjson"
    section.values["export, s"] = _must(source, "export", str(file))
    with data.scratch_database(source, setup.scratch) as url:
        schema.upgrade(Settings(database_url=url))
        took = _must(url, "import", str(file))
    section.values["import, s"] = took
    section.ratios[f"bulk, {kind}"] = raw / took
    return section


def _raw_load(url: str, generator: Generator) -> float:
    """Seconds that the rows alone take, made beforehand, in one durable transaction."""
    rows: Rows = {name: [] for name in COLUMNS}
    for batch in generator.batches():
        for name, of_table in batch.items():
            rows[name] += of_table
    if url.startswith("sqlite"):
        with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as file:
            file.execute("PRAGMA synchronous = FULL")
            began = time.perf_counter()
            insert(file, rows)
            file.commit()
            return time.perf_counter() - began
    with psycopg.connect(url) as connection:
        began = time.perf_counter()
        copy(connection, rows)
        connection.commit()
        return time.perf_counter() - began


def _onrecord(url: str, *args: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "app.cli", *args],
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "DATABASE_URL": url},
        capture_output=True,
        text=True,
        check=False,
    )


def _must(url: str, *args: str) -> float:
    """Seconds that a command took. Raises RuntimeError if it failed."""
    began = time.perf_counter()
    done = _onrecord(url, *args)
    if done.returncode:
        raise RuntimeError(f"onrecord {' '.join(args)}: {done.stderr}")
    return time.perf_counter() - began
