"""The session that a request reads with."""

from collections.abc import Iterator
from typing import Annotated

from fastapi import Depends
from starlette.requests import Request

from app.db import Database, ReadSession
from app.web.auth import identify


def _reading(request: Request) -> Iterator[ReadSession]:
    database: Database = request.app.state.database
    with database.read() as session:
        request.state.session = session
        identify(request, session)
        yield session


Reading = Annotated[ReadSession, Depends(_reading)]
"""A read session for the length of the request, and who asks if a key was sent."""
