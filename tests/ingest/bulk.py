"""What the tests of export and import share: files in memory, and forging them."""

import io
from collections.abc import Callable, Iterable
from copy import deepcopy
from typing import Any

import orjson
import pytest

from app.canonical import digest
from app.db import Database
from app.errors import RecordRefused
from app.ingest import shapes
from app.ingest.bulk.dump import Summary, export
from app.ingest.bulk.files import Reader, Writer
from app.ingest.bulk.restore import restore
from app.ingest.changes import GENESIS, change_digest
from app.ingest.store import article_id, fact_id
from tests.ingest.support import sha256, sizes

Line = dict[str, Any]
KINDS = {kind.name: kind for kind in shapes.KINDS}


def exported(database: Database, *, texts: bool = True) -> bytes:
    """The record of a database as a file."""
    stream = io.BytesIO()
    with database.read() as session:
        export(session, Writer(stream), texts=texts)
    return stream.getvalue()


def imported(database: Database, raw: bytes, **more: Any) -> Summary:
    """Read a file into a database."""
    return restore(database, Reader(io.BytesIO(raw)), **more)


def refusal(database: Database, raw: bytes, **more: Any) -> str:
    """Why a file is refused. Nothing of it is stored."""
    with pytest.raises(RecordRefused) as refused:
        imported(database, raw, **more)
    assert not any(sizes(database).values())
    said = str(refused.value)
    assert said.startswith("The file is refused; nothing was stored.\n  line ")
    return said.partition("\n  ")[2]


def lines_of(raw: bytes) -> list[Line]:
    """The lines of a file, read."""
    return [orjson.loads(line) for line in raw.splitlines()]


def written(lines: Iterable[Line]) -> bytes:
    """Lines as a file."""
    return b"".join(orjson.dumps(line) + b"\n" for line in lines)


def sealed(lines: list[Line]) -> bytes:
    """Lines as whoever forges them would write them: with all digests and counts put right."""
    header, *others = deepcopy(lines)
    others = [line for line in others if line["line"] != "end"]
    previous, at = GENESIS, len(others)
    starts = [i for i, line in enumerate(others) if line["line"] == "change"]
    for start, at in zip(starts, [*starts[1:], len(others)], strict=True):
        versions = [line for line in others[start:at] if line["line"] == "version"]
        for line in versions:
            line["digest"] = digest(line["content"])
        entries = [
            {name: line[name] for name in ("kind", "id", "rev", "change_type", "digest")}
            for line in versions
        ]
        previous = others[start]["digest"] = change_digest(previous, others[start], entries)
    counts = {
        f"{sort}s": sum(line["line"] == sort for line in others)
        for sort in ("change", "version", "text")
    }
    header |= {"version": len(starts) - 1, "digest": previous, "versions": counts["versions"]}
    raw = written([header, *others])
    end = {"line": "end", "lines": len(others) + 2, **counts, "sha256": sha256(raw.decode())}
    return raw + written([end])


def forged(raw: bytes, edit: Callable[[list[Line]], None]) -> bytes:
    """A file in which something was edited, and all digests put right."""
    lines = lines_of(raw)
    edit(lines)
    return sealed(lines)


def of(lines: list[Line], kind: str, number: int = 0) -> Line:
    """A version of a kind."""
    return [line for line in lines if line.get("kind") == kind and line["line"] == "version"][
        number
    ]


def grown(raw: bytes, times: int) -> bytes:
    """The file of the seed, with its article and all facts cloned under other texts."""
    lines = lines_of(raw)[:-1]
    at = max(i for i, line in enumerate(lines) if line["line"] == "change")
    change, versions = lines[at], lines[at + 1 :]
    cloned = [line for line in versions if "record_digest" in line]
    for number in range(1, times + 1):
        text_sha256 = sha256(f"clone {number}")
        ids = {change["article_id"]: article_id(text_sha256)}
        for line in cloned:
            if "origin" in line:
                key = line["origin"]["record_key"]
                ids[line["id"]] = fact_id(KINDS[line["kind"]], text_sha256, key)
        topics = dict.fromkeys(change["topics"], 1 + number)
        moment = f"2099-01-01T00:00:00.{number:06}Z"
        lines.append(_renamed(change | {"seq": 1 + number, "at": moment, "topics": topics}, ids))
        for line in cloned:
            clone = _renamed(line, ids)
            if line["kind"] == "article":
                clone["content"]["text_sha256"] = text_sha256
            lines.append(clone)
    return sealed(lines)


def _renamed(part: Any, names: dict[str, str]) -> Any:
    if isinstance(part, dict):
        return {key: _renamed(value, names) for key, value in part.items()}
    if isinstance(part, list):
        return [_renamed(each, names) for each in part]
    return names.get(part, part) if isinstance(part, str) else part
