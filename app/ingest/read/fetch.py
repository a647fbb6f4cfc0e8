"""Addresses fetched: with a deadline, a limit of size, and each hop checked before it is made.

Nothing is tried twice: whoever asked sees the reason and can ask again. Proxies are not used, since
behind one nobody could say where the connection goes.
"""

import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Self

import anyio
import httpx

from app.errors import ArticleRefused, FetchFailed
from app.ingest.read.addresses import (
    Address,
    Networks,
    Resolver,
    address_of,
    checked,
    networks_of,
    system_resolver,
)
from app.ingest.read.inflate import ACCEPTED, Inflated
from app.ingest.read.robots import MAX_ROBOTS, Robots
from app.settings import Settings

MAX_REDIRECTS = 5
_REDIRECTS = (301, 302, 303, 307, 308)
_TYPES = "text/html, application/xhtml+xml, application/rss+xml, application/atom+xml, "
_TYPES += "application/xml;q=0.9, text/xml;q=0.9, text/plain;q=0.8"


@dataclass(frozen=True, slots=True)
class Bounds:
    """What a fetch may take, and where it may go."""

    seconds: float = 20.0
    """For all of it: names, robots.txt, redirects and the body."""
    size: int = 10_000_000
    """Bytes of a body, unpacked."""
    networks: Networks = ()
    """Networks that may be connected to beside public addresses."""
    user_agent: str = "OnRecord"

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """The bounds of a deployment."""
        return cls(
            seconds=settings.fetch_seconds,
            size=settings.article_mb * 1_000_000,
            networks=networks_of(settings.fetch_networks),
            user_agent=settings.fetch_user_agent,
        )


@dataclass(frozen=True, slots=True)
class Fetched:
    """What an address gave."""

    url: str
    """Where it was found in the end."""
    status: int
    content_type: str | None
    body: bytes


class Fetcher:
    """Fetches addresses. May be shared by threads; remembers what hosts allow to robots."""

    def __init__(
        self,
        bounds: Bounds,
        resolve: Resolver = system_resolver,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self.bounds = bounds
        self._resolve = resolve
        self._given_tls = tls
        self._robots = Robots(bounds.user_agent)

    @cached_property
    def _tls(self) -> ssl.SSLContext:
        """Made when it is first needed: reading all certificates takes a while."""
        return self._given_tls or httpx.create_ssl_context()

    def fetch(self, url: str) -> Fetched:
        """What an address gives: of HTML, a feed or a plain text.

        Not from within an event loop: there, wait for `get`.

        Raises:
            AddressRefused: it may not be fetched.
            FetchFailed: it gives nothing that can be read, or not in time.
        """
        return anyio.run(self.get, url)

    async def get(self, url: str) -> Fetched:
        """The same within an event loop."""
        try:
            with anyio.fail_after(self.bounds.seconds):
                async with self._client() as client:
                    ask = partial(self._follow, client, size=self.bounds.size, robots=True)
                    fetched = await ask(address_of(url))
        except TimeoutError:
            raise FetchFailed(f"It took more than {self.bounds.seconds:g} seconds.") from None
        if fetched.status != httpx.codes.OK:
            raise FetchFailed(f"It answers {fetched.status}{_phrase(fetched.status)}.")
        return fetched

    def _client(self) -> httpx.AsyncClient:
        # A connection belongs to one host: kept, it would serve any other one at that address.
        return httpx.AsyncClient(
            verify=self._tls,
            trust_env=False,
            timeout=self.bounds.seconds,
            limits=httpx.Limits(max_keepalive_connections=0),
            headers={"User-Agent": self.bounds.user_agent, "Accept-Encoding": ACCEPTED},
        )

    async def _follow(
        self, client: httpx.AsyncClient, url: httpx.URL, *, size: int, robots: bool
    ) -> Fetched:
        """What stands at the end of the redirects, each of which is checked like the first."""
        seen: set[httpx.URL] = set()
        while True:
            seen.add(url)
            try:
                fetched, target = await self._hop(client, url, size=size, robots=robots)
                if target is None:
                    return fetched
                url = address_of(target)
            except ArticleRefused as error:
                raise _on_the_way(error, url, len(seen)) from None
            if url in seen:
                raise FetchFailed(f"Its redirects go in a circle, over {url}.")
            if len(seen) > MAX_REDIRECTS:
                raise FetchFailed(f"It redirects more than {MAX_REDIRECTS} times.")

    async def _hop(
        self, client: httpx.AsyncClient, url: httpx.URL, *, size: int, robots: bool
    ) -> tuple[Fetched, str | None]:
        """One answer, and where it redirects to."""
        addresses = await checked(url, self._resolve, self.bounds.networks)
        if robots:
            ask = partial(self._follow, client, size=MAX_ROBOTS, robots=False)
            await self._robots.check(url, ask)
        try:
            return await self._ask(client, url, addresses, size)
        except httpx.TimeoutException:
            raise TimeoutError from None
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            reason = str(error) or type(error).__name__
            raise FetchFailed(f"It does not answer as it should ({reason}).") from None

    async def _ask(
        self, client: httpx.AsyncClient, url: httpx.URL, addresses: list[Address], size: int
    ) -> tuple[Fetched, str | None]:
        """Ask the first of the checked addresses that can be reached."""
        failed: httpx.ConnectError | None = None
        for address in addresses:
            request = client.build_request(
                "GET",
                url.copy_with(host=str(address)),
                headers={"Host": url.netloc.decode("ascii"), "Accept": _TYPES},
                extensions={"sni_hostname": url.raw_host.decode("ascii")},
            )
            try:
                response = await client.send(request, stream=True)
            except httpx.ConnectError as error:
                failed = error
                continue
            try:
                return await _answer(response, url, size)
            finally:
                await response.aclose()
        raise failed or FetchFailed("It has no address.")


async def _answer(
    response: httpx.Response, url: httpx.URL, size: int
) -> tuple[Fetched, str | None]:
    status, headers = response.status_code, response.headers
    location = headers.get("location")
    if status in _REDIRECTS and location:
        return Fetched(str(url), status, None, b""), str(url.join(location))
    body = b""
    if status == httpx.codes.OK:
        body = await _body(response, headers, size)
    return Fetched(str(url), status, headers.get("content-type"), body), None


async def _body(response: httpx.Response, headers: Mapping[str, str], size: int) -> bytes:
    announced = headers.get("content-length", "")
    if announced.isdecimal() and int(announced[:20]) > size:
        raise FetchFailed(f"It is larger than {size} bytes.")
    inflated = Inflated(headers.get("content-encoding", ""), size)
    async for chunk in response.aiter_raw():
        inflated.feed(chunk)
    return inflated.whole()


def _on_the_way(error: ArticleRefused, url: httpx.URL, hops: int) -> ArticleRefused:
    """The error, saying where the redirects had led to."""
    return type(error)(f"It leads to {url}. {error.detail}") if hops > 1 else error


def _phrase(status: int) -> str:
    phrase = httpx.codes.get_reason_phrase(status)
    return f" ({phrase})" if phrase else ""
