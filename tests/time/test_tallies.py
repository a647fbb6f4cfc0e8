"""Tallies: whatever happens to positions, they count what is on record, and answer alike."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from random import Random
from typing import Any

import pytest
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select

from app import tallies
from app.codelists import ChangeType, Curation, Modality, Stance, Tone
from app.db import Database
from app.ingest import shapes
from app.ingest.pipeline import ingest
from app.ingest.shapes import Step
from app.ingest.store import store
from app.main import create_app
from app.models import PositionTally, PositionTotal
from app.positions.queries import narrow, wanted
from app.positions.schemas import TopicFilters
from app.sessions import WriteSession
from app.settings import Settings
from app.sql import table
from app.web.filters import Conditions
from app.web.schemas import POSITION_ID
from tests.chance import examples
from tests.http.factory import CURATOR, TEXT, rewrite, second_article
from tests.time.curating import Desk, key_for
from tests.time.test_immutable import AtRandom

COUNTS = "/v1/positions/counts"
TALLIES = table(PositionTally)
TOTALS = table(PositionTotal)
DIMENSIONS = [
    *("country", "body", "speaker", "topic", "stance", "tone", "modality", "month", "year")
]
IDS = [f"pos_{letter * 16}" for letter in "abcdef"]
DATES = [
    (date(2024, 1, 1), "day"),
    (date(2024, 1, 31), "day"),
    (date(2024, 2, 1), "month"),
    (date(2024, 1, 1), "year"),
    (date(2023, 12, 1), "month"),
    (date(2023, 1, 1), "year"),
    (date(9999, 12, 31), "day"),
    (None, "unknown"),
]
ACTORS: list[tuple[str | None, str | None, str | None]] = [
    ("PAK", None, None),
    (None, "pakistan-foreign-office", None),
    ("KEN", "pakistan-foreign-office", "tahir-andrabi"),
    (None, None, "tahir-andrabi"),
]
GONE = Curation.WITHDRAWN.value


@st.composite
def said(draw: Callable[[st.SearchStrategy[Any]], Any]) -> dict[str, Any]:
    """What a version of a position says, and how it stands."""
    country, body, speaker = draw(st.sampled_from(ACTORS))
    on, precision = draw(st.sampled_from(DATES))
    curation = draw(st.sampled_from(["published", "published", "published", "draft", GONE]))
    return {
        "country_code": country,
        "body": body,
        "speaker": speaker,
        "topic": draw(st.sampled_from(["ceasefire", "security", "mediation"])),
        "stance": draw(st.sampled_from([Stance.DENIES, Stance.ASSERTS, Stance.COMMITS])).value,
        "modality": draw(st.sampled_from([Modality.ACTUAL, Modality.PAST])).value,
        "said_on": on,
        "said_on_precision": precision,
        "curation": curation,
        "merged_into": draw(st.sampled_from([None, POSITION_ID])) if curation == GONE else None,
    }


changes = st.lists(st.dictionaries(st.sampled_from(IDS), said(), min_size=1), max_size=6)
FILTERS: dict[str, list[str]] = {
    "country": ["PAK", "!PAK", "PAK|KEN", "!PAK|!KEN", "AFG"],
    "body": ["pakistan-foreign-office", "!pakistan-foreign-office"],
    "speaker": ["tahir-andrabi", "!tahir-andrabi"],
    "topic": ["security", "!security", "ceasefire|mediation"],
    "stance": ["denies", "!denies|!asserts", "warns"],
    "tone": [tone.value for tone in Tone] + ["!neutral", "neutral|cooperative"],
    "modality": ["actual", "!actual"],
    "said_from": ["2023", "2024", "2024-01", "2024-02", "2024-01-15"],
    "said_to": ["2023", "2024", "2024-01", "2024-01-31", "2024-01-30", "9999"],
    "target": ["AFG", "!AFG"],
    "q": ["pakistan"],
}
BEYOND = {
    *(("target", given) for given in FILTERS["target"]),
    ("q", "pakistan"),
    ("said_from", "2024-01-15"),
    ("said_to", "2024-01-30"),
}
"""What the tallies cannot tell."""
filters = st.fixed_dictionaries({}, optional={n: st.sampled_from(v) for n, v in FILTERS.items()})
few_filters = filters.map(lambda found: dict(list(found.items())[:3]))
asked = st.lists(st.sampled_from(DIMENSIONS), min_size=1, max_size=3, unique=True)


@dataclass(frozen=True)
class Place:
    """A deployment."""

    client: TestClient
    database: Database

    def change(self, positions: dict[str, dict[str, Any]]) -> None:
        """Write a version of each of these positions, in one change."""
        with self.database.write() as session:
            store(
                session, [_step(session, id_, values) for id_, values in positions.items()], CURATOR
            )

    def kept(self) -> list[tuple[Any, ...]]:
        """The tallies, and the totals after each change."""
        with self.database.read() as session:
            return [
                tuple(row)
                for each in (TALLIES, TOTALS)
                for row in session.rows(select(each).order_by(*each.primary_key))
            ]

    def anew(self) -> list[tuple[Any, ...]]:
        """The tallies as they are when all is counted anew."""
        with self.database.write() as session:
            session.execute(delete(TALLIES).where(TALLIES.c.cube != "country/topic"))
            tallies.rebuild(session)
        return self.kept()


def _step(session: WriteSession, id_: str, values: dict[str, Any]) -> Step:
    before = shapes.load(session, shapes.POSITION, [id_]).get(id_)
    like = before or shapes.load(session, shapes.POSITION, [POSITION_ID])[POSITION_ID]
    snapshot = replace(like.snapshot, values=like.snapshot.values | values | {"id": id_})
    change_type = ChangeType.CORRECTED if before else ChangeType.NEW
    if values["curation"] == GONE:
        change_type = ChangeType.MERGED if values["merged_into"] else ChangeType.WITHDRAWN
    return Step(shapes.POSITION, id_, snapshot, before, change_type)


@contextmanager
def deployed(url: str) -> Iterator[Place]:
    chosen = Settings(database_url=url)
    database = Database(chosen)
    with TestClient(create_app(chosen)) as client:
        yield Place(client, database)
    database.dispose()


@pytest.fixture
def place(fresh_settings: Settings) -> Iterator[Place]:
    """A deployment of the test's own, with the seed."""
    with deployed(fresh_settings.database_url) as found:
        yield found


