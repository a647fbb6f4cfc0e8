"""Delivery: the outermost wrapper, which gives out whole answers as each client takes them.

The application answers every GET in full. Here an answer is kept for others who ask the same while
the record stands as it does, is left out where the client has it already (304) or asked for the
head alone, and is put into the coding that the client takes. It lies outside of FastAPI, because
on the way through that an answer from memory would cost ten times as much.
"""

from asyncio import Future, get_running_loop, shield
from functools import lru_cache
from operator import itemgetter
from random import getrandbits
from urllib.parse import parse_qsl, urlencode

from asgi_correlation_id import correlation_id
from asgi_correlation_id.middleware import is_valid_uuid4
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.memory import State
from app.watch import Watch
from app.web.cache import Answer, Cache, Key, Variant
from app.web.coding import chosen
from app.web.params import MAX_QUERY
from app.web.respond import NOTE, Note, wants_json
from app.web.shortcut import Shortcut

_REQUEST_ID = b"x-request-id"

_PERSONAL = frozenset(
    {b"authorization", b"accept-datetime", b"content-length", b"transfer-encoding"}
)
"""With one of these headers a request is answered anew."""

_LONG = 500
"""Bytes beyond which what a client sends is not worth remembering how it was read."""

Headers = dict[bytes, bytes]


class Delivery:
    """Gives out the answers of an application."""

    def __init__(
        self,
        app: ASGIApp,
        shortcut: Shortcut,
        watch: Watch,
        cache: Cache | None,
        origins: frozenset[str],
    ) -> None:
        self._app = app
        self._shortcut = shortcut
        self._watch = watch
        self.kept = cache
        self._origins = origins
        self._flights: dict[Key, Future[Answer | None]] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request; everything but GET and HEAD is passed on as it is."""
        if scope["type"] != "http" or scope["method"] not in ("GET", "HEAD"):
            await self._app(scope, receive, send)
            return
        headers: Headers = dict(scope["headers"])
        correlation_id.set(_request_id(headers))
        if scope["query_string"]:
            scope["query_string"] = canonical(scope["query_string"])
        if self.kept is None or not _PERSONAL.isdisjoint(headers):
            answer = await self._ask(Note(), scope, receive, send)
        elif state := self._watch.state() or await self._watch.renew():
            key = self._key(scope, headers)
            answer = self.kept.get(key, state)
            if answer is None:
                answer = await self._shared(self.kept, key, state, scope, receive, send)
        else:
            answer = await self._ask(Note(), scope, receive, send)
        if answer is not None:
            variant = answer.variant(chosen(headers.get(b"accept-encoding", b"")[:_LONG]))
            await _give(variant, headers, scope, send)

    async def _shared(
        self, cache: Cache, key: Key, state: State, scope: Scope, receive: Receive, send: Send
    ) -> Answer | None:
        """A new answer, for all who ask the same meanwhile."""
        if flight := self._flights.get(key):
            answer = await shield(flight)
            # An answer of an earlier state is not for who came later.
            if answer is not None and answer.state == state:
                return answer
        return await self._first(cache, key, state, scope, receive, send)

    async def _first(
        self, cache: Cache, key: Key, state: State, scope: Scope, receive: Receive, send: Send
    ) -> Answer | None:
        """Ask the application, for all who wait for the same."""
        flight = self._flights[key] = get_running_loop().create_future()
        note, answer = Note(), None
        try:
            answer = await self._ask(note, scope, receive, send)
            if answer is not None and note.read_at in (None, state.version):
                # The same state before and after: a commit meanwhile would have made another.
                now = self._watch.state(anew=True) or await self._watch.renew()
                answer.state = state if now == state else None
            if answer is not None and answer.state is not None:
                cache.put(key, answer)
        finally:
            if self._flights.get(key) is flight:
                del self._flights[key]
            flight.set_result(answer)
        return answer

    async def _ask(self, note: Note, scope: Scope, receive: Receive, send: Send) -> Answer | None:
        """The application's answer as a whole; what is none of ours is passed on as it comes."""
        scope = {**scope, NOTE: note}
        if all(name != b"origin" for name, _ in scope["headers"]):
            response = await self._shortcut.answer(scope)
            if response is not None and note.whole:
                return Answer(response.raw_headers, bytes(response.body))
        bare, headers, parts = scope["method"] == "HEAD", None, []

        async def take(message: Message) -> None:
            nonlocal headers
            if message["type"] == "http.response.start" and note.whole and message["status"] == 200:
                headers = [each for each in message["headers"] if each[0] != _REQUEST_ID]
            elif headers is not None:
                parts.append(message.get("body", b""))
            elif bare and message["type"] == "http.response.body":
                await send({**message, "body": b""})
            else:
                await send(message)

        await self._app({**scope, "method": "GET"}, receive, take)
        return None if headers is None else Answer(headers, b"".join(parts))

    def _key(self, scope: Scope, headers: Headers) -> Key:
        """Equal for requests that get the same answer, whatever else they say."""
        origin = headers.get(b"origin")
        if origin is not None:
            shown = origin.decode("latin-1")
            origin = b"*" if "*" in self._origins else origin if shown in self._origins else b""
        path = scope["path"]
        json = "/timemap/" in path and _wants_json(headers.get(b"accept", b"")[:_LONG])
        return (path, scope["query_string"], origin, json)


async def _give(variant: Variant, headers: Headers, scope: Scope, send: Send) -> None:
    """Send an answer, as far as the client does not have it."""
    given, body, status = variant.headers, variant.body, 200
    if b"if-none-match" in headers:
        lines = [value for name, value in scope["headers"] if name == b"if-none-match"]
        if _has_it(lines, variant.tag):
            given, body, status = variant.bare, b"", 304
    request_id = (_REQUEST_ID, (correlation_id.get() or "").encode())
    if scope["method"] == "HEAD":
        body = b""
    await send({"type": "http.response.start", "status": status, "headers": [*given, request_id]})
    await send({"type": "http.response.body", "body": body})


def _has_it(if_none_match: list[bytes], tag: bytes) -> bool:
    """Weak comparison against lists of tags, as RFC 9110 section 13.1.2 has it for GET."""
    if if_none_match == [tag]:
        return True
    given = [
        each.strip().removeprefix(b"W/") for line in if_none_match for each in line.split(b",")
    ]
    return tag in given or given == [b"*"]


def _request_id(headers: Headers) -> str:
    """The id of a request that the application does not see, by the rules of that for others."""
    given = headers.get(b"x-request-id", b"").decode("latin-1")
    if given and is_valid_uuid4(given):
        return given
    return f"{getrandbits(128):032x}"


def canonical(query: bytes) -> bytes:
    """A query with its parameters in order of name: the same questions are the same bytes.

    Values of one parameter stay in the order given.
    """
    if len(query) <= _LONG:
        return _ordered(query)
    return _ordered.__wrapped__(query) if len(query) <= MAX_QUERY else query


@lru_cache(maxsize=1024)
def _wants_json(accept: bytes) -> bool:
    return wants_json(accept.decode("latin-1"))


@lru_cache(maxsize=4096)
def _ordered(query: bytes) -> bytes:
    pairs = parse_qsl(query.decode("latin-1"), keep_blank_values=True)
    return urlencode(sorted(pairs, key=itemgetter(0))).encode()
