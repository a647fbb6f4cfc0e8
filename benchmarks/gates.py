"""What must be reached, as ratios within one run, and how a run did."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Gate:
    """A ratio to reach, or to stay under."""

    title: str
    gate: float
    stretch: float
    keys: tuple[str, ...]
    """The ratios it looks at: the worst of them counts."""
    unit: str = "x"

    @property
    def more_is_better(self) -> bool:
        """Whether the ratio is one to reach; else it is one to stay under."""
        return self.stretch > self.gate


_BOTH = ("sqlite", "postgresql")


def _both(name: str) -> tuple[str, ...]:
    return tuple(f"{name}, {kind}" for kind in _BOTH)


GATES = (
    Gate("warm 200 against bare ASGI", 0.60, 0.80, ("warm 200",)),
    Gate("warm 304 against bare 304", 0.60, 0.80, ("warm 304",)),
    Gate("cold list, SQLite, against the tutorial app", 8, 15, ("cold, sqlite, against tutorial",)),
    Gate("cold list, SQLite, against Datasette", 10, 20, ("cold, sqlite, against datasette",)),
    Gate(
        "cold list, PostgreSQL, against the tutorial app on asyncpg",
        *(3.5, 5),
        ("cold, postgresql, against tutorial",),
    ),
    Gate("page at 90 % of the depth against page 1", 1.3, 1.15, _both("depth")),
    Gate("cold list, largest record against 10,000", 1.3, 1.1, _both("growth")),
    Gate("as-of list against the present one", 1.5, 1.2, _both("as of")),
    Gate("counts by country and topic against GROUP BY", 50, 300, _both("counts")),
    Gate("search with filters, share of the cold list's speed", 0.1, 0.3, _both("search")),
    Gate("bulk import against raw load", 0.5, 0.8, _both("bulk")),
    Gate("two workers against one, cold", 1.6, 1.8, ("workers",)),
    Gate("memory of a worker after distinct requests", 400, 200, ("memory",), "MB"),
    Gate("start to first answer against the tutorial app", 1.2, 0.9, ("start",)),
)


@dataclass(frozen=True)
class Verdict:
    """How a run did at a gate, on one database where there are two."""

    gate: Gate
    key: str
    value: float | None
    """None if it was not measured."""

    @property
    def word(self) -> str:
        """One of: stretch, pass, fail, not measured."""
        if self.value is None:
            return "not measured"
        sign = 1 if self.gate.more_is_better else -1
        if sign * self.value >= sign * self.gate.stretch:
            return "stretch"
        return "pass" if sign * self.value >= sign * self.gate.gate else "fail"


def verdicts(ratios: Mapping[str, float]) -> Iterator[Verdict]:
    """How a run did at every gate."""
    for gate in GATES:
        for key in gate.keys:
            yield Verdict(gate, key, ratios.get(key))
