"""Conditional requests, HEAD, and what browsers need to read across origins."""

import re
from typing import Any

import pytest
from fastapi.testclient import TestClient

from app.db import Database
from app.ingest.pipeline import ingest
from app.main import create_app
from app.settings import Settings
from app.web.schemas import POSITION_ID
from tests.http.helpers import ENDPOINTS
from tests.support import Client

POSITIONS = "/v1/positions"
ANSWERS = [name for name in ENDPOINTS if name not in ("healthz", "readyz")]


def tag_of(client: TestClient, path: str = POSITIONS) -> str:
    return client.get(path).headers["etag"]


# Validators


@pytest.mark.parametrize("name", ANSWERS)
def test_an_answer_has_a_strong_validator_that_stays_while_it_stays(
    client: TestClient, name: str
) -> None:
    first, second = client.get(ENDPOINTS[name].path), client.get(ENDPOINTS[name].path)
    version = r"r1-" if name in ("position", "mediation-offer", "round") else ""
    assert re.fullmatch(rf'"{version}[0-9a-f]{{32}}"', first.headers["etag"])
    assert first.headers["etag"] == second.headers["etag"]
    assert first.content == second.content
    assert first.headers["cache-control"] == "public, no-cache"


@pytest.mark.parametrize("name", ANSWERS)
def test_a_client_that_has_the_answer_is_told_so_without_a_body(
    client: TestClient, name: str
) -> None:
    path = ENDPOINTS[name].path
    tag = tag_of(client, path)
    answer = client.get(path, headers={"If-None-Match": tag})
    assert (answer.status_code, answer.content) == (304, b"")
    assert answer.headers["etag"] == tag
    assert answer.headers["cache-control"] == "public, no-cache"
    assert "content-type" not in answer.headers


@pytest.mark.parametrize(
    ("given", "status"),
    [
        ("{tag}", 304),
        ("W/{tag}", 304),
        ('"other", {tag}', 304),
        ('{tag},"other"', 304),
        ('W/"other" , W/{tag}', 304),
        ("*", 304),
        (" {tag} ", 304),
        ('"other"', 200),
        ('W/"other"', 200),
        ("{bare}", 200),
        ("", 200),
        ("w/{tag}", 200),
    ],
)
def test_if_none_match_is_read_as_http_has_it(client: TestClient, given: str, status: int) -> None:
    tag = tag_of(client)
    header = given.format(tag=tag, bare=tag.strip('"'))
    assert client.get(POSITIONS, headers={"If-None-Match": header}).status_code == status
    assert client.head(POSITIONS, headers={"If-None-Match": header}).status_code == status


def test_if_none_match_may_come_in_several_lines(client: TestClient) -> None:
    lines = [("If-None-Match", '"other"'), ("If-None-Match", tag_of(client))]
    assert client.get(POSITIONS, headers=lines).status_code == 304


def test_other_questions_have_other_validators(client: TestClient) -> None:
    paths = ["", "?limit=3", "?country=PAK", "?topic=ceasefire", "?sort=said_on", "?fields=id"]
    assert len({tag_of(client, f"{POSITIONS}{query}") for query in paths}) == len(paths)


def test_a_validator_changes_when_the_record_changes_and_comes_from_the_content(
    fresh_client: TestClient, database: Database, record: dict[str, Any]
) -> None:
    item = f"{POSITIONS}/{POSITION_ID}"
    before = {path: tag_of(fresh_client, path) for path in (POSITIONS, item, "/v1/codes")}
    position = next(p for p in record["positions"] if p["key"] == "ceasefire-status")
    position["proposition"] = "Whether the ceasefire holds cannot be said."
    ingest(database, record, text=None, by="a test")
    for path in (POSITIONS, item):
        answer = fresh_client.get(path, headers={"If-None-Match": before[path]})
        assert answer.status_code == 200
        assert answer.headers["etag"] != before[path]
    assert tag_of(fresh_client, "/v1/codes") == before["/v1/codes"]


def test_a_problem_has_no_validator(client: TestClient) -> None:
    answer = client.get(f"{POSITIONS}/pos_nowhere", headers={"If-None-Match": "*"})
    assert answer.status_code == 404
    assert "etag" not in answer.headers


# HEAD


