"""What a run found: as lines to read and as JSON to keep."""

import os
import platform
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from rich.console import Console
from rich.table import Table

from app import __version__
from benchmarks.compare import Measured
from benchmarks.gates import Verdict, verdicts
from benchmarks.measures import Section

_COLOURS = {"stretch": "bold green", "pass": "green", "fail": "bold red"}


def ratios(sections: Mapping[str, Section]) -> dict[str, float]:
    """The ratios of all sections."""
    return {key: value for each in sections.values() for key, value in each.ratios.items()}


def show(console: Console, sections: Mapping[str, Section], largest: int) -> None:
    """Print every contestant, and how the run did at each gate."""
    for name, section in sections.items():
        console.print(f"\n[bold]{name}[/]")
        if section.measured:
            console.print(_contestants(section.measured))
        for what, value in section.values.items():
            console.print(f"  {what}: {_shown(value)}")
    gates = Table("", "gate", "stretch", "measured", "", box=None, padding=(0, 2))
    found = list(verdicts(ratios(sections)))
    for verdict in found:
        if verdict.value is not None:
            gates.add_row(*_row(verdict), style=_COLOURS[verdict.word])
    console.print(f"\n[bold]Gates, at {largest:,} positions[/]", gates)
    if missing := ", ".join(verdict.key for verdict in found if verdict.value is None):
        console.print(f"[dim]Not measured: {missing}.[/]")


def as_json(sections: Mapping[str, Section], setup: dict[str, Any]) -> dict[str, Any]:
    """All of it, and where it was measured."""
    found = ratios(sections)
    return {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "version": __version__,
        "machine": {
            "cores": os.cpu_count(),
            "system": platform.system(),
            "python": platform.python_version(),
            "load": os.getloadavg()[0],
        },
        "setup": setup,
        "gates": [
            {"title": each.gate.title, "key": each.key, "gate": each.gate.gate}
            | {"stretch": each.gate.stretch, "measured": each.value, "verdict": each.word}
            for each in verdicts(found)
        ],
        "sections": {name: asdict(section) for name, section in sections.items()},
    }


def _contestants(measured: Mapping[str, Measured]) -> Table:
    table = Table(box=None, padding=(0, 2))
    for heading in ("", "pages/s", "spread", "p50 ms", "p99 ms", "server ms/page"):
        table.add_column(heading, justify="right" if heading else "left")
    for name, each in measured.items():
        middle = [_middle(values) for values in (each.p50, each.p99, each.cpu)]
        table.add_row(name, f"{each.rate:,.0f}", f"{each.spread:.0%}", *middle)
    return table


def _middle(values: list[float]) -> str:
    return f"{sorted(values)[len(values) // 2]:.3g}"


def _row(verdict: Verdict) -> Iterator[str]:
    gate = verdict.gate
    two = len(gate.keys) > 1
    yield gate.title + (f" ({verdict.key.rpartition(', ')[2]})" if two else "")
    sign = "≥" if gate.more_is_better else "≤"
    yield f"{sign} {gate.gate:g} {gate.unit}"
    yield f"{sign} {gate.stretch:g} {gate.unit}"
    yield "" if verdict.value is None else f"{verdict.value:.3g} {gate.unit}"
    yield verdict.word


def _shown(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{name} {_shown(each)}" for name, each in value.items())
    if isinstance(value, list):
        return " ".join(_shown(each) for each in value)
    return f"{value:,.4g}" if isinstance(value, float) else str(value)