@pytest.fixture(scope="module")
def dated(seeded_url: str, new_database: Callable[[str | None], str]) -> Iterator[Place]:
    """A deployment with a position of each date, which no test writes to."""
    with deployed(new_database(seeded_url)) as found:
        values = {"curation": "published", "merged_into": None}
        for number, (on, precision) in enumerate(DATES):
            said_then = {"said_on": on, "said_on_precision": precision}
            found.change({f"pos_{'e' * 15}{number}": values | said_then})
        yield found


@settings(
    deadline=None,
    max_examples=examples(6),
    suppress_health_check=list(HealthCheck),
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
)
@given(changed=changes, questions=st.lists(st.tuples(asked, few_filters), min_size=5, max_size=12))
def test_the_tallies_count_what_is_on_record(
    seeded_url: str,
    new_database: Callable[[str | None], str],
    changed: list[dict[str, dict[str, Any]]],
    questions: list[tuple[list[str], dict[str, str]]],
) -> None:
    with deployed(new_database(seeded_url)) as place:
        for positions in changed:
            place.change(positions)
        kept = place.kept()
        assert all(row[-1] > 0 for row in kept)
        assert place.anew() == kept
        for by, filtered in questions:
            same_counts(place, by, filtered)
            same_total(place, filtered)


def same_counts(place: Place, by: list[str], filtered: dict[str, str]) -> None:
    """The counts are the same to the byte when they come from the positions themselves."""
    params = {"by": by, **filtered}
    from_tallies = place.client.get(COUNTS, params=params)
    with pytest.MonkeyPatch.context() as without:
        without.setattr(tallies, "CUBES", ())
        from_rows = place.client.get(COUNTS, params=params)
    assert from_tallies.status_code == from_rows.status_code
    if from_rows.status_code == 200:
        assert from_tallies.content == from_rows.content
        assert from_tallies.headers["etag"] == from_rows.headers["etag"]


