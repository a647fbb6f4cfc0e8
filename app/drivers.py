"""Inserting many rows by each driver's fastest way, inside a transaction of SQLAlchemy's.

SQLite prepares one statement for all rows, PostgreSQL takes them as a COPY. Either tells which row
it was that the database did not take.
"""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from sqlalchemy import Connection


class RowRefused(Exception):
    """The database does not take a row: it breaks one of its rules."""

    def __init__(self, index: int, error: Exception) -> None:
        super().__init__(str(error).strip().partition("\n")[0])
        self.index = index
        """Which of the rows it is."""


def execute_many(
    connection: Connection, name: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]
) -> None:
    """Insert rows into a table of SQLite. Raises RowRefused."""
    places = ", ".join("?" * len(columns))
    statement = f'INSERT INTO "{name}" ({_quoted(columns)}) VALUES ({places})'  # noqa: S608 - our own names
    taken = -1

    def counted() -> Iterator[Sequence[Any]]:
        nonlocal taken
        for taken, row in enumerate(rows):  # noqa: B007 - how far it got is told afterwards
            yield row

    driver: Any = connection.connection.dbapi_connection
    try:
        driver.executemany(statement, counted())
    except (sqlite3.IntegrityError, sqlite3.DataError) as error:
        raise RowRefused(taken, error) from error


def copy(
    connection: Connection, name: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]
) -> None:
    """Insert rows into a table of PostgreSQL, all or none of them. Raises RowRefused."""
    statement = f'COPY "{name}" ({_quoted(columns)}) FROM STDIN'
    driver: Any = connection.connection.dbapi_connection
    dbapi = connection.dialect.loaded_dbapi

    def copied(some: Iterable[Sequence[Any]]) -> None:
        with connection.begin_nested(), driver.cursor() as cursor, cursor.copy(statement) as copy:
            for row in some:
                copy.write_row(row)

    try:
        copied(rows)
    except (dbapi.IntegrityError, dbapi.DataError):
        # Some rules are checked when all rows are in: which row broke one is found by trying.
        for index, row in enumerate(rows):
            try:
                copied([row])
            except (dbapi.IntegrityError, dbapi.DataError) as error:
                raise RowRefused(index, error) from error
        raise


def _quoted(names: Iterable[str]) -> str:
    return ", ".join(f'"{name}"' for name in names)
