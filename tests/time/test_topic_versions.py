"""Versions of topics: which changes make one, how they are numbered, and what a topic was then."""

from typing import Any

import pytest
from fastapi.testclient import TestClient

from app.codelists import ChangeType
from app.db import Database
from app.ingest import shapes
from app.ingest.pipeline import ingest
from app.ingest.store import store
from app.timelines.schemas import TopicStateItem, TopicVersionPage
from app.web.schemas import OFFER_ID, POSITION_ID, ROUND_ID
from tests.http.factory import CURATOR, TEXT, draft, merge, rewrite, second_article
from tests.http.helpers import Entry, listed, pages, problem, walk
from tests.time.history import (
    DRAFT_ID,
    LAST,
    OTHER_ROUND,
    TALKS,
    TOPICS,
    TREE,
    Twin,
    at,
    edited,
    live,
)

CORRECTED = ChangeType.CORRECTED
WITHDRAWN: Entry = {"change_type": ChangeType.WITHDRAWN, "curation": "withdrawn"}
each_topic = pytest.mark.parametrize("topic", TOPICS)


def versions(client: TestClient, topic: str) -> list[Entry]:
    """The versions of a topic, the first one first."""
    return listed(client, f"/v1/topics/{topic}/versions", sort="number")


def numbers(client: TestClient) -> dict[str, list[tuple[int, int]]]:
    """The versions of every topic: their numbers and changes."""
    return {
        topic: [(each["number"], each["change"]) for each in versions(client, topic)]
        for topic in TOPICS
    }


def gained(client: TestClient, before: dict[str, list[tuple[int, int]]]) -> set[str]:
    """The topics that have one version more, the next one; no other changed."""
    after = numbers(client)
    more = {topic for topic in TOPICS if after[topic] != before[topic]}
    for topic in more:
        assert after[topic][:-1] == before[topic]
        assert after[topic][-1][0] == len(after[topic])
    return more


# Which changes make a version


def test_the_first_article_makes_the_first_version_of_each_topic(client: TestClient) -> None:
    assert numbers(client) == {topic: [(1, 1)] for topic in TOPICS}
    assert {topic: versions(client, topic)[0]["facts"][0]["count"] for topic in TREE} == {
        "diplomacy": 9,
        "security": 4,
        "economy": 3,
        "migration": 1,
    }


@pytest.mark.parametrize(
    ("kind", "id_", "values", "topics"),
    [
        (shapes.POSITION, POSITION_ID, {"stance": "denies"}, {"ceasefire", "security"}),
        (shapes.OFFER, OFFER_ID, {"status": "lapsed"}, {"mediation", "diplomacy"}),
        (shapes.ROUND, ROUND_ID, {"outcome": "full"}, {"peace-talks", "diplomacy"}),
        (shapes.POSITION, POSITION_ID, {"topic": "security"}, {"ceasefire", "security"}),
        (
            shapes.POSITION,
            POSITION_ID,
            {"topic": "mediation"},
            {"ceasefire", "security", "mediation", "diplomacy"},
        ),
        (
            shapes.ROUND,
            ROUND_ID,
            {"topic": "economy"},
            {"peace-talks", "diplomacy", "economy"},
        ),
    ],
)
def test_a_change_makes_a_version_of_the_topics_it_touched_and_all_above_and_no_other(
    fresh_client: TestClient,
    database: Database,
    kind: Any,
    id_: str,
    values: dict[str, Any],
    topics: set[str],
) -> None:
    before = numbers(fresh_client)
    rewrite(database, kind, id_, CORRECTED, **values)
    assert gained(fresh_client, before) == topics
    for topic in topics:
        last = versions(fresh_client, topic)[-1]
        assert last["facts"] == [{"change_type": "corrected", "count": 1}]
        assert (last["change"], last["reason"], last["by"]) == (2, "A test wants it.", "a curator")


def test_a_withdrawal_and_a_merger_make_versions(
    fresh_client: TestClient, database: Database
) -> None:
    before = numbers(fresh_client)
    rewrite(database, shapes.POSITION, POSITION_ID, **WITHDRAWN)
    assert gained(fresh_client, before) == {"ceasefire", "security"}
    before = numbers(fresh_client)
    merge(database, shapes.POSITION, TALKS[0], POSITION_ID)
    assert gained(fresh_client, before) == {"peace-talks", "diplomacy"}
    for topic, done in (("security", "withdrawn"), ("diplomacy", "merged")):
        assert versions(fresh_client, topic)[-1]["facts"] == [{"change_type": done, "count": 1}]


