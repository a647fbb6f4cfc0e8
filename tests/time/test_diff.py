"""Differences: what happened to a topic's facts between two versions, as patches that apply."""

import shutil
from collections.abc import Callable, Iterable
from copy import deepcopy
from pathlib import Path
from typing import Any

import jsonpatch
import pytest
import yaml
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.codelists import ChangeType
from app.db import Database
from app.ingest import shapes
from app.ingest.pipeline import ingest
from app.ingest.reference import load_reference
from app.main import create_app
from app.settings import Settings, resource
from app.timelines.schemas import TopicDiffItem
from app.web.schemas import OFFER_ID, POSITION_ID, ROUND_ID
from tests.chance import examples
from tests.http.factory import draft, merge, rewrite
from tests.http.helpers import Entry, ids, listed, problem
from tests.support import Client
from tests.time.history import DRAFT_ID, TALKS, TOPICS, TREE, Twin, at, edited

PATHS = {
    "position": "/v1/positions",
    "mediation_offer": "/v1/mediation-offers",
    "round": "/v1/rounds",
}
Facts = dict[tuple[str, str], Entry]
CORRECTED = ChangeType.CORRECTED


def diff(client: TestClient, topic: str, old: int, new: int) -> Entry:
    """What a topic's facts went through between two versions."""
    answer = client.get(f"/v1/topics/{topic}/diff", params={"from": old, "to": new})
    assert answer.status_code == 200, answer.text
    TopicDiffItem.model_validate_json(answer.content)
    data: Entry = answer.json()["data"]
    return data


def facts(client: TestClient, topic: str, number: int) -> Facts:
    """All facts of a topic as of one of its versions."""
    if number == 0:
        return {}
    state = client.get(f"/v1/topics/{topic}/versions/{number}").json()["data"]
    return {
        (kind, fact["id"]): fact
        for kind, part in (
            ("position", "positions"),
            ("mediation_offer", "mediation_offers"),
            ("round", "rounds"),
        )
        for fact in state[part]
    }


def patched(before: Facts, told: Entry) -> Facts:
    """The facts with the patches of a diff applied; null stands for none."""
    after = deepcopy(before)
    for each in told["facts"]:
        key = (each["kind"], each["id"])
        fact = jsonpatch.apply_patch(after.pop(key, None), each["patch"])
        if fact is not None:
            after[key] = fact
    return after


def last_version(client: TestClient, topic: str) -> int:
    """The number of a topic's last version."""
    page = client.get(f"/v1/topics/{topic}/versions?limit=1").json()
    return page["data"][0]["number"] if page["data"] else 0


# What is told


def test_from_nothing_to_the_first_version_all_is_new(client: TestClient) -> None:
    told = diff(client, "diplomacy", 0, 1)
    assert told["topic"] == {"slug": "diplomacy", "name": "Diplomacy"}
    assert (told["from_change"], told["to_change"]) == (None, 1)
    assert len(told["facts"]) == 9
    for each in told["facts"]:
        assert (each["change_type"], each["change"], each["reason"]) == ("new", 1, None)
        item = client.get(f"{PATHS[each['kind']]}/{each['id']}").json()["data"]
        assert each["patch"] == [{"op": "replace", "path": "", "value": item}]


@pytest.mark.parametrize("number", [0, 1])
def test_between_a_version_and_itself_nothing_happened(client: TestClient, number: int) -> None:
    for topic in TOPICS:
        told = diff(client, topic, number, number)
        change = number or None
        assert (told["from_change"], told["to_change"], told["facts"]) == (change, change, [])


@pytest.mark.parametrize(
    ("kind", "id_", "topic", "change"),
    [
        (shapes.POSITION, POSITION_ID, "security", ("stance", "denies")),
        (shapes.OFFER, OFFER_ID, "mediation", ("status", "accepted")),
        (shapes.ROUND, ROUND_ID, "diplomacy", ("outcome", "full")),
    ],
)
def test_a_corrected_fact_is_told_by_the_fields_that_differ_with_the_reason(
    fresh_client: TestClient,
    database: Database,
    kind: Any,
    id_: str,
    topic: str,
    change: tuple[str, str],
) -> None:
    field, value = change
    rewrite(database, kind, id_, CORRECTED, **{field: value})
    (told,) = diff(fresh_client, topic, 1, 2)["facts"]
    assert (told["kind"], told["id"]) == (kind.name, id_)
    assert (told["change_type"], told["change"]) == ("corrected", 2)
    assert told["reason"] == "A test wants it."
    changed = {each["path"]: each["value"] for each in told["patch"]}
    assert changed[f"/{field}"] == value
    fixed = {"/rev": 2, "/recorded_in": 2, "/change_type": "corrected"}
    assert fixed.items() <= changed.items()
    assert changed.keys() <= fixed.keys() | {f"/{field}", "/tone"}
    assert {each["op"] for each in told["patch"]} == {"replace"}


