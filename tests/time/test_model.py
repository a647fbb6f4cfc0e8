"""The record in time against a model of it: a list of states, in plain Python.

A machine does at random what loaders and curators do, over HTTP. Whatever it did, the record
answers for any moment what the model remembers: lists and walks through them, items, evidence,
histories, the versions of topics and what lies between them, and the changes one by one.

ONRECORD_EXAMPLES sets the number of examples, for a longer run.
"""

import os
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, ClassVar, NamedTuple
from urllib.parse import quote

from hypothesis import HealthCheck, Phase, assume, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    precondition,
    rule,
    run_state_machine_as_test,
)

from app.db import Database
from app.ingest.pipeline import EDITED
from app.ingest.receipt import check
from app.main import create_app
from app.settings import Settings
from tests.http import factory
from tests.http.helpers import Entry, listed, walk
from tests.support import Client
from tests.time.curating import CODES, DATES, KINDS, SECTIONS, TEXT, WORDS, Desk, cited, key_for
from tests.time.history import TOPICS, TREE
from tests.time.model import (
    CODE_FILTERS,
    FILTERS,
    KEYS,
    Fact,
    Model,
    Refused,
    Said,
    first_day,
    in_order,
    latest_day,
    of,
    proofs,
    shown,
    shown_proofs,
)
from tests.time.test_diff import diff, facts, patched

EXAMPLES = int(os.environ.get("ONRECORD_EXAMPLES", "3"))
STEPS = 25
PHASES = [Phase.explicit, Phase.reuse, Phase.generate]
"""A failing run is told as it was found: to make it shorter takes minutes."""

values = {
    "positions": st.sampled_from(["asserts", "denies", "warns"]),
    "mediation-offers": st.sampled_from(["offered", "announced", "lapsed"]),
    "rounds": st.sampled_from(["unknown", "suspended", "full"]),
}
paths = st.sampled_from(sorted(KINDS))
topics = st.sampled_from(["ceasefire", "mediation", "economy"])
dates = st.sampled_from(["2024-03-01", "2024-03", "2024", None])
words = st.lists(st.sampled_from(WORDS), min_size=1, max_size=2, unique=True).map(tuple)
revisions = st.sampled_from(["updated", "corrected", "superseded"])


def said(path: str) -> st.SearchStrategy[Said]:
    """An entry for a fact of one kind."""
    return st.builds(Said, st.just(path), topics, values[path], dates, words)


records = st.fixed_dictionaries({}, optional={key: said(path) for key, path in KEYS.items()})


class Walk(NamedTuple):
    """A walk through a list that is not at its end yet."""

    following: str
    left: list[tuple[str, Fact]]
    version: int


