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
from app.web.entities import Entity, public
from app.web.filters import Conditions
from app.web.references import Entry, References

_VERSION = table(models.GroupVersion)
_LABEL = table(models.GroupLabel)
_PROOFS = children.evidence(table(models.GroupLabelEvidence))


def _select(_: Version) -> Select[Any]:
    return select(
        _VERSION.c.row_id,
        _VERSION.c.slug,
        _VERSION.c.name,
        _VERSION.c.kind,
        _VERSION.c.country_code,
        _VERSION.c.wikidata,
    ).select_from(_VERSION)


def _show(session: ReadSession, version: int, rows: Sequence[Row[Any]]) -> list[Entry]:
    ids = [row.row_id for row in rows]
    names = children.names(session, table(models.GroupName), ids)
    with References(session, version) as refer:
        labels = _labels(refer, ids)
        return [
            {
                "slug": row.slug,
                "name": row.name,
                "kind": row.kind,
                "country": refer.country[row.country_code],
                "aliases": names[row.row_id][NameKind.ALIAS],
                "labels": labels[row.row_id],
                "wikidata": row.wikidata,
            }
            for row in rows
        ]


def _labels(refer: References, parents: Sequence[int]) -> dict[int, list[Entry]]:
    rows = refer.session.run("labels", _select_labels, {"parents": parents})
    (proofs,) = children.load(refer, [row.row_id for row in rows], _PROOFS)
    found: dict[int, list[Entry]] = defaultdict(list)
    for row in rows:
        label = {"text": row.text, "used_by": refer.actor(row), "evidence": proofs[row.row_id]}
        found[row.version_id].append(label)
    return found


def _select_labels() -> Select[Any]:
    statement = select(
        _LABEL.c.row_id,
        _LABEL.c.version_id,
        _LABEL.c.text,
        _LABEL.c.used_by_country.label("country_code"),
        _LABEL.c.used_by_group.label("group_slug"),
    )
    return children.of_parents(statement, _LABEL)


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
