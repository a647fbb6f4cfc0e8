"""Jobs: the slice's only SQL.

A job is a row. A process that takes one holds it on a lease that it renews while it works; when
the lease runs out, because the process is gone, the next one takes it. What a process finds that
another has taken over it leaves alone.
"""

import base64
import secrets
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
from sqlalchemy import and_, delete, func, insert, or_, select, tuple_, update

from app.codelists import JobState
from app.errors import Busy, OnRecordError
from app.ingest import shapes
from app.keys import Holder
from app.models import Article, Change, Job
from app.sessions import ReadSession, WriteSession
from app.sql import Row, table

_JOBS = table(Job)
_OPEN = (JobState.QUEUED.value, JobState.RUNNING.value)

KEPT = timedelta(days=7)
"""How long a job is kept after its end."""

TRIES = 3
"""A job that ended so many processes is not given to another."""


def add(session: WriteSession, by: Holder, form: str, name: str, given: Any, limit: int) -> str:
    """Put a job in the queue. Gives its id; raises Busy if too many wait already."""
    now = datetime.now(UTC)
    session.execute(delete(_JOBS).where(_JOBS.c.finished_at < now - KEPT))
    waiting = session.scalar(select(func.count()).where(_JOBS.c.state.in_(_OPEN)))
    if waiting >= limit:
        raise Busy(f"{waiting} jobs wait already, and no more than {limit} may. Try again later.")
    id_ = f"job_{base64.b32encode(secrets.token_bytes(10)).decode().lower()}"
    row = {
        "id": id_,
        "api_key_id": by.id,
        "by": by.name,
        "state": JobState.QUEUED.value,
        "form": form,
        "given": orjson.dumps(given).decode(),
        "name": name,
        "created_at": now,
        **dict.fromkeys(
            ("tries", *(f"articles_{n}" for n in ("read", "stored", "unchanged", "refused"))), 0
        ),
    }
    session.execute(insert(_JOBS), [row])
    return id_


def find(session: ReadSession, by: Holder, id_: str) -> Row | None:
    """A job of this key's."""
    return session.first(select(_JOBS).where(_JOBS.c.id == id_, _JOBS.c.api_key_id == by.id))


def listed(
    session: ReadSession,
    by: Holder,
    state: JobState | None,
    after: tuple[datetime, str] | None,
    limit: int,
) -> list[Row]:
    """The jobs of this key, the latest first."""
    found = select(_JOBS).where(_JOBS.c.api_key_id == by.id)
    if state is not None:
        found = found.where(_JOBS.c.state == state.value)
    if after is not None:
        found = found.where(tuple_(_JOBS.c.created_at, _JOBS.c.id) < after)
    order = (_JOBS.c.created_at.desc(), _JOBS.c.id.desc())
    return session.rows(found.order_by(*order).limit(limit))


def anything(session: ReadSession) -> bool:
    """Whether there is a job that nobody works on."""
    return session.first(select(_JOBS.c.id).where(_free()).limit(1)) is not None


def claim(session: WriteSession, owner: str, lease: timedelta) -> Row | None:
    """Take the job that has waited longest, if there is one."""
    oldest = select(_JOBS).where(_free()).order_by(_JOBS.c.created_at, _JOBS.c.id).limit(1)
    job = session.first(oldest.with_for_update(skip_locked=True))
    if job is None:
        return None
    now = datetime.now(UTC)
    taken = {
        "state": JobState.RUNNING.value,
        "owner": owner,
        "started_at": now,
        "lease_until": now + lease,
        "tries": job.tries + 1,
    }
    session.execute(update(_JOBS).where(_JOBS.c.id == job.id).values(taken))
    return job


def renew(
    session: WriteSession, id_: str, owner: str, lease: timedelta, progress: Mapping[str, int]
) -> bool:
    """Say that it is still worked on, and how far it is. Gives whether it is the owner's still."""
    until = {"lease_until": datetime.now(UTC) + lease}
    counts = {f"articles_{name}": count for name, count in progress.items()}
    done = session.execute(update(_JOBS).where(_held(id_, owner)).values(until | counts))
    return bool(done.rowcount)


def release(session: WriteSession, id_: str, owner: str) -> None:
    """Put a job back in the queue: who worked on it is told to stop."""
    back = {"state": JobState.QUEUED.value, "lease_until": None, "tries": _JOBS.c.tries - 1}
    session.execute(update(_JOBS).where(_held(id_, owner)).values(back))


def finish(
    session: WriteSession,
    id_: str,
    owner: str,
    progress: Mapping[str, int],
    *,
    result: Any = None,
    problem: Any = None,
) -> None:
    """Write down what came of a job, and forget what was sent."""
    state = JobState.DONE if problem is None else JobState.FAILED
    ended = {
        "state": state.value,
        "finished_at": datetime.now(UTC),
        "lease_until": None,
        "given": None,
        "result": None if result is None else orjson.dumps(result).decode(),
        "problem": None if problem is None else orjson.dumps(problem).decode(),
    }
    counts = {f"articles_{name}": count for name, count in progress.items()}
    session.execute(update(_JOBS).where(_held(id_, owner)).values(ended | counts))


def problem(error: OnRecordError) -> dict[str, str]:
    """Why nothing came of a job, as it is kept."""
    return {
        "type": f"/v1/codes/problem#{error.type.value}",
        "title": error.title,
        "detail": str(error),
    }


def taken_in(session: ReadSession, articles: Sequence[str]) -> list[dict[str, Any]]:
    """What is on record of these articles, in their order."""
    change, article = table(Change), table(Article)
    first = func.min(change.c.seq)
    rows = session.rows(
        select(article.c.id, first.label("seq"))
        .join(change, change.c.article_id == article.c.id)
        .where(article.c.id.in_(articles))
        .group_by(article.c.id)
    )
    changes = {row.id: row.seq for row in rows}
    facts: dict[str, int] = {}
    for kind in shapes.FACTS:
        identity = table(kind.anchor)
        counted = select(identity.c.article_id, func.count().label("n"))
        for row in session.rows(
            counted.where(identity.c.article_id.in_(articles)).group_by(identity.c.article_id)
        ):
            facts[row.article_id] = facts.get(row.article_id, 0) + row.n
    return [
        {"article": id_, "change": changes[id_], "facts": facts.get(id_, 0)}
        for id_ in articles
        if id_ in changes
    ]


def _free() -> Any:
    """In the queue, or left by a process that is gone."""
    lapsed = and_(_JOBS.c.state == JobState.RUNNING.value, _JOBS.c.lease_until < datetime.now(UTC))
    return or_(_JOBS.c.state == JobState.QUEUED.value, lapsed)


def _held(id_: str, owner: str) -> Any:
    return and_(_JOBS.c.id == id_, _JOBS.c.owner == owner, _JOBS.c.state == JobState.RUNNING.value)
