"""Records loaded, and articles: ``onrecord seed`` and ``onrecord ingest``."""

import sys
from io import BufferedReader
from pathlib import Path
from typing import Annotated, cast

import typer
from rich.progress import Progress

from app.commands.console import err, fail, report
from app.db import Database
from app.ingest.pipeline import Terms
from app.ingest.pipeline import ingest as load_record
from app.ingest.reading import decoded, looks_like_record, read_file, read_text, read_written
from app.ingest.reference import load_reference
from app.settings import Settings, resource

app = typer.Typer()

_BEGINNING = 65_536
"""A record says within so many bytes that it is one."""


@app.command()
def seed(
    by: Annotated[str, typer.Option(help="Who loads it, for the change.")] = "seed",
    text_dir: Annotated[
        Path | None, typer.Option(help="Folder of the articles' texts, to check against.")
    ] = None,
) -> None:
    """Load the reference data and the records in `seed/`; what is there already stays."""
    database = Database(Settings())
    records = sorted((resource("seed") / "articles").glob("*.yaml"))
    with Progress(console=err, transient=True, disable=not err.is_terminal) as progress:
        task = progress.add_task("Loading", total=1 + len(records))
        outcome = load_reference(database, resource("seed"), by=by)
        report("reference data", outcome)
        progress.advance(task)
        for path in records:
            text = text_dir / f"{path.stem}.txt" if text_dir else None
            outcome = load_record(
                database, read_file(path), text=read_text(text) if text else None, by=by
            )
            report(path.name, outcome)
            progress.advance(task)


@app.command()
def ingest(  # noqa: PLR0913, PLR0917 - each is an option of the command
    given: Annotated[
        str,
        typer.Argument(
            metavar="PATH|URL|-",
            help="An article record, YAML or JSON; or articles: a file, a folder, an address, or "
            "standard input.",
        ),
    ],
    text: Annotated[
        Path | None, typer.Option(help="For a record: the article's text, to check against.")
    ] = None,
    meta: Annotated[
        list[str] | None,
        typer.Option(help="For articles: what they do not state, as published_on=2025-11-15."),
    ] = None,
    by: Annotated[str, typer.Option(help="Who loads it, for the change.")] = "cli",
    reason: Annotated[str | None, typer.Option(help="Why, for the change.")] = None,
    workers: Annotated[
        int | None,
        typer.Option(min=0, help="For articles: processes that extract; one for each processor."),
    ] = None,
    again: Annotated[
        bool, typer.Option("--again", help="For articles: extract those on record again.")
    ] = False,
    retry: Annotated[
        bool, typer.Option("--retry", help="For articles: try those that were refused before.")
    ] = False,
    refused: Annotated[
        Path | None, typer.Option(help="For articles: a file for those refused, JSON lines.")
    ] = None,
) -> None:
    """Load an article record, or read articles and load what is extracted as drafts.

    A record is loaded whole or not at all. Of several articles each is loaded in a change of its
    own, in their order; those on record, and those refused before, are passed over, so an ingest
    that was cut off goes on when it is begun again.

    Exit codes: 0 if all are on record, 1 if one was refused, 130 after Control-C, with which
    what is under way is stored.
    """
    if not _is_record(given):
        if text is not None:
            fail(f"--text belongs to an article record, and {given} is none.")
        from app.commands import articles  # noqa: PLC0415 - no record needs what reads articles

        orders = {"by": by, "reason": reason, "workers": workers, "again": again, "retry": retry}
        articles.ingest(given, meta or [], orders, refused)
        return
    if meta:
        fail(f"--meta belongs to articles, and {given} is a record, which says it itself.")
    held = read_text(text) if text else None
    with err.status("Loading"):
        raw = _piped() if given == "-" else read_file(Path(given))
        settings = Settings()
        terms = Terms(publish_above=settings.publish_above)
        outcome = load_record(Database(settings), raw, text=held, by=by, reason=reason, terms=terms)
    report(Path(given).name, outcome)


def _is_record(given: str) -> bool:
    """Whether it is an article record: by its name, or by how it begins."""
    path = Path(given)
    if path.suffix.lower() in (".yaml", ".yml", ".json"):
        return "://" not in given
    if given == "-":
        return looks_like_record(cast("BufferedReader", sys.stdin.buffer).peek(_BEGINNING))
    if not path.is_file():
        return False
    with path.open("rb") as file:
        return looks_like_record(file.read(_BEGINNING))


def _piped() -> object:
    """The content of a record that comes by standard input."""
    return read_written(decoded(sys.stdin.buffer.read(), "Standard input"), "Standard input")
