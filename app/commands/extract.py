"""What the extractor finds in articles: ``onrecord extract``."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Annotated

import typer

from app.commands.console import fail
from app.ingest.extract.predictions import predictions as predicted

app = typer.Typer()


@app.command()
def extract(
    file: Annotated[
        Path, typer.Argument(metavar="[FILE|-]", help="What to read; - for standard input.")
    ] = Path("-"),
    *,
    predictions: Annotated[
        bool,
        typer.Option(
            "--predictions",
            help='Read {"id", "text"} lines; write one line each of the attributions found.',
        ),
    ] = False,
) -> None:
    """Find who said what in articles, without storing anything."""
    if not predictions:
        fail("Say what to write: --predictions.")
    with _reading(file) as lines:
        for line in predicted(lines):
            sys.stdout.write(line.decode())


@contextmanager
def _reading(file: Path) -> Iterator[IO[bytes]]:
    """A file's lines, or those of standard input."""
    if str(file) == "-":
        yield sys.stdin.buffer
        return
    try:
        stream = file.open("rb")
    except OSError as error:
        fail(f"{file} cannot be read ({error.strerror}).")
    with stream:
        yield stream
