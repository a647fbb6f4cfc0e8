"""History: corrected, withdrawn, merged and draft facts, and what stays readable of them."""

import re
from typing import Any, NamedTuple

import pytest
from fastapi.testclient import TestClient

from app.codelists import ChangeType
from app.db import Database
from app.ingest import shapes
from app.ingest.pipeline import ingest
from app.ingest.shapes import Kind
from app.mediation.schemas import MediationOfferHistory
from app.positions.schemas import PositionHistory
from app.rounds.schemas import RoundHistory
from app.web.facts import EvidenceList
from app.web.schemas import OFFER_ID, POSITION_ID, ROUND_ID
from tests.http.factory import TEXT, draft, merge, rewrite, second_article
from tests.http.helpers import ids, listed, problem

POSITIONS = "/v1/positions"


class Fact(NamedTuple):
    """One fact of the first article, and how it is edited."""

    kind: Kind
    path: str
    id: str
    section: str
    key: str
    field: str
    value: str
    history: type[Any]


FACTS = [
    Fact(
        shapes.POSITION,
        POSITIONS,
        POSITION_ID,
        "positions",
        "ceasefire-status",
        "proposition",
        "Nobody can say whether it holds.",
        PositionHistory,
    ),
    Fact(
        shapes.OFFER,
        "/v1/mediation-offers",
        OFFER_ID,
        "mediation_offers",
        "iran",
        "status",
        "accepted",
        MediationOfferHistory,
    ),
    Fact(
        shapes.ROUND,
        "/v1/rounds",
        ROUND_ID,
        "rounds",
        "third-round",
        "outcome",
        "suspended",
        RoundHistory,
    ),
]
every_fact = pytest.mark.parametrize("fact", FACTS, ids=lambda fact: fact.kind.name)


def versions(client: TestClient, fact: Fact) -> list[dict[str, Any]]:
    return listed(client, f"{fact.path}/{fact.id}/history")


def edit(record: dict[str, Any], fact: Fact) -> dict[str, Any]:
    """The record with the fact changed."""
    entry = next(each for each in record[fact.section] if each["key"] == fact.key)
    entry[fact.field] = fact.value
    return record


# Corrections


@every_fact
def test_a_fact_that_nobody_changed_has_one_version(client: TestClient, fact: Fact) -> None:
    (first,) = versions(client, fact)
    assert first["fact"] == client.get(f"{fact.path}/{fact.id}").json()["data"]
    assert (first["rev"], first["change_type"], first["curation"]) == (1, "new", "published")
    assert (first["recorded_in"], first["superseded_in"]) == (1, None)
    assert (first["recorded_by"], first["reason"]) == ("seed", None)
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z", first["recorded_at"])


@every_fact
def test_a_correction_is_a_new_version_with_a_reason_and_the_old_one_stays(
    fresh_client: TestClient, database: Database, record: dict[str, Any], fact: Fact
) -> None:
    (before,) = versions(fresh_client, fact)
    ingest(database, edit(record, fact), text=None, by="a desk", reason="Misread.")
    old, new = versions(fresh_client, fact)
    assert old == before | {"superseded_in": 2}
    assert new["fact"] == fresh_client.get(f"{fact.path}/{fact.id}").json()["data"]
    assert new["fact"][fact.field] == fact.value != old["fact"][fact.field]
    assert (new["rev"], new["change_type"], new["curation"]) == (2, "corrected", "published")
    assert (new["recorded_in"], new["superseded_in"]) == (2, None)
    assert (new["recorded_by"], new["reason"]) == ("a desk", "Misread.")
    assert listed(fresh_client, f"{fact.path}/{fact.id}/history", sort="-rev") == [new, old]


def test_an_edited_record_gives_a_reason_even_if_nobody_does(
    fresh_client: TestClient, database: Database, record: dict[str, Any]
) -> None:
    ingest(database, edit(record, FACTS[0]), text=None, by="a desk")
    assert versions(fresh_client, FACTS[0])[1]["reason"]


@pytest.mark.parametrize("change_type", ["updated", "corrected", "superseded"])
def test_wrong_is_told_apart_from_no_longer_true(
    fresh_client: TestClient, database: Database, change_type: str
) -> None:
    rewrite(database, shapes.POSITION, POSITION_ID, ChangeType(change_type), modality="past")
    item = fresh_client.get(f"{POSITIONS}/{POSITION_ID}").json()["data"]
    assert (item["change_type"], item["rev"], item["modality"]) == (change_type, 2, "past")
    assert versions(fresh_client, FACTS[0])[1]["change_type"] == change_type


# Withdrawals


@pytest.fixture
def withdrawn(
    fresh_client: TestClient, database: Database, record: dict[str, Any]
) -> dict[str, Any]:
    """A position that an edited record left out, as it was."""
    (before,) = listed(fresh_client, POSITIONS, stance="commits")
    kept = [each for each in record["positions"] if each["key"] != "dialogue"]
    edited = record | {"positions": kept}
    ingest(database, edited, text=None, by="a desk", reason="The speaker did not say so.")
    return before


