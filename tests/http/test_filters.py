"""Filters: what each alone and any together let through, against a model in plain Python."""

from datetime import date
from typing import Any

import pytest
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st

from app.codelists import Modality, Stance, Tone
from app.dates import parse_date
from app.web.filters import MAX_ALTERNATIVES
from app.web.schemas import ARTICLE_ID
from tests.http.factory import SECOND_ARTICLE_ID
from tests.http.helpers import Entries, Entry, ids, listed, problem, property_settings, walk

POSITIONS = "/v1/positions"

TREE = {
    "diplomacy": {"diplomacy", "peace-talks", "mediation"},
    "security": {"security", "ceasefire", "cross-border-terrorism", "gaza-stabilisation-force"},
    "economy": {"economy", "trade-and-transit"},
    "migration": {"migration", "repatriation"},
}

SPELLINGS = {
    "country": {"PAK": "Pakistan", "KEN": "ke", "SDN": "SDN", "AFG": "Kabul", "GRC": "Greek"},
    "body": {
        "pakistan-foreign-office": "Pakistan’s Foreign Office",
        "bridge-mission": "bridge-mission",
        "african-union": "African Union",
    },
    "speaker": {"tahir-andrabi": "Andrabi", "asha-otieno": "asha otieno"},
    "target": {
        "AFG": "Afghanistan",
        "TUR": "Türkiye",
        "SDN": "sd",
        "afghan-taliban-regime": "Taliban",
        "northern-front": "northern-front",
    },
    "topic": {slug: slug.upper() for slug in [*TREE, "ceasefire", "mediation"]},
    "stance": {code.value: code.value for code in Stance},
    "tone": {code.value: code.value for code in Tone},
    "modality": {code.value: code.value for code in Modality},
    "article": {id_: id_ for id_ in (ARTICLE_ID, SECOND_ARTICLE_ID)},
}
"""What can be asked for in each filter, and how it is written in the question."""

DATES = ["2022", "2023", "2023-12", "2024", "2024-01-01", "2024-02", "2024-02-29", "2024-03",
         "2024-03-01", "2024-03-15", "2025-11-13", "2025-11-14", "2025-11-15"]  # fmt: skip


def values(entry: Entry, name: str) -> set[str]:
    """What an entry has in the field of a filter: none, one or several."""
    if name == "target":
        refs = [ref for target in entry["targets"] for ref in target.values()]
    elif name == "article":
        refs = entry["articles"]
    else:
        refs = [entry[name]]
    keys = (ref if isinstance(ref, str) else _key(ref) for ref in refs if ref is not None)
    return set(keys)


def _key(ref: dict[str, str]) -> str:
    return next(ref[name] for name in ("code", "slug", "id") if name in ref)


def matches(entry: Entry, question: dict[str, Any]) -> bool:
    """Whether an entry matches: alternatives by OR, filters by AND."""
    said = entry["said_on"] and parse_date(entry["said_on"]).first
    for name, asked in question.items():
        if name == "said_from":
            found = said is not None and said >= parse_date(asked).first
        elif name == "said_to":
            found = said is not None and said <= parse_date(asked).last
        else:
            wanted, negated = asked
            broad = set().union(*(TREE.get(each, {each}) for each in wanted))
            found = bool(values(entry, name) & broad) != negated
        if not found:
            return False
    return True


def written(question: dict[str, Any]) -> dict[str, str]:
    """The question as query parameters."""
    params = {}
    for name, asked in question.items():
        if isinstance(asked, str):
            params[name] = asked
        else:
            mark = "!" if asked[1] else ""
            params[name] = "|".join(f"{mark}{SPELLINGS[name][each]}" for each in asked[0])
    return params


def alternatives(name: str) -> st.SearchStrategy[tuple[list[str], bool]]:
    some = st.lists(st.sampled_from(sorted(SPELLINGS[name])), min_size=1, max_size=3, unique=True)
    return st.tuples(some, st.booleans())