def test_facts_that_came_went_and_changed_are_told_by_kind_and_id(
    fresh_client: TestClient, database: Database
) -> None:
    ingest(database, edited(), text=None, by="a desk", reason="Misread.")
    told = {each["id"]: each for each in diff(fresh_client, "diplomacy", 1, 2)["facts"]}
    gone = told[TALKS[1]]
    assert gone["patch"] == [{"op": "replace", "path": "", "value": None}]
    assert (gone["change_type"], gone["reason"]) == ("withdrawn", "Misread.")
    (came,) = [
        each for each in diff(fresh_client, "security", 1, 2)["facts"] if each["id"] != POSITION_ID
    ]
    assert (came["change_type"], came["patch"][0]["path"]) == ("new", "")
    order = [(each["kind"], each["id"]) for each in diff(fresh_client, "diplomacy", 0, 2)["facts"]]
    kinds = list(PATHS)
    assert order == sorted(order, key=lambda each: (kinds.index(each[0]), each[1]))


def test_a_fact_that_moved_came_in_one_topic_and_went_in_the_other(
    fresh_client: TestClient, database: Database
) -> None:
    rewrite(database, shapes.POSITION, POSITION_ID, CORRECTED, topic="mediation")
    (went,) = diff(fresh_client, "security", 1, 2)["facts"]
    (came,) = diff(fresh_client, "diplomacy", 1, 2)["facts"]
    assert (went["id"], went["patch"][0]["value"]) == (POSITION_ID, None)
    assert (
        came["patch"][0]["value"]
        == (fresh_client.get(f"/v1/positions/{POSITION_ID}").json()["data"])
    )


def test_a_fact_that_came_and_went_in_between_is_not_told(
    fresh_client: TestClient, database: Database
) -> None:
    draft(database, shapes.POSITION, POSITION_ID, DRAFT_ID)
    rewrite(database, shapes.POSITION, DRAFT_ID, CORRECTED, curation="published")
    rewrite(database, shapes.POSITION, DRAFT_ID, ChangeType.WITHDRAWN, curation="withdrawn")
    assert ids(diff(fresh_client, "security", 1, 2)["facts"]) == [DRAFT_ID]
    assert diff(fresh_client, "security", 1, 3)["facts"] == []


def test_a_fact_taken_back_to_what_it_was_is_told_as_a_later_version(
    fresh_client: TestClient, database: Database, record: dict[str, Any]
) -> None:
    ingest(database, edited(), text=None, by="a desk")
    ingest(database, record, text=None, by="a desk", reason="It was right.")
    told = {each["id"]: each for each in diff(fresh_client, "security", 1, 3)["facts"]}
    patch = {each["path"]: each["value"] for each in told[POSITION_ID]["patch"]}
    assert patch == {"/rev": 3, "/recorded_in": 3, "/change_type": "corrected"}
    assert told[POSITION_ID]["reason"] == "It was right."


def test_no_draft_is_told(fresh_client: TestClient, database: Database) -> None:
    draft(database, shapes.POSITION, POSITION_ID, DRAFT_ID)
    rewrite(database, shapes.POSITION, POSITION_ID, CORRECTED, stance="denies")
    for old in (0, 1):
        assert DRAFT_ID not in ids(diff(fresh_client, "security", old, 2)["facts"])


def test_a_patch_takes_in_the_names_of_the_moment(
    fresh_client: TestClient, database: Database
) -> None:
    rewrite(database, shapes.COUNTRY, "PAK", ChangeType.UPDATED, name="Another")
    rewrite(database, shapes.POSITION, POSITION_ID, CORRECTED, stance="denies")
    (told,) = diff(fresh_client, "security", 1, 2)["facts"]
    assert {"op": "replace", "path": "/country/name", "value": "Another"} in told["patch"]


# Where the tree was another


def replant(database: Database, folder: Path, broader: dict[str, str]) -> None:
    """Load the reference data again, with some topics elsewhere in the tree."""
    seed = shutil.copytree(resource("seed"), folder / "seed", dirs_exist_ok=True)
    topics = yaml.safe_load((seed / "topics.yaml").read_text(encoding="utf-8"))
    for topic in topics:
        if topic["slug"] in broader:
            topic["broader"] = broader[topic["slug"]]
    (seed / "topics.yaml").write_text(yaml.safe_dump(topics, allow_unicode=True), encoding="utf-8")
    assert load_reference(database, seed, by="a desk").seq is not None


