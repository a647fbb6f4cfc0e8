"""The lines of an export: what each of them holds, checked by schemas made from the tables.

A column or a table of children that is added to the record is in the format by itself. Lines are
dicts whose names stand in the order in which they are written.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from functools import cache
from typing import Any

import orjson
from pydantic import ValidationError
from pydantic_core import CoreSchema, SchemaValidator
from pydantic_core import core_schema as cs
from sqlalchemy import BigInteger, Column, Table

from app.codelists import ChangeKind, ChangeType, CodeList
from app.errors import Fault, RecordRefused
from app.faults import pointer, schema_fault
from app.ingest import shapes
from app.ingest.record import Selector
from app.ingest.shapes import Kind, Shape
from app.models.base import codes_of
from app.sql import table

FORMAT = "onrecord/record/1"

Line = dict[str, Any]

SHA256_LENGTH = 64
"""Columns of text of this length hold SHA-256 in hexadecimal."""


def encode(line: Line) -> bytes:
    """A line as it is written."""
    return orjson.dumps(line, option=orjson.OPT_APPEND_NEWLINE)


def decode(raw: bytes, number: int) -> Line:
    """The line that is written there. Raises RecordRefused, naming line and field."""
    try:
        line: Line = _validator().validate_json(raw, strict=True)
    except ValidationError as error:
        raise refused(number, *map(_fault, error.errors())) from None
    if b"\\u0000" in raw and _holds_nul(line):
        raise refused(number, Fault("holds the character NUL, which no text has."))
    return line


def refused(number: int, *faults: Fault) -> RecordRefused:
    """The error for a line that cannot be taken."""
    told = [
        Fault(
            fault.detail,
            pointer=f"line {number}: {fault.pointer}" if fault.pointer else f"line {number}",
            suggestion=fault.suggestion,
        )
        for fault in faults
    ]
    return RecordRefused("The file is refused; nothing was stored.", told)


def _fault(error: Any) -> Fault:
    """What is wrong with a line; the schema's own names for kinds of lines are left out."""
    place = list(error["loc"])
    if place[:1] == ["version"]:
        place = place[2:]
    elif place and place[0] in _LINES:
        place = place[1:]
    if error["type"].startswith("json"):
        return Fault(f"is not JSON ({error['msg'].removeprefix('Invalid JSON: ')}).")
    fault = schema_fault({**error, "loc": place})
    return Fault(fault.detail, pointer=pointer(place), suggestion=fault.suggestion)


def _holds_nul(part: Any) -> bool:
    if isinstance(part, str):
        return "\x00" in part
    inner: Iterable[Any] = ()
    if isinstance(part, dict):
        inner = [*part, *part.values()]
    elif isinstance(part, list):
        inner = part
    return any(map(_holds_nul, inner))


# Schemas


def _day(written: str) -> str:
    """A day of the calendar. Dates stay text, which both databases and digests take as it is."""
    date.fromisoformat(written)
    return written


_TEXT = cs.str_schema()
_SHA256 = cs.str_schema(pattern=r"^[0-9a-f]{64}$")
_COUNT = cs.int_schema(ge=0, le=2**53 - 1)
_NUMBER = cs.int_schema(ge=0, le=2**31 - 1)
_MOMENT = cs.datetime_schema(tz_constraint="aware")
_DATE = cs.no_info_after_validator_function(_day, cs.str_schema(pattern=r"^\d{4}-\d{2}-\d{2}$"))


def _object(fields: Mapping[str, CoreSchema], optional: Iterable[str] = ()) -> CoreSchema:
    """An object with these names, and no others."""
    return cs.typed_dict_schema(
        {
            name: cs.typed_dict_field(schema, required=name not in optional)
            for name, schema in fields.items()
        },
        extra_behavior="forbid",
    )


def _one_of(codes: type[CodeList]) -> CoreSchema:
    return cs.literal_schema([code.value for code in codes])


