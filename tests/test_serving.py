"""The real server: a process of its own, asked over a socket."""

import re
import socket
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from app import schema
from app.settings import Settings
from tests.support import PATIENCE, Server, serving


@pytest.fixture(scope="module")
def url(seeded_url: str, new_database: Callable[[str | None], str]) -> str:
    """A database that these servers share; none of them writes to it."""
    return new_database(seeded_url)


@pytest.fixture(scope="module")
def server(url: str) -> Iterator[Server]:
    with serving(url) as server:
        yield server


@pytest.fixture
def http(server: Server) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=server.url, headers={"Accept-Encoding": "identity"}) as client:
        yield client


def test_positions_are_served_over_a_socket(http: httpx.Client) -> None:
    answer = http.get("/v1/positions")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/json"
    assert answer.json()["meta"]["total"] == 13
    assert "server" not in answer.headers


def test_head_is_a_get_without_the_body(http: httpx.Client) -> None:
    head, get = http.head("/v1/positions"), http.get("/v1/positions")
    assert (head.status_code, head.content) == (200, b"")
    assert int(head.headers["content-length"]) == len(get.content)
    assert head.headers["etag"] == get.headers["etag"]
    assert http.get("/healthz").json() == {"status": "ok"}  # the connection goes on


def test_an_answer_that_the_client_has_is_not_sent_again(http: httpx.Client) -> None:
    tag = http.get("/v1/positions").headers["etag"]
    answer = http.get("/v1/positions", headers={"If-None-Match": tag})
    assert (answer.status_code, answer.content) == (304, b"")
    assert answer.headers["etag"] == tag
    assert http.head("/v1/positions", headers={"If-None-Match": tag}).status_code == 304


def test_the_alias_gives_the_same_bytes(http: httpx.Client) -> None:
    alias, versioned = (http.get(f"{base}/positions?country=PAK&limit=3") for base in ("", "/v1"))
    assert alias.content == versioned.content
    assert alias.headers["etag"] == versioned.headers["etag"]
    assert alias.headers["content-location"] == "/v1/positions?country=PAK&limit=3"


@pytest.mark.parametrize("path", ["/v1/positions/%00", "/v1/positions?q=%FF%FE", "/v1/%2e%2e/x"])
def test_odd_bytes_on_the_wire_are_a_clients_error(http: httpx.Client, path: str) -> None:
    answer = http.get(path)
    assert answer.status_code in (200, 404, 422)
    if answer.status_code != 200:
        assert answer.headers["content-type"] == "application/problem+json"


def test_requests_on_one_connection_are_answered_in_order(server: Server) -> None:
    """Sent at once, without waiting for an answer: HTTP/1.1 pipelining over keep-alive."""
    where = urlsplit(server.url)
    paths = ["/healthz", "/v1/positions?limit=1", "/v1/nothing", "/v1/rounds"]
    asked = [f"GET {path} HTTP/1.1\r\nHost: {where.netloc}\r\n" for path in paths]
    asked[-1] += "Connection: close\r\n"
    with socket.create_connection((str(where.hostname), where.port or 0)) as connection:
        connection.sendall("".join(f"{each}\r\n" for each in asked).encode())
        answers = b"".join(iter(lambda: connection.recv(65536), b""))
    statuses = re.findall(rb"HTTP/1\.1 (\d{3}) ", answers)
    assert statuses == [b"200", b"200", b"404", b"200"]
    assert answers.count(b'"rnd_') > 0


def test_a_burst_of_readers_is_answered(url: str) -> None:
    """More at once than there are threads or connections to the database."""
    asked = "GET /v1/positions HTTP/1.1\r\nHost: here\r\nConnection: close\r\n\r\n"
    with serving(url) as server, ExitStack() as opened:
        where = urlsplit(server.url)
        connections = [
            opened.enter_context(socket.create_connection((where.hostname or "", where.port or 0)))
            for _ in range(200)
        ]
        for connection in connections:
            connection.settimeout(PATIENCE)
            connection.sendall(asked.encode())
        answers = Counter(b"".join(iter(partial(each.recv, 65536), b"")) for each in connections)
    bodies = Counter(answer.partition(b"\r\n\r\n")[2] for answer in answers.elements())
    assert Counter(answer[9:12] for answer in answers.elements()) == {b"200": 200}
    assert len(bodies) == 1


def test_a_request_is_logged_with_its_id(url: str) -> None:
    with serving(url) as server:
        answer = httpx.get(f"{server.url}/v1/rounds", headers={"X-Request-ID": "a" * 32})
        server.stop()
    assert answer.headers["x-request-id"] == "a" * 32
    assert any("/v1/rounds" in line and "a" * 32 in line for line in server.log)


def test_two_workers_share_one_port_and_one_record(url: str) -> None:
    with serving(url, "--workers", "2") as server:
        answers = {httpx.get(f"{server.url}/v1/positions", timeout=60).content for _ in range(20)}
        assert len(answers) == 1
        assert server.stop() == 0
    assert not any("Traceback" in line for line in server.log)


@pytest.mark.parametrize("used", [False, True], ids=["idle", "with a connection open"])
def test_it_ends_cleanly_when_asked_to(url: str, used: bool) -> None:
    with serving(url) as server, httpx.Client(base_url=server.url) as http:
        if used:
            assert http.get("/v1/positions").status_code == 200
        assert server.stop() == 0
    assert not any("Traceback" in line for line in server.log)


def test_it_starts_without_a_database_says_so_and_takes_it_up_when_it_comes(
    tmp_path: Path,
) -> None:
    settings = Settings(database_url=f"sqlite:///{tmp_path}/record.db")
    with serving(settings.database_url) as server, httpx.Client(base_url=server.url) as http:
        assert any("onrecord db upgrade" in line for line in server.log)
        assert http.get("/healthz").status_code == 200
        assert http.get("/readyz").status_code == http.get("/positions").status_code == 503
        assert http.get("/docs").status_code == 200
        assert not (tmp_path / "record.db").exists()
        schema.upgrade(settings)
        assert http.get("/readyz").status_code == http.get("/positions").status_code == 200


def test_a_port_in_use_is_an_error(server: Server, url: str) -> None:
    port = urlsplit(server.url).port
    with (
        pytest.raises(pytest.fail.Exception, match="address already in use"),
        serving(url, "--port", str(port)),
    ):
        pass
