"""The server killed in the middle of writes: what was acknowledged is there, and nothing by halves.

ONRECORD_KILLS sets how often, for a longer run.
"""

import os
import random
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from itertools import pairwise
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
from sqlalchemy import select, text

from app.canonical import digest
from app.db import Database
from app.fulltext import ROW_MASK, TABLES
from app.ingest import shapes
from app.ingest.changes import GENESIS, change_digest
from app.ingest.pipeline import ingest
from app.ingest.shapes import Kind, Shape
from app.models import Change, TopicChange, TopicVersion
from app.sessions import ReadSession
from app.settings import Settings
from app.sql import table
from app.web.schemas import POSITION_ID
from tests.http import factory
from tests.http.helpers import Entry
from tests.support import serving
from tests.time.curating import KINDS, TEXT, WORDS, cited, selector, written
from tests.time.history import TALKS
from tests.time.writers import writing

KILLS = int(os.environ.get("ONRECORD_KILLS", "3"))
WRITERS = 3
NO_END = 3600
NAMED: dict[str, Kind] = {kind.name: kind for kind in shapes.KINDS}


def record() -> Entry:
    """A record of several facts, all of which each load writes anew."""
    positions = [
        written("positions", "mediation", "asserts") | {"key": word, "evidence": [selector(word)]}
        for word in WORDS
    ]
    return factory.make_record(TEXT, positions=positions)


def killed_while_written_to(database: Database, url: str, folder: Path, kills: int) -> list[Entry]:
    """What writers were answered by a server that was killed, and started again, so many times."""
    with serving(url) as server:
        address = server.url
    port = str(urlsplit(address).port)
    job = {
        "urls": [address],
        "facts": [POSITION_ID, *TALKS],
        "fact": written("positions", "economy", "asserts") | {"evidence": cited(["one"])},
        "record": record(),
    }
    with writing(database, folder, WRITERS, **job) as writers:
        for number in range(kills + 1):
            with serving(url, "--port", port) as server:
                if number == 0:
                    writers.start(NO_END)
                time.sleep(random.uniform(0.5, 1.5))  # noqa: S311
                if number < kills:
                    server.kill()
                assert all(process.poll() is None for process in writers.processes)
                assert not any("Traceback" in line for line in server.log)
    return writers.answers()


# What is looked at afterwards


def check_acknowledged(session: ReadSession, answers: list[Entry]) -> Counter[str]:
    """Everything that was acknowledged is there with its content. Gives how much there was."""
    counts: Counter[str] = Counter()
    for each in answers:
        if "data" not in each:
            refused = each.get("broken") == "ConnectError"
            counts["refused" if refused else "cut off" if "broken" in each else "stale"] += 1
            continue
        # The fact that another was to go on as, or that was to be merged, may be another by now.
        assert each["status"] in (200, 201, 412), each
        if each["status"] == 412:
            counts["stale"] += 1
            continue
        counts["acknowledged"] += 1
        data = each["data"]
        if "versions" in data:
            found = [(v["kind"], v["id"], v["rev"]) for v in data["versions"]]
            check_versions(session, data["change"], each, found)
        else:
            seq = data["recorded_in"]
            check_versions(session, seq, each, None, rev=data["rev"])
    return counts


def check_versions(
    session: ReadSession,
    seq: int,
    answer: Entry,
    versions: list[tuple[str, str, int]] | None,
    rev: int = 0,
) -> None:
    """A change that was acknowledged is there, with these versions and what they were to say."""
    changes, positions = table(Change), shapes.POSITION.table
    change = session.rows(select(changes).where(changes.c.seq == seq))[0]
    assert (change.by, change.reason) == (answer["by"], answer["said"])
    if versions is not None:
        found = [
            (kind.name, getattr(row, kind.key), row.rev)
            for kind in NAMED.values()
            for row in session.rows(select(kind.table).where(kind.table.c.recorded_in == seq))
        ]
        assert sorted(found) == sorted(versions)
        assert len([kind for kind, *_ in versions if kind == "position"]) == len(WORDS)
    rows = session.rows(select(positions).where(positions.c.recorded_in == seq))
    said = {row.proposition for row in rows if row.change_type != "updated"}
    assert said == {answer["said"]}
    assert versions is not None or rev in {row.rev for row in rows}


def check_whole(session: ReadSession) -> int:
    """No change, version, child or number is there without the others. Gives the last change."""
    seqs = [row.seq for row in session.rows(select(table(Change).c.seq).order_by("seq"))]
    assert seqs == list(range(len(seqs)))
    writing_: set[int] = set()
    for kind in NAMED.values():
        of_entity = defaultdict(list)
        versions = kind.table
        for row in session.rows(select(versions).order_by(versions.c.rev)):
            of_entity[getattr(row, kind.key)].append(row)
            writing_.add(row.recorded_in)
        for rows in of_entity.values():
            assert [row.rev for row in rows] == list(range(1, len(rows) + 1))
            assert all(old.superseded_in == new.recorded_in for old, new in pairwise(rows))
            assert rows[-1].superseded_in is None
        anchors = table(kind.anchor)
        assert {row[0] for row in session.rows(select(anchors.c[kind.key]))} == of_entity.keys()
        ids = {row.row_id for rows in of_entity.values() for row in rows}
        check_children(session, kind.children.values(), ids)
    assert writing_ == set(seqs)
    check_topics(session)
    check_search(session)
    return len(seqs) - 1


