"""The command line: ``onrecord``."""

import logging
import os
import signal
import sys
from pathlib import Path
from typing import Annotated

import httpx
import orjson
import typer
import uvicorn
from pydantic import ValidationError
from rich.markup import escape
from rich.progress import Progress

from app import __version__, schema
from app.commands.bulk import export_, import_
from app.commands.console import err, fail, out, report
from app.commands.facts import app as facts_app
from app.commands.keys import app as keys_app
from app.db import Database
from app.errors import DatabaseUnavailable, OnRecordError
from app.ingest.pipeline import ingest as load_record
from app.ingest.reading import read_file, read_json, read_text
from app.ingest.receipt import check as check_receipt
from app.ingest.record import json_schema
from app.ingest.reference import load_reference
from app.main import create_api
from app.settings import Settings, resource
from app.signing import new_key
from app.web.documented import MEDIA_TYPE
from app.web.logs import log_config

app = typer.Typer(
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="On Record: structured news facts, each with the words that prove it.",
)
db = typer.Typer(no_args_is_help=True, help="The database's schema.")
app.add_typer(db, name="db")
app.add_typer(keys_app, name="keys")
app.add_typer(facts_app, name="fact")
app.command("export")(export_)
app.command("import")(import_)


def main() -> None:
    """Run the command line; an error is a sentence, not a traceback."""
    try:
        app()
    except OnRecordError as error:
        fail(str(error))
    except ValidationError as error:
        first = error.errors()[0]
        fail(f"{str(first['loc'][0]).upper()}: {first['msg'].removeprefix('Value error, ')}")


@app.callback(invoke_without_command=True)
def options(
    version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False,
) -> None:
    """Options that need no command."""
    if version:
        out.print(f"onrecord {__version__}")
        raise typer.Exit


@app.command()
def serve(
    host: Annotated[str | None, typer.Option(help="Address; HOST in the environment.")] = None,
    port: Annotated[int | None, typer.Option(help="Port; PORT in the environment.")] = None,
    workers: Annotated[int | None, typer.Option(help="Processes; WORKERS.", min=1)] = None,
) -> None:
    """Serve the API. It starts even if the database cannot be used yet, and says so."""
    settings = Settings()
    try:
        Database(settings).check()
    except DatabaseUnavailable as error:
        err.print(f"[bold yellow]Warning:[/] {escape(str(error))} Until then /readyz answers 503.")
    # Uvicorn passes the signal on when it has stopped: an orderly end is no failure.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    uvicorn.run(
        "app.main:create_app",
        factory=True,
        host=host or settings.host,
        port=settings.port if port is None else port,
        workers=workers or settings.workers,
        log_level=settings.log_level,
        log_config=log_config(settings.log_level),
        server_header=False,
    )


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
    given = read_text(text) if text else None
    with err.status("Loading"):
        outcome = load_record(
            Database(Settings()), read_file(record), text=given, by=by, reason=reason
        )
    report(record.name, outcome)


@app.command("export-openapi")
def export_openapi(
    path: Annotated[Path | None, typer.Argument(help="File; standard output without it.")] = None,
) -> None:
    """Write the OpenAPI document."""
    _write(create_api(Settings()).openapi(), path)


@app.command("export-schema")
def export_schema(
    path: Annotated[Path | None, typer.Argument(help="File; standard output without it.")] = None,
) -> None:
    """Write the JSON Schema of the article record."""
    _write(json_schema(), path)


def _write(content: object, path: Path | None) -> None:
    written = orjson.dumps(content, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)
    if path is None:
        sys.stdout.write(written.decode())
    else:
        try:
            path.write_bytes(written)
        except OSError as error:
            fail(f"{path} cannot be written ({error.strerror}).")


@app.command()
def verify(
    receipt: Annotated[Path, typer.Argument(help="The receipt, as the service gave it.")],
    text: Annotated[
        Path | None, typer.Option(help="An article's text, to check the selections against.")
    ] = None,
    record: Annotated[
        Path | None, typer.Option(help="What /v1/record/CHANGE answered, to check against.")
    ] = None,
    keys: Annotated[
        Path | None,
        typer.Option(help="What /.well-known/jwks.json answered, to check the signature."),
    ] = None,
) -> None:
    """Check a receipt, offline; exit code 1 if anything in it does not hold."""
    faults = check_receipt(
        read_json(receipt),
        text=read_text(text) if text else None,
        record=read_json(record) if record else None,
        keys=read_json(keys) if keys else None,
    )
    if faults:
        fail("\n  ".join(["The receipt does not verify:", *(str(fault) for fault in faults)]))
    out.print(f"{receipt.name} verifies.")


@app.command("signing-key")
def signing_key(
    path: Annotated[Path, typer.Argument(help="A file that does not exist yet.")],
) -> None:
    """Make a key that signs receipts; SIGNING_KEY_FILE names it to the server."""
    try:
        with open(path, "x", opener=lambda name, flags: os.open(name, flags, 0o600)) as file:
            file.write(new_key())
    except OSError as error:
        fail(f"{path} cannot be made ({error.strerror}).")
    out.print(f"{path}: keep it secret, and set SIGNING_KEY_FILE to it.")


@app.command()
def check(
    url: Annotated[str, typer.Argument(help="Address of the server.")] = "",
) -> None:
    """Ask a running server whether it is ready; exit code 1 if it is not."""
    settings = Settings()
    address = url or f"http://127.0.0.1:{settings.port}"
    try:
        answer = httpx.get(f"{address.rstrip('/')}/readyz", timeout=5)
    except httpx.HTTPError as error:
        fail(f"{address} does not answer ({error}).")
    if answer.status_code != httpx.codes.OK:
        is_problem = answer.headers.get("content-type") == MEDIA_TYPE
        reason = answer.json()["detail"] if is_problem else str(answer.status_code)
        fail(f"{address} is not ready: {reason}")
    out.print(f"{address} is ready.")


@db.command()
def upgrade(
    revision: Annotated[str, typer.Argument(help="Schema revision.")] = "head",
) -> None:
    """Bring the schema up, creating an SQLite file where there is none."""
    settings = Settings()
    with err.status("Migrating"):
        schema.upgrade(settings, revision)
    out.print(f"{Database(settings).shown}: schema {schema.current(settings)}.")


@db.command()
def downgrade(
    revision: Annotated[str, typer.Argument(help="Schema revision, or `base` for none.")],
) -> None:
    """Take the schema down. Going to `base` deletes the record."""
    settings = Settings()
    with err.status("Migrating"):
        schema.downgrade(settings, revision)
    out.print(f"{Database(settings).shown}: schema {schema.current(settings) or 'none'}.")


@db.command()
def current() -> None:
    """Print the schema revision that the database has."""
    settings = Settings()
    out.print(f"{Database(settings).shown}: schema {schema.current(settings) or 'none'}.")


logging.getLogger("alembic").setLevel(logging.WARNING)

if __name__ == "__main__":
    main()
