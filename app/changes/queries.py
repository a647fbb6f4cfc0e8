"""Changes: the slice's only SQL."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import (
    BigInteger,
    Row,
    Select,
    Subquery,
    and_,
    bindparam,
    func,
    literal,
    null,
    select,
    union_all,
)

from app import models
from app.articles.queries import ARTICLES
from app.changes.schemas import (
    Change,
    ChangeDetail,
    ChangeQuery,
    VersionQuery,
    WrittenVersion,
)
from app.codelists import ChangeKind, Curation
from app.countries.queries import COUNTRIES
from app.errors import NotFound
from app.groups.queries import GROUPS
from app.mediation.queries import MEDIATION_OFFERS
from app.officials.queries import OFFICIALS
from app.positions.queries import POSITIONS
from app.rounds.queries import ROUNDS
from app.sessions import ReadSession
from app.sql import Version, table, valid_at
from app.topics.queries import TOPICS
from app.web.entities import Entity
from app.web.filters import Conditions
from app.web.moments import rfc3339
from app.web.references import Entry
from app.web.schemas import MAX_LIMIT

_CHANGE = table(models.Change)

KINDS: dict[str, Entity[Any]] = {
    "article": ARTICLES,
    "country": COUNTRIES,
    "group": GROUPS,
    "mediation_offer": MEDIATION_OFFERS,
    "official": OFFICIALS,
    "position": POSITIONS,
    "round": ROUNDS,
    "topic": TOPICS,
}
"""Everything that a change can write versions of."""

MAX_SHOWN = MAX_LIMIT
"""Versions that a change shows itself; its list of versions pages through all of them."""


def _select(version: Version) -> Select[Any]:
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
    columns = _WRITTEN.c
    counted = (
        select(columns.seq, columns.kind, columns.change_type, func.count().label("counted"))
        .where(columns.seq.in_(changes))
        .group_by(columns.seq, columns.kind, columns.change_type)
        .order_by(columns.kind, columns.change_type)
    )
    found: dict[int, list[Entry]] = defaultdict(list)
    for row in session.rows(counted):
        found[row.seq].append(
            {"kind": row.kind, "change_type": row.change_type, "count": row.counted}
        )
    return found


def _show_detail(session: ReadSession, version: int, rows: Sequence[Row[Any]]) -> list[Entry]:
    return [
        change | {"versions": _first_written(session, change["seq"])}
        for change in _show(session, version, rows)
    ]


def _first_written(session: ReadSession, seq: int) -> list[Entry]:
    rows = session.rows(
        select(_WRITTEN).where(_WRITTEN.c.seq == seq).order_by(_WRITTEN.c.name).limit(MAX_SHOWN)
    )
    return _show_written(session, seq, rows)


def _written() -> Subquery:
    """The versions of all kinds that are public, or were: drafts are not, not even as a number."""
    parts = []
    for kind, entity in KINDS.items():
        versions, key = entity.table, entity.identifier
        is_fact = "curation" in versions.c
        parts.append(
            select(
                literal(kind).label("kind"),
                key.label("id"),
                (literal(f"{kind}/") + key).label("name"),
                versions.c.recorded_in.label("seq"),
                versions.c.rev.label("rev"),
                versions.c.change_type.label("change_type"),
                (versions.c.merged_into if is_fact else null()).label("merged_into"),
                (versions.c.curation if is_fact else null()).label("curation"),
            ).where(*([versions.c.curation != Curation.DRAFT.value] if is_fact else []))
        )
    return union_all(*parts).subquery()


_WRITTEN = _written()


def _show_written(session: ReadSession, seq: int, rows: Sequence[Row[Any]]) -> list[Entry]:
    """Versions that a change wrote, each with what it says: as the change left it."""
    ids: dict[str, list[str]] = defaultdict(list)
    for row in rows:
        if row.curation != Curation.WITHDRAWN:
            ids[row.kind].append(row.id)
    entries = {kind: _entries(session, seq, KINDS[kind], found) for kind, found in ids.items()}
    return [
        {
            "kind": row.kind,
            "id": row.id,
            "rev": row.rev,
            "change_type": row.change_type,
            "merged_into": row.merged_into,
            "entry": entries.get(row.kind, {}).get(row.id),
        }
        for row in rows
    ]


def _entries(
    session: ReadSession, seq: int, entity: Entity[Any], ids: Sequence[str]
) -> dict[str, Entry]:
    """These entities as a change left them, by what identifies them."""
    valid = valid_at(entity.table, seq)
    rows = session.rows(entity.select(seq).where(entity.identifier.in_(ids), valid))
    return {entry[entity.key]: entry for entry in entity.show(session, seq, rows)}


def _narrow(conditions: Conditions, query: ChangeQuery) -> None:
    conditions.code("kind", query.kind, ChangeKind, _CHANGE.c.kind)
    if query.since is not None:
        conditions.read_as["since"] = [str(query.since)]
        later = lambda: _CHANGE.c.seq > bindparam("since", type_=BigInteger())
        conditions.add("since", later, since=query.since)
    known = conditions.occurring(table(models.ArticleVersion).c.id, "article")
    conditions.column("article", query.article, known, _CHANGE.c.article_id)


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


_WRITTEN_IN: Entity[VersionQuery] = Entity(
    noun="version",
    table=_WRITTEN,
    key="name",
    orders={"name": "name"},
    visible=lambda version: [_WRITTEN.c.seq == bindparam("of_change"), _WRITTEN.c.seq <= version],
    select=lambda _: select(_WRITTEN),
    show=lambda session, _, rows: _show_written(session, rows[0].seq, rows) if rows else [],
    shown=WrittenVersion,
)


def written_in(seq: int) -> Entity[VersionQuery]:
    """The versions that a change wrote, as a list."""
    return _WRITTEN_IN.among(of_change=seq)


def known_change(seq: int) -> Callable[[Conditions], None]:
    """No condition, but that there is such a change. NotFound without it."""

    def narrow(conditions: Conditions) -> None:
        if seq > conditions.version:
            raise NotFound(f"There is no change {seq} on record.")

    return narrow
