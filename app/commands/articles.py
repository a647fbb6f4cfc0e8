"""Articles read and taken in, for ``onrecord ingest``: shown as they go, summed up at the end."""

import os
import signal
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event
from typing import Any

import orjson
from rich.markup import escape
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

from app.commands.console import EXIT_REFUSED, EXIT_STOPPED, err, fail, opened, out
from app.errors import ArticleRefused
from app.ingest.batch.named import extractor_at
from app.ingest.batch.orders import Orders
from app.ingest.batch.run import Summary, run
from app.ingest.batch.workers import Refusal
from app.ingest.extract.found import Meta
from app.ingest.pipeline import Terms
from app.ingest.read.fetch import Bounds, Fetcher
from app.ingest.read.given import given_meta
from app.ingest.read.reader import expected, read
from app.settings import Settings

NAMED = 10
"""Refused articles that are told by name for each reason; `--refused` writes all."""

NOW_AND_THEN = 10.0
"""Seconds between two lines where no terminal shows a bar."""


def ingest(given: str, meta: list[str], orders: dict[str, Any], refused: Path | None) -> None:
    """Read articles, load what is extracted as drafts.

    Exits with 1 if one was refused, and with 130 if it was told to stop.
    """
    settings = Settings()
    articles = read(given, Fetcher(Bounds.of(settings)), stated_meta(meta), sys.stdin.buffer)
    count = expected(given)
    if orders["workers"] is None:
        # To start a process takes longer than an article does.
        orders["workers"] = 0 if count == 1 else len(os.sched_getaffinity(0))
    terms = Terms(publish_above=settings.publish_above)
    done = Orders(extractor_at(settings.extractor), terms=terms, **orders)
    with opened() as database, _told(count) as told, _until_stopped() as stopped:
        begun = time.perf_counter()
        summary = run(database, articles, done, told=told, stopped=stopped)
    _show(summary, time.perf_counter() - begun)
    if refused is not None:
        _write(refused, summary.refused)
    if summary.cut_off:
        raise SystemExit(EXIT_STOPPED)
    if summary.refused:
        raise SystemExit(EXIT_REFUSED)


def stated_meta(meta: list[str]) -> Meta:
    """Metadata written as NAME=VALUE."""
    pairs = [each.partition("=") for each in meta]
    if unsaid := next((name for name, equals, _ in pairs if not equals), None):
        fail(f"--meta takes NAME=VALUE, as published_on=2025-11-15, not {unsaid}.")
    try:
        return given_meta({name.strip(): value.strip() for name, _, value in pairs})
    except ArticleRefused as error:
        fail(f"--meta: {error}")


@contextmanager
def _until_stopped() -> Iterator[Callable[[], bool]]:
    """Take the first Control-C as the wish to stop when all that is under way is stored."""
    stop, before = Event(), signal.getsignal(signal.SIGINT)

    def note(*_: object) -> None:
        stop.set()
        signal.signal(signal.SIGINT, before)  # the second one ends it at once
        err.print("Stopping; what is under way is stored. Once more to end at once.")

    try:
        signal.signal(signal.SIGINT, note)
        yield stop.is_set
    finally:
        signal.signal(signal.SIGINT, before)


@contextmanager
def _told(count: int | None) -> Iterator[Callable[[Summary], None]]:
    """A bar with rate and remaining time where a terminal shows it, else a line now and then."""
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]} articles/s"),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
    )
    begun = said = time.perf_counter()
    with Progress(*columns, console=err, transient=True, disable=not err.is_terminal) as bar:
        task = bar.add_task("Articles", total=count, rate="0")

        def told(summary: Summary) -> None:
            nonlocal said
            now = time.perf_counter()
            rate = f"{summary.done / (now - begun):.0f}"
            total = max(count, summary.read) if count is not None else None
            bar.update(task, completed=summary.done, total=total, rate=rate)
            if not err.is_terminal and now - said > NOW_AND_THEN:
                said = now
                of = f" of {total}" if total is not None else ""
                err.print(f"{summary.done}{of} articles, {rate}/s.")

        yield told


def _show(summary: Summary, seconds: float) -> None:
    """Say what became of the articles: how many, which facts, and what was refused and why."""
    for sort, refused in _sorted(summary.refused).items():
        if len(refused) == 1:
            err.print(f"[bold red]Refused:[/] {escape(f'{refused[0].name}: {refused[0].reason}')}")
            continue
        names = ", ".join(each.name for each in refused[:NAMED])
        more = f" and {len(refused) - NAMED} more" if len(refused) > NAMED else ""
        err.print(f"[bold red]Refused:[/] {escape(f'{len(refused)} articles: {sort}')}")
        err.print(f"  {escape(names)}{more}")
    if summary.facts:
        kinds = (f"{n} {kind.replace('_', ' ')}" for kind, n in sorted(summary.facts.items()))
        out.print(f"Drafts for review: {', '.join(kinds)}.")
    parts = {
        "loaded": summary.stored,
        "already on record": summary.unchanged,
        "refused": len(summary.refused),
    }
    told = ", ".join(f"{number} {name}" for name, number in parts.items())
    rate = f" ({summary.done / seconds:.0f}/s)" if summary.done > 1 else ""
    out.print(f"{summary.read} article{'' if summary.read == 1 else 's'}: {told}{rate}.")


def _sorted(refused: list[Refusal]) -> dict[str, list[Refusal]]:
    """What was refused, by the reason that it has in common; the most frequent first."""
    found: dict[str, list[Refusal]] = defaultdict(list)
    for each in refused:
        found[each.sort].append(each)
    return dict(sorted(found.items(), key=lambda item: (-len(item[1]), item[0])))


def _write(path: Path, refused: list[Refusal]) -> None:
    """Write what was refused to a file, a line of JSON each."""
    lines = [orjson.dumps({"name": e.name, "reason": e.reason}) + b"\n" for e in refused]
    try:
        path.write_bytes(b"".join(lines))
    except OSError as error:
        fail(f"{path} cannot be written ({error.strerror}).")
