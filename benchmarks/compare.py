"""Contestants asked in turn, round after round, so that a busy moment falls on all of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median

from benchmarks.load import Ask, put
from benchmarks.servers import Server


@dataclass(frozen=True)
class Contestant:
    """A server, and what it is asked."""

    server: Server
    ask: Ask
    parts: int = 1
    """Answers that make one page: whoever does not give it in one is asked for the rest too."""


@dataclass
class Measured:
    """What a contestant did, round by round."""

    rates: list[float] = field(default_factory=list)
    """Pages per second."""
    p50: list[float] = field(default_factory=list)
    """Milliseconds, of each answer."""
    p99: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)
    """Milliseconds of the server's processor time per page."""

    @property
    def rate(self) -> float:
        """The median of the rounds."""
        return median(self.rates)

    @property
    def spread(self) -> float:
        """How far the rounds lie apart, as a share of their median."""
        return (max(self.rates) - min(self.rates)) / self.rate


@dataclass(frozen=True)
class Pace:
    """How long is measured."""

    rounds: int
    seconds: float

    @property
    def brisk(self) -> "Pace":
        """For what there is much of and what differs by far."""
        return Pace(min(3, self.rounds), self.seconds * 2 / 3)


def compare(contestants: Mapping[str, Contestant], pace: Pace) -> dict[str, Measured]:
    """Ask all of them in turn. The first round only warms them up and does not count."""
    found = {name: Measured() for name in contestants}
    for each in contestants.values():
        put(each.server.port, each.ask, pace.seconds / 2)
    for _ in range(pace.rounds):
        for name, each in contestants.items():
            _round(found[name], each, pace.seconds)
    return found


def _round(measured: Measured, contestant: Contestant, seconds: float) -> None:
    used = contestant.server.cpu()
    came, parts = put(contestant.server.port, contestant.ask, seconds), contestant.parts
    measured.cpu.append(1000 * (contestant.server.cpu() - used) / came.answers * parts)
    measured.rates.append(came.rate / parts)
    measured.p50.append(came.p50)
    measured.p99.append(came.p99)


def asked(server: Server, targets: Sequence[str], connections: int = 32) -> Contestant:
    """A server asked for these targets in turn."""
    return Contestant(server, Ask(targets, connections=connections))
