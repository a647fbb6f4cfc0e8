"""Puts a generated record into an empty database, as fast as the database takes it.

    python -m benchmarks.fill --positions 1000000 DATABASE_URL

Foreign keys and indexes are taken off while rows go in, put back and checked at the end. `finish`
is where whatever the application derives from the rows is derived; ANALYZE comes last, as after any
large load.
"""

import argparse
import sqlite3
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from random import Random

import psycopg

from app import horizons, schema, sources, tallies
from app.db import Database
from app.ingest.reference import load_reference
from app.sessions import WriteSession
from app.settings import Settings, resource
from benchmarks.cast import settle
from benchmarks.loading import copy, insert
from benchmarks.record import COLUMNS, Generator, Rows

Say = Callable[[str], object]
"""Takes a line of progress."""

SEED = 20251115
_MANY = 50_000
"""From so many positions on, a second process pays."""


def fill(url: str, positions: int, say: Say = lambda _: None) -> None:
    """Migrate the database at `url`, load the seed, and add so many positions."""
    load = _into_sqlite if url.startswith("sqlite") else _into_postgres
    generator = prepare(url, positions)
    batches = _beside(generator) if positions >= _MANY else generator.batches()
    load(url, _counted(batches, say))
    database = Database(Settings(database_url=url))
    with database.write() as session:
        finish(session)
    database.dispose()
    _analyze(url)
    say("done")


def prepare(url: str, positions: int) -> Generator:
    """Migrate the database at `url` and load all but the positions, whose rows are to come."""
    settings, random = Settings(database_url=url), Random(SEED)
    schema.upgrade(settings)
    database = Database(settings)
    load_reference(database, resource("seed"), by="seed")
    cast = settle(database, positions, random)
    database.dispose()
    return Generator(cast, positions, random)


def finish(session: WriteSession) -> None:
    """Derive from the rows what the application keeps beside them."""
    tallies.rebuild(session)
    horizons.rebuild(session)
    sources.rebuild(session)


def _analyze(url: str) -> None:
    """Let the planner know the tables, as an operator would after a load."""
    if url.startswith("sqlite"):
        with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as file:
            file.execute("ANALYZE")
            file.commit()
            file.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    else:
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("VACUUM (ANALYZE)")


def _beside(generator: Generator) -> Iterator[Rows]:
    """The batches, made by another process while the database takes those before."""
    context = get_context("fork")
    reader, writer = context.Pipe(duplex=False)
    process = context.Process(target=_send, args=(generator, writer))
    process.start()
    writer.close()
    return _received(reader, process)


def _received(reader: Connection, process: BaseProcess) -> Iterator[Rows]:
    try:
        while True:
            yield reader.recv()
    except EOFError:
        process.join()
    if process.exitcode:
        raise RuntimeError("the generator failed")


def _send(generator: Generator, writer: Connection) -> None:
    for rows in generator.batches():
        writer.send(rows)
    writer.close()


def _counted(batches: Iterator[Rows], say: Say) -> Iterator[Rows]:
    """The batches, telling how many positions went by."""
    count, began = 0, time.monotonic()
    for rows in batches:
        yield rows
        count += len(rows["positions"])
        say(f"{count:,} positions, {time.monotonic() - began:.0f} s")
    say(f"rows are in; indexes follow, {time.monotonic() - began:.0f} s")


# The times of what was there before must not be later than those of what comes in.
_AGED = "2015-11-16 0{}:00:00.000000"


def _into_sqlite(url: str, batches: Iterator[Rows]) -> None:
    connection = sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)
    for pragma in ("foreign_keys=OFF", "synchronous=OFF", "cache_size=-400000", "temp_store=2"):
        connection.execute(f"PRAGMA {pragma}")
    connection.execute("BEGIN IMMEDIATE")
    for (seq,) in connection.execute("SELECT seq FROM changes").fetchall():
        connection.execute("UPDATE changes SET at = ? WHERE seq = ?", (_AGED.format(seq), seq))
    with _without_indexes(connection):
        for rows in batches:
            insert(connection, rows)
    if connection.execute("PRAGMA foreign_key_check").fetchone():
        raise RuntimeError("the generated rows refer to what is not there")
    connection.execute("COMMIT")
    connection.close()


@contextmanager
def _without_indexes(connection: sqlite3.Connection) -> Iterator[None]:
    """Indexes are built at once, afterwards: sorting is faster than inserting in no order."""
    marks = ", ".join("?" * len(COLUMNS))
    found = connection.execute(
        f"SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL "
        f"AND tbl_name IN ({marks})",
        list(COLUMNS),
    ).fetchall()
    for name, _ in found:
        connection.execute(f'DROP INDEX "{name}"')
    yield
    for _, statement in found:
        connection.execute(statement)


def _into_postgres(url: str, batches: Iterator[Rows]) -> None:
    with psycopg.connect(url) as connection:
        connection.execute("SET timezone = 'UTC'")
        connection.execute("SET maintenance_work_mem = '512MB'")
        for (seq,) in connection.execute("SELECT seq FROM changes").fetchall():
            connection.execute(
                "UPDATE changes SET at = %s WHERE seq = %s", (_AGED.format(seq), seq)
            )
        with _without_constraints(connection):
            for rows in batches:
                copy(connection, rows)
        for name in ("article_versions", "position_versions"):
            connection.execute(
                f"SELECT setval(pg_get_serial_sequence('{name}', 'row_id'), max(row_id)) "
                f"FROM {name}"
            )


@contextmanager
def _without_constraints(connection: psycopg.Connection) -> Iterator[None]:
    """Indexes and foreign keys are made afterwards: all rows at once, with the same check."""
    tables = list(COLUMNS)
    foreign = connection.execute(
        "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint "
        "WHERE contype = 'f' AND conrelid::regclass::text = ANY(%s)",
        [tables],
    ).fetchall()
    indexes = connection.execute(
        "SELECT i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid) FROM pg_index i "
        "LEFT JOIN pg_constraint c ON c.conindid = i.indexrelid AND c.contype IN ('p', 'u') "
        "WHERE c.oid IS NULL AND i.indrelid::regclass::text = ANY(%s)",
        [tables],
    ).fetchall()
    for table, name, _ in foreign:
        connection.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')
    for name, _ in indexes:
        connection.execute(f"DROP INDEX {name}")
    yield
    for _, definition in indexes:
        connection.execute(definition)
    for table, name, definition in foreign:
        connection.execute(f'ALTER TABLE {table} ADD CONSTRAINT "{name}" {definition}')


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.fill")
    parser.add_argument("--positions", type=int, default=10_000)
    parser.add_argument("url", help="address of an empty database; an SQLite file is created")
    given = parser.parse_args()
    fill(given.url, given.positions, lambda line: sys.stderr.write(f"{line}\n"))


if __name__ == "__main__":
    main()
