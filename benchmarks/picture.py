"""The growth curves, drawn from a run's JSON for `docs/performance.md`."""

import re
from pathlib import Path
from statistics import median
from typing import Any

import matplotlib as mpl
from matplotlib import pyplot as plt

_LISTS = re.compile(r"lists at ([\d,]+)$")
_COUNTS = re.compile(r"counts by country and topic at ([\d,]+)$")
_TUTORIAL = re.compile(r"counts by country and topic at ([\d,]+), tutorial$")
_NAMES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}

Curve = list[tuple[int, float]]


def draw(run: dict[str, Any], path: Path) -> None:
    """Draw how the time of an answer grows with the record; SVG or PNG, by the path's suffix."""
    mpl.use("svg")
    mpl.rcParams["svg.hashsalt"] = "onrecord"
    figure, (lists, counts) = plt.subplots(1, 2, figsize=(10, 4), layout="constrained")
    for kind, name in _NAMES.items():
        growth, counted = (run["sections"].get(f"{s}, {kind}") for s in ("growth", "counts"))
        if growth:
            _line(lists, _from_rounds(growth["measured"], _LISTS, "cpu"), name)
        if counted:
            _line(counts, _from_rounds(counted["measured"], _COUNTS, "p50"), f"ours, {name}")
            grouped = _from_rounds(counted["measured"], _TUTORIAL, "p50")
            _line(counts, grouped, f"tutorial, {name}", style="--")
    _finish(lists, "A page of 20, no cache: server's milliseconds")
    _finish(counts, "Counts by country and topic: milliseconds")
    figure.savefig(path, metadata={"Date": None} if path.suffix == ".svg" else None)
    plt.close(figure)


def _from_rounds(measured: dict[str, Any], named: re.Pattern[str], what: str) -> Curve:
    return [
        (_number(found), median(each[what]))
        for name, each in measured.items()
        if (found := named.match(name))
    ]


def _number(found: re.Match[str]) -> int:
    return int(found[1].replace(",", ""))


def _line(axes: Any, curve: Curve, label: str, style: str = "-") -> None:
    axes.plot(*zip(*curve, strict=True), style, marker="o", label=label)


def _finish(axes: Any, title: str) -> None:
    axes.set(title=title, xscale="log", yscale="log", xlabel="positions on record")
    axes.title.set_size(10)
    axes.grid(visible=True, which="major", alpha=0.3)
    axes.legend()