questions = st.fixed_dictionaries(
    {},
    optional={name: alternatives(name) for name in SPELLINGS}
    | {"said_from": st.sampled_from(DATES[:7]), "said_to": st.sampled_from(DATES[7:])},
)


@property_settings
@given(question=questions, limit=st.integers(1, 25))
def test_any_filters_let_through_what_the_model_lets_through_on_any_page_size(
    wide: TestClient, everything: Entries, question: dict[str, Any], limit: int
) -> None:
    expected = [entry for entry in everything if matches(entry, question)]
    params = written(question)
    assert ids(listed(wide, POSITIONS, **params)) == ids(expected)
    assert ids(walk(wide, POSITIONS, limit=limit, **params)) == ids(expected)


@property_settings
@given(question=questions)
def test_the_answer_says_how_the_filters_were_read(
    wide: TestClient, question: dict[str, Any]
) -> None:
    read_as = wide.get(POSITIONS, params=written(question)).json()["meta"]["filters"]
    for name, asked in question.items():
        if isinstance(asked, str):
            assert read_as.pop(name) == [asked]
        else:
            mark = "!" if asked[1] else ""
            assert read_as.pop(name) == [f"{mark}{each}" for each in asked[0]]
    assert read_as == {}


# One by one, so that a fault in the model does not hide one in the service.


@pytest.mark.parametrize(
    ("params", "total"),
    [
        ({"country": "PAK"}, 13),
        ({"country": "!PAK"}, 12),
        ({"country": "PAK|KEN"}, 16),
        ({"country": "!PAK|!KEN"}, 9),
        ({"country": "PAK|PK|pakistan"}, 13),
        ({"country": " PAK | KEN "}, 16),
        ({"body": "pakistan-foreign-office"}, 12),
        ({"body": "!pakistan-foreign-office"}, 13),
        ({"speaker": "tahir-andrabi"}, 12),
        ({"speaker": "!tahir-andrabi"}, 13),
        ({"target": "!AFG"}, 17),
        ({"target": "TUR|IRN|RUS"}, 3),
        ({"topic": "!security|!diplomacy", "country": "PAK"}, 4),
        ({"stance": "appreciates|welcomes", "tone": "cooperative"}, 3),
        ({"stance": "appreciates", "tone": "conflictual"}, 0),
        ({"tone": "!neutral", "country": "PAK"}, 7),
        ({"modality": "past|future"}, 4),
        ({"article": ARTICLE_ID}, 13),
        ({"article": f"!{ARTICLE_ID}"}, 12),
    ],
)
def test_alternatives_and_what_is_left_out(
    wide: TestClient, params: dict[str, str], total: int
) -> None:
    assert wide.get(POSITIONS, params=params).json()["meta"]["total"] == total


def test_leaving_out_keeps_what_has_no_value_at_all(wide: TestClient) -> None:
    """A body of no country is not Pakistan's; what names no speaker was not said by her."""
    kept = listed(wide, POSITIONS, country="!PAK")
    assert {e["body"]["slug"] for e in kept if e["country"] is None and e["body"]} == {
        "bridge-mission",
        "african-union",
    }
    assert any(e["speaker"] is None for e in listed(wide, POSITIONS, speaker="!asha-otieno"))
    assert any(e["targets"] == [] for e in listed(wide, POSITIONS, target="!AFG"))


