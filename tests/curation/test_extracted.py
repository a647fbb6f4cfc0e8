"""Extractions loaded: drafts that follow the extractor until a person decides, proposals after."""

import hashlib
import json
from itertools import count
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from app.codelists import ChangeType
from app.db import Database
from app.ingest import decide as decisions
from app.ingest import shapes
from app.ingest.curate import Curator
from app.ingest.decide import Choice
from app.ingest.pipeline import Terms, ingest
from app.ingest.proposals import target
from app.ingest.receipt import check
from app.models import Position
from app.settings import Settings
from app.sql import table
from tests.chance import examples
from tests.conftest import Passing
from tests.curation.desk import Desk
from tests.curation.extraction import (
    ARTICLE,
    RULE,
    TEXT,
    decided,
    extract,
    extraction,
    found,
    load,
    offer,
    one,
    queue,
    waits,
)
from tests.http.factory import make_record
from tests.http.helpers import Entry, problem
from tests.support import in_process


def public(desk: Desk) -> list[str]:
    """The propositions of this article that the public sees."""
    data = desk.data("/v1/positions", article=ARTICLE, limit=200)
    return sorted(each["proposition"] for each in data)


def history(desk: Desk, id_: str) -> list[tuple[str, str, str]]:
    told = desk.data(f"/v1/positions/{id_}/history", "read")
    return [(each["change_type"], each["curation"], each["recorded_by"]) for each in told]


def test_what_an_extractor_found_waits_for_review(desk: Desk) -> None:
    written = extract(desk, found("closed", 0.9), found("hope", 0.6), mediation_offers=[offer(0.7)])
    assert [each["kind"] for each in written] == ["article", *["position"] * 2, "mediation_offer"]
    assert public(desk) == []
    assert [(each["confidence"], each["rule"]) for each in queue(desk)] == [
        (0.6, RULE),
        (0.7, "offer-frame"),
        (0.9, RULE),
    ]
    assert {each["method"] for each in queue(desk)} == {"extracted by rules 1"}


def test_curation_published_publishes_no_extraction(desk: Desk) -> None:
    load(desk, extraction(found("closed", 1.0)), curation="published")
    assert (public(desk), waits(desk)) == ([], ["It is said: closed."])


def test_a_fact_with_a_rule_makes_a_record_an_extraction_whatever_its_method(desk: Desk) -> None:
    load(desk, extraction(found("closed")) | {"method": "a model"})
    assert waits(desk) == ["It is said: closed."]


@pytest.mark.parametrize("value", [-0.1, 1.1, "sure", None])
def test_a_confidence_lies_between_0_and_1(still: Desk, value: Any) -> None:
    record = extraction(found("closed") | {"extraction": {"rule": "r", "confidence": value}})
    told = problem(still.post("/v1/articles", {"record": record}, "ingest"), 422)
    assert told.errors[0].pointer == "positions[0].extraction.confidence"


