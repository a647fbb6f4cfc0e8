"""Generated rows into tables: executemany for SQLite, COPY for PostgreSQL."""

import sqlite3
from collections.abc import Iterator
from typing import Any

import psycopg
from psycopg import sql

from app.fulltext import entries
from benchmarks.record import COLUMNS, Rows


def insert(connection: sqlite3.Connection, rows: Rows) -> None:
    """Put rows into SQLite."""
    for table, columns, values in _tables(rows, "sqlite"):
        marks = ", ".join("?" * len(columns))
        named = ", ".join(f'"{column}"' for column in columns)
        connection.executemany(f"INSERT INTO {table} ({named}) VALUES ({marks})", values)


def copy(connection: psycopg.Connection, rows: Rows) -> None:
    """Put rows into PostgreSQL."""
    connection.execute("SET timezone = 'UTC'")
    for table, columns, values in _tables(rows, "postgresql"):
        statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
            sql.Identifier(table), sql.SQL(", ").join(map(sql.Identifier, columns))
        )
        with connection.cursor().copy(statement) as writing:
            for row in values:
                writing.write_row(row)


def _tables(rows: Rows, dialect: str) -> Iterator[tuple[str, tuple[str, ...], list[Any]]]:
    """Of each table its name, its columns and its rows; the index of words as a database has it."""
    for table, of_table in rows.items():
        if table == "position_search":
            yield from entries(of_table, dialect)
        else:
            yield table, COLUMNS[table], of_table
