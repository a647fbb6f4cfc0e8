"""Whether somebody's words are on record: to the letter, but for typography. Never a fuzzy yes."""

from typing import Any

import pytest
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.quotation import holds, normalised
from app.quotes.schemas import QuoteAnswerItem
from tests.chance import examples

BORDER = (
    "It is a long border. We keep receiving reports on incidents here and there. So, it is a "
    "difficult situation. I am not in a position to say whether the ceasefire is holding or not "
    "holding, but it is a difficult situation"
)
CEASEFIRE = "pos_p7fa7rnyooqcoefj"


def ask(client: TestClient, text: str, **more: Any) -> dict[str, Any]:
    answer = client.post("/v1/verify-quote", json={"text": text, **more})
    assert answer.status_code == 200, answer.text
    QuoteAnswerItem.model_validate_json(answer.content)
    found: dict[str, Any] = answer.json()["data"]
    return found


def test_the_whole_quotation_is_verbatim(client: TestClient) -> None:
    found = ask(client, BORDER)
    assert found["verdict"] == "verbatim"
    assert [(m["position"], m["whole"]) for m in found["matches"]] == [(CEASEFIRE, True)]
    assert (found["matches"][0]["start"], found["matches"][0]["end"]) == (2249, 2471)


def test_a_part_of_it_is_verbatim_and_said_to_be_a_part(client: TestClient) -> None:
    found = ask(client, "whether the ceasefire is holding or not holding")
    assert found["verdict"] == "verbatim"
    assert found["matches"][0]["whole"] is False


@pytest.mark.parametrize(
    "text",
    [
        f"“{BORDER},”",
        f'"{BORDER}"',
        f"  {BORDER.replace(' ', chr(0xA0))}\n",
        f"« {BORDER} »",
    ],
)
def test_marks_and_white_space_are_typography(client: TestClient, text: str) -> None:
    assert ask(client, text)["verdict"] == "verbatim"


def test_an_ellipsis_is_three_dots(client: TestClient) -> None:
    assert ask(client, "by Afghan nationals…Given this situation")["verdict"] == "verbatim"


def test_one_word_changed_is_partial_and_the_word_is_named(client: TestClient) -> None:
    found = ask(client, BORDER.replace("long border", "short border"))
    assert found["verdict"] == "partial"
    assert found["matches"][0]["position"] == CEASEFIRE
    assert found["matches"][0]["differences"] == [{"given": "short", "recorded": "long"}]


@pytest.mark.parametrize(
    ("changed", "off"),
    [
        (BORDER.replace("not in a position", "in a position"), {"given": "", "recorded": "not"}),
        (BORDER.replace("It is a long", "It is a very long"), {"given": "very", "recorded": ""}),
        (BORDER.replace("It is a long", "it is a long"), {"given": "it", "recorded": "It"}),
    ],
)
def test_a_word_left_out_added_or_spelled_otherwise_is_no_yes(
    client: TestClient, changed: str, off: dict[str, str]
) -> None:
    found = ask(client, changed)
    assert found["verdict"] == "partial"
    assert found["matches"][0]["differences"] == [off]


def test_an_invented_sentence_is_not_on_record_and_the_answer_says_what_it_covers(
    client: TestClient,
) -> None:
    found = ask(client, "We will open every crossing tomorrow at dawn.")
    assert (found["verdict"], found["matches"]) == ("not_on_record", [])
    assert found["coverage"]["articles"] == 1


def test_our_own_words_for_it_are_nobodys_words(client: TestClient) -> None:
    said = client.get(f"/v1/positions/{CEASEFIRE}").json()["data"]["proposition"]
    assert ask(client, said)["verdict"] == "not_on_record"


@pytest.mark.parametrize(
    ("more", "verdict"),
    [
        ({"speaker": "Andrabi"}, "verbatim"),
        ({"speaker": "Erdogan"}, "not_on_record"),
        ({"said_on": "2025-11"}, "verbatim"),
        ({"said_on": "2025-11-14", "speaker": "tahir-andrabi"}, "verbatim"),
        ({"said_on": "2025-11-13"}, "not_on_record"),
    ],
)
def test_speaker_and_date_narrow_it(client: TestClient, more: dict[str, str], verdict: str) -> None:
    assert ask(client, BORDER, **more)["verdict"] == verdict


@pytest.mark.parametrize(
    ("body", "place"),
    [
        ({}, "text"),
        ({"text": ""}, "text"),
        ({"text": "..."}, "text"),
        ({"text": "a\x00b"}, "text"),
        ({"text": "a" * 5001}, "text"),
        ({"text": "a", "spaeker": "x"}, "spaeker"),
        ({"text": "a", "said_on": "2025-02-30"}, "said_on"),
        ([], "body"),
    ],
)
def test_a_question_that_is_none_is_refused_by_place(
    client: TestClient, body: object, place: str
) -> None:
    answer = client.post("/v1/verify-quote", json=body)
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert [fault["pointer"] for fault in answer.json()["errors"]] == [place]


def test_an_unknown_speaker_is_refused_with_the_near_miss(client: TestClient) -> None:
    answer = client.post("/v1/verify-quote", json={"text": "a", "speaker": "Andrabbi"})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["suggestion"] == "tahir-andrabi"


@pytest.mark.parametrize(
    ("content", "detail"),
    [
        (b"{", "is not JSON."),
        (b"\x04\xe1\x0f", "cannot be read: it is not UTF-8, or beyond all bounds."),
        (b"\xff", "cannot be read: it is not UTF-8, or beyond all bounds."),
    ],
)
def test_what_is_not_json_is_refused(client: TestClient, content: bytes, detail: str) -> None:
    answer = client.post(
        "/v1/verify-quote", content=content, headers={"Content-Type": "application/json"}
    )
    assert answer.status_code == 422
    assert answer.json()["errors"] == [{"detail": detail, "pointer": "body"}]


@settings(
    max_examples=examples(25),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(data=st.data())
def test_verbatim_if_and_only_if_a_recorded_quotation_holds_the_words(
    client: TestClient, data: st.DataObject
) -> None:
    recorded = [
        normalised(proof["exact"])
        for position in client.get("/v1/positions?limit=200").json()["data"]
        for proof in position["evidence"]
        if proof["exact"]
    ]
    words = data.draw(st.sampled_from(recorded)).split()
    start = data.draw(st.integers(0, len(words) - 1))
    part = words[start : start + data.draw(st.integers(1, 8))]
    if data.draw(st.booleans()):
        part[data.draw(st.integers(0, len(part) - 1))] = data.draw(st.sampled_from(words))
    text = " ".join(part)
    held = any(holds(each, normalised(text)) for each in recorded)
    assert (ask(client, text)["verdict"] == "verbatim") == held
