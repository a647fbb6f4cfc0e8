"""Articles onto the record: in any form, kept with their text, loaded as drafts, by command."""

import json
import subprocess
import sys
from collections.abc import Iterator
from io import BufferedReader, BytesIO, TextIOWrapper
from pathlib import Path

import pytest
import yaml
from fastapi.testclient import TestClient
from sqlalchemy import select

from app.codelists import Curation
from app.db import Database
from app.errors import ArticleRefused
from app.ingest.batch.orders import Orders
from app.ingest.batch.run import Summary, run
from app.ingest.batch.workers import Extractor
from app.ingest.extract.found import Meta
from app.ingest.pipeline import Terms, ingest
from app.ingest.read.reader import read
from app.ingest.read.source import Refused, Source
from app.ingest.store import article_id
from app.ingest.verify import sha256
from app.models import ArticleText
from app.settings import Settings
from app.sql import table
from tests.conftest import RECORD
from tests.http.helpers import ENDPOINTS
from tests.read.extractor import extract
from tests.read.support import DECLARED, PARAGRAPHS, TEXT, Site, fetcher, page
from tests.read.test_reader import PAGE, feed, item, line, written
from tests.support import BIN, PATIENCE, Ran, environment, in_process

ID = article_id(sha256(TEXT))


def held(database: Database) -> dict[str, str]:
    """The texts in the private store."""
    texts = table(ArticleText)
    with database.read() as session:
        return {row.article_id: row.text for row in session.rows(select(texts))}


def read_page_of(markup: str) -> Iterator[Source | Refused]:
    body = json.dumps({"html": markup}).encode()
    return read("-", fetcher(), stdin=BytesIO(body))


def taken(database: Database, *read: Source | Refused, reason: str | None = None) -> Summary:
    orders = Orders(Extractor("test", extract), by="test", reason=reason, workers=0)
    return run(database, iter(read), orders)


def test_the_text_of_every_form_is_kept_once(database: Database, site: Site, tmp_path: Path):
    address = site.html("/a", PAGE)
    forms = [
        written(tmp_path, "a.html", PAGE),
        written(tmp_path, "b.jsonl", line(text=TEXT, published_on="2025-11-14")),
        address,
        site.html("/feed", feed(item(address)), "text/xml"),
    ]
    for form in forms:
        assert taken(database, *read(form, fetcher())).refused == []
    assert held(database) == {ID: TEXT}


def test_facts_arrive_as_drafts(database: Database, fresh_client: TestClient):
    before = fresh_client.get("/v1/positions").json()["meta"]["total"]
    assert taken(database, *read_page_of(PAGE), reason="Friday's papers").facts["position"] == 2
    assert fresh_client.get("/v1/positions").json()["meta"]["total"] == before
    change = fresh_client.get("/v1/changes").json()["data"][0]
    assert (change["by"], change["reason"]) == ("test", "Friday's papers")


def test_one_that_is_refused_does_not_stop_the_others(database: Database):
    (source,) = read_page_of(PAGE)
    assert isinstance(source, Source)
    undated = Source("No day is known.", Meta(headline="Two"), "undated")
    meta = Meta(headline="Three", published_on=source.meta.published_on, language="!")
    wrong = Source("“Said” in no language.", meta, "wrong")
    reader = Refused("unread", ArticleRefused("It is nothing."))
    found = taken(database, undated, reader, wrong, source)
    assert found.stored == 1
    why = {each.name: each.reason for each in found.refused}
    assert why.keys() == {"undated", "unread", "wrong"}
    assert "article.language" in why["wrong"]
    assert list(held(database)) == [ID]


def test_again_changes_nothing(database: Database):
    (source,) = read_page_of(PAGE)
    first, again = taken(database, source), taken(database, source)
    assert (first.stored, again.stored, again.unchanged) == (1, 0, 1)


@pytest.mark.parametrize("curation", [Curation.DRAFT, Curation.PUBLISHED])
def test_no_answer_holds_the_text(database: Database, fresh_client: TestClient, curation: Curation):
    (source,) = read_page_of(PAGE)
    assert isinstance(source, Source)
    raw = extract(source.text, source.meta)
    outcome = ingest(database, raw, text=source.text, by="test", terms=Terms(curation=curation))
    assert held(database)[ID] == TEXT
    own = [f"/v1/articles/{ID}", f"/v1/changes/{outcome.seq}", "/v1/positions?limit=200"]
    own += [f"/v1/positions?article={ID}", "/v1/positions?q=neighbour", "/v1/positions?q=round"]
    for step in outcome.steps:
        if step.kind.name == "position" and curation == Curation.PUBLISHED:
            path = f"/v1/positions/{step.key}"
            own += [path, f"{path}/evidence", f"{path}/history", f"{path}/receipt"]
    answers = [fresh_client.get(path) for path in own]
    assert {answer.status_code for answer in answers} == {200}
    answers += [fresh_client.get(each.path) for each in ENDPOINTS.values()]
    answers += [fresh_client.get(path) for path in ("/openapi.json", "/docs", "/")]
    for answer in answers:
        for told in (PARAGRAPHS[0], PARAGRAPHS[2]):
            for start in range(0, len(told) - 34, 10):
                assert told[start : start + 34] not in answer.text, answer.url
    if curation == Curation.PUBLISHED:  # what was spoken is quoted, so the above could fail
        assert any("We are ready to sit down again" in answer.text for answer in answers)


