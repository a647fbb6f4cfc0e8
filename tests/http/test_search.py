"""Full-text search: the same answers on both databases, against a model in plain Python."""

import re

import pytest
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st

from app.folding import words
from tests.http.factory import WORDS
from tests.http.helpers import Entries, Entry, ids, listed, problem, property_settings

POSITIONS = "/v1/positions"


def searchable(entry: Entry) -> list[list[str]]:
    """The words of an entry that search looks at: the proposition, and what was spoken."""
    spoken = [proof["exact"] for proof in entry["evidence"] if proof["exact"]]
    return [words(text) for text in (entry["proposition"], *spoken)]


def phrases(query: str) -> list[tuple[list[str], bool]]:
    """The phrases of a query, and whether each is the beginning of a longer one."""
    parts = re.findall(r'"([^"]*)"|(\S+)', query)
    found = [(words(quoted or bare), bare.endswith("*")) for quoted, bare in parts]
    return [(each, prefix) for each, prefix in found if each]


def occurs(phrase: list[str], prefix: bool, text: list[str]) -> bool:
    """Whether the words of a phrase stand in a text, in this order and next to each other."""
    *first, last = phrase
    for at in range(len(text) - len(first)):
        here = text[at + len(first)]
        if text[at : at + len(first)] == first and (
            here.startswith(last) if prefix else here == last
        ):
            return True
    return False


def matches(entry: Entry, query: str) -> bool:
    texts = searchable(entry)
    return all(any(occurs(p, prefix, text) for text in texts) for p, prefix in phrases(query))


def search(client: TestClient, query: str) -> list[str]:
    """The ids that a search finds; none if it holds no word, which has to be said."""
    if not phrases(query):
        answer = client.get(POSITIONS, params={"q": query})
        (fault,) = problem(answer, 422).errors
        assert fault.parameter == "q"
        return []
    return ids(listed(client, POSITIONS, q=query))


def expected(everything: Entries, query: str) -> list[str]:
    if not phrases(query):
        return []
    return ids([entry for entry in everything if matches(entry, query)])


# fmt: off
VOCABULARY = [
    *sorted({word for text in WORDS.values() for word in text.split()}),
    "Pakistan", "AFGHAN", "ceasefire", "border", "mediation", "the", "of", "is", "Türkiye's",
    "difficult situation", "anti-Pakistan",
]
BETWEEN = [
    " ", "  ", '"', '" "', "* ", " AND ", " OR ", " NOT ", " NEAR/2 ", "-", ":", "^", "(", ") ",
    "' ", "|", "&", "!", "\\", "<-> ", "{", "%", "_", "\u200b", "\u00a0", "，",
]
# fmt: on

anything = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=80)
likely = st.lists(
    st.sampled_from(VOCABULARY) | st.sampled_from(BETWEEN), min_size=1, max_size=6
).map("".join)


@property_settings
@given(query=anything | likely)
def test_any_text_finds_what_the_model_finds(
    wide: TestClient, everything: Entries, query: str
) -> None:
    assert search(wide, query) == expected(everything, query)


@property_settings
@given(data=st.data(), end=st.sampled_from(["", "*"]))
def test_any_words_in_a_row_find_where_they_stand(
    wide: TestClient, everything: Entries, data: st.DataObject, end: str
) -> None:
    text = data.draw(st.sampled_from([t for entry in everything for t in searchable(entry)]))
    start = data.draw(st.integers(0, len(text) - 1))
    run = text[start : start + data.draw(st.integers(1, 4))]
    query = f'"{" ".join(run)}"' if not end else run[0][: data.draw(st.integers(1, 9))] + end
    found = search(wide, query)
    assert found == expected(everything, query)
    assert found


@pytest.mark.parametrize(
    ("query", "total"),
    [
        ("ceasefire", 2),
        ("CEASEFIRE", 2),
        ("ceasefire border", 1),
        ("border ceasefire", 1),
        ("ceasefire mediation", 0),
        ("turkiye", 1),
        ("TÜRKİYE", 1),
        ("Tu\u0308rkiye", 1),
        ("cafe", 1),
        ("CAFÉ", 1),
        ("strasse", 1),
        ("STRAẞE", 1),
        ("naive", 1),
        ("izmir", 1),
        ("fin", 1),
        ("السلام", 1),
        ("السَّلام", 1),
        ("和平", 1),
        ("ειρηνη", 1),
        ("МИР", 1),
        ("мир возможен", 1),
        ("शांति", 1),
        ("anti-Pakistan", 1),
        ("anti pakistan", 1),
    ],
)
def test_words_are_found_whatever_their_case_and_accents(
    wide: TestClient, query: str, total: int
) -> None:
    assert len(search(wide, query)) == total