def restate(database: Database, *facts: tuple[Any, str]) -> None:
    """Touch facts, so that their topics have a next version."""
    for kind, id_ in facts:
        rewrite(database, kind, id_, ChangeType.UPDATED)


def positions_of(client: TestClient, topic: str, number: int) -> list[str]:
    """The positions of a topic as of one of its versions."""
    state = client.get(f"/v1/topics/{topic}/versions/{number}").json()["data"]
    return ids(state["positions"])


@pytest.fixture
def replanted(fresh_client: TestClient, database: Database, tmp_path: Path) -> TestClient:
    """The seed; then ceasefire was moved to diplomacy, and later back, as mediation was away."""
    told = listed(fresh_client, "/v1/positions", topic="cross-border-terrorism")
    security, talks = (shapes.POSITION, told[0]["id"]), (shapes.POSITION, TALKS[0])
    restate(database, security, talks)  # 2, 3
    replant(database, tmp_path, {"ceasefire": "diplomacy"})  # 4
    restate(database, security, talks)  # 5, 6
    rewrite(database, shapes.POSITION, POSITION_ID, CORRECTED, stance="denies")  # 7
    replant(database, tmp_path, {"ceasefire": "security", "mediation": "economy"})  # 8
    restate(database, security, talks, (shapes.OFFER, OFFER_ID))  # 9, 10, 11
    return fresh_client


def test_a_fact_comes_and_goes_with_its_topic(replanted: TestClient) -> None:
    gone, touched = sorted(
        diff(replanted, "security", 2, 3)["facts"], key=lambda each: each["change"]
    )
    assert gone["id"] == POSITION_ID
    assert gone["patch"] == [{"op": "replace", "path": "", "value": None}]
    assert (gone["change_type"], gone["change"]) == ("new", 1)
    assert (touched["change_type"], touched["change"]) == ("updated", 5)
    told = {each["id"]: each for each in diff(replanted, "diplomacy", 2, 3)["facts"]}
    assert told.keys() == {POSITION_ID, TALKS[0]}
    then = replanted.get(at(f"/v1/positions/{POSITION_ID}", 6)).json()["data"]
    assert told[POSITION_ID]["patch"] == [{"op": "replace", "path": "", "value": then}]


def test_a_version_has_the_facts_of_the_tree_of_its_day(replanted: TestClient) -> None:
    for topic in TREE:
        for number in range(1, last_version(replanted, topic) + 1):
            state = replanted.get(f"/v1/topics/{topic}/versions/{number}").json()["data"]
            for kind, name in (("position", "positions"), ("mediation_offer", "mediation_offers")):
                listed_then = replanted.get(state["counts"][kind]["list"]).json()["data"]
                assert set(ids(state[name])) == set(ids(listed_then))
                assert state["counts"][kind]["total"] == len(listed_then)
    where = [POSITION_ID in positions_of(replanted, "security", n) for n in range(1, 5)]
    assert where == [True, True, False, True]


def test_patches_lead_from_any_version_to_any_later_one_whatever_the_tree(
    replanted: TestClient,
) -> None:
    lead_everywhere(replanted, TREE)


def test_a_diff_takes_as_many_statements_whatever_the_tree(
    replanted: TestClient, fresh_settings: Settings, statements: list[str]
) -> None:
    counts = set()
    settings = fresh_settings.model_copy(update={"response_cache_mb": 0})
    with Client(create_app(settings)) as client:
        for old, new in ((1, 2), (2, 3), (1, 4)):
            diff(client, "security", old, new)  # the first time it finds the names
            asked = []
            for _ in range(3):  # the least of them: the server looks about itself in between
                statements.clear()
                diff(client, "security", old, new)
                asked.append(len(statements))
            counts.add(min(asked))
    assert len(counts) == 1


# What is refused


@pytest.mark.parametrize(("old", "new"), [(1, 0), (2, 1), (2**31 - 1, 0)])
def test_a_diff_goes_forwards(client: TestClient, old: int, new: int) -> None:
    answer = client.get(f"/v1/topics/security/diff?from={old}&to={new}")
    (fault,) = problem(answer, 422).errors
    assert fault.parameter == "from"


