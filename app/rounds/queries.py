"""Talks rounds: the slice's only SQL."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, Select, select

from app import models
from app.codelists import Outcome
from app.dates import shown_date
from app.rounds.schemas import Round, RoundFilters, RoundQuery
from app.sessions import ReadSession
from app.sql import Version, table
from app.web import children, filters
from app.web.entities import Entity, public
from app.web.facts import fact_columns, proved
from app.web.filters import Conditions
from app.web.references import Entry, References

_VERSION = table(models.RoundVersion)
_PARTY = table(models.RoundParty)
_EVIDENCE = table(models.RoundEvidence)
_PARTIES, _PROOFS = children.actors(_PARTY), children.evidence(_EVIDENCE)


def _select(_: Version) -> Select[Any]:
    return select(
        *fact_columns(_VERSION),
        _VERSION.c.process,
        _VERSION.c.topic,
        _VERSION.c.ordinal,
        _VERSION.c.venue,
        _VERSION.c.host,
        _VERSION.c.held_on,
        _VERSION.c.held_on_precision,
        _VERSION.c.outcome,
        _VERSION.c.reported_via,
    ).select_from(_VERSION)


def _show(session: ReadSession, version: int, rows: Sequence[Row[Any]]) -> list[Entry]:
    ids = [row.row_id for row in rows]
    with References(session, version) as refer:
        parties, proofs = children.load(refer, ids, _PARTIES, _PROOFS)
        return [
            {
                "id": row.id,
                "process": row.process,
                "topic": refer.topic[row.topic],
                "ordinal": row.ordinal,
                "venue": row.venue,
                "host": refer.country[row.host],
                "held_on": shown_date(row.held_on, row.held_on_precision),
                "held_on_precision": row.held_on_precision,
                "parties": parties[row.row_id],
                "outcome": row.outcome,
                "reported_via": refer.group[row.reported_via],
                **proved(row, proofs[row.row_id]),
            }
            for row in rows
        ]


def _narrow(conditions: Conditions, query: RoundFilters) -> None:
    conditions.existing("process", query.process, _VERSION.c.process, "process")
    conditions.actors("party", query.party, _PARTY)
    conditions.named("host", query.host, filters.COUNTRY, _VERSION.c.host)
    conditions.code("outcome", query.outcome, Outcome, _VERSION.c.outcome)
    conditions.evidence(query.article, _EVIDENCE)
    conditions.dates(
        "held", query.held_from, query.held_to, _VERSION.c.held_on, _VERSION.c.held_key
    )
    if isinstance(query, RoundQuery):
        conditions.topic(query.topic, _VERSION.c.topic)


ROUNDS: Entity[Any] = Entity(
    noun="round",
    table=_VERSION,
    key="id",
    orders={"held_on": "held_key", "recorded_in": "recorded_in"},
    visible=public(_VERSION),
    select=_select,
    show=_show,
    shown=Round,
    narrow=_narrow,
    horizon="round",
)
