"""Answers: bytes, validators, and the headers that go with them."""

import hashlib
from collections.abc import Mapping
from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import Response

CACHE_CONTROL = "public, no-cache"
"""Keep it, but ask each time whether it still holds: the answer is a 304 if it does."""


def respond(request: Request, content: Any, headers: Mapping[str, str] | None = None) -> Response:
    """The answer with this content, or 304 if the client has it already."""
    body = orjson.dumps(content)
    tag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    common = {"ETag": tag, "Cache-Control": CACHE_CONTROL, **(headers or {})}
    if _has_it(request.headers.getlist("if-none-match"), tag):
        return Response(status_code=304, headers=common)
    return Response(body, media_type="application/json", headers=common)


def _has_it(if_none_match: list[str], tag: str) -> bool:
    """Weak comparison against lists of tags, as RFC 9110 section 13.1.2 has it for GET."""
    given = [each.strip().removeprefix("W/") for line in if_none_match for each in line.split(",")]
    return tag in given or given == ["*"]
