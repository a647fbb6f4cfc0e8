"""The same statement in several articles: one position with several sources, and back again."""

from itertools import permutations
from typing import Any

import pytest

from tests.curation.desk import Desk
from tests.curation.press import ASKED, LONG, SHORT, Paper, counted, load, said
from tests.http.factory import selector
from tests.http.helpers import problem

FIRST, SECOND, THIRD = Paper("courier", LONG), Paper("herald", SHORT), Paper("gazette", LONG)
REASON = {"reason": "A test wants it."}


def version(desk: Desk) -> int:
    """The number of the last change."""
    seq: int = desk.data("/v1/changes", limit=1)[0]["seq"]
    return seq


def goes_to(desk: Desk, id_: str) -> str | None:
    """Where the address of a position leads, if elsewhere."""
    answer = desk.get(f"/v1/positions/{id_}")
    return answer.headers["location"].rpartition("/")[2] if answer.status_code == 308 else None


def test_a_second_article_is_another_source_of_the_same_position(desk: Desk) -> None:
    load(desk, FIRST)
    before, seq = said(desk), version(desk)
    load(desk, SECOND)
    (position,) = said(desk)
    assert position["id"] == FIRST.position() == before[0]["id"]
    assert (position["rev"], position["change_type"]) == (2, "updated")
    assert [article["id"] for article in position["articles"]] == [FIRST.article, SECOND.article]
    assert [proof["exact"] for proof in position["evidence"]] == [LONG, SHORT]
    assert position["proposition"] == before[0]["proposition"]
    assert (position["sources"], position["independent_sources"]) == (2, 2)
    assert goes_to(desk, SECOND.position()) == FIRST.position()
    last = desk.data(f"/v1/positions/{FIRST.position()}/history")[-1]
    assert SECOND.article in last["reason"]
    assert said(desk, as_of=seq) == before
    assert counted(desk, as_of=seq) == [(1, 1)]
    assert desk.data("/v1/positions/counts", **ASKED, by="topic")[0]["count"] == 1


def test_what_two_papers_print_from_one_agency_counts_once(desk: Desk) -> None:
    for paper in (Paper("courier", LONG, agency="wire"), Paper("herald", SHORT, agency="wire")):
        load(desk, paper)
    assert counted(desk) == [(2, 1)]
    load(desk, THIRD)
    assert counted(desk) == [(3, 2)]
    load(desk, Paper("wire", LONG))
    assert counted(desk) == [(4, 2)]


def test_an_agency_that_the_fact_names_counts_as_well(desk: Desk) -> None:
    load(desk, Paper("courier", LONG, agency="wire"))
    load(desk, Paper("herald", SHORT, reported_via="wire"))
    assert counted(desk) == [(2, 1)]
    load(desk, Paper("gazette", LONG, reported_via="wire", agency="rival"))
    assert counted(desk) == [(3, 1)]


@pytest.mark.parametrize(
    "fields",
    [
        {"said_on": "2024-03-21"},
        {"said_on": "2024-03"},
        {"said_on": None},
        {"topic": "ceasefire"},
        {"stance": "warns"},
        {"modality": "actual"},
        {"targets": [{"country": "EGY"}]},
        {"speaker": None},
        {"country": "SDN"},
    ],
)
def test_another_statement_is_another_position(desk: Desk, fields: dict[str, Any]) -> None:
    load(desk, FIRST)
    load(desk, Paper("herald", LONG, **fields))
    assert not goes_to(desk, Paper("herald", LONG, **fields).position())
    assert desk.data(f"/v1/positions/{FIRST.position()}")["sources"] == 1


@pytest.mark.parametrize("said_on", [None, "2024-03"])
def test_without_a_day_there_is_no_same_day(desk: Desk, said_on: str | None) -> None:
    for name in ("courier", "herald"):
        load(desk, Paper(name, LONG, said_on=said_on))
    assert counted(desk) == [(1, 1), (1, 1)]


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Nobody is sent back.", "nobody is sent back", True),
        ("Türkiye — and Egypt — agree", "Turkiye and Egypt agree", True),
        ("until the last family is home", LONG, True),
        ("the last family is home", LONG, False),
        ("The camps will be open until the last", f"{SHORT}s", True),
        ("The camps will be open until a family is home", LONG, False),
        ("The camps will be open ... until the last family", LONG, False),
        ("The camps will be [kept] open until the last family", LONG, False),
        ("Yes", "Yes", True),
        ("Yes", "Yes, they will", False),
    ],
)
def test_words_are_the_same_or_they_are_not(desk: Desk, one: str, other: str, same: bool) -> None:
    load(desk, Paper("courier", one))
    load(desk, Paper("herald", other))
    assert counted(desk) == ([(2, 2)] if same else [(1, 1), (1, 1)])


