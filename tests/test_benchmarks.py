"""The generated record is a record like any other, and the peers tell the same facts of it."""

from collections.abc import Callable, Iterator
from random import Random
from typing import Any

import orjson
import pytest
from fastapi.testclient import TestClient
from sqlalchemy import create_engine, func, inspect, select

from app import models
from app.db import Database
from app.folding import words
from app.fulltext import match, matching
from app.main import create_app
from app.settings import Settings
from app.sql import table
from benchmarks import asks, servers
from benchmarks.cast import Cast
from benchmarks.fill import fill, prepare
from benchmarks.gates import GATES, Verdict
from benchmarks.load import Ask, BadAnswer, put
from benchmarks.record import COLUMNS, Generator, Rows
from benchmarks.words import COMMON, EVERYWHERE, RARE, Words

POSITIONS = 400


@pytest.fixture(scope="module")
def filled_url(new_database: Callable[[str | None], str]) -> str:
    """A database with a small generated record."""
    url = new_database(None)
    fill(url, POSITIONS)
    return url


@pytest.fixture(scope="module")
def filled(filled_url: str) -> Iterator[TestClient]:
    """The application on a small generated record."""
    with TestClient(create_app(Settings(database_url=filled_url))) as client:
        yield client


@pytest.fixture(scope="module")
def generated(new_database: Callable[[str | None], str]) -> tuple[list[Rows], list[Rows]]:
    """The rows of the same record, generated twice."""
    made = [list(prepare(new_database(None), POSITIONS).batches(7)) for _ in range(2)]
    return made[0], made[1]


def test_the_same_rows_every_time(generated: tuple[list[Rows], list[Rows]]):
    first, second = generated
    assert first == second
    assert sum(len(rows["positions"]) for rows in first) == POSITIONS


def test_columns_are_those_of_the_models():
    for name, columns in COLUMNS.items():
        if name == "position_search":
            continue
        model = models.metadata.tables[name]
        needed = {
            c.name
            for c in model.columns
            if not (c.nullable or c.computed or c.server_default is not None)
        }
        assert needed <= set(columns) <= {c.name for c in model.columns if not c.computed}


def test_one_position_of_ten_is_corrected():
    positions = 20_000
    generator = Generator(_small_cast(), positions, Random(1))
    versions = [row for rows in generator.batches() for row in rows["position_versions"]]
    corrected = sum(row[COLUMNS["position_versions"].index("rev")] == 2 for row in versions)
    assert 0.08 < corrected / positions < 0.13


def _small_cast() -> Cast:
    cast = Cast(countries=["PAK"], publishers=["a"], agencies=["b"], unions=["c"])
    cast.bodies["PAK"] = ["d"]
    cast.broader = {"e": None}
    cast.last_row = {"article_versions": 0, "position_versions": 0}
    return cast


def test_texts_are_searched_by_the_words_they_show():
    made = Words(Random(1), 100)
    for _ in range(200):
        for shown, searched in (made.proposition(), made.quotation()):
            assert words(shown) == searched.split()
            assert 40 <= len(shown) <= 300


def test_words_are_as_frequent_as_said(filled_url: str):
    database = Database(Settings(database_url=filled_url))
    with database.read() as session:
        found = {
            word: len(
                session.rows(matching(session.dialect), {"q": match([[word]], session.dialect)})
            )
            for word in (EVERYWHERE, COMMON, RARE)
        }
        every = session.scalar(select(func.count()).select_from(table(models.PositionVersion)))
    database.dispose()
    assert found[EVERYWHERE] == every > POSITIONS
    assert 0.1 < found[COMMON] / every < 0.3
    assert 0 < found[RARE] < 50


def test_indexes_and_constraints_are_put_back(filled_url: str, migrated_url: str):
    assert _structure(filled_url) == _structure(migrated_url)


def _structure(url: str) -> dict[str, Any]:
    engine = create_engine(Settings(database_url=url).database_url)
    seen = inspect(engine)
    found = {
        name: (
            {each["name"]: each["column_names"] for each in seen.get_indexes(name)},
            {each["name"]: each["constrained_columns"] for each in seen.get_foreign_keys(name)},
        )
        for name in COLUMNS
        if name != "position_search"
    }
    engine.dispose()
    return found


