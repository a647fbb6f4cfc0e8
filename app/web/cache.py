"""Answers that are kept: bounded in memory, each for one state of the record."""

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field

from app.memory import State
from app.web.coding import CODINGS, IDENTITY, WORTHWHILE

Header = tuple[bytes, bytes]
Key = tuple[object, ...]

_OVERHEAD = 4_000
"""Bytes that an answer costs beside its body: its headers, its key, its place in the store."""

_OF_BODY = frozenset({b"content-type", b"content-length", b"content-encoding"})
"""Headers that a 304 goes without."""


@dataclass(slots=True)
class Variant:
    """An answer in one content coding."""

    body: bytes
    headers: list[Header]
    tag: bytes
    bare: list[Header]
    """The headers of a 304."""


@dataclass(slots=True)
class Answer:
    """A whole answer, in every coding that was asked for so far."""

    headers: Sequence[Header]
    """As the application gives them."""
    body: bytes
    state: State | None = None
    """The state of the record that it holds for."""
    _variants: dict[str, Variant] = field(default_factory=dict)

    def variant(self, coding: str) -> Variant:
        """The answer in a coding; small bodies are never coded."""
        if len(self.body) < WORTHWHILE:
            coding = IDENTITY
        found = self._variants.get(coding)
        if found is None:
            found = self._variants[coding] = self._make(coding)
        return found

    def _make(self, coding: str) -> Variant:
        """Another coding is another representation, so its strong tag is another one too."""
        headers = dict(self.headers)
        body, tag = self.body, headers.get(b"etag", b"")
        if coding:
            body = CODINGS[coding](body)
            tag = tag[:-1] + f'-{coding}"'.encode()
            headers |= {
                b"content-encoding": coding.encode(),
                b"content-length": str(len(body)).encode(),
                b"etag": tag,
            }
        listed = list(headers.items())
        return Variant(body, listed, tag, [h for h in listed if h[0] not in _OF_BODY])

    @property
    def size(self) -> int:
        """Bytes in memory, at most about; codings that may still be made are counted in full.

        Headers may be long: they have the address of the next page. Their texts are there once,
        whatever codings there are.
        """
        headers = sum(len(name) + len(value) for name, value in self.headers)
        return len(self.body) * 2 + headers + _OVERHEAD


class Cache:
    """The answers kept, the least recently used given up first."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._size = 0
        self._kept: OrderedDict[Key, Answer] = OrderedDict()

    def __len__(self) -> int:
        return len(self._kept)

    @property
    def size(self) -> int:
        """Bytes that the answers take, about."""
        return self._size

    def get(self, key: Key, state: State) -> Answer | None:
        """The answer to this question, if it holds in this state of the record."""
        found = self._kept.get(key)
        if found is None or found.state != state:
            return None
        self._kept.move_to_end(key)
        return found

    def put(self, key: Key, answer: Answer) -> None:
        """Keep an answer in the place of an older one; give up others until there is room."""
        self._drop(key)
        # What made the body may have given it twice the room, in the heap of a thread that ends.
        answer.body = bytes(memoryview(answer.body))
        self._kept[key] = answer
        self._size += _size(key, answer)
        while self._size > self._limit:
            self._drop(next(iter(self._kept)))

    def _drop(self, key: Key) -> None:
        dropped = self._kept.pop(key, None)
        if dropped is not None:
            self._size -= _size(key, dropped)


def _size(key: Key, answer: Answer) -> int:
    return answer.size + sum(len(part) for part in key if isinstance(part, str | bytes))
