"""Answers in the making: asked for once however many wait, and kept for no other state.

The application and the watch are ones that a test can hold in the middle of what they do.
"""

from asyncio import Event, gather, run, sleep
from collections.abc import Awaitable, Callable
from typing import Any

from fastapi import FastAPI
from starlette.types import Message, Receive, Scope, Send

from app.memory import State
from app.web.cache import Cache
from app.web.delivery import Delivery
from app.web.respond import NOTE
from app.web.shortcut import Shortcut

FIRST, SECOND = State(1, "then", "a"), State(2, "later", "b")


class Watched:
    """A record whose state is what a test says."""

    def __init__(self) -> None:
        self.now: State | None = FIRST

    def state(self, *, anew: bool = False) -> State | None:
        return self.now

    async def renew(self) -> State | None:
        return self.now

    def close(self) -> None:
        pass


class Inner:
    """An application that answers with the version it read, when it is let."""

    def __init__(self, watched: Watched) -> None:
        self.watched = watched
        self.asked = 0
        self.reading: Callable[[], Awaitable[None]] | None = None
        self.fails = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.asked += 1
        read = self.watched.now.version if self.watched.now else 0
        if self.reading is not None:
            await self.reading()
        if self.fails:
            raise RuntimeError("gave up")
        scope[NOTE].whole, scope[NOTE].read_at = True, read
        headers = [(b"etag", f'"{read}"'.encode()), (b"content-length", b"1")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": str(read).encode()})


class Bench:
    """A delivery with such an application and such a watch."""

    def __init__(self) -> None:
        self.watched = Watched()
        self.inner = Inner(self.watched)
        no_shortcut = Shortcut(FastAPI(), (), "")
        self.delivery = Delivery(
            self.inner, no_shortcut, self.watched, Cache(1_000_000), frozenset("*")
        )

    async def get(self, path: str = "/v1/positions") -> bytes:
        """The body of an answer."""
        sent: list[Message] = []

        async def send(message: Message) -> None:
            sent.append(message)

        async def receive() -> Message:
            return {"type": "http.request", "body": b"", "more_body": False}

        scope: dict[str, Any] = {
            "type": "http",
            "method": "GET",
            "path": path,
            "query_string": b"",
            "headers": [],
        }
        await self.delivery(scope, receive, send)
        body: bytes = sent[1]["body"]
        return body

    def hold(self) -> Event:
        """Let the application wait in the middle of reading until this is set."""
        event = Event()

        async def wait() -> None:
            await event.wait()

        self.inner.reading = wait
        return event

    def release(self, event: Event) -> None:
        """Let all go on, and nobody wait any more."""
        self.inner.reading = None
        event.set()


def test_a_stampede_asks_once() -> None:
    async def scene() -> None:
        bench = Bench()
        event = bench.hold()
        many = gather(*(bench.get() for _ in range(50)))
        await sleep(0)
        bench.release(event)
        assert [*await many] == [b"1"] * 50
        assert bench.inner.asked == 1

    run(scene())


def test_different_questions_do_not_wait_for_each_other() -> None:
    async def scene() -> None:
        bench = Bench()
        event = bench.hold()
        waiting = gather(bench.get("/v1/positions"))
        await sleep(0)
        bench.inner.reading = None
        assert await bench.get("/v1/rounds") == b"1"
        bench.release(event)
        assert [*await waiting] == [b"1"]

    run(scene())


def test_an_answer_that_a_commit_overtook_is_not_kept_for_either_state() -> None:
    async def scene() -> None:
        bench = Bench()
        event = bench.hold()
        overtaken = gather(bench.get())
        await sleep(0)
        bench.watched.now = SECOND
        bench.release(event)
        assert [*await overtaken] == [b"1"], "it was asked for before the commit"
        assert await bench.get() == b"2"
        bench.watched.now = FIRST
        await bench.get()
        assert bench.inner.asked == 3

    run(scene())


def test_who_comes_after_a_commit_is_not_given_what_was_begun_before() -> None:
    async def scene() -> None:
        bench = Bench()
        event = bench.hold()
        early = gather(bench.get())
        await sleep(0)
        bench.watched.now = SECOND
        late = gather(*(bench.get() for _ in range(5)))
        await sleep(0)
        bench.release(event)
        assert [*await early] == [b"1"]
        assert [*await late] == [b"2"] * 5

    run(scene())


def test_an_answer_read_at_another_version_than_the_state_is_not_kept() -> None:
    """As on PostgreSQL, where the state may be known a little late."""

    async def scene() -> None:
        bench = Bench()
        bench.inner.watched = Watched()
        bench.inner.watched.now = SECOND
        assert await bench.get() == b"2"
        assert await bench.get() == b"2"
        assert bench.inner.asked == 2

    run(scene())


def test_a_failure_is_nobodys_answer() -> None:
    async def scene() -> None:
        bench = Bench()
        event = bench.hold()
        bench.inner.fails = True
        many = gather(*(bench.get() for _ in range(3)), return_exceptions=True)
        await sleep(0)
        bench.release(event)
        assert [str(each) for each in await many] == ["gave up"] * 3
        bench.inner.fails = False
        assert await bench.get() == b"1"

    run(scene())


def test_while_the_state_is_not_known_nothing_is_kept() -> None:
    async def scene() -> None:
        bench = Bench()
        bench.watched.now = None
        assert [await bench.get(), await bench.get()] == [b"0", b"0"]
        assert bench.inner.asked == 2
        assert bench.delivery.kept is not None
        assert len(bench.delivery.kept) == 0

    run(scene())