def test_versions_of_a_topic_are_numbered_without_a_gap(filled_url: str):
    database = Database(Settings(database_url=filled_url))
    numbers = table(models.TopicChange)
    with database.read() as session:
        rows = session.rows(
            select(
                func.count().label("numbered"), func.max(numbers.c.number).label("highest")
            ).group_by(numbers.c.topic)
        )
    database.dispose()
    assert rows
    assert all(row.numbered == row.highest for row in rows)


def test_every_change_wrote_something(filled_url: str):
    database = Database(Settings(database_url=filled_url))
    changes, versions = table(models.Change), table(models.PositionVersion)
    with database.read() as session:
        empty = session.rows(
            select(changes.c.seq).where(
                changes.c.seq > 1, changes.c.seq.not_in(select(versions.c.recorded_in))
            )
        )
        times = [row.at for row in session.rows(select(changes.c.at).order_by(changes.c.seq))]
    database.dispose()
    assert not empty
    assert times == sorted(set(times))


@pytest.mark.parametrize(
    "path",
    [
        "/v1/positions",
        "/v1/positions?sort=-recorded_in",
        "/v1/positions?as_of=20",
        "/v1/positions?as_of=2024-01-01T00:00:00Z",
        f"/v1/positions?q={EVERYWHERE}",
        "/v1/positions?topic=security&tone=neutral",
        "/v1/positions/counts?by=country&by=topic",
        "/v1/positions/{id}",
        "/v1/positions/{id}/history",
        "/v1/positions/{id}/evidence",
        "/v1/topics/security/versions",
        "/v1/topics/security/versions/3",
        "/v1/topics/security/diff?from=1&to=3",
        "/v1/officials",
        "/v1/groups",
        "/v1/articles",
        "/v1/changes",
        "/v1/changes/20",
    ],
)
def test_the_application_answers(filled: TestClient, path: str):
    newest = filled.get("/v1/positions?sort=-recorded_in").json()["data"][0]
    answer = filled.get(path.format(id=newest["id"]))
    assert answer.status_code == 200, answer.text
    assert answer.json()["data"]


def test_questions_have_pages_of_answers(filled_url: str, filled: TestClient):
    questions = asks.Questions(filled_url)
    asked = asks.ours(questions.lists())
    assert len(set(asked)) > 5
    for target in set(asked):
        assert len(filled.get(target).json()["data"]) == asks.PAGE
    assert len(set(questions.distinct(500))) == 500


def test_a_deep_page_is_where_it_says(filled_url: str):
    depth = 300
    with servers.onrecord(filled_url) as us:
        target = asks.deep(us, filled_url, depth)[0]
        deep = orjson.loads(us.get(target)[0])["data"]
        walked: list[Any] = []
        page = orjson.loads(us.get(servers.LIST)[0])
        while len(walked) <= depth:
            walked += page["data"]
            page = orjson.loads(us.get(page["links"]["next"])[0])
    assert deep[0] == (walked + page["data"])[depth + 1]


def test_the_tutorials_app_tells_the_same_facts(filled_url: str, filled: TestClient):
    pytest.importorskip("asyncpg", reason="the peers come with the group bench")
    filters = asks.Questions(filled_url).lists()
    with servers.tutorial(filled_url) as peer:
        for target, theirs in zip(asks.ours(filters), asks.tutorials(filters), strict=True):
            ours = filled.get(target).json()["data"]
            assert [_ours(each) for each in ours] == [
                _tutorials(each) for each in orjson.loads(peer.get(theirs)[0])
            ]


