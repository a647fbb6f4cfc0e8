"""Articles over HTTP: answered at once if small, else by a job that survives its server."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from time import monotonic
from typing import Any

import httpx
import pytest
from sqlalchemy import func, select

from app import keys
from app.codelists import Scope
from app.db import Database
from app.models import Change
from app.settings import Settings
from app.sql import table
from tests.batch.press import articles
from tests.conftest import Passing
from tests.support import PATIENCE, Server, serving

META = {
    "headline": "A report",
    "publisher": "outlook-india",
    "published_on": "2025-11-15",
    "language": "en",
}
TEXT = next(articles(1)).text
ENV = {
    "EXTRACTOR": "tests.batch.press:extract",
    "FETCH_NETWORKS": "127.0.0.0/8",
    "JOB_LEASE_SECONDS": "1",
}


class Asking:
    """Whoever sends articles to a server."""

    def __init__(self, server: Server, key: str) -> None:
        self._url, self._key = server.url, {"Authorization": f"Bearer {key}"}

    def send(self, body: Any, query: str = "", **headers: str) -> httpx.Response:
        url, given = f"{self._url}/v1/articles{query}", self._key | headers
        return httpx.post(url, json=body, headers=given, timeout=PATIENCE)

    def get(self, path: str) -> httpx.Response:
        return httpx.get(self._url + path, headers=self._key, timeout=PATIENCE)

    def followed(self, answer: httpx.Response) -> dict[str, Any]:
        """The job that an answer names, once it has ended."""
        assert answer.status_code == 202, answer.text
        return self.ended(answer.headers["location"])

    def ended(self, path: str) -> dict[str, Any]:
        until = monotonic() + PATIENCE
        while monotonic() < until:
            found = self.get(path)
            assert found.status_code == 200, found.text
            job: dict[str, Any] = found.json()["data"]
            if job["finished_at"]:
                return job
            assert found.headers["retry-after"]
        pytest.fail(f"the job did not end: {job}")


@pytest.fixture
def settings(seeded_url: str, passing: Passing) -> Iterator[Settings]:
    with passing(seeded_url) as settings:
        yield settings


@pytest.fixture
def key(settings: Settings) -> str:
    return made_key(settings, "desk")


def made_key(settings: Settings, name: str) -> str:
    database = Database(settings)
    with database.write() as session:
        made = keys.create(session, name, [Scope.INGEST], None)
    database.dispose()
    return made


@contextmanager
def asked(settings: Settings, key: str, **env: str) -> Iterator[Asking]:
    with serving(settings.database_url, **ENV | env) as server:
        yield Asking(server, key)


def changes(settings: Settings) -> int:
    database = Database(settings)
    with database.read() as session:
        found: int = session.scalar(select(func.count()).select_from(table(Change)))
    database.dispose()
    return found


class Site:
    """A page on loopback that is given out when the gate is open."""

    def __init__(self, page: str) -> None:
        self.gate, self.reached = Event(), Event()
        site = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                if self.path == "/robots.txt":
                    self.send_error(404)
                    return
                site.reached.set()
                site.gate.wait(PATIENCE)
                self.send_response(200)
                self.send_header("Content-Type", "text/plain; charset=utf-8")
                self.end_headers()
                self.wfile.write(page.encode())

            def log_message(self, *args: Any) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._thread = Thread(target=self._server.serve_forever)
        self._thread.start()
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}/page"

    def close(self) -> None:
        self.gate.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


@pytest.fixture
def site() -> Iterator[Site]:
    made = Site(TEXT)
    yield made
    made.close()


def test_a_small_article_is_answered_with_the_result(settings: Settings, key: str) -> None:
    with asked(settings, key) as desk:
        before = desk.get("/v1/positions").json()["meta"]["total"]
        tried = desk.send({"text": TEXT, "meta": META}, "?dry_run=true")
        assert (tried.status_code, tried.json()["data"]["dry_run"]) == (200, True)
        first = desk.send({"text": TEXT, "meta": META, "reason": "Friday's papers"})
        assert first.status_code == 201, first.text
        data = first.json()["data"]
        assert first.headers["location"] == f"/v1/articles/{data['article']}"
        assert [e["kind"] for e in data["versions"]].count("position") == 3
        assert desk.get("/v1/positions").json()["meta"]["total"] == before  # they are drafts
        again = desk.send({"text": TEXT, "meta": META})
        assert (again.status_code, again.json()["data"]["change"]) == (200, None)
        change = desk.get(f"/v1/changes/{data['change']}").json()["data"]
        assert (change["by"], change["reason"]) == ("desk", "Friday's papers")


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({"text": "a", "url": "https://a.example/"}, "one of them"),
        ({"text": "…", "meta": META}, "The text has no words."),
        ({"text": "A.", "meta": META | {"published_on": "soon"}}, "published_on"),
        ({"text": "A.", "metas": META}, "no such field"),
        ({"html": "<p></p>", "meta": META}, "It is no HTML."),
        ({"text": "[nobody printed it]", "meta": META}, "'nobody' is no group"),
    ],
)
def test_what_cannot_be_is_refused_at_once(still: Asking, body: dict[str, Any], said: str) -> None:
    answer = still.send(body)
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert said in json.dumps(answer.json(), ensure_ascii=False)


@pytest.fixture(scope="module")
def still(seeded_url: str, new_database: Callable[[str | None], str]) -> Iterator[Asking]:
    """A server to which nothing is ever written."""
    settings = Settings(database_url=new_database(seeded_url))
    with asked(settings, made_key(settings, "desk")) as desk:
        yield desk


def test_a_larger_one_becomes_a_job(settings: Settings, key: str) -> None:
    with asked(settings, key, ARTICLE_AT_ONCE_KB="0") as desk:
        once = {"Idempotency-Key": "one"}
        answer = desk.send({"text": TEXT, "meta": META}, **once)
        job = desk.followed(answer)
        assert (job["state"], job["form"], job["problem"]) == ("done", "text", None)
        assert job["progress"] == {"read": 1, "stored": 1, "unchanged": 0, "refused": 0}
        (taken,) = job["result"]["articles"]
        assert taken["facts"] == 3
        assert desk.get(taken["link"]).json()["data"]["id"] == taken["article"]
        replayed = desk.send({"text": TEXT, "meta": META}, **once)
        assert replayed.headers["idempotency-replayed"] == "true"
        assert replayed.content == answer.content
        again = desk.followed(desk.send({"text": TEXT, "meta": META}))
        assert again["progress"]["unchanged"] == 1
        assert again["result"]["articles"] == [taken]
        listed = desk.get("/v1/jobs?limit=1").json()
        assert [each["id"] for each in listed["data"]] == [again["id"]]
        rest = desk.get(listed["links"]["next"]).json()
        assert [each["id"] for each in rest["data"]] == [job["id"]]
        assert rest["links"]["next"] is None
        assert desk.get("/v1/jobs?state=failed").json()["data"] == []
        assert TEXT.splitlines()[2] not in json.dumps([job, again, listed], ensure_ascii=False)


def test_what_comes_of_an_address(settings: Settings, key: str, site: Site) -> None:
    site.gate.set()
    with asked(settings, key) as desk:
        job = desk.followed(desk.send({"url": site.url, "meta": META}))
        assert (job["state"], job["name"]) == ("done", site.url)
        killer = desk.send({"text": "Killer\n\n[kills its reader]\n" + "x" * 70_000, "meta": META})
        failed = desk.followed(killer)
        assert "SIGKILL" in failed["problem"]["detail"]
        private = desk.followed(desk.send({"url": "http://10.0.0.1/", "meta": META}))
        assert (private["state"], private["result"]) == ("failed", None)
        assert private["problem"]["type"] == "/v1/codes/problem#article_refused"
        assert "10.0.0.1" in private["problem"]["detail"]


def test_only_who_asked_sees_a_job_and_nobody_keeps_it(
    settings: Settings, key: str, site: Site
) -> None:
    other = made_key(settings, "other")
    with serving(settings.database_url, **ENV) as server:
        desk, stranger = Asking(server, key), Asking(server, other)
        place = desk.send({"url": site.url, "meta": META}).headers["location"]
        seen = desk.get(place)
        assert seen.headers["cache-control"] == "private, no-store"
        assert seen.json()["data"]["state"] in ("queued", "running")
        assert desk.get(place.removeprefix("/v1")).status_code == 200
        assert stranger.get(place).status_code == 404
        assert stranger.get("/v1/jobs").json()["data"] == []
        assert httpx.get(server.url + place).status_code == 401
        assert httpx.get(server.url + "/v1/jobs").status_code == 401
        site.gate.set()
        assert desk.ended(place)["state"] == "done"


def test_when_too_many_wait_no_more_are_taken(settings: Settings, key: str, site: Site) -> None:
    with asked(settings, key, JOBS_LIMIT="1") as desk:
        first = desk.send({"url": site.url, "meta": META})
        full = desk.send({"url": site.url + "2", "meta": META})
        assert (full.status_code, full.headers["retry-after"]) == (503, "30")
        assert full.json()["type"] == "/v1/codes/problem#busy"
        site.gate.set()
        assert desk.followed(first)["state"] == "done"
        assert desk.send({"url": site.url, "meta": META}).status_code == 202


@pytest.mark.parametrize("end", ["kill", "stop"])
def test_a_job_goes_on_when_its_server_is_gone(
    settings: Settings, key: str, site: Site, end: str
) -> None:
    before = changes(settings)
    with serving(settings.database_url, **ENV) as server:
        place = Asking(server, key).send({"url": site.url, "meta": META}).headers["location"]
        assert site.reached.wait(PATIENCE)
        if end == "kill":
            server.kill()
        else:
            site.gate.set()
            assert server.stop() == 0
    site.gate.set()
    with asked(settings, key) as desk:
        job = desk.ended(place)
        assert (job["state"], len(job["result"]["articles"])) == ("done", 1)
    assert changes(settings) == before + 1
