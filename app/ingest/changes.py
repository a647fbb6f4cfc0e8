"""Changes: numbered and dated in order, chained by digest, and counted as versions of topics."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import func, insert, select, update

from app import __version__
from app.canonical import digest
from app.codelists import ChangeKind, Curation
from app.ingest.shapes import Step
from app.models import Change, TopicChange, TopicVersion
from app.sessions import WriteSession
from app.sql import table

GENESIS = "0" * 64
"""What the first change is chained to."""

_IN_DIGEST = ("seq", "kind", "by", "reason", "article_id", "method", "software")
BY_HAND = "curated by hand"
"""The method of what a curator wrote."""

BY_WORDS = "found to be the same words"
"""The method of a draft that was published and joined a position."""

PUBLIC = (Curation.PUBLISHED.value, Curation.WITHDRAWN.value)


@dataclass(frozen=True)
class Origin:
    """Who writes, why, and how the facts came about."""

    kind: ChangeKind
    by: str
    method: str
    reason: str | None = None
    article_id: str | None = None


def change_digest(previous: str, change: dict[str, Any], versions: list[dict[str, Any]]) -> str:
    """The digest of the record after a change: each chained to the one before.

    The time of recording is left out, so that two deployments that load the same records agree.
    """
    said = {name: change[name] for name in _IN_DIGEST}
    ordered = sorted(versions, key=lambda each: (each["kind"], each["id"], each["rev"]))
    return digest({"previous": previous, **said, "versions": ordered})


def open_change(session: WriteSession, origin: Origin) -> dict[str, Any]:
    """The row of a new change, inserted so that its versions can refer to it."""
    change = next_change(last_change(session), origin)
    session.execute(insert(table(Change)), [change])
    return change


def last_change(session: WriteSession) -> Any:
    """Number, time and digest of the last change, or none."""
    changes = table(Change)
    said = select(changes.c.seq, changes.c.at, changes.c.digest)
    return session.first(said.order_by(changes.c.seq.desc()).limit(1))


def next_change(last: Any, origin: Origin) -> dict[str, Any]:
    """The change that comes after the last one, with the digest that it is to be chained to."""
    now = datetime.now(UTC)
    return {
        "seq": last.seq + 1 if last else 0,
        # Later changes have later times, whatever the clock does: as_of relies on it.
        "at": max(now, last.at + timedelta(microseconds=1)) if last else now,
        "kind": origin.kind.value,
        "by": origin.by,
        "reason": origin.reason,
        "article_id": origin.article_id,
        "method": origin.method,
        "software": f"onrecord {__version__}",
        "digest": last.digest if last else GENESIS,
    }


def close_change(
    session: WriteSession, change: dict[str, Any], versions: list[dict[str, Any]]
) -> None:
    """Put the digest in, now that all versions are known."""
    chained = change_digest(change["digest"], change, versions)
    changes = table(Change)
    session.execute(update(changes).where(changes.c.seq == change["seq"]).values(digest=chained))


def number_topics(session: WriteSession, steps: list[Step], seq: int) -> None:
    """Give the topics that this change touched, and all above them, their next version."""
    topics = table(TopicVersion)
    broader = {
        row.slug: row.broader
        for row in session.rows(
            select(topics.c.slug, topics.c.broader).where(topics.c.superseded_in.is_(None))
        )
    }
    touched: set[str] = set()
    for step in steps:
        for snapshot in (step.snapshot, step.before and step.before.snapshot):
            if snapshot and snapshot.values.get("curation") in PUBLIC:
                touched |= with_broader(snapshot.values["topic"], broader)
    numbers = table(TopicChange)
    for topic in sorted(touched):
        last = session.scalar(select(func.max(numbers.c.number)).where(numbers.c.topic == topic))
        session.execute(insert(numbers), [{"topic": topic, "number": (last or 0) + 1, "seq": seq}])


def with_broader(topic: str | None, broader: Mapping[str, str | None]) -> set[str]:
    """A topic and all above it."""
    found: set[str] = set()
    while topic is not None and topic not in found:
        found.add(topic)
        topic = broader.get(topic)
    return found
