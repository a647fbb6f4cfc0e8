#!/usr/bin/env python3
"""Fetch the pinned uv into a folder, with nothing but Python's standard library.

A bare Debian machine has python3 but neither pip nor venv, so uv has to come without them. Version
and hashes stand in uv.txt, so that it does not matter which index or mirror the file comes from:
UV_DEFAULT_INDEX, UV_INDEX_URL or PIP_INDEX_URL may name one. Proxies are honoured as usual, and a
company's certificates by SSL_CERT_FILE, REQUESTS_CA_BUNDLE or PIP_CERT.
"""

import base64
import hashlib
import http.client
import io
import json
import os
import platform
import re
import ssl
import sys
import sysconfig
import zipfile
from collections.abc import Iterable, Mapping
from html.parser import HTMLParser
from pathlib import Path
from typing import NamedTuple
from urllib.error import URLError
from urllib.parse import unquote, urljoin, urlsplit, urlunsplit
from urllib.request import Request, urlopen

PINS = Path(__file__).with_name("uv.txt")
PYPI = "https://pypi.org/simple"
ACCEPT = "application/vnd.pypi.simple.v1+json, text/html;q=0.5"
TIMEOUT_SECONDS = 60


class Refused(Exception):
    """What stands in the way, in a sentence."""


class Pin(NamedTuple):
    """The version that this project uses, and the hashes that its files may have."""

    version: str
    hashes: frozenset[str]


def read_pin(text: str) -> Pin:
    """The pin in a requirements file with hashes."""
    version = re.search(r"^uv==([\w.]+)", text, re.MULTILINE)
    hashes = frozenset(re.findall(r"--hash=sha256:([0-9a-f]{64})", text))
    if not version or not hashes:
        raise Refused(f"{PINS} pins no version of uv with hashes.")
    return Pin(version[1], hashes)


def choose_index(environment: Mapping[str, str]) -> str:
    """The index that the environment names, or PyPI."""
    names = ("UV_DEFAULT_INDEX", "UV_INDEX_URL", "PIP_INDEX_URL")
    return next((environment[name] for name in names if environment.get(name)), PYPI)


def choose_wheel(
    names: Iterable[str], version: str, machine: str, libc: tuple[str, tuple[int, int]]
) -> str:
    """The wheel of this version that runs on this platform.

    `machine` is what sysconfig calls it: linux-x86_64, macosx-14.0-arm64. `libc` is glibc or musl
    with its version; elsewhere than on Linux nobody looks at it.
    """
    system, _, rest = machine.partition("-")
    architecture = rest.rpartition("-")[2]
    wheels = [name for name in names if name.startswith(f"uv-{version}-") and name[-4:] == ".whl"]
    if not wheels:
        raise Refused(f"The index lists no wheel of uv {version}.")
    family = {"glibc": "manylinux", "musl": "musllinux"}[libc[0]] if system == "linux" else system
    tag = re.compile(rf"\b{family}_(\d+)_(\d+)_{architecture}\b")
    for name in sorted(wheels):
        for major, minor in tag.findall(name.replace(".", " ").replace("-", " ")):
            if system != "linux" or (int(major), int(minor)) <= libc[1]:
                return name
    raise Refused(f"uv {version} has no wheel for {machine} ({libc[0]}).")


def verify(content: bytes, name: str, hashes: frozenset[str]) -> None:
    """Refuse a file whose hash is not pinned."""
    found = hashlib.sha256(content).hexdigest()
    if found not in hashes:
        raise Refused(f"{name} has the hash {found}, which {PINS.name} does not list.")


def unpack(wheel: bytes, version: str, folder: Path) -> Path:
    """Write the program that lies in a wheel, all at once."""
    with zipfile.ZipFile(io.BytesIO(wheel)) as archive:
        program = archive.read(f"uv-{version}.data/scripts/uv")
    folder.mkdir(parents=True, exist_ok=True)
    part, path = folder / f"uv.{os.getpid()}", folder / "uv"
    part.write_bytes(program)
    part.chmod(0o755)
    part.replace(path)
    return path


def listed(page: bytes, content_type: str, address: str) -> dict[str, str]:
    """The addresses of the files that an index page lists, by name. Older indexes speak HTML."""
    if "json" in content_type:
        links = [each["url"] for each in json.loads(page)["files"]]
    else:
        anchors = _Anchors()
        anchors.feed(page.decode())
        links = anchors.links
    whole = [urljoin(address, link).partition("#")[0] for link in links]
    return {unquote(link.rpartition("/")[2]): link for link in whole}


class _Anchors(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.links += [value for name, value in attrs if tag == "a" and name == "href" and value]


class Client:
    """Gets files, with the index's user and password where they belong."""

    def __init__(self, index: str, environment: Mapping[str, str]) -> None:
        parts = urlsplit(index)
        if parts.scheme not in ("https", "http"):
            raise Refused(f"The index {index} is no http or https address.")
        self._user, _, self._host = parts.netloc.rpartition("@")
        self.index = urlunsplit(parts._replace(netloc=self._host)).rstrip("/")
        self._certificates = ssl.create_default_context()
        for name in ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "PIP_CERT"):
            if path := environment.get(name):
                try:
                    where = {"capath" if Path(path).is_dir() else "cafile": path}
                    self._certificates.load_verify_locations(**where)
                except OSError as error:
                    raise Refused(f"{name} names {path}, which cannot be read: {error}.") from error

    def get(self, address: str) -> tuple[bytes, str]:
        """The content and its type."""
        request = Request(address, headers={"Accept": ACCEPT})  # noqa: S310 - the index's choice
        if self._user and urlsplit(address).netloc == self._host:
            token = base64.b64encode(unquote(self._user).encode()).decode()
            request.add_unredirected_header("Authorization", f"Basic {token}")
        try:
            with urlopen(  # noqa: S310
                request, timeout=TIMEOUT_SECONDS, context=self._certificates
            ) as answer:
                return answer.read(), answer.headers.get("Content-Type", "")
        except (OSError, http.client.HTTPException) as error:
            raise Refused(f"{address} cannot be fetched: {explain(error)}") from error


def explain(error: Exception) -> str:
    """The reason and, for the most common one, the way out."""
    reason = error.reason if isinstance(error, URLError) else error
    if isinstance(reason, ssl.SSLCertVerificationError):
        return (
            "its certificate is not trusted here. Install ca-certificates, or name the file of "
            "your company's certificates in SSL_CERT_FILE."
        )
    return (
        f"{reason}. Check the network; HTTPS_PROXY can name a proxy, and UV_DEFAULT_INDEX an index."
    )


def this_libc() -> tuple[str, tuple[int, int]]:
    """The C library that this Python runs on."""
    name, version = platform.libc_ver()
    major, minor = (*version.split(".")[:2], "0", "0")[:2] if name == "glibc" else ("1", "1")
    return ("glibc" if name == "glibc" else "musl"), (int(major), int(minor))


def main(folder: Path) -> None:
    """Put the pinned uv into the folder."""
    pin = read_pin(PINS.read_text(encoding="utf-8"))
    client = Client(choose_index(os.environ), os.environ)
    address = f"{client.index}/uv/"
    files = listed(*client.get(address), address)
    name = choose_wheel(files, pin.version, sysconfig.get_platform(), this_libc())
    sys.stderr.write(f"Fetching uv {pin.version}\n")
    wheel, _ = client.get(files[name])
    verify(wheel, name, pin.hashes)
    unpack(wheel, pin.version, folder)


if __name__ == "__main__":
    try:
        main(Path(sys.argv[1]))
    except Refused as refusal:
        sys.exit(f"Error: {refusal}")
