"""Receipts: the slice's only SQL."""

from typing import TYPE_CHECKING, Any

from sqlalchemy import literal, select, union_all

from app import models
from app.errors import NotFound, TooManyCells
from app.ingest import shapes
from app.ingest.changes import GENESIS
from app.ingest.receipt import ANSWER_FORMAT, FORMAT, sealed
from app.ingest.shapes import Kind
from app.receipts.schemas import MAX_LISTED, AnswerQuery
from app.sessions import ReadSession
from app.sql import table, valid_at
from app.web.entities import Entity
from app.web.moments import rfc3339
from app.web.references import Entry
from app.web.totals import coverage

if TYPE_CHECKING:
    from app.signing import Signer

_CHANGE = table(models.Change)


def receipt(
    session: ReadSession, version: int, kind: Kind, id_: str, signer: "Signer | None"
) -> Entry:
    """The receipt of a fact that is public at a record version."""
    stored = shapes.load(session, kind, [id_], version)[id_]
    fact = shapes.content(kind, stored.snapshot)
    row = session.rows(
        select(kind.table.c.change_type, kind.table.c.digest.label("fact_digest"), *_CHANGE.c)
        .join(_CHANGE, _CHANGE.c.seq == kind.table.c.recorded_in)
        .where(kind.table.c.row_id == stored.row_id)
    )[0]
    articles = list(dict.fromkeys(proof["article_id"] for proof in fact["evidence"]))
    return sealed(
        {
            "format": FORMAT,
            "kind": kind.name,
            "id": id_,
            "rev": stored.rev,
            "change_type": row.change_type,
            "fact": fact,
            "articles": _articles(session, version, articles),
            "recorded": {
                "change": row.seq,
                "at": rfc3339(row.at),
                "by": row.by,
                "reason": row.reason,
                "method": row.method,
                "software": row.software,
            },
            "digests": {"fact": row.fact_digest, "record": row.digest},
        },
        signer,
    )


def answer_receipt(
    session: ReadSession,
    version: int,
    entity: Entity[Any],
    query: AnswerQuery,
    path: str,
    signer: "Signer | None",
) -> Entry:
    """What the record answers to a question at a record version: which facts, or none.

    Raises TooManyCells if they are more than a receipt lists.
    """
    conditions = entity.conditions(session, version)
    entity.narrow(conditions, query)
    facts = entity.table
    rows = session.rows(
        select(facts.c.id, facts.c.rev, facts.c.digest)
        .where(*entity.visible(version), *conditions.checked().where)
        .order_by(facts.c.id)
        .limit(MAX_LISTED + 1),
        conditions.params,
    )
    if len(rows) > MAX_LISTED:
        raise TooManyCells(
            f"More than {MAX_LISTED:,} {entity.noun}s match. Ask more narrowly for a receipt."
        )
    change = session.first(select(_CHANGE).where(_CHANGE.c.seq == version))
    asked = query.model_dump(exclude_defaults=True, exclude={"as_of"})
    content = {
        "format": ANSWER_FORMAT,
        "path": path,
        "query": asked,
        "filters": conditions.read_as,
        "record": change
        and {"version": change.seq, "at": rfc3339(change.at), "digest": change.digest},
        "total": len(rows),
        "facts": [{"id": row.id, "rev": row.rev, "digest": row.digest} for row in rows],
        "coverage": None if rows else coverage(entity, conditions),
    }
    return sealed(content, signer)


def _articles(session: ReadSession, version: int, ids: list[str]) -> list[Entry]:
    articles = table(models.ArticleVersion)
    rows = session.rows(select(articles).where(articles.c.id.in_(ids), valid_at(articles, version)))
    found = {
        row.id: {
            "id": row.id,
            "headline": row.headline,
            "publisher": row.publisher,
            "published_on": row.published_on.isoformat(),
            "text_sha256": row.text_sha256,
            "characters": row.characters,
        }
        for row in rows
    }
    return [found[id_] for id_ in ids]


def record_digest(session: ReadSession, seq: int) -> Entry:
    """The digest of the record after a change. Raises NotFound."""
    change = session.first(select(_CHANGE).where(_CHANGE.c.seq == seq))
    if change is None:
        raise NotFound(f"There is no change {seq} on record.")
    previous = session.scalar(select(_CHANGE.c.digest).where(_CHANGE.c.seq == seq - 1))
    return {
        "seq": change.seq,
        "kind": change.kind,
        "by": change.by,
        "reason": change.reason,
        "article_id": change.article_id,
        "method": change.method,
        "software": change.software,
        "versions": _versions(session, seq),
        "previous": previous or GENESIS,
        "digest": change.digest,
    }


def _versions(session: ReadSession, seq: int) -> list[Entry]:
    parts: list[Any] = [
        select(
            literal(kind.name).label("kind"),
            kind.table.c[kind.key].label("id"),
            kind.table.c.rev.label("rev"),
            kind.table.c.change_type.label("change_type"),
            kind.table.c.digest.label("digest"),
        ).where(kind.table.c.recorded_in == seq)
        for kind in shapes.KINDS
    ]
    written = union_all(*parts).subquery()
    rows = session.rows(select(written))
    shown = [
        {
            "kind": row.kind,
            "id": row.id,
            "rev": row.rev,
            "change_type": row.change_type,
            "digest": row.digest,
        }
        for row in rows
    ]
    return sorted(shown, key=lambda each: (each["kind"], each["id"], each["rev"]))
