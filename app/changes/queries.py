"""Changes: the slice's only SQL."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, Table, and_, func, literal, select, union_all

from app import models
from app.changes.schemas import Change, ChangeDetail, ChangeQuery
from app.codelists import ChangeKind, Curation
from app.db import ReadSession, table, valid_at
from app.web.filters import Conditions
from app.web.listing import Entity, Entry
from app.web.moments import rfc3339

_CHANGE = table(models.Change)

_VERSIONS: dict[str, tuple[Table, str]] = {
    "country": (table(models.CountryVersion), "code"),
    "group": (table(models.GroupVersion), "slug"),
    "official": (table(models.OfficialVersion), "slug"),
    "topic": (table(models.TopicVersion), "slug"),
    "article": (table(models.ArticleVersion), "id"),
    "position": (table(models.PositionVersion), "id"),
    "mediation_offer": (table(models.MediationOfferVersion), "id"),
    "round": (table(models.RoundVersion), "id"),
}


def _select(version: int) -> Select[Any]:
    article = table(models.ArticleVersion).alias()
    on = and_(article.c.id == _CHANGE.c.article_id, valid_at(article, version))
    return select(*_CHANGE.c, article.c.headline).select_from(_CHANGE).outerjoin(article, on)


def _show(session: ReadSession, _: int, rows: Sequence[Row[Any]]) -> list[Entry]:
    touched = _touched(session, [row.seq for row in rows])
    return [
        {
            "seq": row.seq,
            "at": rfc3339(row.at),
            "kind": row.kind,
            "by": row.by,
            "reason": row.reason,
            "article": row.article_id and {"id": row.article_id, "headline": row.headline},
            "method": row.method,
            "software": row.software,
            "touched": touched[row.seq],
        }
        for row in rows
    ]


def _touched(session: ReadSession, changes: Sequence[int]) -> dict[int, list[Entry]]:
    counted = union_all(
        *(
            select(
                literal(kind).label("kind"),
                versions.c.recorded_in.label("seq"),
                versions.c.change_type.label("change_type"),
                func.count().label("counted"),
            )
            .where(versions.c.recorded_in.in_(changes), *_public(versions))
            .group_by(versions.c.recorded_in, versions.c.change_type)
            for kind, (versions, _) in _VERSIONS.items()
        )
    ).subquery()
    found: dict[int, list[Entry]] = defaultdict(list)
    columns = counted.c
    for row in session.rows(select(*columns).order_by(columns.kind, columns.change_type)):
        found[row.seq].append(
            {"kind": row.kind, "change_type": row.change_type, "count": row.counted}
        )
    return found


def _show_detail(session: ReadSession, version: int, rows: Sequence[Row[Any]]) -> list[Entry]:
    return [
        change | {"versions": _written(session, change["seq"])}
        for change in _show(session, version, rows)
    ]


def _written(session: ReadSession, seq: int) -> list[Entry]:
    written = union_all(
        *(
            select(
                literal(kind).label("kind"),
                versions.c[key].label("id"),
                versions.c.rev.label("rev"),
                versions.c.change_type.label("change_type"),
            ).where(versions.c.recorded_in == seq, *_public(versions))
            for kind, (versions, key) in _VERSIONS.items()
        )
    ).subquery()
    columns = written.c
    rows = session.rows(select(*columns).order_by(columns.kind, columns.id, columns.rev))
    return [
        {"kind": row.kind, "id": row.id, "rev": row.rev, "change_type": row.change_type}
        for row in rows
    ]


def _public(versions: Table) -> list[ColumnElement[bool]]:
    """Drafts are not public, not even as a number."""
    is_fact = "curation" in versions.c
    return [versions.c.curation != Curation.DRAFT.value] if is_fact else []


def _narrow(conditions: Conditions, query: ChangeQuery) -> None:
    conditions.code("kind", query.kind, ChangeKind, _CHANGE.c.kind)
    if query.since is not None:
        conditions.read_as["since"] = [str(query.since)]
        conditions.where.append(_CHANGE.c.seq > query.since)
    known = conditions.occurring(table(models.ArticleVersion).c.id, "article")
    conditions.choice("article", query.article, known, _CHANGE.c.article_id.in_)


CHANGES: Entity[ChangeQuery] = Entity(
    noun="change",
    table=_CHANGE,
    key="seq",
    orders={"seq": "seq"},
    visible=lambda version: [_CHANGE.c.seq <= version],
    select=_select,
    show=_show,
    shown=Change,
    narrow=_narrow,
)

CHANGE_DETAIL: Entity[ChangeQuery] = Entity(
    noun="change",
    table=_CHANGE,
    key="seq",
    orders={"seq": "seq"},
    visible=CHANGES.visible,
    select=_select,
    show=_show_detail,
    shown=ChangeDetail,
)
