"""The least that an ASGI server can do: send the bytes of one of our pages, known in advance.

BENCH_BODY names the file that holds them, BENCH_ETAG is their entity tag.
"""

import os
from collections.abc import Awaitable, Callable, MutableMapping
from pathlib import Path
from typing import Any

Message = MutableMapping[str, Any]
Send = Callable[[Message], Awaitable[None]]
Receive = Callable[[], Awaitable[Message]]

_BODY = Path(os.environ["BENCH_BODY"]).read_bytes()
_ETAG = (b"etag", os.environ["BENCH_ETAG"].encode())
_PAGE = {
    "type": "http.response.start",
    "status": 200,
    "headers": [
        (b"content-type", b"application/json"),
        (b"content-length", str(len(_BODY)).encode()),
        _ETAG,
    ],
}
_UNCHANGED = {"type": "http.response.start", "status": 304, "headers": [_ETAG]}


async def page(scope: Message, _receive: Receive, send: Send) -> None:
    """Answer 200 with the page."""
    if scope["type"] == "http":
        await send(_PAGE)
        await send({"type": "http.response.body", "body": _BODY})


async def unchanged(scope: Message, _receive: Receive, send: Send) -> None:
    """Answer 304."""
    if scope["type"] == "http":
        await send(_UNCHANGED)
        await send({"type": "http.response.body", "body": b""})
