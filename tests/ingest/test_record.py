"""The format: what is not as it asks is refused, all of it at once and each by its place."""

import pytest

from app.codelists import Stance
from app.db import Database
from tests.ingest.support import (
    at,
    put,
    refused,
    shown,
)

# Faults of single fields.


@pytest.mark.parametrize(
    ("place", "value", "suggestion"),
    [
        (("positions", 0, "stance"), "acknowledge", "acknowledges"),
        (("positions", 0, "modality"), "hypotetical", "hypothetical"),
        (("positions", 0, "evidence", 0, "quote_type"), "Direct", "direct"),
        (("mediation_offers", 0, "status"), "anounced", "announced"),
        (("mediation_offers", 0, "kind"), "delegations", "delegation"),
        (("mediation_offers", 0, "responses", 0, "response"), "apreciated", "appreciated"),
        (("rounds", 0, "outcome"), "no-agreement", "no_agreement"),
        (("groups", 0, "kind"), "ministery", "ministry"),
        (("officials", 0, "tenures", 0, "end_status"), "in post", "in_post"),
    ],
    ids=lambda value: shown(value) if isinstance(value, tuple) else None,
)
def test_an_unknown_code_is_refused_with_the_near_miss(
    standing: Database, record, place, value: str, suggestion: str
) -> None:
    put(record, place, value)
    faults = refused(standing, record)
    assert list(faults) == [shown(place)]
    fault = faults[shown(place)]
    assert fault.suggestion == suggestion
    assert suggestion in (fault.allowed or ())
    assert repr(value) in fault.detail


def test_an_unknown_code_is_told_all_that_are_allowed(standing: Database, record) -> None:
    put(record, ("positions", 0, "stance"), "zzz")
    fault = refused(standing, record)["positions[0].stance"]
    assert list(fault.allowed or ()) == list(Stance)
    assert fault.suggestion is None


@pytest.mark.parametrize(
    "place",
    [
        (),
        ("article",),
        ("groups", 4, "labels", 0),
        ("officials", 0, "tenures", 0),
        ("positions", 3),
        ("positions", 3, "evidence", 1),
        ("positions", 3, "targets", 0),
        ("mediation_offers", 2, "responses", 1),
        ("rounds", 0),
    ],
    ids=shown,
)
@pytest.mark.parametrize("field", ["extra", "²", "9" * 5000, "a.b[0]"], ids=lambda f: f[:6])
def test_an_unknown_field_is_refused(standing: Database, record, place, field: str) -> None:
    put(record, (*place, field), "x")
    assert list(refused(standing, record)) == [shown((*place, field))]


@pytest.mark.parametrize(
    "place",
    [
        ("format",),
        ("article",),
        ("article", "rights"),
        ("groups", 0, "kind"),
        ("officials", 1, "name"),
        ("positions", 12, "evidence"),
        ("positions", 12, "evidence", 2, "prefix"),
        ("mediation_offers", 0, "explicit"),
        ("mediation_offers", 0, "responses", 1, "party"),
        ("rounds", 0, "outcome"),
    ],
    ids=shown,
)
def test_a_missing_field_is_named(standing: Database, record, place) -> None:
    del at(record, place[:-1])[place[-1]]
    faults = refused(standing, record)
    assert list(faults) == [shown(place)]
    assert "missing" in faults[shown(place)].detail


@pytest.mark.parametrize(
    ("place", "value"),
    [
        (("format",), "onrecord/article-record/2"),
        (("article", "language"), "English"),
        (("article", "text_sha256"), "ce54"),
        (("article", "characters"), 0),
        (("article", "url"), "javascript:alert(1)"),
        (("article", "published_on"), "2025-02-30"),
        (("article", "published_on"), 1763164800),
        (("article", "characters"), "4305"),
        (("groups", 0, "slug"), "Foreign Office"),
        (("groups", 0, "name"), ""),
        (("groups", 0, "name"), " Foreign Office"),
        (("groups", 0, "country"), False),
        (("officials", 1, "wikidata"), "39259"),
        (("positions", 0, "key"), "Talks"),
        (("positions", 0, "proposition"), ""),
        (("positions", 0, "proposition"), "x" * 301),
        (("positions", 0, "proposition"), "Talks\nare stalled."),
        (("positions", 0, "evidence"), []),
        (("positions", 0, "evidence", 0, "start"), -1),
        (("positions", 0, "evidence", 0, "start"), "first"),
        (("positions", 0, "evidence", 0, "prefix"), "x" * 33),
        (("positions", 0, "said_on"), 20251114),
        (("positions", 0, "said_on"), "2025-11-14T09:00:00"),
        (("mediation_offers", 0, "explicit"), "perhaps"),
        (("mediation_offers", 0, "explicit"), 1),
        (("mediation_offers", 0, "explicit"), "yes"),
        (("mediation_offers", 0, "parties"), []),
        (("mediation_offers", 0, "mediator"), {}),
        (("mediation_offers", 0, "mediator"), {"country": "TUR", "group": "ttp"}),
        (("mediation_offers", 0, "mediator"), "TUR"),
        (("rounds", 0, "ordinal"), 0),
        (("rounds", 0, "venue"), "\ud800"),
        (("rounds", 0, "parties"), {}),
    ],
)
def test_a_value_of_the_wrong_form_is_refused_at_its_place(
    standing: Database, record, place, value: object
) -> None:
    put(record, place, value)
    assert list(refused(standing, record)) == [shown(place)]