def same_total(place: Place, filtered: dict[str, str]) -> None:
    """The total, where the tallies have one, is that of the list."""
    page = place.client.get("/v1/positions", params={"total": "exact", "limit": 1, **filtered})
    if page.status_code != 200:
        return
    with place.database.read() as session:
        conditions = Conditions(session, session.record_version())
        narrow(conditions, TopicFilters(**filtered))
        in_terms = wanted(conditions)
        found = None if in_terms is None else tallies.total(session, conditions.version, in_terms)
    assert found in (None, page.json()["meta"]["total"])
    if len(filtered) <= 1 and not filtered.items() & BEYOND:
        assert found is not None


@pytest.mark.parametrize("since", FILTERS["said_from"])
@pytest.mark.parametrize("until", FILTERS["said_to"])
def test_ranges_of_dates_count_what_they_count_in_lists(
    dated: Place, since: str, until: str
) -> None:
    for filtered in (
        {"said_from": since},
        {"said_to": until},
        {"said_from": since, "said_to": until},
    ):
        same_total(dated, filtered)
        same_counts(dated, ["month", "year"], filtered)


@pytest.mark.parametrize("seed", [1, 2])
def test_they_do_whatever_curators_and_records_do(place: Place, seed: int) -> None:
    desk = AtRandom(Desk(place.client, key_for(place.database)), Random(seed))  # noqa: S311
    for _ in range(3):
        desk.work(desk.changes + 15)
        kept = place.kept()
        assert place.anew() == kept


def test_the_past_is_counted_from_the_positions(place: Place, statements: list[str]) -> None:
    before = place.client.get(f"{COUNTS}?by=country&by=topic").json()
    rewrite(place.database, shapes.POSITION, POSITION_ID, ChangeType.CORRECTED, topic="economy")
    now = place.client.get(f"{COUNTS}?by=country&by=topic").json()
    assert now["data"] != before["data"]
    statements.clear()
    past = place.client.get(f"{COUNTS}?by=country&by=topic&as_of=1").json()
    assert past["data"] == before["data"]
    assert sum("position_versions" in statement for statement in statements) == 1
    with place.database.read() as session:
        last = session.record_version()
        economy = [("topic", tallies.OneOf(["economy"]))]
        assert tallies.total(session, last, economy) == 1
        assert tallies.total(session, last - 1, economy) is None
        assert tallies.total(session, last, []) == tallies.total(session, last - 1, []) == 13
        assert tallies.total(session, 0, []) == 0


def test_a_cube_that_has_nothing_of_what_is_asked_counts_nothing(place: Place) -> None:
    answer = place.client.get(f"{COUNTS}?by=topic&country=AFG").json()
    assert (answer["data"], answer["meta"]["total"], answer["meta"]["cells"]) == ([], 0, 0)


@pytest.mark.parametrize(
    "query",
    [
        "by=country&by=topic",
        "by=tone&by=year&said_from=2024&said_to=2025-11",
        "by=stance&stance=!denies&modality=actual",
        "by=body&topic=security",
        "by=country&by=topic&tone=conflictual",
    ],
)
def test_counts_do_not_look_at_positions_where_tallies_have_them(
    place: Place, statements: list[str], query: str
) -> None:
    statements.clear()
    assert place.client.get(f"{COUNTS}?{query}").status_code == 200
    assert not [each for each in statements if "position_versions" in each]
    assert sum("position_tallies" in each for each in statements) == 1


def test_a_change_takes_two_statements_for_however_many_positions(
    place: Place, statements: list[str]
) -> None:
    def taken() -> int:
        number = sum("position_tallies" in each for each in statements)
        statements.clear()
        return number

    statements.clear()
    ingest(place.database, second_article(), text=TEXT, by="a desk")
    assert taken() == 1
    less = second_article()
    del less["positions"][3:]
    ingest(place.database, less, text=TEXT, by="a desk")
    assert taken() == 2
