"""The command line, from its entry point, on both databases.

Most commands run in this process. That they end alike in one of their own is shown where it
matters: `onrecord` below is such a process.
"""

import json
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
import yaml
from fastapi.testclient import TestClient

from app import __version__
from app.db import known_revisions
from app.settings import Settings
from tests.conftest import RECORD, TEXT
from tests.support import ROOT, in_process, onrecord, serving

NewDatabase = Callable[[str | None], str]

HEAD = known_revisions()[-1]
ALREADY = f"{RECORD.name}: already on record, nothing changed.\n"


def failed(*args: str | Path, **env: str) -> str:
    """What a command that cannot do its work says: a message, and no traceback."""
    ran = in_process(*args, **env)
    assert ran.returncode == 1, ran.stderr
    assert ran.stdout == ""
    assert "Traceback" not in ran.stderr
    said = ran.stderr.strip()
    assert said.startswith("Error: ")
    return said


def test_a_process_ends_by_the_same_sentence_and_code() -> None:
    args = ("db", "upgrade")
    ran = onrecord(*args, database_url="nonsense")
    assert ran.returncode == 1
    assert (ran.stdout, ran.stderr) == ("", f"{failed(*args, database_url='nonsense')}\n")


def one_sentence(*args: str | Path, **env: str) -> str:
    said = failed(*args, **env)
    assert "\n" not in said
    return said


def written(folder: Path, record: dict[str, Any]) -> Path:
    path = folder / "record.yaml"
    path.write_text(yaml.safe_dump(record, allow_unicode=True))
    return path


def test_the_version_is_that_of_the_package() -> None:
    assert onrecord("--version").stdout == f"onrecord {__version__}\n"


def test_without_a_command_it_says_what_there_is() -> None:
    ran = onrecord()
    shown = ran.stdout + ran.stderr
    for command in ("serve", "seed", "ingest", "export-openapi", "export-schema", "check", "db"):
        assert command in shown
    assert ran.returncode in (0, 2)


@pytest.mark.parametrize("command", ["ingest", "db"])
def test_commands_have_help(command: str) -> None:
    ran = in_process(command, "--help")
    assert ran.returncode == 0
    assert f"Usage: onrecord {command}" in ran.stdout


def test_a_new_database_is_set_up_filled_asked_and_taken_down(new_database: NewDatabase) -> None:
    url = new_database(None)
    steps = [
        (("db", "current"), "schema none."),
        (("db", "upgrade"), f"schema {HEAD}."),
        (("db", "upgrade"), f"schema {HEAD}."),
        (("seed",), "change 0: 250 country new"),
        (("seed",), "reference data: already on record, nothing changed.\n" + ALREADY.strip()),
        (("db", "downgrade", "base"), "schema none."),
        (("db", "current"), "schema none."),
    ]
    for command, expected in steps:
        ran = in_process(*command, database_url=url)
        assert ran.returncode == 0, ran.stderr
        assert expected in ran.stdout
    assert onrecord("db", "current", database_url=url).stdout == ran.stdout


def test_the_seed_says_what_it_brought(empty_settings: Settings) -> None:
    ran = in_process("seed", database_url=empty_settings.database_url)
    first, second = ran.stdout.splitlines()
    assert first.startswith("reference data: change 0: ")
    assert second.startswith(f"{RECORD.name}: change 1: ")
    for part in ("1 article new", "13 position new", "3 mediation offer new", "1 round new"):
        assert part in second


def test_the_seed_checks_the_text_where_it_is_given(
    empty_settings: Settings, article_text: str, tmp_path: Path
) -> None:
    url = empty_settings.database_url
    ran = in_process("seed", "--text-dir", TEXT.parent, database_url=url)
    assert (ran.returncode, "13 position new" in ran.stdout) == (0, True)
    (tmp_path / TEXT.name).write_text(article_text.upper())
    ran = in_process("seed", "--text-dir", tmp_path, database_url=url)
    assert ran.returncode == 1
    assert "Traceback" not in ran.stderr
    assert "Error: " in ran.stderr


