"""Where exports are written and read: files, compressed ones by their name, standard streams."""

import hashlib
import os
import sys
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from gzip import BadGzipFile, GzipFile
from itertools import count
from pathlib import Path
from typing import IO

from app.errors import Fault, RecordRefused
from app.ingest.bulk.lines import Line, encode, refused

MAX_LINE = 1 << 28
"""Bytes in a line: more than any article's text has."""

_LEVEL = 6
"""Of compression: beyond, it takes much longer for little."""


class Writer:
    """Writes lines, and knows how many there were and what their hash is."""

    def __init__(self, stream: IO[bytes] | GzipFile) -> None:
        self._stream = stream
        self._hash = hashlib.sha256()
        self.lines = 0

    @property
    def sha256(self) -> str:
        """SHA-256 of all lines so far."""
        return self._hash.hexdigest()

    def write(self, line: Line) -> None:
        """Write a line."""
        raw = encode(line)
        self._hash.update(raw)
        self._stream.write(raw)
        self.lines += 1


class Reader:
    """Reads lines one by one, as they are written."""

    def __init__(self, stream: IO[bytes] | GzipFile) -> None:
        self._stream = stream
        self._hash = hashlib.sha256()

    @property
    def sha256(self) -> str:
        """SHA-256 of all lines before the last one read."""
        return self._hash.hexdigest()

    def __iter__(self) -> Iterator[tuple[int, bytes]]:
        """The lines with their numbers. Raises RecordRefused where the file stops short."""
        for number in count(1):
            raw = self._line(number)
            if not raw:
                return
            yield number, raw
            self._hash.update(raw)

    def _line(self, number: int) -> bytes:
        try:
            raw = self._stream.readline(MAX_LINE)
        except (EOFError, zlib.error, BadGzipFile) as error:
            reason = str(error).rstrip(".")
            raise refused(number, Fault(f"the compressed file is damaged ({reason}).")) from None
        except OSError as error:
            raise RecordRefused(f"The file cannot be read ({error.strerror}).") from error
        if raw and not raw.endswith(b"\n"):
            raise refused(number, Fault("the file is cut off, or is no export: no line ends here."))
        return raw


@contextmanager
def reading(path: Path | None) -> Iterator[Reader]:
    """A file to be read, or standard input. Raises RecordRefused if it cannot be."""
    if path is None:
        yield Reader(sys.stdin.buffer)
        return
    try:
        stream = path.open("rb")
    except OSError as error:
        raise RecordRefused(f"{path} cannot be read ({error.strerror}).") from error
    with stream:
        if path.suffix == ".gz":
            with GzipFile(fileobj=stream) as plain:
                yield Reader(plain)
        else:
            yield Reader(stream)


@contextmanager
def writing(path: Path | None) -> Iterator[Writer]:
    """A file to be written, or standard output. A file is there whole, or is as it was before."""
    if path is None:
        yield Writer(sys.stdout.buffer)
        sys.stdout.buffer.flush()
        return
    if path.exists() and not path.is_file():  # a pipe, or a device
        with path.open("wb") as stream:
            yield Writer(stream)
        return
    unfinished = path.with_name(f"{path.name}.part")
    try:
        with unfinished.open("wb") as stream:
            if path.suffix == ".gz":
                # Neither name nor time of day: the same record is the same bytes.
                with GzipFile("", "wb", _LEVEL, stream, mtime=0) as packed:
                    yield Writer(packed)
            else:
                yield Writer(stream)
            stream.flush()
            os.fsync(stream.fileno())
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)
