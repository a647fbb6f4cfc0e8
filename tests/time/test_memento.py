"""Mementos (RFC 7089): the record at a moment, asked for by a header."""

from datetime import datetime, timedelta
from email.utils import format_datetime

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response
from hypothesis import given
from hypothesis import strategies as st

from app.main import create_app
from app.settings import Settings
from app.web.schemas import POSITION_ID
from tests.http.helpers import ENDPOINTS, LISTS, problem, property_settings
from tests.support import Client
from tests.time.history import ENVELOPED, LAST, TALKS, TIMED, at, dated

POSITIONS = "/v1/positions"
every_endpoint = pytest.mark.parametrize("name", TIMED)
every_enveloped = pytest.mark.parametrize("name", ENVELOPED)


def http_date(moment: datetime) -> str:
    """A moment as an HTTP date."""
    return format_datetime(moment.replace(microsecond=0), usegmt=True)


def then(client: TestClient, path: str, moment: datetime, **headers: str) -> Response:
    """An answer, asked for as it was at a moment."""
    return client.get(path, headers={"Accept-Datetime": http_date(moment), **headers})


# Which moment


@every_enveloped
@pytest.mark.parametrize("number", [1, 4, LAST])
def test_the_header_picks_the_state_that_as_of_picks(
    lived: TestClient, name: str, number: int
) -> None:
    path = ENDPOINTS[name].path
    pinned = lived.get(at(path, number))
    answer = then(lived, path, dated(number) + timedelta(hours=1))
    assert answer.status_code == pinned.status_code == 200
    assert answer.json()["data"] == pinned.json()["data"]
    assert answer.json()["meta"] == pinned.json()["meta"] | {"as_of": None}
    shown = http_date(dated(number))
    assert answer.headers["memento-datetime"] == pinned.headers["memento-datetime"] == shown


def test_the_whole_second_is_meant_and_none_before_it(lived: TestClient) -> None:
    """A change is dated a quarter past the second that its HTTP date says."""

    def version(moment: datetime) -> int:
        found: int = then(lived, POSITIONS, moment).json()["meta"]["record_version"]
        return found

    assert version(dated(4)) == 4
    assert version(dated(4) - timedelta(seconds=1)) == 3


def test_the_date_of_an_answer_asks_for_that_answer(lived: TestClient) -> None:
    for number in range(LAST + 1):
        pinned = lived.get(at(POSITIONS, number))
        shown = pinned.headers["memento-datetime"]
        answer = lived.get(POSITIONS, headers={"Accept-Datetime": shown})
        assert answer.json()["data"] == pinned.json()["data"]
        assert answer.headers["memento-datetime"] == shown


def test_before_the_first_change_the_record_is_empty_and_has_no_date(lived: TestClient) -> None:
    answer = then(lived, POSITIONS, dated(-1))
    assert (answer.json()["data"], answer.json()["meta"]["record_version"]) == ([], None)
    assert "memento-datetime" not in answer.headers


def test_as_of_wins_over_the_header(lived: TestClient) -> None:
    for name in TIMED:
        path = at(ENDPOINTS[name].path, 3)
        plain, both = lived.get(path), then(lived, path, dated(1))
        assert both.content == plain.content
        for header in ("memento-datetime", "cache-control", "etag", "link"):
            assert both.headers[header] == plain.headers[header]
    ignored = lived.get(at(POSITIONS, 3), headers={"Accept-Datetime": "soon"})
    assert ignored.status_code == 200


def test_facts_that_were_gone_then_are_gone(lived: TestClient) -> None:
    gone, merged = f"{POSITIONS}/{TALKS[1]}", f"{POSITIONS}/{TALKS[0]}"
    answers = [then(lived, gone, dated(n)).status_code for n in range(4)]
    assert answers == [404, 200, 410, 200]
    assert then(lived, merged, dated(4)).status_code == 200
    assert (
        lived.get(
            merged, headers={"Accept-Datetime": http_date(dated(5))}, follow_redirects=False
        ).status_code
        == 308
    )


