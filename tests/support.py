"""The command line and the server as processes of their own, and migrations to come."""

import io
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, redirect_stderr, redirect_stdout
from pathlib import Path
from threading import Thread
from typing import IO, Any, NamedTuple

import httpx
import pytest
from fastapi.testclient import TestClient
from sqlalchemy import event
from sqlalchemy.pool import Pool
from starlette.types import ASGIApp

from app.cli import main
from app.db import known_revisions
from app.settings import resource

ROOT = Path(__file__).parents[1]
BIN = Path(sys.executable).parent
PATIENCE = 60
"""Seconds after which a process is taken to hang."""


def environment(database_url: str, **more: str) -> dict[str, str]:
    """What a process is given: nothing of the tests' own surroundings but the search path.

    And the code of this checkout, whichever one the environment was installed from.
    """
    path = f"{BIN}{os.pathsep}{os.environ['PATH']}"
    return {
        "PATH": path,
        "PYTHONPATH": str(ROOT),
        "COLUMNS": "200",
        "DATABASE_URL": database_url,
        **more,
    }


def onrecord(
    *args: str | Path, database_url: str = "sqlite:////none.db", **env: str
) -> subprocess.CompletedProcess[str]:
    """Run `onrecord` to its end."""
    return subprocess.run(
        [BIN / "onrecord", *args],
        env=environment(database_url, **env),
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )


class Ran(NamedTuple):
    """How a command ended, and what it printed."""

    returncode: int
    stdout: str
    stderr: str


def in_process(*args: str | Path, database_url: str = "sqlite:////none.db", **env: str) -> Ran:
    """Run `onrecord` in the tests' own process, from its entry point: the same, and much sooner."""
    given = {"COLUMNS": "200", "DATABASE_URL": database_url, **env}
    out, err, code = io.StringIO(), io.StringIO(), 0
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(out), redirect_stderr(err):
        for name, value in given.items():
            patch.setenv(name, value)
        patch.setattr(sys, "argv", ["onrecord", *map(str, args)])
        with _connections_closed():
            try:
                main()
            except SystemExit as ended:
                code = int(ended.code or 0)
    return Ran(code, out.getvalue(), err.getvalue())


@contextmanager
def _connections_closed() -> Iterator[None]:
    """Close what is opened in the block, as the end of a process does."""
    opened: list[Any] = []

    def note(connection: Any, _record: Any) -> None:
        opened.append(connection)

    event.listen(Pool, "connect", note)
    try:
        yield
    finally:
        event.remove(Pool, "connect", note)
        for connection in opened:
            connection.close()


def seeded(folder: Path) -> str:
    """A database made as the README says, for what is the same on both. Gives the address."""
    url = f"sqlite:///{folder}/record.db"
    for command in (("db", "upgrade"), ("seed",)):
        assert in_process(*command, database_url=url).returncode == 0
    return url


class Client(TestClient):
    """Asks an application in this process, for answers in no content coding."""

    def __init__(self, app: ASGIApp, **options: Any) -> None:
        super().__init__(app, headers={"Accept-Encoding": "identity"}, **options)


class Server:
    """A running `onrecord serve`, on a port that it found itself."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        self.log: list[str] = []
        self.url = self._address()
        self._rest = Thread(target=self.log.extend, args=(self._lines,))
        self._rest.start()
        # Workers may still be on their way when the address is printed.
        with httpx.Client(transport=httpx.HTTPTransport(retries=8)) as client:
            client.get(f"{self.url}/healthz", timeout=PATIENCE)

    @property
    def _lines(self) -> IO[str]:
        assert self.process.stdout is not None
        return self.process.stdout

    def _address(self) -> str:
        for line in self._lines:
            self.log.append(line)
            if found := re.search(r"running on (http://127\.0\.0\.1:\d+)", line):
                return found[1]
        pytest.fail("the server did not start: " + "".join(self.log))

    def stop(self) -> int:
        """Ask it to end, as a service manager does. Gives the exit code."""
        self.process.terminate()
        return self._ended()

    def kill(self) -> None:
        """End it in the middle of whatever it does."""
        self.process.kill()
        self._ended()

    def _ended(self) -> int:
        code = self.process.wait(PATIENCE)
        self._rest.join(PATIENCE)
        return code


def serving(database_url: str, *args: str, **env: str) -> AbstractContextManager[Server]:
    """A server for the length of a block."""
    return running("app.cli", "serve", *args, env=environment(database_url, PORT="0") | env)


@contextmanager
def running(module: str, *args: str, env: Mapping[str, str]) -> Iterator[Server]:
    """A module that serves, for the length of a block."""
    with subprocess.Popen(
        [sys.executable, "-m", module, *args],
        cwd=ROOT,
        env=env,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        try:
            server = Server(process)
        except BaseException:
            process.kill()
            raise
        try:
            yield server
        finally:
            if process.poll() is None:
                server.stop()


LATER = "9000"
"""The schema revision of a release that is still to come."""


def with_later_migration(
    monkeypatch: pytest.MonkeyPatch, folder: Path, up: str, down: str = "pass"
) -> None:
    """Make the application one of a later release, whose schema has one more step."""
    migrations = folder / "migrations"
    shutil.copytree(resource("migrations"), migrations)
    (migrations / "versions" / f"{LATER}_later.py").write_text(
        "import sqlalchemy as sa\nfrom alembic import op\n\n"
        f"revision = {LATER!r}\ndown_revision = {known_revisions()[-1]!r}\n\n\n"
        f"def upgrade():\n    {up}\n\n\ndef downgrade():\n    {down}\n"
    )
    places: Mapping[str, Path] = {"migrations": migrations, "seed": resource("seed")}
    for module in ("app.schema", "app.db"):
        monkeypatch.setattr(f"{module}.resource", places.__getitem__)
