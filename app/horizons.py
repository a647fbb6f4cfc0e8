"""Horizons: no date on record lies beyond them, so a list of the past begins where its past begins.

By date, what was recorded later mostly comes first. A list as of an earlier change would walk past
all of it; with the latest date that was on record by then, it starts in the right place.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from sqlalchemy import ScalarSelect, delete, func, insert, literal, or_, select

from app.models import (
    ArticleVersion,
    Horizon,
    MediationOfferVersion,
    PositionVersion,
    RoundVersion,
)
from app.sessions import WriteSession
from app.sql import Version, table

_HORIZON = table(Horizon)
_DATED = {
    "article": table(ArticleVersion).c.published_on,
    "position": table(PositionVersion).c.said_on,
    "mediation_offer": table(MediationOfferVersion).c.offered_on,
    "round": table(RoundVersion).c.held_on,
}
"""The date that each kind is ordered by; what has none comes before all dates."""


def until(kind: str, version: Version) -> ScalarSelect[Any]:
    """The latest date that anything of a kind had up to a change: a bound for lists as of it."""
    return (
        select(_HORIZON.c.latest)
        .where(_HORIZON.c.kind == kind, _HORIZON.c.seq <= version)
        .order_by(_HORIZON.c.seq.desc())
        .limit(1)
        .scalar_subquery()
    )


def advance(
    session: WriteSession, seq: int, written: Iterable[tuple[str, Mapping[str, Any]]]
) -> None:
    """Take in the versions that a change wrote: of each, its kind and what it says."""
    for kind, on in sorted(_latest(written).items()):
        there = select(_HORIZON).where(_HORIZON.c.kind == kind, _HORIZON.c.latest >= on)
        row = select(literal(kind), literal(seq), literal(on)).where(~there.exists())
        session.execute(insert(_HORIZON).from_select(["kind", "seq", "latest"], row))


def advance_all(
    session: WriteSession, changes: Iterable[tuple[int, Iterable[tuple[str, Mapping[str, Any]]]]]
) -> None:
    """Take in several changes, in their order: the same as one after the other."""
    known = session.rows(
        select(_HORIZON.c.kind, func.max(_HORIZON.c.latest).label("latest")).group_by(
            _HORIZON.c.kind
        )
    )
    reached = {row.kind: row.latest for row in known}
    rows = []
    for seq, written in changes:
        for kind, on in sorted(_latest(written).items()):
            if kind not in reached or on > reached[kind]:
                reached[kind] = on
                rows.append({"kind": kind, "seq": seq, "latest": on})
    if rows:
        session.execute(insert(_HORIZON), rows)


def _latest(written: Iterable[tuple[str, Mapping[str, Any]]]) -> dict[str, date]:
    """The latest date of each kind among these versions."""
    latest: dict[str, date] = {}
    for kind, said in written:
        if kind in _DATED:
            on = said[_DATED[kind].name] or date.min
            latest[kind] = max(on, latest.get(kind, on))
    return latest


def rebuild(session: WriteSession) -> None:
    """Find all horizons anew, as after a load that passed them by."""
    session.execute(delete(_HORIZON))
    for kind, dated in _DATED.items():
        seq, latest = dated.table.c.recorded_in, func.max(func.coalesce(dated, date.min))
        earlier = func.max(latest).over(order_by=seq, rows=(None, -1))
        by_change = (
            select(seq.label("seq"), latest.label("latest"), earlier.label("earlier"))
            .group_by(seq)
            .subquery()
        )
        risen = or_(by_change.c.earlier.is_(None), by_change.c.latest > by_change.c.earlier)
        found = select(literal(kind), by_change.c.seq, by_change.c.latest).where(risen)
        session.execute(insert(_HORIZON).from_select(["kind", "seq", "latest"], found))
