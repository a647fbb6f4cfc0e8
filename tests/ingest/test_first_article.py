"""The first article: what is served is what the design lists, and nothing of the prose is."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from app.db import Database
from app.ingest.reference import load_reference
from app.settings import Settings, resource
from tests.ingest.support import dump, load, selectors

ARTICLE = "art_scfda635kzgz3rk6"
TALIBAN = "afghan-taliban-regime"

# id, key, topic, stance, modality, targets, selectors
POSITIONS = """
pos_tcshcnyosg3ktbgq talks-deadlocked         peace-talks              acknowledges    actual       AFG     1408-1528-direct 884-1067-mixed
pos_ko6tg3hpdoiu2uoy dialogue                 peace-talks              commits         actual       AFG     1556-1620-indirect
pos_cffp7o7ow3shw46k core-demand              cross-border-terrorism   demands         actual       AFG     1179-1277-indirect
pos_3wq6tjqq7fuwaftx attacks-from-afghan-soil cross-border-terrorism   accuses         actual       AFG     1757-2062-direct 1676-1755-indirect
pos_p7fa7rnyooqcoefj ceasefire-status         ceasefire                declines_to_say actual       none    2249-2471-direct 2160-2247-indirect
pos_xqylhc5ofvsdjdf3 concessions-extended     trade-and-transit        asserts         past         AFG     2495-2593-indirect
pos_g5yp4jnltlfl6nt2 gestures-not-returned    trade-and-transit        accuses         actual       Taliban 2678-2897-direct 2607-2676-indirect
pos_3vcvaewxj6owboo5 trade-conditional        trade-and-transit        conditions      future       Taliban 3019-3111-direct 2922-3017-indirect
pos_kdhcelei6igjok5y repatriation-coordinated repatriation             asserts         actual       none    3176-3288-indirect
pos_q6ltdhcvrxmksepr turkish-delegation       mediation                appreciates     actual       TUR     3471-3587-direct 3305-3469-indirect
pos_pkfqwht7mdp2i5wd iran-offer               mediation                appreciates     actual       IRN     3729-3797-direct 3611-3727-indirect
pos_3h32vtuyildmcmda russia-role              mediation                welcomes        hypothetical RUS     3801-3909-direct 3611-3727-indirect
pos_4e5kvm5awq4cbzt4 gaza-force               gaza-stabilisation-force undecided       actual       none    4044-4182-direct 3988-4042-indirect 4200-4278-indirect
"""  # noqa: E501 - a table is read line by line
ROWS = [line.split() for line in POSITIONS.strip().splitlines()]
IDS = {row[1]: row[0] for row in ROWS}

TARGETS: dict[str, list[tuple[str, str | None]]] = {
    "none": [],
    "Taliban": [("AFG", TALIBAN)],
    **{code: [(code, None)] for code in ("AFG", "TUR", "IRN", "RUS")},
}

# id, mediator, kind, status, explicit, announced by, Pakistan's response, stated in, selectors
OFFERS = [
    ("med_ydr7q4kubctarefh", "TUR", "delegation", "announced", True, "recep-tayyip-erdogan",
     "appreciated", "turkish-delegation", ["3305-3422-mention", "3471-3587-direct"]),
    ("med_hfq4myi2tga66pbi", "IRN", "mediation", "offered", True, None,
     "appreciated", "iran-offer", ["3729-3797-direct"]),
    ("med_ta7mbp262eqm3iqx", "RUS", "unspecified", "invited", False, None,
     "would_welcome", "russia-role", ["3801-3909-direct", "3611-3727-indirect"]),
]  # fmt: skip

GROUPS = {
    "pakistan-foreign-office": ("ministry", "PAK"),
    "parliament-of-pakistan": ("legislature", "PAK"),
    "un-security-council": ("intergovernmental", None),
    TALIBAN: ("de_facto_authority", "AFG"),
    "ttp": ("armed_group", None),
    "fitnah-al-khawaraj": ("armed_group", None),
    "international-stabilisation-force": ("mission", None),
    "pti": ("news_agency", "IND"),
    "outlook-india": ("publisher", "IND"),
}

SPEECH = re.compile("“[^”]*”")
"""Spoken words: opened by a curly mark, whatever marks stand between, and closed by one."""
PROSE = 60
"""From this many code points on, words of the reporter's are a passage of the article."""