def test_a_withdrawn_fact_is_410_and_says_when_why_and_where_to_read_on(
    fresh_client: TestClient, withdrawn: dict[str, Any]
) -> None:
    change = fresh_client.get("/v1/changes/2").json()["data"]
    for path in ("", "/evidence"):
        told = problem(fresh_client.get(f"{POSITIONS}/{withdrawn['id']}{path}"), 410)
        assert told.type == "/v1/codes/problem#withdrawn"
        assert "change 2" in told.detail
        assert change["at"] in told.detail
        assert "The speaker did not say so." in told.detail
        assert f"{POSITIONS}/{withdrawn['id']}/history" in told.detail
    assert {"kind": "position", "change_type": "withdrawn", "count": 1} in change["touched"]
    assert change["reason"] == "The speaker did not say so."


def test_a_withdrawn_fact_keeps_its_history_but_is_no_longer_stated(
    fresh_client: TestClient, withdrawn: dict[str, Any]
) -> None:
    old, gone = listed(fresh_client, f"{POSITIONS}/{withdrawn['id']}/history")
    assert (old["fact"], old["superseded_in"]) == (withdrawn, 2)
    assert gone["fact"] is None
    assert (gone["curation"], gone["change_type"], gone["rev"]) == ("withdrawn", "withdrawn", 2)
    assert gone["reason"] == "The speaker did not say so."


def test_a_withdrawn_fact_is_in_no_list_count_or_search(
    fresh_client: TestClient, withdrawn: dict[str, Any]
) -> None:
    assert withdrawn["id"] not in ids(listed(fresh_client, POSITIONS))
    assert withdrawn["id"] not in ids(listed(fresh_client, "/v1/topics/peace-talks/positions"))
    assert listed(fresh_client, POSITIONS, q="dialogue") == []
    counts = fresh_client.get(f"{POSITIONS}/counts?by=stance").json()
    assert counts["meta"]["total"] == 12
    assert "commits" not in {cell["stance"] for cell in counts["data"]}


def test_the_notice_of_a_withdrawal_reads_well_whatever_the_reason(
    fresh_client: TestClient, database: Database, record: dict[str, Any]
) -> None:
    record["positions"] = [each for each in record["positions"] if each["key"] != "dialogue"]
    (gone,) = listed(fresh_client, POSITIONS, stance="commits")
    ingest(database, record, text=None, by="a desk", reason="wrong speaker")
    detail = problem(fresh_client.get(f"{POSITIONS}/{gone['id']}"), 410).detail
    assert "wrong speaker. Its history is at" in detail


def test_a_withdrawn_fact_that_comes_back_is_there_again(
    fresh_client: TestClient,
    database: Database,
    record: dict[str, Any],
    withdrawn: dict[str, Any],
) -> None:
    ingest(database, record, text=None, by="a desk", reason="The speaker did.")
    item = fresh_client.get(f"{POSITIONS}/{withdrawn['id']}").json()["data"]
    assert item == withdrawn | {"rev": 3, "recorded_in": 3, "change_type": item["change_type"]}
    history = listed(fresh_client, f"{POSITIONS}/{withdrawn['id']}/history")
    assert [version["fact"] is None for version in history] == [False, True, False]


@every_fact
def test_any_kind_of_fact_can_be_withdrawn(
    fresh_client: TestClient, database: Database, fact: Fact
) -> None:
    rewrite(database, fact.kind, fact.id, ChangeType.WITHDRAWN, curation="withdrawn")
    problem(fresh_client.get(f"{fact.path}/{fact.id}"), 410)
    problem(fresh_client.get(f"{fact.path}/{fact.id}/evidence"), 410)
    assert fact.id not in ids(listed(fresh_client, fact.path))
    assert [version["fact"] is None for version in versions(fresh_client, fact)] == [False, True]


# Merging


@pytest.fixture
def merged(fresh_client: TestClient, database: Database) -> tuple[str, str]:
    """Two positions, the first merged into the second."""
    one, other = ids(listed(fresh_client, POSITIONS, topic="peace-talks"))
    merge(database, shapes.POSITION, one, other)
    return one, other


@pytest.mark.parametrize("prefix", ["/v1", ""])
@pytest.mark.parametrize("rest", ["", "?fields=stance", "/evidence"])
def test_a_merged_fact_leads_to_the_one_that_goes_on(
    fresh_client: TestClient, merged: tuple[str, str], prefix: str, rest: str
) -> None:
    one, other = merged
    answer = fresh_client.get(f"{prefix}/positions/{one}{rest}", follow_redirects=False)
    assert answer.status_code == 308
    assert answer.headers["location"] == f"/v1/positions/{other}{rest}"
    followed = fresh_client.get(f"{prefix}/positions/{one}{rest}", follow_redirects=True)
    assert followed.content == fresh_client.get(f"/v1/positions/{other}{rest}").content


