"""The short way gives what the long way gives: the same status, headers and bytes."""

from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient
from starlette.responses import Response
from starlette.types import Scope

from app.main import create_app
from app.settings import Settings
from app.web.delivery import Delivery
from app.web.shortcut import Shortcut
from tests.http.helpers import ENDPOINTS
from tests.support import Client

ODD = {
    "unknown parameter": "/v1/positions?colour=red",
    "unknown value": "/v1/positions?country=Atlantis",
    "not as described": "/v1/positions?limit=0",
    "given twice": "/v1/positions?country=PAK&country=AFG",
    "unknown id": "/v1/positions/pos_aaaaaaaaaaaaaaaa",
    "no such path": "/v1/nothing",
    "no resource": "/v1",
    "a NUL byte": "/v1/positions/a%00b",
    "a line break": "/v1/positions%0A",
    "unversioned": "/positions?country=PAK",
    "another resource's": "/v1/topics/ceasefire/positions",
}


@pytest.fixture
def way(fresh_settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator["Way"]:
    """The application that keeps no answers, and which requests took the short way."""
    settings = fresh_settings.model_copy(update={"response_cache_mb": 0})
    with Client(create_app(settings), raise_server_exceptions=False) as client:
        yield Way(client, monkeypatch)


class Way:
    """An application that can be closed its short way."""

    def __init__(self, client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
        self.client = client
        self._monkeypatch = monkeypatch
        self.taken = 0
        answer = Shortcut.answer

        async def counted(shortcut: Shortcut, scope: Scope) -> Response | None:
            found = await answer(shortcut, scope)
            self.taken += found is not None
            return found

        monkeypatch.setattr(Shortcut, "answer", counted)

    def close(self) -> None:
        """From now on every request goes the long way."""

        async def none(_: Shortcut, __: Scope) -> None:
            return None

        self._monkeypatch.setattr(Shortcut, "answer", none)


def told(client: TestClient, path: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
    """All of an answer but what is its own."""
    headers = {"X-Request-ID": "0123456789abcdef" * 2, **headers}
    answer = client.get(path, headers=headers, follow_redirects=False)
    return answer.status_code, dict(answer.headers), answer.content


@pytest.mark.parametrize("path", [e.path for e in ENDPOINTS.values()] + list(ODD.values()))
def test_both_ways_lead_to_the_same(way: Way, path: str) -> None:
    short = told(way.client, path)
    way.close()
    long = told(way.client, path)
    if path not in ("/readyz", "/healthz"):
        assert short == long


@pytest.mark.parametrize("path", [e.path for n, e in ENDPOINTS.items() if "health" not in n])
def test_a_plain_read_takes_the_short_way(way: Way, path: str) -> None:
    told(way.client, path)
    plain = path.startswith("/v1/") and not path.startswith("/v1/codes")
    assert way.taken == plain, path


@pytest.mark.parametrize("path", ODD.values(), ids=ODD)
def test_what_is_odd_takes_the_long_way(way: Way, path: str) -> None:
    status, _, _ = told(way.client, path)
    assert way.taken == (path.endswith("/ceasefire/positions")), status


def test_other_origins_take_the_long_way(way: Way) -> None:
    _, headers, _ = told(way.client, "/v1/positions", Origin="https://desk.example")
    assert headers["access-control-allow-origin"] == "*"
    assert way.taken == 0


def test_a_fault_is_told_as_it_is_the_long_way(way: Way, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("out of order")

    monkeypatch.setattr("app.positions.routes.fact_list_response", broken)
    status, headers, body = told(way.client, "/v1/positions")
    assert (status, headers["content-type"]) == (500, "application/problem+json")
    assert b"out of order" not in body
    assert way.taken == 0


def test_the_short_way_is_part_of_the_application(way: Way) -> None:
    assert isinstance(way.client.app, Delivery)