def test_a_draft_makes_no_version_until_it_is_published(
    fresh_client: TestClient, database: Database
) -> None:
    before = numbers(fresh_client)
    draft(database, shapes.POSITION, POSITION_ID, DRAFT_ID)
    rewrite(database, shapes.POSITION, DRAFT_ID, CORRECTED, topic="mediation")
    assert numbers(fresh_client) == before
    rewrite(database, shapes.POSITION, DRAFT_ID, ChangeType.UPDATED, curation="published")
    assert gained(fresh_client, before) == {"mediation", "diplomacy"}


def test_where_a_draft_had_been_is_not_counted(
    fresh_client: TestClient, database: Database
) -> None:
    """Published elsewhere in a change that touches its former topic by another fact."""
    draft(database, shapes.POSITION, POSITION_ID, DRAFT_ID)
    with database.write() as session:
        stored = shapes.load(session, shapes.POSITION, [DRAFT_ID, POSITION_ID])
        moved = {"topic": "mediation", "curation": "published"}
        steps = [
            shapes.Step(
                shapes.POSITION,
                id_,
                shapes.Snapshot(before.snapshot.values | values, before.snapshot.children),
                before,
                CORRECTED,
            )
            for id_, before, values in (
                (DRAFT_ID, stored[DRAFT_ID], moved),
                (POSITION_ID, stored[POSITION_ID], {"stance": "denies"}),
            )
        ]
        store(session, steps, CURATOR)
    for topic in ("security", "diplomacy"):
        last = versions(fresh_client, topic)[-1]
        assert last["facts"] == [{"change_type": "corrected", "count": 1}]


@pytest.mark.parametrize(
    ("kind", "id_", "values"),
    [
        (shapes.COUNTRY, "PAK", {"name": "Another"}),
        (shapes.GROUP, "ttp", {"name": "Another"}),
        (shapes.OFFICIAL, "tahir-andrabi", {"name": "Another"}),
        (shapes.TOPIC, "ceasefire", {"broader": "diplomacy"}),
    ],
)
def test_what_is_no_fact_makes_no_version(
    fresh_client: TestClient, database: Database, kind: Any, id_: str, values: dict[str, Any]
) -> None:
    before = numbers(fresh_client)
    rewrite(database, kind, id_, ChangeType.UPDATED, **values)
    assert numbers(fresh_client) == before


def test_facts_are_counted_by_what_was_done_to_them(
    fresh_client: TestClient, database: Database
) -> None:
    record = edited()
    next(p for p in record["positions"] if p["key"] == "gaza-force")["topic"] = "mediation"
    ingest(database, record, text=None, by="a desk", reason="Misread.")

    def counted(topic: str) -> dict[str, int]:
        last = versions(fresh_client, topic)[-1]
        assert last["change"] == 2
        assert last["reason"] == "Misread."
        return {each["change_type"]: each["count"] for each in last["facts"]}

    assert counted("security") == {"corrected": 2, "new": 1}
    assert counted("gaza-stabilisation-force") == {"corrected": 1}
    assert counted("cross-border-terrorism") == {"new": 1}
    assert counted("diplomacy") == {"corrected": 2, "withdrawn": 1}
    assert numbers(fresh_client)["economy"] == [(1, 1)]


def test_a_load_that_changes_nothing_makes_no_version(
    fresh_client: TestClient, database: Database, record: dict[str, Any]
) -> None:
    before = numbers(fresh_client)
    ingest(database, record, text=None, by="a desk")
    assert numbers(fresh_client) == before


def test_a_later_branch_of_the_tree_takes_its_facts_versions_with_the_change(
    fresh_client: TestClient, database: Database
) -> None:
    rewrite(database, shapes.TOPIC, "ceasefire", ChangeType.UPDATED, broader="peace-talks")
    before = numbers(fresh_client)
    rewrite(database, shapes.POSITION, POSITION_ID, CORRECTED, stance="denies")
    assert gained(fresh_client, before) == {"ceasefire", "peace-talks", "diplomacy"}


# The list


