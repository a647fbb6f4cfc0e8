"""Review: the slice's only SQL. What waits is read over the kinds of facts together."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Row,
    Select,
    Subquery,
    and_,
    bindparam,
    func,
    literal,
    literal_column,
    or_,
    select,
    union_all,
)

from app import models
from app.codelists import Curation
from app.errors import Fault, near_miss
from app.ingest import shapes
from app.ingest.curate import kind_of
from app.ingest.proposals import MARK, targets
from app.ingest.shapes import Kind
from app.mediation.queries import MEDIATION_OFFERS
from app.models.base import Fraction
from app.positions.queries import POSITIONS
from app.review.schemas import ReviewQuery, Waiting
from app.rounds.queries import ROUNDS
from app.sessions import ReadSession
from app.sql import PINNED, table, valid_at
from app.web.entities import Entity
from app.web.filters import Conditions
from app.web.references import Entry

KINDS: dict[str, tuple[Kind, Entity[Any]]] = {
    kind.name: (kind, entity)
    for kind, entity in (
        (shapes.POSITION, POSITIONS),
        (shapes.OFFER, MEDIATION_OFFERS),
        (shapes.ROUND, ROUNDS),
    )
}
"""The kinds of facts: how each is kept and how it is shown."""

_STANDING = {"id", "rev", "recorded_in", "change_type", "curation"}
"""The fields of a fact that tell how it stands, and nothing of what it says."""


def _drafts(kind: Kind) -> Select[Any]:
    """The drafts of a kind at the version that is read: a range of the index that has only them."""
    versions, identity, change = kind.table.c, table(kind.anchor).c, table(models.Change).c
    proof = kind.children["evidence"].table.c
    gone = versions.superseded_in
    return (
        select(
            literal(kind.name).label("kind"),
            versions.id,
            versions.rev,
            versions.recorded_in,
            versions.rule,
            versions.confidence,
            func.coalesce(versions.confidence, literal(0.0, Fraction())).label("sure"),
            (func.coalesce(identity.record_key, "").contains(MARK)).label("proposal"),
            proof.article_id,
            proof.start_at,
            change.method,
        )
        .join(table(kind.anchor), identity.id == versions.id)
        .join(
            kind.children["evidence"].table,
            and_(proof.version_id == versions.row_id, proof.ordinal == 0),
        )
        .join(table(models.Change), change.seq == versions.recorded_in)
        .where(
            # In so many words: as a parameter it would not match the index.
            versions.curation == literal_column(f"'{Curation.DRAFT.value}'"),
            versions.recorded_in <= PINNED,
            or_(gone.is_(None), gone > PINNED),
        )
    )


_WAITING: Subquery = union_all(*(_drafts(kind) for kind, _ in KINDS.values())).subquery()


def _show(session: ReadSession, version: int, rows: Sequence[Row[Any]]) -> list[Entry]:
    ids: dict[str, list[str]] = defaultdict(list)
    for row in rows:
        ids[row.kind].append(row.id)
    facts: dict[str, Entry] = {}
    proposes: dict[str, Entry] = {}
    for name, found in ids.items():
        kind, entity = KINDS[name]
        into = targets(session, kind, found)
        of_kind = _entries(session, version, entity, {*found, *into.values()})
        facts |= of_kind
        proposes |= {id_: _proposed(of_kind[id_], of_kind[fact]) for id_, fact in into.items()}
    return [_waiting(row, facts[row.id], proposes.get(row.id)) for row in rows]


def _waiting(row: Row[Any], fact: Entry, proposed: Entry | None) -> Entry:
    return {
        "id": row.id,
        "kind": row.kind,
        "rev": row.rev,
        "article": fact["articles"][0],
        "rule": row.rule,
        "confidence": row.confidence,
        "method": row.method,
        "recorded_in": row.recorded_in,
        "proposes": proposed,
        "fact": fact,
    }


def _proposed(proposal: Entry, fact: Entry) -> Entry:
    """The fact that a proposal would change."""
    said = proposal.keys() - _STANDING
    return {
        "id": fact["id"],
        "rev": fact["rev"],
        "curation": fact["curation"],
        "differs": [name for name in proposal if name in said and proposal[name] != fact[name]],
    }


def _entries(
    session: ReadSession, version: int, entity: Entity[Any], ids: set[str]
) -> dict[str, Entry]:
    """These facts at a record version, however they stand."""
    there = [entity.identifier.in_(sorted(ids)), valid_at(entity.table, version)]
    rows = session.rows(entity.select(version).where(*there))
    return {entry["id"]: entry for entry in entity.show(session, version, rows)}


def _kind(given: str, parameter: str) -> str | Fault:
    known = list(KINDS)
    if given in known:
        return given
    detail = f"{given[:80]!r} is no kind of fact."
    return Fault(detail, parameter, allowed=known, suggestion=near_miss(given, known))


def _narrow(conditions: Conditions, query: ReviewQuery) -> None:
    c = _WAITING.c
    known = conditions.occurring(table(models.ArticleVersion).c.id, "article")
    conditions.column("article", query.article, known, c.article_id)
    conditions.column("kind", query.kind, _kind, c.kind)
    if query.below is not None:
        conditions.read_as["below"] = [str(query.below)]
        less = lambda: c.confidence < bindparam("below", type_=Fraction())
        conditions.add("below", less, below=query.below)
    if query.what is not None:
        conditions.read_as["what"] = [query.what]
        wanted = query.what == "proposal"
        conditions.add(query.what, lambda: c.proposal if wanted else c.proposal.is_(False))


WAITING: Entity[ReviewQuery] = Entity(
    noun="draft",
    table=_WAITING,
    key="id",
    orders={"confidence": "sure", "recorded_in": "recorded_in"},
    visible=lambda _version: [],
    select=lambda _version: select(_WAITING),
    show=_show,
    shown=Waiting,
    narrow=_narrow,
)
"""The drafts that wait for review, over all kinds of facts."""


def waiting(
    session: ReadSession,
    article: str | None = None,
    kind: str | None = None,
    below: float | None = None,
) -> list[str]:
    """The ids of what waits, article by article, positions first: what else may rest on them."""
    c = _WAITING.c
    conditions: list[ColumnElement[bool]] = []
    if article is not None:
        conditions.append(c.article_id == article)
    if kind is not None:
        conditions.append(c.kind == kind)
    if below is not None:
        conditions.append(c.confidence < below)
    came = func.min(c.recorded_in).over(partition_by=c.article_id)
    order = (came, c.article_id, c.kind != shapes.POSITION.name, c.start_at, c.id)
    found = session.rows(
        select(c.id).where(*conditions).order_by(*order), {"version": session.record_version()}
    )
    return [row.id for row in found]


def waiting_one(session: ReadSession, id_: str) -> Entry | None:
    """One of them as it stands now; none if it waits no longer."""
    version = session.record_version()
    rows = session.rows(select(_WAITING).where(_WAITING.c.id == id_), {"version": version})
    return next(iter(_show(session, version, rows)), None)


def fact_now(session: ReadSession, id_: str) -> Entry:
    """A fact that is on record, as it stands now."""
    _, entity = KINDS[kind_of(id_).name]
    return _entries(session, session.record_version(), entity, {id_})[id_]


def text_of(session: ReadSession, article: str) -> str | None:
    """The text of an article, if it is held: for who has the database, and nobody else."""
    held = table(models.ArticleText)
    text: str | None = session.scalar(select(held.c.text).where(held.c.article_id == article))
    return text
