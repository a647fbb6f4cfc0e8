"""Items of entities that are found by code or slug, or by any name that leads to them."""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from app.errors import Fault, NotFound
from app.sessions import ReadSession
from app.web.entities import Entity, entry_at
from app.web.filters import Named, find
from app.web.listing import item_response
from app.web.moments import asked_for
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
    moment = asked_for(request, session, query.as_of)
    found = find(session, moment.version, named, given, entity.key)
    if isinstance(found, Fault):
        near = f" Did you mean {' or '.join(found.allowed)}?" if found.allowed else ""
        raise NotFound(f"{found.detail}{near}")
    entry = entry_at(session, moment.version, entity, found)
    assert entry is not None  # noqa: S101 - it was found at this version
    return item_response(request, moment, entry, entity, query, found)


def entry_response(
    request: Request, session: ReadSession, entity: Entity[Any], key: str | int, query: ItemQuery
) -> Response:
    """The entity that has this key. Raises NotFound."""
    moment = asked_for(request, session, query.as_of)
    entry = entry_at(session, moment.version, entity, key)
    if entry is None:
        raise NotFound(f"There is no {entity.noun} {str(key)[:80]!r} on record.")
    return item_response(request, moment, entry, entity, query, str(key))
