"""Officials: the slice's only SQL."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, Select, exists, select

from app import models
from app.codelists import NameKind
from app.officials.schemas import Official, OfficialQuery
from app.sessions import ReadSession
from app.sql import Version, table
from app.web import children, filters
from app.web.conditions import Condition, one_of
from app.web.entities import Entity, public
from app.web.filters import Conditions
from app.web.references import Entry, References

_VERSION = table(models.OfficialVersion)
_TENURE = table(models.Tenure)
_PROOFS = children.evidence(table(models.TenureEvidence))


def _select(_: Version) -> Select[Any]:
    return select(
        _VERSION.c.row_id,
        _VERSION.c.slug,
        _VERSION.c.name,
        _VERSION.c.wikidata,
    ).select_from(_VERSION)


def _show(session: ReadSession, version: int, rows: Sequence[Row[Any]]) -> list[Entry]:
    ids = [row.row_id for row in rows]
    names = children.names(session, table(models.OfficialName), ids)
    tenures = _tenures(session, version, ids)
    return [
        {
            "slug": row.slug,
            "name": row.name,
            "name_variants": names[row.row_id][NameKind.ALIAS],
            "wikidata": row.wikidata,
            "tenures": tenures[row.row_id],
        }
        for row in rows
    ]


def _tenures(session: ReadSession, version: int, parents: Sequence[int]) -> dict[int, list[Entry]]:
    statement = lambda: children.of_parents(select(*_TENURE.c), _TENURE)
    rows = session.run("tenures", statement, {"parents": parents})
    found: dict[int, list[Entry]] = defaultdict(list)
    with References(session, version) as refer:
        (proofs,) = children.load(refer, [row.row_id for row in rows], _PROOFS)
        for row in rows:
            found[row.version_id].append(
                {
                    "post": row.post,
                    "group": refer.group[row.group_slug],
                    "country": refer.country[row.country_code],
                    "from": row.started_on,
                    "to": row.ended_on,
                    "end_status": row.end_status,
                    "attested_on": row.attested_on.isoformat(),
                    "evidence": proofs[row.row_id],
                }
            )
    return found


def _narrow(conditions: Conditions, query: OfficialQuery) -> None:
    conditions.named("official", query.official, filters.OFFICIAL, _VERSION.c.slug)
    for parameter, given, named, reference in (
        ("country", query.country, filters.COUNTRY, _TENURE.c.country_code),
        ("group", query.group, filters.GROUP, _TENURE.c.group_slug),
    ):
        conditions.choice(parameter, given, conditions.lookup(named), _holding(reference))


def _holding(reference: Any) -> Condition:
    """The condition that some tenure has one of these references."""
    return lambda found: exists().where(
        _TENURE.c.version_id == _VERSION.c.row_id, one_of(reference)(found)
    )


OFFICIALS: Entity[OfficialQuery] = Entity(
    noun="official",
    table=_VERSION,
    key="slug",
    orders={"slug": "slug", "name": "name"},
    visible=public(_VERSION),
    select=_select,
    show=_show,
    shown=Official,
    narrow=_narrow,
)
