"""Horizons: nothing that was on record as of a change has a later date than they say."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from sqlalchemy import delete, func, select

from app import horizons
from app.ingest import shapes
from app.ingest.shapes import Kind
from app.models import Horizon
from app.sql import table, valid_at
from tests.chance import examples
from tests.http.helpers import walk
from tests.time.test_tallies import Place, changes, deployed

HORIZONS = table(Horizon)
KEYS = {
    shapes.ARTICLE: "published_on",
    shapes.POSITION: "said_key",
    shapes.OFFER: "offered_key",
    shapes.ROUND: "held_key",
}


@pytest.fixture(scope="module")
def past(lived_url: str, new_database: Callable[[str | None], str]) -> Iterator[Place]:
    """A deployment with a past, which no test adds to."""
    with deployed(new_database(lived_url)) as found:
        yield found


def kept(place: Place) -> list[tuple[Any, ...]]:
    with place.database.read() as session:
        return sorted(tuple(row) for row in session.rows(select(HORIZONS)))


def anew(place: Place) -> list[tuple[Any, ...]]:
    """The horizons as they are when all are found anew."""
    with place.database.write() as session:
        session.execute(delete(HORIZONS).where(HORIZONS.c.kind == "round"))
        horizons.rebuild(session)
    return kept(place)


def right(place: Place) -> None:
    """At each change, the horizon is the latest date of all that was recorded up to it."""
    with place.database.read() as session:
        for kind, name in KEYS.items():
            for version in range(session.record_version() + 1):
                dates = select(func.max(kind.table.c[name]))
                latest = session.scalar(dates.where(kind.table.c.recorded_in <= version))
                assert session.scalar(select(horizons.until(kind.name, version))) == latest


def test_they_are_right_and_the_same_when_found_anew(past: Place) -> None:
    right(past)
    before = kept(past)
    assert {row[0] for row in before} == {kind.name for kind in KEYS}
    assert anew(past) == before


@settings(
    deadline=None,
    max_examples=examples(4),
    suppress_health_check=list(HealthCheck),
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
)
@given(changed=changes)
def test_they_are_right_whatever_changes(
    seeded_url: str,
    new_database: Callable[[str | None], str],
    changed: list[dict[str, dict[str, Any]]],
) -> None:
    with deployed(new_database(seeded_url)) as place:
        for positions in changed:
            place.change(positions)
        right(place)
        before = kept(place)
        assert anew(place) == before


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/v1/articles", shapes.ARTICLE),
        ("/v1/positions", shapes.POSITION),
        ("/v1/mediation-offers", shapes.OFFER),
        ("/v1/rounds", shapes.ROUND),
    ],
    ids=str,
)
def test_a_list_of_the_past_is_all_within_its_horizon(past: Place, path: str, kind: Kind) -> None:
    with past.database.read() as session:
        for version in range(session.record_version() + 1):
            listed = {entry["id"] for entry in walk(past.client, path, as_of=version)}
            versions, name = kind.table, KEYS[kind]
            within = select(versions.c.id).where(
                valid_at(versions, version), versions.c[name] <= horizons.until(kind.name, version)
            )
            assert listed <= {row.id for row in session.rows(within)}
