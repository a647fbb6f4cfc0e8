"""Verification: what does not hold exactly is refused, by its place, and nothing is stored."""

from datetime import UTC, datetime, timedelta

import pytest

from app.db import Database
from app.errors import RecordRefused
from app.ingest.pipeline import checked
from tests.ingest.support import (
    at,
    book_fair,
    dump,
    load,
    put,
    refused,
    selector,
    selectors,
    sha256,
    shown,
)

SPOKEN = ("positions", 4, "evidence", 0)
"""Direct speech, at 2249 to 2471."""
REPORTED = ("positions", 4, "evidence", 1)
"""Indirect, at 2160 to 2247."""
TURKIYE, IRAN, RUSSIA = (("mediation_offers", index) for index in range(3))


# With the article's text.


@pytest.mark.parametrize("step", [1, -1])
@pytest.mark.parametrize("side", ["start", "end"])
def test_a_selection_off_by_one_is_refused(
    standing: Database, record, article_text: str, side: str, step: int
) -> None:
    before, places = dump(standing), selectors(record)
    assert len(places) > 30
    for place, proof in places:
        proof[side] += step
        with pytest.raises(RecordRefused) as refusal:
            checked(record, article_text).accepted()
        proof[side] -= step
        alone = {str(fault.pointer) for fault in refusal.value.faults}
        assert alone & {shown((*place, "start")), shown((*place, "end"))}, place
        assert all(pointer.startswith(shown(place)) for pointer in alone), alone
    for _, proof in places:
        proof[side] += step
    with pytest.raises(RecordRefused) as refusal:
        load(standing, record, article_text)
    pointers = {str(fault.pointer) for fault in refusal.value.faults}
    for place, _ in places:
        named = {pointer for pointer in pointers if pointer.startswith(shown(place))}
        assert named & {shown((*place, "start")), shown((*place, "end"))}, place
        pointers -= named
    assert not pointers
    assert dump(standing) == before


@pytest.mark.parametrize("field", ["prefix", "suffix", "cue", "source_text"])
@pytest.mark.parametrize("where", [SPOKEN, REPORTED])
def test_what_stands_around_the_words_must_be_there(
    standing: Database, record, article_text: str, where, field: str
) -> None:
    put(record, (*where, field), "not in the text")
    assert list(refused(standing, record, article_text)) == [shown((*where, field))]


def test_every_selector_is_checked_for_what_stands_around_it(
    standing: Database, record, article_text: str
) -> None:
    expected = set()
    for place, proof in selectors(record):
        proof["prefix"] = "not in the text"
        expected.add(shown((*place, "prefix")))
    assert set(refused(standing, record, article_text)) == expected


@pytest.mark.parametrize("field", ["cue", "source_text"])
def test_who_says_it_stands_in_the_paragraph_of_the_words(
    standing: Database, record, article_text: str, field: str
) -> None:
    elsewhere = "acknowledged" if field == "cue" else "President"
    assert elsewhere in article_text
    put(record, (*SPOKEN, field), elsewhere)
    assert list(refused(standing, record, article_text)) == [shown((*SPOKEN, field))]


@pytest.mark.parametrize("where", [SPOKEN, REPORTED])
def test_a_wrong_hash_is_refused(standing: Database, record, article_text: str, where) -> None:
    put(record, (*where, "exact_sha256"), sha256("other words"))
    assert all(place.startswith(shown(where)) for place in refused(standing, record, article_text))


def test_a_hash_that_is_not_that_of_the_spoken_words_is_named(
    standing: Database, record, article_text: str
) -> None:
    put(record, (*SPOKEN, "exact_sha256"), sha256("other words"))
    assert list(refused(standing, record, article_text)) == [shown((*SPOKEN, "exact_sha256"))]


@pytest.mark.parametrize("rehashed", [True, False])
def test_a_quotation_changed_by_one_letter_is_refused(
    standing: Database, record, article_text: str, rehashed: bool
) -> None:
    proof = at(record, SPOKEN)
    proof["exact"] = proof["exact"].replace("a long border", "the long border")
    if rehashed:
        proof["exact_sha256"] = sha256(proof["exact"])
    faults = refused(standing, record, article_text)
    assert all(place.startswith(shown(SPOKEN)) for place in faults)


@pytest.mark.parametrize("shift", [-40, -1, 1, 7, 300])
@pytest.mark.parametrize(("where", "right"), [(SPOKEN, "2249 to 2471"), (REPORTED, "2160 to 2247")])
def test_a_shifted_selection_is_told_the_right_place(
    standing: Database, record, article_text: str, where, right: str, shift: int
) -> None:
    proof = at(record, where)
    proof["start"] += shift
    proof["end"] += shift
    faults = refused(standing, record, article_text)
    assert f"They stand at {right}." in faults[shown((*where, "start"))].detail


