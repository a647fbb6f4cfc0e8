"""The lexicons: what is known of a word before it is read, from the data files beside this one."""

from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import NamedTuple

FOLDER = "lexicons"


class Form(NamedTuple):
    """A form of a verb of attribution."""

    verb: str
    groups: frozenset[str]
    kinds: frozenset[str]
    """Which forms it is: `base`, `s`, `past`, `participle`, `ing`."""
    group: str
    """The first of its groups, in the order of the file."""


def lines(name: str) -> Iterator[tuple[str, str]]:
    """The entries of a data file, each with the section it is in."""
    section = ""
    text = files(__package__).joinpath(FOLDER, name).read_text(encoding="utf-8")
    for line in text.splitlines():
        if line.startswith("[") and line.endswith("]"):
            section = line[1:-1]
        elif line and not line.startswith("#"):
            yield section, line


@cache
def sections(name: str) -> dict[str, frozenset[str]]:
    """The words of a data file by section."""
    found: dict[str, set[str]] = {}
    for section, line in lines(name):
        found.setdefault(section, set()).update(line.split())
    return {section: frozenset(words) for section, words in found.items()}


@cache
def verb_forms() -> dict[str, Form]:
    """Every form of every verb of attribution."""
    groups: dict[str, list[str]] = {}
    shapes: dict[str, list[str]] = {}
    for section, line in lines("cues.txt"):
        verb, *irregular = line.split()
        groups.setdefault(verb, []).append(section)
        if irregular or verb not in shapes:
            shapes[verb] = irregular or _regular(verb)
    kinds: dict[str, dict[str, set[str]]] = {}
    for verb, (third, past, participle, ing) in shapes.items():
        named = [(verb, "base"), (third, "s"), (past, "past"), (participle, "participle")]
        for form, kind in [*named, (ing, "ing")]:
            kinds.setdefault(form, {}).setdefault(verb, set()).add(kind)
    return {
        form: Form(verb, frozenset(groups[verb]), frozenset(of_verb[verb]), groups[verb][0])
        for form, of_verb in kinds.items()
        for verb in [min(of_verb)]
    }


def _regular(verb: str) -> list[str]:
    """The four other forms of a regular verb."""
    if verb.endswith("e"):
        stem = verb[:-1]
        return [f"{verb}s", f"{verb}d", f"{verb}d", f"{stem}ing"]
    if verb.endswith("y") and verb[-2] not in "aeou":
        stem = verb[:-1]
        return [f"{stem}ies", f"{stem}ied", f"{stem}ied", f"{verb}ing"]
    third = f"{verb}es" if verb.endswith(("s", "sh", "ch", "x", "z")) else f"{verb}s"
    return [third, f"{verb}ed", f"{verb}ed", f"{verb}ing"]


@cache
def particles() -> dict[str, frozenset[str]]:
    """The verbs that count only with a certain word after them, and which words."""
    found: dict[str, frozenset[str]] = {}
    for _, line in lines("particles.txt"):
        verb, *after = line.split()
        found[verb] = found.get(verb, frozenset()) | frozenset(after)
    return found
