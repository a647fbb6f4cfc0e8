"""The unversioned paths: the same bytes, and where they come from."""

import pytest
from fastapi.testclient import TestClient

from app.main import ALIASED
from tests.http.helpers import ENDPOINTS, problem

VERSIONED = [name for name, each in ENDPOINTS.items() if each.path.startswith("/v1/")]


@pytest.mark.parametrize("name", VERSIONED)
def test_the_alias_is_the_same_bytes_and_names_the_versioned_address(
    client: TestClient, name: str
) -> None:
    path = ENDPOINTS[name].path
    versioned = client.get(path, follow_redirects=False)
    alias = client.get(path.removeprefix("/v1"), follow_redirects=False)
    assert versioned.status_code == alias.status_code == 200
    assert versioned.content == alias.content
    assert versioned.headers["etag"] == alias.headers["etag"]
    assert "content-location" not in versioned.headers
    assert alias.headers["content-location"] == path


def test_every_resource_has_its_alias(client: TestClient) -> None:
    paths = client.get("/openapi.json").json()["paths"]
    resources = {path.split("/")[2] for path in paths if path.startswith("/v1/")}
    assert resources == ALIASED


@pytest.mark.parametrize(
    ("path", "location"),
    [
        ("/positions?country=PAK|AFG&limit=3", "/v1/positions?country=PAK|AFG&limit=3"),
        ("/positions?country=PAK%7CAFG", "/v1/positions?country=PAK%7CAFG"),
        ("/positions?q=%22long+border%22", "/v1/positions?q=%22long+border%22"),
        ("/countries/T%C3%BCrkiye", "/v1/countries/T%C3%BCrkiye"),
        ("/groups/Afghan%20Taliban", "/v1/groups/Afghan%20Taliban"),
        ("/groups/taliban%3F", "/v1/groups/taliban%3F"),
        ("/countries/PAK?", "/v1/countries/PAK"),
    ],
)
def test_the_location_is_escaped_as_the_request_was(
    client: TestClient, path: str, location: str
) -> None:
    answer = client.get(path)
    assert answer.status_code == 200
    given = answer.headers["content-location"]
    assert given.replace("%7C", "|") == location.replace("%7C", "|")
    assert client.get(given).content == answer.content


def test_an_alias_that_has_not_changed_names_its_address_too(client: TestClient) -> None:
    tag = client.get("/v1/positions").headers["etag"]
    answer = client.get("/positions", headers={"If-None-Match": tag})
    assert answer.status_code == 304
    assert answer.headers["content-location"] == "/v1/positions"


def test_a_problem_is_at_no_other_address(client: TestClient) -> None:
    answer = client.get("/positions?contry=PAK")
    problem(answer, 422)
    assert "content-location" not in answer.headers


@pytest.mark.parametrize("path", ["/positionsx", "/position", "/V1/positions", "/v1/v1/positions"])
def test_nothing_else_is_an_alias(client: TestClient, path: str) -> None:
    problem(client.get(path), 404)
