"""Fetching, from a real server on loopback: what it takes, and what it refuses by its reason."""

import gzip
import socket
import ssl
import zlib
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from ipaddress import ip_network
from pathlib import Path

import anyio
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from app.errors import AddressRefused, ArticleRefused, FetchFailed
from app.ingest.read.fetch import Fetcher
from tests.read.support import BOUNDS, LOOPBACK, Answer, Site, fetcher, names, page
from tests.read.support import site as serving


def why(url: str, kind: type[ArticleRefused], **bounds: object) -> str:
    with pytest.raises(kind) as error:
        fetcher(**bounds).fetch(url)
    return str(error.value)


def test_what_is_fetched(site: Site):
    got = fetcher(user_agent="OnRecord/9 (news@desk.example)").fetch(site.html("/a", page()))
    assert (got.url, got.status, got.body) == (site.url("/a"), 200, page().encode())
    assert got.content_type == "text/html; charset=utf-8"
    path, headers = site.asked[-1]
    assert path == "/a"
    assert headers["user-agent"] == "OnRecord/9 (news@desk.example)"
    assert headers["host"] == f"127.0.0.1:{site.port}"
    assert headers["accept-encoding"] == "gzip, deflate"


def test_loopback_is_refused_unless_it_is_allowed(site: Site):
    url = site.html("/a", page())
    said = why(url, AddressRefused, networks=())
    assert "127.0.0.1, which is no public address" in said
    assert "FETCH_NETWORKS" in said
    assert site.asked == []


def test_the_connection_goes_to_the_address_that_was_checked(site: Site):
    site.html("/a", page())
    resolve = names(ferrypost_example="127.0.0.1")
    got = Fetcher(BOUNDS, resolve).fetch(site.url("/a", host="ferrypost.example"))
    assert got.url == site.url("/a", host="ferrypost.example")
    assert site.asked[-1][1]["host"] == f"ferrypost.example:{site.port}"


def test_a_name_that_leads_elsewhere_the_second_time_is_refused(site: Site):
    site.html("/a", page())
    answers = iter([["127.0.0.1"], ["10.0.0.1"]])

    async def rebinding(_host: str, _port: int) -> list[str]:
        return next(answers)

    with pytest.raises(AddressRefused):
        Fetcher(BOUNDS, rebinding).fetch(site.url("/a", host="ferrypost.example"))
    assert site.asked == []


def test_the_next_address_is_tried_where_nobody_listens(site: Site):
    site.html("/a", page())
    resolve = names(ferrypost_example=["::1", "127.0.0.1"])
    bounds = replace(BOUNDS, networks=(*LOOPBACK, ip_network("::1/128")))
    assert Fetcher(bounds, resolve).fetch(site.url("/a", host="ferrypost.example")).status == 200


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_redirects_are_followed(site: Site, status: int):
    site.html("/b", page())
    got = fetcher().fetch(site.leads("/a", "/b", status))
    assert got.url == site.url("/b")


@pytest.mark.parametrize(
    ("target", "reason"),
    [
        ("http://10.0.0.1/", "10.0.0.1, which is no public address"),
        ("http://169.254.169.254/latest/meta-data", "169.254.169.254, which is no public"),
        ("http://[::ffff:10.0.0.1]/", "no public address"),
        ("file:///etc/passwd", "begin with http"),
        ("http://user:secret@127.0.0.1/", "holds a user"),
        ("http://[::1", "Invalid URL"),
    ],
)
def test_a_redirect_is_checked_like_the_first_address(site: Site, target: str, reason: str):
    said = why(site.leads("/a", target), ArticleRefused)
    assert reason in said
    assert "secret" not in said


def test_redirects_end(site: Site):
    site.leads("/a", "/b")
    assert "circle" in why(site.leads("/b", "/a"), FetchFailed)
    for number in range(9):
        site.leads(f"/{number}", f"/{number + 1}")
    assert "more than 5 times" in why(site.url("/0"), FetchFailed)


def test_what_is_not_there(site: Site):
    assert why(site.url("/none"), FetchFailed) == "It answers 404 (Not Found)."


def test_a_server_that_falls_silent_is_not_waited_for(site: Site):
    site.answers["/a"] = Answer(b"<p>", stalls=True)
    assert why(site.url("/a"), FetchFailed, seconds=0.3) == "It took more than 0.3 seconds."


def test_a_name_server_that_falls_silent_is_not_waited_for():
    async def silent(_host: str, _port: int) -> list[str]:
        await anyio.sleep_forever()
        raise AssertionError

    short = replace(BOUNDS, seconds=0.2)
    with pytest.raises(FetchFailed, match=r"more than 0\.2 seconds"):
        Fetcher(short, silent).fetch("http://ferrypost.example/")


def test_a_server_that_closes_at_once(site: Site):
    site.answers["/a"] = Answer(b"", headers={"Content-Length": "nonsense"})
    assert "does not answer as it should" in why(site.url("/a"), FetchFailed)


def test_nobody_listens():
    with closing(socket.socket()) as unused:
        unused.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{unused.getsockname()[1]}/robots.txt"
        said = why(url, ArticleRefused)
    assert "robots.txt cannot be read" in said


def test_a_body_has_a_limit(site: Site):
    url = site.html("/a", b"x" * 1001)
    assert "larger than 1000 bytes" in why(url, FetchFailed, size=1000)
    assert len(fetcher(size=1001).fetch(url).body) == 1001


def test_a_body_that_does_not_say_how_long_it_is_has_a_limit(site: Site):
    chunked = b"".join(b"3e8\r\n" + b"x" * 1000 + b"\r\n" for _ in range(3)) + b"0\r\n\r\n"
    headers = {"Transfer-Encoding": "chunked", "Content-Type": "text/html"}
    site.answers["/a"] = Answer(chunked, headers=headers)
    assert "larger than 2000 bytes" in why(site.url("/a"), FetchFailed, size=2000)


