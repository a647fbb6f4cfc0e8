"""The only writer: plans the versions that an input calls for, and writes them in one change."""

import base64
import hashlib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import insert, select

from app import horizons, sources, tallies
from app.codelists import ChangeType, Curation
from app.fulltext import Indexed, index_positions
from app.ingest import shapes
from app.ingest.changes import Origin, close_change, number_topics, open_change
from app.ingest.shapes import Kind, Lookup, Snapshot, Step, Stored, content
from app.sessions import ReadSession, WriteSession
from app.sql import table

_PREFIX = {shapes.POSITION: "pos", shapes.OFFER: "med", shapes.ROUND: "rnd"}
_ID_BYTES = 10
"""80 bits: a collision among a billion facts has odds of one in a million."""


@dataclass(frozen=True)
class Want:
    """An entity as it ought to be on record."""

    kind: Kind
    key: str
    snapshot: Snapshot
    record_key: str | None = None
    """For facts: their key in the record."""


@dataclass(frozen=True)
class Outcome:
    """What a load did to the record."""

    seq: int | None
    """The change that was written, or none if everything was on record already."""
    steps: list[Step]


def prefix(kind: Kind) -> str:
    """What the ids of a kind of fact begin with."""
    return _PREFIX[kind]


def article_id(text_sha256: str) -> str:
    """The id of the article that has this text."""
    return f"art_{_short(text_sha256)}"


def fact_id(kind: Kind, text_sha256: str, key: str) -> str:
    """The id of a fact, from the article's text hash and the fact's key in the record."""
    return f"{_PREFIX[kind]}_{_short(f'{kind.name}/{text_sha256}/{key}')}"


def curated_id(kind: Kind, digest: str, number: int) -> str:
    """The id of a fact that a curator wrote, from the digest of the entry; the n-th such fact."""
    return f"{_PREFIX[kind]}_{_short(f'{kind.name}/curated/{digest}/{number}')}"


def plan(lookup: Lookup, wants: Iterable[Want], joined: Collection[str] = ()) -> list[Step]:
    """The versions to be written for these entities to be on record as wanted.

    `joined` are the positions that stand as sources of others.
    """
    wanted = list(wants)
    steps = []
    for kind in shapes.KINDS:
        of_kind = [want for want in wanted if want.kind is kind]
        stored = lookup(kind, (want.key for want in of_kind))
        for want in of_kind:
            before = stored.get(want.key)
            gone = want.key not in joined
            if before and _says_the_same(kind, before.snapshot, want.snapshot, final=gone):
                continue
            if before is None or before.snapshot != want.snapshot:
                change_type = _change_type(before, want.snapshot)
                steps.append(
                    Step(kind, want.key, want.snapshot, before, change_type, want.record_key)
                )
    return steps


def withdrawals(
    session: ReadSession, article: str, wants: Iterable[Want], joined: Collection[str] = ()
) -> list[Step]:
    """The withdrawal of every fact that this article's record brought and no longer holds.

    It forgets the entry (`record_digest`), so that a record which has it again brings it back.
    """
    wanted = {want.key for want in wants}
    steps = []
    for kind in shapes.FACTS:
        identity = table(kind.anchor)
        ids = session.rows(select(identity.c.id).where(identity.c.article_id == article))
        gone = shapes.load(session, kind, (row.id for row in ids if row.id not in wanted))
        for id_, before in sorted(gone.items()):
            if before.snapshot.values["curation"] != Curation.WITHDRAWN or id_ in joined:
                values = before.snapshot.values | {
                    "curation": Curation.WITHDRAWN.value,
                    "record_digest": None,
                }
                snapshot = replace(before.snapshot, values=values)
                steps.append(Step(kind, id_, snapshot, before, ChangeType.WITHDRAWN))
    return steps


def indexed(row_id: int, seq: int, id_: str, said: Mapping[str, Any]) -> Indexed:
    """A version of a position as search finds it: by our words and the speaker's."""
    spoken = (proof["exact"] for proof in said["evidence"])
    texts = [said["proposition"], *(words for words in spoken if words)]
    return Indexed(row_id, seq, id_, said, texts)


def store(session: WriteSession, steps: list[Step], origin: Origin) -> Outcome:
    """Write these versions in one change; no change at all if there are none."""
    if not steps:
        return Outcome(None, steps)
    for kind in shapes.KINDS:
        new = [step for step in steps if step.kind is kind and step.before is None]
        rows = [identity(step, origin) for step in new]
        if rows:
            session.execute(insert(table(kind.anchor)), rows)
    change = open_change(session, origin)
    seq, versions, corroborated = change["seq"], [], []
    for step in steps:
        written = shapes.write(session, step, seq)
        versions.append(
            {
                "kind": step.kind.name,
                "id": step.key,
                "rev": written.rev,
                "change_type": step.change_type.value,
                "digest": written.digest,
            }
        )
        if step.kind is shapes.POSITION:
            said = content(step.kind, step.snapshot)
            index_positions(session, [indexed(written.row_id, seq, step.key, said)])
            if len(sources.cited(said["evidence"])) > 1:
                corroborated.append(written.row_id)
    sources.count(session, corroborated)
    tallies.adjust(
        session, seq, map(_move, (step for step in steps if step.kind is shapes.POSITION))
    )
    horizons.advance(session, seq, ((step.kind.name, step.snapshot.values) for step in steps))
    number_topics(session, steps, seq)
    close_change(session, change, versions)
    return Outcome(seq, steps)


def identity(step: Step, origin: Origin) -> dict[str, Any]:
    """The identity of an entity that is new to the record."""
    if step.kind not in shapes.FACTS:
        return {step.kind.key: step.key}
    return {"id": step.key, "article_id": origin.article_id, "record_key": step.record_key}


def _change_type(before: Stored | None, wanted: Snapshot) -> ChangeType:
    """New, or corrected; an entity that only gains children or first values is updated.

    A draft that is published is new: nobody has seen what it said before.
    """
    if before is None:
        return ChangeType.NEW
    if "curation" in wanted.values:
        drafted = before.snapshot.values["curation"] == Curation.DRAFT
        published = wanted.values["curation"] == Curation.PUBLISHED
        return ChangeType.NEW if drafted and published else ChangeType.CORRECTED
    old, new = before.snapshot, wanted
    same = all(
        value in (None, new.values[name]) or name == "record_digest"
        for name, value in old.values.items()
    )
    grown = all(
        all(child in new.children[name] for child in children)
        for name, children in old.children.items()
    )
    return ChangeType.UPDATED if same and grown else ChangeType.CORRECTED


def _says_the_same(kind: Kind, stored: Snapshot, wanted: Snapshot, *, final: bool) -> bool:
    """Whether a fact needs no new version.

    If it goes back to the same entry, whoever corrected it since stands; so does a curator who
    withdrew or merged it, which is `final`. If the entry is only spelled differently, there is
    nothing to correct.
    """
    if kind not in shapes.FACTS:
        return False
    digest = stored.values["record_digest"]
    if final and stored.values["curation"] == Curation.WITHDRAWN and digest is not None:
        return True
    if digest == wanted.values["record_digest"]:
        return True
    return stored == replace(wanted, values=wanted.values | {"record_digest": digest})


def _move(step: Step) -> tuple[dict[str, Any] | None, dict[str, Any]]:
    """What a version replaces and what it says."""
    return step.before.snapshot.values if step.before else None, step.snapshot.values


def _short(source: str) -> str:
    digest = hashlib.sha256(source.encode()).digest()[:_ID_BYTES]
    return base64.b32encode(digest).decode().lower()
