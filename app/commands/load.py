"""Records loaded: ``onrecord seed`` and ``onrecord ingest``."""

from pathlib import Path
from typing import Annotated

import typer
from rich.progress import Progress

from app.commands.console import err, report
from app.db import Database
from app.ingest.pipeline import Terms
from app.ingest.pipeline import ingest as load_record
from app.ingest.reading import read_file, read_text
from app.ingest.reference import load_reference
from app.settings import Settings, resource

app = typer.Typer()


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
def ingest(
    record: Annotated[Path, typer.Argument(help="The article record, YAML or JSON.")],
    text: Annotated[
        Path | None, typer.Option(help="The article's text, to check every selector against.")
    ] = None,
    by: Annotated[str, typer.Option(help="Who loads it, for the change.")] = "cli",
    reason: Annotated[str | None, typer.Option(help="Why, for the change.")] = None,
) -> None:
    """Load an article record: all of it in one change, or none of it."""
    given, settings = read_text(text) if text else None, Settings()
    with err.status("Loading"):
        outcome = load_record(
            Database(settings),
            read_file(record),
            text=given,
            by=by,
            reason=reason,
            terms=Terms(publish_above=settings.publish_above),
        )
    report(record.name, outcome)
