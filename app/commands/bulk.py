"""The whole record, written out and read in: ``onrecord export`` and ``onrecord import``."""

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from app.commands.console import EXIT_REFUSED, err, fail, opened, out
from app.ingest.bulk.dump import Progress as Told
from app.ingest.bulk.dump import Summary, export
from app.ingest.bulk.files import reading, writing
from app.ingest.bulk.restore import restore

app = typer.Typer()

File = Annotated[
    Path,
    typer.Argument(metavar="FILE|-", help="NDJSON, compressed if named .gz; - for a pipe."),
]


@app.command("export")
def export_(
    file: File,
    without_texts: Annotated[
        bool, typer.Option("--without-texts", help="Leave out the texts of articles.")
    ] = False,
) -> None:
    """Write the whole record to a file: a backup, and what another database can import."""
    path = _path(file)
    try:
        with opened() as database, database.read() as session, writing(path) as target:
            begun = time.perf_counter()
            with _shown("Exporting") as progress:
                done = export(session, target, texts=not without_texts, progress=progress)
    except BrokenPipeError:
        # Whoever reads has had enough. What Python would still write at its end goes nowhere.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise SystemExit(EXIT_REFUSED) from None
    except OSError as error:
        fail(f"{file} cannot be written ({error.strerror}).")
    told = err if path is None else out
    told.print(_summary(file, "exported", done, time.perf_counter() - begun))


@app.command("import")
def import_(
    file: File,
    trust_spans: Annotated[
        bool,
        typer.Option(
            "--trust-spans", help="Take evidence that does not agree with a held text as it stands."
        ),
    ] = False,
) -> None:
    """Read an export into a database whose record is empty: all of it, or nothing."""
    with opened() as database, reading(_path(file)) as source:
        begun = time.perf_counter()
        with _shown("Importing") as progress:
            done = restore(database, source, trust_spans=trust_spans, progress=progress)
    out.print(_summary(file, "imported", done, time.perf_counter() - begun))


def _path(file: Path) -> Path | None:
    """The file, or none for a standard stream."""
    return None if str(file) == "-" else file


def _summary(file: Path, what: str, done: Summary, seconds: float) -> str:
    name = "" if str(file) == "-" else f"{escape(str(file))}: "
    rate = done.versions / seconds if seconds else 0
    return (
        f"{name}{what} {done.changes} changes, {done.versions} versions, {done.texts} texts "
        f"in {seconds:.1f} s ({rate:.0f} versions/s)."
    )


@contextmanager
def _shown(what: str) -> Iterator[Told]:
    """A bar with rate and remaining time, where there is a terminal to show it."""
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TaskProgressColumn(),
        TextColumn("{task.fields[rate]} versions/s"),
        TimeRemainingColumn(),
    )
    begun = time.perf_counter()
    with Progress(*columns, console=err, transient=True, disable=not err.is_terminal) as bar:
        task = bar.add_task(what, total=None, rate="0")

        def told(done: int, total: int) -> None:
            rate = done / (time.perf_counter() - begun)
            bar.update(task, completed=done, total=total, rate=f"{rate:.0f}")

        yield told
