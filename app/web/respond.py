"""Answers: bytes, validators, and the headers that go with them.

Every answer is made in full; `app.web.delivery` decides how much of it a client needs.
"""

import hashlib
from dataclasses import dataclass
from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import Response

from app.canonical import canonical
from app.sessions import ReadSession
from app.web.auth import holder
from app.web.moments import Moment, http_date, memento_links

NOTE = "onrecord.note"
"""Where a request carries its note."""


@dataclass(slots=True)
class Note:
    """What the application tells of an answer beside the answer."""

    whole: bool = False
    """Whether it is one of ours: a body in one piece, with a validator."""
    read_at: int | None = None
    """The record version that was read for it; none if the record does not come into it."""


CACHE_CONTROL = "public, no-cache"
"""Keep it, but ask each time whether it still holds: the answer is a 304 if it does."""


IMMUTABLE = "public, max-age=31536000, immutable"
"""What was the state at a past moment never changes: no need to ask again."""


def respond(
    request: Request,
    content: Any,
    moment: Moment | None = None,
    link: str | None = None,
    rev: int | None = None,
) -> Response:
    """The answer with this content, and with a `Link` of its own if it has one.

    `rev` is the version of the fact that is shown: its tag begins with it (`app.web.auth`).
    """
    return _respond(request, orjson.dumps(content), moment, link=link, rev=rev)


def respond_negotiated(request: Request, body: bytes, media_type: str) -> Response:
    """The answer with this body, where `Accept` could have asked for another form."""
    return _respond(request, body, None, media_type=media_type)


def wants_json(accept: str | None) -> bool:
    """Whether JSON is asked for, where an answer has another form that is the usual one."""
    return "application/json" in (accept or "")


def respond_once(content: Any) -> Response:
    """The answer to a question that was posted: nothing to keep."""
    body = orjson.dumps(content)
    return Response(body, media_type="application/json", headers={"Cache-Control": "no-store"})


def respond_canonical(request: Request, content: Any, moment: Moment) -> Response:
    """The answer with this content in canonical JSON: the bytes that digests are made of."""
    return _respond(request, canonical(content), moment)


PRIVATE = "private, no-store"
"""Who sends a key may be shown what others may not see."""


def _respond(
    request: Request,
    body: bytes,
    moment: Moment | None,
    *,
    link: str | None = None,
    rev: int | None = None,
    media_type: str | None = None,
) -> Response:
    version = "" if rev is None else f"r{rev}-"
    headers = {
        "Content-Type": media_type or "application/json",
        "ETag": f'"{version}{hashlib.sha256(body).hexdigest()[:32]}"',
        "Cache-Control": _cache_control(request, moment),
    }
    links, vary = [link] if link else [], ["Accept-Encoding"]
    if media_type is not None:
        vary.append("Accept")
    if moment is not None:
        links += memento_links(request)
        if moment.at is not None:
            headers["Memento-Datetime"] = http_date(moment.at)
        if moment.as_of is None:
            vary.append("Accept-Datetime")
    if links:
        headers["Link"] = ", ".join(links)
    headers["Vary"] = ", ".join(vary)
    _note(request)
    return Response(body, headers=headers)


def _note(request: Request) -> None:
    """Tell whoever delivers the answer that it is whole, and which state was read for it."""
    note: Note = request.scope[NOTE]
    session: ReadSession | None = getattr(request.state, "session", None)
    note.whole, note.read_at = True, session.seen if session else None


def _cache_control(request: Request, moment: Moment | None) -> str:
    if holder(request) is not None:
        return PRIVATE
    settled = moment is not None and moment.settled and not moment.negotiated
    return IMMUTABLE if settled else CACHE_CONTROL
