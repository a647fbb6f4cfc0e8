"""The memory that answers take is what the cache says, and no more than it may have."""

import gc
import random
import tracemalloc
from collections.abc import Iterator

import pytest

from app.memory import State
from app.web.cache import Answer, Cache

_LIMIT = 1024 * 1024
_STATE = State(1, "now", "0" * 64)
_ENOUGH = 3 * 1024 * 1024
"""Bytes of bodies that are put in: some three times what there is room for."""


def _answer(number: int, size: int) -> Answer:
    """An answer that no coding makes shorter, with a long link."""
    chance = random.Random(number)  # noqa: S311 - the same each time
    body = b"".join([b"%020d" % number, chance.randbytes(size)])
    headers = [
        (b"content-length", b"%d" % len(body)),
        (b"etag", b'"%032x"' % number),
        (b"link", b"<%0*d>" % (number % 2000, number)),
    ]
    return Answer(headers, body, _STATE)


@pytest.fixture
def traced() -> Iterator[None]:
    gc.collect()
    tracemalloc.start()
    yield
    tracemalloc.stop()


@pytest.mark.usefixtures("traced")
@pytest.mark.parametrize("size", [10, 500, 5_000, 50_000])
@pytest.mark.parametrize("codings", [("",), ("", "gzip", "zstd")])
def test_answers_take_what_the_cache_says(size: int, codings: tuple[str, ...]) -> None:
    cache = Cache(_LIMIT)
    before, _ = tracemalloc.get_traced_memory()
    for number in range(min(_ENOUGH // size, 1_000)):
        answer = _answer(number, size)
        cache.put(("/v1/positions", b"q=%0*d" % (number % 500, number), None, False), answer)
        for coding in codings:
            answer.variant(coding)
    del answer
    gc.collect()
    took = tracemalloc.get_traced_memory()[0] - before
    assert cache.size <= _LIMIT
    assert len(cache) > 5
    # Codings that JSON is made shorter by are not, here: all of them together are three bodies.
    assert cache.size / 4 < took < cache.size * 1.6