@pytest.fixture
def extracting(monkeypatch: pytest.MonkeyPatch) -> None:
    """Commands use the simple extractor."""
    monkeypatch.setenv("EXTRACTOR", "tests.read.extractor:extract")


def ran(settings: Settings, *args: str | Path, **env: str) -> Ran:
    env = {"FETCH_NETWORKS": "127.0.0.0/8", **env}
    return in_process("ingest", *args, database_url=settings.database_url, **env)


@pytest.mark.usefixtures("extracting")
def test_a_folder_by_command(fresh_settings: Settings, tmp_path: Path):
    written(tmp_path, "a.html", PAGE)
    written(tmp_path, "b.jsonl", line(text=TEXT, published_on="2025-11-14") + line(txt="x"))
    written(tmp_path, "c.txt", TEXT + "Undated [bold].\n")
    told = ran(fresh_settings, tmp_path)
    assert told.returncode == 1
    facts, summary = told.stdout.splitlines()
    assert facts == "Drafts for review: 2 position."
    assert summary.startswith("4 articles: 1 loaded, 1 already on record, 2 refused (")
    assert f"Refused: {tmp_path}/b.jsonl:2: A line has id, text, html, url, " in told.stderr
    assert "Did you mean text?" in told.stderr
    assert f"Refused: {tmp_path}/c.txt: The day on which it appeared is not known." in told.stderr


@pytest.mark.usefixtures("extracting")
def test_what_is_not_stated_can_be_given(fresh_settings: Settings, tmp_path: Path):
    path = written(tmp_path, "a.txt", TEXT)
    told = ran(fresh_settings, path, "--meta", "published_on=2025-11-14", "--meta", "language=en")
    assert (told.returncode, told.stderr) == (0, "")
    assert told.stdout.splitlines()[-1] == "1 article: 1 loaded, 0 already on record, 0 refused."
    again = ran(fresh_settings, path, "--meta", "published_on=2025-11-14", "--meta", "language=en")
    assert again.stdout.splitlines()[-1] == "1 article: 0 loaded, 1 already on record, 0 refused."


@pytest.mark.usefixtures("extracting")
def test_an_address_by_command(fresh_settings: Settings, site: Site):
    address = site.html("/a", page(head=DECLARED))
    told = ran(fresh_settings, address)
    assert (told.returncode, told.stderr) == (0, "")
    assert told.stdout.endswith("1 article: 1 loaded, 0 already on record, 0 refused.\n")
    refused = ran(fresh_settings, address, FETCH_NETWORKS="")
    assert refused.returncode == 1
    assert f"Refused: {address}: 127.0.0.1 is at 127.0.0.1, which is no public" in refused.stderr


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["--meta", "published_on=never"], "published_on: 'never' is no day"),
        (["--meta", "headlines=a"], "Did you mean headline?"),
        (["--meta", "headline"], "--meta takes NAME=VALUE"),
        (["--text", "b.txt"], "--text belongs to an article record"),
    ],
)
def test_options_that_cannot_be(
    empty_settings: Settings, tmp_path: Path, args: list[str], said: str
):
    told = ran(empty_settings, written(tmp_path, "a.txt", TEXT), *args)
    assert (told.returncode, told.stdout) == (1, "")
    assert told.stderr.startswith("Error: ")
    assert said in told.stderr


def test_a_record_says_itself_what_it_is_of(fresh_settings: Settings, tmp_path: Path):
    told = ran(fresh_settings, RECORD, "--meta", "headline=a")
    assert (told.returncode, told.stdout) == (1, "")
    assert "--meta belongs to articles" in told.stderr


@pytest.mark.parametrize("name", ["record.txt", "record", "record.yml"])
@pytest.mark.parametrize("form", ["yaml", "json", "one line"])
def test_a_record_is_known_by_what_it_says(
    fresh_settings: Settings, tmp_path: Path, name: str, form: str
):
    content = RECORD.read_text()
    if form != "yaml":
        raw = yaml.safe_load(content)
        content = json.dumps(raw, default=str, indent=1 if form == "json" else None)
    told = ran(fresh_settings, written(tmp_path, name, content))
    assert (told.returncode, told.stdout) == (0, f"{name}: already on record, nothing changed.\n")


def piped(settings: Settings, body: bytes) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [BIN / "onrecord", "ingest", "-"],
        input=body,
        env=environment(settings.database_url),
        capture_output=True,
        timeout=PATIENCE,
        check=False,
    )


def test_a_record_by_a_pipe(fresh_settings: Settings):
    told = piped(fresh_settings, RECORD.read_bytes())
    assert (told.returncode, told.stdout) == (0, b"-: already on record, nothing changed.\n")
    told = piped(fresh_settings, RECORD.read_bytes() + b"\xff")
    assert (told.returncode, told.stdout) == (1, b"")
    assert told.stderr.startswith(b"Error: Standard input is not UTF-8")


@pytest.mark.usefixtures("extracting")
def test_articles_by_a_pipe(fresh_settings: Settings, monkeypatch: pytest.MonkeyPatch):
    lines = line(txt="x") + line(text="…") + line(html=PAGE)
    monkeypatch.setattr(sys, "stdin", TextIOWrapper(BufferedReader(BytesIO(lines))))
    told = ran(fresh_settings, "-")
    assert told.returncode == 1
    assert "Refused: -:1: " in told.stderr
    assert "Refused: -:2: The text has no words." in told.stderr
    assert "3 articles: 1 loaded, 0 already on record, 2 refused (" in told.stdout
