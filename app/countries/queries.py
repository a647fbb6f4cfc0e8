"""Countries: the slice's only SQL."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, Select, select

from app import models
from app.codelists import NameKind
from app.countries.schemas import Country, CountryQuery
from app.sessions import ReadSession
from app.sql import Version, table
from app.web import children, filters
from app.web.entities import Entity, public
from app.web.filters import Conditions
from app.web.references import Entry

_VERSION = table(models.CountryVersion)


def _select(_: Version) -> Select[Any]:
    return select(*_VERSION.c).select_from(_VERSION)


def _show(session: ReadSession, _: int, rows: Sequence[Row[Any]]) -> list[Entry]:
    names = children.names(session, table(models.CountryName), [row.row_id for row in rows])
    return [_entry(row, names[row.row_id]) for row in rows]


def _entry(row: Row[Any], names: dict[str, list[str]]) -> Entry:
    shown = {row.name, row.official_name}
    also = [*names[NameKind.NAME], *names[NameKind.ALIAS]]
    region = {"code": row.region_code, "name": row.region_name}
    return {
        "code": row.code,
        "alpha2": row.alpha2,
        "numeric": row.numeric,
        "name": row.name,
        "official_name": row.official_name,
        "aliases": [name for name in also if name not in shown],
        "demonyms": names[NameKind.DEMONYM],
        "metonyms": names[NameKind.METONYM],
        "region": region if row.region_code else None,
        "wikidata": row.wikidata,
        "user_assigned": row.user_assigned,
    }


def _narrow(conditions: Conditions, query: CountryQuery) -> None:
    conditions.named("country", query.country, filters.COUNTRY, _VERSION.c.code)
    conditions.existing("region", query.region, _VERSION.c.region_code, "region")


COUNTRIES: Entity[CountryQuery] = Entity(
    noun="country",
    table=_VERSION,
    key="code",
    orders={"code": "code", "name": "name"},
    visible=public(_VERSION),
    select=_select,
    show=_show,
    shown=Country,
    narrow=_narrow,
)
