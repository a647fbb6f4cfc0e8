"""What else has to be written when the positions of an article change: what follows from them.

Sources are joined and parted, the answers to offers go on naming positions that stand, and what
rests on an article whose origin was recorded wrongly is counted anew.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace

from sqlalchemy import select

from app.codelists import ChangeType, Curation
from app.ingest import shapes
from app.ingest.corroborate import Corroborated, corroborated
from app.ingest.shapes import Snapshot, Step, Stored
from app.models import MediationOffer, PositionEvidence, PositionVersion
from app.sessions import ReadSession
from app.sql import table

_VERSION = table(PositionVersion)
_ORIGIN = ("publisher", "agency")
_ORDER = {kind: place for place, kind in enumerate(shapes.KINDS)}


def settled(session: ReadSession, article: str, steps: list[Step]) -> list[Step]:
    """The versions to be written, given those that the record of an article asks for."""
    of_positions = [step for step in steps if step.kind is shapes.POSITION]
    others = [step for step in steps if step.kind is not shapes.POSITION]
    found = corroborated(session, article, of_positions) if of_positions else Corroborated([], [])
    written = [*others, *found.steps]
    written = [*_renamed(session, written), *_followed(session, written, found.moved)]
    written += _counted_anew(session, written)
    return sorted(written, key=lambda step: _ORDER[step.kind])


def _renamed(session: ReadSession, steps: list[Step]) -> list[Step]:
    """The steps, with answers of offers stated by the positions that go on."""
    offers = [step for step in steps if step.kind is shapes.OFFER]
    if not offers:
        return steps
    into = {
        step.key: step.snapshot.values["merged_into"]
        for step in steps
        if step.kind is shapes.POSITION
    }
    named = {id_ for step in offers for id_ in _stated(step.snapshot)}
    while unknown := named - into.keys():
        merged = _merged(session, unknown)
        into |= dict.fromkeys(unknown) | merged
        named = set(merged.values())
    renames = {id_: _last(id_, into) for id_ in into}
    return [
        replace(step, snapshot=_restated(step.snapshot, renames))
        if step.kind is shapes.OFFER
        else step
        for step in steps
    ]


def _merged(session: ReadSession, ids: set[str]) -> dict[str, str]:
    """Of these positions those that were merged, and into which."""
    c = _VERSION.c
    found = select(c.id, c.merged_into).where(
        c.id.in_(sorted(ids)), c.superseded_in.is_(None), c.merged_into.is_not(None)
    )
    return {row.id: row.merged_into for row in session.rows(found)}


def _last(id_: str, into: Mapping[str, str | None]) -> str:
    """The position that goes on for another."""
    while (further := into.get(id_)) is not None:
        id_ = further
    return id_


def _followed(
    session: ReadSession, steps: list[Step], moved: Iterable[tuple[str, str, str]]
) -> list[Step]:
    """The offers on record that name a position from which their article's reading has gone."""
    renames: dict[str, dict[str, str]] = defaultdict(dict)
    for article, was, now in moved:
        renames[article][was] = now
    if not renames:
        return []
    written = {step.key for step in steps if step.kind is shapes.OFFER}
    offers = table(MediationOffer)
    of_articles = select(offers.c.id, offers.c.article_id).where(
        offers.c.article_id.in_(sorted(renames))
    )
    articles = {row.id: row.article_id for row in session.rows(of_articles)}
    found = []
    for id_, stored in _on_record(session, shapes.OFFER, articles.keys() - written).items():
        snapshot = _restated(stored.snapshot, renames[articles[id_]])
        if snapshot != stored.snapshot:
            found.append(Step(shapes.OFFER, id_, snapshot, stored, ChangeType.UPDATED))
    return found


def _counted_anew(session: ReadSession, steps: list[Step]) -> list[Step]:
    """The positions with several sources, of which one is from elsewhere than was recorded.

    They say what they said; but versions do not change, and so there is a new one.
    """
    changed = [step.key for step in steps if step.kind is shapes.ARTICLE and _moved(step)]
    if not changed:
        return []
    proof = table(PositionEvidence)
    citing = select(_VERSION.c.id).where(
        _VERSION.c.row_id.in_(select(proof.c.version_id).where(proof.c.article_id.in_(changed))),
        _VERSION.c.superseded_in.is_(None),
        _VERSION.c.sources > 1,
    )
    written = {step.key for step in steps if step.kind is shapes.POSITION}
    ids = {row.id for row in session.rows(citing)} - written
    return [
        Step(shapes.POSITION, id_, stored.snapshot, stored, ChangeType.CORRECTED)
        for id_, stored in _on_record(session, shapes.POSITION, ids).items()
    ]


def _moved(step: Step) -> bool:
    """Whether an article on record has another publisher or agency now."""
    if step.before is None:
        return False
    before, after = step.before.snapshot.values, step.snapshot.values
    return any(before[name] != after[name] for name in _ORIGIN)


def _on_record(session: ReadSession, kind: shapes.Kind, ids: Iterable[str]) -> dict[str, Stored]:
    """The current versions of these facts that were not withdrawn, in order."""
    found = shapes.load(session, kind, ids)
    gone = Curation.WITHDRAWN
    return {i: found[i] for i in sorted(found) if found[i].snapshot.values["curation"] != gone}


def _stated(offer: Snapshot) -> set[str]:
    """The positions that state the answers to an offer."""
    return {each.values["position_id"] for each in offer.children["responses"]} - {None}


def _restated(offer: Snapshot, renames: Mapping[str, str]) -> Snapshot:
    """An offer whose answers are stated by positions of other names."""
    if not _stated(offer) & renames.keys():
        return offer
    answers = [
        Snapshot(
            answer.values
            | {
                "position_id": renames.get(id_, id_)
                if (id_ := answer.values["position_id"])
                else None
            }
        )
        for answer in offer.children["responses"]
    ]
    return Snapshot(offer.values, offer.children | {"responses": answers})