def test_loading_the_seed_record_again_changes_nothing(fresh_settings: Settings) -> None:
    ran = in_process("ingest", RECORD, database_url=fresh_settings.database_url)
    assert (ran.returncode, ran.stdout) == (0, ALREADY)


@pytest.mark.usefixtures("article_text")
def test_loading_it_with_its_text_finds_every_selector(fresh_settings: Settings) -> None:
    url = fresh_settings.database_url
    ran = in_process("ingest", RECORD, "--text", TEXT, database_url=url)
    assert (ran.returncode, ran.stdout) == (0, ALREADY)


def test_a_record_may_be_json_and_an_edit_is_a_correction_with_who_and_why(
    fresh_settings: Settings, fresh_client: TestClient, record: dict[str, Any], tmp_path: Path
) -> None:
    record["rounds"][0]["venue"] = "Ankara"
    path = tmp_path / "record.json"
    path.write_text(json.dumps(record, default=str))
    ran = in_process(
        *("ingest", path, "--by", "a curator", "--reason", "The venue was wrong."),
        database_url=fresh_settings.database_url,
    )
    assert ran.returncode == 0, ran.stderr
    assert "1 round corrected" in ran.stdout
    change = fresh_client.get("/v1/changes/2").json()["data"]
    assert (change["by"], change["reason"]) == ("a curator", "The venue was wrong.")


def test_a_refused_record_has_every_fault_named_and_stores_nothing(
    fresh_settings: Settings, fresh_client: TestClient, record: dict[str, Any], tmp_path: Path
) -> None:
    before = fresh_client.get("/v1/changes").content
    record["positions"][0]["topic"] = "peace-talk"
    record["positions"][3]["stance"] = "accused"
    record["positions"][4]["evidence"][0]["exact"] = "Words that nobody said."
    path = written(tmp_path, record)
    said = failed("ingest", path, database_url=fresh_settings.database_url)
    first, *faults = said.splitlines()
    assert first.startswith("Error: ")
    for place in ("positions[0].topic", "positions[3].stance", "positions[4].evidence[0]"):
        assert any(place in fault for fault in faults), said
    assert "Did you mean peace-talks?" in said
    assert "Did you mean accuses?" in said
    assert fresh_client.get("/v1/changes").content == before


@pytest.mark.parametrize(
    ("name", "content", "sign"),
    [
        ("missing.yaml", None, "missing.yaml cannot be read"),
        ("binary.yaml", b"\xff\xfe\x00record", "binary.yaml"),
        ("list.yaml", b"- one\n- two\n", "Error: "),
        ("empty.yaml", b"", "Error: "),
        ("broken.json", b'{"format": ', "broken.json"),
        ("other.yaml", b"format: another/format/1\n", "format"),
    ],
)
def test_a_file_that_is_no_record_is_refused(
    empty_settings: Settings, tmp_path: Path, name: str, content: bytes | None, sign: str
) -> None:
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    assert sign in failed("ingest", path, database_url=empty_settings.database_url)


def test_a_text_that_is_not_there_or_another_one_is_refused(
    fresh_settings: Settings, tmp_path: Path
) -> None:
    url = fresh_settings.database_url
    path = tmp_path / "text.txt"
    assert "text.txt cannot be read" in one_sentence(
        "ingest", RECORD, "--text", path, database_url=url
    )
    path.write_text("Another article.")
    assert "text" in failed("ingest", RECORD, "--text", path, database_url=url)


@pytest.mark.parametrize(
    ("url", "sign"),
    [
        ("nonsense", "DATABASE_URL takes sqlite:///PATH or postgresql://"),
        ("mysql://user:open-sesame@127.0.0.1/record", "not 'mysql'"),
        ("sqlite://", "DATABASE_URL needs a file"),
        ("sqlite:///:memory:", "DATABASE_URL needs a file"),
        ("sqlite:///no/such/folder/record.db", "no/such/folder"),
        ("postgresql://user:open-sesame@127.0.0.1:port/record", "DATABASE_URL"),
    ],
)
def test_an_address_that_cannot_be_right_is_said_in_one_sentence(url: str, sign: str) -> None:
    said = one_sentence("db", "upgrade", database_url=url)
    assert sign in said
    assert "open-sesame" not in said


