"""The contract: valid, complete, and the one that is committed."""

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

import jsonschema  # type: ignore[import-untyped]
import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from app.codelists import CODE_LISTS, CodeList
from app.main import create_api
from app.settings import Settings

Node = dict[str, Any]
METHODS = ("get", "put", "post", "patch", "delete")

DOCUMENT: Node = create_api(Settings(database_url="sqlite:////none.db")).openapi()
SCHEMAS: Node = DOCUMENT["components"]["schemas"]
OPERATIONS: dict[str, tuple[str, Node]] = {
    operation["operationId"]: (path, operation)
    for path, item in DOCUMENT["paths"].items()
    for method, operation in item.items()
    if method in METHODS
}
each_operation = pytest.mark.parametrize("name", OPERATIONS)
each_schema = pytest.mark.parametrize("name", SCHEMAS)


def resolved(schema: Node) -> Node:
    """The schema that a reference leads to."""
    while "$ref" in schema:
        target: Node = DOCUMENT
        for part in schema["$ref"].removeprefix("#/").split("/"):
            target = target[part]
        schema = target
    return schema


def described(schema: Node) -> bool:
    """Whether it says what it is: by itself, or by all that it may be."""
    if schema.get("description"):
        return True
    parts = schema.get("anyOf") or schema.get("oneOf") or schema.get("allOf") or []
    if "$ref" in schema:
        parts = [resolved(schema)]
    return bool(parts) and all(part == {"type": "null"} or described(part) for part in parts)


def exemplified(schema: Node) -> bool:
    """Whether it shows an example, or is made of parts that do."""
    if "examples" in schema or "example" in schema or "const" in schema or "enum" in schema:
        return True
    if "$ref" in schema:
        return True  # a component, and looked at as one
    if schema.get("type") == "array":
        return exemplified(schema["items"])
    parts = schema.get("anyOf") or schema.get("oneOf") or schema.get("allOf") or []
    return bool(parts) and all(part == {"type": "null"} or exemplified(part) for part in parts)


def nodes(node: Any, place: str = "#") -> Iterator[tuple[str, Node]]:
    """Every object in the document that may be a schema with examples."""
    if isinstance(node, dict):
        if "examples" in node and isinstance(node["examples"], list):
            yield place, node
        for key, value in node.items():
            if key not in ("examples", "example", "enum", "default"):
                yield from nodes(value, f"{place}/{key}")
    elif isinstance(node, list):
        for number, value in enumerate(node):
            yield from nodes(value, f"{place}/{number}")


def test_it_is_valid_openapi_31() -> None:
    assert DOCUMENT["openapi"].startswith("3.1.")
    OpenAPIV31SpecValidator(DOCUMENT).validate()


def test_it_says_who_where_and_under_which_terms() -> None:
    info = DOCUMENT["info"]
    for field in ("title", "version", "summary", "description", "contact"):
        assert info[field]
    assert info["license"]["identifier"] == "Apache-2.0"
    assert [server["url"] for server in DOCUMENT["servers"]] == ["/"]
    assert all(server["description"] for server in DOCUMENT["servers"])


def test_reading_needs_no_key_and_keys_are_described() -> None:
    schemes = DOCUMENT["components"]["securitySchemes"]
    assert all(scheme["description"] for scheme in schemes.values())
    assert {} in DOCUMENT["security"]
    assert {name for each in DOCUMENT["security"] for name in each} == schemes.keys()


def test_every_tag_is_described_and_used() -> None:
    tags = {tag["name"]: tag["description"] for tag in DOCUMENT["tags"]}
    assert all(tags.values())
    used = {tag for _, operation in OPERATIONS.values() for tag in operation["tags"]}
    assert used == tags.keys()


def test_no_two_operations_have_one_name() -> None:
    names = Counter(
        operation["operationId"]
        for item in DOCUMENT["paths"].values()
        for method, operation in item.items()
        if method in METHODS
    )
    assert set(names.values()) == {1}


@each_operation
def test_every_operation_is_described(name: str) -> None:
    _, operation = OPERATIONS[name]
    assert operation["summary"]
    assert operation["description"]
    assert operation["summary"] != operation["description"]


@each_operation
def test_every_parameter_is_described_with_an_example(name: str) -> None:
    path, operation = OPERATIONS[name]
    in_path = {part[1:-1] for part in path.split("/") if part.startswith("{")}
    parameters = operation.get("parameters", [])
    assert {each["name"] for each in parameters if each["in"] == "path"} == in_path
    for parameter in parameters:
        schema = parameter["schema"]
        assert parameter.get("description"), parameter["name"]
        assert parameter.get("title") or schema.get("title"), parameter["name"]
        assert exemplified(parameter) or exemplified(schema), parameter["name"]


