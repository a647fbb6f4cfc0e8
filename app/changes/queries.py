"""Changes: the slice's only SQL."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, Select, and_, func, literal, select, union_all
from sqlalchemy.orm import aliased

from app import models
from app.changes.schemas import Change, ChangeDetail, ChangeQuery
from app.codelists import ChangeKind
from app.db import ReadSession, column, valid_at
from app.web.facts import rfc3339
from app.web.filters import Conditions
from app.web.listing import Entity, Entry

_CHANGE = models.Change

_VERSIONS: dict[str, tuple[Any, str]] = {
    "country": (models.CountryVersion, "code"),
    "group": (models.GroupVersion, "slug"),
    "official": (models.OfficialVersion, "slug"),
    "topic": (models.TopicVersion, "slug"),
    "article": (models.ArticleVersion, "id"),
    "position": (models.PositionVersion, "id"),
    "mediation_offer": (models.MediationOfferVersion, "id"),
    "round": (models.RoundVersion, "id"),
}


def _select(version: int) -> Select[Any]:
    article = aliased(models.ArticleVersion)
    on = and_(column(article.id) == column(_CHANGE.article_id), valid_at(article, version))
    return (
        select(*_CHANGE.__table__.columns, column(article.headline))  # type: ignore[attr-defined]
        .select_from(_CHANGE)
        .outerjoin(article, on)
    )


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
                column(table.recorded_in).label("seq"),
                column(table.change_type).label("change_type"),
                func.count().label("counted"),
            )
            .where(column(table.recorded_in).in_(changes), *_public(table))
            .group_by(column(table.recorded_in), column(table.change_type))
            for kind, (table, _) in _VERSIONS.items()
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
    versions = union_all(
        *(
            select(
                literal(kind).label("kind"),
                column(getattr(table, key)).label("id"),
                column(table.rev).label("rev"),
                column(table.change_type).label("change_type"),
            ).where(column(table.recorded_in) == seq, *_public(table))
            for kind, (table, key) in _VERSIONS.items()
        )
    ).subquery()
    columns = versions.c
    rows = session.rows(select(*columns).order_by(columns.kind, columns.id, columns.rev))
    return [
        {"kind": row.kind, "id": row.id, "rev": row.rev, "change_type": row.change_type}
        for row in rows
    ]


def _public(table: Any) -> list[Any]:
    """Drafts are not public, not even as a number."""
    is_fact = issubclass(table, models.FactVersion)
    return [column(table.curation) != "draft"] if is_fact else []


def _narrow(conditions: Conditions, query: ChangeQuery) -> None:
    conditions.code("kind", query.kind, ChangeKind, _CHANGE.kind)
    conditions.plain("article", query.article, _CHANGE.article_id)


CHANGES: Entity[ChangeQuery] = Entity(
    noun="change",
    table=_CHANGE,
    key="seq",
    orders={"seq": "seq"},
    visible=lambda version: [column(_CHANGE.seq) <= version],
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
