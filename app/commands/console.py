"""What commands share: the database, and what they print.

Results go to standard output, everything else beside it.
"""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NoReturn

from rich.console import Console
from rich.markup import escape

from app.db import Database
from app.ingest.store import Outcome
from app.settings import Settings

out = Console(highlight=False, soft_wrap=True)
err = Console(stderr=True, highlight=False, soft_wrap=True)

EXIT_REFUSED = 1
"""Bad input, or a database that cannot be used: the message says which."""

EXIT_STOPPED = 130
"""It was told to stop by Control-C. What was under way is stored."""


@contextmanager
def opened() -> Iterator[Database]:
    """The database of the environment, for the length of a command."""
    database = Database(Settings())
    try:
        yield database
    finally:
        database.dispose()


def fail(message: str) -> NoReturn:
    """End the command with a sentence that says why."""
    err.print(f"[bold red]Error:[/] {escape(message)}")
    raise SystemExit(EXIT_REFUSED)


def warn(message: str) -> None:
    """Say what may not be as it is meant to be, and go on."""
    err.print(f"[bold yellow]Warning:[/] {escape(message)}")


def report(name: str, outcome: Outcome) -> None:
    """Say what was done to the record."""
    if outcome.seq is None:
        out.print(f"{escape(name)}: already on record, nothing changed.")
        return
    counts = Counter((step.kind.name, step.change_type.value) for step in outcome.steps)
    parts = [
        f"{count} {kind.replace('_', ' ')} {change_type}"
        for (kind, change_type), count in counts.items()
    ]
    out.print(f"{escape(name)}: change {outcome.seq}: {', '.join(parts)}.")