@pytest.mark.parametrize(
    "place",
    [
        ("article", "headline"),
        ("article", "rights"),
        ("groups", 0, "name"),
        ("positions", 1, "proposition"),
        ("positions", 1, "evidence", 0, "prefix"),
        ("positions", 1, "evidence", 0, "cue"),
        ("rounds", 0, "venue"),
        ("positions", 1, "topic"),
    ],
    ids=shown,
)
def test_a_character_that_no_text_has_is_refused(standing: Database, record, place) -> None:
    put(record, place, "a\x00b")
    assert list(refused(standing, record)) == [shown(place)]


@pytest.mark.parametrize("characters", [2**31, 2**63, 10**30])
def test_a_length_that_no_text_has_is_refused(standing: Database, record, characters: int) -> None:
    put(record, ("article", "characters"), characters)
    assert list(refused(standing, record)) == ["article.characters"]


@pytest.mark.parametrize(
    ("changes", "detail"),
    [
        ({"start": 1600, "end": 1600}, "not before"),
        ({"exact": "Islamabad’s commitment"}, "direct"),
        ({"quote_type": "direct"}, "direct"),
    ],
)
def test_a_selector_holds_together(standing: Database, record, changes, detail: str) -> None:
    at(record, ("positions", 1, "evidence", 0)).update(changes)
    (fault,) = refused(standing, record).values()
    assert fault.pointer == "positions[1].evidence[0]"
    assert detail in fault.detail


def test_a_position_needs_somebody_who_takes_it(standing: Database, record) -> None:
    del record["positions"][2]["country"]
    assert list(refused(standing, record)) == ["positions[2]"]


# Several faults at once.


def test_all_faults_are_listed_in_the_order_of_the_file(standing: Database, record) -> None:
    wrong = [
        (("positions", 1, "said_on"), "2025-11-16"),
        (("positions", 2, "stance"), "demand"),
        (("positions", 5, "topic"), "trade-and-transport"),
        (("positions", 10, "targets", 0, "country"), "Iranistan"),
        (("positions", 12, "evidence", 2, "end"), 5000),
        (("rounds", 0, "outcome"), "none"),
    ]
    for place, value in wrong:
        put(record, place, value)
    assert list(refused(standing, record)) == [shown(place) for place, _ in wrong]


def test_faults_of_the_article_and_of_entries_are_listed_together(
    standing: Database, record
) -> None:
    put(record, ("article", "language"), "?")
    put(record, ("positions", 7, "modality"), "?")
    put(record, ("surplus",), 1)
    assert set(refused(standing, record)) == {
        "article.language",
        "positions[7].modality",
        "surplus",
    }


@pytest.mark.parametrize(
    ("code", "span"),
    [
        (("positions", 4, "stance"), ("positions", 4, "evidence", 1)),
        (("mediation_offers", 1, "kind"), ("mediation_offers", 1, "evidence", 0)),
        (("rounds", 0, "outcome"), ("rounds", 0, "evidence", 0)),
        (("groups", 4, "kind"), ("groups", 4, "labels", 0, "evidence", 0)),
        (
            ("officials", 0, "tenures", 0, "end_status"),
            ("officials", 0, "tenures", 0, "evidence", 0),
        ),
    ],
    ids=shown,
)
def test_a_wrong_span_in_an_entry_with_another_fault_is_listed_too(
    standing: Database, record, article_text: str, code, span
) -> None:
    put(record, code, "no-such-code")
    put(record, (*span, "suffix"), "not in the text")
    assert set(refused(standing, record, article_text)) == {
        shown(code),
        shown((*span, "suffix")),
    }


@pytest.mark.parametrize(
    ("code", "reference", "value"),
    [
        (("positions", 9, "stance"), ("mediation_offers", 0, "responses", 0, "position"), None),
        (("groups", 7, "kind"), ("article", "publisher"), "brand-new"),
        (("groups", 7, "kind"), ("article", "publisher"), "Brand New"),
        (("groups", 7, "kind"), ("positions", 0, "targets", 0), {"group": "Brandy"}),
        (("officials", 0, "tenures", 0, "end_status"), ("positions", 0, "speaker"), "somebody"),
        (("officials", 0, "tenures", 0, "end_status"), ("positions", 0, "speaker"), "Some Body"),
        (("officials", 0, "tenures", 0, "end_status"), ("positions", 0, "speaker"), "S. Body"),
    ],
)
def test_who_refers_to_an_entry_with_a_fault_has_none_for_that(
    standing: Database, record, code, reference, value
) -> None:
    record["groups"][7].update(slug="brand-new", name="Brand New", aliases=["Brandy"])
    record["officials"][0].update(slug="somebody", name="Some Body", name_variants=["S. Body"])
    record["article"]["publisher"] = "brand-new"
    for position in record["positions"]:
        if "speaker" in position:
            position["speaker"] = "somebody"
    put(record, code, "no-such-code")
    if value is not None:
        put(record, reference, value)
    assert list(refused(standing, record)) == [shown(code)]