def check_children(session: ReadSession, children: Iterable[Shape], parents: set[int]) -> None:
    """Each child has its parent, and the children of a parent are numbered without a gap."""
    for shape in children:
        ordinals = defaultdict(list)
        columns = shape.table.c
        for row in session.rows(select(columns.version_id, columns.ordinal)):
            ordinals[row.version_id].append(row.ordinal)
        assert ordinals.keys() <= parents
        assert all(sorted(found) == list(range(len(found))) for found in ordinals.values())
        if shape.children:
            ids = {row.row_id for row in session.rows(select(columns.row_id))}
            check_children(session, shape.children.values(), ids)


def check_topics(session: ReadSession) -> None:
    """The versions of each topic are the changes that touched a fact on it, in order."""
    topics = table(TopicVersion)
    broader = {row.slug: row.broader for row in session.rows(select(topics))}
    touched: dict[str, set[int]] = defaultdict(set)
    for kind in KINDS.values():
        versions = NAMED[kind].table
        rows = session.rows(select(versions).order_by(versions.c.id, versions.c.rev))
        for row in rows:
            seqs = {row.recorded_in, row.superseded_in} - {None}
            topic = row.topic
            while topic is not None and row.curation != "draft":
                touched[topic] |= seqs
                topic = broader[topic]
    numbers = table(TopicChange)
    found: dict[str, list[int]] = defaultdict(list)
    for row in session.rows(select(numbers).order_by(numbers.c.number)):
        found[row.topic].append(row.seq)
        assert row.number == len(found[row.topic])
    assert found == {topic: sorted(seqs) for topic, seqs in touched.items()}


def check_once(session: ReadSession) -> None:
    """What was asked for again, because a kill swallowed the answer, was done once."""
    positions, identity = shapes.POSITION.table, table(shapes.POSITION.anchor)
    rows = session.rows(
        select(positions.c.proposition)
        .join(identity, identity.c.id == positions.c.id)
        .where(identity.c.article_id.is_(None), positions.c.rev == 1)
    )
    assert set(Counter(row.proposition for row in rows).values()) <= {1}


def check_search(session: ReadSession) -> None:
    """The index of full-text search has every version of a position once."""
    lite = session.dialect == "sqlite"
    key = f"rowid & {ROW_MASK}" if lite else "version_id"
    stored = session.rows(select(shapes.POSITION.table.c.row_id))
    for name in TABLES.values() if lite else ["position_search"]:
        indexed = session.rows(text(f"SELECT {key} FROM {name}"))
        assert sorted(row[0] for row in indexed) == sorted(row[0] for row in stored)


def check_chain(client: httpx.Client, session: ReadSession, last: int) -> None:
    """Every digest follows from what the record says, from the first change to the last."""
    previous = GENESIS
    for seq in range(last + 1):
        change = client.get(f"/v1/record/{seq}").json()["data"]
        assert change["previous"] == previous
        previous = change_digest(previous, change, change["versions"])
        assert change["digest"] == previous
        of_kind: dict[str, dict[str, Any]] = defaultdict(dict)
        for version in change["versions"]:
            of_kind[version["kind"]][version["id"]] = version
        for name, versions in of_kind.items():
            stored = shapes.load(session, NAMED[name], versions, seq)
            assert stored.keys() == versions.keys()
            for id_, version in versions.items():
                assert stored[id_].rev == version["rev"]
                said = shapes.content(NAMED[name], stored[id_].snapshot)
                assert digest(said) == version["digest"]


def test_what_was_acknowledged_survives_kill_9_and_nothing_is_there_by_halves(
    fresh_settings: Settings,
    database: Database,
    tmp_path: Path,
    record_property: Callable[[str, object], None],
) -> None:
    ingest(database, record(), text=TEXT, by="a desk")
    url = fresh_settings.database_url
    answers = killed_while_written_to(database, url, tmp_path, KILLS)
    with database.read() as session:
        counts = check_acknowledged(session, answers)
        last = check_whole(session)
        check_once(session)
        with serving(url) as server, httpx.Client(base_url=server.url, timeout=60) as client:
            check_chain(client, session, last)
    assert counts["acknowledged"]
    assert last - 2 >= counts["acknowledged"]
    assert counts["cut off"], "no kill came in the middle of a request"
    figures = {"kills": KILLS, "changes": last + 1, **counts}
    for what, number in figures.items():
        record_property(what, number)
    print(figures)  # noqa: T201 - the size of the run is its result