@pytest.mark.parametrize(("where", "right"), [(SPOKEN, "2249 to 2471"), (REPORTED, "2160 to 2247")])
def test_a_selection_one_too_long_is_told_the_right_place(
    standing: Database, record, article_text: str, where, right: str
) -> None:
    at(record, where)["end"] += 1
    faults = refused(standing, record, article_text)
    assert f"They stand at {right}." in faults[shown((*where, "start"))].detail


def test_words_that_stand_twice_are_told_no_place(standing: Database) -> None:
    record, words = book_fair()
    proof = selector(words, "fair ")
    assert words.count("fair ") > 1
    proof["start"] += 1
    proof["end"] += 1
    put(record, ("positions", 0, "evidence"), [proof])
    (fault,) = refused(standing, record, words).values()
    assert "They stand" not in fault.detail


@pytest.mark.parametrize(("side", "by"), [("start", 1), ("end", -1), ("end", -2)])
def test_a_quotation_is_selected_with_its_marks(standing: Database, side: str, by: int) -> None:
    record, words = book_fair()
    place = ("positions", 0, "evidence", 0)
    at(record, place)[side] += by
    at(record, place)["prefix"] = at(record, place)["suffix"] = ""
    fault = refused(standing, record, words)[shown((*place, side))]
    assert "quotation mark" in fault.detail


@pytest.mark.parametrize("change", [" ", "x" * 50])
def test_another_text_is_refused_as_a_whole(
    standing: Database, record, article_text: str, change: str
) -> None:
    faults = refused(standing, record, article_text + change)
    assert list(faults) == ["article.text_sha256"]
    assert "another text" in faults["article.text_sha256"].detail


def test_a_text_whose_length_is_not_that_recorded_is_refused(
    standing: Database, record, article_text: str
) -> None:
    put(record, ("article", "characters"), 4306)
    assert list(refused(standing, record, article_text)) == ["article.text_sha256"]


# With the text or without it.


@pytest.mark.parametrize("with_text", [True, False])
@pytest.mark.parametrize("where", [SPOKEN, REPORTED])
def test_a_selection_beyond_the_text_is_refused(
    standing: Database, record, request: pytest.FixtureRequest, where, with_text: bool
) -> None:
    words = request.getfixturevalue("article_text") if with_text else None
    proof = at(record, where)
    proof["start"], proof["end"] = proof["start"] + 4000, proof["end"] + 4000
    assert list(refused(standing, record, words)) == [shown((*where, "end"))]


@pytest.mark.parametrize(
    ("field", "value", "fault"),
    [
        ("exact", "It is a short border.", "exact_sha256"),
        ("exact_sha256", sha256("other words"), "exact_sha256"),
        ("end", 2480, "end"),
        ("end", 2460, "end"),
        ("start", 2260, "end"),
    ],
)
def test_without_the_text_words_hash_and_length_must_agree(
    standing: Database, record, field: str, value: object, fault: str
) -> None:
    put(record, (*SPOKEN, field), value)
    assert shown((*SPOKEN, fault)) in refused(standing, record)


def test_without_the_text_words_that_do_not_fit_their_place_are_refused(
    standing: Database, record
) -> None:
    at(record, SPOKEN).update(exact="It is.", exact_sha256=sha256("It is."))
    assert list(refused(standing, record)) == [shown((*SPOKEN, "end"))]


# Keys, dates, offers.


@pytest.mark.parametrize(
    ("section", "name"),
    [
        ("groups", "slug"),
        ("officials", "slug"),
        ("positions", "key"),
        ("mediation_offers", "key"),
        ("rounds", "key"),
    ],
)
def test_a_key_stands_once_in_its_section(
    standing: Database, record, section: str, name: str
) -> None:
    record[section].append(record[section][0])
    (place,) = refused(standing, record)
    assert place == f"{section}[{len(record[section]) - 1}].{name}"


def test_facts_of_different_kinds_may_have_the_same_key(database: Database, record) -> None:
    put(record, ("rounds", 0, "key"), record["positions"][0]["key"])
    assert load(database, record).seq == 2


DATES = [
    ("positions", 0, "said_on"),
    ("mediation_offers", 0, "offered_on"),
    ("mediation_offers", 0, "responses", 0, "on"),
    ("rounds", 0, "held_on"),
    ("officials", 0, "tenures", 0, "attested_on"),
]


