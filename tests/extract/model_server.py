"""A server on loopback that speaks the chat-completions protocol, as badly as it is told to."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Any

Turn = Callable[["Handler"], None]
"""How one request is answered."""

USAGE = {"prompt_tokens": 1000, "completion_tokens": 200}


class ModelServer(ThreadingHTTPServer):
    """Answers each request with the next of its turns, the last one for ever."""

    daemon_threads = True

    def __init__(self, turns: list[Turn]) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.turns = turns
        self.asked: list[dict[str, Any]] = []
        """The bodies of the requests so far."""
        self.keys: list[str | None] = []
        """Their `Authorization` headers."""
        self.closing = Event()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/v1"

    def turn(self) -> Turn:
        return self.turns[min(len(self.asked), len(self.turns)) - 1]


class Handler(BaseHTTPRequestHandler):
    """One connection."""

    server: ModelServer
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.asked.append(json.loads(body))
        self.server.keys.append(self.headers["Authorization"])
        assert self.path == "/v1/chat/completions"
        self.server.turn()(self)

    def answer(self, status: int, body: bytes, **headers: str) -> None:
        self.send_response(status)
        for name, value in {"Content_Length": str(len(body)), **headers}.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@contextmanager
def model_server(*turns: Turn) -> Iterator[ModelServer]:
    """A server for the length of a block."""
    with ModelServer(list(turns)) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield server
        finally:
            server.closing.set()
            server.shutdown()
            thread.join()


def completion(content: object, finish: str = "stop", usage: object = USAGE) -> bytes:
    """A chat completion in which the model says this."""
    said = content if isinstance(content, str | None) else json.dumps(content)
    choice = {"index": 0, "message": {"role": "assistant", "content": said}}
    whole = {"object": "chat.completion", "choices": [{**choice, "finish_reason": finish}]}
    return json.dumps(whole | ({"usage": usage} if usage is not None else {})).encode()


def says(content: object, finish: str = "stop", usage: object = USAGE) -> Turn:
    """The model says this."""
    return lambda handler: handler.answer(200, completion(content, finish, usage))


def answers(status: int, body: str = "", **headers: str) -> Turn:
    """The server says this, and the model nothing."""
    return lambda handler: handler.answer(status, body.encode(), **headers)


def cut(content: object) -> Turn:
    """The connection ends in the middle of the answer."""

    def turn(handler: Handler) -> None:
        whole = completion(content)
        handler.answer(200, whole[: len(whole) // 2], Content_Length=str(len(whole)))
        handler.close_connection = True

    return turn


def silent(handler: Handler) -> None:
    """Nothing comes, until the server ends."""
    handler.server.closing.wait()
    handler.close_connection = True


def drips(handler: Handler) -> None:
    """The answer comes byte by byte and never ends."""
    handler.answer(200, b"", Content_Length="1000000")
    while not handler.server.closing.is_set():
        try:
            handler.wfile.write(b" ")
        except OSError:
            break
    handler.close_connection = True
