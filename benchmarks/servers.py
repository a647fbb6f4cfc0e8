"""Servers to measure, each a process of its own, all under the same uvicorn settings.

None writes a line for each request; all use uvloop and httptools.
"""

import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
_PATIENCE = 60
"""Seconds after which a server that does not answer is given up."""
_TICKS = os.sysconf("SC_CLK_TCK")

LIST = "/v1/positions?limit=20"
"""What a dashboard polls: the newest positions."""


@dataclass(frozen=True)
class Server:
    """A server that runs."""

    port: int
    pid: int
    started_in: float
    """Seconds from its start to its first answer."""

    def cpu(self) -> float:
        """Seconds of processor time that it and its workers have used."""
        used = 0
        for pid in self._processes():
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            used += int(fields[11]) + int(fields[12])
        return used / _TICKS

    def memory(self) -> int:
        """Bytes that its largest process holds."""
        pages = [
            int(Path(f"/proc/{pid}/statm").read_text().split()[1]) for pid in self._processes()
        ]
        return max(pages) * os.sysconf("SC_PAGE_SIZE")

    def get(self, target: str) -> tuple[bytes, str]:
        """The body and the entity tag of an answer. Raises RuntimeError if it is not 200."""
        status, body, etag = _get(self.port, target)
        if status != http.client.OK:
            raise RuntimeError(f"{target} answers {status}: {body[:500]!r}")
        return body, etag

    def _processes(self) -> list[int]:
        children = Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text().split()
        return [self.pid, *map(int, children)]


@contextmanager
def onrecord(url: str, *, cache: bool = False, workers: int = 1) -> Iterator[Server]:
    """Our server, as `onrecord serve` starts it; without its response cache if not told else."""
    setting = {} if cache else {"RESPONSE_CACHE_MB": "0"}
    with _serving(
        [sys.executable, "-m", "app.cli", "serve"],
        LIST,
        DATABASE_URL=url,
        LOG_LEVEL="warning",
        WORKERS=str(workers),
        **setting,
    ) as server:
        yield server


@contextmanager
def tutorial(url: str) -> Iterator[Server]:
    """The tutorials' app."""
    with _uvicorn("tutorial:app", "/positions?limit=20", DATABASE_URL=url) as server:
        yield server


@contextmanager
def datasette(url: str) -> Iterator[Server]:
    """Datasette."""
    with _uvicorn("tables:app", "/-/versions.json", DATABASE_URL=url) as server:
        yield server


@contextmanager
def bare(app: str, body: Path, etag: str) -> Iterator[Server]:
    """The bare ASGI app: `page` or `unchanged`."""
    with _uvicorn(f"bare:{app}", "/", BENCH_BODY=str(body), BENCH_ETAG=etag) as server:
        yield server


@contextmanager
def _uvicorn(app: str, first: str, **env: str) -> Iterator[Server]:
    command = [sys.executable, "-m", "uvicorn", f"benchmarks.peers.{app}"]
    command += ["--log-level", "warning", "--no-server-header"]
    with _serving(command, first, **env) as server:
        yield server


@contextmanager
def _serving(command: list[str], first: str, **env: str) -> Iterator[Server]:
    """A process that serves on a free port, once it has answered `first`."""
    port = _free_port()
    given = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), **env}
    began = time.perf_counter()
    process = subprocess.Popen([*command, "--port", str(port)], cwd=ROOT, env=given)
    try:
        _wait(process, port, first)
        yield Server(port, process.pid, time.perf_counter() - began)
    finally:
        process.terminate()
        process.wait()


def _wait(process: subprocess.Popen[bytes], port: int, first: str) -> None:
    ends = time.monotonic() + _PATIENCE
    while time.monotonic() < ends:
        if process.poll() is not None:
            raise RuntimeError(f"The server ended with {process.returncode}.")
        try:
            if _get(port, first)[0] < http.client.INTERNAL_SERVER_ERROR:
                return
        except (OSError, http.client.HTTPException):
            time.sleep(0.005)
    raise RuntimeError(f"The server did not answer {first}.")


def _get(port: int, target: str) -> tuple[int, bytes, str]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=_PATIENCE)
    try:
        connection.request("GET", target)
        answer = connection.getresponse()
        return answer.status, answer.read(), answer.headers.get("ETag", "")
    finally:
        connection.close()


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])