def test_above_the_confidence_of_the_settings_it_is_published(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, text = tmp_path / "record.yaml", tmp_path / "text.txt"
    sure, same, less = found("closed", 0.81), found("open", 0.8), found("hope", 0.2)
    path.write_text(yaml.safe_dump(extraction(sure, same, less), allow_unicode=True))
    text.write_text(TEXT)
    url = desk.database.url.render_as_string(hide_password=False)
    ran = in_process("ingest", path, "--text", text, database_url=url, PUBLISH_ABOVE="0.8")
    assert (ran.returncode, ran.stderr) == (0, "")
    assert public(desk) == ["It is said: closed."]
    assert waits(desk) == ["It is said: hope.", "It is said: open."]


@pytest.mark.parametrize(("hope", "shown"), [(0.9, 1), (0.3, 0)])
def test_an_offer_is_published_with_what_it_rests_on_only(
    desk: Desk, hope: float, shown: int
) -> None:
    record = extraction(found("hope", hope), mediation_offers=[offer(0.9)])
    ingest(desk.database, record, text=TEXT, by="a test", terms=Terms(publish_above=0.5))
    assert len(desk.data("/v1/mediation-offers", article=ARTICLE)) == shown
    assert len(public(desk)) == shown


def test_the_same_again_changes_nothing(desk: Desk) -> None:
    found_now = (found("closed"), found("hope"))
    extract(desk, *found_now, mediation_offers=[offer()])
    with desk.unchanged():
        extract(desk, *found_now, mediation_offers=[offer()])
    decided(desk, "accept", one(desk, "It is said: closed."))
    decided(desk, "reject", one(desk, "It is said: hope."))
    with desk.unchanged():
        extract(desk, *found_now, mediation_offers=[offer()])
    with desk.unchanged():
        extract(desk, *found_now, mediation_offers=[offer()], edition=2)


def test_a_draft_that_nobody_touched_follows_the_extractor(desk: Desk) -> None:
    extract(desk, found("closed"), found("hope"))
    closed, hope = one(desk, "It is said: closed."), one(desk, "It is said: hope.")
    extract(desk, found("closed", 0.9, stance="warns"), found("open"), edition=2)
    assert waits(desk) == ["It is said: closed.", "It is said: open."]
    item = one(desk, "It is said: closed.")
    assert (item["id"], item["rev"], item["proposes"]) == (closed["id"], 2, None)
    assert (item["fact"]["stance"], item["confidence"]) == ("warns", 0.9)
    assert history(desk, hope["id"])[-1] == ("withdrawn", "withdrawn", "ingest")
    extract(desk, found("closed", 0.9, stance="warns"), found("hope"), edition=3)
    assert one(desk, "It is said: hope.")["id"] == hope["id"]
    assert waits(desk) == ["It is said: closed.", "It is said: hope."]


def test_going_back_to_an_earlier_edition_is_one_more_extraction(desk: Desk) -> None:
    first, second = found("closed"), found("closed", stance="warns")
    for edition, each in ((1, first), (2, second), (1, first)):
        extract(desk, each, edition=edition)
    (item,) = queue(desk)
    assert (item["fact"]["stance"], item["rev"]) == ("asserts", 3)


def test_surer_of_the_same_a_draft_is_renewed_and_a_fact_is_not(desk: Desk) -> None:
    extract(desk, found("closed", 0.5), found("hope", 0.5))
    decided(desk, "accept", one(desk, "It is said: closed."))
    extract(desk, found("closed", 0.9), found("hope", 0.9), edition=2)
    (item,) = queue(desk)
    assert (item["fact"]["proposition"], item["confidence"]) == ("It is said: hope.", 0.9)


def edited(desk: Desk, item: Entry) -> None:
    answer = desk.revise("positions", item["id"], stance="denies")
    assert answer.status_code == 200, answer.text


def test_what_somebody_decided_stays_as_it_is(desk: Desk) -> None:
    extract(desk, *map(found, ("closed", "open", "hope", "seen")))
    items = {key: one(desk, f"It is said: {key}.") for key in ("closed", "open", "hope", "seen")}
    decided(desk, "accept", items["closed"])
    decided(desk, "reject", items["open"])
    edited(desk, items["hope"])
    before = {key: history(desk, item["id"]) for key, item in items.items()}
    extract(
        desk,
        found("closed", stance="warns"),
        found("open", stance="warns"),
        found("hope", stance="warns"),
        edition=2,
    )
    after = {key: history(desk, item["id"]) for key, item in items.items()}
    assert before.pop("seen") != after.pop("seen")  # nobody touched it, and it is not found again
    assert before == after
    proposed = {each["proposes"]["id"]: each for each in queue(desk, what="proposal")}
    assert set(proposed) == {items[key]["id"] for key in ("closed", "open", "hope")}
    assert [proposed[items[key]["id"]]["proposes"]["curation"] for key in ("closed", "open")] == [
        "published",
        "withdrawn",
    ]
    assert proposed[items["closed"]["id"]]["proposes"]["differs"] == ["stance", "tone"]
    assert public(desk) == ["It is said: closed."]
    extract(desk, edition=3)
    assert {key: history(desk, items[key]["id"]) for key in before} == before
    assert [each["id"] for each in queue(desk)] == [items["hope"]["id"]]


def proposal(desk: Desk, **fields: Any) -> tuple[Entry, Entry]:
    """A public fact, and a proposal for it."""
    extract(desk, found("closed"))
    fact = one(desk, "It is said: closed.")
    decided(desk, "accept", fact)
    extract(desk, found("closed", **({"stance": "warns"} | fields)), edition=2)
    (item,) = queue(desk)
    return fact, item


def test_an_accepted_proposal_is_the_next_version_of_its_fact(desk: Desk) -> None:
    fact, item = proposal(desk)
    assert desk.data(f"/v1/positions/{fact['id']}")["stance"] == "asserts"
    as_of = desk.version()
    versions = decided(desk, "accept", item)
    assert [(each["id"], each["change_type"]) for each in versions] == [
        (fact["id"], "corrected"),
        (item["id"], "merged"),
    ]
    assert desk.data(f"/v1/positions/{fact['id']}")["stance"] == "warns"
    assert desk.data(f"/v1/positions/{fact['id']}", as_of=as_of)["stance"] == "asserts"
    assert desk.get(f"/v1/positions/{item['id']}").status_code == 308
    last = desk.data(f"/v1/positions/{fact['id']}/history")[-1]
    assert (last["recorded_by"], last["reason"]) == ("curate", "Looked at.")
    with desk.unchanged():
        extract(desk, found("closed", stance="warns"), edition=2)
    assert queue(desk) == []


def test_a_rejected_proposal_does_not_come_again(desk: Desk) -> None:
    _, item = proposal(desk)
    decided(desk, "reject", item)
    with desk.unchanged():
        extract(desk, found("closed", 0.99, stance="warns"), edition=3)
    extract(desk, found("closed", stance="denies"), edition=4)
    (other,) = queue(desk)
    assert (other["fact"]["stance"], other["id"] != item["id"]) == ("denies", True)


def test_an_open_proposal_follows_the_extractor(desk: Desk) -> None:
    _, item = proposal(desk)
    extract(desk, found("closed", stance="denies"), edition=3)
    assert [each["fact"]["stance"] for each in queue(desk)] == ["denies"]
    extract(desk, found("closed", stance="warns"), edition=4)
    assert [each["id"] for each in queue(desk)] == [item["id"]]
    extract(desk, found("closed"), edition=5)
    assert queue(desk) == []


def test_a_proposal_for_what_was_rejected_stands_for_itself(desk: Desk) -> None:
    extract(desk, found("closed"))
    decided(desk, "reject", one(desk, "It is said: closed."))
    extract(desk, found("closed", proposition="Said better."), edition=2)
    item = one(desk, "Said better.")
    (version,) = decided(desk, "accept", item)
    assert (version["id"], version["change_type"]) == (item["id"], "new")
    assert public(desk) == ["Said better."]


def test_a_fact_that_is_named_anew_is_the_same_fact(desk: Desk) -> None:
    extract(desk, found("closed"), found("hope"), mediation_offers=[offer()])
    decided(desk, "reject", one(desk, "It is said: closed."))
    before = {each["id"] for each in queue(desk)}
    anew = [found("closed") | {"key": "p-1"}, found("hope") | {"key": "p-2"}]
    responses = [{"party": {"country": "KEN"}, "response": "acknowledged", "position": "p-2"}]
    extract(desk, *anew, mediation_offers=[offer(responses=responses)], edition=2)
    assert {each["id"] for each in queue(desk)} == before
    (item,) = queue(desk, kind="mediation_offer")
    stated = item["fact"]["responses"][0]["position"]
    assert stated == one(desk, "It is said: hope.")["id"]


def test_what_a_record_by_hand_brought_is_proposed_for_and_not_changed(desk: Desk) -> None:
    by_hand = found("closed", stance="appeals")
    del by_hand["extraction"]
    record = make_record(TEXT, positions=[by_hand])
    record["article"]["headline"] = "As printed"
    load(desk, record)
    extract(desk, found("closed"), found("hope"))
    assert desk.data(f"/v1/articles/{ARTICLE}")["headline"] == "As printed"
    assert public(desk) == ["It is said: closed."]
    assert [each["fact"]["stance"] for each in queue(desk, what="proposal")] == ["asserts"]
    extract(desk, edition=2)
    assert (public(desk), queue(desk)) == (["It is said: closed."], [])


def test_what_is_published_by_its_confidence_is_taken_back_by_nobody_but_a_person(
    desk: Desk,
) -> None:
    sure = Terms(publish_above=0.5)
    ingest(desk.database, extraction(found("closed")), text=TEXT, by="a test", terms=sure)
    again = extraction(found("hope"), edition=2)
    ingest(desk.database, again, text=TEXT, by="a test", terms=sure)
    assert public(desk) == ["It is said: closed.", "It is said: hope."]
    other = extraction(found("closed", stance="warns"), found("hope"), edition=3)
    ingest(desk.database, other, text=TEXT, by="a test", terms=sure)
    assert [each["fact"]["stance"] for each in queue(desk)] == ["warns"]


def test_evidence_in_other_articles_stays(desk: Desk) -> None:
    extract(desk, found("closed"))
    item = one(desk, "It is said: closed.")
    decided(desk, "accept", item)
    other = desk.id("positions")
    desk.done("merge", "positions", other, into=item["id"])
    extract(desk, found("closed", stance="warns"), edition=2)
    (proposed,) = queue(desk)
    decided(desk, "accept", proposed)
    shown = desk.data(f"/v1/positions/{item['id']}")
    assert (shown["stance"], len(shown["articles"])) == ("warns", 2)


def test_what_was_reviewed_has_receipts_that_verify(desk: Desk) -> None:
    fact, item = proposal(desk)
    decided(desk, "accept", item)
    for as_of in (desk.version() - 2, desk.version()):
        answer = desk.get(f"/v1/positions/{fact['id']}/receipt", as_of=as_of)
        record = desk.get(f"/v1/record/{answer.json()['recorded']['change']}").json()
        assert check(answer.json(), text=TEXT, record=record) == []


def test_an_export_keeps_rules_and_confidences_and_what_was_decided(
    desk: Desk, empty_settings: Settings, tmp_path: Path
) -> None:
    proposal(desk)
    extract(desk, found("closed", 0.7, stance="warns"), found("hope", 0.25), edition=3)
    decided(desk, "reject", one(desk, "It is said: closed."))
    path = tmp_path / "record.jsonl"
    url = desk.database.url.render_as_string(hide_password=False)
    assert in_process("export", path, database_url=url).returncode == 0
    ran = in_process("import", path, database_url=empty_settings.database_url)
    assert (ran.returncode, ran.stderr) == (0, "")
    other = Database(empty_settings)
    again = extraction(found("closed", 0.7, stance="warns"), found("hope", 0.25), edition=3)
    with other.read() as session:
        before = session.record_version()
        versions = shapes.POSITION.table.c
        ordered = select(versions.id, versions.rev, versions.rule, versions.confidence)
        kept = session.rows(ordered.order_by(versions.id, versions.rev))
    with desk.database.read() as session:
        assert session.rows(ordered.order_by(versions.id, versions.rev)) == kept
    assert 0.25 in {row.confidence for row in kept}
    assert ingest(other, again, text=TEXT, by="a test").seq is None
    with other.read() as session:
        assert session.record_version() == before
    other.dispose()


def test_an_export_of_an_earlier_release_is_taken(
    desk: Desk, empty_settings: Settings, tmp_path: Path
) -> None:
    """Its lines know nothing of rules; the digest at the end goes with what was written."""
    path = tmp_path / "record.jsonl"
    url = desk.database.url.render_as_string(hide_password=False)
    assert in_process("export", path, database_url=url).returncode == 0
    lines = [json.loads(line) for line in path.read_text().splitlines()]
    for line in lines:
        line.pop("rule", None)
        line.pop("confidence", None)
    body = "".join(json.dumps(line, separators=(",", ":")) + "\n" for line in lines[:-1])
    lines[-1]["sha256"] = hashlib.sha256(body.encode()).hexdigest()
    path.write_text(body + json.dumps(lines[-1], separators=(",", ":")) + "\n")
    ran = in_process("import", path, database_url=empty_settings.database_url)
    assert (ran.returncode, ran.stderr) == (0, "")


# Whatever happens, in whatever order


KEYS = ("closed", "open", "hope")
STANCES = ("asserts", "warns", "denies")
EDITIONS = st.dictionaries(
    st.sampled_from(KEYS), st.tuples(st.sampled_from(STANCES), st.sampled_from([0.2, 0.6, 0.9]))
)
DECISIONS = st.tuples(st.sampled_from(["accept", "reject", "edit"]), st.integers(0, 5))
NUMBERS = count()


class Record:
    """A database, an article of its own, and what was decided on its facts."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.text = f"{TEXT} ({next(NUMBERS)})"
        self.decided: dict[str, Any] = {}
        self.rejected: set[tuple[str, str]] = set()

    def load(self, edition: dict[str, tuple[str, float]], above: float | None) -> None:
        facts = [found(key, sure, stance=s) for key, (s, sure) in edition.items()]
        record = make_record(self.text, positions=facts) | {"method": "extracted by rules"}
        ingest(self.database, record, text=self.text, by="x", terms=Terms(publish_above=above))
        stored = self.stored()
        for id_, version in self.decided.items():
            assert stored[id_] == version
        for version in stored.values():
            values = version.snapshot.values
            if values["curation"] == "draft":
                assert (values["proposition"], values["stance"]) not in self.rejected
        # What became public without a decision is decided by the settings.
        self.decided |= {i: v for i, v in stored.items() if not self.draft(v)}
        self.decided = {i: v for i, v in self.decided.items() if self.stands(v)}

    def stands(self, version: Any) -> bool:
        """Not a draft that the extractor took back, which it may bring again."""
        values = version.snapshot.values
        return values["curation"] != "withdrawn" or values["record_digest"] is not None

    def draft(self, version: Any) -> bool:
        return bool(version.snapshot.values["curation"] == "draft")

    def stored(self) -> dict[str, Any]:
        anchor = table(Position)
        with self.database.read() as session:
            rows = session.rows(select(anchor.c.id, anchor.c.article_id))
            mine = make_record(self.text)["article"]["text_sha256"]
            article = shapes.load(session, shapes.ARTICLE, {r.article_id for r in rows} - {None})
            own = {i for i, a in article.items() if a.snapshot.values["text_sha256"] == mine}
            ids = [row.id for row in rows if row.article_id in own]
            return shapes.load(session, shapes.POSITION, ids)

    def decide(self, decision: str, number: int) -> None:
        drafts = sorted(id_ for id_, version in self.stored().items() if self.draft(version))
        if not drafts:
            return
        id_ = drafts[number % len(drafts)]
        version = self.stored()[id_]
        choice = Choice(id_, version.rev)
        values = version.snapshot.values
        before = self.stored()
        with self.database.write() as session:
            if decision == "edit":
                fields = {"speaker_role": f"An envoy, {next(NUMBERS)}"}
                curator = Curator(session, shapes.POSITION, "a person", "Why.")
                curator.revise(id_, fields, ChangeType.CORRECTED)
            elif decision == "reject":
                decisions.reject(session, "a person", "Why.", [choice])
                self.rejected.add((values["proposition"], values["stance"]))
            else:
                into = target(session, shapes.POSITION, id_)
                choice = Choice(id_, version.rev, into[1].rev if into else None)
                decisions.accept(session, "a person", "Why.", [choice])
        after = self.stored()
        self.decided |= {i: v for i, v in after.items() if before.get(i) != v}


@settings(
    max_examples=examples(25),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(st.lists(EDITIONS | DECISIONS, max_size=10), st.sampled_from([None, 0.5]))
def test_no_extraction_ever_changes_what_was_decided(
    shared: Database, happened: list[Any], above: float | None
) -> None:
    record = Record(shared)
    for each in happened:
        if isinstance(each, dict):
            record.load(each, above)
        else:
            record.decide(*each)


@pytest.fixture(scope="module")
def shared(keyed: tuple[str, dict[str, str]], passing: Passing) -> Any:
    """A record that many articles of the tests' own go into."""
    with passing(keyed[0]) as made:
        database = Database(made)
        yield database
        database.dispose()
