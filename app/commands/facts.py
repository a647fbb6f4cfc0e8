"""Single facts, curated from the command line: ``onrecord fact``."""

from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from app.codelists import ChangeType, Curation
from app.commands.console import opened, out, report
from app.errors import InvalidRequest, PreconditionFailed
from app.ingest import shapes
from app.ingest.curate import Curator, kind_of, parsed
from app.ingest.reading import read_file, read_written
from app.ingest.store import Outcome

app = typer.Typer(
    no_args_is_help=True, help="Create, correct, publish, withdraw and merge single facts."
)


class KindOfFact(StrEnum):
    """The kinds of facts, as a command names them."""

    POSITION = "position"
    OFFER = "mediation-offer"
    ROUND = "round"


_KINDS = {
    KindOfFact.POSITION: shapes.POSITION,
    KindOfFact.OFFER: shapes.OFFER,
    KindOfFact.ROUND: shapes.ROUND,
}

FactId = Annotated[str, typer.Argument(metavar="ID", help="Id of the fact.")]
Why = Annotated[str, typer.Option(help="Why; it is public, and stays.")]
By = Annotated[str, typer.Option(help="Who does it, for the change.")]
Rev = Annotated[int | None, typer.Option(help="Only if the fact is at this version still.", min=1)]
File = Annotated[
    Path | None, typer.Argument(help="The fields that change, in YAML or JSON.", metavar="[FILE]")
]
Set = Annotated[
    list[str] | None,
    typer.Option("--set", help="A field that changes, as NAME=VALUE; may be given several times."),
]


@app.command()
def create(
    kind: Annotated[KindOfFact, typer.Argument(help="The kind of fact.")],
    file: Annotated[Path, typer.Argument(help="What it says, in YAML or JSON.")],
    draft: Annotated[bool, typer.Option("--draft", help="Not public yet.")] = False,
    reason: Annotated[str | None, typer.Option(help="Why, if there is more to say.")] = None,
    by: By = "cli",
) -> None:
    """Put a fact on record, with the words that prove it."""
    curation = Curation.DRAFT if draft else Curation.PUBLISHED
    entry = parsed(_KINDS[kind], read_file(file))
    with opened() as database, database.write() as session:
        outcome = Curator(session, _KINDS[kind], by, reason).create(entry, curation)
    report(outcome.steps[0].key, outcome)


@app.command()
def correct(
    id: FactId, reason: Why, file: File = None, set_: Set = None, rev: Rev = None, by: By = "cli"
) -> None:
    """Put right what was recorded wrongly."""
    _revise(id, ChangeType.CORRECTED, _fields(file, set_), (by, reason, rev))


@app.command()
def update(
    id: FactId, reason: Why, file: File = None, set_: Set = None, rev: Rev = None, by: By = "cli"
) -> None:
    """Add what is known besides."""
    _revise(id, ChangeType.UPDATED, _fields(file, set_), (by, reason, rev))


@app.command()
def supersede(
    id: FactId, reason: Why, file: File = None, set_: Set = None, rev: Rev = None, by: By = "cli"
) -> None:
    """Record that the world moved on: what was recorded was right in its time."""
    _revise(id, ChangeType.SUPERSEDED, _fields(file, set_), (by, reason, rev))


@app.command()
def publish(id: FactId, reason: Why, rev: Rev = None, by: By = "cli") -> None:
    """Make a draft public."""
    _change(id, (by, reason, rev), lambda curator: curator.publish(id))


@app.command()
def withdraw(id: FactId, reason: Why, rev: Rev = None, by: By = "cli") -> None:
    """Take a fact back; a tombstone stands in its place."""
    _change(id, (by, reason, rev), lambda curator: curator.withdraw(id))


@app.command()
def merge(
    id: FactId,
    into: Annotated[str, typer.Argument(metavar="INTO", help="Id of the fact that goes on.")],
    reason: Why,
    rev: Rev = None,
    by: By = "cli",
) -> None:
    """Let a fact go on as another that is the same."""
    _change(id, (by, reason, rev), lambda curator: curator.merge(id, into))


def _revise(
    id_: str, change_type: ChangeType, fields: dict[str, Any], who: tuple[str, str, int | None]
) -> None:
    _change(id_, who, lambda curator: curator.revise(id_, fields, change_type))


def _change(
    id_: str, who: tuple[str, str, int | None], change: Callable[[Curator], Outcome]
) -> None:
    by, reason, wanted = who

    def expected(rev: int) -> None:
        if wanted not in (None, rev):
            raise PreconditionFailed(f"{id_} is at version {rev} now, not {wanted}.")

    if not reason.strip():
        raise InvalidRequest("--reason: say why.")
    with opened() as database, database.write() as session:
        outcome = change(Curator(session, kind_of(id_), by, reason, expected))
    report(id_, outcome)
    out.print(f"Its version is {_rev(outcome)}.")


def _rev(outcome: Outcome) -> int:
    before = outcome.steps[0].before
    return before.rev + 1 if before else 1


def _fields(file: Path | None, pairs: list[str] | None) -> dict[str, Any]:
    """The fields that change, from a file and from NAME=VALUE."""
    given: Any = read_file(file) if file else {}
    if not isinstance(given, dict):
        raise InvalidRequest(f"{file} holds no fields.")
    for pair in pairs or ():
        name, equals, value = pair.partition("=")
        if not equals:
            raise InvalidRequest(f"--set takes NAME=VALUE, not {pair!r}.")
        given[name.strip()] = read_written(value, f"--set {name}")
    if not given:
        raise InvalidRequest("Say what changes: in a file, or with --set NAME=VALUE.")
    return given