@each_operation
def test_what_can_be_asked_for_a_moment_tells_of_both_ways_and_what_is_answered(name: str) -> None:
    operation = OPERATIONS[name][1]
    taken = {(each["in"], each["name"]) for each in operation.get("parameters", [])}
    timed = ("query", "as_of") in taken
    assert (("header", "Accept-Datetime") in taken) == timed
    for status in ("200", "304"):
        headers = operation["responses"].get(status, {}).get("headers", {})
        for header in ("Memento-Datetime", "Vary", "Link"):
            assert (header in headers) == timed, (status, header)


def expected(path: str, name: str) -> set[str]:
    """The statuses that an operation has to declare, from what it is."""
    operation = OPERATIONS[name][1]
    fact = "{id}" in path and path.split("/")[2] not in ("articles", "jobs")
    statuses = {"201" if name.startswith("create_") else "200", "422", "500"}
    if not path.startswith("/v1/codes") and path != "/healthz":
        statuses |= {"503"}
        statuses |= {"401"} if path.startswith("/v1/") else set()
    if "security" in operation:
        statuses |= {"403", "413"} if "requestBody" in operation else {"403"}
        statuses |= {"409"} if name.startswith("create_") else set()
        statuses |= {"412", "428"} if fact else set()
    if path.startswith("/v1/"):
        statuses |= {"414"}
        if "requestBody" not in operation:
            statuses |= {"304"}
    if "{" in path:
        statuses |= {"404"}
    if fact:
        statuses |= {"409" if "security" in operation else "308", "410"}
    if name.endswith("_history"):
        statuses -= {"308", "410"}
    return statuses


@each_operation
def test_every_operation_declares_what_can_go_wrong(name: str) -> None:
    path, operation = OPERATIONS[name]
    responses: Node = operation["responses"]
    assert responses.keys() >= expected(path, name)
    for status, response in responses.items():
        assert response["description"], status
        content = response.get("content", {})
        if status in ("304", "308"):
            assert content == {}
        elif status not in ("200", "201", "202"):
            assert content.keys() == {"application/problem+json"}, status
            schema = content["application/problem+json"]["schema"]
            assert schema == {"$ref": "#/components/schemas/Problem"}
        else:
            assert "schema" in content["application/json"]


@each_operation
def test_an_example_of_a_problem_is_of_that_problem(name: str) -> None:
    """The documentation pages show it beside the status."""
    for status, response in OPERATIONS[name][1]["responses"].items():
        if "application/problem+json" in response.get("content", {}):
            example = response["content"]["application/problem+json"].get("example", {})
            assert example.get("status") == int(status)
            jsonschema.validate(example, {**SCHEMAS["Problem"], "components": {"schemas": SCHEMAS}})


@each_operation
def test_what_a_path_needs_is_filled_in_to_be_tried(name: str) -> None:
    """Swagger UI takes a parameter's own example; it passes over those of its schema."""
    for parameter in OPERATIONS[name][1].get("parameters", []):
        if parameter["in"] == "path":
            assert parameter.get("example") == parameter["schema"]["examples"][0]


@each_schema
def test_every_schema_and_property_is_described(name: str) -> None:
    schema = SCHEMAS[name]
    assert schema.get("description"), name
    for field, property_ in schema.get("properties", {}).items():
        assert described(property_), field
        assert exemplified(property_), field


EXAMPLES = dict(nodes(DOCUMENT))


@pytest.mark.parametrize("place", EXAMPLES)
def test_every_example_is_valid(place: str) -> None:
    schema = EXAMPLES[place]
    validator = jsonschema.Draft202012Validator({**schema, "components": DOCUMENT["components"]})
    for example in schema["examples"]:
        validator.validate(example)


@pytest.mark.parametrize("codes", CODE_LISTS.values(), ids=CODE_LISTS)
def test_every_code_in_the_contract_is_on_its_list(codes: type[CodeList]) -> None:
    """And every code of the list is in the contract, in the same order."""
    schema = SCHEMAS.get(codes.__name__)
    if schema is None:
        pytest.skip(f"no answer names {codes.__name__} as a schema")
    assert schema["enum"] == [code.value for code in codes]


def test_the_document_names_no_host() -> None:
    """Whoever reads it is sent nowhere but to this server; examples name what cannot be."""
    assert re.findall(r"\w+://(?!ferrypost\.example/)\w[^ ']*", str(DOCUMENT)) == []
