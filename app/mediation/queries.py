"""Mediation offers: the slice's only SQL."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, exists, or_, select

from app import models
from app.codelists import OfferKind, OfferStatus, Response
from app.dates import shown_date
from app.db import ReadSession, column
from app.mediation.schemas import (
    MediationOffer,
    MediationOfferFilters,
    MediationOfferQuery,
)
from app.web import children, filters
from app.web.filters import Conditions
from app.web.listing import Entity, Entry, published

_VERSION = models.MediationOfferVersion


def _select(version: int) -> Select[Any]:
    country, group, agency = (
        children.country(version),
        children.group(version),
        children.group(version),
    )
    official, topic = children.official(version), children.topic(version)
    statement = select(
        column(_VERSION.row_id),
        column(_VERSION.id),
        column(_VERSION.rev),
        column(_VERSION.recorded_in),
        column(_VERSION.change_type),
        column(_VERSION.mediator_country).label("country_code"),
        country.name.label("country_name"),
        column(_VERSION.mediator_group).label("group_slug"),
        group.name.label("group_name"),
        column(_VERSION.topic),
        topic.name.label("topic_name"),
        column(_VERSION.kind),
        column(_VERSION.status),
        column(_VERSION.explicit),
        column(_VERSION.announced_by),
        official.name.label("announced_by_name"),
        column(_VERSION.announced_by_role),
        column(_VERSION.offered_on),
        column(_VERSION.offered_on_precision),
        column(_VERSION.reported_via),
        agency.name.label("agency_name"),
    ).select_from(_VERSION)
    for joined, reference in (
        (country, _VERSION.mediator_country),
        (group, _VERSION.mediator_group),
        (official, _VERSION.announced_by),
        (topic, _VERSION.topic),
        (agency, _VERSION.reported_via),
    ):
        statement = joined.to(statement, reference)
    return statement


def _show(session: ReadSession, version: int, rows: Sequence[Row[Any]]) -> list[Entry]:
    ids = [row.row_id for row in rows]
    parties = children.actors(session, version, models.OfferParty, ids)
    responses = _responses(session, version, ids)
    proofs = children.evidence(session, version, models.OfferEvidence, ids)
    return [
        {
            "id": row.id,
            "mediator": children.actor(row),
            "parties": parties[row.row_id],
            "topic": children.slugged(row.topic, row.topic_name),
            "kind": row.kind,
            "status": row.status,
            "explicit": row.explicit,
            "announced_by": children.slugged(row.announced_by, row.announced_by_name),
            "announced_by_role": row.announced_by_role,
            "offered_on": shown_date(row.offered_on, row.offered_on_precision),
            "offered_on_precision": row.offered_on_precision,
            "responses": responses[row.row_id],
            "reported_via": children.slugged(row.reported_via, row.agency_name),
            "articles": children.articles(proofs[row.row_id]),
            "evidence": proofs[row.row_id],
            "rev": row.rev,
            "recorded_in": row.recorded_in,
            "change_type": row.change_type,
        }
        for row in rows
    ]


def _responses(
    session: ReadSession, version: int, parents: Sequence[int]
) -> dict[int, list[Entry]]:
    table = models.OfferResponse
    statement = children.actors_statement(table, version, parents).add_columns(
        column(table.response),
        column(table.responded_on),
        column(table.responded_on_precision),
        column(table.position_id),
    )
    found: dict[int, list[Entry]] = defaultdict(list)
    for row in session.rows(statement):
        found[row.version_id].append(
            {
                "party": children.actor(row),
                "response": row.response,
                "responded_on": shown_date(row.responded_on, row.responded_on_precision),
                "responded_on_precision": row.responded_on_precision,
                "position": row.position_id,
            }
        )
    return found


def _narrow(conditions: Conditions, query: MediationOfferFilters) -> None:
    conditions.choice("mediator", query.mediator, conditions.actor, _mediated_by)
    conditions.actors("party", query.party, models.OfferParty, _VERSION)
    conditions.code("kind", query.kind, OfferKind, _VERSION.kind)
    conditions.code("status", query.status, OfferStatus, _VERSION.status)
    conditions.choice("response", query.response, filters.codes(Response), _answered)
    conditions.named("announced_by", query.announced_by, filters.OFFICIAL, _VERSION.announced_by)
    conditions.evidence(query.article, models.OfferEvidence, _VERSION)
    conditions.dates("offered", query.offered_from, query.offered_to, _VERSION.offered_on)
    if query.explicit is not None:
        conditions.read_as["explicit"] = [str(query.explicit).lower()]
        conditions.where.append(column(_VERSION.explicit).is_(query.explicit))
    if isinstance(query, MediationOfferQuery):
        conditions.topic(query.topic, _VERSION.topic)


def _mediated_by(found: Sequence[str]) -> ColumnElement[bool]:
    return or_(
        column(_VERSION.mediator_country).in_(found), column(_VERSION.mediator_group).in_(found)
    )


def _answered(found: Sequence[str]) -> ColumnElement[bool]:
    table = models.OfferResponse
    return exists().where(
        column(table.version_id) == column(_VERSION.row_id), column(table.response).in_(found)
    )


MEDIATION_OFFERS: Entity[Any] = Entity(
    noun="mediation offer",
    table=_VERSION,
    key="id",
    orders={"offered_on": "offered_key", "recorded_in": "recorded_in"},
    visible=published(_VERSION),
    select=_select,
    show=_show,
    shown=MediationOffer,
    narrow=_narrow,
)
