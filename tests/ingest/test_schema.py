"""The published JSON Schema of the format."""

import json

import jsonschema  # type: ignore[import-untyped]
import pytest

from app.db import Database
from app.ingest.record import json_schema
from app.settings import resource
from tests.ingest.support import (
    as_json,
    put,
    refused,
    shown,
)

SCHEMA = resource("seed").parent / "docs" / "article-record.schema.json"


def test_the_published_schema_is_that_of_the_code() -> None:
    assert json.loads(SCHEMA.read_text(encoding="utf-8")) == json_schema()


def test_the_first_record_fits_the_published_schema(record) -> None:
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    validator = jsonschema.Draft202012Validator
    validator.check_schema(schema)
    checker = validator(schema, format_checker=validator.FORMAT_CHECKER)
    assert list(checker.iter_errors(as_json(record))) == []


@pytest.mark.parametrize(
    ("place", "value"),
    [
        (("positions", 0, "stance"), "zzz"),
        (("positions", 0, "extra"), 1),
        (("article", "characters"), 0),
        (("rounds", 0, "held_on"), "soon"),
    ],
)
def test_the_published_schema_refuses_what_the_loader_refuses(
    standing: Database, record, place, value: object
) -> None:
    put(record, place, value)
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    assert not jsonschema.Draft202012Validator(schema).is_valid(as_json(record))
    assert list(refused(standing, record)) == [shown(place)]