def without_request_id(headers: Any) -> dict[str, str]:
    return {name: value for name, value in headers.items() if name != "x-request-id"}


@pytest.mark.parametrize("name", ENDPOINTS)
def test_every_get_has_a_head_with_the_same_headers_and_no_body(
    client: TestClient, name: str
) -> None:
    path = ENDPOINTS[name].path
    got, head = client.get(path), client.head(path)
    assert (head.status_code, head.content) == (200, b"")
    assert without_request_id(head.headers) == without_request_id(got.headers)
    assert int(head.headers["content-length"]) == len(got.content)


@pytest.mark.parametrize(
    "path", ["/", "/openapi.json", "/docs", "/favicon.svg", "/schemas/article-record.json"]
)
def test_pages_have_a_head_too(client: TestClient, path: str) -> None:
    got, head = client.get(path), client.head(path)
    assert (got.status_code, head.status_code, head.content) == (200, 200, b"")
    assert without_request_id(head.headers) == without_request_id(got.headers)


@pytest.mark.parametrize(
    "path", ["/v1/nowhere", f"{POSITIONS}/pos_nowhere", f"{POSITIONS}?limit=0"]
)
def test_a_head_fails_as_its_get_does(client: TestClient, path: str) -> None:
    got, head = client.get(path), client.head(path)
    assert (head.status_code, head.content) == (got.status_code, b"")
    assert head.headers["content-type"] == got.headers["content-type"]


# Other origins

DESK = {"Origin": "https://desk.example"}


@pytest.mark.parametrize("path", [POSITIONS, "/positions", "/v1/nowhere", f"{POSITIONS}?limit=0"])
def test_a_page_of_any_origin_may_read(client: TestClient, path: str) -> None:
    answer = client.get(path, headers=DESK)
    assert answer.headers["access-control-allow-origin"] == "*"
    assert "access-control-allow-credentials" not in answer.headers
    exposed = answer.headers["access-control-expose-headers"]
    assert {"Content-Location", "ETag", "Link", "X-Request-ID"} <= set(exposed.split(", "))


@pytest.mark.parametrize("header", ["If-None-Match", "X-Request-ID"])
def test_a_page_may_ask_with_a_condition(client: TestClient, header: str) -> None:
    asked = DESK | {
        "Access-Control-Request-Method": "GET",
        "Access-Control-Request-Headers": header,
    }
    answer = client.options(POSITIONS, headers=asked)
    assert answer.status_code == 200
    assert answer.headers["access-control-allow-origin"] == "*"
    assert "GET" in answer.headers["access-control-allow-methods"]
    assert header.lower() in answer.headers["access-control-allow-headers"].lower()


def test_a_page_may_not_write(client: TestClient) -> None:
    asked = DESK | {"Access-Control-Request-Method": "DELETE"}
    answer = client.options(POSITIONS, headers=asked)
    assert answer.status_code == 400
    assert "DELETE" not in answer.headers["access-control-allow-methods"]


def test_origins_can_be_limited_and_then_answers_vary_by_origin(fresh_settings: Settings) -> None:
    origins = "https://desk.example, https://wire.example"
    limited = fresh_settings.model_copy(update={"cors_origins": origins})
    with Client(create_app(limited)) as client:
        for origin in ("https://desk.example", "https://wire.example"):
            answer = client.get(POSITIONS, headers={"Origin": origin})
            assert answer.headers["access-control-allow-origin"] == origin
            assert "Origin" in answer.headers["vary"]
        refused = client.get(POSITIONS, headers={"Origin": "https://else.example"})
        assert "access-control-allow-origin" not in refused.headers
        assert "Origin" in refused.headers["vary"]
        assert "Origin" in client.get(POSITIONS).headers["vary"]


def test_the_start_page_is_for_people_or_programs_and_says_that_it_varies(
    client: TestClient,
) -> None:
    page = client.get("/", headers={"Accept": "text/html,*/*"})
    told = client.get("/", headers={"Accept": "application/json"})
    assert page.headers["content-type"].startswith("text/html")
    assert told.headers["content-type"] == "application/json"
    assert "Accept" in page.headers["vary"]
    assert "Accept" in told.headers["vary"]
    for link in told.json()["links"]:
        assert client.get(link["href"]).status_code == 200
        assert f'href="{link["href"]}"' in page.text
