"""Asks one server as fast as it answers, over connections that stay open, in a process of its own.

Plain sockets and one selector: that costs less per answer than any server here spends on it, so no
tool has to be installed. It reads what to do as JSON from standard input and writes what it found
as JSON to standard output. Every answer's status is checked and its body read to the end. Whatever
was asked is waited for and counted, so that no server is still busy when the next one is measured.
"""

import json
import select
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from itertools import cycle
from pathlib import Path

CONNECTIONS = 32
_PATIENCE = 60
"""Seconds after which a server that answers nothing at all is given up."""
_CHUNK = 1 << 18
_END = b"\r\n\r\n"
_LENGTH = b"\r\ncontent-length:"
_CHUNKED = -1
"""Stands for the length of an answer in chunks."""
_LAST_CHUNK = b"\r\n0\r\n\r\n"
"""No JSON holds these bytes."""


@dataclass(frozen=True)
class Ask:
    """What is asked for, over and over: the targets in turn, each with the same headers."""

    targets: Sequence[str]
    headers: dict[str, str] = field(default_factory=dict)
    status: int = 200
    connections: int = CONNECTIONS


@dataclass(frozen=True)
class Found:
    """What came of it."""

    answers: int
    seconds: float
    p50: float
    """Milliseconds from a request to the end of its answer: half are faster."""
    p99: float

    @property
    def rate(self) -> float:
        """Answers per second."""
        return self.answers / self.seconds


class BadAnswer(Exception):
    """An answer with another status than the one expected; its beginning is the message."""


def put(port: int, ask: Ask, seconds: float, most: int | None = None) -> Found:
    """Ask the server at this port for so many seconds, in a process of its own.

    `most` ends it after so many answers. Raises BadAnswer if one has the wrong status.
    """
    plan = {"port": port, "ask": asdict(ask), "seconds": seconds, "most": most}
    done = subprocess.run(
        [sys.executable, "-IS", Path(__file__)],
        input=json.dumps(plan),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise BadAnswer(done.stderr.strip())
    return Found(**json.loads(done.stdout))


class _Connection:
    """One connection: a request is on its way, or its answer."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=_PATIENCE)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.request = b""
        self.asked_at = 0.0
        self.left = 0
        """Bytes of the answer still to come; 0 before its beginning has been read."""
        self.tail = b""
        """The last bytes of an answer in chunks, which does not tell its length."""

    def ask(self, request: bytes, now: float) -> None:
        self.request, self.asked_at, self.left, self.tail = request, now, 0, b""
        self.socket.sendall(request)


@dataclass(frozen=True)
class _Head:
    """How the head of an answer to some request looked; most that follow look the same."""

    length: slice
    """Where the length of the body stands."""
    told: bytes
    end: slice
    bytes: int
    """Of the whole answer."""


class _Reader:
    """Reads answers, without parsing a head that ends and tells the length where the last did."""

    def __init__(self, status: int) -> None:
        self._begins = f"HTTP/1.1 {status} ".encode()
        self._buffer = bytearray(_CHUNK)
        self._known: dict[bytes, _Head] = {}

    def complete(self, connection: _Connection) -> bool:
        """Read what there is; whether that was the end of the answer."""
        received = connection.socket.recv_into(self._buffer)
        if not received:
            raise BadAnswer("The server closed the connection.")
        left = connection.left or self._length(connection, received)
        if left == _CHUNKED:
            connection.left = left
            connection.tail = (connection.tail + self._buffer[:received])[-len(_LAST_CHUNK) :]
            return connection.tail == _LAST_CHUNK
        connection.left = left - received
        return left == received

    def _length(self, connection: _Connection, received: int) -> int:
        """How many bytes the answer has that begins in the buffer."""
        buffer = self._buffer
        if not buffer.startswith(self._begins):
            raise BadAnswer(buffer[: min(received, 2000)].decode(errors="replace"))
        known = self._known.get(connection.request)
        if known and buffer[known.length] == known.told and buffer[known.end] == _END:
            return known.bytes
        end = buffer.find(_END, 0, received)
        if end < 0:
            raise BadAnswer("The head of an answer came in parts.")
        head = bytes(buffer[: end + 2]).lower()
        if b"\r\ntransfer-encoding: chunked" in head:
            return _CHUNKED
        at = head.find(_LENGTH)
        length = slice(at, head.find(b"\r\n", at + 2) + 2)
        size = end + 4 + _body_length(head)
        self._known[connection.request] = _Head(
            length, bytes(buffer[length]), slice(end, end + 4), size
        )
        return size


def _body_length(head: bytes) -> int:
    """The body's length; 304 has none."""
    at = head.find(_LENGTH)
    if at < 0:
        if head.startswith(b"http/1.1 304"):
            return 0
        raise BadAnswer("An answer without Content-Length.")
    return int(head[at + len(_LENGTH) :].split(b"\r\n", 1)[0])


def _run(port: int, ask: Ask, seconds: float, most: int | None) -> Found:
    requests = cycle([_request(target, ask.headers) for target in ask.targets])
    reader, clock = _Reader(ask.status), time.perf_counter
    took: list[float] = []
    connections = {each.socket.fileno(): each for each in _connected(port, ask.connections)}
    with select.epoll() as epoll:
        for number in connections:
            epoll.register(number, select.EPOLLIN)
        began = now = clock()
        ends = began + seconds
        for each in connections.values():
            each.ask(next(requests), now)
        waiting = asked = len(connections)
        while waiting:
            ready = epoll.poll(_PATIENCE)
            if not ready:
                raise BadAnswer(f"No answer within {_PATIENCE} seconds.")
            for number, _ in ready:
                each = connections[number]
                if not reader.complete(each):
                    continue
                now = clock()
                took.append(now - each.asked_at)
                if now < ends and (most is None or asked < most):
                    each.ask(next(requests), now)
                    asked += 1
                else:
                    # It may be closed by the server for lying idle while the others are waited for.
                    epoll.unregister(number)
                    waiting -= 1
    return _found(took, now - began)


def _connected(port: int, many: int) -> list[_Connection]:
    return [_Connection(port) for _ in range(many)]


def _request(target: str, headers: dict[str, str]) -> bytes:
    lines = [f"GET {target} HTTP/1.1", "Host: 127.0.0.1"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode()


def _found(took: list[float], seconds: float) -> Found:
    ordered = sorted(took)
    p50, p99 = (1000 * ordered[int(len(ordered) * share)] for share in (0.5, 0.99))
    return Found(len(took), seconds, p50, p99)


def _main() -> None:
    plan = json.load(sys.stdin)
    try:
        found = _run(plan["port"], Ask(**plan["ask"]), plan["seconds"], plan["most"])
    except (BadAnswer, OSError) as error:
        sys.exit(str(error))
    json.dump(asdict(found), sys.stdout)


if __name__ == "__main__":
    _main()
