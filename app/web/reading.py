"""Routes that read: a session for each, on the event loop where that takes no time.

FastAPI describes these routes, and it is what refuses a request that is not as described. One that
is needs none of its machinery, which costs more than the answer: the same models read the
parameters, and the function is called directly. An SQLite file is read on the event loop as long as
that takes a moment, everything else in a thread.
"""

from collections.abc import Callable, Coroutine, Iterator, Mapping
from dataclasses import dataclass
from inspect import signature
from typing import Annotated, Any, get_args, get_origin, get_type_hints

from fastapi import Depends
from pydantic import BaseModel, TypeAdapter, ValidationError
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from app.db import Database
from app.memory import Memory
from app.sessions import Overdue, ReadSession
from app.watch import Watch
from app.web.auth import identify
from app.web.described import Described
from app.web.params import check_request, fields_of


def _reading(request: Request) -> Iterator[ReadSession]:
    database: Database = request.app.state.database
    with database.read() as session:
        yield _introduced(request, session)


def _introduced(request: Request, session: ReadSession) -> ReadSession:
    """The session, and who asks if a key was sent. Raises Unauthorized."""
    request.state.session = session
    identify(request, session)
    return session


Reading = Annotated[ReadSession, Depends(_reading)]
"""A read session for the length of the request, and who asks if a key was sent."""


class ReadRoute(Described):
    """A route whose GET is answered directly where the request is as described."""

    call: "Call | None" = None
    """What answers directly, if anything does."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """What answers: FastAPI itself for whatever is not a plain read."""
        described = super().get_route_handler()
        call = self.call = Call.of(self.endpoint) if self.methods == {"GET"} else None
        if call is None:
            return described

        async def answer(request: Request) -> Response:
            try:
                return await call.response(request)
            except ValidationError:
                return await described(request)

        return answer


@dataclass(frozen=True)
class Call:
    """A function that answers a read, and how its arguments are read from a request."""

    function: Callable[..., Response]
    path: Mapping[str, TypeAdapter[Any]]
    query: tuple[str, type[BaseModel]] | None

    @classmethod
    def of(cls, function: Callable[..., Any]) -> "Call | None":
        """The call, if it takes a request, a session, what is in the path, and one query model."""
        hints = get_type_hints(function, include_extras=True)
        names = list(signature(function).parameters)
        if names[:2] != ["request", "session"] or hints["session"] is not Reading:
            return None
        models = {name: model for name in names[2:] if (model := _model(hints[name]))}
        path = {n: TypeAdapter(hints[n]) for n in names[2:] if n not in models}
        return cls(function, path, next(iter(models.items()), None))

    async def response(self, request: Request) -> Response:
        """The answer. Raises ValidationError if the request is not as described."""
        check_request(request)
        given = self._given(request)
        database: Database = request.app.state.database
        watch: Watch = request.app.state.watch
        memory = database.memory(watch.state() or await watch.renew())
        if database.prompt:
            try:
                with database.read_promptly(memory) as session:
                    return self._answer(request, session, given)
            except Overdue:
                pass
        return await run_in_threadpool(self._in_thread, request, database, memory, given)

    def _in_thread(
        self, request: Request, database: Database, memory: Memory, given: Mapping[str, Any]
    ) -> Response:
        with database.read_through(memory) as session:
            return self._answer(request, session, given)

    def _given(self, request: Request) -> dict[str, Any]:
        values = {n: a.validate_python(request.path_params[n]) for n, a in self.path.items()}
        if self.query is not None:
            name, model = self.query
            values[name] = model.model_validate(_collected(request, model))
        return values

    def _answer(self, request: Request, session: ReadSession, given: Mapping[str, Any]) -> Response:
        return self.function(request, _introduced(request, session), **given)


def _model(hint: Any) -> type[BaseModel] | None:
    """The model that a parameter is read into, if it is one."""
    kind = get_args(hint)[0] if get_origin(hint) is Annotated else hint
    return kind if isinstance(kind, type) and issubclass(kind, BaseModel) else None


def _collected(request: Request, model: type[BaseModel]) -> dict[str, Any]:
    """The query by name; lists for what may be given several times."""
    query, several = request.query_params, fields_of(model)
    return {n: query.getlist(n) if several.get(n) else query[n] for n in query}
