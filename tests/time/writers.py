"""Many processes that write at the same time, and what they were answered."""

import json
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from app import keys
from app.codelists import Scope
from app.db import Database
from tests.http.helpers import Entry
from tests.support import PATIENCE

SCRIPT = Path(__file__).with_name("writer.py")


class Writers:
    """Processes at work."""

    def __init__(self, processes: Sequence[subprocess.Popen[str]], logs: Sequence[Path]) -> None:
        self.processes = processes
        self._logs = logs

    def start(self, seconds: float) -> None:
        """Let them all begin, once they are ready."""
        ready_by = time.time() + PATIENCE
        while not all(log.read_text(encoding="utf-8") for log in self._logs):
            assert time.time() < ready_by, "the writers did not start"
            time.sleep(0.05)
        until = time.time() + seconds
        for process in self.processes:
            assert process.stdin is not None
            process.stdin.write(f"{until}\n")
            process.stdin.close()

    def wait(self) -> None:
        """Let them come to their end."""
        for process in self.processes:
            assert process.wait(PATIENCE) == 0

    def answers(self) -> list[Entry]:
        """What they were answered, each line with the name of the writer."""
        return [
            json.loads(line) | {"by": log.stem}
            for log in self._logs
            for line in log.read_text(encoding="utf-8").splitlines()[1:]
        ]


@contextmanager
def writing(database: Database, folder: Path, number: int, **job: Any) -> Iterator[Writers]:
    """Writers for the length of a block, each with a key of its own; they wait for the start."""
    processes, logs = [], []
    try:
        for name in (f"writer-{n}" for n in range(number)):
            with database.write() as session:
                key = keys.create(session, name, [Scope.ADMIN], None)
            logs.append(folder / f"{name}.log")
            with logs[-1].open("w") as out:
                process = subprocess.Popen(
                    [sys.executable, SCRIPT], stdin=subprocess.PIPE, stdout=out, text=True
                )
            processes.append(process)
            assert process.stdin is not None
            process.stdin.write(json.dumps({"name": name, "key": key, **job}) + "\n")
            process.stdin.flush()
        yield Writers(processes, logs)
    finally:
        for process in processes:
            process.kill()
            process.wait()
            if process.stdin is not None:
                process.stdin.close()
