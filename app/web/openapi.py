"""The OpenAPI document: what FastAPI finds in the routes, and what it can't know."""

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from app import __version__
from app.web.described import describe
from app.web.documented import ACCEPT_DATETIME, MEMENTO
from app.web.schemas import Problem

DESCRIPTION = """
Structured news facts: **who said what**, on whose behalf, on which topic, when, to whom and in
which exact words; **who offered to mediate** between whom and how each party answered; **which
talks were held** and how they ended. Every fact carries the words that prove it: an article, a
place in its text, and a hash of what stands there.

A position tells what an actor *said*, never what *is so*. What the evidence does not give stays
unknown: no date, party or answer is filled in.

`/v1` is the contract and only ever grows. The same paths without `/v1` are an alias of the current
version: the same bytes, with `Content-Location` naming the versioned address. Every GET has a HEAD.
Every answer has a strong `ETag`; send it back as `If-None-Match` and an unchanged answer is a 304.

Filters: `country=PAK|AFG` is either of the two, `stance=!undecided` all but that one, two filters
together must both hold. Countries, bodies and officials are found by code, slug or any known name.
An unknown parameter, code or name is an error that says what is allowed.
""".strip()

TAGS = [
    {
        "name": "Positions",
        "description": "Statements by actors on topics, each with stance, mode, targets and the "
        "words that prove it.",
    },
    {
        "name": "Mediation offers",
        "description": "Third parties' offers and parties' openings for one. Appreciating is not "
        "accepting; a party that said nothing has `none_on_record`.",
    },
    {"name": "Rounds", "description": "The meetings of talks: where, when, who, and the outcome."},
    {
        "name": "Topics",
        "description": "The subjects, in a tree. Asking for a topic includes the narrower ones.",
    },
    {
        "name": "Countries",
        "description": "ISO 3166-1 and Kosovo, with aliases, demonyms and the capitals that stand "
        "for governments.",
    },
    {
        "name": "Groups",
        "description": "Bodies that act or are addressed, and what others call them.",
    },
    {"name": "Officials", "description": "Persons and the posts that the evidence shows them in."},
    {"name": "Articles", "description": "The sources: who published what when, and a hash of it."},
    {
        "name": "Changes",
        "description": "The transactions on the record, numbered in the order they committed.",
    },
    {
        "name": "Analysis",
        "description": "What is undecided, countries side by side, and where stances shifted.",
    },
    {
        "name": "Quotations",
        "description": "Whether somebody's words are on record, to the letter. Never a fuzzy yes.",
    },
    {
        "name": "Receipts",
        "description": "What the record says, in a form that can be checked without the service.",
    },
    {
        "name": "Curation",
        "description": "Facts created, revised, published, withdrawn and merged; records loaded. "
        "It takes a key.",
    },
    {"name": "Codes", "description": "The closed vocabularies, aligned with CAMEO and PLOVER."},
    {"name": "Health", "description": "For those who run the service."},
]

_SECURITY_SCHEME = {
    "type": "http",
    "scheme": "bearer",
    "description": "A key of this service, as `Authorization: Bearer KEY`. Reading the public "
    "record needs none.",
}


def document(app: FastAPI) -> dict[str, Any]:
    """The OpenAPI document of the application, made once."""
    if app.openapi_schema is None:
        describe(app.routes)
        schema = get_openapi(
            title="On Record",
            version=__version__,
            summary="Who said what, on whose behalf, when, to whom, in which exact words.",
            description=DESCRIPTION,
            routes=app.routes,
            tags=TAGS,
            servers=[{"url": "/", "description": "This server"}],
            contact={"name": "On Record"},
            license_info={"name": "Apache-2.0", "identifier": "Apache-2.0"},
        )
        components = schema["components"]
        components["schemas"] |= _definitions(Problem)
        components["securitySchemes"] = {"ApiKey": _SECURITY_SCHEME}
        schema["security"] = [{}, {"ApiKey": []}]
        for path in schema["paths"].values():
            for operation in path.values():
                _tidy(operation)
                _date(operation)
        app.openapi_schema = schema
    return app.openapi_schema


def _definitions(model: type[Problem]) -> dict[str, Any]:
    """A model and what it refers to, as components."""
    schema = model.model_json_schema(ref_template="#/components/schemas/{model}")
    return {**schema.pop("$defs", {}), model.__name__: schema}


def _tidy(operation: dict[str, Any]) -> None:
    """Take out what FastAPI notes and HTTP has not: bodies of a 304 or 308, nulls in a query."""
    for status in ("304", "308"):
        operation["responses"].get(status, {}).pop("content", None)
    for parameter in operation.get("parameters", ()):
        given = parameter["schema"]
        if parameter["in"] == "path":
            # Swagger UI fills in a path from `example`, and from nothing else.
            parameter["example"] = given["examples"][0]
        alternatives = [each for each in given.pop("anyOf", ()) if each != {"type": "null"}]
        for each in alternatives:
            given |= each


def _date(operation: dict[str, Any]) -> None:
    """Add how an operation that can be asked for a moment negotiates it by headers (RFC 7089)."""
    parameters = operation.get("parameters", [])
    if not any(parameter["name"] == "as_of" for parameter in parameters):
        return
    parameters.append(ACCEPT_DATETIME)
    for status in ("200", "304"):
        response = operation["responses"][status]
        response["headers"] = response["headers"] | MEMENTO
