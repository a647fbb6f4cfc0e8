"""What reads pinned to a record version said: it never changes, so it is not asked for again.

A memory is of one state of the record. The next change begins another one, so what it holds is
right by its making, and names that changed are asked for anew.
"""

from collections.abc import Callable, Hashable
from typing import Any, NamedTuple, TypeVar

T = TypeVar("T")
Entry = dict[str, Any]

Span = tuple[int, int | None, Entry]
"""A name, from one change to another or to this day."""

MAX_ANSWERS = 5_000
"""Answers, and as many names, that are kept: some megabytes."""


class State(NamedTuple):
    """A state of the record: its last change, whose digest takes in all changes before."""

    version: int
    at: object
    digest: str


class Memory:
    """What is known in a state of the record."""

    def __init__(self, state: State | None = None) -> None:
        self.state = state
        """The state, or none for a memory that is not shared."""
        self._answers: dict[Hashable, Any] = {}
        self._names: dict[tuple[Hashable, str], tuple[Span, ...]] = {}

    def recall(self, question: Hashable, ask: Callable[[], T]) -> T:
        """The answer to a question that has a record version in it; `ask` finds it out.

        An empty answer is not kept: nobody is to fill a memory with what there is not.
        """
        try:
            return self._answers[question]  # type: ignore[no-any-return]
        except KeyError:
            answer = ask()
        if answer:
            _make_room(self._answers)
            self._answers[question] = answer
        return answer

    def name(self, kind: Hashable, key: str, version: int) -> Entry | None:
        """How something was referred to at a record version, if that is known."""
        for since, until, entry in self._names.get((kind, key), ()):
            if since <= version and (until is None or version < until):
                return entry
        return None

    def learn(self, kind: Hashable, key: str, since: int, until: int | None, entry: Entry) -> None:
        """How something is referred to from one change to another, or to this day."""
        _make_room(self._names)
        self._names[kind, key] = (*self._names.get((kind, key), ()), (since, until, entry))


def _make_room(kept: dict[Any, Any]) -> None:
    if len(kept) >= MAX_ANSWERS:
        kept.clear()
