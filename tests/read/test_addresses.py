"""Where a fetch may go: public addresses, and what is allowed by name."""

import socket
from ipaddress import ip_address, ip_network

import anyio
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from app.errors import AddressRefused, FetchFailed
from app.ingest.read.addresses import (
    address_of,
    checked,
    may_connect,
    networks_of,
    system_resolver,
)
from app.settings import Settings
from tests.read.support import LOOPBACK, names

INWARD = [
    "127.0.0.1",
    "127.8.8.8",
    "0.0.0.0",  # noqa: S104 - nothing is bound to it
    "10.0.0.1",
    "172.16.0.1",
    "172.31.255.255",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "192.0.0.8",
    "192.0.2.1",
    "198.18.0.1",
    "198.51.100.1",
    "203.0.113.1",
    "224.0.0.1",
    "239.255.255.250",
    "240.0.0.1",
    "255.255.255.255",
    "::1",
    "::",
    "fe80::1",
    "fe80::1%eth0",
    "fec0::1",
    "fc00::1",
    "fd12:3456::1",
    "ff02::1",
    "2001:db8::1",
    "::ffff:127.0.0.1",
    "::ffff:7f00:1",
    "::ffff:10.0.0.1",
    "::127.0.0.1",
    "::a00:1",
    "64:ff9b::127.0.0.1",
    "64:ff9b::a9fe:a9fe",
    "2002:7f00:1::",
    "2002:c0a8:101::",
    "2001:0:4136:e378:8000:63bf:80ff:fffe",
    "100::1",
]
PUBLIC = [
    "1.1.1.1",
    "93.184.215.14",
    "2606:4700::1111",
    "::ffff:1.1.1.1",
    "64:ff9b::101:101",
    "2a00:1450::1",
]


@pytest.mark.parametrize("address", INWARD)
def test_what_leads_inward_is_refused(address):
    assert not may_connect(ip_address(address))


@pytest.mark.parametrize("address", PUBLIC)
def test_what_is_public_is_not(address):
    assert may_connect(ip_address(address))


@given(st.ip_addresses(v=4))
def test_an_address_in_another_dress_is_the_same_address(address):
    for dressed in (f"::ffff:{address}", f"64:ff9b::{address}"):
        assert may_connect(ip_address(dressed)) == may_connect(address)


@given(st.ip_addresses(v=4, network="10.0.0.0/8") | st.ip_addresses(v=6, network="fc00::/7"))
def test_a_network_is_allowed_by_name_and_no_other(address):
    allowed = (ip_network("10.1.0.0/16"), ip_network("fd00:1::/32"))
    assert may_connect(address, allowed) == any(
        address in each for each in allowed if each.version == address.version
    )


@pytest.mark.parametrize(
    "url",
    [
        "ftp://ferrypost.example/",
        "file:///etc/passwd",
        "gopher://127.0.0.1/",
        "javascript:alert(1)",
        "//ferrypost.example/a",
        "ferrypost.example/a",
        "http://",
        "http:///a",
        "http://user@ferrypost.example/",
        "http://user:secret@ferrypost.example/",
        "http://ferrypost.example:port/",
        "http://[::1/",
        "http://0177.0.0.1/",
        "http://a\nb/",
        "http://" + "a" * 2000 + ".example/",
        "http://\ud800.example/",
    ],
)
def test_what_is_no_address_to_ask_is_refused(url):
    with pytest.raises(AddressRefused) as error:
        address_of(url)
    assert "secret" not in str(error.value)


@given(st.text())
def test_any_text_is_an_address_or_refused(text):
    for url in (text, f"http://{text}"):
        try:
            parsed = address_of(url)
        except AddressRefused:
            continue
        assert parsed.scheme in ("http", "https")
        assert parsed.raw_host


@pytest.mark.parametrize("host", ["2130706433", "0x7f000001", "127.1", "[::1]"])
def test_numbers_in_other_forms_lead_where_they_lead(host):
    """The operating system reads them as it would in connecting: no name server is asked."""
    with pytest.raises(AddressRefused, match=r"is at (127\.0\.0\.1|::1), which is no public"):
        anyio.run(checked, address_of(f"http://{host}/"), system_resolver, ())


def test_every_address_of_a_host_has_to_be_allowed():
    url = address_of("https://two.example/")
    resolve = names(two_example=["1.1.1.1", "10.0.0.1"])
    with pytest.raises(AddressRefused, match=r"two\.example is at 10\.0\.0\.1"):
        anyio.run(checked, url, resolve, ())
    allowed = (ip_network("10.0.0.0/8"),)
    found = anyio.run(checked, url, resolve, allowed)
    assert [str(each) for each in found] == ["1.1.1.1", "10.0.0.1"]


def test_a_host_without_an_address():
    async def unknown(_host: str, _port: int) -> list[str]:
        raise socket.gaierror(-2, "Name or service not known")

    with pytest.raises(FetchFailed, match=r"none\.example cannot be found"):
        anyio.run(checked, address_of("http://none.example/"), unknown, ())
    with pytest.raises(FetchFailed, match="has no address"):
        anyio.run(checked, address_of("http://none.example/"), names(none_example=[]), ())


def test_the_setting_names_networks(monkeypatch):
    monkeypatch.setenv("FETCH_NETWORKS", "127.0.0.0/8, ::1/128")
    assert networks_of(Settings().fetch_networks) == (*LOOPBACK, ip_network("::1/128"))
    monkeypatch.setenv("FETCH_NETWORKS", "10.0.0.1/8")
    with pytest.raises(ValidationError, match="FETCH_NETWORKS takes networks"):
        Settings()
