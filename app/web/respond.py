"""Answers: bytes, validators, and the headers that go with them."""

import hashlib
from collections.abc import Mapping
from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import Response

from app.canonical import canonical
from app.web.auth import holder
from app.web.moments import Moment, memento_headers

CACHE_CONTROL = "public, no-cache"
"""Keep it, but ask each time whether it still holds: the answer is a 304 if it does."""


IMMUTABLE = "public, max-age=31536000, immutable"
"""What was the state at a past moment never changes: no need to ask again."""


def respond(
    request: Request,
    content: Any,
    moment: Moment | None = None,
    headers: Mapping[str, str] | None = None,
    rev: int | None = None,
) -> Response:
    """The answer with this content, or 304 if the client has it already.

    `rev` is the version of the fact that is shown: its tag begins with it (`app.web.auth`).
    """
    return _respond(request, orjson.dumps(content), moment, headers, rev)


def respond_text(request: Request, text: str, media_type: str) -> Response:
    """The answer with this text, or 304 if the client has it already."""
    return _respond(request, text.encode(), None, {"Content-Type": media_type, "Vary": "Accept"})


def respond_once(content: Any) -> Response:
    """The answer to a question that was posted: nothing to keep."""
    body = orjson.dumps(content)
    return Response(body, media_type="application/json", headers={"Cache-Control": "no-store"})


def respond_canonical(request: Request, content: Any, moment: Moment) -> Response:
    """The answer with this content in canonical JSON: the bytes that digests are made of."""
    return _respond(request, canonical(content), moment, None)


PRIVATE = "private, no-store"
"""Who sends a key may be shown what others may not see."""


def _respond(
    request: Request,
    body: bytes,
    moment: Moment | None,
    headers: Mapping[str, str] | None,
    rev: int | None = None,
) -> Response:
    version = "" if rev is None else f"r{rev}-"
    tag = f'"{version}{hashlib.sha256(body).hexdigest()[:32]}"'
    common = {"ETag": tag, "Cache-Control": _cache_control(request, moment)}
    common |= headers or {}
    if moment is not None:
        common |= memento_headers(request, moment, common.get("Link"))
    if _has_it(request.headers.getlist("if-none-match"), tag):
        return Response(status_code=304, headers=common)
    return Response(body, headers={"Content-Type": "application/json"} | common)


def _cache_control(request: Request, moment: Moment | None) -> str:
    if holder(request) is not None:
        return PRIVATE
    settled = moment is not None and moment.settled and not moment.negotiated
    return IMMUTABLE if settled else CACHE_CONTROL


def _has_it(if_none_match: list[str], tag: str) -> bool:
    """Weak comparison against lists of tags, as RFC 9110 section 13.1.2 has it for GET."""
    given = [each.strip().removeprefix("W/") for line in if_none_match for each in line.split(",")]
    return tag in given or given == ["*"]
