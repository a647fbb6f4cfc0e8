"""Moving a database's schema up and down, with the migrations in `migrations/`."""

import sqlite3
from collections.abc import Callable
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.util import CommandError
from sqlalchemy import Connection, Engine, create_engine, event, func, pool, select

from app.db import WRITERS, Database, current_revision, known_revisions
from app.errors import DatabaseUnavailable, InvalidRequest
from app.settings import Settings, resource


def upgrade(settings: Settings, revision: str = "head") -> None:
    """Bring the schema up to `revision`, creating an SQLite file where there is none."""
    _run(settings, lambda config: command.upgrade(config, revision))


def downgrade(settings: Settings, revision: str) -> None:
    """Take the schema down to `revision`; ``base`` takes everything away."""
    _run(settings, lambda config: command.downgrade(config, revision))


def current(settings: Settings) -> str | None:
    """The schema revision that the database has, or none."""
    database = Database(settings)
    if database.path is not None and not database.path.is_file():
        return None
    with database.explained(), _engine(database, settings).connect() as connection:
        return current_revision(connection)


def _run(settings: Settings, step: Callable[[Config], None]) -> None:
    database = Database(settings)
    if database.path is not None:
        _prepare_file(database.path)
    config = Config()
    config.set_main_option("script_location", str(resource("migrations")))
    try:
        with database.explained(), _engine(database, settings).begin() as connection:
            if database.path is None:
                # Several servers may start at once; SQLite's lock is taken by the transaction.
                connection.execute(select(func.pg_advisory_xact_lock(WRITERS)))
            config.attributes["connection"] = connection
            step(config)
    except CommandError as error:
        known = ", ".join(known_revisions())
        raise InvalidRequest(f"{error}. The revisions are {known}, head and base.") from error


def _prepare_file(path: Path) -> None:
    """Create the SQLite file if need be, with a write-ahead log so that readers never wait."""
    if not path.parent.is_dir():
        raise DatabaseUnavailable(
            f"The folder {path.parent} for the database does not exist. Create it first."
        )
    try:
        connection = sqlite3.connect(path)
        connection.execute("PRAGMA journal_mode = WAL")
        connection.close()
    except sqlite3.Error as error:
        raise DatabaseUnavailable(
            f"The database {path} cannot be created or opened for writing ({error}). "
            "Check its rights and that it is an SQLite file."
        ) from error


def _engine(database: Database, settings: Settings) -> Engine:
    """An engine of its own: SQLite's foreign keys stay off while tables are rebuilt."""
    waits = {"timeout": settings.sqlite_busy_seconds} if database.path is not None else {}
    engine = create_engine(database.url, poolclass=pool.NullPool, connect_args=waits)
    if database.path is not None:

        @event.listens_for(engine, "connect")
        def leave_transactions_alone(connection: sqlite3.Connection, _: object) -> None:
            connection.isolation_level = None

        @event.listens_for(engine, "begin")
        def begin(connection: Connection) -> None:
            connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine
