"""Proposals: what an extractor would have said otherwise of a fact that only people change.

A proposal is a draft whose key is that of its fact, a slash and a digest of what it says. So it has
versions, evidence and a history like any fact, is hidden like any draft, and comes only once: what
was decided is not proposed again by the same content.
"""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import select

from app.canonical import digest
from app.codelists import Curation
from app.ingest import shapes
from app.ingest.shapes import Kind, Snapshot, Stored
from app.sessions import ReadSession
from app.sql import table

MARK = "/"
"""Stands in the key of a proposal, and in no key that a record may give."""

_DIGITS = 16
_STANDING = {"id", "curation", "merged_into", "record_digest", "rule", "confidence"}
"""The values of a version that tell how it stands, and nothing of what it says."""
_NOTES = {"prefix", "suffix", "cue", "source_text"}
"""What evidence has beside the words: another reading of it makes no other fact."""


def says(snapshot: Snapshot, article: str) -> dict[str, Any]:
    """What a version says on the strength of an article, to be compared with another."""
    said = {name: value for name, value in snapshot.values.items() if name not in _STANDING}
    lists = {
        name: [each.values for each in found]
        for name, found in snapshot.children.items()
        if name != "evidence"
    }
    proofs = [
        {name: value for name, value in proof.values.items() if name not in _NOTES}
        for proof in snapshot.children["evidence"]
        if proof.values["article_id"] == article
    ]
    return said | lists | {"evidence": proofs}


def proposal_key(key: str, snapshot: Snapshot, article: str) -> str:
    """The key of the proposal that the fact with this key says this."""
    return f"{key}{MARK}{digest(says(snapshot, article))[:_DIGITS]}"


def targets(session: ReadSession, kind: Kind, ids: Iterable[str]) -> dict[str, str]:
    """Of these facts, those that are proposals: each with the fact that it would change."""
    identity = table(kind.anchor)
    known = session.rows(select(identity).where(identity.c.id.in_(sorted(set(ids)))))
    asked = {
        row.id: (row.article_id, row.record_key.partition(MARK)[0])
        for row in known
        if row.record_key and MARK in row.record_key
    }
    if not asked:
        return {}
    articles, keys = ({pair[place] for pair in asked.values()} for place in (0, 1))
    facts = session.rows(
        select(identity).where(
            identity.c.article_id.in_(sorted(articles)), identity.c.record_key.in_(sorted(keys))
        )
    )
    found = {(row.article_id, row.record_key): row.id for row in facts}
    return {id_: found[pair] for id_, pair in asked.items()}


def target(session: ReadSession, kind: Kind, id_: str) -> tuple[str, Stored] | None:
    """The fact that a proposal would change, as it stands.

    None for what is no proposal, and for one whose fact is gone: it stands for itself.
    """
    into = targets(session, kind, [id_]).get(id_)
    stored = shapes.load(session, kind, [into])[into] if into else None
    if into is None or stored is None:
        return None
    gone = stored.snapshot.values["curation"] == Curation.WITHDRAWN
    return None if gone else (into, stored)
