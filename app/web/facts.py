"""What positions, mediation offers and rounds have in common over HTTP."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache
from typing import Any, Generic, Literal

from pydantic import ConfigDict, Field
from sqlalchemy import Column, ColumnElement, Row, Select, Table, bindparam, select
from starlette.requests import Request
from starlette.responses import Response

from app import models
from app.codelists import ChangeType, Curation, Scope
from app.errors import Moved, NotFound, Withdrawn
from app.sessions import ReadSession
from app.sql import Version, table, valid_at
from app.web.auth import require, sees_drafts
from app.web.entities import Entity, Q, entry_at
from app.web.filters import Conditions
from app.web.listing import address, item_response, list_response
from app.web.moments import Moment, asked_for, rfc3339
from app.web.references import Entry
from app.web.respond import respond
from app.web.schemas import (
    AsOf,
    Evidence,
    ItemLinks,
    ItemMeta,
    ItemQuery,
    ListQuery,
    Query,
    Shown,
    T,
    sort_field,
)


def _last(schema: dict[str, Any]) -> None:
    """Show which version it is after what it says, though the fields are inherited."""
    properties = schema["properties"]
    for name in ("rev", "recorded_in", "change_type", "curation"):
        properties[name] = properties.pop(name)


class VersionFields(Shown):
    """Which version of a fact this is."""

    model_config = ConfigDict(json_schema_extra=_last)

    rev: int = Field(description="Number of the version, from 1.", examples=[1])
    recorded_in: int = Field(description="The change that wrote it.", examples=[1])
    change_type: ChangeType = Field(
        description="What it did to the version before.", examples=["new"]
    )
    curation: Curation = Field(
        description="`published`; those with a key see drafts too. In a history also `withdrawn`.",
        examples=["published"],
    )


class Revision(VersionFields, Generic[T]):
    """One version of a fact, and the change that wrote it."""

    superseded_in: int | None = Field(
        description="The change that replaced it; null for the current version.", examples=[None]
    )
    recorded_at: str = Field(
        description="When it was recorded (RFC 3339, UTC).",
        examples=["2026-01-05T09:30:00.000000Z"],
    )
    recorded_by: str = Field(description="Who recorded it.", examples=["seed"])
    reason: str | None = Field(
        description="Why, for anything but a first version.", examples=[None]
    )
    fact: T | None = Field(
        description="The fact as this version has it; null where it was withdrawn."
    )


class FactQuery(ListQuery):
    """What every list of facts takes."""

    curation: Literal["published", "draft"] = Field(
        default="published",
        title="Curation",
        description="`draft` lists what waits for review; it takes a key with the scope `read`.",
        examples=["published"],
    )


class HistoryQuery(ListQuery):
    """What a history takes."""

    sort: Literal["rev", "-rev"] = sort_field("rev")


class EvidenceQuery(Query):
    """What a list of evidence takes."""

    as_of: AsOf = None


class EvidenceList(Shown):
    """The evidence of one fact, in the order of the record."""

    data: list[Evidence] = Field(description="The words that prove it.")
    meta: ItemMeta = Field(description="About the answer.")
    links: ItemLinks = Field(description="Where to go.")


_VERSION = ("rev", "recorded_in", "change_type", "curation")
"""The columns that say which version it is."""


def fact_columns(versions: Table) -> list[Column[Any]]:
    """The columns that every fact is shown with; `proved` shows them."""
    return [versions.c[name] for name in ("row_id", "id", *_VERSION)]


def proved(row: Row[Any], proofs: list[Entry]) -> Entry:
    """The last part of every fact: its articles, the words that prove it, and its version."""
    return {
        "articles": list({proof["article"]["id"]: proof["article"] for proof in proofs}.values()),
        "evidence": proofs,
        "rev": row.rev,
        "recorded_in": row.recorded_in,
        "change_type": row.change_type,
        "curation": row.curation,
    }


def fact_list_response(
    request: Request,
    session: ReadSession,
    entity: Entity[Any],
    query: FactQuery,
    narrow: Callable[[Conditions], None] = lambda _: None,
) -> Response:
    """A page of facts. Drafts are for those with a key: raises Unauthorized or Forbidden."""
    if query.curation == "published":
        return list_response(request, session, entity, query, narrow)
    require(request, session, Scope.READ)

    def noted(conditions: Conditions) -> None:
        conditions.read_as["curation"] = [Curation.DRAFT.value]
        narrow(conditions)

    return list_response(request, session, _curated(entity, Curation.DRAFT), query, noted)


@cache
def _curated(entity: Entity[Q], *curations: Curation) -> Entity[Q]:
    """The facts in these states of curation, as an entity."""
    versions = entity.table

    def visible(version: Version) -> list[ColumnElement[bool]]:
        return [valid_at(versions, version), versions.c.curation.in_(curations)]

    return replace(entity, visible=visible, tallied=lambda _conditions: None)


def fact_response(
    request: Request, session: ReadSession, entity: Entity[Any], id_: str, query: ItemQuery
) -> Response:
    """A fact. Raises Withdrawn, Moved or NotFound where there is none to show."""
    moment, entry = shown_fact(request, session, entity, id_, query.as_of)
    return item_response(request, moment, entry, entity, query, id_)


def shown_fact(
    request: Request, session: ReadSession, entity: Entity[Any], id_: str, as_of: str | None
) -> tuple[Moment, Entry]:
    """A fact at the moment asked for. Raises Withdrawn, Moved or NotFound if there is none."""
    moment = asked_for(request, session, as_of)
    if sees_drafts(request):
        entity = _curated(entity, Curation.PUBLISHED, Curation.DRAFT)
    entry = entry_at(session, moment.version, entity, id_)
    if entry is None:
        raise _absent(request, session, entity, id_, moment)
    return moment, entry


def evidence_response(
    request: Request, session: ReadSession, entity: Entity[Any], id_: str, query: EvidenceQuery
) -> Response:
    """The evidence of a fact. Raises as `fact_response` does."""
    moment, entry = shown_fact(request, session, entity, id_, query.as_of)
    here = address(request.url.path, query.model_dump(exclude_defaults=True))
    content = {"data": entry["evidence"], "meta": moment.meta, "links": {"self": here}}
    return respond(request, content, moment)


def history_response(
    request: Request,
    session: ReadSession,
    entity: Entity[Any],
    revision: type[Revision[Any]],
    id_: str,
    query: HistoryQuery,
) -> Response:
    """The versions of a fact, those of a withdrawn one included."""
    of_fact = _history(entity, revision, drafts=sees_drafts(request))

    def narrow(conditions: Conditions) -> None:
        seen = [entity.identifier == id_, *of_fact.visible(conditions.version)]
        if session.first(select(entity.identifier).where(*seen).limit(1)) is None:
            raise _unknown(entity, id_)
        conditions.add("of", lambda: entity.identifier == bindparam("of"), of=id_)

    return list_response(request, session, of_fact, query, narrow)


@cache
def _history(
    entity: Entity[Any], revision: type[Revision[Any]], *, drafts: bool
) -> Entity[HistoryQuery]:
    """The versions of a fact as a list of their own."""
    versions, change = entity.table, table(models.Change)

    def visible(version: Version) -> list[ColumnElement[bool]]:
        public = versions.c.curation != Curation.DRAFT.value
        return [versions.c.recorded_in <= version, *([] if drafts else [public])]

    def statement(version: Version) -> Select[Any]:
        return (
            entity.select(version)
            .add_columns(
                versions.c.superseded_in,
                change.c.at.label("recorded_at"),
                change.c.by.label("recorded_by"),
                change.c.reason.label("reason"),
            )
            .join(change, change.c.seq == versions.c.recorded_in)
        )

    def show(session: ReadSession, version: int, rows: Sequence[Row[Any]]) -> list[Entry]:
        facts = entity.show(session, version, rows)
        return [_revision(version, *pair) for pair in zip(rows, facts, strict=True)]

    return replace(
        entity,
        noun="version",
        key="rev",
        orders={"rev": "rev"},
        visible=visible,
        select=statement,
        show=show,
        shown=revision,
        narrow=lambda _conditions, _query: None,
        hint=lambda _conditions: "",
        horizon=None,
        tallied=lambda _conditions: None,
    )


def _revision(version: int, row: Row[Any], fact: Entry) -> Entry:
    later = row.superseded_in
    return {
        **{name: getattr(row, name) for name in _VERSION},
        "superseded_in": later if later is not None and later <= version else None,
        "recorded_at": rfc3339(row.recorded_at),
        "recorded_by": row.recorded_by,
        "reason": row.reason,
        "fact": None if row.curation == Curation.WITHDRAWN else fact,
    }


def written_version(
    session: ReadSession, entity: Entity[Any], revision: type[Revision[Any]], id_: str, seq: int
) -> Entry:
    """The version of a fact that a change wrote, as its history has it."""
    of_fact = _history(entity, revision, drafts=True)
    versions = entity.table
    rows = session.rows(
        of_fact.select(seq).where(entity.identifier == id_, versions.c.recorded_in == seq)
    )
    return of_fact.show(session, seq, rows)[0]


def _unknown(entity: Entity[Any], id_: str) -> NotFound:
    return NotFound(f"There is no {entity.noun} {id_[:80]!r} on record.")


def _absent(
    request: Request, session: ReadSession, entity: Entity[Any], id_: str, moment: Moment
) -> Exception:
    """Why there is no fact to show under this id at this moment."""
    versions, change = entity.table, table(models.Change)
    row = session.first(
        select(versions.c.curation, versions.c.change_type, versions.c.merged_into)
        .add_columns(change.c.at, change.c.seq, change.c.reason)
        .join(change, change.c.seq == versions.c.recorded_in)
        .where(entity.identifier == id_, valid_at(versions, moment.version))
    )
    if row is None or row.curation == Curation.DRAFT:
        return _unknown(entity, id_)
    if row.change_type == ChangeType.MERGED:
        return Moved(str(request.url.replace(scheme="", netloc="")).replace(id_, row.merged_into))
    address = request.url.path.partition(id_)[0] + id_
    why = f": {row.reason.rstrip('.')}." if row.reason else "."
    return Withdrawn(
        f"The {entity.noun} {id_} was withdrawn in change {row.seq}, {rfc3339(row.at)}{why} "
        f"Its history is at {address}/history."
    )