def _value(column: Column[Any], codes: Mapping[str, type[CodeList]]) -> CoreSchema:
    """What a column may hold."""
    kind = column.type.python_type
    length = getattr(column.type, "length", None)
    schema: CoreSchema
    if column.name in codes:
        schema = _one_of(codes[column.name])
    elif kind is bool:
        schema = cs.bool_schema()
    elif kind is int:
        schema = _COUNT if isinstance(column.type, BigInteger) else _NUMBER
    elif kind is float:
        schema = cs.float_schema(allow_inf_nan=False)
    elif kind is date:
        schema = _DATE
    elif length == SHA256_LENGTH:
        schema = _SHA256
    else:
        schema = cs.str_schema(max_length=length)
    return cs.nullable_schema(schema) if column.nullable else schema


def _values(of: Table, names: Iterable[str]) -> dict[str, CoreSchema]:
    codes = codes_of(of)
    return {name: _value(of.c[name], codes) for name in names}


def _proof(shape: Shape) -> dict[str, CoreSchema]:
    """Evidence has the limits that it has in a record: more would republish the article."""
    fields = _values(shape.table, shape.said)
    for name in fields.keys() & Selector.model_fields.keys():
        for limit in Selector.model_fields[name].metadata:
            if most := getattr(limit, "max_length", None):
                schema = cs.str_schema(max_length=most)
                nullable = shape.table.c[name].nullable
                fields[name] = cs.nullable_schema(schema) if nullable else schema
    return fields


def _children(children: Mapping[str, Shape]) -> dict[str, CoreSchema]:
    found: dict[str, CoreSchema] = {}
    for name, shape in children.items():
        said = _proof(shape) if shape.proves else _values(shape.table, shape.said)
        found[name] = cs.list_schema(_object(said | _children(shape.children)))
    return found


_LATER = ("rule", "confidence")
"""Names that the exports of earlier releases lack: they had no extractor."""


def _version(kind: Kind) -> CoreSchema:
    named: dict[str, CoreSchema] = {"kind": cs.literal_schema([kind.name])}
    content = named | _values(kind.table, kind.told) | _children(kind.children)
    fields = {
        "line": cs.literal_schema(["version"]),
        **named,
        "id": _TEXT,
        "rev": cs.int_schema(ge=1, le=2**31 - 1),
        "change_type": _one_of(ChangeType),
        "superseded_in": cs.nullable_schema(_COUNT),
        "digest": _SHA256,
        **_values(kind.table, kind.untold),
        "origin": _object(_values(table(kind.anchor), kind.origin)),
        "content": _object(content),
    }
    return _object(fields, optional=["origin", *_LATER])


_LINES: dict[str, CoreSchema] = {
    "record": _object(
        {
            "line": cs.literal_schema(["record"]),
            "format": cs.literal_schema([FORMAT]),
            "schema": _TEXT,
            "software": _TEXT,
            "version": cs.int_schema(ge=-1, le=2**53 - 1),
            "digest": _SHA256,
            "versions": _COUNT,
            "texts": cs.bool_schema(),
        }
    ),
    "change": _object(
        {
            "line": cs.literal_schema(["change"]),
            "seq": _COUNT,
            "at": _MOMENT,
            "kind": _one_of(ChangeKind),
            "by": _TEXT,
            "reason": cs.nullable_schema(_TEXT),
            "article_id": cs.nullable_schema(_TEXT),
            "method": _TEXT,
            "software": _TEXT,
            "digest": _SHA256,
            "topics": cs.dict_schema(_TEXT, _NUMBER),
        }
    ),
    "version": cs.tagged_union_schema(
        {kind.name: _version(kind) for kind in shapes.KINDS}, discriminator="kind"
    ),
    "text": _object({"line": cs.literal_schema(["text"]), "article_id": _TEXT, "text": _TEXT}),
    "end": _object(
        {
            "line": cs.literal_schema(["end"]),
            "lines": _COUNT,
            "changes": _COUNT,
            "versions": _COUNT,
            "texts": _COUNT,
            "sha256": _SHA256,
        }
    ),
}


@cache
def _validator() -> SchemaValidator:
    """Made when it is needed: a server starts without."""
    lines = cs.tagged_union_schema(_LINES, discriminator="line")
    return SchemaValidator(lines)