@pytest.mark.parametrize("query", ["शति", "शोत", "श"])
def test_a_vowel_sign_is_a_letter_of_the_word_and_no_accent(wide: TestClient, query: str) -> None:
    """One position says the Hindi word for peace; these are other words, or none."""
    assert search(wide, query) == []


@pytest.mark.parametrize(
    ("query", "total"),
    [
        ('"difficult situation"', 1),
        ('"situation difficult"', 0),
        ('"it is a long border"', 1),
        ('"long border" ceasefire', 1),
        ('"long border" mediation', 0),
        ('"Long, BORDER!"', 1),
        ('"long border', 1),
        ("attack*", 2),
        ("ATTACK*", 2),
        ("attac", 0),
        ("neg*", 2),
        ("*tack", 0),
        ("cease*fire", 0),
        ("mi*", 1),
        ("和*", 1),
    ],
)
def test_phrases_and_beginnings(wide: TestClient, query: str, total: int) -> None:
    assert len(search(wide, query)) == total


def test_a_phrase_does_not_run_from_our_words_into_the_speakers(client: TestClient) -> None:
    """No text says it: one half ends the proposition, the other begins the quotation."""
    (position,) = listed(client, POSITIONS, topic="ceasefire")
    ours, spoken = words(position["proposition"]), words(position["quotation"])
    assert search(client, f'"{ours[-1]} {spoken[0]}"') == []


@pytest.mark.parametrize(
    ("query", "finds"),
    [
        ("AND seed", True),
        ("seed AND", True),
        ("seed OR weapons", True),
        ("seed OR talks", False),
        ("NOT weapons", True),
        ("NEAR none", True),
        ("NEAR(none grain)", False),
        ("seed -weapons", True),
        ("words:seed", False),
        ("(seed", True),
        ("seed)", True),
        ('seed"', True),
        ('"seed', True),
        ('"""seed', True),
        ("^grain", True),
        ("seed*)", True),
        ("seed & weapons", True),
        ("seed | weapons", True),
        ("seed <-> weapons", True),
        ("!seed", True),
        ("seed:*", True),
        ("seed:A", False),
        ("seed\\", True),
        ("'seed'", True),
        ("seed; DROP TABLE positions", False),
        ("rowid:1 seed", False),
    ],
)
def test_operators_are_plain_text(wide: TestClient, query: str, finds: bool) -> None:
    """One position says: Grain came through, AND seed; NOT weapons (or NEAR to none)."""
    assert len(search(wide, query)) == finds


@pytest.mark.parametrize("query", ["", " ", "*", "***", '"', '""', "-", "…", "“”", "( )", "_", "´"])
def test_a_search_without_a_word_is_refused(client: TestClient, query: str) -> None:
    (fault,) = problem(client.get(POSITIONS, params={"q": query}), 422).errors
    assert (fault.parameter, fault.detail) == ("q", "holds no word to search for.")


def test_a_search_may_have_five_hundred_characters(client: TestClient) -> None:
    longest = ("a " * 250)[:500]
    assert client.get(POSITIONS, params={"q": longest}).status_code == 200
    assert client.get(POSITIONS, params={"q": '"a' * 250}).status_code == 200
    assert client.get(POSITIONS, params={"q": "x" * 500}).status_code == 200
    (fault,) = problem(client.get(POSITIONS, params={"q": longest + "a"}), 422).errors
    assert (fault.parameter, "500" in fault.detail) == ("q", True)


def test_the_reporters_words_are_not_searched(client: TestClient) -> None:
    (position,) = listed(client, POSITIONS, topic="repatriation")
    assert position["quotation"] is None
    assert search(client, "undocumented") == []
    assert search(client, "papers") == [position["id"]]


def test_the_answer_says_which_words_were_searched(client: TestClient) -> None:
    meta = client.get(POSITIONS, params={"q": 'Türkiye "Long Border" ATTACK* -'}).json()["meta"]
    assert meta["filters"]["q"] == ["turkiye", "long border", "attack*"]
