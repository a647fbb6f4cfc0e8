"""The measurements: each starts the servers it needs and gives a section of the report."""

import time
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

from sqlalchemy import Connection, Executable, create_engine, text

from app import tallies
from benchmarks import asks, servers
from benchmarks.compare import Contestant, Measured, Pace, asked, compare
from benchmarks.load import Ask, put
from benchmarks.servers import LIST

FEW = 4
"""Connections for what may take long: with more of them every answer waits for all others."""
STARTS = 3
_GROUPED = (
    "SELECT {}, count(*) FROM position_versions "
    "WHERE superseded_in IS NULL AND curation = 'published' GROUP BY {}"
)


@dataclass
class Section:
    """What a measurement found: its contestants, and the ratios that gates look at."""

    measured: dict[str, Measured] = field(default_factory=dict)
    ratios: dict[str, float] = field(default_factory=dict)
    """By the name of the gate."""
    values: dict[str, Any] = field(default_factory=dict)
    """Whatever else was found, by what it is."""


@dataclass(frozen=True)
class Setup:
    """What is measured on, and for how long."""

    urls: Mapping[str, Mapping[int, str]]
    """Addresses of databases by kind (`sqlite`, `postgresql`) and number of positions."""
    pace: Pace
    distinct: int
    """Requests, no two alike, after which a worker's memory is looked at."""
    bulk: int
    """The size of record that is imported."""
    scratch: Path

    @property
    def largest(self) -> int:
        """The number of positions that the gates are measured at."""
        return max(self.urls["sqlite"])

    @property
    def ends(self) -> tuple[int, int]:
        """The smallest number of positions, and the largest."""
        return min(self.urls["sqlite"]), self.largest


def warm(setup: Setup) -> Section:
    """A page that was asked for before, and the same unchanged, beside the bare ASGI app."""
    with ExitStack() as stack:
        us = stack.enter_context(servers.onrecord(setup.urls["sqlite"][setup.largest], cache=True))
        body, etag = us.get(LIST)
        kept = setup.scratch / "page.json"
        kept.write_bytes(body)
        page = stack.enter_context(servers.bare("page", kept, etag))
        unchanged = stack.enter_context(servers.bare("unchanged", kept, etag))
        known = Ask([LIST], {"If-None-Match": etag}, 304)
        found = compare(
            {
                "bare 200": asked(page, ["/"]),
                "ours, warm 200": asked(us, [LIST]),
                "bare 304": Contestant(unchanged, known),
                "ours, warm 304": Contestant(us, known),
            },
            setup.pace,
        )
    ratios = {
        "warm 200": found["ours, warm 200"].rate / found["bare 200"].rate,
        "warm 304": found["ours, warm 304"].rate / found["bare 304"].rate,
    }
    return Section(found, ratios, {"bytes of the page": len(body)})


def cold(setup: Setup, kind: str) -> Section:
    """Lists that no cache helps with, beside the peers over the same database."""
    url = setup.urls[kind][setup.largest]
    filters = asks.Questions(url).lists()
    with ExitStack() as stack:
        us = stack.enter_context(servers.onrecord(url))
        tutorial = stack.enter_context(servers.tutorial(url))
        contestants = {
            "ours": asked(us, asks.ours(filters)),
            "tutorial": asked(tutorial, asks.tutorials(filters)),
        }
        if kind == "sqlite":
            datasette = stack.enter_context(servers.datasette(url))
            lists = asks.datasettes(url, filters)
            contestants["datasette, rows alone"] = asked(datasette, lists)
            all_of_it = Ask(asks.with_children(datasette, lists))
            contestants["datasette"] = Contestant(datasette, all_of_it, 1 + len(asks.CHILDREN))
        found = compare(contestants, setup.pace)
    rate = found["ours"].rate
    ratios = {
        f"cold, {kind}, against {peer}": rate / found[peer].rate for peer in found if peer != "ours"
    }
    return Section(found, ratios)


def growth(setup: Setup, kind: str) -> Section:
    """Our lists on records of each size; far down a list; and as of the past.

    Each size has a server that is asked for nothing else: what it holds in memory is of its lists.
    """
    with ExitStack() as stack:
        contestants = {}
        for size, url in setup.urls[kind].items():
            server = stack.enter_context(servers.onrecord(url))
            questions = asks.Questions(url)
            contestants[f"lists at {size:,}"] = asked(server, asks.ours(questions.lists()))
        server = stack.enter_context(servers.onrecord(url))
        past = asks.ours(questions.past())
        depth = setup.largest * 9 // 10
        down = asks.deep(server, url, depth)
        contestants |= {
            "page 1": asked(server, [LIST]),
            f"page at {depth:,}": asked(server, down),
            "lists as of the past": asked(server, past),
        }
        found = compare(contestants, setup.pace)
    sizes = list(setup.urls[kind])
    present = found[f"lists at {setup.largest:,}"].rate
    ratios = {
        f"depth, {kind}": found["page 1"].rate / found[f"page at {depth:,}"].rate,
        f"growth, {kind}": found[f"lists at {sizes[0]:,}"].rate / present,
        f"as of, {kind}": present / found["lists as of the past"].rate,
    }
    return Section(found, ratios)


