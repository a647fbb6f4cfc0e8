"""Code lists: looked up in the code itself, which is where they are kept."""

import inspect
from typing import Any

from app.codelists import CODE_LISTS, Stance
from app.errors import NotFound, near_miss

Entry = dict[str, Any]


def all_lists() -> list[Entry]:
    """Every list."""
    return [_shown(name) for name in CODE_LISTS]


def one_list(name: str) -> Entry:
    """One list. Raises NotFound, with the near miss."""
    if name not in CODE_LISTS:
        near = near_miss(name, CODE_LISTS)
        hint = f" Did you mean {near}?" if near else f" There are {', '.join(CODE_LISTS)}."
        raise NotFound(f"There is no code list {name[:80]!r}.{hint}")
    return _shown(name)


def _shown(name: str) -> Entry:
    codes = CODE_LISTS[name]
    return {
        "name": name,
        "description": inspect.getdoc(codes),
        "codes": [
            {
                "code": code.value,
                "definition": code.definition,
                "cameo": code.cameo,
                "plover": code.plover,
                "tone": code.tone.value if isinstance(code, Stance) else None,
            }
            for code in codes
        ],
    }