@pytest.mark.parametrize("name", ENDPOINTS)
def test_the_contract_tells_which_answers_are_dated(lived: TestClient, name: str) -> None:
    template, path, _ = ENDPOINTS[name]
    contract = lived.get("/openapi.json").json()["paths"][template]["get"]
    answer = then(lived, path, dated(LAST))
    assert answer.status_code == 200
    told = contract["responses"]["200"].get("headers", {})
    for header in ("Memento-Datetime", "Link"):
        assert (header in told) == (header in answer.headers), header
    assert ("Vary" in told) == ("Accept-Datetime" in answer.headers["vary"])


# Dates that are none


def refused(client: TestClient, written: str) -> None:
    """The header has to be refused by its name."""
    answer = client.get(POSITIONS, headers={"Accept-Datetime": written})
    (fault,) = problem(answer, 422).errors
    assert fault.parameter == "Accept-Datetime"


@pytest.mark.parametrize(
    "written",
    [
        "",
        "soon",
        "1",
        "2020-01-05T09:30:00Z",
        "Sun, 05 Jan 2020",
        "Sun, 05 Jan 2020 09:30:00",
        "Sun, 05 Jan 2020 25:30:00 GMT",
        "Sun, 32 Jan 2020 09:30:00 GMT",
        "Sun, 05 Jan 99999999999999999999 09:30:00 GMT",
        "Sun, 05 Jan 2020 99999999999999999999:30:00 GMT",
        "Sun Jan  5 09:30:00 2020",
        "Sun, 05 Jan 2020 09:30:00 +9999",
        "Fri, 31 Dec 9999 23:59:59 GMT",
    ],
)
def test_what_is_no_http_date_or_to_come_is_refused(client: TestClient, written: str) -> None:
    refused(client, written)


@property_settings
@given(st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=60))
def test_no_text_is_a_date(client: TestClient, text: str) -> None:
    refused(client, text)


@property_settings
@given(
    st.lists(st.sampled_from(["Sun,", "05", "Jan", "2020", "09:30:00", "GMT", ":", "-1", "1e9"]))
)
def test_a_date_in_disorder_is_refused_or_read_but_never_a_fault_of_ours(
    client: TestClient, parts: list[str]
) -> None:
    answer = client.get(POSITIONS, headers={"Accept-Datetime": " ".join(parts)})
    assert answer.status_code in (200, 422)


# What caches and clients are told


@every_endpoint
def test_the_present_says_that_it_varies_and_a_pinned_moment_does_not(
    lived: TestClient, name: str
) -> None:
    path = ENDPOINTS[name].path
    for answer in (lived.get(path), then(lived, path, dated(3))):
        assert "Accept-Datetime" in answer.headers["vary"]
        assert answer.headers["cache-control"] == "public, no-cache"
    pinned = lived.get(at(path, 3))
    assert "Accept-Datetime" not in pinned.headers.get("vary", "")


@pytest.mark.parametrize("name", sorted(set(ENDPOINTS) - set(TIMED)))
def test_what_names_its_moment_or_has_none_does_not_vary(lived: TestClient, name: str) -> None:
    plain = lived.get(ENDPOINTS[name].path)
    answer = then(lived, ENDPOINTS[name].path, dated(0))
    assert answer.content == plain.content
    assert "memento-datetime" not in answer.headers
    assert "Accept-Datetime" not in answer.headers.get("vary", "")


def test_the_present_has_no_date_of_its_own(lived: TestClient) -> None:
    assert "memento-datetime" not in lived.get(POSITIONS).headers


