"""Records loaded as drafts leave alone what the public sees, and are new to it when they come."""

import pytest
from fastapi.testclient import TestClient

from app.db import Database
from tests.http import factory
from tests.http.helpers import Entry, listed, problem
from tests.time.curating import KINDS, SECTIONS, TEXT, Desk, key_for
from tests.time.model import IDS, KEYS, Said

CODES = {
    "positions": ("asserts", "denies"),
    "mediation-offers": ("offered", "lapsed"),
    "rounds": ("unknown", "full"),
}
every_kind = pytest.mark.parametrize("key", ["first", "offer", "round"])


@pytest.fixture
def desk(fresh_client: TestClient, database: Database) -> Desk:
    """Somebody with a key, on a record that others do not share."""
    return Desk(fresh_client, key_for(database))


def record(*keys: str, edited: bool = False) -> Entry:
    """A record with these facts."""
    sections: dict[str, list[Entry]] = {section: [] for section in SECTIONS.values()}
    for key in keys:
        path = KEYS[key]
        said = Said(path, "mediation", CODES[path][edited], None, ("one",))
        sections[SECTIONS[path]].append(said.recorded(key))
    return factory.make_record(TEXT, **sections)


@every_kind
def test_a_draft_takes_the_place_of_no_tombstone(desk: Desk, key: str) -> None:
    for cut in (record(key), record()):
        assert desk.load(cut).status_code == 201
    here = f"/v1/{KEYS[key]}/{IDS[key]}"
    gone = desk.client.get(here)
    assert gone.status_code == 410
    told = problem(desk.load(record(key, edited=True), curation="draft"), 422)
    assert [each.pointer for each in told.errors] == [f"{SECTIONS[KEYS[key]]}[0].key"]
    assert "tombstone" in told.errors[0].detail
    assert problem(desk.client.get(here), 410).detail == gone.json()["detail"]
    assert desk.load(record(key, edited=True)).status_code == 201
    assert desk.client.get(here).status_code == 200


@every_kind
def test_a_draft_that_an_edited_record_makes_public_is_new(desk: Desk, key: str) -> None:
    assert desk.load(record(key), curation="draft").status_code == 201
    loaded = desk.load(record(key, edited=True)).json()["data"]
    (version,) = [each for each in loaded["versions"] if each["kind"] in KINDS.values()]
    assert (version["change_type"], version["rev"]) == ("new", 2)
    (shown,) = listed(desk.client, f"/v1/{KEYS[key]}/{IDS[key]}/history")
    assert (shown["rev"], shown["change_type"]) == (2, "new")
    assert (shown["superseded_in"], shown["curation"]) == (None, "published")
    (seen,) = listed(desk.client, "/v1/topics/mediation/versions", sort="-number")[:1]
    assert seen["change"] == loaded["change"]
    assert seen["facts"] == [{"change_type": "new", "count": 1}]