def served(client: TestClient, path: str) -> list[dict[str, Any]]:
    answer = client.get(f"/v1/{path}?limit=200")
    assert answer.status_code == 200
    data: list[dict[str, Any]] = answer.json()["data"]
    return data


def actors(listed: list[dict[str, Any]]) -> list[tuple[str, str | None]]:
    return [(a["country"]["code"], a["group"] and a["group"]["slug"]) for a in listed]


def spans(fact: dict[str, Any]) -> list[str]:
    assert {proof["article"]["id"] for proof in fact["evidence"]} == {ARTICLE}
    return [f"{p['start']}-{p['end']}-{p['quote_type']}" for p in fact["evidence"]]


@pytest.fixture(scope="module")
def positions(client: TestClient) -> dict[str, dict[str, Any]]:
    """The positions by their keys."""
    by_id = {position["id"]: position for position in served(client, "positions")}
    return {key: by_id[id_] for key, id_ in IDS.items()}


def test_the_positions_are_those_of_the_design(client: TestClient) -> None:
    assert {
        p["id"]: (p["topic"]["slug"], p["stance"], p["modality"], actors(p["targets"]), spans(p))
        for p in served(client, "positions")
    } == {
        id_: (topic, stance, modality, TARGETS[target], proofs)
        for id_, _, topic, stance, modality, target, *proofs in ROWS
    }


def test_the_spokesperson_says_all_but_the_demand_that_pti_reports(positions) -> None:
    demand = positions.pop("core-demand")
    assert (demand["speaker"], demand["speaker_role"], demand["body"]) == (None, None, None)
    assert (demand["said_on"], demand["said_on_precision"]) == (None, "unknown")
    assert demand["reported_via"]["slug"] == "pti"
    assert demand["country"]["code"] == "PAK"
    for position in positions.values():
        assert position["country"]["code"] == "PAK"
        assert position["body"]["slug"] == "pakistan-foreign-office"
        assert position["speaker"]["slug"] == "tahir-andrabi"
        assert position["speaker_role"] == "Foreign Office spokesperson"
        assert (position["said_on"], position["said_on_precision"]) == ("2025-11-14", "day")


@pytest.mark.parametrize(
    ("key", "clauses"),
    [
        ("trade-conditional", [("conditions", TALIBAN)]),
        (
            "gaza-force",
            [("awaits", "un-security-council"), ("decided_by", "parliament-of-pakistan")],
        ),
        ("dialogue", []),
    ],
)
def test_what_qualifies_a_position_is_kept_apart_from_it(positions, key, clauses) -> None:
    found = [
        (name, clause["group"]["slug"])
        for name in ("conditions", "awaits", "decided_by")
        for clause in positions[key][name]
    ]
    assert found == clauses


def test_the_offers_are_those_of_the_design(client: TestClient) -> None:
    parties = [("PAK", None), ("AFG", None)]
    silence = ("none_on_record", None, "unknown", None)
    expected = {
        id_: (
            [(mediator, None)], parties, kind, status, explicit, by, (None, "unknown"),
            [(answer, "2025-11-14", "day", IDS[key]), silence], proofs,
        )
        for id_, mediator, kind, status, explicit, by, answer, key, proofs in OFFERS
    }  # fmt: skip
    found = {}
    for offer in served(client, "mediation-offers"):
        answers = offer["responses"]
        assert actors([answer["party"] for answer in answers]) == parties
        found[offer["id"]] = (
            actors([offer["mediator"]]),
            actors(offer["parties"]),
            offer["kind"],
            offer["status"],
            offer["explicit"],
            offer["announced_by"] and offer["announced_by"]["slug"],
            (offer["offered_on"], offer["offered_on_precision"]),
            [
                (a["response"], a["responded_on"], a["responded_on_precision"], a["position"])
                for a in answers
            ],
            spans(offer),
        )
    assert found == expected


def test_the_round_is_that_of_the_design(client: TestClient) -> None:
    (held,) = served(client, "rounds")
    assert held["id"] == "rnd_4ogsa5dh4sfsjjva"
    assert held["process"] == "pakistan-afghanistan-talks"
    assert (held["ordinal"], held["venue"], held["host"]["code"]) == (3, "Istanbul", "TUR")
    assert (held["held_on"], held["held_on_precision"]) == ("2025-11-07", "day")
    assert actors(held["parties"]) == [("PAK", None), ("AFG", None)]
    assert (held["outcome"], held["reported_via"]["slug"]) == ("no_agreement", "pti")
    assert spans(held) == ["1088-1175-indirect"]


