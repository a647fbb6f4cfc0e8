"""A budget that no call exceeds: the most a call can take is set aside before it is made.

A token is at least one byte, so a request has at most as many tokens as bytes, and an answer at
most what the request allows. When the endpoint has counted, what was really used takes the place.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from threading import Lock

from app.ingest.extract.extractor import Usage
from app.ingest.extract.model.errors import BudgetSpent

_MILLION = Decimal(1_000_000)


@dataclass(frozen=True, slots=True)
class Prices:
    """What a million tokens cost."""

    input: Decimal = Decimal(0)
    output: Decimal = Decimal(0)

    def usage(self, input_tokens: int, output_tokens: int, *, estimated: bool = False) -> Usage:
        """One call that took so many tokens."""
        cost = (self.input * input_tokens + self.output * output_tokens) / _MILLION
        return Usage(1, input_tokens, output_tokens, cost, estimated)


@dataclass(slots=True, eq=False)
class Bill:
    """What one call takes: the most it can be, until it is known."""

    used: Usage

    def settle(self, used: Usage) -> None:
        """Put what was used in the place of the most that it could be."""
        self.used = used


@dataclass
class Budget:
    """What may be spent, and what was. One may be shared by threads."""

    money: Decimal | None = None
    tokens: int | None = None
    spent: Usage = field(default_factory=Usage)

    def __post_init__(self) -> None:
        self._lock = Lock()
        self._aside: list[Bill] = []

    @contextmanager
    def call(self, most: Usage) -> Iterator[Bill]:
        """Set aside what a call can take at most, and book in the end what its bill says.

        Raises:
            BudgetSpent: there is not so much left; the call must not be made.
        """
        bill = Bill(most)
        with self._lock:
            after = sum([most, *(each.used for each in self._aside)], self.spent)
            if self._exceeded(after):
                raise BudgetSpent.of(self.spent, most, self.money, self.tokens)
            self._aside.append(bill)
        try:
            yield bill
        finally:
            with self._lock:
                self._aside.remove(bill)
                self.spent += bill.used

    def _exceeded(self, usage: Usage) -> bool:
        over_money = self.money is not None and usage.cost > self.money
        return over_money or (self.tokens is not None and usage.tokens > self.tokens)
