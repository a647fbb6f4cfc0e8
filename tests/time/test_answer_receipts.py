"""Receipts of answers, the empty one above all, and signatures of receipts of any kind."""

import json
from collections.abc import Callable, Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
import rfc8785
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st

from app.cli import main
from app.codelists import ChangeType
from app.db import Database
from app.errors import InvalidRequest
from app.ingest import shapes
from app.ingest.receipt import check, sealed
from app.main import create_app
from app.settings import Settings
from app.signing import Signer, new_key
from app.web.schemas import POSITION_ID
from tests.http import factory
from tests.http.helpers import ids, listed, problem, property_settings
from tests.support import Client

EMPTY = "/v1/positions/receipt?country=AFG"
FOUND = "/v1/positions/receipt?topic=security&stance=!undecided"
RECEIPTS = (EMPTY, FOUND, f"/v1/positions/{POSITION_ID}/receipt", "/v1/rounds/receipt?host=TUR")
JWKS = "/.well-known/jwks.json"


@pytest.fixture
def key_file(tmp_path: Path) -> Path:
    path = tmp_path / "signing.pem"
    path.write_text(new_key())
    return path


@pytest.fixture
def signing(fresh_settings: Settings, key_file: Path) -> Iterator[TestClient]:
    """A service that signs its receipts."""
    settings = fresh_settings.model_copy(update={"signing_key_file": key_file})
    with Client(create_app(settings)) as client:
        yield client


def test_an_empty_answer_has_a_receipt_that_says_what_it_covers(client: TestClient) -> None:
    receipt = client.get(EMPTY).json()
    answer = client.get("/v1/positions?country=AFG").json()
    assert (receipt["total"], receipt["facts"]) == (0, [])
    assert receipt["coverage"] == answer["meta"]["coverage"]
    assert receipt["filters"] == answer["meta"]["filters"]
    assert (receipt["path"], receipt["query"]) == ("/v1/positions", {"country": "AFG"})
    record = client.get(f"/v1/record/{receipt['record']['version']}").json()
    assert receipt["record"]["version"] == answer["meta"]["record_version"]
    assert receipt["record"]["digest"] == record["data"]["digest"]
    assert check(receipt, record=record) == []


@pytest.mark.parametrize(
    ("path", "query"),
    [
        ("positions", "topic=security&stance=!undecided"),
        ("mediation-offers", "party=AFG&topic=diplomacy"),
        ("rounds", "outcome=no_agreement&topic=peace-talks"),
    ],
)
def test_an_answer_that_is_not_empty_has_a_receipt_that_lists_its_facts(
    client: TestClient, path: str, query: str
) -> None:
    receipt = client.get(f"/v1/{path}/receipt?{query}").json()
    facts = listed(client, f"/v1/{path}", **dict(each.split("=") for each in query.split("&")))
    assert [fact["id"] for fact in receipt["facts"]] == sorted(ids(facts))
    assert (receipt["total"], receipt["coverage"]) == (len(facts), None)
    for fact in receipt["facts"]:
        own = client.get(f"/v1/{path}/{fact['id']}/receipt").json()
        assert (own["rev"], own["digests"]["fact"]) == (fact["rev"], fact["digest"])


def test_the_receipt_of_a_past_answer_stays(fresh_client: TestClient, database: Database) -> None:
    before = fresh_client.get(f"{FOUND}&as_of=1")
    factory.rewrite(
        database, shapes.POSITION, POSITION_ID, ChangeType.CORRECTED, stance="undecided"
    )
    after = fresh_client.get(f"{FOUND}&as_of=1")
    assert (after.content, after.headers["etag"]) == (before.content, before.headers["etag"])
    assert "immutable" in after.headers["cache-control"]
    assert fresh_client.get(FOUND).json()["total"] == before.json()["total"] - 1


def test_an_empty_record_has_receipts_too(empty_client: TestClient) -> None:
    receipt = empty_client.get("/v1/rounds/receipt").json()
    assert (receipt["record"], receipt["total"]) == (None, 0)
    assert receipt["coverage"]["articles"] == 0
    assert check(receipt) == []


