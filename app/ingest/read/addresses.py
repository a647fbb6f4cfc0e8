"""Where a fetch may connect to: public addresses, and the networks that the settings add.

A name is resolved once, every address it has is checked, and the connection goes to a checked
address. So a name that is resolved anew cannot lead elsewhere, and neither can a redirect.
"""

import socket
from collections.abc import Awaitable, Callable
from contextlib import suppress
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

import anyio
import httpx

from app.errors import AddressRefused, FetchFailed, brief

Address = IPv4Address | IPv6Address
Networks = tuple[IPv4Network | IPv6Network, ...]

Resolver = Callable[[str, int], Awaitable[list[str]]]
"""Gives the addresses of a host for a port. Raises OSError if it has none."""

MAX_URL = 2000
_NAT64 = ip_network("64:ff9b::/96")
_INWARD = tuple(map(ip_network, ("192.0.0.0/24", "192.88.99.0/24", "64:ff9b:1::/48", "3fff::/20")))
"""Networks for special purposes that not every release of Python knows as such."""


async def system_resolver(host: str, port: int) -> list[str]:
    """The addresses that the operating system knows for a host, in its order."""
    found = await anyio.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(each[4][0]) for each in found))


def networks_of(written: str | None) -> Networks:
    """The networks in a list separated by commas. Raises ValueError for one that is none."""
    return tuple(ip_network(each.strip()) for each in (written or "").split(",") if each.strip())


def address_of(url: str) -> httpx.URL:
    """An address that may be asked, without its fragment. Raises AddressRefused with the reason."""
    if len(url) > MAX_URL:
        raise AddressRefused(f"The address has more than {MAX_URL} characters.")
    try:
        parsed = httpx.URL(url.strip())
        host = parsed.raw_host.decode("ascii")
    except (httpx.InvalidURL, ValueError) as error:
        raise AddressRefused(f"{brief(url)} is no address ({error}).") from None
    if parsed.scheme not in ("http", "https"):
        raise AddressRefused(f"Addresses begin with http:// or https://, not {brief(url)}.")
    if not host:
        raise AddressRefused(f"{brief(url)} names no host.")
    if parsed.userinfo:
        raise AddressRefused("The address holds a user or a password; none is ever sent.")
    return parsed.copy_with(fragment=None)


async def checked(url: httpx.URL, resolve: Resolver, allowed: Networks) -> list[Address]:
    """The addresses of a host, all of which may be connected to.

    Raises:
        AddressRefused: one of them may not.
        FetchFailed: the host has none.
    """
    host = url.raw_host.decode("ascii")
    try:
        found = await resolve(host, url.port or (443 if url.scheme == "https" else 80))
        addresses = [ip_address(each) for each in found]
    except (OSError, UnicodeError) as error:
        reason = getattr(error, "strerror", None) or error
        raise FetchFailed(f"{host} cannot be found ({reason}).") from None
    for address in addresses:
        if not may_connect(address, allowed):
            raise AddressRefused(
                f"{host} is at {address}, which is no public address. Others are asked only in "
                "the networks that FETCH_NETWORKS names."
            )
    if not addresses:
        raise FetchFailed(f"{host} has no address.")
    return addresses


def may_connect(address: Address, allowed: Networks = ()) -> bool:
    """Whether an address is public, or in an allowed network; so must be what it stands for."""
    inner = _stands_for(address)
    if inner is not None:
        return may_connect(inner, allowed)
    if _within(address, allowed):
        return True
    inward = (
        address.is_private,
        address.is_loopback,
        address.is_link_local,
        address.is_multicast,
        address.is_reserved,
        address.is_unspecified,
        getattr(address, "is_site_local", False),
        _within(address, _INWARD),
    )
    return address.is_global and not any(inward)


def _within(address: Address, networks: Networks) -> bool:
    return any(address in each for each in networks if each.version == address.version)


def _stands_for(address: Address) -> IPv4Address | None:
    """The IPv4 address that an IPv6 address leads to: mapped, 6to4, Teredo or NAT64."""
    if isinstance(address, IPv4Address):
        return None
    if address in _NAT64:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    teredo = address.teredo[1] if address.teredo else None
    compatible = None
    with suppress(ValueError):
        compatible = IPv4Address(int(address)) if int(address) > 1 else None
    return address.ipv4_mapped or address.sixtofour or teredo or compatible
