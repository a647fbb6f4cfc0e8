"""Mediation offers: the slice's only SQL."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, Table, bindparam, exists, or_, select

from app import models
from app.codelists import OfferKind, OfferStatus, Response
from app.dates import shown_date
from app.mediation.schemas import (
    MediationOffer,
    MediationOfferFilters,
    MediationOfferQuery,
)
from app.sessions import ReadSession
from app.sql import Version, table
from app.web import children, filters
from app.web.conditions import Bound, one_of
from app.web.entities import Entity, public
from app.web.facts import fact_columns, proved
from app.web.filters import Conditions
from app.web.references import Entry, References

_VERSION = table(models.MediationOfferVersion)
_PARTY = table(models.OfferParty)
_RESPONSE = table(models.OfferResponse)
_EVIDENCE = table(models.OfferEvidence)


def _select(_: Version) -> Select[Any]:
    return select(
        *fact_columns(_VERSION),
        _VERSION.c.mediator_country.label("country_code"),
        _VERSION.c.mediator_group.label("group_slug"),
        _VERSION.c.topic,
        _VERSION.c.kind,
        _VERSION.c.status,
        _VERSION.c.explicit,
        _VERSION.c.announced_by,
        _VERSION.c.announced_by_role,
        _VERSION.c.offered_on,
        _VERSION.c.offered_on_precision,
        _VERSION.c.reported_via,
    ).select_from(_VERSION)


def _show(session: ReadSession, version: int, rows: Sequence[Row[Any]]) -> list[Entry]:
    ids = [row.row_id for row in rows]
    with References(session, version) as refer:
        parties, responses, proofs = children.load(refer, ids, _PARTIES, _RESPONSES, _PROOFS)
        return [
            {
                "id": row.id,
                "mediator": refer.actor(row),
                "parties": parties[row.row_id],
                "topic": refer.topic[row.topic],
                "kind": row.kind,
                "status": row.status,
                "explicit": row.explicit,
                "announced_by": refer.official[row.announced_by],
                "announced_by_role": row.announced_by_role,
                "offered_on": shown_date(row.offered_on, row.offered_on_precision),
                "offered_on_precision": row.offered_on_precision,
                "responses": responses[row.row_id],
                "reported_via": refer.group[row.reported_via],
                **proved(row, proofs[row.row_id]),
            }
            for row in rows
        ]


def _select_responses(child: Table) -> Select[Any]:
    return children.select_actors(child).add_columns(
        child.c.response,
        child.c.responded_on,
        child.c.responded_on_precision,
        child.c.position_id,
    )


def _show_response(refer: References, row: Row[Any]) -> Entry:
    return {
        "party": refer.actor(row),
        "response": row.response,
        "responded_on": shown_date(row.responded_on, row.responded_on_precision),
        "responded_on_precision": row.responded_on_precision,
        "position": row.position_id,
    }


_PARTIES, _PROOFS = children.actors(_PARTY), children.evidence(_EVIDENCE)
_RESPONSES = children.Children(_RESPONSE, _select_responses, _show_response)


def _narrow(conditions: Conditions, query: MediationOfferFilters) -> None:
    conditions.choice("mediator", query.mediator, conditions.actor, _mediated_by)
    conditions.actors("party", query.party, _PARTY)
    conditions.code("kind", query.kind, OfferKind, _VERSION.c.kind)
    conditions.code("status", query.status, OfferStatus, _VERSION.c.status)
    conditions.choice("response", query.response, filters.codes(Response), _answered)
    conditions.named("announced_by", query.announced_by, filters.OFFICIAL, _VERSION.c.announced_by)
    conditions.evidence(query.article, _EVIDENCE)
    conditions.dates(
        "offered",
        query.offered_from,
        query.offered_to,
        _VERSION.c.offered_on,
        _VERSION.c.offered_key,
    )
    if query.explicit is not None:
        conditions.read_as["explicit"] = [str(query.explicit).lower()]
        said = lambda: _VERSION.c.explicit == bindparam("explicit")
        conditions.add("explicit", said, explicit=query.explicit)
    if isinstance(query, MediationOfferQuery):
        conditions.topic(query.topic, _VERSION.c.topic)


def _mediated_by(found: Bound) -> ColumnElement[bool]:
    by_code, by_slug = one_of(_VERSION.c.mediator_country), one_of(_VERSION.c.mediator_group)
    return or_(by_code(found), by_slug(found))


def _answered(found: Bound) -> ColumnElement[bool]:
    return exists().where(
        _RESPONSE.c.version_id == _VERSION.c.row_id, one_of(_RESPONSE.c.response)(found)
    )


MEDIATION_OFFERS: Entity[Any] = Entity(
    noun="mediation offer",
    table=_VERSION,
    key="id",
    orders={"offered_on": "offered_key", "recorded_in": "recorded_in"},
    visible=public(_VERSION),
    select=_select,
    show=_show,
    shown=MediationOffer,
    narrow=_narrow,
    horizon="mediation_offer",
)