def test_more_facts_than_a_receipt_lists_are_refused(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.receipts.queries.MAX_LISTED", 2)
    assert "more narrowly" in problem(client.get("/v1/positions/receipt"), 422).detail
    assert client.get(EMPTY).status_code == 200


@pytest.mark.parametrize("query", ["contry=PAK", "country=Pakstan", "limit=3", "as_of=99"])
def test_a_question_that_is_none_has_no_receipt(client: TestClient, query: str) -> None:
    problem(client.get(f"/v1/positions/receipt?{query}"), 422)


def test_the_receipt_of_an_answer_is_checked_against_its_own_record(
    client: TestClient, article_text: str
) -> None:
    receipt = client.get(f"{EMPTY}&as_of=1").json()
    other = client.get("/v1/record/0").json()
    assert [fault.pointer for fault in check(receipt, record=other)] == ["record"]
    assert "no selections" in str(check(receipt, text=article_text)[0])


def test_receipts_are_not_signed_without_a_key(client: TestClient) -> None:
    receipt = client.get(EMPTY).json()
    assert "signature" not in receipt
    assert client.get(JWKS).json() == {"keys": []}
    (fault,) = check(receipt, keys={"keys": []})
    assert "not signed" in fault.detail


@pytest.mark.parametrize("path", RECEIPTS)
def test_a_signed_receipt_verifies_by_the_published_key_and_by_no_other(
    signing: TestClient, path: str
) -> None:
    answer = signing.get(path)
    receipt, jwks = answer.json(), signing.get(JWKS).json()
    assert answer.content == rfc8785.dumps(receipt)
    assert check(receipt) == check(receipt, keys=jwks) == []
    stranger = Signer(load_pem(new_key())).jwks()
    assert "none of the keys" in str(check(receipt, keys=stranger)[0])
    assert signing.get(path).content == answer.content


@property_settings
@given(data=st.data())
def test_any_character_of_a_signed_receipt_changed_fails(data: st.DataObject) -> None:
    signer = Signer(load_pem(SIGNING_KEY))
    content: dict[str, Any] = {"format": "onrecord/answer-receipt/1", "total": 0, "facts": []}
    receipt = sealed(content, signer)
    name = data.draw(st.sampled_from(sorted(receipt["signature"])))
    value = receipt["signature"][name]
    at = data.draw(st.integers(0, len(value) - 1))
    other = data.draw(st.sampled_from("AZaz09-_").filter(lambda c: c != value[at]))
    altered = deepcopy(receipt)
    altered["signature"][name] = value[:at] + other + value[at + 1 :]
    assert check(receipt) == []
    assert [fault.pointer for fault in check(altered)] == ["signature"]


def test_a_receipt_signed_formerly_verifies_by_the_keys_published_now(
    fresh_settings: Settings, tmp_path: Path
) -> None:
    old, new = new_key(), new_key()
    public = load_pem(old).public_key()
    written = public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
    for rotated in (new + old, new + written):
        (tmp_path / "keys.pem").write_text(rotated)
        settings = fresh_settings.model_copy(update={"signing_key_file": tmp_path / "keys.pem"})
        with Client(create_app(settings)) as client:
            jwks = client.get(JWKS).json()
            current = client.get(EMPTY).json()
        signed = Signer(load_pem(old)).sign({"said": "before"})
        assert {key["kid"] for key in jwks["keys"]} == {current["signature"]["key"], signed["key"]}
        assert current["signature"]["key"] == Signer(load_pem(new)).jwks()["keys"][0]["kid"]


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (Path.exists, "cannot be read"),
        (lambda path: path.write_text("no key"), "holds no Ed25519 keys"),
        (lambda path: path.write_bytes(b"\xff"), "cannot be read"),
        (lambda path: path.write_text(rsa()), "another kind"),
        (lambda path: path.write_text(public_only()), "has to be a private one"),
    ],
    ids=["missing", "no key", "no text", "rsa", "public only"],
)
def test_a_signing_key_that_is_none_is_refused(
    tmp_path: Path, make: Callable[[Path], object], said: str
) -> None:
    make(tmp_path / "key.pem")
    with pytest.raises(InvalidRequest, match=said):
        Signer.load(tmp_path / "key.pem")


def test_the_command_line_makes_a_key_once_and_checks_what_it_signs(
    fresh_settings: Settings,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    path = tmp_path / "signing.pem"
    assert run(monkeypatch, "signing-key", path) == 0
    assert path.stat().st_mode & 0o077 == 0
    assert run(monkeypatch, "signing-key", path) == 1
    assert "cannot be made" in capsys.readouterr().err
    settings = fresh_settings.model_copy(update={"signing_key_file": path})
    with Client(create_app(settings)) as client:
        for name, address in (("receipt", EMPTY), ("keys", JWKS)):
            (tmp_path / name).write_bytes(client.get(address).content)
    assert run(monkeypatch, "verify", tmp_path / "receipt", "--keys", tmp_path / "keys") == 0
    (tmp_path / "keys").write_text(json.dumps({"keys": []}))
    assert run(monkeypatch, "verify", tmp_path / "receipt", "--keys", tmp_path / "keys") == 1
    assert "none of the keys" in capsys.readouterr().err


def run(monkeypatch: pytest.MonkeyPatch, *args: object) -> int:
    """The exit code of a command."""
    monkeypatch.setattr("sys.argv", ["onrecord", *map(str, args)])
    with pytest.raises(SystemExit) as end:
        main()
    return int(end.value.code or 0)


def load_pem(written: str) -> Any:
    return load_pem_private_key(written.encode(), None)


def rsa() -> str:
    key = generate_private_key(65537, 2048)
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


def public_only() -> str:
    public = load_pem(new_key()).public_key()
    return str(public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode())


SIGNING_KEY = new_key()