def test_a_body_without_a_speaker_is_compared_as_it_is(desk: Desk) -> None:
    fields: dict[str, Any] = {"speaker": None, "body": "Mission of the Lakes"}
    for paper in (Paper("courier", LONG, **fields), Paper("herald", LONG, **fields)):
        record = paper.record()
        record["groups"].append(
            {"slug": "lakes", "name": "Mission of the Lakes", "kind": "mission"}
        )
        load(desk, paper, record)
    (position,) = desk.data("/v1/positions", body="lakes")
    assert position["sources"] == 2


def test_a_reporters_sentence_has_to_be_the_very_same(desk: Desk) -> None:
    for name in ("courier", "herald", "gazette"):
        paper = Paper(name, LONG)
        sentence = "she said." if name != "gazette" else " she said."
        record = paper.record()
        record["positions"][0]["evidence"] = [selector(paper.text, sentence, direct=False)]
        load(desk, paper, record)
    assert counted(desk) == [(1, 1), (2, 2)]


def test_two_entries_of_a_record_are_two_positions(desk: Desk) -> None:
    twice = Paper("courier", LONG, SHORT)
    load(desk, twice)
    assert counted(desk) == [(1, 1), (1, 1)]
    load(desk, Paper("herald", LONG, SHORT))
    assert counted(desk) == [(2, 2), (2, 2)]


@pytest.mark.parametrize("order", list(permutations((FIRST, SECOND, THIRD))))
def test_loading_again_changes_nothing(desk: Desk, order: tuple[Paper, ...]) -> None:
    for paper in order:
        load(desk, paper)
    seq, before = version(desk), said(desk)
    assert counted(desk) == [(3, 3)]
    for paper in (*order, *reversed(order)):
        assert load(desk, paper) == 200
    assert (version(desk), said(desk)) == (seq, before)


def test_an_edited_second_record_takes_its_words_along(desk: Desk) -> None:
    load(desk, FIRST)
    load(desk, SECOND)
    load(desk, SECOND, SECOND.record(proposition="In other words."))
    assert counted(desk) == [(2, 2)]
    assert said(desk)[0]["rev"] == 2
    load(desk, SECOND, SECOND.record(stance="warns"))
    first, second = sorted(said(desk), key=lambda each: each["id"] != FIRST.position())
    assert (first["sources"], first["change_type"], first["stance"]) == (1, "corrected", "commits")
    assert (second["id"], second["sources"]) == (SECOND.position(), 1)
    load(desk, SECOND)
    assert counted(desk) == [(2, 2)]
    assert goes_to(desk, SECOND.position()) == FIRST.position()


def test_a_withdrawn_second_entry_takes_its_evidence_away(desk: Desk) -> None:
    load(desk, FIRST)
    load(desk, SECOND)
    seq, before = version(desk), said(desk)
    load(desk, SECOND, SECOND.record([]))
    (position,) = said(desk)
    assert (position["sources"], position["change_type"]) == (1, "corrected")
    assert [proof["exact"] for proof in position["evidence"]] == [LONG]
    problem(desk.get(f"/v1/positions/{SECOND.position()}"), 410)
    assert said(desk, as_of=seq) == before
    load(desk, SECOND)
    assert counted(desk) == [(2, 2)]


def test_a_position_whose_article_lets_go_of_it_goes_on_as_the_next(desk: Desk) -> None:
    for paper in (FIRST, SECOND, THIRD):
        load(desk, paper)
    load(desk, FIRST, FIRST.record([]))
    (position,) = said(desk)
    assert position["id"] == SECOND.position()
    assert position["proposition"].endswith("herald.")
    assert counted(desk) == [(2, 2)]
    for paper in (FIRST, THIRD):
        assert goes_to(desk, paper.position()) == SECOND.position()
    load(desk, FIRST)
    assert counted(desk) == [(3, 3)]
    assert goes_to(desk, FIRST.position()) == SECOND.position()
    load(desk, SECOND, SECOND.record([]))
    load(desk, THIRD, THIRD.record([]))
    assert counted(desk) == [(1, 1)]
    load(desk, FIRST, FIRST.record([]))
    assert said(desk) == []


