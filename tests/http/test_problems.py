"""Problems: whatever goes wrong is told in one shape, and says what to do."""

import logging
from typing import Any
from uuid import uuid4

import pytest
from fastapi.testclient import TestClient

from app.sessions import ReadSession
from app.web.schemas import ARTICLE_ID, POSITION_ID
from tests.http.helpers import ENDPOINTS, LISTS, problem

POSITIONS = "/v1/positions"


# Parameters


def test_a_misspelt_parameter_is_answered_with_the_near_miss(client: TestClient) -> None:
    told = problem(client.get("/positions?contry=PAK"), 422)
    assert told.type == "/v1/codes/problem#invalid_request"
    assert told.title == "The request is not as documented"
    assert told.detail == "contry: no such parameter. Did you mean country?"
    assert told.instance == "/v1/positions"
    (fault,) = told.errors
    assert (fault.parameter, fault.suggestion) == ("contry", "country")
    assert fault.allowed
    assert {"country", "topic", "limit", "sort", "q"} <= set(fault.allowed)


@pytest.mark.parametrize("name", ENDPOINTS)
def test_no_path_takes_a_parameter_that_it_does_not_document(client: TestClient, name: str) -> None:
    path = ENDPOINTS[name].path
    answer = client.get(f"{path}{'&' if '?' in path else '?'}surprise=1")
    (fault,) = problem(answer, 422).errors
    assert fault.parameter == "surprise"


@pytest.mark.parametrize("path", LISTS)
@pytest.mark.parametrize(
    ("parameter", "value", "said"),
    [
        ("limit", "0", "greater than or equal to 1"),
        ("limit", "201", "less than or equal to 200"),
        ("limit", "-1", "greater than or equal to 1"),
        ("limit", "", "valid integer"),
        ("limit", "all", "valid integer"),
        ("limit", "3.5", "valid integer"),
        ("limit", "9" * 30, "less than or equal to 200"),
        ("limit", "9" * 5000, "integer"),
        ("sort", "colour", "not one of the allowed values"),
        ("sort", "", "not one of the allowed values"),
        ("total", "yes", "not one of the allowed values"),
        ("fields", "colour", "no field"),
        ("fields", "", "no field"),
        ("cursor", "", "not a cursor"),
    ],
)
def test_a_value_that_no_list_takes_is_refused(
    client: TestClient, path: str, parameter: str, value: str, said: str
) -> None:
    (fault,) = problem(client.get(path, params={parameter: value}), 422).errors
    assert fault.parameter == parameter
    assert said in fault.detail
    assert len(fault.detail) < 300


def test_allowed_orders_are_named(client: TestClient) -> None:
    (fault,) = problem(client.get(f"{POSITIONS}?sort=-said"), 422).errors
    assert fault.allowed == ["-said_on", "said_on", "-recorded_in", "recorded_in"]
    assert fault.suggestion == "-said_on"


@pytest.mark.parametrize("number", ["-1", str(2**63), "9" * 30, "one", "1.5", "%20"])
def test_a_change_has_a_number_that_fits(client: TestClient, number: str) -> None:
    (fault,) = problem(client.get(f"/v1/changes/{number}"), 422).errors
    assert fault.parameter == "seq"


def test_the_greatest_number_is_merely_not_there(client: TestClient) -> None:
    problem(client.get(f"/v1/changes/{2**63 - 1}"), 404)


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ("country=PAK&country=AFG", "country"),
        ("country=PAK&country=PAK", "country"),
        ("limit=3&limit=4", "limit"),
        ("fields=id&fields=topic", "fields"),
        ("cursor=a&cursor=b", "cursor"),
    ],
)
def test_a_parameter_given_twice_is_refused_not_half_read(
    client: TestClient, query: str, parameter: str
) -> None:
    (fault,) = problem(client.get(f"{POSITIONS}?{query}"), 422).errors
    assert fault.parameter == parameter
    assert "more than once" in fault.detail


@pytest.mark.parametrize("value", ["maybe", "", "2", "none"])
def test_explicit_is_true_or_false(client: TestClient, value: str) -> None:
    answer = client.get("/v1/mediation-offers", params={"explicit": value})
    (fault,) = problem(answer, 422).errors
    assert fault.parameter == "explicit"


# Fields


@pytest.mark.parametrize("path", LISTS)
def test_fields_cut_entries_and_the_identifier_always_comes_along(
    client: TestClient, path: str
) -> None:
    key, _ = LISTS[path]
    whole = client.get(path, params={"limit": 2}).json()
    for name in whole["data"][0]:
        page = client.get(path, params={"limit": 2, "fields": name}).json()
        assert page["data"] == [
            {each: entry[each] for each in entry if each in (key, name)} for entry in whole["data"]
        ]
        assert page["meta"] == whole["meta"]