def test_versions_are_numbered_from_one_without_a_gap(lived: TestClient) -> None:
    for of_topic in numbers(lived).values():
        assert [number for number, _ in of_topic] == list(range(1, len(of_topic) + 1))
        assert [change for _, change in of_topic] == sorted({change for _, change in of_topic})
    assert [change for _, change in numbers(lived)["diplomacy"]] == [1, 2, 3, 4, 5, 8, 11, 12]
    assert [change for _, change in numbers(lived)["security"]] == [1, 2, 3, 4, 7, 8]


def test_a_version_says_what_its_change_says(lived: TestClient) -> None:
    for each in versions(lived, "diplomacy"):
        change = lived.get(f"/v1/changes/{each['change']}").json()["data"]
        assert {name: each[name] for name in ("at", "kind", "by", "reason")} == {
            name: change[name] for name in ("at", "kind", "by", "reason")
        }


@pytest.mark.parametrize("sort", ["number", "-number"])
def test_versions_are_walked_like_any_list(lived: TestClient, sort: str) -> None:
    path = "/v1/topics/diplomacy/versions"
    whole = listed(lived, path, sort=sort)
    assert whole == sorted(whole, key=lambda v: v["number"], reverse=sort.startswith("-"))
    assert walk(lived, path, sort=sort, limit=1) == walk(lived, path, sort=sort, limit=3) == whole
    assert listed(lived, path)[0]["number"] == len(whole)
    (cut,) = lived.get(path, params={"limit": 1, "fields": "change"}).json()["data"]
    assert set(cut) == {"number", "change"}


def test_a_walk_is_not_disturbed_by_a_new_version(
    fresh_client: TestClient, database: Database
) -> None:
    for stance in ("denies", "warns", "denies"):
        rewrite(database, shapes.POSITION, POSITION_ID, CORRECTED, stance=stance)
    path = "/v1/topics/security/versions"
    walking = pages(fresh_client, path, limit=2)
    visited = next(walking)["data"]
    rewrite(database, shapes.POSITION, POSITION_ID, CORRECTED, stance="warns")
    visited += [entry for page in walking for entry in page["data"]]
    assert [entry["number"] for entry in visited] == [4, 3, 2, 1]


def test_as_of_a_moment_later_versions_are_still_to_come(lived: TestClient) -> None:
    found = listed(lived, "/v1/topics/security/versions", as_of=4, sort="number")
    assert [each["change"] for each in found] == [1, 2, 3, 4]


def test_a_topic_that_nobody_spoke_on_has_no_version(client: TestClient) -> None:
    page = client.get("/v1/topics/security/versions?as_of=0").json()
    assert page["data"] == []
    assert page["meta"]["coverage"]["on_record"] == 0


def test_the_versions_of_an_unknown_topic_are_a_404(client: TestClient) -> None:
    for rest in ("versions", "versions/1", "diff?from=0&to=1", "timeline"):
        problem(client.get(f"/v1/topics/nowhere/{rest}"), 404)


# One version


def state(client: TestClient, topic: str, number: int) -> Entry:
    """A topic as of one of its versions."""
    answer = client.get(f"/v1/topics/{topic}/versions/{number}")
    assert answer.status_code == 200, answer.text
    TopicStateItem.model_validate_json(answer.content)
    data: Entry = answer.json()["data"]
    return data


@each_topic
def test_a_version_is_the_topics_lists_as_of_its_change(lived: TestClient, topic: str) -> None:
    for each in versions(lived, topic):
        found, change = state(lived, topic, each["number"]), each["change"]
        for part, path in (
            ("positions", "positions"),
            ("mediation_offers", "mediation-offers"),
            ("rounds", "rounds"),
        ):
            whole = f"/v1/topics/{topic}/{path}"
            assert found[part] == listed(lived, whole, as_of=change)
            count = found["counts"][part.removesuffix("s")]
            assert count["list"] == at(whole, change)
            answer = lived.get(count["list"]).json()
            assert answer["meta"]["total"] == count["total"] == len(found[part])
        named = lived.get(at(f"/v1/topics/{topic}", change)).json()["data"]
        assert found["topic"] == {"slug": topic, "name": named["name"]}


