"""The short way to an answer: a plain read, without the wrappers that other requests go through.

Those wrappers are for what a plain read has not: a body, an origin, another address, a fault. With
them and the search for a route an answer costs a tenth more, so a GET that fits a route that can be
called directly is answered by it. Whatever comes out otherwise than well is left to the application
as a whole, which then answers from the start.
"""

from collections import defaultdict
from collections.abc import Iterable

from fastapi import APIRouter, FastAPI
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import compile_path
from starlette.types import Scope

from app.web.reading import Call, ReadRoute


class Shortcut:
    """Answers plain reads of the routes of an application."""

    def __init__(self, app: FastAPI, routers: Iterable[APIRouter], prefix: str) -> None:
        self._app = app
        self._routes: dict[str, list[_Route]] = defaultdict(list)
        for router in routers:
            for route in router.routes:
                if isinstance(route, ReadRoute) and route.methods == {"GET"}:
                    found = _Route(route, prefix)
                    self._routes[found.resource].append(found)

    async def answer(self, scope: Scope) -> Response | None:
        """The answer to a GET, or none if it is to go the long way."""
        path: str = scope["path"]
        for route in self._routes.get(_resource(path), ()):
            if (given := route.path.fullmatch(path)) is None:
                continue
            if route.call is None:
                return None
            fitting = {"app": self._app, "route": route.described, "path_params": given.groupdict()}
            try:
                response = await route.call.response(Request({**scope, **fitting}))
            except Exception:  # noqa: BLE001 - whatever it is, the long way tells it as it should
                return None
            # To another origin the answer has one header more, as the long way tells.
            response.headers["Vary"] = f"{response.headers['Vary']}, Origin"
            return response
        return None


class _Route:
    """A route: its whole path, and what answers."""

    def __init__(self, route: ReadRoute, prefix: str) -> None:
        path = f"{prefix}{route.path}"
        self.described = route
        self.path, _, _ = compile_path(path)
        self.resource = _resource(path)
        self.call: Call | None = route.call


def _resource(path: str) -> str:
    """The part of a path that tells which resource it is on: the one after the version."""
    return path.split("/", 3)[2] if path.count("/") > 1 else ""
