"""The contract written out: ``onrecord export-openapi`` and ``onrecord export-schema``."""

import sys
from pathlib import Path
from typing import Annotated

import orjson
import typer

from app.commands.console import fail
from app.ingest.record import json_schema
from app.main import create_api
from app.settings import Settings

app = typer.Typer()


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