def compressed(site: Site, coding: str, body: bytes) -> str:
    site.answers["/a"] = Answer(
        body, headers={"Content-Encoding": coding, "Content-Type": "text/html"}
    )
    return site.url("/a")


@pytest.mark.parametrize(
    ("coding", "body"),
    [
        ("gzip", gzip.compress(page().encode())),
        ("x-gzip", gzip.compress(page().encode()[:99]) + gzip.compress(page().encode()[99:])),
        ("deflate", zlib.compress(page().encode())),
        ("deflate", zlib.compress(page().encode(), wbits=-15)),
        ("identity", page().encode()),
    ],
)
def test_what_comes_compressed_is_unpacked(site: Site, coding: str, body: bytes):
    assert fetcher().fetch(compressed(site, coding, body)).body == page().encode()


def test_a_bomb_is_not_unpacked(site: Site):
    bomb = gzip.compress(b"\0" * 100_000_000)
    assert len(bomb) < 200_000
    assert "larger than 200000 bytes" in why(compressed(site, "gzip", bomb), FetchFailed)


@pytest.mark.parametrize(
    ("coding", "body", "reason"),
    [
        ("gzip", b"no gzip at all", "no gzip"),
        ("gzip", gzip.compress(page().encode())[:-20], "ended in the middle"),
        ("br", b"x", "what was asked for is gzip, deflate"),
        ("gzip, gzip", b"x", "what was asked for is gzip, deflate"),
    ],
)
def test_what_cannot_be_unpacked(site: Site, coding: str, body: bytes, reason: str):
    assert reason in why(compressed(site, coding, body), FetchFailed)


def robots(site: Site, said: str, status: int = 200) -> None:
    site.answers["/robots.txt"] = Answer(said.encode(), status)


def test_robots_are_told_what_is_theirs(site: Site):
    robots(site, "User-agent: *\nDisallow: /private\nAllow: /private/open\nDisallow: /*.php$\n")
    one = fetcher()
    for path in ("/private/open/a", "/a", "/a.php?b"):
        assert one.fetch(site.html(path, page())).status == 200
    for path in ("/private/a", "/a.php"):
        with pytest.raises(AddressRefused, match=r"robots\.txt disallows it for OnRecord"):
            one.fetch(site.html(path, page()))
    assert site.paths == ["/robots.txt", "/private/open/a", "/a", "/a.php?b"]


def test_robots_go_by_our_name(site: Site):
    robots(site, "User-agent: desk\nDisallow: /\n\nUser-agent: *\nDisallow:\n")
    url = site.html("/a", page())
    assert fetcher().fetch(url).status == 200
    assert "for Desk" in why(url, AddressRefused, user_agent="Desk/1.0 (a@b.example)")


def test_robots_are_asked_where_a_redirect_leads(site: Site):
    with serving() as other:
        robots(other, "User-agent: *\nDisallow: /\n")
        said = why(site.leads("/a", other.html("/b", page())), AddressRefused)
        assert said.startswith(f"It leads to {other.url('/b')}. ")
        assert other.paths == ["/robots.txt"]


@pytest.mark.parametrize(
    ("status", "allowed"), [(404, True), (403, True), (500, False), (429, False)]
)
def test_a_host_that_does_not_say(site: Site, status: int, allowed: bool):
    robots(site, "", status)
    url = site.html("/a", page())
    if allowed:
        assert fetcher().fetch(url).status == 200
    else:
        assert "cannot be read just now" in why(url, AddressRefused)


def test_robots_that_lead_inward_are_not_followed(site: Site):
    site.leads("/robots.txt", "http://10.0.0.1/robots.txt")
    assert "cannot be read just now" in why(site.html("/a", page()), AddressRefused)


@pytest.fixture(scope="module")
def certified(tmp_path_factory: pytest.TempPathFactory) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """What a server for ferrypost.example shows, and what a client needs to believe it."""
    folder = tmp_path_factory.mktemp("tls")
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "The Ferry Post")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("ferrypost.example")]), False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = made.public_bytes(serialization.Encoding.PEM)
    secret = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    path = Path(folder, "server.pem")
    path.write_bytes(pem + secret)
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(path)
    return server, ssl.create_default_context(cadata=pem.decode())


@pytest.fixture
def secure(certified: tuple[ssl.SSLContext, ssl.SSLContext]) -> Iterator[Site]:
    with serving(certified[0]) as site:
        yield site


def test_tls_is_for_the_name_and_not_the_address(
    secure: Site, certified: tuple[ssl.SSLContext, ssl.SSLContext]
):
    named: list[str | None] = []
    certified[0].sni_callback = lambda _socket, name, _context: named.append(name)
    secure.html("/a", page())
    resolve = names(ferrypost_example="127.0.0.1", copies_example="127.0.0.1")
    one = Fetcher(BOUNDS, resolve, certified[1])
    assert one.fetch(secure.url("/a", "ferrypost.example", "https")).status == 200
    assert set(named) == {"ferrypost.example"}
    assert secure.asked[-1][1]["host"] == f"ferrypost.example:{secure.port}"
    asked = len(secure.asked)
    with pytest.raises(ArticleRefused):
        one.fetch(secure.url("/a", "copies.example", "https"))
    assert len(secure.asked) == asked


def test_it_can_be_waited_for_within_an_event_loop(site: Site):
    url = site.html("/a", page())

    async def both() -> list[int]:
        one = fetcher()
        return [(await one.get(url)).status, (await one.get(url)).status]

    assert anyio.run(both) == [200, 200]
    assert site.paths == ["/robots.txt", "/a", "/a"]