@pytest.mark.parametrize("place", DATES, ids=shown)
@pytest.mark.parametrize("date", ["2025-02-30", "soon"])
def test_a_date_that_cannot_be_is_refused(standing: Database, record, place, date: str) -> None:
    put(record, place, date)
    assert list(refused(standing, record)) == [shown(place)]


@pytest.mark.parametrize("place", DATES, ids=shown)
def test_nothing_happened_after_the_article_that_reports_it(
    standing: Database, record, place
) -> None:
    put(record, place, "2025-11-16")
    faults = refused(standing, record)
    assert list(faults) == [shown(place)]
    assert "2025-11-15" in faults[shown(place)].detail


@pytest.mark.parametrize("date", ["2025-12", "2026"])
def test_a_month_or_year_after_the_article_is_refused(
    standing: Database, record, date: str
) -> None:
    put(record, DATES[0], date)
    assert list(refused(standing, record)) == [shown(DATES[0])]


@pytest.mark.parametrize("date", ["2025-11-15", "2025-11", "2025"])
def test_a_date_that_may_lie_before_the_article_is_taken(
    database: Database, record, date: str
) -> None:
    put(record, DATES[0], date)
    assert load(database, record).seq == 2


def test_an_article_that_is_still_to_come_is_refused(standing: Database, record) -> None:
    later = datetime.now(UTC).date() + timedelta(days=2)
    put(record, ("article", "published_on"), later.isoformat())
    assert list(refused(standing, record)) == ["article.published_on"]


@pytest.mark.parametrize(
    ("start", "end", "taken"),
    [
        ("2024", "2023-12-31", False),
        ("2024-05-02", "2024-05-01", False),
        ("2024-05-02", "2024-05", True),
        ("2024", "2024", True),
    ],
)
def test_a_tenure_does_not_end_before_it_begins(
    database: Database, record, start: str, end: str, taken: bool
) -> None:
    tenure = at(record, ("officials", 0, "tenures", 0))
    tenure.update({"from": start, "to": end, "end_status": "ended"})
    if taken:
        assert load(database, record).seq == 2
    else:
        assert list(refused(database, record)) == ["officials[0].tenures[0].to"]


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({(*RUSSIA, "explicit"): True}, (*RUSSIA, "explicit")),
        ({(*IRAN, "status"): "invited"}, (*IRAN, "explicit")),
        ({(*IRAN, "explicit"): False}, (*IRAN, "explicit")),
        ({(*IRAN, "mediator"): {"country": "AFG"}}, (*IRAN, "mediator")),
        (
            {(*IRAN, "responses", 1, "party"): {"country": "IRN"}},
            (*IRAN, "responses", 1, "party"),
        ),
        (
            {(*IRAN, "responses", 1, "party"): {"group": "afghan-taliban-regime"}},
            (*IRAN, "responses", 1, "party"),
        ),
        (
            {(*IRAN, "responses", 1, "party"): {"country": "PAK"}},
            (*IRAN, "responses", 1, "party"),
        ),
        ({(*IRAN, "responses", 1, "on"): "2025-11-14"}, (*IRAN, "responses", 1, "response")),
        ({(*IRAN, "responses", 1, "position"): "dialogue"}, (*IRAN, "responses", 1, "response")),
        (
            {(*IRAN, "responses", 0, "position"): "no-such-key"},
            (*IRAN, "responses", 0, "position"),
        ),
        (
            {(*TURKIYE, "parties", 1): {"country": "PAK"}, (*TURKIYE, "responses"): []},
            (*TURKIYE, "parties", 1),
        ),
    ],
    ids=[
        "an invitation is not stated as made",
        "what is stated as made is more than an invitation",
        "what is not stated as made is no offer",
        "the mediator is no party",
        "who is no party does not answer",
        "a body is another party than its country",
        "a party answers once",
        "silence has no date",
        "silence has no position",
        "the position is in the record",
        "a party stands once",
    ],
)
def test_an_offer_holds_together(standing: Database, record, changes, place) -> None:
    for where, value in changes.items():
        put(record, where, value)
    assert list(refused(standing, record)) == [shown(place)]


def test_a_party_under_another_name_is_the_same_party(database: Database, record) -> None:
    put(record, (*IRAN, "responses", 0, "party"), {"country": "Pakistan"})
    assert load(database, record).seq == 2


@pytest.mark.parametrize(
    ("place", "value"),
    [
        ((*IRAN, "mediator"), {"country": "Afghanistan"}),
        ((*IRAN, "parties", 1), {"country": "Pakistan"}),
    ],
)
def test_nobody_stands_twice_in_an_offer_under_two_names(
    standing: Database, record, place, value
) -> None:
    put(record, place, value)
    put(record, (*IRAN, "responses"), [])
    assert list(refused(standing, record)) == [shown(place)]
