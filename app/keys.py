"""Keys: made, listed, revoked, and checked when a request brings one.

A key is shown once, when it is made: ``onrecord_<id>_<secret>``. On record are its id and a hash of
the secret. Keys are no part of the record of facts: they have no versions and make no change.
"""

import hashlib
import hmac
import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Row, func, insert, select, update

from app.codelists import Scope
from app.errors import Conflict, InvalidRequest, NotFound, Unauthorized
from app.models import ApiKey
from app.sessions import ReadSession, WriteSession
from app.sql import table

_KEYS = table(ApiKey)
_FORM = re.compile(r"onrecord_([0-9a-f]{12})_([A-Za-z0-9_-]{43})", re.ASCII)
_INCLUDES = {
    Scope.ADMIN: frozenset(Scope),
    Scope.CURATE: frozenset({Scope.CURATE, Scope.READ}),
}
"""Scopes that include others."""

MAX_NAME = 80


@dataclass(frozen=True)
class Holder:
    """Who brings a key, and what it may do."""

    id: str
    name: str
    scopes: frozenset[Scope]

    def may(self, scope: Scope) -> bool:
        """Whether the key has this scope, or one that includes it."""
        return any(scope in _INCLUDES.get(each, {each}) for each in self.scopes)


def create(
    session: WriteSession, name: str, scopes: Iterable[Scope], expires_at: datetime | None
) -> str:
    """Make a key and return it; it cannot be shown again.

    Raises InvalidRequest for a name that is none and a moment that has passed, Conflict for a
    name that is taken.
    """
    now, given = datetime.now(UTC), sorted({scope.value for scope in scopes})
    if not name.strip() or len(name) > MAX_NAME or not name.isprintable():
        raise InvalidRequest(f"A key needs a name of 1 to {MAX_NAME} printable characters.")
    if not given:
        raise InvalidRequest(f"A key needs a scope: {', '.join(Scope)}.")
    if expires_at is not None and expires_at <= now:
        raise InvalidRequest(f"{expires_at.isoformat()} has passed: the key would never be valid.")
    if session.first(select(_KEYS.c.id).where(_KEYS.c.name == name)):
        raise Conflict(f"There is a key by the name {name!r} already; names are not used again.")
    id_, secret = secrets.token_hex(6), secrets.token_urlsafe(32)
    row = {
        "id": id_,
        "name": name,
        "scopes": " ".join(given),
        "secret_sha256": _hashed(secret),
        "created_at": now,
        "expires_at": expires_at,
    }
    session.execute(insert(_KEYS), [row])
    return f"onrecord_{id_}_{secret}"


def revoke(session: WriteSession, name: str) -> None:
    """End a key, by its name or id. Raises NotFound, or Conflict if it was revoked before."""
    row = session.first(select(_KEYS).where((_KEYS.c.name == name) | (_KEYS.c.id == name)))
    if row is None:
        raise NotFound(f"There is no key {name[:MAX_NAME]!r}.")
    if row.revoked_at is not None:
        raise Conflict(f"The key {row.name!r} was revoked already, {row.revoked_at.isoformat()}.")
    now = datetime.now(UTC)
    session.execute(update(_KEYS).where(_KEYS.c.id == row.id).values(revoked_at=now))


def listed(session: ReadSession) -> list[Row[Any]]:
    """All keys, those that are no longer valid too, in the order they were made."""
    columns = [column for column in _KEYS.c if column.name != "secret_sha256"]
    return list(session.rows(select(*columns).order_by(_KEYS.c.created_at)))


def state(row: Row[Any]) -> str:
    """``valid``, ``expired`` or ``revoked``."""
    if row.revoked_at is not None:
        return "revoked"
    expired = row.expires_at is not None and row.expires_at <= datetime.now(UTC)
    return "expired" if expired else "valid"


def holder(session: ReadSession, given: str) -> Holder:
    """Who holds this key. Raises Unauthorized, which never repeats what was given."""
    form = _FORM.fullmatch(given)
    if form is None:
        raise Unauthorized("What was sent is no key of this service: onrecord_..._...")
    row = session.first(select(_KEYS).where(_KEYS.c.id == form[1]))
    if row is None or not hmac.compare_digest(row.secret_sha256, _hashed(form[2])):
        raise Unauthorized("This key is not known here.")
    if (found := state(row)) != "valid":
        raise Unauthorized(f"The key {row.name!r} is {found}.")
    return Holder(row.id, row.name, frozenset(Scope(each) for each in row.scopes.split()))


def any_key(session: ReadSession) -> bool:
    """Whether any key was ever made: until then nobody can write."""
    return bool(session.scalar(select(func.count()).select_from(_KEYS)))


def _hashed(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
