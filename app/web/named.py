"""Items of entities that are found by code or slug, or by any name that leads to them."""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from app.db import ReadSession
from app.errors import Fault, NotFound
from app.web.filters import Named, find
from app.web.listing import Entity, entry_at, item_response
from app.web.schemas import ItemQuery


def named_response(
    request: Request,
    session: ReadSession,
    entity: Entity[Any],
    named: Named,
    given: str,
    query: ItemQuery,
) -> Response:
    """The entity that a code, a slug or a name leads to. Raises NotFound, with near misses."""
    version = session.record_version()
    found = find(session, version, named, given, entity.key)
    if isinstance(found, Fault):
        near = f" Did you mean {' or '.join(found.allowed)}?" if found.allowed else ""
        raise NotFound(f"{found.detail}{near}")
    entry = entry_at(session, version, entity, found)
    assert entry is not None  # noqa: S101 - it was found at this version
    return item_response(request, version, entry, entity, query.fields, found)


def entry_response(
    request: Request, session: ReadSession, entity: Entity[Any], key: str | int, query: ItemQuery
) -> Response:
    """The entity that has this key. Raises NotFound."""
    version = session.record_version()
    entry = entry_at(session, version, entity, key)
    if entry is None:
        raise NotFound(f"There is no {entity.noun} {str(key)[:80]!r} on record.")
    return item_response(request, version, entry, entity, query.fields, str(key))