@pytest.mark.parametrize(
    ("said_from", "said_to", "dates"),
    [
        ("2024-03", "2024-03", ["2024-03-31", "2024-03-01", "2024-03", "2024-03"]),
        ("2024-03-02", "2024-03-31", ["2024-03-31"]),
        ("2024-03-01", "2024-03-01", ["2024-03-01", "2024-03", "2024-03"]),
        ("2024-02-29", "2024-02-29", ["2024-02-29"]),
        ("2024", "2024-01", ["2024", "2024-01-01"]),
        ("2023", "2023", ["2023-12", "2023"]),
        (None, "2023", ["2023-12", "2023"]),
        ("2025-11-15", None, []),
    ],
)
def test_a_date_known_to_the_month_or_the_year_counts_from_its_first_day(
    wide: TestClient, said_from: str | None, said_to: str | None, dates: list[str]
) -> None:
    params = {"said_from": said_from, "said_to": said_to}
    given_only = {name: value for name, value in params.items() if value}
    found = listed(wide, POSITIONS, **given_only)
    assert sorted(e["said_on"] for e in found) == sorted(dates)


@pytest.mark.parametrize("descending", [True, False])
def test_facts_are_ordered_by_date_with_the_undated_at_the_early_end(
    wide: TestClient, descending: bool
) -> None:
    def place(entry: Entry) -> tuple[date, str]:
        said = entry["said_on"]
        return (parse_date(said).first if said else date.min), entry["id"]

    sort = "-said_on" if descending else "said_on"
    found = listed(wide, POSITIONS, sort=sort)
    assert ids(found) == ids(sorted(found, key=place, reverse=descending))
    undated = [entry["said_on"] is None for entry in found]
    assert undated == sorted(undated, reverse=not descending)
    assert sum(undated) == 3


@pytest.mark.parametrize(
    ("path", "field"), [("/v1/rounds", "held_on"), ("/v1/mediation-offers", "offered_on")]
)
def test_rounds_and_offers_are_ordered_by_date_too(wide: TestClient, path: str, field: str) -> None:
    found = listed(wide, path, article=SECOND_ARTICLE_ID, sort=field)
    assert found[0][field] is None
    assert found == listed(wide, path, article=SECOND_ARTICLE_ID, sort=f"-{field}")[::-1]
    precisions = {entry[field]: entry[f"{field}_precision"] for entry in found}
    assert precisions[None] == "unknown"
    assert precisions["2024-03-01"] == "day"


# What is refused


@pytest.mark.parametrize(
    ("name", "value", "suggestion"),
    [
        ("country", "PAX", "PAK"),
        ("country", "Pakistann", "PAK"),
        ("country", "PAK|Pakistann", "PAK"),
        ("country", "!Pakistann", "PAK"),
        ("body", "pakistan foreign offise", "pakistan-foreign-office"),
        ("speaker", "Tahir Andrabbi", "tahir-andrabi"),
        ("target", "Afganistan", "AFG"),
        ("target", "Afghan Talibann", "afghan-taliban-regime"),
        ("topic", "cease-fire", "ceasefire"),
        ("stance", "denys", "denies"),
        ("stance", "Demands", "demands"),
        ("tone", "conflict", "conflictual"),
        ("modality", "hypothetic", "hypothetical"),
        ("article", ARTICLE_ID[:-1], ARTICLE_ID),
    ],
)
def test_an_unknown_value_is_refused_with_the_near_miss(
    client: TestClient, name: str, value: str, suggestion: str
) -> None:
    (fault,) = problem(client.get(POSITIONS, params={name: value}), 422).errors
    assert (fault.parameter, fault.suggestion) == (name, suggestion)
    assert suggestion in (fault.allowed or ())


@pytest.mark.parametrize(
    ("path", "params", "suggestion"),
    [
        ("/v1/rounds", {"process": "pakistan-afganistan-talks"}, "pakistan-afghanistan-talks"),
        ("/v1/rounds", {"outcome": "no agreement"}, "no_agreement"),
        ("/v1/countries", {"region": "34"}, "034"),
        ("/v1/articles", {"language": "eng"}, "en"),
        ("/v1/changes", {"kind": "ingested"}, "ingest"),
        ("/v1/changes", {"article": ARTICLE_ID.upper()}, ARTICLE_ID),
        ("/v1/mediation-offers", {"response": "accept"}, "accepted"),
        ("/v1/groups", {"kind": "armed"}, "armed_group"),
        ("/v1/officials", {"official": "Erdogann"}, "recep-tayyip-erdogan"),
        ("/v1/topics", {"broader": "secuirty"}, "security"),
    ],
)
def test_so_it_is_in_every_list(
    client: TestClient, path: str, params: dict[str, str], suggestion: str
) -> None:
    (fault,) = problem(client.get(path, params=params), 422).errors
    assert (fault.parameter, fault.suggestion) == (next(iter(params)), suggestion)