def test_fields_cut_items_too(client: TestClient) -> None:
    item = client.get(f"{POSITIONS}/{POSITION_ID}?fields= stance,tone ").json()
    assert item["data"] == {"id": POSITION_ID, "stance": "declines_to_say", "tone": "neutral"}
    assert client.get(item["links"]["self"]).json() == item


def test_an_unknown_field_is_refused_with_the_near_miss(client: TestClient) -> None:
    for path in (POSITIONS, f"{POSITIONS}/{POSITION_ID}"):
        (fault,) = problem(client.get(f"{path}?fields=id,stanze"), 422).errors
        assert (fault.parameter, fault.suggestion) == ("fields", "stance")
        assert fault.allowed
        assert "proposition" in fault.allowed
    told = problem(client.get(f"{POSITIONS}?fields=on,tow"), 422)
    assert len(told.errors) == 2


def test_every_field_that_is_allowed_is_a_field_of_the_answer(client: TestClient) -> None:
    for path in LISTS:
        (fault,) = problem(client.get(f"{path}?fields=colour"), 422).errors
        assert fault.allowed
        assert set(fault.allowed) == set(client.get(path).json()["data"][0])


# Paths and methods


@pytest.mark.parametrize(
    ("path", "near"),
    [
        ("/v1/position", "/v1/positions"),
        ("/v1/mediation_offers", "/v1/mediation-offers"),
        ("/mediation-offer", "/v1/mediation-offers"),
        ("/v1/positions/", "/v1/positions"),
        ("/positions/", "/v1/positions"),
        ("/v1/Positions", "/v1/positions"),
        ("/health", "/healthz"),
        ("/v1/topics/security/position", "/v1/topics/{slug}/positions"),
    ],
)
def test_an_unknown_path_is_answered_with_the_near_miss(
    client: TestClient, path: str, near: str
) -> None:
    told = problem(client.get(path, follow_redirects=False), 404)
    assert told.detail.endswith(f"Did you mean {near}?")


@pytest.mark.parametrize(
    "path", ["/xyzzy", "/v2/positions", "/v1//positions", "/v1", "/v1/", "/.env"]
)
def test_what_is_like_no_path_is_404(client: TestClient, path: str) -> None:
    problem(client.get(path), 404)


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"])
@pytest.mark.parametrize(
    ("path", "taken"),
    [
        (POSITIONS, "GET, HEAD, POST"),
        ("/positions", "GET, HEAD, POST"),
        (f"/positions/{POSITION_ID}", "GET, HEAD, PATCH"),
        (f"/positions/{POSITION_ID}/merge", "POST"),
        (f"/countries/{ARTICLE_ID}", "GET, HEAD"),
        ("/v1/codes", "GET, HEAD"),
        ("/healthz", "GET, HEAD"),
    ],
)
def test_a_method_that_a_path_does_not_take_is_405_and_names_those_it_does(
    client: TestClient, method: str, path: str, taken: str
) -> None:
    answer = client.request(method, path)
    if method in taken:
        problem(answer, 401)
        return
    told = problem(answer, 405)
    assert answer.headers["allow"] == taken
    assert method in told.detail
    assert taken in told.detail


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_a_question_in_a_body_is_refused_not_ignored(client: TestClient, method: str) -> None:
    asked = client.request(method, POSITIONS, json={"country": "PAK"})
    assert asked.status_code == 422
    assert client.request(method, POSITIONS, content=b"").status_code == 200


def test_a_body_is_refused_even_if_its_length_is_not_told(client: TestClient) -> None:
    problem(client.request("GET", POSITIONS, content=iter([b"country=", b"PAK"])), 422)


# What nobody should send


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/v1/positions/%00", 404),
        ("/v1/countries/PAK%00", 404),
        ("/v1/%00", 404),
        ("/%00", 404),
        ("/v1/positions?q=%00", 422),
        ("/v1/positions?country=PAK%00", 422),
        ("/v1/positions?%00=1", 422),
        ("/v1/codes?a=%00", 422),
    ],
)
def test_a_nul_byte_is_refused(client: TestClient, path: str, status: int) -> None:
    assert "NUL" in problem(client.get(path), status).detail or status == 404


@pytest.mark.parametrize(
    "path",
    [
        "/v1/countries/%FF%FE",
        "/v1/countries/%ED%A0%80",
        "/v1/countries/%F0%9F%98%80",
        "/v1/countries/%0D%0AX-Evil:1",
        "/v1/countries/..%2F..%2Fetc",
        "/v1/countries/%3Fcountry=PAK",
        "/v1/countries/%23",
        "/v1/countries/%25",
        "/v1/countries/'%20OR%201=1--",
        "/v1/positions/%F0%9F%98%80/history",
    ],
)
def test_what_stands_in_a_path_is_a_name_and_nothing_else(client: TestClient, path: str) -> None:
    answer = client.get(path)
    problem(answer, 404)
    assert "x-evil" not in answer.headers


