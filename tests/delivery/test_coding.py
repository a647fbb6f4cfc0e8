"""Content codings: the same answer in fewer bytes, for who takes it so."""

import pytest
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st

from app.web.coding import CODINGS, chosen

POSITIONS = "/v1/positions"


def raw(client: TestClient, path: str, accepted: str) -> tuple[dict[str, str], bytes]:
    """The headers and the body as they were sent."""
    with client.stream("GET", path, headers={"Accept-Encoding": accepted}) as answer:
        assert answer.status_code == 200
        return dict(answer.headers), b"".join(answer.iter_raw())


@pytest.mark.parametrize(
    ("accepted", "coding"),
    [
        ("gzip", "gzip"),
        ("zstd", "zstd"),
        ("gzip, zstd", "zstd"),
        ("gzip;q=1.0, zstd;q=0.5", "gzip"),
        ("GZIP", "gzip"),
        ("*", "zstd"),
        ("*;q=0.5, gzip;q=0.6", "gzip"),
        ("br, deflate", None),
        ("identity", None),
        ("", None),
        ("gzip;q=0", None),
        ("zstd;q=0, *", "gzip"),
        ("identity, gzip;q=0.5", None),
        ("identity;q=0.5, gzip;q=0.5", "gzip"),
        ("gzip;q=much", None),
        ("gzip;level=9", None),
    ],
)
def test_a_client_gets_the_coding_that_it_takes(
    client: TestClient, accepted: str, coding: str | None
) -> None:
    headers, body = raw(client, POSITIONS, accepted)
    plain_headers, plain = raw(client, POSITIONS, "identity")
    assert headers.get("content-encoding") == coding
    assert int(headers["content-length"]) == len(body)
    assert client.get(POSITIONS, headers={"Accept-Encoding": accepted}).content == plain
    assert "Accept-Encoding" in headers["vary"]
    if coding:
        assert len(body) < len(plain) / 2
        assert headers["etag"] != plain_headers["etag"]


@pytest.mark.parametrize("coding", CODINGS)
def test_another_coding_has_a_validator_of_its_own(client: TestClient, coding: str) -> None:
    headers, _ = raw(client, POSITIONS, coding)
    tag = headers["etag"]
    assert tag.endswith(f'-{coding}"')
    asked = {"Accept-Encoding": coding, "If-None-Match": tag}
    answer = client.get(POSITIONS, headers=asked)
    assert (answer.status_code, answer.headers["etag"]) == (304, tag)
    assert "content-encoding" not in answer.headers
    assert client.get(POSITIONS, headers={"If-None-Match": tag}).status_code == 200


def test_what_fits_into_a_packet_is_sent_as_it_is(client: TestClient) -> None:
    headers, body = raw(client, f"{POSITIONS}?limit=1&fields=id", "gzip, zstd")
    assert "content-encoding" not in headers
    assert len(body) < 1_000


def test_the_same_answer_is_coded_to_the_same_bytes(client: TestClient) -> None:
    for coding in CODINGS:
        assert raw(client, POSITIONS, coding)[1] == raw(client, f"{POSITIONS}?", coding)[1]


@given(st.binary(max_size=60))
def test_whatever_is_accepted_some_coding_is_chosen(accepted: bytes) -> None:
    assert chosen(accepted) in {"", *CODINGS}