def test_an_edited_first_record_lets_go_of_what_is_no_longer_the_same(desk: Desk) -> None:
    for paper in (FIRST, SECOND, THIRD):
        load(desk, paper)
    load(desk, FIRST, FIRST.record(said_on="2024-03-19"))
    assert counted(desk) == [(1, 1), (2, 2)]
    assert desk.data(f"/v1/positions/{FIRST.position()}")["sources"] == 1
    assert desk.data(f"/v1/positions/{SECOND.position()}")["sources"] == 2
    load(desk, FIRST)
    assert counted(desk) == [(3, 3)]


def test_an_edited_first_record_keeps_its_sources(desk: Desk) -> None:
    load(desk, FIRST)
    load(desk, SECOND)
    load(desk, FIRST, FIRST.record(proposition="In other words."))
    (position,) = said(desk)
    assert (position["proposition"], position["sources"]) == ("In other words.", 2)
    assert (position["rev"], position["change_type"]) == (3, "corrected")


def test_an_agency_that_was_left_out_is_counted_once_it_is_known(desk: Desk) -> None:
    load(desk, Paper("courier", LONG, agency="wire"))
    load(desk, SECOND)
    seq = version(desk)
    assert counted(desk) == [(2, 2)]
    load(desk, SECOND, Paper("herald", SHORT, agency="wire").record())
    assert counted(desk) == [(2, 1)]
    assert counted(desk, as_of=seq) == [(2, 2)]


def test_a_draft_is_no_source_until_it_is_published(desk: Desk) -> None:
    load(desk, FIRST)
    before = said(desk)
    load(desk, SECOND, curation="draft")
    assert said(desk) == before
    path = f"/v1/positions/{SECOND.position()}"
    assert desk.data(path, "read")["curation"] == "draft"
    answer = desk.post(f"{path}/publish", REASON, If_Match="*")
    assert answer.status_code == 200
    assert answer.json()["data"]["change_type"] == "merged"
    assert counted(desk) == [(2, 2)]
    assert goes_to(desk, SECOND.position()) == FIRST.position()
    assert load(desk, SECOND) == 200
    load(desk, SECOND, SECOND.record([]))
    assert counted(desk) == [(1, 1)]


def test_a_draft_of_a_new_statement_is_published_as_ever(desk: Desk) -> None:
    load(desk, SECOND, curation="draft")
    answer = desk.post(f"/v1/positions/{SECOND.position()}/publish", REASON, If_Match="*")
    assert answer.json()["data"]["change_type"] == "new"
    load(desk, FIRST)
    assert [position["id"] for position in said(desk)] == [SECOND.position()]


def test_answers_are_stated_by_the_position_that_stands(desk: Desk) -> None:
    second = Paper("herald", SHORT)
    second.offer = True

    def stated() -> str:
        (offer,) = desk.data("/v1/mediation-offers", party="KEN")
        found: str = offer["responses"][0]["position"]
        return found

    load(desk, FIRST)
    load(desk, second)
    assert stated() == FIRST.position()
    load(desk, second, second.record(stance="warns"))
    assert stated() == second.position()
    load(desk, second)
    assert stated() == FIRST.position()
    load(desk, FIRST, FIRST.record([]))
    assert stated() == second.position()
    load(desk, FIRST)
    assert stated() == second.position()
    assert load(desk, second) == 200


def test_what_a_curator_does_stands(desk: Desk) -> None:
    load(desk, FIRST)
    load(desk, SECOND)
    body = {"fact": {"stance": "demands"}, "change_type": "corrected", **REASON}
    path = f"/v1/positions/{FIRST.position()}"
    assert desk.send("PATCH", path, body, If_Match="*").status_code == 200
    load(desk, SECOND, SECOND.record(proposition="In other words."))
    assert [(p["stance"], p["sources"]) for p in said(desk)] == [("demands", 2)]
    assert desk.post(f"{path}/withdraw", REASON, If_Match="*").status_code == 200
    load(desk, SECOND)
    assert said(desk) == []


def test_a_merger_by_hand_stays(desk: Desk) -> None:
    load(desk, FIRST)
    other = Paper("herald", "Something else altogether")
    load(desk, other)
    path = f"/v1/positions/{other.position()}/merge"
    assert desk.post(path, {"into": FIRST.position(), **REASON}, If_Match="*").status_code == 200
    assert counted(desk) == [(2, 2)]
    load(desk, other, other.record(stance="warns"))
    assert counted(desk) == [(2, 2)]