@pytest.mark.parametrize(("old", "new"), [(0, 2), (1, 2), (2, 3)])
def test_an_unknown_version_is_a_404_that_names_the_last(
    client: TestClient, old: int, new: int
) -> None:
    told = problem(client.get(f"/v1/topics/security/diff?from={old}&to={new}"), 404)
    assert "its last is 1" in told.detail


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ("", "from"),
        ("from=0", "to"),
        ("to=1", "from"),
        ("from=-1&to=1", "from"),
        ("from=one&to=1", "from"),
        (f"from=0&to={2**31}", "to"),
        ("from=0&to=1&as_of=1", "as_of"),
        ("from=0&to=1&form=1", "form"),
        ("from_=0&to=1", "from_"),
    ],
)
def test_both_ends_are_asked_for_and_nothing_else(
    client: TestClient, query: str, parameter: str
) -> None:
    told = problem(client.get(f"/v1/topics/security/diff?{query}"), 422)
    assert parameter in {each.parameter for each in told.errors}


# Patches apply


@pytest.mark.parametrize("topic", TOPICS)
def test_both_databases_tell_the_same(twins: list[Twin], topic: str) -> None:
    last = last_version(twins[0].client, topic)
    for old in range(last + 1):
        one, other = (diff(twin.client, topic, old, last) for twin in twins)
        assert one == other


def test_patches_apply_to_the_facts_as_of_the_change_even_if_the_tree_is_another(
    lived: TestClient,
) -> None:
    for topic in TOPICS:
        last = last_version(lived, topic)
        for old in range(last):
            told = diff(lived, topic, old, last)
            for each in told["facts"]:
                path, now = f"{PATHS[each['kind']]}/{each['id']}", told["to_change"]
                then = lived.get(at(path, told["from_change"])) if told["from_change"] else None
                before = then.json()["data"] if then and then.status_code == 200 else None
                if each["patch"][0]["path"] == "":
                    before = None
                after = jsonpatch.apply_patch(before, each["patch"])
                if after is not None:
                    assert after == lived.get(at(path, now)).json()["data"]


def lead_everywhere(client: TestClient, topics: Iterable[str]) -> None:
    """Patches lead from any version of these topics to any later one."""
    for topic in topics:
        last = last_version(client, topic)
        states = [facts(client, topic, number) for number in range(last + 1)]
        for new in range(last + 1):
            for old in range(new + 1):
                assert patched(states[old], diff(client, topic, old, new)) == states[new]


events = st.lists(
    st.tuples(
        st.sampled_from(
            [
                *("stance", "topic", "withdraw", "merge", "draft", "publish", "offer", "round"),
                *("record", "tree"),
            ]
        ),
        st.integers(0, 2**16),
    ),
    min_size=1,
    max_size=5,
)


def happen(client: TestClient, database: Database, sort: str, chance: int) -> None:
    """One event in the history of the record."""
    every = ids(listed(client, "/v1/positions"))
    one, other = every[chance % len(every)], every[(chance + 1) % len(every)]
    position, topic = shapes.POSITION, TOPICS[chance % len(TOPICS)]
    gone = {"curation": "withdrawn"}
    match sort:
        case "stance":
            stance = ("denies", "warns")[chance % 2]
            rewrite(database, position, one, CORRECTED, stance=stance)
        case "topic":
            rewrite(database, position, one, CORRECTED, topic=topic)
        case "withdraw":
            rewrite(database, position, one, ChangeType.WITHDRAWN, **gone)
        case "merge":
            merge(database, position, one, other)
        case "draft":
            draft(database, position, one, f"pos_{chance:016}")
        case "publish":
            rewrite(database, position, one, ChangeType.UPDATED, curation="published")
        case "offer":
            rewrite(database, shapes.OFFER, OFFER_ID, CORRECTED, topic=topic)
        case "round":
            rewrite(database, shapes.ROUND, ROUND_ID, CORRECTED, outcome="full")
        case "tree":
            leaf = ("ceasefire", "mediation", "peace-talks")[chance % 3]
            rewrite(database, shapes.TOPIC, leaf, CORRECTED, broader=tuple(TREE)[chance % 4])
        case _:
            ingest(database, edited(renamed=False), text=None, by="a desk")


@settings(
    deadline=None,
    max_examples=examples(3),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(history=events)
def test_patches_lead_from_any_version_to_any_later_one_whatever_happened(
    seeded_url: str,
    new_database: Callable[[str | None], str],
    history: list[tuple[str, int]],
) -> None:
    settings_ = Settings(database_url=new_database(seeded_url))
    database = Database(settings_)
    with Client(create_app(settings_)) as client:
        for sort, chance in dict(history).items():
            happen(client, database, sort, chance)
        database.dispose()
        lead_everywhere(client, ("diplomacy", "security", "economy"))
