"""Generated rows into tables: executemany for SQLite, COPY for PostgreSQL."""

import sqlite3
from typing import Any

import psycopg
from psycopg import sql

from benchmarks.record import COLUMNS, Rows

_BREAK = "\u2029"
"""What `app.fulltext` puts between texts."""


def insert(connection: sqlite3.Connection, rows: Rows) -> None:
    """Put rows into SQLite."""
    for table, of_table in rows.items():
        columns, values = COLUMNS[table], of_table
        if table == "position_search":
            joined = f" {_BREAK} "
            columns = ("rowid", "words")
            values = [(row_id, joined.join((*texts, ""))) for row_id, texts in of_table]
        marks = ", ".join("?" * len(columns))
        named = ", ".join(f'"{column}"' for column in columns)
        connection.executemany(f"INSERT INTO {table} ({named}) VALUES ({marks})", values)


def copy(connection: psycopg.Connection, rows: Rows) -> None:
    """Put rows into PostgreSQL."""
    connection.execute("SET timezone = 'UTC'")
    for table, of_table in rows.items():
        columns, values = COLUMNS[table], of_table
        if table == "position_search":
            columns = ("version_id", "words")
            values = [(row_id, _tsvector(texts)) for row_id, texts in of_table]
        statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
            sql.Identifier(table), sql.SQL(", ").join(map(sql.Identifier, columns))
        )
        with connection.cursor().copy(statement) as writing:
            for row in values:
                writing.write_row(row)


def _tsvector(texts: tuple[Any, ...]) -> str:
    """The words and their places. They are plain letters, so none of them needs quotes."""
    found = f" {_BREAK} ".join((*texts, "")).split(" ")[:-1]
    return " ".join([f"{word}:{place}" for place, word in enumerate(found, start=1)])
