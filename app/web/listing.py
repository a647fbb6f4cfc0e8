"""Lists and items as answers: what is asked, the page, the total, and where to go from there."""

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response

from app.errors import Fault, InvalidRequest, near_miss
from app.sessions import ReadSession
from app.sql import Row
from app.web.cursors import Cursor, decode, question, typed
from app.web.entities import Entity, Q
from app.web.filters import Conditions
from app.web.moments import Moment, asked_for, at_version
from app.web.paging import Ask, page
from app.web.references import Entry
from app.web.respond import respond
from app.web.schemas import ItemQuery, ListQuery
from app.web.totals import coverage, exact_total, total

API = "/v1"
_NOT_FILTERS = {"limit", "cursor", "fields", "total", "sort"}


def list_response(
    request: Request,
    session: ReadSession,
    entity: Entity[Q],
    query: Q,
    narrow: Callable[[Conditions], None] = lambda _: None,
) -> Response:
    """A page of a list. `narrow` adds conditions that come from the path, not the query."""
    ask = _ask(request, session, entity, query)
    fields = _fields(entity, query.fields)
    conditions = entity.conditions(session, ask.version)
    narrow(conditions)
    entity.narrow(conditions, query)
    conditions.checked()
    rows = page(session, entity, ask, conditions, query.limit)
    more, rows = len(rows) > query.limit, rows[: query.limit]
    entries = entity.show(session, ask.version, rows)
    matching, whole = _total(entity, conditions, ask, query)
    next_link = _link(ask, _cursor(entity, ask, rows[-1])) if more else None
    content = {
        "data": _cut(entries, fields),
        "meta": {
            **ask.moment.meta,
            "total": matching,
            "total_relation": "eq" if whole else "gte",
            "filters": conditions.read_as,
            "coverage": None if matching else coverage(entity, conditions),
        },
        "links": {"self": _link(ask, query.cursor), "next": next_link},
    }
    link = f'<{next_link}>; rel="next"' if next_link else None
    return respond(request, content, ask.moment, link)


def _total(
    entity: Entity[Any], conditions: Conditions, ask: Ask, query: ListQuery
) -> tuple[int, bool]:
    """How many match, and whether that is all."""
    if query.total:
        return exact_total(entity, conditions), True
    at_moment = ask.moment.as_of is not None or ask.moment.negotiated
    return total(entity, conditions, query.limit, at_moment=at_moment)


def item_response(
    request: Request, moment: Moment, entry: Entry, entity: Entity[Any], query: ItemQuery, key: str
) -> Response:
    """One entry; `key` is what the versioned address ends with. A fact's tag has its version."""
    wanted = _fields(entity, query.fields)
    path = request.url.path.rsplit("/", 1)[0]
    content = {
        "data": _cut([entry], wanted)[0],
        "meta": moment.meta,
        "links": {"self": address(f"{path}/{key}", query.model_dump(exclude_defaults=True))},
    }
    return respond(request, content, moment, rev=entry.get("rev"))


def _ask(request: Request, session: ReadSession, entity: Entity[Any], query: ListQuery) -> Ask:
    """Read what a list is asked for. Raises InvalidRequest for a cursor that does not fit."""
    params = query.model_dump(exclude_defaults=True)
    order: str = getattr(query, "sort", next(iter(entity.orders)))
    asked = question(request.url.path, {k: v for k, v in params.items() if k not in _NOT_FILTERS})
    moment = asked_for(request, session, query.as_of)
    if query.cursor is None:
        return Ask(request.url.path, params, None, moment, order)
    cursor = decode(query.cursor)
    if isinstance(cursor, Cursor) and (cursor.sort, cursor.question) != (order, asked):
        cursor = Fault("belongs to another path, filter or sort.", "cursor")
    if isinstance(cursor, Cursor) and cursor.version > moment.version:
        cursor = Fault("comes from a later record than this one.", "cursor")
    if isinstance(cursor, Cursor):
        try:
            place = typed(cursor.place, entity.place(order).type.python_type)
            typed(cursor.key, entity.identifier.type.python_type)
        except ValueError:
            cursor = Fault("leads to no place in this list.", "cursor")
    if isinstance(cursor, Fault):
        raise InvalidRequest.of([cursor])
    pinned = at_version(session, moment, cursor.version)
    return Ask(request.url.path, params, cursor, pinned, order, place)


def _cursor(entity: Entity[Any], ask: Ask, row: Row) -> str:
    place = row.place if isinstance(row.place, str | int | float) else row.place.isoformat()
    filters = {k: v for k, v in ask.params.items() if k not in _NOT_FILTERS}
    key = getattr(row, entity.key)
    return Cursor(ask.version, ask.order, question(ask.path, filters), place, key).encode()


def _fields(entity: Entity[Any], given: str | None) -> set[str] | None:
    """The fields asked for. Raises InvalidRequest for one that there is not."""
    if given is None:
        return None
    known = list(entity.shown.model_fields)
    wanted = [each.strip() for each in given.split(",")]
    faults = [
        Fault(
            f"{each[:80]!r} is no field of a {entity.noun}.",
            "fields",
            allowed=known,
            suggestion=near_miss(each, known),
        )
        for each in wanted
        if each not in known
    ]
    if faults:
        raise InvalidRequest.of(faults)
    return {entity.key, *wanted}


def _cut(entries: list[Entry], fields: set[str] | None) -> list[Entry]:
    if fields is None:
        return entries
    return [{k: v for k, v in entry.items() if k in fields} for entry in entries]


def _link(ask: Ask, cursor: str | None) -> str:
    params = ask.params | {"cursor": cursor}
    return address(ask.path, {k: v for k, v in params.items() if v is not None})


def address(path: str, params: Mapping[str, Any]) -> str:
    """A path with its query."""
    return f"{path}?{urlencode(params, doseq=True)}" if params else path