def test_the_groups_have_their_kinds_and_countries(client: TestClient) -> None:
    found = {
        group["slug"]: (group["kind"], group["country"] and group["country"]["code"])
        for group in served(client, "groups")
    }
    assert {slug: found.get(slug) for slug in GROUPS} == GROUPS


def test_the_label_is_one_that_pakistan_uses(client: TestClient) -> None:
    labelled = {group["slug"]: group["labels"] for group in served(client, "groups")}
    (label,) = labelled.pop("fitnah-al-khawaraj")
    assert label["text"] == "Fitnah-Al-Khawaraj"
    assert label["used_by"]["country"]["code"] == "PAK"
    assert spans(label) == ["1757-2062-direct"]
    assert not any(labelled.values())


def test_the_officials_hold_the_posts_that_the_article_attests(client: TestClient) -> None:
    found = {}
    for official in served(client, "officials"):
        (tenure,) = official["tenures"]
        body = tenure["group"] and tenure["group"]["slug"]
        found[official["slug"]] = (
            tenure["post"], body, tenure["country"]["code"], tenure["from"], tenure["to"],
            tenure["end_status"], tenure["attested_on"], spans(tenure),
        )  # fmt: skip
    assert found == {
        "tahir-andrabi": (
            "Foreign Office spokesperson", "pakistan-foreign-office", "PAK", None, None,
            "in_post", "2025-11-14", ["1280-1321-mention"],
        ),
        "recep-tayyip-erdogan": (
            "President", None, "TUR", None, None, "in_post", "2025-11-15", ["3380-3410-mention"],
        ),
    }  # fmt: skip


def test_the_article_is_described_and_its_text_is_not_there(client: TestClient) -> None:
    (article,) = served(client, "articles")
    assert article["id"] == ARTICLE
    assert (article["publisher"]["slug"], article["agency"]["slug"]) == ("outlook-india", "pti")
    assert (article["published_on"], article["characters"]) == ("2025-11-15", 4305)


def test_with_the_text_every_selector_holds_and_the_record_is_the_same(
    empty_settings: Settings, seeded_url: str, record, article_text: str
) -> None:
    database, seeded = Database(empty_settings), Database(Settings(database_url=seeded_url))
    load_reference(database, resource("seed"), by="seed")
    outcome = load(database, record, article_text)
    with_text, without = dump(database), dump(seeded)
    database.dispose()
    seeded.dispose()
    assert outcome.seq == 1
    del with_text["changes"], without["changes"]  # they have the time
    assert with_text.pop("article_texts") != without.pop("article_texts") == []
    assert with_text == without


def test_words_are_kept_of_speech_only(record, article_text: str) -> None:
    speech = SPEECH.findall(article_text)
    for _, selector in selectors(record):
        if selector["quote_type"] == "direct":
            assert any(selector["exact"] in spoken for spoken in speech)
        else:
            assert "exact" not in selector


def test_no_passage_of_the_prose_stands_in_the_project(article_text: str) -> None:
    _, _, body = article_text.partition("\n")  # the headline is the article's name
    passages = set()
    for stretch in SPEECH.split(body):
        for paragraph in stretch.splitlines():
            line = " ".join(paragraph.split())
            starts = [0, *(space.end() for space in re.finditer(" ", line))]
            passages |= {line[s : s + PROSE] for s in starts if s + PROSE <= len(line)}
    assert len(passages) > 100
    found = [
        (str(path), passage)
        for path in project_files()
        for content in [" ".join(path.read_text(encoding="utf-8", errors="ignore").split())]
        for passage in passages
        if passage in content
    ]
    assert found == []


def project_files() -> Iterator[Path]:
    """Every file of the checkout that is not somebody else's: no environment, no cache."""
    foreign = re.compile(r"\.git|\.venv|\.uv|\.data|\.hypothesis|\.schemathesis|.*cache.*|uv\.lock")
    waiting = [resource("seed").parent]
    while waiting:
        for path in waiting.pop().iterdir():
            if foreign.fullmatch(path.name):
                continue
            if path.is_dir():
                waiting.append(path)
            else:
                yield path
