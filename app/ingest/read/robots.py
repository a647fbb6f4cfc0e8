"""robots.txt, as RFC 9309 has it: asked for once a day and host, and kept to."""

import re
import time
from collections.abc import Awaitable, Callable
from typing import Any, NamedTuple, Protocol

import httpx

from app.errors import AddressRefused, ArticleRefused

MAX_ROBOTS = 512_000
"""Bytes of a robots.txt that are read: the standard asks for 500 kibibytes."""

_DAY = 86_400.0
_MOMENT = 60.0
"""A host that did not say is asked again after so many seconds."""
_HOSTS = 2_000
_TOO_MANY = 429


class Answer(Protocol):
    """What is needed of a fetched robots.txt."""

    @property
    def status(self) -> int:
        """The HTTP status."""

    @property
    def body(self) -> bytes:
        """The file, or nothing where the status is not 200."""


Ask = Callable[[httpx.URL], Awaitable[Answer]]


class _Rules(NamedTuple):
    until: float
    parsed: Any
    """None: the host did not say, so nothing is allowed."""


class Robots:
    """What hosts allow to our user agent."""

    def __init__(self, user_agent: str) -> None:
        self._product = re.split("[/ ]", user_agent, maxsplit=1)[0]
        self._known: dict[str, _Rules] = {}

    async def check(self, url: httpx.URL, ask: Ask) -> None:
        """Raise AddressRefused for an address that its host's robots.txt disallows."""
        place = url.copy_with(raw_path=b"/robots.txt")
        rules = self._known.get(str(place))
        if rules is None or rules.until < time.monotonic():
            rules = await _asked(place, ask)
            if len(self._known) >= _HOSTS:
                self._known.clear()
            self._known[str(place)] = rules
        if rules.parsed is None:
            raise AddressRefused(f"{place} cannot be read just now, so nothing there is fetched.")
        if not rules.parsed.can_fetch(str(url), self._product):
            raise AddressRefused(f"{place} disallows it for {self._product}.")


async def _asked(place: httpx.URL, ask: Ask) -> _Rules:
    from protego import Protego  # noqa: PLC0415 - serving needs none

    now = time.monotonic()
    try:
        answer = await ask(place)
    except ArticleRefused:
        return _Rules(now + _MOMENT, None)
    if answer.status == _TOO_MANY or answer.status >= httpx.codes.INTERNAL_SERVER_ERROR:
        return _Rules(now + _MOMENT, None)
    said = answer.body.decode("utf-8", errors="replace")
    return _Rules(now + _DAY, Protego.parse(said))
