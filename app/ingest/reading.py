"""Reading files: records in YAML or JSON, receipts in JSON, articles' texts as they are."""

import json
import re
from pathlib import Path
from typing import Any

import yaml

from app.errors import RecordRefused

_RECORD = re.compile(
    rb"""^[\s{]*["']?format["']?\s*:\s*["']?onrecord/article-record/""", re.MULTILINE
)


def looks_like_record(beginning: bytes) -> bool:
    """Whether a file that begins like this is an article record, and not an article."""
    return _RECORD.search(beginning) is not None


def read_file(path: Path) -> object:
    """The content of a record file, YAML or JSON. Raises RecordRefused if it is neither."""
    return read_written(read_text(path), str(path))


def read_written(written: str, called: str) -> object:
    """The content of YAML or JSON; `called` names it in what RecordRefused says."""
    try:
        return yaml.load(written, _Loader)  # noqa: S506 - a safe loader
    except RecursionError as error:
        raise RecordRefused(f"{called} is nested too deeply.") from error
    except (yaml.YAMLError, ValueError, LookupError, AttributeError, TypeError) as error:
        raise RecordRefused(f"{called} is neither YAML nor JSON: {error}") from error


def read_json(path: Path) -> object:
    """The content of a JSON file. Raises RecordRefused if it is not JSON.

    Not by way of YAML, which takes much that JSON does not: a line break in a text for a space.
    """
    try:
        return json.loads(read_text(path), object_pairs_hook=_once, parse_constant=_no_number)
    except RecursionError as error:
        raise RecordRefused(f"{path} is nested too deeply.") from error
    except ValueError as error:
        raise RecordRefused(f"{path} is not JSON: {error}") from error


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object. Raises ValueError for a name that stands twice."""
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a name stands twice in one object.")
    return found


def _no_number(written: str) -> None:
    raise ValueError(f"{written} is no number.")


class _Loader(yaml.SafeLoader):
    """YAML that says what is written: dates stay text, `on` and `NO` too, no field stands twice."""

    def construct_mapping(self, node: Any, deep: bool = False) -> Any:
        """A mapping. Raises ConstructorError for a key that stands twice."""
        seen = set()
        for key, _ in node.value if isinstance(node, yaml.MappingNode) else ():
            if key.value in seen if isinstance(key, yaml.ScalarNode) else False:
                raise yaml.constructor.ConstructorError(
                    None, None, f"{key.value!r} stands twice", key.start_mark
                )
            if isinstance(key, yaml.ScalarNode):
                seen.add(key.value)
        return super().construct_mapping(node, deep)


_PLAIN = {
    "null": (r"~|null|", ["~", "n", ""]),
    "bool": (r"true|false", ["t", "f"]),
    "int": (r"-?(0|[1-9][0-9]*)", list("-0123456789")),
    "float": (r"-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?", list("-0123456789")),
    "merge": (r"<<", ["<"]),
}
_Loader.yaml_implicit_resolvers = {}
for _name, (_form, _first) in _PLAIN.items():
    _Loader.add_implicit_resolver(
        f"tag:yaml.org,2002:{_name}", re.compile(f"^(?:{_form})$"), _first
    )


def read_text(path: Path) -> str:
    """An article's text as it is: no newline translated, since offsets count code points."""
    try:
        return decoded(path.read_bytes(), str(path))
    except OSError as error:
        raise RecordRefused(f"{path} cannot be read ({error.strerror}).") from error


def decoded(content: bytes, called: str) -> str:
    """The text in UTF-8; `called` names it in what RecordRefused says."""
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise RecordRefused(f"{called} is not UTF-8 ({error.reason} at {error.start}).") from error
