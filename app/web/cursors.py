"""Cursors: where a walk through a list stands, opaque to its user.

A cursor holds the record version that the walk is pinned to, the order, a digest of the filters and
the last entry's place. A checksum makes any altered character an error rather than another place.
It is no signature: whoever forges one gets nothing that a filter would not give.
"""

import base64
import binascii
import hashlib
from dataclasses import dataclass
from datetime import date

import orjson

from app.errors import Fault

_CHECK_BYTES = 6
MAX_LENGTH = 1000


@dataclass(frozen=True)
class Cursor:
    """Where a walk stands."""

    version: int
    """The record version that the walk is pinned to."""
    sort: str
    question: str
    """Digest of path and filters: a cursor goes with no other question."""
    place: str | int | float
    """The last entry's value in the order."""
    key: str | int
    """The last entry's identifier."""

    def encode(self) -> str:
        """The cursor as it stands in a link."""
        payload = orjson.dumps([self.version, self.sort, self.question, self.place, self.key])
        return base64.urlsafe_b64encode(_check(payload) + payload).decode().rstrip("=")


def decode(written: str) -> Cursor | Fault:
    """Read a cursor, or say what is wrong with it."""
    fault = Fault(
        "is not a cursor of this service, or was altered. Take it from `links.next` as it is, or "
        "leave it out to start again.",
        parameter="cursor",
    )
    try:
        raw = base64.b64decode(written + "=" * (-len(written) % 4), altchars=b"-_", validate=True)
        check, payload = raw[:_CHECK_BYTES], raw[_CHECK_BYTES:]
        if len(written) > MAX_LENGTH or check != _check(payload):
            return fault
        version, sort, asked, place, key = orjson.loads(payload)
    except (binascii.Error, ValueError, TypeError):
        return fault
    texts, numbers = isinstance(sort, str) and isinstance(asked, str), isinstance(version, int)
    places = isinstance(place, str | int | float) and isinstance(key, str | int)
    if not (texts and numbers and places):
        return fault
    cursor = Cursor(version, sort, asked, place, key)
    # Base64 has spare bits at the end: two spellings of the same bytes are not the same cursor.
    return cursor if cursor.encode() == written else fault


def typed(value: str | float, kind: type) -> object:
    """A cursor's value as its column has it. ValueError if it is none: somebody forged it."""
    if kind is date and isinstance(value, str):
        return date.fromisoformat(value)
    wanted = {int: int, float: float}.get(kind, str)
    if type(value) is not wanted or (isinstance(value, int) and not 0 <= value < 2**63):
        raise ValueError(value)
    return value


def question(path: str, filters: dict[str, object]) -> str:
    """The digest of what is asked, for `Cursor.question`."""
    said = orjson.dumps([path, filters], option=orjson.OPT_SORT_KEYS)
    return hashlib.blake2s(said, digest_size=6).hexdigest()


def _check(payload: bytes) -> bytes:
    return hashlib.blake2s(payload, digest_size=_CHECK_BYTES, person=b"onrecord").digest()
