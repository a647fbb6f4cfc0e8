"""Groups: the slice's only SQL."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, Select, select

from app import models
from app.codelists import GroupKind, NameKind
from app.groups.schemas import Group, GroupQuery
from app.sessions import ReadSession
from app.sql import Version, table
from app.web import children, filters
from app.web.filters import Conditions
from app.web.listing import Entity, Entry, public

_VERSION = table(models.GroupVersion)
_LABEL = table(models.GroupLabel)
_LABEL_EVIDENCE = table(models.GroupLabelEvidence)


def _select(version: Version) -> Select[Any]:
    country = children.country(version)
    statement = select(
        _VERSION.c.row_id,
        _VERSION.c.slug,
        _VERSION.c.name,
        _VERSION.c.kind,
        _VERSION.c.country_code,
        country.name.label("country_name"),
        _VERSION.c.wikidata,
    ).select_from(_VERSION)
    return country.to(statement, _VERSION.c.country_code)


def _show(session: ReadSession, version: int, rows: Sequence[Row[Any]]) -> list[Entry]:
    ids = [row.row_id for row in rows]
    names = children.names(session, table(models.GroupName), ids)
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
    country, group = children.country(version), children.group(version)
    statement = select(
        _LABEL.c.row_id,
        _LABEL.c.version_id,
        _LABEL.c.text,
        _LABEL.c.used_by_country.label("country_code"),
        country.name.label("country_name"),
        _LABEL.c.used_by_group.label("group_slug"),
        group.name.label("group_name"),
    ).select_from(_LABEL)
    statement = group.to(country.to(statement, _LABEL.c.used_by_country), _LABEL.c.used_by_group)
    rows = session.rows(
        statement.where(_LABEL.c.version_id.in_(parents)).order_by(
            _LABEL.c.version_id, _LABEL.c.ordinal
        )
    )
    proofs = children.evidence(session, version, _LABEL_EVIDENCE, [row.row_id for row in rows])
    found: dict[int, list[Entry]] = defaultdict(list)
    for row in rows:
        label = {"text": row.text, "used_by": children.actor(row), "evidence": proofs[row.row_id]}
        found[row.version_id].append(label)
    return found


def _narrow(conditions: Conditions, query: GroupQuery) -> None:
    conditions.named("group", query.group, filters.GROUP, _VERSION.c.slug)
    conditions.code("kind", query.kind, GroupKind, _VERSION.c.kind)
    conditions.named("country", query.country, filters.COUNTRY, _VERSION.c.country_code)


GROUPS: Entity[GroupQuery] = Entity(
    noun="group",
    table=_VERSION,
    key="slug",
    orders={"slug": "slug", "name": "name"},
    visible=public(_VERSION),
    select=_select,
    show=_show,
    shown=Group,
    narrow=_narrow,
)
