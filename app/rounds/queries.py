"""Talks rounds: the slice's only SQL."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, Select, select

from app import models
from app.codelists import Outcome
from app.dates import shown_date
from app.db import ReadSession, column
from app.rounds.schemas import Round, RoundFilters, RoundQuery
from app.web import children, filters
from app.web.filters import Conditions
from app.web.listing import Entity, Entry, published

_VERSION = models.RoundVersion


def _select(version: int) -> Select[Any]:
    host, topic, agency = (
        children.country(version),
        children.topic(version),
        children.group(version),
    )
    statement = select(
        column(_VERSION.row_id),
        column(_VERSION.id),
        column(_VERSION.rev),
        column(_VERSION.recorded_in),
        column(_VERSION.change_type),
        column(_VERSION.process),
        column(_VERSION.topic),
        topic.name.label("topic_name"),
        column(_VERSION.ordinal),
        column(_VERSION.venue),
        column(_VERSION.host),
        host.name.label("host_name"),
        column(_VERSION.held_on),
        column(_VERSION.held_on_precision),
        column(_VERSION.outcome),
        column(_VERSION.reported_via),
        agency.name.label("agency_name"),
    ).select_from(_VERSION)
    for joined, reference in (
        (host, _VERSION.host),
        (topic, _VERSION.topic),
        (agency, _VERSION.reported_via),
    ):
        statement = joined.to(statement, reference)
    return statement


def _show(session: ReadSession, version: int, rows: Sequence[Row[Any]]) -> list[Entry]:
    ids = [row.row_id for row in rows]
    parties = children.actors(session, version, models.RoundParty, ids)
    proofs = children.evidence(session, version, models.RoundEvidence, ids)
    return [
        {
            "id": row.id,
            "process": row.process,
            "topic": children.slugged(row.topic, row.topic_name),
            "ordinal": row.ordinal,
            "venue": row.venue,
            "host": children.coded(row.host, row.host_name),
            "held_on": shown_date(row.held_on, row.held_on_precision),
            "held_on_precision": row.held_on_precision,
            "parties": parties[row.row_id],
            "outcome": row.outcome,
            "reported_via": children.slugged(row.reported_via, row.agency_name),
            "articles": children.articles(proofs[row.row_id]),
            "evidence": proofs[row.row_id],
            "rev": row.rev,
            "recorded_in": row.recorded_in,
            "change_type": row.change_type,
        }
        for row in rows
    ]


def _narrow(conditions: Conditions, query: RoundFilters) -> None:
    conditions.plain("process", query.process, _VERSION.process)
    conditions.actors("party", query.party, models.RoundParty, _VERSION)
    conditions.named("host", query.host, filters.COUNTRY, _VERSION.host)
    conditions.code("outcome", query.outcome, Outcome, _VERSION.outcome)
    conditions.evidence(query.article, models.RoundEvidence, _VERSION)
    conditions.dates("held", query.held_from, query.held_to, _VERSION.held_on)
    if isinstance(query, RoundQuery):
        conditions.topic(query.topic, _VERSION.topic)


ROUNDS: Entity[Any] = Entity(
    noun="round",
    table=_VERSION,
    key="id",
    orders={"held_on": "held_key", "recorded_in": "recorded_in"},
    visible=published(_VERSION),
    select=_select,
    show=_show,
    shown=Round,
    narrow=_narrow,
)