def test_a_code_that_is_nearly_one_is_answered_with_near_codes(client: TestClient) -> None:
    (fault,) = problem(client.get(POSITIONS, params={"country": "PAX"}), 422).errors
    assert fault.allowed
    assert "PAK" in fault.allowed
    assert all(len(set(code) & set("PAX")) >= 2 for code in fault.allowed)


def test_a_value_that_is_nothing_at_all_gets_no_suggestion(client: TestClient) -> None:
    (fault,) = problem(client.get(POSITIONS, params={"country": "qqqqqq"}), 422).errors
    assert (fault.suggestion, fault.allowed) == (None, None)


@pytest.mark.parametrize("filter_", ["country", "target", "topic", "stance", "article"])
@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("", "empty alternative"),
        ("|", "empty alternative"),
        ("{}|", "empty alternative"),
        ("|{}", "empty alternative"),
        ("!", "empty alternative"),
        ("{}|!", "empty alternative"),
        ("{}|!{}", "mixes"),
        ("!{}|{}", "mixes"),
        ("|".join(["{}"] * (MAX_ALTERNATIVES + 1)), "51 alternatives"),
    ],
)
def test_a_filter_that_cannot_be_read_is_refused(
    client: TestClient, filter_: str, value: str, said: str
) -> None:
    known = {
        "country": "PAK",
        "target": "AFG",
        "topic": "ceasefire",
        "stance": "denies",
        "article": ARTICLE_ID,
    }[filter_]
    answer = client.get(POSITIONS, params={filter_: value.replace("{}", known)})
    (fault,) = problem(answer, 422).errors
    assert fault.parameter == filter_
    assert said in fault.detail


def test_as_many_alternatives_as_are_allowed_are_taken(client: TestClient) -> None:
    value = "|".join(["PAK"] * MAX_ALTERNATIVES)
    assert client.get(POSITIONS, params={"country": value}).json()["meta"]["total"] == 13


@pytest.mark.parametrize("name", ["said_from", "said_to"])
@pytest.mark.parametrize(
    "value",
    ["", "today", "2025-13", "2025-11-31", "2025-02-29", "25-11-14", "2025/11/14", "14.11.2025",
     "0999", "2025-11-14T00", "２０２５", "99999", "-2025", "2025-11-1"],
)  # fmt: skip
def test_what_is_no_date_is_refused(client: TestClient, name: str, value: str) -> None:
    (fault,) = problem(client.get(POSITIONS, params={name: value}), 422).errors
    assert fault.parameter == name


def test_a_range_that_holds_nothing_is_refused(client: TestClient) -> None:
    answer = client.get(f"{POSITIONS}?said_from=2025-11-15&said_to=2025-11-14")
    (fault,) = problem(answer, 422).errors
    assert fault.parameter == "said_from"
    assert "after said_to" in fault.detail
    wide_enough = client.get(f"{POSITIONS}?said_from=2025-11-14&said_to=2025-11")
    assert wide_enough.json()["meta"]["total"] == 12


def test_all_that_is_wrong_is_named_at_once(client: TestClient) -> None:
    params = {"country": "PAX", "stance": "denys", "said_from": "soon", "topic": "wether"}
    told = problem(client.get(POSITIONS, params=params), 422)
    assert {fault.parameter for fault in told.errors} == set(params)
    assert "3 more" in told.detail