@pytest.mark.parametrize("command", [("seed",), ("serve",), ("db", "current")], ids=" ".join)
def test_every_command_says_it_of_the_address(command: tuple[str, ...]) -> None:
    assert "DATABASE_URL takes" in one_sentence(*command, database_url="nonsense")


def test_the_driver_in_the_address_does_not_matter(tmp_path: Path) -> None:
    """Addresses are copied from other projects, which name the driver that they use."""
    ran = in_process("db", "upgrade", database_url=f"sqlite+aiosqlite:///{tmp_path}/record.db")
    assert ran.returncode == 0, ran.stderr
    assert f"schema {HEAD}." in ran.stdout


@pytest.mark.parametrize(
    ("name", "value"), [("PORT", "many"), ("WORKERS", "0"), ("LOG_LEVEL", "loud")]
)
def test_a_setting_that_cannot_be_right_is_named(name: str, value: str) -> None:
    assert name in one_sentence("serve", **{name: value})


@pytest.mark.parametrize("command", ["upgrade", "downgrade"])
def test_a_schema_revision_that_does_not_exist_is_named(
    fresh_settings: Settings, command: str
) -> None:
    url = fresh_settings.database_url
    assert "no-such-revision" in one_sentence("db", command, "no-such-revision", database_url=url)
    assert f"schema {HEAD}." in in_process("db", "current", database_url=url).stdout


@pytest.mark.parametrize(
    ("command", "name"),
    [("export-openapi", "openapi.json"), ("export-schema", "article-record.schema.json")],
)
def test_what_is_exported_is_what_the_documentation_holds(
    command: str, name: str, tmp_path: Path
) -> None:
    path = tmp_path / name
    ran = in_process(command, path)
    assert (ran.returncode, ran.stdout) == (0, "")
    exported = path.read_text()
    assert in_process(command).stdout == exported
    assert (ROOT / "docs" / name).read_text() == exported, "run `make openapi`, and look at it"


def test_an_export_to_a_folder_that_does_not_exist_is_said() -> None:
    assert "/no/such/folder" in one_sentence("export-schema", "/no/such/folder/schema.json")


def test_check_asks_a_server_whether_it_is_ready(fresh_settings: Settings, tmp_path: Path) -> None:
    with serving(fresh_settings.database_url) as server:
        ran = in_process("check", server.url)
        assert (ran.returncode, ran.stdout) == (0, f"{server.url} is ready.\n")
        port = server.url.rpartition(":")[2]
        assert in_process("check", PORT=port).stdout == f"http://127.0.0.1:{port} is ready.\n"
    with serving(f"sqlite:///{tmp_path}/missing.db") as server:
        said = one_sentence("check", server.url)
        assert "is not ready" in said
        assert "onrecord db upgrade" in said


class Gateway(BaseHTTPRequestHandler):
    """What stands before a server that is down."""

    def do_GET(self) -> None:
        self.send_error(502)

    def log_message(self, *_: object) -> None:
        """Nothing."""


def test_check_takes_what_a_gateway_answers_for_a_server_that_is_down() -> None:
    with HTTPServer(("127.0.0.1", 0), Gateway) as gateway:
        thread = Thread(target=gateway.handle_request)
        thread.start()
        said = one_sentence("check", f"http://127.0.0.1:{gateway.server_port}")
        thread.join()
    assert "is not ready: 502" in said


def test_check_says_that_nothing_answers() -> None:
    assert "http://127.0.0.1:9 does not answer" in one_sentence("check", "http://127.0.0.1:9")
    assert "does not answer" in one_sentence("check", "nonsense")
