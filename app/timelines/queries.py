"""Topics in time: the slice's only SQL."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

import jsonpatch
from sqlalchemy import (
    FromClause,
    Row,
    Select,
    Subquery,
    and_,
    bindparam,
    func,
    literal,
    or_,
    select,
    union_all,
)

from app import models
from app.codelists import Curation
from app.dates import shown_date
from app.errors import Fault, InvalidRequest, NotFound, TooManyCells
from app.mediation.queries import MEDIATION_OFFERS
from app.positions.queries import POSITIONS
from app.rounds.queries import ROUNDS
from app.sessions import BEFORE_ALL, ReadSession
from app.sql import Version, table, valid_at
from app.timelines.schemas import TimelineEntry, TimelineQuery, TopicVersion, TopicVersionQuery
from app.web.entities import Entity, public
from app.web.listing import API, address
from app.web.moments import rfc3339
from app.web.references import Entry

FACTS: dict[str, Entity[Any]] = {
    "position": POSITIONS,
    "mediation_offer": MEDIATION_OFFERS,
    "round": ROUNDS,
}
PATHS = {"position": "positions", "mediation_offer": "mediation-offers", "round": "rounds"}
MAX_STATE = 200
MAX_DIFF = 2_000

_CHANGE = table(models.Change)
_NUMBER = table(models.TopicChange)


def topic_at(session: ReadSession, version: int, slug: str) -> Entry:
    """The reference to a topic as of a change. Raises NotFound."""
    topics = table(models.TopicVersion)
    name = session.scalar(
        select(topics.c.name).where(topics.c.slug == slug, valid_at(topics, version))
    )
    if name is None:
        raise NotFound(f"There is no topic {slug[:80]!r} on record.")
    return {"slug": slug, "name": name}


# Versions


def _show_versions(session: ReadSession, _: int, rows: Sequence[Row[Any]]) -> list[Entry]:
    if not rows:
        return []
    trees: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for seq, tree in _trees(session, rows[0].topic, [row.seq for row in rows]).items():
        trees[tree].append(seq)
    touched: dict[int, list[Entry]] = defaultdict(list)
    for tree, changes in trees.items():
        touched |= _touched(session, tree, changes)
    return [_version(row, touched[row.seq]) for row in rows]


def _trees(session: ReadSession, slug: str, changes: Sequence[int]) -> dict[int, tuple[str, ...]]:
    """The topic and all that was narrower as of each change: the tree may be another by now."""
    topics = table(models.TopicVersion)
    rows = session.rows(
        select(topics.c.slug, topics.c.broader, topics.c.recorded_in, topics.c.superseded_in)
    )
    found = {}
    for seq in changes:
        valid = [
            (row.slug, row.broader)
            for row in rows
            if row.recorded_in <= seq and (row.superseded_in is None or row.superseded_in > seq)
        ]
        tree = {slug}
        while more := {topic for topic, broader in valid if broader in tree} - tree:
            tree |= more
        found[seq] = tuple(sorted(tree))
    return found


def _select_versions(_: Version) -> Select[Any]:
    return (
        select(
            _NUMBER.c.topic,
            _NUMBER.c.number,
            _NUMBER.c.seq,
            _CHANGE.c.at,
            _CHANGE.c.kind,
            _CHANGE.c.by,
            _CHANGE.c.reason,
        )
        .select_from(_NUMBER)
        .join(_CHANGE, _CHANGE.c.seq == _NUMBER.c.seq)
    )


_TOPIC_VERSIONS: Entity[TopicVersionQuery] = Entity(
    noun="topic version",
    table=_NUMBER,
    key="number",
    orders={"number": "number"},
    visible=lambda version: [_NUMBER.c.seq <= version, _NUMBER.c.topic == bindparam("of_topic")],
    select=_select_versions,
    show=_show_versions,
    shown=TopicVersion,
)


def versions_of(slug: str) -> Entity[TopicVersionQuery]:
    """The versions of a topic as a list."""
    return _TOPIC_VERSIONS.among(of_topic=slug)


def _version(row: Row[Any], touched: list[Entry]) -> Entry:
    return {
        "number": row.number,
        "change": row.seq,
        "at": rfc3339(row.at),
        "kind": row.kind,
        "by": row.by,
        "reason": row.reason,
        "facts": touched,
    }


def _touched(
    session: ReadSession, tree: Sequence[str], changes: Sequence[int]
) -> dict[int, list[Entry]]:
    """How many facts on these topics each change touched, by change type.

    A fact that a change moved to another topic was touched here too.
    """
    parts = []
    for entity in FACTS.values():
        new, old = entity.table, entity.table.alias()
        before = and_(
            old.c.id == new.c.id,
            old.c.superseded_in == new.c.recorded_in,
            old.c.curation != Curation.DRAFT.value,
        )
        parts.append(
            select(new.c.recorded_in.label("seq"), new.c.change_type.label("change_type"))
            .select_from(new)
            .outerjoin(old, before)
            .where(
                new.c.recorded_in.in_(changes),
                new.c.curation != Curation.DRAFT.value,
                or_(new.c.topic.in_(tree), old.c.topic.in_(tree)),
            )
        )
    every = union_all(*parts).subquery()
    counted = (
        select(every.c.seq, every.c.change_type, func.count().label("counted"))
        .group_by(every.c.seq, every.c.change_type)
        .order_by(every.c.seq, every.c.change_type)
    )
    found: dict[int, list[Entry]] = defaultdict(list)
    for row in session.rows(counted):
        found[row.seq].append({"change_type": row.change_type, "count": row.counted})
    return found


def change_of(session: ReadSession, version: int, slug: str, number: int) -> int:
    """The change that made a version of a topic; BEFORE_ALL for 0. Raises NotFound."""
    if number == 0:
        return BEFORE_ALL
    seq = session.scalar(
        select(_NUMBER.c.seq).where(
            _NUMBER.c.topic == slug, _NUMBER.c.number == number, _NUMBER.c.seq <= version
        )
    )
    if seq is None:
        last = session.scalar(
            select(func.max(_NUMBER.c.number)).where(
                _NUMBER.c.topic == slug, _NUMBER.c.seq <= version
            )
        )
        raise NotFound(
            f"The topic {slug} has no version {number}; "
            + (f"its last is {last}." if last else "nothing is on record about it.")
        )
    return int(seq)


def state(session: ReadSession, topic: Entry, number: int, seq: int) -> Entry:
    """A topic as of one of its versions, with what was narrower then."""
    tree = _trees(session, topic["slug"], [seq])[seq]
    rows = session.rows(
        _select_versions(seq).where(_NUMBER.c.topic == topic["slug"], _NUMBER.c.number == number)
    )
    shown = _version(rows[0], _touched(session, tree, [seq])[seq])
    facts: dict[str, list[Entry]] = {}
    counts: dict[str, Entry] = {}
    for kind, entity in FACTS.items():
        where = [*entity.visible(seq), entity.table.c.topic.in_(tree)]
        order = entity.place(next(iter(entity.orders)))
        page = entity.select(seq).where(*where).order_by(order.desc(), entity.identifier.desc())
        facts[kind] = entity.show(session, seq, session.rows(page.limit(MAX_STATE)))
        total = session.scalar(select(func.count()).select_from(entity.table).where(*where))
        path = f"{API}/topics/{topic['slug']}/{PATHS[kind]}"
        counts[kind] = {"total": total, "list": address(path, {"as_of": seq})}
    return shown | {
        "topic": topic,
        "positions": facts["position"],
        "mediation_offers": facts["mediation_offer"],
        "rounds": facts["round"],
        "counts": counts,
    }


# Differences


def diff(session: ReadSession, slug: str, old: int, new: int) -> list[Entry]:
    """What happened to the facts of a topic between two changes.

    A fact is of the topic before by the tree of then, and after by the tree of then: it may come or
    go because its own topic was moved.
    """
    trees = _trees(session, slug, (old, new))
    found = []
    for kind, entity in FACTS.items():
        ids = _differing(session, entity, trees)
        before, after = (_shown_at(session, entity, trees[seq], ids, seq) for seq in (old, new))
        last = _last_changes(session, entity.table, ids, new)
        for id_ in sorted(ids):
            if before.get(id_) == after.get(id_):
                continue
            found.append(
                {
                    "kind": kind,
                    "id": id_,
                    "change_type": last[id_].change_type,
                    "change": last[id_].seq,
                    "reason": last[id_].reason,
                    "patch": _patch(before.get(id_), after.get(id_)),
                }
            )
    return found


def _differing(
    session: ReadSession, entity: Entity[Any], trees: dict[int, tuple[str, ...]]
) -> list[str]:
    """The facts of which a version on these topics began or ended, or whose topic came or went."""
    versions, old, new = entity.table, min(trees), max(trees)
    was, now = set(trees[old]), set(trees[new])
    between = or_(
        versions.c.recorded_in.between(old + 1, new),
        versions.c.superseded_in.between(old + 1, new),
    )
    ways = [and_(between, versions.c.topic.in_(was | now))]
    for seq, moved in ((old, was - now), (new, now - was)):
        if moved:
            ways.append(and_(versions.c.topic.in_(moved), *entity.visible(seq)))
    statement = (
        select(versions.c.id)
        .distinct()
        .where(or_(*ways), versions.c.curation != Curation.DRAFT.value)
        .limit(MAX_DIFF + 1)
    )
    ids = [row.id for row in session.rows(statement)]
    if len(ids) > MAX_DIFF:
        raise TooManyCells(
            f"More than {MAX_DIFF:,} facts differ. Ask for versions that are nearer, or for a "
            "narrower topic."
        )
    return ids


def _shown_at(
    session: ReadSession, entity: Entity[Any], tree: Sequence[str], ids: list[str], seq: int
) -> dict[str, Entry]:
    rows = session.rows(
        entity.select(seq).where(
            entity.identifier.in_(ids), entity.table.c.topic.in_(tree), *entity.visible(seq)
        )
    )
    return {entry["id"]: entry for entry in entity.show(session, seq, rows)}


def _last_changes(
    session: ReadSession, versions: FromClause, ids: list[str], seq: int
) -> dict[str, Row[Any]]:
    """The last change up to `seq` that touched each of these facts."""
    statement = (
        select(versions.c.id, versions.c.change_type, _CHANGE.c.seq, _CHANGE.c.reason)
        .join(_CHANGE, _CHANGE.c.seq == versions.c.recorded_in)
        .where(
            versions.c.id.in_(ids),
            versions.c.recorded_in <= seq,
            versions.c.curation != Curation.DRAFT.value,
        )
        .order_by(versions.c.rev)
    )
    return {row.id: row for row in session.rows(statement)}


def _patch(before: Entry | None, after: Entry | None) -> list[Entry]:
    """The JSON Patch from one representation to the other; null stands for none."""
    if before is None or after is None:
        return [{"op": "replace", "path": "", "value": after}]
    return list(jsonpatch.make_patch(before, after))


# Timeline

_WORLD = {
    "position": ("said_on", "said_key", "stance"),
    "mediation_offer": ("offered_on", "offered_key", "status"),
    "round": ("held_on", "held_key", "outcome"),
}


def _all_facts() -> Subquery:
    """The versions of all kinds of facts, with what a timeline shows of them."""
    parts = []
    for kind, entity in FACTS.items():
        facts = entity.table
        on, key, summary = _WORLD[kind]
        parts.append(
            select(
                literal(kind).label("kind"),
                facts.c.id.label("id"),
                facts.c.topic.label("topic"),
                facts.c.curation.label("curation"),
                facts.c.superseded_in.label("superseded_in"),
                facts.c[on].label("on"),
                facts.c[key].label("on_key"),
                facts.c[f"{on}_precision"].label("on_precision"),
                facts.c.recorded_in.label("recorded_in"),
                facts.c.rev.label("rev"),
                facts.c[summary].label("summary"),
                _CHANGE.c.at.label("at"),
            ).join(_CHANGE, _CHANGE.c.seq == facts.c.recorded_in)
        )
    return union_all(*parts).subquery()


def _moment(row: Row[Any]) -> Entry:
    return {
        "kind": row.kind,
        "id": row.id,
        "on": shown_date(row.on, row.on_precision),
        "on_precision": row.on_precision,
        "recorded_in": row.recorded_in,
        "recorded_at": rfc3339(row.at),
        "rev": row.rev,
        "summary": row.summary,
        "link": f"{API}/{PATHS[row.kind]}/{row.id}",
    }


_ALL_FACTS = _all_facts()

TIMELINE: Entity[TimelineQuery] = Entity(
    noun="fact",
    table=_ALL_FACTS,
    key="id",
    orders={"on": "on_key", "recorded_in": "recorded_in"},
    visible=public(_ALL_FACTS),
    select=lambda _: select(_ALL_FACTS).select_from(_ALL_FACTS),
    show=lambda _session, _version, rows: [_moment(row) for row in rows],
    shown=TimelineEntry,
)


def in_order(old: int, new: int) -> None:
    """Raise InvalidRequest unless the versions are given the right way round."""
    if old > new:
        fault = Fault(f"{old} is after `to`, {new}: a diff goes forwards.", "from")
        raise InvalidRequest.of([fault])
