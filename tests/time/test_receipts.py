"""Receipts: what the record says of a fact can be checked without the service."""

import json
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from app.cli import main
from app.db import Database
from app.ingest.pipeline import ingest
from app.ingest.receipt import check
from tests.chance import examples
from tests.http.helpers import ids, listed
from tests.time.history import LAST, Twin

CEASEFIRE = "pos_p7fa7rnyooqcoefj"
PATHS = (
    f"/v1/positions/{CEASEFIRE}",
    "/v1/mediation-offers/med_hfq4myi2tga66pbi",
    "/v1/rounds/rnd_4ogsa5dh4sfsjjva",
)


def receipt_of(client: TestClient, path: str = PATHS[0], **params: Any) -> dict[str, Any]:
    answer = client.get(f"{path}/receipt", params=params)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


@pytest.mark.parametrize("path", PATHS)
def test_a_receipt_verifies_against_the_text_and_the_record(
    client: TestClient, path: str, article_text: str
) -> None:
    receipt = receipt_of(client, path)
    record = client.get(f"/v1/record/{receipt['recorded']['change']}").json()
    assert check(receipt, text=article_text, record=record) == []


@pytest.mark.parametrize("path", PATHS)
def test_a_receipt_verifies_without_the_text(client: TestClient, path: str) -> None:
    assert check(receipt_of(client, path)) == []


