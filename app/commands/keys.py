"""Keys for those who write: ``onrecord keys``."""

import sys
from datetime import UTC, datetime, timedelta
from typing import Annotated

import typer
from rich.markup import escape

from app import keys
from app.codelists import Scope
from app.commands.console import err, opened, out

MAX_DAYS = 36_500

app = typer.Typer(no_args_is_help=True, help="Keys for programs and people who write.")


@app.command()
def create(
    name: Annotated[str, typer.Argument(help="Whose it is; changes made with it say so.")],
    scope: Annotated[list[Scope], typer.Option(help="What it may do; may be given several times.")],
    days: Annotated[
        int | None,
        typer.Option(help="For how many days it is valid; else without end.", min=1, max=MAX_DAYS),
    ] = None,
) -> None:
    """Make a key and print it, this once."""
    expires = datetime.now(UTC) + timedelta(days=days) if days else None
    with opened() as database, database.write() as session:
        made = keys.create(session, name, scope, expires)
    err.print("Keep it safe: it cannot be shown again. Only a hash of it is stored.")
    sys.stdout.write(f"{made}\n")


@app.command("list")
def list_() -> None:
    """List the keys there are and were, without their secrets."""
    with opened() as database, database.read() as session:
        for row in keys.listed(session):
            dated = {"made": row.created_at, "expires": row.expires_at, "revoked": row.revoked_at}
            moments = [f"{what} {at:%Y-%m-%dT%H:%M:%SZ}" for what, at in dated.items() if at]
            scopes = row.scopes.replace(" ", ",")
            out.print(escape("  ".join([row.id, keys.state(row), scopes, *moments, row.name])))


@app.command()
def revoke(
    name: Annotated[str, typer.Argument(help="Name or id of the key.")],
) -> None:
    """End a key: from the next request on it is refused."""
    with opened() as database, database.write() as session:
        keys.revoke(session, name)
    out.print(f"The key {name} is revoked.")
