"""The database's schema: ``onrecord db``."""

import logging
from typing import Annotated

import typer

from app import schema
from app.commands.console import err, out
from app.db import Database
from app.settings import Settings

logging.getLogger("alembic").setLevel(logging.WARNING)

app = typer.Typer(no_args_is_help=True, help="The database's schema.")


@app.command()
def upgrade(
    revision: Annotated[str, typer.Argument(help="Schema revision.")] = "head",
) -> None:
    """Bring the schema up, creating an SQLite file where there is none."""
    settings = Settings()
    with err.status("Migrating"):
        schema.upgrade(settings, revision)
    out.print(f"{Database(settings).shown}: schema {schema.current(settings)}.")


@app.command()
def downgrade(
    revision: Annotated[str, typer.Argument(help="Schema revision, or `base` for none.")],
) -> None:
    """Take the schema down. Going to `base` deletes the record."""
    settings = Settings()
    with err.status("Migrating"):
        schema.downgrade(settings, revision)
    out.print(f"{Database(settings).shown}: schema {schema.current(settings) or 'none'}.")


@app.command()
def current() -> None:
    """Print the schema revision that the database has."""
    settings = Settings()
    out.print(f"{Database(settings).shown}: schema {schema.current(settings) or 'none'}.")
