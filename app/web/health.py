"""Whether the process lives, and whether it can answer."""

from typing import Literal

from fastapi import APIRouter, Request
from pydantic import Field

from app.db import Database
from app.web import documented
from app.web.described import Described
from app.web.schemas import Shown

router = APIRouter(tags=["Health"], route_class=Described)


class Health(Shown):
    """A word on the state of the service."""

    status: Literal["ok"] = Field(description="`ok`; anything else is a problem.", examples=["ok"])


@router.get(
    "/healthz",
    operation_id="get_health",
    summary="Is the process alive?",
    responses=documented.HEALTH,
)
async def healthz() -> Health:
    """Alive: the process answers, whatever the database does."""
    return Health(status="ok")


@router.get(
    "/readyz",
    operation_id="get_readiness",
    summary="Can it answer?",
    responses=documented.HEALTH | documented.UNREADY,
)
def readyz(request: Request) -> Health:
    """Ready: the database is there and has the schema that this release is made for."""
    database: Database = request.app.state.database
    database.check()
    return Health(status="ok")
