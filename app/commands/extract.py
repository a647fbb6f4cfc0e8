"""Facts from articles, nothing loaded: ``onrecord extract`` and ``onrecord evaluate``."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Annotated, Any

import orjson
import typer
import yaml
from rich.markup import escape
from rich.table import Table

from app.commands.articles import stated_meta
from app.commands.console import EXIT_REFUSED, err, fail, out
from app.errors import ArticleRefused
from app.ingest.extract.compose import Extraction
from app.ingest.extract.compose import extract as extract_article
from app.ingest.extract.evaluate import KINDS, Evaluation, Score
from app.ingest.extract.evaluate import evaluate as compare
from app.ingest.extract.predictions import predictions as predicted
from app.ingest.read.fetch import Bounds, Fetcher
from app.ingest.read.reader import read
from app.ingest.read.source import Refused
from app.ingest.reading import read_file, read_text
from app.settings import Settings, resource

app = typer.Typer()

_WIDTH = 100


@app.command()
def extract(
    given: Annotated[
        str,
        typer.Argument(
            metavar="PATH|URL|-", help="Articles: a file, a folder, an address, standard input."
        ),
    ] = "-",
    meta: Annotated[
        list[str] | None,
        typer.Option(help="What the articles do not state, as published_on=2025-11-15."),
    ] = None,
    *,
    json: Annotated[bool, typer.Option("--json", help="JSON, one record a line.")] = False,
    predictions: Annotated[
        bool,
        typer.Option(
            "--predictions",
            help='Read {"id", "text"} lines; write one line each of the attributions found.',
        ),
    ] = False,
) -> None:
    """Print the article record of each article; nothing is loaded.

    What was read but made no fact is counted beside it, by the reason.
    """
    if predictions:
        _predict(Path(given))
        return
    fetcher = Fetcher(Bounds.of(Settings()))
    refused = False
    for source in read(given, fetcher, stated_meta(meta or []), sys.stdin.buffer):
        if isinstance(source, Refused):
            refused = _refused(source.name, source.error)
            continue
        try:
            made = extract_article(source.text, source.meta)
        except ArticleRefused as error:
            refused = _refused(source.name, error)
            continue
        sys.stdout.write(_written(made.record, json=json))
        err.print(escape(f"{source.name}: {_summary(made)}"))
    if refused:
        raise SystemExit(EXIT_REFUSED)


@app.command()
def evaluate(
    text_dir: Annotated[
        Path, typer.Argument(help="Folder of the articles' texts, named as the records are.")
    ] = Path("../shared/article"),
    records: Annotated[
        Path | None, typer.Option(help="Folder of records written by people; those of the seed.")
    ] = None,
) -> None:
    """Compare what is extracted with what people recorded: precision, recall, and what differs."""
    folder = records or resource("seed") / "articles"
    found = False
    for path in sorted(folder.glob("*.yaml")):
        text = text_dir / f"{path.stem}.txt"
        if not text.is_file():
            continue
        found = True
        expected: Any = read_file(path)
        made = extract_article(read_text(text))
        _show(path.stem, made, compare(expected, made.record))
    if not found:
        fail(f"{text_dir} has no text of any record in {folder}.")


def _predict(file: Path) -> None:
    """Write what was found of who said what, a line for each line that is read."""
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


def _refused(name: str, error: ArticleRefused) -> bool:
    err.print(f"[bold red]Refused:[/] {escape(f'{name}: {error}')}")
    return True


def _written(record: dict[str, Any], *, json: bool) -> str:
    if json:
        return orjson.dumps(record, option=orjson.OPT_APPEND_NEWLINE).decode()
    return yaml.dump(record, sort_keys=False, allow_unicode=True, width=_WIDTH, explicit_start=True)


def _summary(made: Extraction) -> str:
    """How much was found, and what was left out."""
    counts = [
        f"{len(made.record.get(kind, []))} {kind.replace('_', ' ')}"
        for kind in ("positions", "mediation_offers", "rounds")
    ]
    left = [f"{count} {reason}" for reason, count in made.left_out.items()]
    without = f"; left out: {', '.join(left)}" if left else ""
    return f"{', '.join(counts)} from {made.attributions} attributions{without}."


def _show(name: str, made: Extraction, result: Evaluation) -> None:
    """The scores as a table, and a line for everything that differs."""
    table = Table(title=escape(name), title_justify="left", box=None, pad_edge=False)
    for title in ("what", "expected", "found", "right", "precision", "recall"):
        table.add_column(title, justify="left" if title == "what" else "right")
    for label, score in _rows(result):
        table.add_row(label, *_numbers(score))
    out.print(table)
    out.print(escape(_summary(made)))
    for line in result.differences:
        out.print(escape(f"  {line}"))


def _rows(result: Evaluation) -> Iterator[tuple[str, Score]]:
    for kind in KINDS:
        yield kind.replace("_", " "), result.kinds[kind]
        for (of, name), score in result.fields.items():
            if of == kind and (score.expected or score.found):
                yield f"  {name.replace('_', ' ')}", score
    yield "evidence (code points)", result.overlap


def _numbers(score: Score) -> list[str]:
    return [
        *map(str, (score.expected, score.found, score.matched)),
        f"{score.precision:.1%}",
        f"{score.recall:.1%}",
    ]
