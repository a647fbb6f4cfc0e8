"""Routes whose answers are described in OpenAPI, and nowhere else.

Answers are made as they are sent. What FastAPI makes of a route's `response_model` would check and
convert them; it takes a tenth of the time that a server needs to start, so it is made when somebody
asks for the document.
"""

from collections.abc import Callable, Iterable
from typing import Any

from fastapi.routing import APIRoute, iter_route_contexts
from fastapi.utils import create_model_field
from starlette.routing import BaseRoute


class Described(APIRoute):
    """A route with an answer that only the document tells of."""

    def __init__(
        self, path: str, endpoint: Callable[..., Any], *, response_model: Any = None, **options: Any
    ) -> None:
        super().__init__(path, endpoint, response_model=None, **options)
        self.shown = response_model


def describe(routes: Iterable[BaseRoute]) -> None:
    """Let FastAPI know what these routes answer, for the document."""
    for context in iter_route_contexts(list(routes)):
        route = context.original_route
        if isinstance(route, Described) and route.shown:
            # The route as it is included, with its prefix, is what the document is made from.
            included: Any = context._effective_route  # noqa: SLF001 - there is no public way
            included.response_field = create_model_field(
                name=f"Response_{included.unique_id}", type_=route.shown, mode="serialization"
            )