def test_a_diff_and_a_history_tell_of_it(desk: Desk) -> None:
    load(desk, FIRST)
    load(desk, SECOND)
    versions = desk.data("/v1/topics/repatriation/versions", sort="-number")
    assert versions[0]["facts"] == [
        {"change_type": "merged", "count": 1},
        {"change_type": "updated", "count": 1},
    ]
    number = versions[0]["number"]
    query = {"from": number - 1, "to": number}
    (fact,) = desk.data("/v1/topics/repatriation/diff", **query)["facts"]
    assert (fact["id"], fact["change_type"]) == (FIRST.position(), "updated")
    assert {"op": "replace", "path": "/sources", "value": 2} in fact["patch"]
    (merged,) = desk.data(f"/v1/positions/{SECOND.position()}/history")
    assert (merged["change_type"], merged["fact"]) == ("merged", None)
    timeline = desk.data("/v1/topics/repatriation/timeline", limit=200)
    ids = [entry["id"] for entry in timeline]
    assert FIRST.position() in ids
    assert SECOND.position() not in ids


SEVERAL = {
    "sources_from=1": 4,
    "sources_from=2": 3,
    "sources_from=3": 1,
    "sources_to=1": 1,
    "sources_to=2": 3,
    "sources_from=2&sources_to=2": 2,
    "independent_sources_from=2": 2,
    "independent_sources_from=3": 0,
    "independent_sources_to=1": 2,
    "sources_from=2&independent_sources_to=1": 1,
    "independent_sources_from=2&country=KEN|SDN": 2,
    "independent_sources_from=2&country=SDN": 0,
    "sources_from=2&q=family": 1,
    "sources_from=2&q=nobody": 3,
    "sources_from=2&target=SDN": 3,
}
"""How many of the positions of `several` have as many sources."""


@pytest.fixture
def several(desk: Desk) -> Desk:
    """Four statements: in one article, in two, in two of one agency, in three of two agencies."""
    other, third, fourth = "Nobody asked us for that", "Wait and see, nobody knows", "Nobody"
    load(desk, Paper("courier", LONG, other, third, fourth, agency="wire"))
    load(desk, Paper("herald", SHORT, third))
    load(desk, Paper("gazette", SHORT, other, agency="wire"))
    return desk


@pytest.mark.parametrize("filters", SEVERAL)
def test_positions_are_filtered_by_their_sources(several: Desk, filters: str) -> None:
    expected = SEVERAL[filters]
    asked = f"{filters}&speaker=asha-otieno&stance=commits"
    seq = version(several)
    load(several, Paper("tribune", LONG))
    for path in ("/v1/positions", "/v1/topics/repatriation/positions"):
        answer = several.get(f"{path}?{asked}&as_of={seq}").json()
        assert len(answer["data"]) == answer["meta"]["total"] == expected
    counts = several.get(f"/v1/positions/counts?by=stance&{asked}&as_of={seq}").json()
    assert counts["meta"]["total"] == expected
    receipt = several.get(f"/v1/positions/receipt?{asked}&as_of={seq}").json()
    assert receipt["total"] == expected


@pytest.mark.parametrize("filters", SEVERAL)
def test_the_present_is_filtered_like_the_past(several: Desk, filters: str) -> None:
    asked = f"{filters}&speaker=asha-otieno&stance=commits"
    answer = several.get(f"/v1/positions?{asked}&limit=1").json()
    assert answer["meta"]["total"] == SEVERAL[filters]
    counts = several.get(f"/v1/positions/counts?by=topic&{asked}").json()
    assert counts["meta"]["total"] == SEVERAL[filters]
    given = dict(pair.split("=") for pair in filters.split("&") if "sources" in pair)
    read = {name: answer["meta"]["filters"][name] for name in given}
    assert read == {name: [value] for name, value in given.items()}


@pytest.mark.parametrize(
    ("filters", "parameter"),
    [
        ("sources_from=0", "sources_from"),
        ("sources_to=two", "sources_to"),
        ("independent_sources_from=3&independent_sources_to=2", "independent_sources_from"),
    ],
)
def test_a_number_of_sources_that_cannot_be_is_refused(
    still: Desk, filters: str, parameter: str
) -> None:
    told = problem(still.get(f"/v1/positions?{filters}"), 422)
    assert [fault.parameter for fault in told.errors or []] == [parameter]
