"""Keys: what each scope may do on every route that writes, and which keys are refused."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response
from sqlalchemy import update

from app import keys
from app.codelists import Scope
from app.main import create_api
from app.models import ApiKey
from app.settings import Settings
from app.sql import table
from app.web.schemas import OFFER_ID, POSITION_ID, ROUND_ID
from tests.curation.desk import Desk
from tests.http.helpers import ENDPOINTS, problem

DOCUMENT = create_api(Settings(database_url="sqlite:////none.db")).openapi()
WRITES = [
    (method.upper(), path)
    for path, methods in DOCUMENT["paths"].items()
    for method in methods
    if method != "get" and path != "/v1/verify-quote"
]
"""Every operation that writes."""
KEYED = [
    name
    for name, endpoint in ENDPOINTS.items()
    if "401" in DOCUMENT["paths"][endpoint.template]["get"]["responses"]
]
"""Every read of the record."""
IDS = {"positions": POSITION_ID, "mediation-offers": OFFER_ID, "rounds": ROUND_ID}
UNKNOWN = f"onrecord_{'0' * 12}_{'A' * 43}"

on_every_write = pytest.mark.parametrize(("method", "template"), WRITES, ids=" ".join)


def needed(template: str) -> str:
    """The scope that a write takes."""
    return "ingest" if template == "/v1/articles" else "curate"


def ask(desk: Desk, method: str, template: str, *headers: tuple[str, str]) -> Response:
    """A request that nothing comes of: its body is empty, and it names no version."""
    path = template.replace("{id}", IDS.get(template.split("/")[2], ""))
    return desk.client.request(method, path, json={}, headers=list(headers))


def bearer(key: str) -> tuple[str, str]:
    return ("Authorization", f"Bearer {key}")


def test_there_are_writes_on_every_kind_of_fact_and_on_articles() -> None:
    assert len(WRITES) == 3 * 5 + 2
    assert {template.split("/")[2] for _, template in WRITES} == {*IDS, "articles", "review"}


@on_every_write
def test_every_write_says_in_the_document_which_scope_it_takes(method: str, template: str) -> None:
    operation = DOCUMENT["paths"][template][method.lower()]
    assert operation["security"] == [{"ApiKey": []}]
    assert f"a key with the scope `{needed(template)}`" in operation["description"]
    assert {"401", "403", "413", "422"} <= operation["responses"].keys()


@on_every_write
def test_a_write_without_a_key_is_told_how_to_send_one(
    still: Desk, method: str, template: str
) -> None:
    with still.unchanged():
        answer = ask(still, method, template)
    told = problem(answer, 401)
    assert "Authorization: Bearer" in told.detail
    assert answer.headers["www-authenticate"].startswith("Bearer ")


@on_every_write
@pytest.mark.parametrize("scope", list(Scope))
def test_a_key_may_do_what_its_scope_says_and_no_more(
    still: Desk, method: str, template: str, scope: str
) -> None:
    with still.unchanged():
        answer = ask(still, method, template, bearer(still.keys[scope]))
    if scope in (needed(template), "admin"):
        assert answer.status_code in (422, 428), "the key was not let through"
        return
    assert needed(template) in problem(answer, 403).detail
    assert 'error="insufficient_scope"' in answer.headers["www-authenticate"]


def test_a_key_with_two_scopes_may_do_both(desk: Desk) -> None:
    with desk.database.write() as session:
        both = keys.create(session, "both", [Scope.INGEST, Scope.CURATE], None)
    for method, template in WRITES:
        assert ask(desk, method, template, bearer(both)).status_code in (422, 428)


def bad(still: Desk) -> dict[str, list[tuple[str, str]]]:
    """Authorization that is none, by what is wrong with it."""
    good = still.keys["admin"]
    return {
        "unknown": [bearer(UNKNOWN)],
        "another secret": [bearer(f"{good[:22]}{'A' * 43}")],
        "cut short": [bearer(good[:-1])],
        "too long": [bearer(f"{good}A")],
        "empty": [("Authorization", "Bearer ")],
        "another form": [bearer("sesame")],
        "another scheme": [("Authorization", f"Basic {good}")],
        "no scheme": [("Authorization", good)],
        "given twice": [bearer(good), bearer(good)],
    }


@pytest.mark.parametrize("why", bad(Desk(None, None, {"admin": UNKNOWN})))  # type: ignore[arg-type]
def test_what_is_no_key_is_refused_on_writes_and_plain_reads(still: Desk, why: str) -> None:
    given = bad(still)[why]
    secret = still.keys["admin"].rpartition("_")[2]
    answers = [ask(still, method, template, *given) for method, template in WRITES]
    answers += [still.client.get(ENDPOINTS[name].path, headers=given) for name in KEYED]
    for answer in answers:
        problem(answer, 401)
        assert answer.headers["www-authenticate"].startswith("Bearer ")
        assert secret not in answer.text
        assert UNKNOWN not in answer.text


def expire(desk: Desk, name: str) -> None:
    past = datetime.now(UTC) - timedelta(seconds=1)
    with desk.database.write() as session:
        columns = table(ApiKey).c
        session.execute(update(table(ApiKey)).where(columns.name == name).values(expires_at=past))


def revoke(desk: Desk, name: str) -> None:
    with desk.database.write() as session:
        keys.revoke(session, name)


@pytest.mark.parametrize(("end", "word"), [(expire, "expired"), (revoke, "revoked")])
def test_a_key_that_has_ended_is_refused_from_the_next_request_on(
    desk: Desk, end: Any, word: str
) -> None:
    assert desk.get("/v1/positions", "admin").status_code == 200
    end(desk, "admin")
    for method, template in WRITES:
        told = problem(ask(desk, method, template, bearer(desk.keys["admin"])), 401)
        assert told.detail == f"The key 'admin' is {word}."
    problem(desk.get("/v1/positions", "admin"), 401)
    assert desk.get("/v1/positions", "curate").status_code == 200
    assert desk.get("/v1/positions").status_code == 200


def test_nobody_writes_until_a_key_is_made(fresh_client: TestClient) -> None:
    for method, template in WRITES:
        path = template.replace("{id}", POSITION_ID)
        told = problem(fresh_client.request(method, path, json={}), 401)
        assert "onrecord keys create" in told.detail


def test_the_scheme_is_read_in_any_case(still: Desk) -> None:
    for scheme in ("bearer", "BEARER"):
        headers = {"Authorization": f"{scheme} {still.keys['read']}"}
        assert still.client.get("/v1/positions", headers=headers).status_code == 200


@pytest.mark.parametrize("name", KEYED)
def test_an_answer_to_a_key_is_for_its_holder_alone(still: Desk, name: str) -> None:
    path = ENDPOINTS[name].path
    plain, keyed = still.get(path), still.get(path, "read")
    assert keyed.headers["cache-control"] == "private, no-store"
    assert plain.headers["cache-control"].startswith("public, ")
    assert keyed.content == plain.content
    assert keyed.headers["etag"] == plain.headers["etag"]
    headers = still.key("read") | {"If-None-Match": keyed.headers["etag"]}
    again = still.client.get(path, headers=headers)
    assert (again.status_code, again.headers["cache-control"]) == (304, "private, no-store")


def test_a_past_state_is_for_everybody_to_keep_unless_a_key_asks(still: Desk) -> None:
    assert "immutable" in still.get("/v1/positions", as_of=1).headers["cache-control"]
    keyed = still.get("/v1/positions", "read", as_of=1)
    assert keyed.headers["cache-control"] == "private, no-store"