@each_topic
def test_a_version_is_listed_as_it_is_shown(lived: TestClient, topic: str) -> None:
    """As of the change that made it: the tree may be another now."""
    for change in {each["change"] for each in versions(lived, topic)}:
        *_, last = listed(lived, f"/v1/topics/{topic}/versions", as_of=change, sort="number")
        shown = state(lived, topic, last["number"])
        assert {name: shown[name] for name in last} == last


def test_the_versions_of_a_topic_are_as_declared(lived: TestClient) -> None:
    TopicVersionPage.model_validate_json(lived.get("/v1/topics/diplomacy/versions").content)


@pytest.mark.parametrize("number", [7, 100, 2**31 - 1])
def test_an_unknown_version_is_a_404_that_names_the_last(lived: TestClient, number: int) -> None:
    told = problem(lived.get(f"/v1/topics/security/versions/{number}"), 404)
    assert f"no version {number}" in told.detail
    assert "its last is 6" in told.detail


@pytest.mark.parametrize("number", ["0", "-1", "one", str(2**31), "1.5", "9" * 40])
def test_what_is_no_number_of_a_version_is_refused(client: TestClient, number: str) -> None:
    problem(client.get(f"/v1/topics/security/versions/{number}"), 422)


def test_a_topic_without_a_version_says_so(fresh_client: TestClient, database: Database) -> None:
    with database.write() as session:
        like = shapes.load(session, shapes.TOPIC, ["ceasefire"])["ceasefire"].snapshot
        like.values |= {"slug": "sanctions", "name": "Sanctions"}
        store(
            session, [shapes.Step(shapes.TOPIC, "sanctions", like, None, ChangeType.NEW)], CURATOR
        )
    assert versions(fresh_client, "sanctions") == []
    for rest in ("versions/1", "diff?from=0&to=1"):
        told = problem(fresh_client.get(f"/v1/topics/sanctions/{rest}"), 404)
        assert "nothing is on record about it" in told.detail


# What stays


def rearrange(database: Database) -> None:
    """Put branches of the topic tree elsewhere."""
    for topic, broader in (
        ("ceasefire", "diplomacy"),
        ("mediation", None),
        ("security", "economy"),
    ):
        rewrite(database, shapes.TOPIC, topic, ChangeType.UPDATED, broader=broader)


def test_numbers_and_states_stay_when_the_tree_is_rearranged(
    fresh_client: TestClient, database: Database
) -> None:
    ingest(database, edited(), text=None, by="a desk")
    before = numbers(fresh_client)
    states = {topic: fresh_client.get(f"/v1/topics/{topic}/versions/1").content for topic in TOPICS}
    rearrange(database)
    assert numbers(fresh_client) == before
    for topic, content in states.items():
        assert fresh_client.get(f"/v1/topics/{topic}/versions/1").content == content


def test_what_a_version_touched_stays_when_the_tree_is_rearranged(
    fresh_client: TestClient, database: Database
) -> None:
    """It counts the facts that were on the topic, or on what was narrower, then."""
    ingest(database, edited(), text=None, by="a desk")
    before = {topic: versions(fresh_client, topic) for topic in TOPICS}
    rearrange(database)
    assert {topic: versions(fresh_client, topic) for topic in TOPICS} == before


def test_a_version_is_the_same_to_the_byte_whatever_happens_later(
    fresh_client: TestClient, database: Database
) -> None:
    paths = [f"/v1/topics/{topic}/versions/1" for topic in TOPICS]
    before = {path: fresh_client.get(path) for path in paths}
    live(database)
    for path, old in before.items():
        new = fresh_client.get(path)
        assert (new.content, new.headers["etag"]) == (old.content, old.headers["etag"])


def test_both_databases_count_alike(twins: list[Twin]) -> None:
    one, other = (numbers(twin.client) for twin in twins)
    assert one == other
    assert sum(len(each) for each in one.values()) > LAST


def test_the_versions_of_a_new_article_are_of_its_topics(
    fresh_client: TestClient, database: Database
) -> None:
    before = numbers(fresh_client)
    ingest(database, second_article(), text=TEXT, by="a desk")
    topics = {"ceasefire", "security", "economy", "trade-and-transit", "peace-talks", "diplomacy"}
    assert gained(fresh_client, before) == topics | {"mediation"}
    rewrite(database, shapes.ROUND, OTHER_ROUND, **WITHDRAWN)
    assert numbers(fresh_client)["peace-talks"][-1] == (3, 3)
