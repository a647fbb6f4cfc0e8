"""Canonical JSON (RFC 8785) and digests of it: the same content, the same bytes, everywhere.

orjson with sorted keys writes RFC 8785 for what the record consists of: objects with ASCII names,
strings, integers, booleans and nulls. There are no floats on record. A test compares the two.
"""

import hashlib
from typing import Any

import orjson


def canonical(content: Any) -> bytes:
    """The canonical form. Dates are written as ISO 8601."""
    return orjson.dumps(content, option=orjson.OPT_SORT_KEYS)


def digest(content: Any) -> str:
    """SHA-256 of the canonical form, in hexadecimal."""
    return hashlib.sha256(canonical(content)).hexdigest()
