"""Export and import as a user runs them: files, compressed ones, pipes; and killed half-way."""

import gzip
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from app.db import Database
from app.ingest.bulk.batch import LINES
from app.sessions import BEFORE_ALL
from app.settings import Settings
from tests.http import factory
from tests.ingest.bulk import exported, grown, imported
from tests.ingest.support import load, sizes
from tests.support import BIN, PATIENCE, environment, onrecord

NewDatabase = Callable[[str | None], str]


@pytest.fixture(scope="module")
def url(seeded_url: str, new_database: NewDatabase) -> str:
    """A seeded database that is only read."""
    return new_database(seeded_url)


@pytest.fixture
def empty(empty_settings: Settings) -> Iterator[Database]:
    database = Database(empty_settings)
    yield database
    database.dispose()


def content(url: str) -> bytes:
    database = Database(Settings(database_url=url))
    raw = exported(database)
    database.dispose()
    return raw


def piped(*args: str, url: str, stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    """Run `onrecord` in a pipe."""
    return subprocess.run(
        [BIN / "onrecord", *args],
        env=environment(url),
        input=stdin,
        capture_output=True,
        timeout=PATIENCE,
        check=False,
    )


@pytest.mark.parametrize("name", ["record.ndjson", "record.ndjson.gz"])
def test_a_record_goes_through_a_file(
    url: str, empty_settings: Settings, tmp_path: Path, name: str
) -> None:
    path = tmp_path / name
    ran = onrecord("export", path, database_url=url)
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.startswith(f"{path}: exported 2 changes, 295 versions, 0 texts in ")
    assert ran.stdout.endswith(" versions/s).\n")
    raw = path.read_bytes()
    assert (gzip.decompress(raw) if name.endswith(".gz") else raw) == content(url)
    ran = onrecord("import", path, database_url=empty_settings.database_url)
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.startswith(f"{path}: imported 2 changes, 295 versions, 0 texts in ")
    assert content(empty_settings.database_url) == content(url)
    again = tmp_path / f"again-{name}"
    assert onrecord("export", again, database_url=url).returncode == 0
    assert again.read_bytes() == raw
    assert {each.name for each in tmp_path.iterdir()} == {name, again.name}


def test_a_record_goes_through_a_pipe(url: str, empty_settings: Settings) -> None:
    there = empty_settings.database_url
    out = piped("export", "-", url=url)
    assert (out.returncode, out.stdout) == (0, content(url))
    assert out.stderr.startswith(b"exported 2 changes, 295 versions, 0 texts in ")
    into = piped("import", "-", url=there, stdin=out.stdout)
    assert into.returncode == 0, into.stderr
    assert into.stdout.startswith(b"imported 2 changes, 295 versions, 0 texts in ")
    assert into.stderr == b""
    assert content(there) == out.stdout


def test_whoever_reads_the_pipe_may_have_had_enough(url: str) -> None:
    ran = subprocess.run(
        ["bash", "-c", "onrecord export - | head -c 1"],
        env=environment(url),
        capture_output=True,
        timeout=PATIENCE,
        check=True,
    )
    assert (ran.stdout, ran.stderr) == (b"{", b"")


def test_texts_are_part_of_it_unless_they_are_left_out(
    database: Database, fresh_settings: Settings
) -> None:
    load(database, factory.second_article(), factory.TEXT)
    url = fresh_settings.database_url
    line = b'{"line":"text",'
    assert line in piped("export", "-", url=url).stdout
    assert line not in piped("export", "-", "--without-texts", url=url).stdout


def refused(*args: str | Path, url: str) -> str:
    ran = onrecord(*args, database_url=url)
    assert (ran.returncode, ran.stdout) == (1, "")
    assert "Traceback" not in ran.stderr
    assert ran.stderr.startswith("Error: ")
    return ran.stderr


def test_what_cannot_be_done_is_said(url: str, empty: Database, tmp_path: Path) -> None:
    there = empty.url.render_as_string(hide_password=False)
    path = tmp_path / "record.ndjson"
    path.write_bytes(content(url))
    assert "is not empty: it has 2 changes." in refused("import", path, url=url)
    assert "missing.ndjson cannot be read (No such file or directory)" in refused(
        "import", tmp_path / "missing.ndjson", url=there
    )
    assert "cannot be written (No such file or directory)" in refused(
        "export", tmp_path / "no" / "folder.ndjson", url=url
    )
    path.write_bytes(content(url)[:-30])
    said = refused("import", path, url=there)
    assert said == (
        "Error: The file is refused; nothing was stored.\n"
        "  line 299: the file is cut off, or is no export: no line ends here.\n"
    )
    packed = tmp_path / "record.ndjson.gz"
    packed.write_bytes(gzip.compress(content(url))[:-20])
    assert "the compressed file is damaged (" in refused("import", packed, url=there)
    packed.write_bytes(content(url))
    assert "the compressed file is damaged (" in refused("import", packed, url=there)
    assert not any(sizes(empty).values())


def test_an_export_that_fails_leaves_the_file_of_before(url: str, tmp_path: Path) -> None:
    path = tmp_path / "record.ndjson"
    path.write_text("the backup of yesterday")
    missing = f"sqlite:///{tmp_path}/missing.db"
    assert "does not exist" in refused("export", path, url=missing)
    assert path.read_text() == "the backup of yesterday"
    assert [each.name for each in tmp_path.iterdir()] == [path.name]


def test_an_import_that_is_killed_leaves_nothing(url: str, empty: Database) -> None:
    raw = grown(content(url), 200)
    lines = raw.splitlines(keepends=True)
    assert len(lines) > LINES + 1000
    with subprocess.Popen(
        [BIN / "onrecord", "import", "-"],
        env=environment(empty.url.render_as_string(hide_password=False)),
        stdin=subprocess.PIPE,
    ) as process:
        assert process.stdin is not None
        # A pipe holds 64 kB: most of this has been taken from it, and a batch is in the tables.
        process.stdin.write(b"".join(lines[:-1]))
        process.stdin.flush()
        assert process.poll() is None
        process.kill()
        process.wait(PATIENCE)
    with empty.read() as session:
        assert session.record_version() == BEFORE_ALL
    assert not any(sizes(empty).values())
    imported(empty, raw)
    assert exported(empty) == raw
