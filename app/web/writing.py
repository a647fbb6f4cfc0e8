"""Requests that write: one transaction each, answered the same way when they come again."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

import orjson
from fastapi import Depends, Header
from sqlalchemy import delete, insert, select
from starlette.requests import Request
from starlette.responses import Response

from app.canonical import canonical
from app.db import Database
from app.errors import Fault, InvalidRequest
from app.keys import Holder
from app.models import IdempotentAnswer
from app.sessions import WriteSession
from app.sql import table

KEPT = timedelta(days=7)
"""How long an answer is kept to be given again."""

HEADER = "Idempotency-Key"
_ANSWERS = table(IdempotentAnswer)


async def _once(
    request: Request,
    idempotency_key: Annotated[
        str | None,
        Header(
            title="Idempotency key",
            max_length=255,
            description="A value of your own for this request. Sent again, it gets the same answer "
            "and writes nothing; with another body it is refused. It is kept for seven days.",
            examples=["9f1c2c1e-2f0e-4d57-8a39-6f9f6f0f6f54"],
        ),
    ] = None,
) -> tuple[str, str] | None:
    if idempotency_key is None:
        return None
    if not idempotency_key.isascii() or not idempotency_key.isprintable() or not idempotency_key:
        raise _fault("is a value of 1 to 255 printable ASCII characters.")
    return idempotency_key, _fingerprint(request, await request.body())


Once = tuple[str, str] | None
"""The Idempotency-Key of a request, and what tells the request from others; none without a key."""

AskedOnce = Annotated[Once, Depends(_once)]


@dataclass(frozen=True)
class Answer:
    """What a request that writes is answered with."""

    status: int
    body: bytes
    location: str | None = None

    def response(self, **headers: str) -> Response:
        """The answer over HTTP: nobody's cache keeps it."""
        found = {"Cache-Control": "no-store", **headers}
        if self.location is not None:
            found["Location"] = self.location
        return Response(
            self.body, status_code=self.status, headers=found, media_type="application/json"
        )


def answer(content: Any, status: int = 200, location: str | None = None) -> Answer:
    """The answer with this content."""
    return Answer(status, orjson.dumps(content), location)


def write(request: Request, work: Callable[[WriteSession], Answer]) -> Response:
    """Do this work in one transaction, and answer."""
    database: Database = request.app.state.database
    with database.write() as session:
        done = work(session)
    return done.response()


def write_once(
    request: Request, once: Once, holder: Holder, work: Callable[[WriteSession], Answer]
) -> Response:
    """Do this work in one transaction, once for each Idempotency-Key.

    The same request under the same key gets the same answer; another request is refused with
    InvalidRequest. The answer is kept in the transaction of the work: both happen or neither.
    """
    if once is None:
        return write(request, work)
    key, fingerprint = once
    database: Database = request.app.state.database
    with database.write() as session:
        before = _answered(session, holder, key)
        if before is None:
            done = work(session)
            _keep(session, holder, key, fingerprint, done)
            return done.response()
    if before.fingerprint != fingerprint:
        raise _fault(f"{key[:80]!r} was sent with another request before; each needs its own.")
    again = Answer(before.status, before.body, before.location)
    return again.response(**{"Idempotency-Replayed": "true"})


def _fingerprint(request: Request, raw: bytes) -> str:
    """What tells one request from another: a body that says the same is the same."""
    try:
        said = canonical(orjson.loads(raw))
    except (orjson.JSONDecodeError, TypeError):  # it is no JSON, or nested without end
        said = raw
    head = f"{request.method} {request.url.path}?{request.url.query}\n"
    return hashlib.sha256(head.encode() + said).hexdigest()


def _answered(session: WriteSession, holder: Holder, key: str) -> Any:
    """The answer that is kept under this key, once those that are too old are gone."""
    limit = datetime.now(UTC) - KEPT
    session.execute(delete(_ANSWERS).where(_ANSWERS.c.answered_at < limit))
    mine = (_ANSWERS.c.api_key_id == holder.id, _ANSWERS.c.idempotency_key == key)
    return session.first(select(_ANSWERS).where(*mine))


def _keep(session: WriteSession, holder: Holder, key: str, fingerprint: str, done: Answer) -> None:
    row = {
        "api_key_id": holder.id,
        "idempotency_key": key,
        "fingerprint": fingerprint,
        "status": done.status,
        "location": done.location,
        "body": done.body,
        "answered_at": datetime.now(UTC),
    }
    session.execute(insert(_ANSWERS), [row])


def _fault(detail: str) -> InvalidRequest:
    return InvalidRequest.of([Fault(detail, HEADER)])