@pytest.mark.parametrize("value", ["%FF", "%ED%A0%80", "%F0%9F%98%80", "%0D%0A", "%E2%80%AE"])
@pytest.mark.parametrize("name", ["country", "target", "topic", "stance", "said_from", "article"])
def test_what_stands_in_a_query_is_a_value_and_nothing_else(
    client: TestClient, name: str, value: str
) -> None:
    problem(client.get(f"{POSITIONS}?{name}=x{value}"), 422)


def test_a_query_that_is_too_long_is_414(client: TestClient) -> None:
    told = problem(client.get(f"{POSITIONS}?q={'x' * 8000}"), 414)
    assert "8,002 bytes" in told.detail
    assert told.type == "/v1/codes/problem#request_too_long"
    problem(client.get(f"{POSITIONS}?{'&' * 8001}"), 414)


def test_a_value_that_is_too_long_is_refused_without_being_repeated(client: TestClient) -> None:
    for parameter in ("country", "q"):
        answer = client.get(POSITIONS, params={parameter: "x" * 7900})
        (fault,) = problem(answer, 422).errors
        assert fault.parameter == parameter
        assert len(answer.content) < 1500


@pytest.mark.parametrize("host", ["evil.example", "a/b", "a?b", "a#b", "[", "", "a:99999"])
def test_no_host_that_a_client_names_comes_into_the_answer(client: TestClient, host: str) -> None:
    usual = client.get(f"{POSITIONS}?limit=3")
    assert client.get(f"{POSITIONS}?limit=3", headers={"Host": host}).content == usual.content


# The shape


def test_a_problems_type_leads_to_its_definition(client: TestClient) -> None:
    told = problem(client.get("/v1/positions/pos_nowhere"), 404)
    path, _, code = told.type.partition("#")
    codes = {each["code"]: each for each in client.get(path).json()["data"]["codes"]}
    assert "(404)" in codes[code]["definition"]


def test_what_is_absent_from_a_fault_is_left_out(client: TestClient) -> None:
    (fault,) = client.get(f"{POSITIONS}?q=-").json()["errors"]
    assert set(fault) == {"detail", "parameter"}


# Request ids


@pytest.mark.parametrize("path", [POSITIONS, "/v1/nowhere", f"{POSITIONS}?limit=0", "/healthz"])
def test_a_request_id_is_given_or_taken_over(client: TestClient, path: str) -> None:
    first, second = client.get(path), client.get(path)
    assert first.headers["x-request-id"] != second.headers["x-request-id"]
    for given in (str(uuid4()), uuid4().hex):
        answer = client.get(path, headers={"X-Request-ID": given})
        assert answer.headers["x-request-id"] == given
        assert answer.status_code < 400 or answer.json()["request_id"] == given


@pytest.mark.parametrize("given", ["1", "<script>", "x" * 500, "5f1c9d8e", "a b"])
def test_what_is_no_uuid_is_not_taken_over(client: TestClient, given: str) -> None:
    answer = client.get(POSITIONS, headers={"X-Request-ID": given})
    assert answer.headers["x-request-id"] != given


# Faults of ours


@pytest.fixture
def broken(uncached: TestClient, monkeypatch: pytest.MonkeyPatch) -> TestClient:
    """The application with a fault in it."""

    def fail(*_: Any) -> None:
        raise RuntimeError("postgresql://reader:hunter2@db/onrecord gave up")

    monkeypatch.setattr(ReadSession, "record_version", fail)
    return uncached


@pytest.mark.parametrize("path", [POSITIONS, "/positions"])
def test_an_unexpected_fault_is_told_by_its_request_id_and_without_its_insides(
    broken: TestClient, path: str, caplog: pytest.LogCaptureFixture
) -> None:
    given = uuid4().hex
    with caplog.at_level(logging.ERROR):
        answer = broken.get(path, headers={"X-Request-ID": given})
    told = problem(answer, 500)
    assert told.type == "/v1/codes/problem#internal_error"
    assert told.request_id == given
    for inside in ("hunter2", "Traceback", "RuntimeError", "postgresql", "app/"):
        assert inside not in answer.text
    assert "hunter2" in caplog.text, "whoever runs the service can see what it was"


def test_a_browser_can_read_an_unexpected_fault_too(broken: TestClient) -> None:
    answer = broken.get(POSITIONS, headers={"Origin": "https://desk.example"})
    problem(answer, 500)
    assert answer.headers["access-control-allow-origin"] == "*"


def test_a_head_that_fails_has_no_body_either(broken: TestClient) -> None:
    answer = broken.head(POSITIONS)
    assert (answer.status_code, answer.content) == (500, b"")
