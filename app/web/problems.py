"""Problem documents (RFC 9457): the one shape in which anything that goes wrong is answered."""

import logging
import re
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from difflib import get_close_matches
from typing import Any

import orjson
from asgi_correlation_id import correlation_id
from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.errors import (
    Busy,
    Fault,
    InvalidRequest,
    MethodNotAllowed,
    Moved,
    NotFound,
    OnRecordError,
    near_miss,
    shown,
)
from app.faults import schema_fault
from app.web.documented import MEDIA_TYPE
from app.web.params import documented

log = logging.getLogger(__name__)


def problem(
    request: Request, error: OnRecordError, headers: dict[str, str] | None = None
) -> Response:
    """The problem document for an error."""
    content = {
        "type": f"/v1/codes/problem#{error.type.value}",
        "title": error.title,
        "status": error.status,
        "detail": error.detail,
        "instance": request.url.path,
        "errors": [_fault(fault) for fault in error.faults],
        "request_id": correlation_id.get(),
    }
    return Response(
        orjson.dumps(content),
        status_code=error.status,
        media_type=MEDIA_TYPE,
        headers={"Cache-Control": "no-store", **(headers or {})},
    )


def _fault(fault: Fault) -> dict[str, Any]:
    return {name: value for name, value in asdict(fault).items() if value is not None}


def install(app: FastAPI) -> None:
    """Answer every error that can leave a route, and every one that never reached one."""
    app.add_exception_handler(OnRecordError, _refused)  # type: ignore[arg-type]
    app.add_exception_handler(RequestValidationError, _invalid)  # type: ignore[arg-type]
    app.add_exception_handler(HTTPException, _http)  # type: ignore[arg-type]
    app.add_exception_handler(Moved, _moved)  # type: ignore[arg-type]


_CHALLENGES = {
    401: 'Bearer realm="On Record"',
    403: 'Bearer realm="On Record", error="insufficient_scope"',
}
"""What RFC 6750 asks of the answer to a request without a key that will do."""


def _refused(request: Request, error: OnRecordError) -> Response:
    if isinstance(error, Busy):
        return problem(request, error, {"Retry-After": str(error.RETRY_AFTER)})
    challenge = _CHALLENGES.get(error.status)
    return problem(request, error, {"WWW-Authenticate": challenge} if challenge else None)


def _moved(_: Request, moved: Moved) -> Response:
    return RedirectResponse(moved.into, status_code=308)


def _invalid(request: Request, error: RequestValidationError) -> Response:
    known = documented(request)
    return problem(
        request, InvalidRequest.of([_validation_fault(e, known) for e in error.errors()])
    )


def _validation_fault(error: dict[str, Any], known: Sequence[str]) -> Fault:
    """What pydantic found, in our words."""
    where, *path = error["loc"]
    given, context = error.get("input"), error.get("ctx", {})
    if where == "body":
        return _body_fault(error, path)
    name = str(path[0])
    if error["type"] == "missing":
        return Fault("is required.", name)
    if error["type"] == "extra_forbidden":
        return Fault("no such parameter.", name, allowed=known, suggestion=near_miss(name, known))
    if error["type"] in ("enum", "literal_error"):
        allowed = [each.strip(" '") for each in context["expected"].replace(" or ", ",").split(",")]
        return unknown_code(name, str(given), allowed)
    message = error["msg"].removeprefix("Value error, ").removeprefix("Input ")
    return Fault(
        f"{str(given)[:80]!r} {message[:1].lower()}{message[1:]}.".replace("..", "."), name
    )


def _body_fault(error: dict[str, Any], path: list[str | int]) -> Fault:
    """A fault of the body, named by its place."""
    if error["type"] == "json_invalid":
        return Fault("is not JSON.", pointer="body")
    return schema_fault({**error, "loc": path or ["body"]})


def unknown_code(parameter: str, given: str, allowed: Iterable[str]) -> Fault:
    """The fault of a value that is none of the allowed ones."""
    values = list(allowed)
    return Fault(
        f"{given[:80]!r} is not one of the allowed values.",
        parameter,
        allowed=shown(values),
        suggestion=near_miss(given, values),
    )


def _http(request: Request, error: HTTPException) -> Response:
    """What the router answers when no route takes a request, or its body cannot be read."""
    headers = dict(error.headers or {})
    if error.status_code == 400:
        return _unread(request, error.__cause__)
    if error.status_code == 405:
        allow = ", ".join(_methods(request, headers.get("Allow", "GET")))
        refused = MethodNotAllowed(f"{request.method} is not for this path; it takes {allow}.")
        return problem(request, refused, {"Allow": allow})
    near = get_close_matches(request.url.path, list(request.app.openapi()["paths"]), n=1)
    hint = f" Did you mean {near[0]}?" if near else " See /docs for the paths there are."
    return problem(request, NotFound(f"There is no path {request.url.path[:200]}.{hint}"), headers)


def _methods(request: Request, allow: str) -> list[str]:
    """The methods that a path takes, not only those of the first route that has it (`allow`)."""
    here, paths = request.scope["path"], request.app.openapi()["paths"]
    patterns = {re.sub(r"\{\w+\}", "[^/]+", path): path for path in paths}
    alike = [path for pattern, path in patterns.items() if re.fullmatch(pattern, here)]
    taken = set(allow.split(", "))
    for path in [here] if here in paths else alike:
        taken |= {method.upper() for method in paths[path]}
    return sorted(taken | ({"HEAD"} if "GET" in taken else set()))


def _unread(request: Request, why: BaseException | None) -> Response:
    """The answer to a body that could not be read: too large, too deep, or no text."""
    if isinstance(why, OnRecordError):
        return _refused(request, why)
    fault = Fault("cannot be read: it is not UTF-8, or beyond all bounds.", pointer="body")
    return problem(request, InvalidRequest.of([fault]))


class Unexpected:
    """Answers a fault of ours: logged with its id, told without its insides.

    A wrapper and not a handler: Starlette runs the handler of all exceptions outside every other
    wrapper, where the answer would lack the headers that a browser needs to read it.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on; answer if that fails before an answer has begun."""
        begun = False

        async def note(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self._app(scope, receive, note)
        except Exception:
            if begun or scope["type"] != "http":
                raise
            request = Request(scope)
            log.exception("unexpected error at %s", request.url.path)
            told = OnRecordError("Something went wrong here. Please report the request id.")
            await problem(request, told)(scope, receive, send)
