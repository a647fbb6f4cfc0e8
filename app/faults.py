"""What pydantic finds wrong with an input, in our words."""

from collections.abc import Sequence
from typing import Any

from app.errors import Fault, brief, near_miss


def pointer(path: Sequence[str | int]) -> str:
    """A place as people write it: ``positions[4].evidence[0].start``."""
    return "".join(f"[{p}]" if isinstance(p, int) else f".{p}" for p in path).lstrip(".")


def storable(value: Any) -> Any:
    """The value, if it is no text that a database cannot keep. Raises ValueError."""
    for each in value if isinstance(value, list) else (value,):
        if not isinstance(each, str):
            continue
        if "\x00" in each:
            raise ValueError("holds the character NUL, which no text has.")
        try:
            each.encode()
        except UnicodeEncodeError:
            raise ValueError("holds half a character, which no text has.") from None
    return value


def schema_fault(error: Any) -> Fault:
    """The fault for one of pydantic's errors."""
    allowed, suggestion, detail = None, None, error["msg"].removeprefix("Value error, ")
    given = error.get("input")
    if error["type"] in ("enum", "literal_error"):
        allowed = [each.strip("'") for each in error["ctx"]["expected"].split(", ")]
        allowed = [*allowed[:-1], *[a.strip("'") for a in allowed[-1].split(" or ")]]
        suggestion = near_miss(given, allowed) if isinstance(given, str) else None
        detail = f"{brief(given)} is not one of {', '.join(allowed)}."
    elif error["type"] == "extra_forbidden":
        detail = "the format has no such field."
    elif error["type"] == "missing":
        detail = "this field is missing."
    elif isinstance(given, str | int | float | bool) and error["type"] != "value_error":
        detail = f"{brief(given)}: {detail[:1].lower()}{detail[1:]}."
    return Fault(detail, pointer=pointer(error["loc"]), allowed=allowed, suggestion=suggestion)
