"""A web server on loopback that says what a test tells it to, and the pages it gives."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_network
from ssl import SSLContext
from threading import Event, Thread
from typing import Any

from app.ingest.read.fetch import Bounds, Fetcher
from app.ingest.read.source import Read, Refused, Source

LOOPBACK = (ip_network("127.0.0.0/8"),)
BOUNDS = Bounds(networks=LOOPBACK, size=200_000)

PARAGRAPHS = (
    "The ministry said on Friday that talks with its neighbour had come to a stop, and that no "
    "date for another round had been set by either of the two sides.",
    "“We are ready to sit down again,” spokesperson Mira Holt said. “But nobody has called us.”",
    "Asked whether the truce was holding, Holt said she was not in a position to say, and that "
    "reports of shots along the border river were still being looked into by the army.",
)
HEADLINE = "Talks on the river border come to a stop"
TEXT = "\n\n".join((HEADLINE, *PARAGRAPHS)) + "\n"
"""What every form of the article is read as."""


def page(*paragraphs: str, head: str = "", headline: str = HEADLINE, charset: str = "utf-8") -> str:
    """A page as newspapers make them: the story between menus and notices."""
    body = "".join(f"<p>{each}</p>" for each in paragraphs or PARAGRAPHS)
    return (
        f'<!DOCTYPE html><html lang="en-GB"><head><meta charset="{charset}">'
        f"<title>{headline} | The Ferry Post</title>{head}</head><body>"
        '<nav><ul><li><a href="/">Home</a></li><li><a href="/world">World</a></li></ul></nav>'
        f"<main><article><h1>{headline}</h1>{body}</article></main>"
        '<aside><a href="/more">Ten bridges you must see</a></aside>'
        "<footer>© 2019 The Ferry Post. All rights reserved.</footer></body></html>"
    )


DECLARED = (
    '<meta property="og:site_name" content="The Ferry Post">'
    '<meta name="author" content="Ada Quill">'
    '<meta property="article:published_time" content="2025-11-14T22:30:00-05:00">'
    '<link rel="canonical" href="https://ferrypost.example/border-talks">'
)


@dataclass
class Answer:
    """What a path answers."""

    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    stalls: bool = False
    """After the body nothing comes, and the connection stays."""


@dataclass
class Site:
    """A server's paths, and what was asked of it."""

    port: int
    answers: dict[str, Answer] = field(default_factory=dict)
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    over: Event = field(default_factory=Event)

    def url(self, path: str = "/", host: str = "127.0.0.1", scheme: str = "http") -> str:
        return f"{scheme}://{host}:{self.port}{path}"

    def html(self, path: str, markup: str | bytes, kind: str = "text/html; charset=utf-8") -> str:
        body = markup if isinstance(markup, bytes) else markup.encode()
        self.answers[path] = Answer(body, headers={"Content-Type": kind})
        return self.url(path)

    def leads(self, path: str, target: str, status: int = 302) -> str:
        self.answers[path] = Answer(status=status, headers={"Location": target})
        return self.url(path)

    @property
    def paths(self) -> list[str]:
        return [path for path, _ in self.asked]


@contextmanager
def site(tls: SSLContext | None = None) -> Iterator[Site]:
    """A server for the length of a block."""

    class Quiet(ThreadingHTTPServer):
        daemon_threads = False

        def handle_error(self, request: Any, client_address: Any) -> None:
            """A client that hangs up, or does not believe us, is what some tests are about."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            served.asked.append((self.path, {k.lower(): v for k, v in self.headers.items()}))
            answer = served.answers.get(self.path, Answer(b"", 404))
            self.send_response(answer.status)
            length = len(answer.body) + (1 if answer.stalls else 0)
            for name, value in ({"Content-Length": str(length)} | answer.headers).items():
                self.send_header(name, value)
            self.end_headers()
            try:
                self.wfile.write(answer.body)
                self.wfile.flush()
            except OSError:
                self.close_connection = True
            if answer.stalls:
                served.over.wait()

        def log_message(self, format: str, *args: Any) -> None:
            pass

    server = Quiet(("127.0.0.1", 0), Handler)
    if tls is not None:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    served = Site(server.server_address[1])
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield served
    finally:
        served.over.set()
        server.shutdown()
        thread.join()
        server.server_close()


def names(**known: str | list[str]) -> Callable[[str, int], Any]:
    """A resolver that knows these hosts, and what is written as an address."""

    async def resolve(host: str, port: int) -> list[str]:
        found = known.get(host.replace(".", "_"), host)
        return [found] if isinstance(found, str) else found

    return resolve


def fetcher(**bounds: Any) -> Fetcher:
    """A fetcher that may go to loopback."""
    return Fetcher(replace(BOUNDS, **bounds))


def sources(read: Read) -> list[Source]:
    """All articles; nothing may be refused."""
    found = []
    for each in read:
        assert isinstance(each, Source), each
        found.append(each)
    return found


def source(read: Read) -> Source:
    """The one article."""
    found = sources(read)
    assert len(found) == 1
    return found[0]


def refused(read: Read) -> Refused:
    """The one refusal."""
    found = list(read)
    assert len(found) == 1
    assert isinstance(found[0], Refused), found[0]
    return found[0]