def leaves(part: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    inner = part.items() if isinstance(part, dict) else enumerate(part)
    found = []
    for name, value in inner:
        here = (*path, name)
        found += leaves(value, here) if isinstance(value, dict | list) else [here]
    return found


@settings(max_examples=examples(40), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_character_changed_fails_with_a_reason(client: TestClient, data: st.DataObject) -> None:
    receipt = receipt_of(client)
    place = data.draw(st.sampled_from(leaves(receipt)))
    owner = receipt
    for name in place[:-1]:
        owner = owner[name]
    value = owner[place[-1]]
    if isinstance(value, str) and value:
        at = data.draw(st.integers(0, len(value) - 1))
        other = data.draw(st.characters(exclude_characters=value[at], exclude_categories=["Cs"]))
        owner[place[-1]] = value[:at] + other + value[at + 1 :]
    else:
        owner[place[-1]] = 7 if value != 7 else 8
    faults = check(receipt)
    assert faults
    assert all(str(fault) for fault in faults)


def verified(path: Path, monkeypatch: pytest.MonkeyPatch) -> int:
    """The exit code of `onrecord verify` for a file."""
    monkeypatch.setattr("sys.argv", ["onrecord", "verify", str(path)])
    with pytest.raises(SystemExit) as ended:
        main()
    return int(ended.value.code or 0)


@settings(
    deadline=None,
    max_examples=examples(60),
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(data=st.data(), path=st.sampled_from(PATHS))
def test_any_character_changed_in_the_file_fails_on_the_command_line(
    client: TestClient,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    data: st.DataObject,
    path: str,
) -> None:
    written, file = client.get(f"{path}/receipt").text, tmp_path / "receipt.json"
    at = data.draw(st.integers(0, len(written) - 1))
    other = data.draw(
        st.sampled_from("\n\r\t \x85\u2028\"'\\,:{}[]#&*!|>%@`~-0123456789abcdefnulltrue")
        | st.characters(exclude_categories=["Cs"])
    )
    assume(other != written[at])
    file.write_text(written[:at] + other + written[at + 1 :], encoding="utf-8", newline="")
    assert verified(file, monkeypatch) == 1
    assert capsys.readouterr().err.strip()


@pytest.mark.parametrize("space", ["\n", "\r", "\x85", "\u2028"])
def test_a_space_that_became_a_line_break_is_a_change(
    client: TestClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, space: str
) -> None:
    written, file = client.get(f"{PATHS[0]}/receipt").text, tmp_path / "receipt.json"
    file.write_text(written, encoding="utf-8")
    assert verified(file, monkeypatch) == 0
    changed = written.replace("long border", f"long{space}border", 1)
    assert changed != written
    file.write_text(changed, encoding="utf-8", newline="")
    assert verified(file, monkeypatch) == 1


@settings(max_examples=examples(20), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_character_of_the_evidence_changed_in_the_text_fails(
    client: TestClient, article_text: str, data: st.DataObject
) -> None:
    receipt = receipt_of(client)
    proof = data.draw(st.sampled_from(receipt["fact"]["evidence"]))
    at = data.draw(st.integers(proof["start_at"], proof["end_at"] - 1))
    other = "x" if article_text[at] != "x" else "y"
    faults = check(receipt, text=article_text[:at] + other + article_text[at + 1 :])
    assert [fault.pointer for fault in faults] == ["articles"]


def timeless(receipt: dict[str, Any]) -> dict[str, Any]:
    """A receipt without the time of recording, and without its digest, which takes that in."""
    recorded = {k: v for k, v in receipt["recorded"].items() if k != "at"}
    return {k: v for k, v in receipt.items() if k != "digest"} | {"recorded": recorded}


def test_two_deployments_give_the_same_receipt_but_for_the_time(
    client: TestClient, fresh_client: TestClient, database: Database, record: dict[str, Any]
) -> None:
    record["positions"][0]["proposition"] = "Other words for the same."
    ingest(database, record, text=None, by="curator", reason="Misread.")

    assert timeless(receipt_of(client)) == timeless(receipt_of(fresh_client))


def test_two_databases_give_the_same_receipts_but_for_the_times(twins: list[Twin]) -> None:
    answers = [
        {
            f"{path}/{id_}": receipt_of(twin.client, f"{path}/{id_}", as_of=LAST)
            for path in ("/v1/positions", "/v1/mediation-offers", "/v1/rounds")
            for id_ in ids(listed(twin.client, path, as_of=LAST))
        }
        for twin in twins
    ]
    one, other = answers
    assert one.keys() == other.keys()
    for address, receipt in one.items():
        assert receipt["recorded"]["at"] != other[address]["recorded"]["at"]
        assert receipt["digest"] != other[address]["digest"]
        assert timeless(receipt) == timeless(other[address])


def test_a_correction_has_a_receipt_of_its_own_and_the_old_one_still_verifies(
    fresh_client: TestClient, database: Database, record: dict[str, Any]
) -> None:
    old = receipt_of(fresh_client)
    entry = next(p for p in record["positions"] if p["key"] == "ceasefire-status")
    entry["proposition"] = "Whether the ceasefire holds cannot be said."
    ingest(database, record, text=None, by="curator", reason="Shorter.")
    new = receipt_of(fresh_client)
    assert (old["rev"], new["rev"]) == (1, 2)
    assert new["recorded"]["reason"] == "Shorter."
    assert receipt_of(fresh_client, as_of=1) == old
    for receipt in (old, new):
        change = fresh_client.get(f"/v1/record/{receipt['recorded']['change']}").json()
        assert check(receipt, record=change) == []
    elsewhere = fresh_client.get("/v1/record/2").json()
    assert {fault.pointer for fault in check(old, record=elsewhere)} == {
        "digests.record",
        "digests.fact",
    }


def test_the_record_is_chained_from_the_first_change(
    fresh_client: TestClient, database: Database, record: dict[str, Any]
) -> None:
    del record["positions"][0]
    ingest(database, record, text=None, by="curator")
    digests = [fresh_client.get(f"/v1/record/{n}").json()["data"] for n in range(3)]
    assert digests[0]["previous"] == "0" * 64
    assert [d["previous"] for d in digests[1:]] == [d["digest"] for d in digests[:-1]]
    assert fresh_client.get("/v1/record/3").status_code == 404


def test_a_withdrawn_fact_has_no_receipt_but_had_one(
    fresh_client: TestClient, database: Database, record: dict[str, Any]
) -> None:
    record["positions"] = [p for p in record["positions"] if p["key"] != "ceasefire-status"]
    ingest(database, record, text=None, by="curator", reason="Not said.")
    assert fresh_client.get(f"{PATHS[0]}/receipt").status_code == 410
    assert check(receipt_of(fresh_client, as_of=1)) == []


def test_a_record_that_was_altered_does_not_follow_from_itself(client: TestClient) -> None:
    record = client.get("/v1/record/1").json()
    record["data"]["by"] = "somebody"
    assert "does not follow" in str(check(receipt_of(client), record=record)[0])


@pytest.mark.parametrize(
    "given_", [None, [], {}, {"format": "onrecord/receipt/1"}, {"format": "onrecord/receipt/2"}]
)
def test_what_is_no_receipt_is_said_to_be_none(given_: object) -> None:
    assert check(given_)


def test_the_command_line_checks_a_receipt_offline(
    client: TestClient,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    good, bad = tmp_path / "good.json", tmp_path / "bad.json"
    receipt = receipt_of(client)
    good.write_text(json.dumps(receipt), encoding="utf-8")
    bad.write_text(json.dumps(receipt | {"rev": 2}), encoding="utf-8")

    assert verified(good, monkeypatch) == 0
    assert "good.json verifies." in capsys.readouterr().out
    assert verified(bad, monkeypatch) == 1
    assert "it was altered" in capsys.readouterr().err