class Record(RuleBasedStateMachine):
    """The record, and what a plain list of states says of it."""

    make_settings: Callable[[], Settings]
    done: ClassVar[Counter[str]] = Counter()
    """What all examples did together."""

    def __init__(self) -> None:
        super().__init__()
        made = self.make_settings()
        self.database = Database(made)
        self.client = Client(create_app(made))
        self.client.__enter__()
        self.desk = Desk(self.client, key_for(self.database))
        self.model = self.begin()
        self.times = [self.time_of(seq) for seq in (0, 1)]
        self.walks: list[Walk] = []
        self.followed = -1
        self.replayed: dict[str, Entry] = {}
        self.load({})
        self.done["examples"] += 1

    def begin(self) -> Model:
        """What the model has to know of the seed."""
        loaded = {}
        for path in KINDS:
            for entry in listed(self.client, f"/v1/{path}"):
                on, code = entry[DATES[path]], entry[CODES[path]]
                evidence = shown_proofs(entry["evidence"])
                loaded[entry["id"]] = Fact(path, entry["topic"]["slug"], code, on, evidence)
        new = Counter((KINDS[fact.path], "new") for fact in loaded.values())
        return Model(
            states=[{}, loaded],
            changes=[("seed", None)] * 2,
            touched={
                topic: [(1, counted(version))]
                for topic in TOPICS
                for version in listed(self.client, f"/v1/topics/{topic}/versions")
            },
            written=[Counter(), new],
            versions={id_: [fact] for id_, fact in loaded.items()},
        )

    def teardown(self) -> None:
        """In the end, whatever was looked at on the way, walks, topics and changes agree."""
        try:
            while self.walks:
                self.go_on(self.walks.pop())
            for topic in TOPICS:
                self.versions_of(topic, self.model.last)
            self.follow()
        finally:
            self.client.__exit__(None, None, None)
            self.database.dispose()

    def time_of(self, seq: int) -> datetime:
        """When a change was recorded."""
        at = self.client.get(f"/v1/changes/{seq}?fields=at").json()["data"]["at"]
        return datetime.fromisoformat(at)

    def wrote(self, answer: Any, status: int = 200) -> Entry:
        """The answer to a request that wrote the next change."""
        assert answer.status_code == status, answer.text
        content: Entry = answer.json()
        assert content["meta"]["record_version"] == self.model.last + 1
        self.done["writes"] += 1
        return content

    def commit(self, steps: dict[str, Fact], **more: Any) -> None:
        """Remember what was written."""
        self.model.commit(steps, **more)
        self.times.append(self.time_of(self.model.last))
        assert self.times[-1] > self.times[-2]

    def some(self, data: Any, wanted: Callable[[Fact], bool]) -> tuple[str, Fact]:
        """One of the facts that are so now."""
        found = self.model.ids(wanted)
        assume(found)
        id_ = data.draw(st.sampled_from(found))
        return id_, self.model.now[id_]

    # What happens

    @rule(record=records, curation=st.sampled_from(["published"] * 3 + ["draft"]))
    def load(self, record: dict[str, Said], curation: str = "published") -> None:
        """Load the record of an article: first, edited, cut, with what was cut again, or again."""
        sections: dict[str, list[Entry]] = {section: [] for section in SECTIONS.values()}
        for key, entry in sorted(record.items()):
            sections[SECTIONS[entry.path]].append(entry.recorded(key))
        answer = self.desk.load(factory.make_record(TEXT, **sections), curation=curation)
        first = self.model.loaded is None
        try:
            steps = self.model.load(record, curation)
        except Refused:
            assert answer.status_code == 422
            return
        if steps is None:
            assert (answer.status_code, answer.json()["data"]["versions"]) == (200, [])
            return
        written = self.wrote(answer, 201)["data"]["versions"]
        assert {e["id"]: e["change_type"] for e in written if e["kind"] != "article"} == {
            id_: fact.change_type for id_, fact in steps.items()
        }
        self.commit(steps, reason=None if first else EDITED)

    @rule(data=st.data(), path=paths, curation=st.sampled_from(["published", "draft"]))
    def create(self, data: Any, path: str, curation: str) -> None:
        """A curator creates a fact, or drafts one; the very same twice is refused."""
        entry = data.draw(said(path))
        answer = self.desk.create(path, entry.curated(), curation)
        before = self.model.curated.setdefault(entry, [])
        if not all(self.model.now[id_].gone for id_ in before):
            assert answer.status_code == 409
            return
        id_ = self.wrote(answer, 201)["links"]["self"].rpartition("/")[2]
        assert id_ not in self.model.now
        before.append(id_)
        self.commit({id_: of(entry, curation=curation)}, reason=None)

    @rule(data=st.data(), change_type=revisions)
    def revise(self, data: Any, change_type: str) -> None:
        """A curator revises a fact, published or draft, in some of its fields."""
        id_, before = self.some(data, lambda fact: not fact.gone)
        entry = data.draw(said(before.path))
        fields = data.draw(st.sets(st.sampled_from(["topic", "code", "on", "words"]), min_size=1))
        old = tuple(proof for proof in before.evidence if proof.article not in IDS_OF_TEXT)
        changed = {name: getattr(entry, name) for name in sorted(fields - {"words"})}
        sent = {NAMES.get(name, {}).get(before.path, name): v for name, v in changed.items()}
        if before.path == "mediation-offers" and "code" in fields:
            sent["explicit"] = True  # one of the seed's is merely invited
        if "words" in fields:
            kept = self.client.get(
                f"/v1/{before.path}/{id_}/evidence", headers=self.desk.key
            ).json()["data"]
            sent["evidence"] = [
                as_sent(each) for each in kept if each["article"]["id"] not in IDS_OF_TEXT
            ] + cited(entry.words)
            changed["evidence"] = old + proofs(entry.words)
        after = Fact(**{**vars(before), **changed, "change_type": change_type})
        answer = self.desk.revise(before.path, id_, before.rev, change_type, sent)
        if after.says == before.says or first_day(after.on) > latest_day(after.evidence):
            assert answer.status_code == 422, answer.text
            return
        told = self.wrote(answer)["data"]
        assert (told["rev"], told["change_type"]) == (before.rev + 1, change_type)
        self.commit({id_: after})
        assert shown(before.path, told["fact"]) == self.model.now[id_].shown

    @rule(data=st.data())
    def publish(self, data: Any) -> None:
        """A draft is published: for the public it is new."""
        id_, before = self.some(data, lambda fact: not fact.public)
        self.wrote(self.desk.turn("publish", before.path, id_, before.rev))
        turned = {"curation": "published", "change_type": "new"}
        self.commit({id_: Fact(**{**vars(before), **turned})})

    @rule(data=st.data())
    def withdraw(self, data: Any) -> None:
        """A curator withdraws a fact, published or draft."""
        id_, before = self.some(data, lambda fact: not fact.gone)
        self.wrote(self.desk.turn("withdraw", before.path, id_, before.rev))
        turned = {"curation": "withdrawn", "change_type": "withdrawn"}
        self.commit({id_: Fact(**{**vars(before), **turned})})

    @rule(data=st.data())
    def merge(self, data: Any) -> None:
        """A fact turns out to be the same as another, which takes over the evidence it lacks."""
        id_, before = self.some(data, lambda fact: not fact.gone)
        into, survivor = self.some(data, lambda f: not f.gone and f.path == before.path)
        answer = self.desk.turn("merge", before.path, id_, before.rev, into=into)
        if into == id_ or not survivor.public:
            assert answer.status_code == 422
            return
        self.wrote(answer)
        self.commit(self.model.merge(id_, into))

    @rule(data=st.data(), errand=st.sampled_from(["publish", "withdraw", "merge"]))
    def come_too_late(self, data: Any, errand: str) -> None:
        """What is stale, gone or public already is refused, and nothing is written."""
        id_ = data.draw(st.sampled_from(sorted(self.model.now)))
        fact = self.model.now[id_]
        stale = data.draw(st.booleans()) and not fact.gone
        more = {"into": data.draw(st.sampled_from(sorted(self.model.now)))}
        rev = fact.rev + 1 if stale else fact.rev
        if not stale and not fact.gone:
            assume(errand == "publish" and fact.public)
        answer = self.desk.turn(errand, fact.path, id_, rev, **(more if errand == "merge" else {}))
        gone = 409 if fact.merged_into else 410
        expected = 412 if stale else gone if fact.gone else 409
        assert answer.status_code == expected, answer.text

    # What is answered

    def moment(self, data: Any) -> tuple[int, str]:
        """A moment, and how it is asked for: by the number of a change, or by a time."""
        last = self.model.last
        number = data.draw(st.integers(1, last))
        before_next = self.times[min(number + 1, last)] - timedelta(microseconds=1)
        until = before_next if number < last else self.times[number]
        asked = data.draw(st.sampled_from([str(number), self.times[number], until]))
        return number, asked if isinstance(asked, str) else asked.isoformat()

    def ask(self, path: str, *, drafts: bool = False, expect: int = 200, **params: Any) -> Any:
        """An answer, as somebody with or without a key gets it."""
        self.done["reads"] += 1
        headers = self.desk.key if drafts else {}
        answer = self.client.get(
            path, params=params or None, headers=headers, follow_redirects=False
        )
        assert answer.status_code == expect, answer.text
        return answer

    @rule(data=st.data(), path=paths, curation=st.sampled_from(["published"] * 3 + ["draft"]))
    def list_at(self, data: Any, path: str, curation: str) -> None:
        """A list at any moment is the state of that moment."""
        moment, asked = self.moment(data)
        query, wanted = data.draw(st.sampled_from([*FILTERS, *CODE_FILTERS[path]]))
        order = data.draw(st.sampled_from(["on", "-on", "recorded_in", "-recorded_in"]))
        params = dict([query.split("=")]) if query else {}
        params["sort"] = sort_name(path, order)
        if curation == "draft":
            params["curation"] = curation
        page = self.ask(
            f"/v1/{path}", drafts=curation == "draft", as_of=asked, limit=200, **params
        ).json()
        expected = in_order(self.model.states[moment], path, wanted, order, curation)
        assert [(e["id"], shown(path, e)) for e in page["data"]] == shown_in(expected)
        assert page["meta"]["record_version"] == moment
        assert page["meta"]["total"] == len(expected)

    @rule(data=st.data(), path=paths)
    def set_out(self, data: Any, path: str) -> None:
        """Begin a walk through a list, which goes on while the record changes."""
        query, wanted = data.draw(st.sampled_from([*FILTERS, *CODE_FILTERS[path]]))
        order = data.draw(st.sampled_from(["on", "-on", "recorded_in", "-recorded_in"]))
        filters = quote(query, safe="=")
        address = f"/v1/{path}?limit=2&sort={sort_name(path, order)}&{filters}".rstrip("&")
        expected = in_order(self.model.now, path, wanted, order)
        self.step(Walk(address, expected, self.model.last))

    @rule(data=st.data())
    @precondition(lambda self: bool(self.walks))
    def take_a_step(self, data: Any) -> None:
        """The next page of a walk is of the state that the walk began with."""
        self.step(self.walks.pop(data.draw(st.integers(0, len(self.walks) - 1))))

    def step(self, walk: Walk) -> None:
        page = self.ask(walk.following).json()
        path = walk.following.split("?")[0].rpartition("/")[2]
        assert [(e["id"], shown(path, e)) for e in page["data"]] == shown_in(walk.left[:2])
        assert page["meta"]["record_version"] == walk.version
        left, following = walk.left[2:], page["links"]["next"]
        assert bool(left) == bool(following)
        if following:
            self.walks.append(Walk(following, left, walk.version))

    def go_on(self, walk: Walk) -> None:
        """Take a walk to its end."""
        self.walks.append(walk)
        before = len(self.walks)
        while len(self.walks) >= before:
            self.step(self.walks.pop())

    @rule(data=st.data(), drafts=st.booleans())
    def item_at(self, data: Any, drafts: bool) -> None:
        """A fact at any moment is there, or gone, or goes on as another, or not known yet."""
        moment, asked = self.moment(data)
        id_ = data.draw(st.sampled_from(sorted(self.model.now)))
        fact, path = self.model.at(id_, moment), self.model.now[id_].path
        here = f"/v1/{path}/{id_}"
        if fact is None or not (fact.public or drafts):
            self.ask(here, drafts=drafts, expect=404, as_of=asked)
        elif fact.merged_into:
            answer = self.ask(here, drafts=drafts, expect=308, as_of=moment)
            assert answer.headers["location"] == f"/v1/{path}/{fact.merged_into}?as_of={moment}"
        elif fact.gone:
            told = self.ask(here, drafts=drafts, expect=410, as_of=asked).json()["detail"]
            assert f"change {fact.recorded_in}," in told
        else:
            entry = self.ask(here, drafts=drafts, as_of=asked).json()["data"]
            assert shown(path, entry) == fact.shown
            proof = self.ask(f"{here}/evidence", drafts=drafts, as_of=asked).json()["data"]
            assert shown_proofs(proof) == fact.evidence
            receipt = self.ask(f"{here}/receipt", drafts=drafts, as_of=asked).json()
            record = self.ask(f"/v1/record/{fact.recorded_in}").json()
            assert (check(receipt, record=record), receipt["rev"]) == ([], fact.rev)

    @rule(data=st.data(), drafts=st.booleans())
    def history_at(self, data: Any, drafts: bool) -> None:
        """A history at any moment is the versions up to it, without drafts for the public."""
        moment, asked = self.moment(data)
        id_ = data.draw(st.sampled_from(sorted(self.model.now)))
        path = self.model.now[id_].path
        expected = self.model.history(id_, moment, drafts=drafts)
        status = 200 if expected else 404
        answer = self.ask(f"/v1/{path}/{id_}/history", drafts=drafts, expect=status, as_of=asked)
        assert [
            (
                *(e[name] for name in ("rev", "recorded_in", "change_type", "curation")),
                e["superseded_in"],
                e["recorded_by"],
                e["reason"],
                e["fact"] and shown(path, e["fact"]),
            )
            for e in answer.json().get("data", [])
        ] == expected

    @rule(data=st.data(), topic=st.sampled_from(TOPICS))
    def versions_at(self, data: Any, topic: str) -> None:
        """The versions of a topic are the changes that touched it, and one is its state then."""
        moment, _ = self.moment(data)
        expected = self.versions_of(topic, moment)
        number = data.draw(st.integers(1, len(expected)))
        self.state_of(topic, number)

    def versions_of(self, topic: str, moment: int) -> list[tuple[int, Counter[str]]]:
        """The versions of a topic at a moment, which are those that the model has."""
        self.done["reads"] += 1
        found = walk(self.client, f"/v1/topics/{topic}/versions", as_of=moment, sort="number")
        expected = [each for each in self.model.touched[topic] if each[0] <= moment]
        assert [each["number"] for each in found] == list(range(1, len(found) + 1))
        assert [(each["change"], counted(each)) for each in found] == expected
        return expected

    def state_of(self, topic: str, number: int) -> dict[tuple[str, str], Entry]:
        """The facts of a topic as of one of its versions, which are those that the model has."""
        self.done["reads"] += 1
        found = facts(self.client, topic, number)
        tree = TREE.get(topic, {topic})
        state = self.model.states[self.model.touched[topic][number - 1][0]] if number else {}
        names = {name: path for path, name in KINDS.items()}
        assert {(kind, id_): shown(names[kind], entry) for (kind, id_), entry in found.items()} == {
            (KINDS[fact.path], id_): fact.shown
            for id_, fact in state.items()
            if fact.curation == "published" and fact.topic in tree
        }
        return found

    @rule(data=st.data(), topic=st.sampled_from(TOPICS))
    def diff_between(self, data: Any, topic: str) -> None:
        """What lies between two versions of a topic leads from the facts of one to the other's."""
        last = len(self.model.touched[topic])
        old = data.draw(st.integers(0, last))
        new = data.draw(st.integers(old, last))
        told = diff(self.client, topic, old, new)
        assert patched(self.state_of(topic, old), told) == self.state_of(topic, new)

    @rule()
    def follow(self) -> None:
        """Who replays the changes since the last look has the record as it is now."""
        news = walk(self.client, "/v1/changes", since=self.followed, limit=3)
        first = self.followed + 1
        assert [each["seq"] for each in news] == list(range(first, self.model.last + 1))
        for change in news:
            self.followed = change["seq"]
            assert (change["by"], change["reason"]) == self.model.changes[change["seq"]]
            assert touched_facts(change) == self.model.written[change["seq"]]
            self.replay(self.followed)
        served = {e["id"]: e for path in KINDS for e in listed(self.client, f"/v1/{path}")}
        assert self.replayed == served
        now = self.model.now.items()
        assert {
            id_: shown(self.model.now[id_].path, entry) for id_, entry in self.replayed.items()
        } == {id_: fact.shown for id_, fact in now if fact.curation == "published"}

    def replay(self, seq: int) -> None:
        """Do with what was followed so far what a change did to the facts."""
        change = self.ask(f"/v1/changes/{seq}").json()["data"]
        for version in change["versions"]:
            if version["kind"] not in KINDS.values():
                continue
            if version["entry"] is None:
                self.replayed.pop(version["id"], None)
            else:
                self.replayed[version["id"]] = version["entry"]


