"""Requests as they come in: nothing undocumented, nothing twice, nothing unreadable."""

from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cache
from typing import get_origin

from pydantic import BaseModel
from starlette.requests import Request

from app.errors import Fault, InvalidRequest, NotFound, RequestTooLong
from app.web.moments import TIMEMAP

MAX_QUERY = 8_000
"""Bytes of a query string that are read."""


def check_request(request: Request) -> None:
    """Refuse what no route can make sense of, before any route looks at it."""
    raw = request.scope["query_string"]
    if len(raw) > MAX_QUERY:
        raise RequestTooLong(f"The query has {len(raw):,} bytes; up to {MAX_QUERY:,} are read.")
    if "\x00" in request.scope["path"]:
        raise NotFound("There is no path with a NUL byte in it.")
    if raw and (faults := [*_unreadable(request), *_repeated(request), *_unasked(request)]):
        raise InvalidRequest.of(faults)
    if request.method in ("GET", "HEAD") and _has_body(request):
        raise InvalidRequest("A GET has no body; put the question into the query.")


def documented(request: Request) -> Sequence[str]:
    """The query parameters that the route of this request takes."""
    return list(_fields(request))


def _fields(request: Request) -> Mapping[str, bool]:
    """The parameters of the route, and whether each may be given several times."""
    params = getattr(getattr(request.scope.get("route"), "dependant", None), "query_params", ())
    models = (param.field_info.annotation for param in params)
    return next((fields_of(m) for m in models if isinstance(m, type)), {})


@cache
def fields_of(model: type[BaseModel]) -> Mapping[str, bool]:
    """The parameters of a query model, and whether each may be given several times."""
    return {
        field.alias or name: get_origin(field.annotation) is list
        for name, field in model.model_fields.items()
    }


def _unreadable(request: Request) -> list[Fault]:
    return [
        Fault("holds a NUL byte, which no value may.", name[:80].replace("\x00", ""))
        for name, value in request.query_params.multi_items()
        if "\x00" in name + value
    ]


def _repeated(request: Request) -> list[Fault]:
    """One value would win silently: refused. Alternatives go into one value."""
    several, given = _fields(request), request.query_params.multi_items()
    names = Counter(name for name, _ in given)
    faults = [
        Fault("is given more than once; join alternatives with | in one value.", name)
        for name, times in names.items()
        if times > 1 and several.get(name) is False
    ]
    return faults + [
        Fault(f"{value[:80]!r} is given more than once.", name)
        for (name, value), times in Counter(given).items()
        if times > 1 and several.get(name)
    ]


def _unasked(request: Request) -> list[Fault]:
    """A path without parameters takes none; elsewhere its query model says so."""
    if _fields(request) or request.url.path.startswith(f"{TIMEMAP}/"):
        return []
    return [Fault("no such parameter; this path takes none.", n) for n in request.query_params]


def _has_body(request: Request) -> bool:
    length = request.headers.get("content-length", "0")
    return length != "0" or "transfer-encoding" in request.headers
