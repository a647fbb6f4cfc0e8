"""Articles read and taken in, for ``onrecord ingest``: shown as they go, summed up at the end."""

import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Any

from rich.markup import escape
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from app.commands.console import EXIT_REFUSED, err, fail, opened, out, report
from app.errors import ArticleRefused
from app.ingest.extract.found import Meta
from app.ingest.intake import Extractor, Taken, take_in
from app.ingest.read.fetch import Bounds, Fetcher
from app.ingest.read.given import given_meta
from app.ingest.read.reader import read
from app.settings import Settings

EXTRACTOR = "app.ingest.extract.compose:extract_source"
"""Where the extractor is that makes records of articles."""


def ingest(given: str, meta: list[str], *, by: str, reason: str | None) -> None:
    """Read articles, load what is extracted as drafts; exit code 1 if one was refused."""
    fetcher = Fetcher(Bounds.of(Settings()))
    articles = read(given, fetcher, stated_meta(meta), sys.stdin.buffer)
    counts: Counter[str] = Counter()
    with opened() as database, _shown() as progress:
        for taken in take_in(database, articles, _extractor(), by=by, reason=reason):
            counts[_told(taken)] += 1
            progress(counts.total())
    out.print(_summary(counts))
    if counts["refused"]:
        raise SystemExit(EXIT_REFUSED)


def _extractor() -> Extractor:
    """The extractor, loaded when it is needed."""
    module, _, name = EXTRACTOR.partition(":")
    try:
        extract: Extractor = getattr(import_module(module), name)
    except ModuleNotFoundError:
        fail("This release reads articles, but has no extractor for them.")
    return extract


def stated_meta(meta: list[str]) -> Meta:
    """Metadata written as NAME=VALUE."""
    pairs = [each.partition("=") for each in meta]
    if unsaid := next((name for name, equals, _ in pairs if not equals), None):
        fail(f"--meta takes NAME=VALUE, as published_on=2025-11-15, not {unsaid}.")
    try:
        return given_meta({name.strip(): value.strip() for name, _, value in pairs})
    except ArticleRefused as error:
        fail(f"--meta: {error}")


def _told(taken: Taken) -> str:
    """Say what became of an article; gives under what it counts."""
    if taken.outcome is None:
        err.print(f"[bold red]Refused:[/] {escape(f'{taken.name}: {taken.error}')}")
        return "refused"
    report(taken.name, taken.outcome)
    return "loaded" if taken.outcome.seq is not None else "already on record"


def _summary(counts: Counter[str]) -> str:
    parts = [f"{counts[each]} {each}" for each in ("loaded", "already on record", "refused")]
    total = counts.total()
    return f"{total} article{'' if total == 1 else 's'}: {', '.join(parts)}."


@contextmanager
def _shown() -> Iterator[Any]:
    """How many articles were taken in and how fast, where there is a terminal to show it."""
    columns = (
        SpinnerColumn(),
        TextColumn("{task.completed} articles"),
        TextColumn("{task.fields[rate]}/s"),
        TimeElapsedColumn(),
    )
    begun = time.perf_counter()
    with Progress(*columns, console=err, transient=True, disable=not err.is_terminal) as bar:
        task = bar.add_task("Reading", total=None, rate="0")

        def told(done: int) -> None:
            rate = done / (time.perf_counter() - begun)
            bar.update(task, completed=done, rate=f"{rate:.0f}")

        yield told
