"""The command line: ``onrecord``. A command's module is loaded when the command is asked for."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Annotated, Any

import typer
from pydantic import ValidationError
from typer.core import TyperGroup
from typer.main import get_group

from app import __version__
from app.errors import OnRecordError

_MODULES = {
    "extract": "extract",
    "evaluate": "extract",
    "export": "bulk",
    "import": "bulk",
    "serve": "serve",
    "seed": "load",
    "ingest": "load",
    "export-openapi": "contract",
    "export-schema": "contract",
    "verify": "receipts",
    "signing-key": "receipts",
    "check": "check",
    "db": "db",
    "keys": "keys",
    "fact": "facts",
    "review": "review",
}
"""Where each command is, in `app.commands`; one that is not in its module is all of it."""


class _Commands(TyperGroup):
    """The commands; `serve` does not wait for what only the others need."""

    def list_commands(self, ctx: Any) -> list[str]:
        return list(_MODULES)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        if cmd_name not in _MODULES:
            return None
        with _without_collections():
            module = import_module(f"app.commands.{_MODULES[cmd_name]}")
        group = get_group(module.app)
        found = group.commands.get(cmd_name, group)
        found.name = cmd_name  # a group of commands does not know what it is called here
        return found


app = typer.Typer(
    cls=_Commands,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="On Record: structured news facts, each with the words that prove it.",
)


def main() -> None:
    """Run the command line; an error is a sentence, not a traceback."""
    try:
        app()
    except OnRecordError as error:
        _fail(str(error))
    except ValidationError as error:
        first = error.errors()[0]
        _fail(f"{str(first['loc'][0]).upper()}: {first['msg'].removeprefix('Value error, ')}")


@app.callback(invoke_without_command=True)
def options(
    version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False,
) -> None:
    """Options that need no command."""
    if version:
        typer.echo(f"onrecord {__version__}")
        raise typer.Exit


@contextmanager
def _without_collections() -> Iterator[None]:
    """Nothing that is loaded is garbage: to look through it time and again is an eighth of it."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def _fail(message: str) -> None:
    from app.commands.console import fail  # noqa: PLC0415 - what prints it is slow to load

    fail(message)


if __name__ == "__main__":
    main()