IDS_OF_TEXT = {proof.article for proof in proofs(["one"])}
NAMES = {"code": CODES, "on": DATES}
"""What the fields that each kind names its own way are called."""


def as_sent(proof: Entry) -> Entry:
    """Evidence as a curator sends back what an answer showed."""
    return {name: v for name, v in proof.items() if v is not None} | {
        "article": proof["article"]["id"]
    }


def sort_name(path: str, order: str) -> str:
    """An order as the list of one kind names it."""
    sign = "-" if order.startswith("-") else ""
    return sign + DATES[path] if order.endswith("on") else order


def shown_in(listed_: list[tuple[str, Fact]]) -> list[tuple[str, tuple[Any, ...]]]:
    """What a list shows of these facts."""
    return [(id_, fact.shown) for id_, fact in listed_]


def counted(version: Entry) -> Counter[str]:
    """What a version of a topic touched."""
    return Counter({each["change_type"]: each["count"] for each in version["facts"]})


def touched_facts(change: Entry) -> Counter[tuple[str, str]]:
    """The versions of facts that a change wrote, as it counts them."""
    return Counter(
        {
            (each["kind"], each["change_type"]): each["count"]
            for each in change["touched"]
            if each["kind"] in KINDS.values()
        }
    )


def test_the_record_answers_for_any_moment_what_a_list_of_states_remembers(
    seeded_url: str,
    new_database: Callable[[str | None], str],
    record_property: Callable[[str, object], None],
) -> None:
    class OnThisDatabase(Record):
        make_settings = staticmethod(lambda: Settings(database_url=new_database(seeded_url)))
        done: ClassVar[Counter[str]] = Counter()

    run_state_machine_as_test(
        OnThisDatabase,
        settings=settings(
            deadline=None,
            max_examples=EXAMPLES,
            stateful_step_count=STEPS,
            suppress_health_check=list(HealthCheck),
            phases=PHASES,
        ),
    )
    for what, number in OnThisDatabase.done.items():
        record_property(what, number)
    print(dict(OnThisDatabase.done))  # noqa: T201 - the size of the run is its result
