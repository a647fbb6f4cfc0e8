"""Jobs over HTTP. Whoever asked for a job sees it, and nobody else."""

from datetime import UTC, datetime
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Path, Query, Request, Response

from app.codelists import Scope
from app.errors import Fault, InvalidRequest, NotFound
from app.jobs import queries
from app.jobs.schemas import JOB_ID, JobItem, JobPage, JobQuery
from app.keys import Holder
from app.sessions import ReadSession
from app.sql import Row
from app.web import documented
from app.web.auth import require
from app.web.cursors import Cursor, decode
from app.web.listing import API
from app.web.reading import Reading, ReadRoute
from app.web.respond import respond
from app.web.writing import Answer, answer

router = APIRouter(tags=["Curation"], route_class=ReadRoute)

_SECURED: dict[str, Any] = {"security": [{"ApiKey": []}]}


@router.get(
    "/jobs",
    operation_id="list_jobs",
    summary="List jobs",
    response_model=JobPage,
    responses=documented.JOBS,
    openapi_extra=_SECURED,
)
def list_jobs(request: Request, session: Reading, query: Annotated[JobQuery, Query()]) -> Response:
    """The jobs that were asked for with this key, the latest first.

    It takes a key with the scope `ingest`.
    """
    by = require(request, session, Scope.INGEST)
    after, place = None, f"{API}/jobs?limit={query.limit}"
    if query.state is not None:
        place += f"&state={query.state.value}"
    if query.cursor is not None:
        after = _after(query.cursor)
    rows = queries.listed(session, by, query.state, after, query.limit + 1)
    page, more = rows[: query.limit], rows[query.limit :]
    following = None
    if more:
        last = page[-1]
        cursor = Cursor(0, "-created_at", "jobs", last.created_at.isoformat(), last.id)
        following = f"{place}&cursor={cursor.encode()}"
    here = f"{place}&cursor={query.cursor}" if query.cursor else place
    links = {"self": here, "next": following}
    return respond(request, {"data": [_shown(row) for row in page], "links": links})


@router.get(
    "/jobs/{id}",
    operation_id="get_job",
    summary="Get a job",
    response_model=JobItem,
    responses=documented.JOB,
    openapi_extra=_SECURED,
)
def get_job(
    request: Request,
    session: Reading,
    id: Annotated[str, Path(title="Job", description="Id of a job.", examples=[JOB_ID])],
) -> Response:
    """How far a job got, and what came of it.

    While it is queued or running, `Retry-After` says when it is worth asking again. It takes the
    key that asked for the job.
    """
    by = require(request, session, Scope.INGEST)
    row = queries.find(session, by, id)
    if row is None:
        raise NotFound(f"There is no job {id[:80]!r} of the key {by.name!r}.")
    response = respond(request, _item(row))
    if row.finished_at is None:
        response.headers["Retry-After"] = "1"
    return response


def queued(session: ReadSession, by: Holder, id_: str) -> Answer:
    """The answer to a request that a job was made of."""
    row = queries.find(session, by, id_)
    assert row is not None  # noqa: S101 - it was written in this transaction
    return answer(_item(row), 202, f"{API}/jobs/{id_}")


def _item(row: Row) -> dict[str, Any]:
    return {"data": _shown(row), "links": {"self": f"{API}/jobs/{row.id}"}}


def _shown(row: Row) -> dict[str, Any]:
    result = orjson.loads(row.result) if row.result else None
    if result is not None:
        for each in result["articles"]:
            each["link"] = f"{API}/articles/{each['article']}"
    return {
        "id": row.id,
        "state": row.state,
        "form": row.form,
        "name": row.name,
        "created_at": _moment(row.created_at),
        "started_at": _moment(row.started_at),
        "finished_at": _moment(row.finished_at),
        "progress": {
            name: getattr(row, f"articles_{name}")
            for name in ("read", "stored", "unchanged", "refused")
        },
        "result": result,
        "problem": orjson.loads(row.problem) if row.problem else None,
    }


def _moment(at: datetime | None) -> str | None:
    if at is None:
        return None
    return at.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def _after(written: str) -> tuple[datetime, str]:
    """Where a walk stands. Raises InvalidRequest."""
    cursor = decode(written)
    if isinstance(cursor, Cursor) and cursor.question == "jobs":
        return datetime.fromisoformat(str(cursor.place)), str(cursor.key)
    fault = cursor if isinstance(cursor, Fault) else Fault("belongs to another list.", "cursor")
    raise InvalidRequest.of([fault])
