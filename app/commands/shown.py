"""What waits for review, as a terminal shows it."""

from collections.abc import Iterable, Mapping
from typing import Any

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from app.ingest.surroundings import Surroundings, surroundings

Entry = Mapping[str, Any]

_ELSEWHERE = {"id", "rev", "recorded_in", "change_type", "curation", "articles", "evidence"}
_ELSEWHERE |= {"quotation", "tone"}
"""Fields that are shown another way, or follow from others."""

_HINTS = (
    ("a", "accept: publish it as it is"),
    ("e", "edit: change it, then publish it"),
    ("r", "reject: withdraw it, with a reason"),
    ("s", "skip: leave it for later"),
    ("q", "quit: what was decided stays decided"),
)


def item(
    console: Console, waiting: Entry, fact: Entry | None, text: str | None, place: str
) -> RenderableType:
    """A draft with its words where they stand; for a proposal beside the fact as it is."""
    parts: list[RenderableType] = [
        Rule(Text(place, "bold"), align="left"),
        Text(waiting["article"]["headline"], "bold"),
        _state(waiting),
        Text(),
        *_words(console, waiting["fact"]["evidence"], waiting["article"]["id"], text),
        Text(),
        _fields(waiting, fact),
        Text(),
    ]
    return Group(*parts)


def hints() -> RenderableType:
    """What each letter does."""
    table = Table.grid(padding=(0, 2))
    for letter, told in _HINTS:
        table.add_row(Text(letter, "bold"), told)
    return Padding(table, (0, 0, 0, 2))


def _state(waiting: Entry) -> Text:
    """What it is and, on a line of its own, what it would change; how it was found."""
    proposes, sure = waiting["proposes"], waiting["confidence"]
    told = f"{waiting['kind'].replace('_', ' ')} {waiting['id']}"
    if proposes:
        told += f" · proposed for {proposes['id']}, which is {proposes['curation']}\n"
    else:
        told += " · "
    told += f"rule {waiting['rule']}" if waiting["rule"] else waiting["method"]
    return Text(told if sure is None else f"{told} · confidence {sure:.2f}", "dim")


def _words(
    console: Console, evidence: Iterable[Entry], article: str, text: str | None
) -> Iterable[RenderableType]:
    """Each proof in its sentence; around the first one also the sentences beside it."""
    for number, proof in enumerate(evidence):
        if number:
            yield Text()
        if text is None or proof["article"]["id"] != article:
            yield Padding(_alone(console, proof), (0, 2))
            continue
        found = surroundings(text, proof["start"], proof["end"])
        if found.before and not number:
            yield Padding(Text(found.before, "dim"), (0, 2))
        yield Padding(_sentence(console, found), (0, 2))
        if found.after and not number:
            yield Padding(Text(found.after, "dim"), (0, 2))


def _sentence(console: Console, found: Surroundings) -> Text:
    return Text.assemble(found.head, _marked(console, found.words), found.tail)


def _marked(console: Console, words: str) -> Text:
    """Words that stand out, with marks around them where there are no colours."""
    if console.is_terminal and not console.no_color:
        return Text(words, "bold yellow")
    return Text(f"⟦{words}⟧")


def _alone(console: Console, proof: Entry) -> Text:
    """A proof whose text is not at hand: by its words, or by its place."""
    where = f"{proof['start']} to {proof['end']}"
    if proof["exact"] is None:
        return Text(f"A reporter's words, {where}; the article's text is not held.", "dim")
    told = Text.assemble(proof["prefix"], _marked(console, proof["exact"]), proof["suffix"])
    return told.append(f"  ({where}; the article's text is not held)", "dim")


def _fields(waiting: Entry, fact: Entry | None) -> Table:
    """The fields of a draft; beside them, for a proposal, what is on record."""
    table = Table(box=None, padding=(0, 2), pad_edge=True, show_header=fact is not None)
    table.add_column("", style="cyan", no_wrap=True)
    differs = set(waiting["proposes"]["differs"]) if waiting["proposes"] else set()
    if fact is not None:
        table.add_column("on record", ratio=1)
        table.add_column("proposed", ratio=1)
    for name, value in waiting["fact"].items():
        before = _told(fact[name]) if fact else ""
        after = _told(value)
        if name in _ELSEWHERE or name.endswith("_precision") or not (before or after):
            continue
        style = "bold yellow" if name in differs else ""
        label = name.replace("_", " ")
        if fact is None:
            table.add_row(label, Text(after))
        else:
            mark = "≠ " if name in differs else ""
            table.add_row(label, Text(before or "–"), Text(mark + (after or "–"), style))
    return table


def _told(value: Any) -> str:
    """A value in words: references by name and code, lists joined."""
    if value is None or value == []:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return "; ".join(map(_told, value))
    return _named(value) if isinstance(value, dict) else str(value)


def _named(value: Entry) -> str:
    """Something that has fields: a reference by its name and code, anything else by its values."""
    if "name" in value:
        return f"{value['name']} ({value.get('code') or value.get('slug')})"
    if value.keys() == {"country", "group"}:
        return _told(value["group"] or value["country"])
    parts = [_told(each) for name, each in value.items() if not name.endswith("precision")]
    return ", ".join(part for part in parts if part)