def test_a_merged_fact_is_listed_once_and_keeps_its_history(
    fresh_client: TestClient, merged: tuple[str, str]
) -> None:
    one, other = merged
    assert ids(listed(fresh_client, POSITIONS, topic="peace-talks")) == [other]
    old, new = listed(fresh_client, f"{POSITIONS}/{one}/history")
    assert (new["change_type"], new["fact"]) == ("merged", None)
    assert old["fact"]["id"] == one


@every_fact
def test_any_kind_of_fact_can_be_merged(
    fresh_client: TestClient, database: Database, fact: Fact
) -> None:
    ingest(database, second_article(), text=TEXT, by="a desk")
    other = next(each for each in ids(listed(fresh_client, fact.path)) if each != fact.id)
    merge(database, fact.kind, fact.id, other)
    answer = fresh_client.get(f"{fact.path}/{fact.id}", follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (308, f"{fact.path}/{other}")


# Drafts


DRAFT_ID = "xxx_adraftadraftadra"


@every_fact
def test_a_draft_is_invisible(fresh_client: TestClient, database: Database, fact: Fact) -> None:
    unknown = problem(fresh_client.get(f"{fact.path}/xxx_nowherenowhereno"), 404)
    before = fresh_client.get(fact.path).json()
    draft(database, fact.kind, like=fact.id, id_=DRAFT_ID)
    after = fresh_client.get(fact.path).json()
    assert after["data"] == before["data"]
    assert after["meta"]["total"] == before["meta"]["total"]
    for path in ("", "/evidence", "/history"):
        told = problem(fresh_client.get(f"{fact.path}/{DRAFT_ID}{path}"), 404)
        assert told.detail == unknown.detail.replace("xxx_nowherenowhereno", DRAFT_ID)


def test_a_draft_is_in_no_search_count_or_coverage(
    fresh_client: TestClient, database: Database
) -> None:
    draft(database, shapes.POSITION, like=POSITION_ID, id_=DRAFT_ID)
    assert ids(listed(fresh_client, POSITIONS, q='"long border"')) == [POSITION_ID]
    counts = fresh_client.get(f"{POSITIONS}/counts?by=topic").json()
    assert counts["meta"]["total"] == 13
    empty = fresh_client.get(f"{POSITIONS}?country=AFG").json()["meta"]["coverage"]
    assert empty["on_record"] == 13


@every_fact
def test_a_draft_is_no_number_in_its_change(
    fresh_client: TestClient, database: Database, fact: Fact
) -> None:
    draft(database, fact.kind, like=fact.id, id_=DRAFT_ID)
    change = fresh_client.get("/v1/changes/2").json()["data"]
    assert (change["touched"], change["versions"]) == ([], [])
    assert fresh_client.get("/v1/changes").json()["data"][0]["touched"] == []


def test_what_only_a_draft_says_is_not_among_the_allowed_values(
    fresh_client: TestClient, database: Database
) -> None:
    draft(database, shapes.ROUND, like=ROUND_ID, id_=DRAFT_ID)
    rewrite(database, shapes.ROUND, DRAFT_ID, ChangeType.UPDATED, process="secret-talks")
    (fault,) = problem(fresh_client.get("/v1/rounds?process=secret-talk"), 422).errors
    assert fault.allowed == ["pakistan-afghanistan-talks"]
    assert fault.suggestion != "secret-talks"


# The shape


@every_fact
def test_histories_and_evidence_are_as_declared(
    fresh_client: TestClient, database: Database, fact: Fact
) -> None:
    rewrite(database, fact.kind, fact.id, ChangeType.UPDATED, reported_via="pti")
    evidence = fresh_client.get(f"{fact.path}/{fact.id}/evidence")
    assert EvidenceList.model_validate_json(evidence.content).data
    rewrite(database, fact.kind, fact.id, ChangeType.WITHDRAWN, curation="withdrawn")
    history = fresh_client.get(f"{fact.path}/{fact.id}/history")
    assert len(fact.history.model_validate_json(history.content).data) == 3


@every_fact
def test_a_history_is_walked_like_any_list(
    fresh_client: TestClient, database: Database, fact: Fact
) -> None:
    for agency in ("pti", None, "pti"):
        rewrite(database, fact.kind, fact.id, ChangeType.CORRECTED, reported_via=agency)
    path = f"{fact.path}/{fact.id}/history"
    first = fresh_client.get(path, params={"limit": 2, "fields": "change_type"}).json()
    assert first["meta"]["total"] == 4
    second = fresh_client.get(first["links"]["next"]).json()
    assert [each["rev"] for each in first["data"] + second["data"]] == [1, 2, 3, 4]
    assert second["links"]["next"] is None
    assert set(first["data"][0]) == {"rev", "change_type"}