def counts(setup: Setup, kind: str) -> Section:
    """Counts of the whole record: statement beside statement, and answer beside answer.

    The statements run in this process: the cells from the tallies, and GROUP BY over the positions.
    The answers are ours and the tutorials', which groups and names the same cells.
    """
    section = Section()
    for size in setup.ends:
        url = setup.urls[kind][size]
        with servers.onrecord(url) as us, servers.tutorial(url) as tutorial:
            for by in (("country",), ("topic",), ("country", "topic")):
                of = f"counts by {' and '.join(by)} at {size:,}"
                query = "counts?" + "&".join(f"by={each}" for each in by)
                answers = {
                    of: asked(us, [f"/v1/positions/{query}"], connections=1),
                    f"{of}, tutorial": asked(tutorial, [f"/{query}"], connections=1),
                }
                found = compare(answers, setup.pace.brisk)
                section.measured |= found
                kept, grouped = _statements(url, by)
                ours, theirs = (median(each.p50) for each in found.values())
                section.values |= {
                    f"{of}: cells kept, ms": kept,
                    f"{of}: GROUP BY, ms": grouped,
                    f"{of}: statement, times faster": grouped / kept,
                    f"{of}: answer, times faster": theirs / ours,
                }
    section.ratios[f"counts, {kind}"] = grouped / kept
    return section


def _statements(url: str, by: tuple[str, ...]) -> tuple[float, float]:
    """Milliseconds that the database takes for the cells that are kept, and to count them."""
    columns = ", ".join({"country": "country_code"}.get(each, each) for each in by)
    kept = tallies.cells(by, [])
    if kept is None:
        raise RuntimeError(f"No tally has the counts by {columns}.")
    engine = create_engine(url.replace("postgresql://", "postgresql+psycopg://"))
    with engine.connect() as connection:
        found = _took(connection, kept), _took(connection, text(_GROUPED.format(columns, columns)))
    engine.dispose()
    return found


def _took(connection: Connection, statement: Executable) -> float:
    """Milliseconds that a statement takes: the median of five, once it was run before."""
    took = []
    for _ in range(6):
        began = time.perf_counter()
        connection.execute(statement).all()
        took.append(1000 * (time.perf_counter() - began))
    return median(took[1:])


def search(setup: Setup, kind: str) -> Section:
    """Words of each frequency, alone and with filters, beside the same lists without."""
    url = setup.urls[kind][setup.largest]
    questions = asks.Questions(url)
    with servers.onrecord(url) as us:
        contestants = {"lists": asked(us, asks.ours(questions.lists()), FEW)}
        for word in asks.WORDS:
            for filtered in (False, True):
                targets = asks.ours(questions.searches(word, filtered=filtered))
                name = f"{word} word" + (", filtered" if filtered else "")
                contestants[name] = asked(us, targets, FEW)
        found = compare(contestants, setup.pace.brisk)
    shares = {name: each.rate / found["lists"].rate for name, each in found.items()}
    gated = [shares[f"{word} word, filtered"] for word in ("rare", "middling", "common")]
    return Section(found, {f"search, {kind}": min(gated)}, {"shares": shares})


def workers(setup: Setup) -> Section:
    """Two processes beside one. They share two cores with whoever asks, here."""
    url = setup.urls["sqlite"][setup.largest]
    targets = asks.ours(asks.Questions(url).lists())
    with servers.onrecord(url) as one, servers.onrecord(url, workers=2) as two:
        found = compare(
            {"one worker": asked(one, targets), "two workers": asked(two, targets)}, setup.pace
        )
    ratio = found["two workers"].rate / found["one worker"].rate
    return Section(found, {"workers": ratio})


def memory(setup: Setup) -> Section:
    """A worker's memory after many requests, no two of them alike."""
    url = setup.urls["sqlite"][setup.largest]
    targets = asks.Questions(url).distinct(setup.distinct)
    with servers.onrecord(url, cache=True) as us:
        before = us.memory()
        came = put(us.port, Ask(targets), seconds=3600, most=len(targets))
        after = us.memory()
    return Section(
        ratios={"memory": after / 1e6},
        values={
            "distinct requests": came.answers,
            "MB before": before / 1e6,
            "MB after": after / 1e6,
        },
    )


def start(setup: Setup) -> Section:
    """From the start of the process to its first answer, beside the tutorials' app."""
    url = setup.urls["sqlite"][setup.largest]
    took: dict[str, list[float]] = {"ours": [], "tutorial": []}
    for _ in range(STARTS):
        for name, serve in (("ours", servers.onrecord), ("tutorial", servers.tutorial)):
            with serve(url) as server:
                took[name].append(server.started_in)
    seconds = {name: median(each) for name, each in took.items()}
    return Section(
        ratios={"start": seconds["ours"] / seconds["tutorial"]},
        values={"seconds": seconds, "rounds": took},
    )