def test_what_a_client_has_is_a_304_with_the_same_headers(lived: TestClient) -> None:
    answer = then(lived, POSITIONS, dated(3))
    again = then(lived, POSITIONS, dated(3), **{"If-None-Match": answer.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    for header in ("memento-datetime", "vary", "link", "etag"):
        assert again.headers[header] == answer.headers[header]
    assert then(lived, POSITIONS, dated(4), **{"If-None-Match": answer.headers["etag"]}).content


def test_a_head_has_the_headers_too(lived: TestClient) -> None:
    asked = {"Accept-Datetime": http_date(dated(3))}
    got, head = (ask(POSITIONS, headers=asked) for ask in (lived.get, lived.head))
    for header in ("memento-datetime", "vary", "link"):
        assert head.headers[header] == got.headers[header]


def test_it_also_varies_by_what_else_it_varies_by(fresh_settings: Settings) -> None:
    limited = fresh_settings.model_copy(update={"cors_origins": "https://desk.example"})
    with Client(create_app(limited)) as client:
        answer = client.get(POSITIONS, headers={"Origin": "https://desk.example"})
    assert {"Origin", "Accept-Datetime"} <= {
        each.strip() for each in answer.headers["vary"].split(",")
    }


def test_a_page_of_any_origin_may_ask_and_read(client: TestClient) -> None:
    asked = {
        "Origin": "https://desk.example",
        "Access-Control-Request-Method": "GET",
        "Access-Control-Request-Headers": "Accept-Datetime",
    }
    assert client.options(POSITIONS, headers=asked).status_code == 200
    answer = client.get(POSITIONS, headers={"Origin": "https://desk.example"})
    assert "Memento-Datetime" in answer.headers["access-control-expose-headers"].split(", ")


# Links


def links(answer: Response) -> dict[str, str]:
    """The links of an answer, by each of their relations."""
    found = answer.links.values()
    return {rel: each["url"] for each in found for rel in each["rel"].split()}


@every_enveloped
@pytest.mark.parametrize("prefix", ["/v1", ""])
def test_the_links_lead_to_the_present_and_the_other_moments(
    lived: TestClient, name: str, prefix: str
) -> None:
    path = ENDPOINTS[name].path
    asked = prefix + path.removeprefix("/v1")
    present = lived.get(path).content
    for answer in (lived.get(asked), lived.get(at(asked, 3)), then(lived, asked, dated(3))):
        found = links(answer)
        assert found["original"] == found["timegate"]
        assert found["timemap"] == found["original"].replace("/v1/", "/v1/timemap/", 1)
        assert lived.get(found["original"]).content == present
        assert (
            then(lived, found["timegate"], dated(3)).json()["data"]
            == (lived.get(at(path, 3)).json()["data"])
        )


@pytest.mark.parametrize("path", LISTS)
def test_the_links_have_no_moment_and_no_cursor(lived: TestClient, path: str) -> None:
    first = lived.get(path, params={"as_of": 4, "limit": 1})
    for answer in (first, lived.get(first.json()["links"]["next"] or at(path, 4))):
        original = links(answer)["original"]
        assert original.partition("?")[0] == path
        assert "as_of" not in original
        assert "cursor" not in original


def test_the_link_to_the_next_page_stands_beside_them(lived: TestClient) -> None:
    answer = lived.get(POSITIONS, params={"as_of": 4, "limit": 1})
    assert links(answer)["next"] == answer.json()["links"]["next"]


@pytest.mark.parametrize(
    "path",
    [
        f"{POSITIONS}?country=Pakistan|T%C3%BCrkiye&q=%22long+border%22&limit=3",
        f"{POSITIONS}?q=%3E%2C%20border&fields=id",
        "/v1/countries/T%C3%BCrkiye",
        "/v1/countries/C%C3%B4te%20d%E2%80%99Ivoire",
        "/v1/groups/taliban%3F",
        "/v1/groups/Afghan%20Taliban",
        "/countries/T%C3%BCrkiye?fields=name",
    ],
)
def test_what_has_to_be_escaped_in_a_link_is(client: TestClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 200
    original = links(answer)["original"]
    assert original.isascii()
    assert client.get(original).content == answer.content


def test_a_page_asked_for_by_header_has_the_date_of_what_it_shows(lived: TestClient) -> None:
    """A cursor pins the record, whatever moment the header names."""
    first = then(lived, f"{POSITIONS}?limit=2", dated(2))
    second = then(lived, first.json()["links"]["next"], dated(6))
    assert second.json()["meta"]["record_version"] == 2
    assert second.headers["memento-datetime"] == http_date(dated(2))


def test_the_walk_goes_on_without_the_header(lived: TestClient) -> None:
    first = then(lived, f"{POSITIONS}?limit=2", dated(2)).json()
    second = lived.get(first["links"]["next"]).json()
    whole = lived.get(POSITIONS, params={"as_of": 2}).json()
    assert first["data"] + second["data"] == whole["data"][:4]


def test_the_evidence_of_a_moment_is_a_memento_too(lived: TestClient) -> None:
    answer = then(lived, f"{POSITIONS}/{POSITION_ID}/evidence", dated(2))
    assert answer.headers["memento-datetime"] == http_date(dated(2))
