"""The record in time against a model of it: a list of states, in plain Python.

A machine does at random what loaders and curators do. Whatever it did, the record answers for any
moment what the model remembers: lists, histories, and the versions of topics.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from fastapi.testclient import TestClient
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from app.codelists import ChangeType
from app.db import Database
from app.ingest import shapes
from app.ingest.pipeline import ingest
from app.ingest.store import fact_id
from app.main import create_app
from app.settings import Settings
from tests.http import factory
from tests.http.helpers import Entry, listed
from tests.time.history import TOPICS, TREE

POSITIONS = "/v1/positions"
KEYS = ("one", "two", "three")
TEXT = "\n".join(f"“Words of number {key}” were said." for key in KEYS)
SHA256 = factory.make_record(TEXT)["article"]["text_sha256"]
IDS = {key: fact_id(shapes.POSITION, SHA256, key) for key in KEYS}

stances = st.sampled_from(["asserts", "denies", "warns"])
topics = st.sampled_from(["ceasefire", "mediation", "economy"])
dates = st.sampled_from(["2024-03-01", "2024-03", "2024", None])
entries = st.dictionaries(
    st.sampled_from(KEYS), st.tuples(topics, stances, dates), min_size=1, max_size=len(KEYS)
)


@dataclass(frozen=True)
class Fact:
    """A version of a fact."""

    topic: str
    stance: str
    said_on: str | None
    curation: str = "published"
    entry: object = None
    """The entry of the record that it came from."""
    merged: bool = False
    rev: int = 1
    recorded_in: int = 1
    change_type: str = "new"

    @property
    def public(self) -> bool:
        """Whether it is, or was, more than a draft."""
        return self.curation != "draft"

    @property
    def says(self) -> tuple[Any, ...]:
        """What it says, without where it came from."""
        return (self.topic, self.stance, self.said_on, self.curation, self.merged)


State = dict[str, Fact]


def above(topic: str) -> set[str]:
    """A topic and all above it."""
    return {topic} | {broader for broader, tree in TREE.items() if topic in tree}


def in_order(state: State, wanted: Callable[[Fact], bool]) -> list[tuple[Any, ...]]:
    """What a list shows of these facts: latest first, what has no date last."""
    shown = [(id_, f) for id_, f in state.items() if f.curation == "published" and wanted(f)]
    shown.sort(key=lambda each: (first_day(each[1].said_on), each[0]), reverse=True)
    return [(id_, f.topic, f.stance, f.said_on, f.rev) for id_, f in shown]


def first_day(said_on: str | None) -> str:
    """Where a date stands in an order."""
    return "" if said_on is None else said_on + "-01-01"[len(said_on) - 4 :]


FILTERS: dict[str, Callable[[Fact], bool]] = {
    "": lambda _: True,
    "topic=security": lambda fact: fact.topic in TREE["security"],
    "topic=mediation|economy": lambda f: f.topic in TREE["economy"] | {"mediation"},
    "stance=denies": lambda fact: fact.stance == "denies",
    "stance=!denies|!asserts": lambda fact: fact.stance not in ("denies", "asserts"),
    "said_from=2024-02": lambda f: f.said_on in ("2024-03-01", "2024-03", "2025-11-14"),
}


class Record(RuleBasedStateMachine):
    """The record, and what a plain list of states says of it."""

    make_settings: Callable[[], Settings]

    def __init__(self) -> None:
        super().__init__()
        made = self.make_settings()
        self.database = Database(made)
        self.client = TestClient(create_app(made))
        loaded = {
            entry["id"]: Fact(entry["topic"]["slug"], entry["stance"], entry["said_on"])
            for entry in listed(self.client, POSITIONS)
        }
        self.states: list[State] = [{}, loaded]
        self.entries: object = None
        self.touched: dict[str, list[tuple[int, Counter[str]]]] = {
            topic: [(1, Counter({c["change_type"]: c["count"] for c in version["facts"]}))]
            for topic in TOPICS
            for version in listed(self.client, f"/v1/topics/{topic}/versions")
        }

    def teardown(self) -> None:
        """In the end, whatever was looked at on the way, the topics' versions agree."""
        for topic in TOPICS:
            self.versions_of(topic, len(self.states) - 1)
        self.client.close()
        self.database.dispose()

    # What the model does

    @property
    def now(self) -> State:
        """The last state."""
        return self.states[-1]

    def published(self) -> list[str]:
        """The facts that can be corrected, withdrawn and merged."""
        return sorted(id_ for id_, fact in self.now.items() if fact.curation == "published")

    def commit(self, **steps: Fact) -> None:
        """Remember a change: these facts have another version, by their ids."""
        seq, state = len(self.states), dict(self.now)
        counts: dict[str, Counter[str]] = {}
        for id_, fact in steps.items():
            before = self.now.get(id_)
            state[id_] = replace(fact, rev=before.rev + 1 if before else 1, recorded_in=seq)
            seen = [f for f in (before, state[id_]) if f and f.public]
            for topic in set().union(*(above(f.topic) for f in seen)):
                counts.setdefault(topic, Counter())[fact.change_type] += 1
        for topic, counter in counts.items():
            self.touched[topic].append((seq, counter))
        self.states.append(state)

    def wanted(self, id_: str, entry: tuple[Any, ...]) -> Fact | None:
        """The version that loading an entry writes, if it writes one."""
        topic, stance, said_on = entry
        fact = Fact(topic, stance, said_on, entry=entry)
        before = self.now.get(id_)
        if before is None:
            return fact
        if before.entry == entry or before.says == fact.says:
            return None
        return replace(fact, change_type="corrected")

    # What happens

    @rule(entries=entries)
    def load(self, entries: dict[str, tuple[Any, ...]]) -> None:
        """Load the record of an article: first, edited, cut, or with what was cut again."""
        positions = [
            {
                "key": key,
                "country": "KEN",
                "topic": topic,
                "stance": stance,
                "modality": "actual",
                "proposition": f"What was said: {key}.",
                "evidence": [factory.selector(TEXT, f"Words of number {key}")],
                **({"said_on": said_on} if said_on else {}),
            }
            for key, (topic, stance, said_on) in sorted(entries.items())
        ]
        outcome = ingest(
            self.database, factory.make_record(TEXT, positions=positions), text=TEXT, by="a desk"
        )
        if entries == self.entries:
            assert outcome.seq is None
            return
        self.entries = dict(entries)
        steps = {IDS[key]: self.wanted(IDS[key], entry) for key, entry in entries.items()}
        for key in set(KEYS) - entries.keys():
            before = self.now.get(IDS[key])
            if before and before.curation != "withdrawn":
                steps[IDS[key]] = replace(
                    before, curation="withdrawn", entry=None, change_type="withdrawn"
                )
        self.commit(**{id_: fact for id_, fact in steps.items() if fact})

    @rule(data=st.data(), stance=stances, topic=topics)
    @precondition(lambda self: bool(self.published()))
    def correct(self, data: Any, stance: str, topic: str) -> None:
        """A curator corrects a fact."""
        id_ = data.draw(st.sampled_from(self.published()))
        said: Entry = {"stance": stance, "topic": topic}
        factory.rewrite(self.database, shapes.POSITION, id_, ChangeType.CORRECTED, **said)
        self.commit(**{id_: replace(self.now[id_], **said, change_type="corrected")})

    @rule(data=st.data())
    @precondition(lambda self: bool(self.published()))
    def withdraw(self, data: Any) -> None:
        """A curator withdraws a fact."""
        id_ = data.draw(st.sampled_from(self.published()))
        gone: Entry = {"curation": "withdrawn"}
        factory.rewrite(self.database, shapes.POSITION, id_, ChangeType.WITHDRAWN, **gone)
        self.commit(**{id_: replace(self.now[id_], **gone, change_type="withdrawn")})

    @rule(data=st.data())
    @precondition(lambda self: len(self.published()) > 1)
    def merge(self, data: Any) -> None:
        """A fact turns out to be the same as another."""
        one, other = data.draw(st.permutations(self.published()))[:2]
        factory.merge(self.database, shapes.POSITION, one, other)
        gone = replace(self.now[one], curation="withdrawn", merged=True, change_type="merged")
        self.commit(**{one: gone})

    @rule(data=st.data())
    @precondition(lambda self: bool(self.published()))
    def draft(self, data: Any) -> None:
        """Somebody drafts a fact that says what another one says."""
        like = data.draw(st.sampled_from(self.published()))
        id_ = f"pos_draft{len(self.states):02}"
        factory.draft(self.database, shapes.POSITION, like, id_)
        self.commit(**{id_: replace(self.now[like], curation="draft", change_type="new")})

    @rule(data=st.data())
    @precondition(lambda self: any(not fact.public for fact in self.now.values()))
    def publish(self, data: Any) -> None:
        """A draft is published."""
        drafts = sorted(id_ for id_, fact in self.now.items() if not fact.public)
        id_ = data.draw(st.sampled_from(drafts))
        done: Entry = {"curation": "published"}
        factory.rewrite(self.database, shapes.POSITION, id_, ChangeType.UPDATED, **done)
        self.commit(**{id_: replace(self.now[id_], **done, change_type="updated")})

    # What is answered

    @rule(data=st.data(), query=st.sampled_from(sorted(FILTERS)))
    def list_at(self, data: Any, query: str) -> None:
        """A list at any moment is the state of that moment."""
        moment = data.draw(st.integers(0, len(self.states) - 1))
        asked = dict([query.split("=")]) if query else {}
        found = [
            (e["id"], e["topic"]["slug"], e["stance"], e["said_on"], e["rev"])
            for e in listed(self.client, POSITIONS, as_of=moment, **asked)
        ]
        assert found == in_order(self.states[moment], FILTERS[query])

    @rule(data=st.data())
    def history_at(self, data: Any) -> None:
        """A history at any moment is the versions up to it that were more than drafts."""
        moment = data.draw(st.integers(1, len(self.states) - 1))
        id_ = data.draw(st.sampled_from(sorted(self.now)))
        of_fact = {s[id_].rev: s[id_] for s in self.states[: moment + 1] if id_ in s}
        expected = [
            (fact.rev, fact.recorded_in, fact.change_type, fact.curation)
            for fact in of_fact.values()
            if fact.public
        ]
        answer = self.client.get(f"{POSITIONS}/{id_}/history?as_of={moment}")
        data_ = answer.json()["data"] if answer.status_code == 200 else []
        found = [(e["rev"], e["recorded_in"], e["change_type"], e["curation"]) for e in data_]
        assert (answer.status_code, found) == (200 if expected else 404, expected)
        for entry, version in zip(data_, [f for f in of_fact.values() if f.public], strict=True):
            if version.curation == "published":
                assert entry["fact"]["stance"] == version.stance
            else:
                assert entry["fact"] is None

    @rule(data=st.data(), topic=st.sampled_from(TOPICS))
    def versions_at(self, data: Any, topic: str) -> None:
        """The versions of a topic are the changes that touched it, and one is its state then."""
        moment = data.draw(st.integers(1, len(self.states) - 1))
        expected = self.versions_of(topic, moment)
        number = data.draw(st.integers(1, len(expected)))
        state = self.client.get(f"/v1/topics/{topic}/versions/{number}").json()["data"]
        tree = TREE.get(topic, {topic})
        assert [
            (e["id"], e["topic"]["slug"], e["stance"], e["said_on"], e["rev"])
            for e in state["positions"]
        ] == in_order(self.states[expected[number - 1][0]], lambda fact: fact.topic in tree)

    def versions_of(self, topic: str, moment: int) -> list[tuple[int, Counter[str]]]:
        """The versions of a topic at a moment, which are those that the model has."""
        found = listed(self.client, f"/v1/topics/{topic}/versions", as_of=moment, sort="number")
        expected = [each for each in self.touched[topic] if each[0] <= moment]
        assert [each["number"] for each in found] == list(range(1, len(found) + 1))
        assert [(each["change"], counted(each)) for each in found] == expected
        return expected

    @invariant()
    def no_change_is_lost(self) -> None:
        """There are as many changes as the model remembers."""
        (last,) = self.client.get("/v1/changes?limit=1").json()["data"]
        assert last["seq"] == len(self.states) - 1


def counted(version: Entry) -> Counter[str]:
    """What a version of a topic touched."""
    return Counter({each["change_type"]: each["count"] for each in version["facts"]})


def test_the_record_answers_for_any_moment_what_a_list_of_states_remembers(
    seeded_url: str, new_database: Callable[[str | None], str]
) -> None:
    class OnThisDatabase(Record):
        make_settings = staticmethod(lambda: Settings(database_url=new_database(seeded_url)))

    run_state_machine_as_test(
        OnThisDatabase,
        settings=settings(
            deadline=None,
            max_examples=15,
            stateful_step_count=12,
            suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
        ),
    )
