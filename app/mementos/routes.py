"""Time maps over HTTP: the list of past states that RFC 7089 asks for."""

from typing import Annotated

import orjson
from fastapi import APIRouter, Path, Request, Response

from app.mementos.queries import mementos
from app.mementos.schemas import TimeMap
from app.web import documented
from app.web.listing import API
from app.web.moments import time_map_json, time_map_links
from app.web.reading import Reading, ReadRoute
from app.web.respond import respond_negotiated, wants_json

router = APIRouter(tags=["Changes"], route_class=ReadRoute)


@router.get(
    "/timemap/{path:path}",
    operation_id="get_time_map",
    summary="List the past states of an address",
    response_model=TimeMap,
    responses=documented.TIME_MAP,
)
def get_time_map(
    request: Request,
    session: Reading,
    path: Annotated[
        str,
        Path(
            title="Path",
            description="A path under `/v1/`, with its query if it has one.",
            examples=["positions"],
        ),
    ],
) -> Response:
    """The addresses of past states (RFC 7089), in link format, or in JSON if that is asked for."""
    query = request.url.query
    original = f"{API}/{path}" + (f"?{query}" if query else "")
    states = mementos(session, original)
    if wants_json(request.headers.get("accept")):
        shown = orjson.dumps(time_map_json(original, states))
        return respond_negotiated(request, shown, "application/json")
    shown = time_map_links(original, states).encode()
    return respond_negotiated(request, shown, "application/link-format")
