"""Measures everything and tells which gates are met.

    python -m benchmarks.run [--quick] [--only cold] [--picture docs/growth.svg]

The databases are made on the first run, one for each size on SQLite and on PostgreSQL, and kept.
"""

import argparse
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

import orjson
from rich.console import Console

from benchmarks import bulk, data, measures, picture, report
from benchmarks.compare import Pace
from benchmarks.load import BadAnswer
from benchmarks.measures import Section, Setup

RESULTS = Path(__file__).parent / "results"
FULL = ((10_000, 100_000, 1_000_000), Pace(5, 0.8), 20_000, 100_000)
QUICK = ((10_000, 100_000), Pace(2, 0.15), 1_000, 10_000)
"""Sizes of record; rounds and seconds; distinct requests; the size of record that is imported."""

KINDS = ("sqlite", "postgresql")


def main() -> None:
    """Run the command line."""
    given = _arguments().parse_args()
    console = Console(width=max(Console().width, 110), highlight=False)
    with ExitStack() as stack:
        server = stack.enter_context(data.postgres_server())
        setup = _setup(given, server, console)
        stack.callback(data.discard, setup.scratch)
        sections: dict[str, Section] = {}
        for name, measure in _chosen(setup, given.only).items():
            with console.status(name):
                sections[name] = _section(measure)
    report.show(console, sections, setup.largest)
    _keep(given, setup, sections, console)


def _arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.run")
    parser.add_argument("--quick", action="store_true", help="smaller records, shorter rounds")
    parser.add_argument("--only", default="", help="the sections whose names begin so")
    parser.add_argument("--distinct", type=int, help="requests before memory is looked at")
    parser.add_argument("--rounds", type=int, help="rounds of each comparison")
    parser.add_argument("--seconds", type=float, help="seconds of a round")
    parser.add_argument("--picture", type=Path, help="file for the growth curves, SVG or PNG")
    return parser


def _setup(given: argparse.Namespace, server: str, console: Console) -> Setup:
    sizes, pace, distinct, imported = QUICK if given.quick else FULL
    data.forget_old(server)
    urls: dict[str, dict[int, str]] = {kind: {} for kind in KINDS}
    for size in sizes:
        with console.status(f"{size:,} positions") as status:
            urls["sqlite"][size] = data.sqlite(size, status.update)
            urls["postgresql"][size] = data.postgres(server, size, status.update)
    return Setup(
        urls=urls,
        pace=Pace(given.rounds or pace.rounds, given.seconds or pace.seconds),
        distinct=given.distinct or distinct,
        bulk=imported,
        scratch=data.scratch(),
    )


def _chosen(setup: Setup, beginning: str) -> dict[str, Callable[[], Section]]:
    """The sections to be measured, by name."""
    found: dict[str, Callable[[], Section]] = {"warm": lambda: measures.warm(setup)}
    of_both = {
        "cold": measures.cold,
        "growth": measures.growth,
        "counts": measures.counts,
        "search": measures.search,
        "bulk": bulk.bulk,
    }
    for name, measure in of_both.items():
        for kind in KINDS:
            found[f"{name}, {kind}"] = lambda m=measure, k=kind: m(setup, k)  # type: ignore[misc]
    found["workers"] = lambda: measures.workers(setup)
    found["memory"] = lambda: measures.memory(setup)
    found["start"] = lambda: measures.start(setup)
    return {name: measure for name, measure in found.items() if name.startswith(beginning)}


def _section(measure: Callable[[], Section]) -> Section:
    """What a measurement found; one that fails does not take the others with it."""
    try:
        return measure()
    except (BadAnswer, RuntimeError) as error:
        return Section(values={"failed": str(error)})


def _keep(
    given: argparse.Namespace, setup: Setup, sections: dict[str, Section], console: Console
) -> None:
    """Write the run's JSON, and its picture if one is asked for."""
    RESULTS.mkdir(exist_ok=True)
    sizes = sorted(setup.urls["sqlite"])
    shown = {"sizes": sizes, "rounds": setup.pace.rounds, "seconds": setup.pace.seconds}
    run = report.as_json(sections, shown)
    name = "quick" if given.quick else "full"
    path = RESULTS / f"{name}{'-' + given.only if given.only else ''}.json"
    path.write_bytes(orjson.dumps(run, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE))
    console.print(f"Written to {path}.")
    if given.picture:
        picture.draw(run, given.picture)


if __name__ == "__main__":
    main()
