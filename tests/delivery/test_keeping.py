"""Which answers are kept, for whom, and for how long; and that nobody can tell."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient

from app.db import Database
from app.main import create_app
from app.settings import Settings
from app.web.cache import Cache
from app.web.delivery import Delivery
from app.web.schemas import POSITION_ID
from tests.http.helpers import ENDPOINTS
from tests.support import Client
from tests.time.curating import Desk, key_for

POSITIONS = "/v1/positions"
ITEM = f"{POSITIONS}/{POSITION_ID}"
Asked = Callable[..., int]


@pytest.fixture
def kept(fresh_settings: Settings) -> Iterator[TestClient]:
    """The application with answers kept and, on PostgreSQL, for ten seconds unless it is told."""
    settings = fresh_settings.model_copy(update={"response_cache_lease_ms": 10_000})
    with Client(create_app(settings), raise_server_exceptions=False) as client:
        client.get("/readyz")
        yield client


@pytest.fixture
def asked(kept: TestClient, statements: list[str]) -> Asked:
    """How many statements a request takes."""

    def count(path: str, method: str = "GET", **headers: str) -> int:
        statements.clear()
        answer = kept.request(method, path, headers=headers)
        assert answer.status_code == 200, answer.text
        return len(statements)

    return count


def answers_kept(client: TestClient) -> Cache:
    assert isinstance(client.app, Delivery)
    assert client.app.kept is not None
    return client.app.kept


# Meeting


@pytest.mark.parametrize("name", [name for name in ENDPOINTS if name not in ("healthz", "readyz")])
def test_who_asks_again_costs_the_database_nothing(
    asked: Asked, kept: TestClient, name: str
) -> None:
    path = ENDPOINTS[name].path
    first = kept.get(path)
    assert asked(path) == 0
    assert kept.get(path).content == first.content


@pytest.mark.parametrize(
    ("first", "again"),
    [
        ("?country=PAK&topic=ceasefire", "?topic=ceasefire&country=PAK"),
        ("?country=PAK|AFG", "?country=PAK%7CAFG"),
        ("?q=long+border", "?q=long%20border"),
        ("", "?"),
    ],
)
def test_equal_questions_meet_however_they_are_spelt(
    asked: Asked, kept: TestClient, first: str, again: str
) -> None:
    one = kept.get(f"{POSITIONS}{first}")
    assert asked(f"{POSITIONS}{again}") == 0
    other = kept.get(f"{POSITIONS}{again}")
    assert other.content == one.content
    assert without_id(other.headers) == without_id(one.headers)


def without_id(headers: Any) -> dict[str, str]:
    return {name: value for name, value in headers.items() if name != "x-request-id"}


@pytest.mark.parametrize(
    ("method", "headers"),
    [
        ("HEAD", {}),
        ("GET", {"Accept": "application/json"}),
        ("GET", {"User-Agent": "a dashboard"}),
        ("GET", {"Accept-Encoding": "zstd"}),
        ("GET", {"X-Request-ID": "0" * 32}),
        ("GET", {"Cookie": "a=b"}),
    ],
)
def test_what_makes_no_other_answer_makes_no_other_question(
    asked: Asked, method: str, headers: dict[str, str]
) -> None:
    assert asked(POSITIONS) > 0
    assert asked(POSITIONS, method, **headers) == 0


def test_a_304_comes_from_memory(kept: TestClient, statements: list[str]) -> None:
    tag = kept.get(POSITIONS).headers["etag"]
    statements.clear()
    for given in (tag, f"W/{tag}", f'"other", {tag}', "*"):
        answer = kept.get(POSITIONS, headers={"If-None-Match": given})
        assert (answer.status_code, answer.content) == (304, b"")
    assert statements == []


def test_every_answer_has_a_request_id_of_its_own(kept: TestClient) -> None:
    ids = {kept.get(POSITIONS).headers["x-request-id"] for _ in range(3)}
    assert len(ids) == 3
    given = "0123456789abcdef" * 2
    assert kept.get(POSITIONS, headers={"X-Request-ID": given}).headers["x-request-id"] == given
    odd = kept.get(POSITIONS, headers={"X-Request-ID": "not one"}).headers["x-request-id"]
    assert len(odd) == 32


def test_an_alias_says_where_it_leads_and_the_versioned_path_does_not(kept: TestClient) -> None:
    for _ in range(2):
        assert "content-location" not in kept.get(POSITIONS).headers
        assert kept.get("/positions?topic=ceasefire&country=PAK").headers["content-location"] == (
            f"{POSITIONS}?country=PAK&topic=ceasefire"
        )


def test_other_origins_are_answered_as_origins_are(kept: TestClient) -> None:
    for _ in range(2):
        assert "access-control-allow-origin" not in kept.get(POSITIONS).headers
        for desk in ("https://desk.example", "https://other.example"):
            answer = kept.get(POSITIONS, headers={"Origin": desk})
            assert answer.headers["access-control-allow-origin"] == "*"


def test_where_origins_are_limited_no_origin_gets_the_answer_of_another(
    fresh_settings: Settings,
) -> None:
    allowed, other = "https://desk.example", "https://other.example"
    settings = fresh_settings.model_copy(update={"cors_origins": allowed})
    with Client(create_app(settings)) as client:
        for _ in range(2):
            for origin, told in ((allowed, allowed), (other, None)):
                answer = client.get(POSITIONS, headers={"Origin": origin})
                assert answer.headers.get("access-control-allow-origin") == told


def test_a_time_map_is_kept_in_both_its_forms(kept: TestClient) -> None:
    for _ in range(2):
        links = kept.get("/v1/timemap/positions")
        assert links.headers["content-type"] == "application/link-format"
        listed = kept.get("/v1/timemap/positions", headers={"Accept": "application/json"})
        assert listed.headers["content-type"] == "application/json"


# Ending


def test_a_write_by_anybody_is_in_the_next_answer(
    fresh_settings: Settings, database: Database
) -> None:
    with Client(create_app(fresh_settings)) as reader, Client(create_app(fresh_settings)) as writer:
        desk = Desk(writer, key_for(database))
        for client in (reader, writer):
            assert client.get(ITEM).json()["data"]["rev"] == 1
        for rev in range(2, 8):
            said = {"proposition": f"It was said, {rev}."}
            desk.revise("positions", POSITION_ID, rev - 1, "updated", said)
            for client in (reader, writer):
                assert client.get(ITEM).json()["data"]["rev"] == rev
                assert client.get(POSITIONS).json()["meta"]["record_version"] == rev


# Never


def test_who_sends_a_key_is_answered_anew_and_leaves_nothing(
    asked: Asked, kept: TestClient, database: Database
) -> None:
    key = key_for(database)
    assert asked(POSITIONS) > 0
    for _ in range(2):
        assert asked(POSITIONS, **key) > 0
    answer = kept.get(f"{POSITIONS}?limit=2", headers=key)
    assert answer.headers["cache-control"] == "private, no-store"
    assert asked(f"{POSITIONS}?limit=2") > 0
    assert kept.get(f"{POSITIONS}?limit=2").headers["cache-control"] == "public, no-cache"


def test_a_moment_that_was_negotiated_is_answered_anew(asked: Asked) -> None:
    asked(POSITIONS)
    date = "Fri, 01 Jan 2100 00:00:00 GMT"
    assert asked(POSITIONS) == 0
    with pytest.raises(AssertionError, match="still to come"):
        asked(POSITIONS, **{"Accept-Datetime": date})


@pytest.mark.parametrize(
    ("path", "status"),
    [(f"{POSITIONS}/pos_nowhere", 404), (f"{POSITIONS}?limit=0", 422), ("/v1/nowhere", 404)],
)
def test_a_problem_is_never_kept(kept: TestClient, path: str, status: int) -> None:
    before = len(answers_kept(kept))
    for _ in range(2):
        assert kept.get(path).status_code == status
    assert len(answers_kept(kept)) == before


def test_a_page_is_passed_on_as_it_comes(kept: TestClient) -> None:
    before = len(answers_kept(kept))
    assert kept.get("/docs").status_code == kept.get("/openapi.json").status_code == 200
    assert len(answers_kept(kept)) == before


# Memory


def test_memory_is_bounded_whatever_is_asked(fresh_settings: Settings) -> None:
    settings = fresh_settings.model_copy(update={"response_cache_mb": 1})
    with Client(create_app(settings)) as client:
        for number in range(300):
            assert client.get(f"{POSITIONS}?limit={number % 199 + 1}").status_code == 200
            assert client.get("/v1/countries?limit=200&sort=name").status_code == 200
        kept = answers_kept(client)
        assert 0 < kept.size <= 1024 * 1024
        assert len(kept) > 0


def test_what_is_asked_again_and_again_stays(
    fresh_settings: Settings, statements: list[str]
) -> None:
    lease = {"response_cache_mb": 1, "response_cache_lease_ms": 10_000}
    with Client(create_app(fresh_settings.model_copy(update=lease))) as client:
        client.get(POSITIONS)
        for number in range(1, 100):
            client.get(f"{POSITIONS}?limit={number}")
            statements.clear()
            client.get(POSITIONS)
            assert statements == []


def test_it_can_be_switched_off_and_nobody_can_tell(
    fresh_settings: Settings, statements: list[str]
) -> None:
    off = fresh_settings.model_copy(update={"response_cache_mb": 0})
    with Client(create_app(off)) as without, Client(create_app(fresh_settings)) as with_it:
        for endpoint in ENDPOINTS.values():
            one, first, again = (c.get(endpoint.path) for c in (without, with_it, with_it))
            assert one.content == first.content == again.content
            assert without_id(one.headers) == without_id(first.headers) == without_id(again.headers)
        statements.clear()
        without.get(POSITIONS)
        assert len(statements) > 1
