"""Wrappers around the application: the unversioned alias, bounds, and the policy of pages."""

from urllib.parse import quote

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.errors import ContentTooLarge


class Alias:
    """Serves `/positions` as what `/v1/positions` is: the same bytes, and a header that says so."""

    def __init__(self, app: ASGIApp, resources: frozenset[str], version: str) -> None:
        self._app = app
        self._resources = resources
        self._version = version

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Rewrite the path of an unversioned request."""
        if scope["type"] != "http" or scope["path"].split("/", 2)[1:2] == []:
            await self._app(scope, receive, send)
            return
        if scope["path"].split("/", 2)[1] not in self._resources:
            await self._app(scope, receive, send)
            return
        path = f"{self._version}{scope['path']}"
        query = scope["query_string"].decode("latin-1")
        location = quote(path) + (f"?{query}" if query else "")

        async def send_located(message: Message) -> None:
            if message["type"] == "http.response.start" and message["status"] < 400:
                MutableHeaders(scope=message)["Content-Location"] = location
            await send(message)

        aliased = {**scope, "path": path, "raw_path": quote(path).encode("latin-1")}
        await self._app(aliased, receive, send_located)


MAX_BODY = 16 * 1024 * 1024
"""Bytes of a body that are read: an article's record and text are far smaller."""


class Bounded:
    """Stops reading a body that is larger than any should be."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Count the bytes as they come. Raises ContentTooLarge."""
        read = 0

        async def receive_bounded() -> Message:
            nonlocal read
            message = await receive()
            read += len(message.get("body", b""))
            if read > MAX_BODY:
                raise ContentTooLarge(f"The body is larger than {MAX_BODY:,} bytes.")
            return message

        await self._app(scope, receive_bounded, send)


CONFINED = (
    "default-src 'self'; img-src 'self' data:; script-src 'self' 'unsafe-inline'; "
    "style-src 'self' 'unsafe-inline'; worker-src blob:; frame-ancestors 'none'"
)
"""Pages load nothing from other hosts, whatever their scripts would like to."""


class Confined:
    """Puts the content security policy on every page."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Add the policy to HTML."""

        async def send_confined(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                if headers.get("content-type", "").startswith("text/html"):
                    headers["Content-Security-Policy"] = CONFINED
            await send(message)

        await self._app(scope, receive, send_confined)
