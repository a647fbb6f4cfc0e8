"""Receipts and what signs them: ``onrecord verify`` and ``onrecord signing-key``."""

import os
from pathlib import Path
from typing import Annotated

import typer

from app.commands.console import fail, out
from app.ingest.reading import read_json, read_text
from app.ingest.receipt import check as check_receipt
from app.signing import new_key

app = typer.Typer()


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
