"""Groups: the slice's only SQL."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, Select, select

from app import models
from app.codelists import GroupKind, NameKind
from app.db import ReadSession, column
from app.groups.schemas import Group, GroupQuery
from app.web import children, filters
from app.web.filters import Conditions
from app.web.listing import Entity, Entry, valid

_VERSION = models.GroupVersion


def _select(version: int) -> Select[Any]:
    country = children.country(version)
    statement = select(
        column(_VERSION.row_id),
        column(_VERSION.slug),
        column(_VERSION.name),
        column(_VERSION.kind),
        column(_VERSION.country_code),
        country.name.label("country_name"),
        column(_VERSION.wikidata),
    ).select_from(_VERSION)
    return country.to(statement, _VERSION.country_code)


def _show(session: ReadSession, version: int, rows: Sequence[Row[Any]]) -> list[Entry]:
    ids = [row.row_id for row in rows]
    names = children.names(session, models.GroupName, ids)
    labels = _labels(session, version, ids)
    return [
        {
            "slug": row.slug,
            "name": row.name,
            "kind": row.kind,
            "country": children.coded(row.country_code, row.country_name),
            "aliases": names[row.row_id][NameKind.ALIAS],
            "labels": labels[row.row_id],
            "wikidata": row.wikidata,
        }
        for row in rows
    ]


def _labels(session: ReadSession, version: int, parents: Sequence[int]) -> dict[int, list[Entry]]:
    table = models.GroupLabel
    country, group = children.country(version), children.group(version)
    statement = select(
        column(table.row_id),
        column(table.version_id),
        column(table.text),
        column(table.used_by_country).label("country_code"),
        country.name.label("country_name"),
        column(table.used_by_group).label("group_slug"),
        group.name.label("group_name"),
    ).select_from(table)
    statement = group.to(country.to(statement, table.used_by_country), table.used_by_group)
    rows = session.rows(
        statement.where(column(table.version_id).in_(parents)).order_by(
            column(table.version_id), column(table.ordinal)
        )
    )
    proofs = children.evidence(
        session, version, models.GroupLabelEvidence, [row.row_id for row in rows]
    )
    found: dict[int, list[Entry]] = defaultdict(list)
    for row in rows:
        label = {"text": row.text, "used_by": children.actor(row), "evidence": proofs[row.row_id]}
        found[row.version_id].append(label)
    return found


def _narrow(conditions: Conditions, query: GroupQuery) -> None:
    conditions.named("group", query.group, filters.GROUP, _VERSION.slug)
    conditions.code("kind", query.kind, GroupKind, _VERSION.kind)
    conditions.named("country", query.country, filters.COUNTRY, _VERSION.country_code)


GROUPS: Entity[GroupQuery] = Entity(
    noun="group",
    table=_VERSION,
    key="slug",
    orders={"slug": "slug", "name": "name"},
    visible=valid(_VERSION),
    select=_select,
    show=_show,
    shown=Group,
    narrow=_narrow,
)
