"""The pages that people see: they work in a browser that reaches no other machine."""

import json
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import httpx
import pytest
from fastapi.testclient import TestClient

from tests.support import PATIENCE, Server, seeded, serving

HTML = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
LOADING = {"script": "src", "link": "href", "img": "src", "iframe": "src", "redoc": "spec-url"}
"""What a page loads by itself, as against what a reader may follow."""


class Addresses(HTMLParser):
    """The addresses on a page: loaded by it, and linked to."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.loaded: set[str] = set()
        self.linked: set[str] = set()
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if address := given.get(LOADING.get(tag, "")):
            self.loaded.add(address)
        if tag == "a" and (address := given.get("href")):
            self.linked.add(address)


def outside(addresses: set[str]) -> set[str]:
    here = ("", "127.0.0.1", "testserver")
    return {
        each
        for each in addresses
        if urlsplit(each).scheme not in ("data", "blob")
        and urlsplit(each).hostname not in (*here, None)
    }


def test_the_start_page_is_html_for_a_browser_and_json_for_a_program(client: TestClient) -> None:
    page = client.get("/", headers=HTML)
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert "<h1>On Record</h1>" in page.text
    listed = client.get("/")
    assert listed.headers["content-type"] == "application/json"
    addresses = {link["href"] for link in listed.json()["links"]}
    assert addresses <= Addresses(page.text).linked
    for answer in (page, listed):
        assert "Accept" in answer.headers["vary"]


def test_every_link_on_the_start_page_leads_somewhere(client: TestClient) -> None:
    found = Addresses(client.get("/", headers=HTML).text)
    addresses = found.linked | found.loaded
    assert len(addresses) > 10
    assert not outside(addresses)
    statuses = {address: client.get(address, headers=HTML).status_code for address in addresses}
    assert set(statuses.values()) == {200}, statuses


def test_the_example_on_the_start_page_has_an_answer(client: TestClient) -> None:
    linked = Addresses(client.get("/", headers=HTML).text).linked
    examples = [address for address in linked if "?" in address]
    assert examples
    assert all(client.get(address).json()["data"] for address in examples)


def test_there_is_an_icon(client: TestClient) -> None:
    answer = client.get("/favicon.svg")
    assert answer.headers["content-type"] == "image/svg+xml"
    assert answer.text.startswith("<svg")


@pytest.mark.parametrize("path", ["/", "/docs", "/redoc"])
def test_a_page_loads_from_this_machine_only(client: TestClient, path: str) -> None:
    page = client.get(path, headers=HTML).text
    loaded = Addresses(page).loaded | set(re.findall(r"url: '([^']+)'", page))
    assert loaded
    assert not outside(loaded)
    for address in loaded:
        assert client.get(urljoin(path, address)).status_code == 200, address


Browse = Callable[..., str]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with serving(seeded(tmp_path_factory.mktemp("pages"))) as server:
        yield server


@pytest.fixture
def browse(server: Server, tmp_path: Path) -> Browse:
    """Opens a page in a browser that can reach this machine alone. Gives what it then shows."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        pytest.skip("there is no Chromium to look at the pages with")

    def open_page(path: str, *options: str) -> str:
        command = [
            *(chromium, "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic"),
            *("--no-first-run", "--disable-background-networking", "--disable-component-update"),
            *("--disable-sync", f"--user-data-dir={tmp_path}/profile"),
            "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
            *("--virtual-time-budget=20000", "--window-size=1280,1600"),
            *(options or ("--dump-dom",)),
            f"{server.url}{path}",
        ]
        ran = subprocess.run(
            command, capture_output=True, text=True, timeout=PATIENCE * 3, check=False
        )
        assert ran.returncode == 0, ran.stderr
        return ran.stdout

    return open_page


def summaries(server: Server) -> set[str]:
    paths = httpx.get(f"{server.url}/openapi.json").json()["paths"]
    return {operation["summary"] for path in paths.values() for operation in path.values()}


@pytest.mark.parametrize("path", ["/docs", "/redoc"])
def test_a_browser_shows_every_operation(browse: Browse, server: Server, path: str) -> None:
    shown = browse(path)
    missing = {
        each for each in summaries(server) if each.replace("'", "’") not in shown.replace("'", "’")
    }
    assert not missing
    assert "Failed to load" not in shown
    assert "Something went wrong" not in shown


@pytest.mark.parametrize("path", ["/", "/docs", "/redoc"])
def test_a_page_asks_no_other_machine_for_anything(
    browse: Browse, server: Server, tmp_path: Path, path: str
) -> None:
    """What its scripts ask for counts too, so the browser's own log is read."""
    log = tmp_path / "net.json"
    browse(path, "--dump-dom", f"--log-net-log={log}")
    asked = {
        event["params"]["url"]
        for event in json.loads(log.read_text())["events"]
        if event.get("params", {}).get("initiator") == server.url and "url" in event["params"]
    }
    assert f"{server.url}/favicon.svg" in asked or path != "/"
    assert not outside(asked)


def test_a_link_into_the_docs_opens_the_operation(browse: Browse) -> None:
    shown = browse("/docs#/Positions/list_positions")
    assert "Try it out" in shown
    assert "Alternatives are joined by" in shown