def test_datasette_lists_the_same_positions(backend: str, filled_url: str, filled: TestClient):
    if backend == "postgresql":
        pytest.skip("Datasette reads SQLite")
    pytest.importorskip("datasette", reason="the peers come with the group bench")
    filters = asks.Questions(filled_url).lists()
    theirs = asks.datasettes(filled_url, filters)
    with servers.datasette(filled_url) as peer:
        for target, other in zip(asks.ours(filters), theirs, strict=True):
            ours = filled.get(target).json()["data"]
            rows = orjson.loads(peer.get(other + "&_shape=objects")[0])["rows"]
            # Of those said on one day it gives any first: the last day may be cut elsewhere.
            last = min(row["said_key"] for row in rows)
            assert [_day(each) for each in ours] == [row["said_key"] for row in rows]
            assert {_said(each) for each in ours if _day(each) != last} == {
                _said(row) for row in rows if row["said_key"] != last
            }


def test_datasette_tells_the_rest_in_three_more_answers(
    backend: str, filled_url: str, filled: TestClient
):
    if backend == "postgresql":
        pytest.skip("Datasette reads SQLite")
    pytest.importorskip("datasette", reason="the peers come with the group bench")
    with servers.datasette(filled_url) as peer:
        page = asks.with_children(peer, asks.datasettes(filled_url, [{}]))
        told = [orjson.loads(peer.get(f"{target}&_shape=array")[0]) for target in page]
    ours = filled.get(servers.LIST).json()["data"]
    assert [len(rows) for rows in told[1:]] == [
        sum(len(each["targets"]) for each in ours),
        sum(len(each[name]) for each in ours for name in ("conditions", "awaits", "decided_by")),
        sum(len(each["evidence"]) for each in ours),
    ]


def _said(position: dict[str, Any]) -> tuple[str, str, str]:
    id_ = position["id"]
    named = id_["value"] if isinstance(id_, dict) else id_
    return named, position["proposition"], position["stance"]


def _day(position: dict[str, Any]) -> str:
    """The day that orders a position."""
    return f"{position['said_on'] or '0001'}-01-01"[:10]


def _ours(position: dict[str, Any]) -> dict[str, Any]:
    """What we tell of a position, less what the tutorials' app leaves out."""
    kinds = {"conditions": "condition", "awaits": "awaits", "decided_by": "decided_by"}
    clauses = [
        {"kind": kind, **clause} for name, kind in kinds.items() for clause in position[name]
    ]
    left_out = {"tone", "quotation", "articles", *kinds}
    return {
        **{name: value for name, value in position.items() if name not in left_out},
        "clauses": sorted(clauses, key=orjson.dumps),
    }


def _tutorials(position: dict[str, Any]) -> dict[str, Any]:
    """What the tutorials' app tells, with our names for it and dates as fine as they are."""
    fine = {"day": 10, "month": 7, "year": 4, "unknown": 0}[position["said_on_precision"]]
    return {
        **position,
        "said_on": position["said_on"] and position["said_on"][:fine],
        "clauses": sorted(position["clauses"], key=orjson.dumps),
        "evidence": [
            {"start": each.pop("start_at"), "end": each.pop("end_at")} | each
            for each in position["evidence"]
        ],
    }


def test_load_counts_whole_answers_and_refuses_others(filled_url: str):
    with servers.onrecord(filled_url) as us:
        found = put(us.port, Ask([servers.LIST], connections=3), seconds=60, most=10)
        assert found.answers == 10
        assert 0 < found.p50 <= found.p99
        assert us.memory() > us.cpu() > 0
        _, etag = us.get(servers.LIST)
        known = Ask([servers.LIST], {"If-None-Match": etag}, status=304, connections=2)
        assert put(us.port, known, seconds=60, most=4).answers == 4
        with pytest.raises(BadAnswer, match="422"):
            put(us.port, Ask(["/v1/positions?nonsense=1"]), seconds=60, most=1)


def test_verdicts_know_which_way_is_better():
    more = next(gate for gate in GATES if gate.more_is_better)
    less = next(gate for gate in GATES if not gate.more_is_better)
    for gate, better, worse in ((more, 1.001, 0.999), (less, 0.999, 1.001)):
        assert Verdict(gate, "", gate.stretch * better).word == "stretch"
        assert Verdict(gate, "", gate.stretch * worse).word == "pass"
        assert Verdict(gate, "", gate.gate * worse).word == "fail"
        assert Verdict(gate, "", None).word == "not measured"
