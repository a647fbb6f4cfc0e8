"""Bodies that come compressed, unpacked no further than a limit."""

import zlib

from app.errors import FetchFailed

ACCEPTED = "gzip, deflate"
"""What is asked for: codings whose output can be bounded while it is made."""

_GZIP, _ZLIB, _RAW = 31, 15, -15


class Inflated:
    """A body as it grows, in its own form; what goes beyond the limit is never made."""

    def __init__(self, coding: str, limit: int) -> None:
        self._coding = coding.strip().lower()
        if self._coding not in ("", "identity", "gzip", "x-gzip", "deflate"):
            raise FetchFailed(f"It comes as {coding!r}; what was asked for is {ACCEPTED}.")
        self._limit = limit
        self._parts: list[bytes] = []
        self._size = 0
        self._stream: zlib._Decompress | None = None

    def feed(self, chunk: bytes) -> None:
        """Take a piece of what was sent. Raises FetchFailed beyond the limit."""
        if self._coding in ("", "identity"):
            self._add(chunk)
            return
        try:
            self._inflate(chunk)
        except zlib.error as error:
            raise FetchFailed(f"It is no {self._coding} ({error}).") from None

    def whole(self) -> bytes:
        """The body. Raises FetchFailed if it ended too early."""
        if self._stream is not None and not self._stream.eof:
            raise FetchFailed(f"It ended in the middle of its {self._coding}.")
        return b"".join(self._parts)

    def _inflate(self, chunk: bytes) -> None:
        while chunk:
            if self._stream is None or self._stream.eof:  # gzip may have several members
                self._stream = zlib.decompressobj(self._window(chunk))
            self._add(self._stream.decompress(chunk, self._limit - self._size + 1))
            chunk = self._stream.unused_data or self._stream.unconsumed_tail

    def _window(self, chunk: bytes) -> int:
        """How the stream is wrapped; `deflate` comes with zlib's header, and from some without."""
        if self._coding != "deflate":
            return _GZIP
        return _ZLIB if chunk[0] & 0x0F == 8 else _RAW

    def _add(self, part: bytes) -> None:
        self._size += len(part)
        if self._size > self._limit:
            raise FetchFailed(f"It is larger than {self._limit} bytes.")
        self._parts.append(part)
