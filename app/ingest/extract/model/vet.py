"""Holding a composed record to the verification of every record, one fact at a time.

A curator's record is refused whole, so that its author mends it. A model mends nothing: what is
faulty is left out by its name, until what remains would be accepted.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from app.errors import Fault
from app.ingest import shapes
from app.ingest.assemble import FACT_SECTIONS, Assembler
from app.ingest.draft import Draft, Path_, parse
from app.ingest.extract.extractor import Refusal
from app.ingest.extract.model.anchor import folded, named
from app.ingest.record import SECTIONS, ArticleRecord
from app.ingest.resolve import Directories, Resolver
from app.ingest.verify import verify
from app.sessions import ReadSession

_PLACE = re.compile(r"(\w+)\[(\d+)\](?:\.(evidence)\[(\d+)\]|\.(responses)\[(\d+)\]\.position$)?")
"""The entry at fault, and the part of it that goes without the rest if it is one."""

_NAMES = {
    "group": "groups",
    "body": "groups",
    "reported_via": "groups",
    "speaker": "officials",
    "announced_by": "officials",
}
"""The fields of facts that name bodies and persons."""


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a fault lies."""

    section: str
    index: int
    part: str | None = None
    """`evidence` or `responses`, if the fault lies in one of them alone."""
    which: int = 0


def vetted(
    session: ReadSession, raw: dict[str, Any], text: str
) -> tuple[ArticleRecord, list[Refusal]]:
    """What of a record holds, and what was left out of it for which reason.

    Faults of the article's own metadata are no model's: they stay, and the store refuses them.
    """
    refused: list[Refusal] = []
    while faults := _faults(session, raw, text):
        refused += _leave_out(raw, faults, text)
    return ArticleRecord.model_validate(raw), refused


def _faults(session: ReadSession, raw: dict[str, Any], text: str) -> dict[_Place, list[Fault]]:
    """What verification and resolution find wrong with the entries, by place."""
    draft = parse(raw)
    verify(draft, text)
    if draft.record is not None:
        resolver = Resolver(Directories(session), draft)
        list(Assembler(shapes.on_record(session), draft, resolver).wants())
        _check_named(draft, resolver, text)
    faults = defaultdict(list)
    for fault in draft.faults:
        if place := _placed(fault):
            faults[place].append(fault)
    return faults


def _placed(fault: Fault) -> _Place | None:
    found = _PLACE.match(fault.pointer or "")
    if found is None or found[1] not in SECTIONS:
        return None
    part, which = found[3] or found[5], found[4] or found[6]
    if part is None or found[1] not in FACT_SECTIONS:
        return _Place(found[1], int(found[2]))
    return _Place(found[1], int(found[2]), part, int(which))


def _check_named(draft: Draft, resolver: Resolver, text: str) -> None:
    """Note persons and bodies of facts that the article does not name, by any of their names."""
    folded_text = folded(text)
    directories = {"groups": resolver.groups, "officials": resolver.officials}
    article = draft.readable.article
    known = {
        resolver.groups.find(given)[0] for given in (article.publisher, article.agency) if given
    }
    for section in FACT_SECTIONS:
        for index, entry in draft.entries(section):
            for path, field, given in _named(entry.model_dump(), (section, index)):
                directory = directories[_NAMES[field]]
                id_ = directory.find(given)[0]
                if id_ and id_ not in known and not named(directory, id_, folded_text):
                    draft.fault(path, f"{given!r} is not named in the text.")


def _named(part: object, path: Path_) -> Iterator[tuple[Path_, str, str]]:
    """The persons and bodies that an entry names: place, field and name."""
    inner: Iterable[tuple[str | int, Any]] = ()
    if isinstance(part, dict):
        inner = part.items()
    elif isinstance(part, list):
        inner = enumerate(part)
    for name, value in inner:
        if name in _NAMES and isinstance(value, str):
            yield (*path, name), str(name), value
        else:
            yield from _named(value, (*path, name))


def _leave_out(
    raw: dict[str, Any], faults: dict[_Place, list[Fault]], text: str
) -> Iterator[Refusal]:
    """Take out of the record what is at fault: parts alone where the rest may stand."""
    whole = {(place.section, place.index) for place in faults if place.part is None}
    for place in sorted(faults, key=lambda p: (p.section, p.index, p.part or "", p.which))[::-1]:
        entry = raw[place.section][place.index]
        key = str(entry.get("key") or entry.get("name"))
        if place.part is None:
            yield _refusal(place.section, key, faults[place])
        elif (place.section, place.index) not in whole:
            gone = entry[place.part].pop(place.which)
            said = text[gone["start"] : gone["end"]] if "start" in gone else gone["position"]
            yield _refusal(place.section, key, faults[place], said)
            if place.part == "evidence" and not entry["evidence"]:
                whole.add((place.section, place.index))
                yield Refusal(place.section, key, "is left without evidence.")
    for section, index in sorted(whole, reverse=True):
        del raw[section][index]


def _refusal(section: str, key: str, faults: list[Fault], said: str | None = None) -> Refusal:
    """One refusal for all that is wrong with an entry, or with a part of it."""
    detail = " ".join(f"{_field(fault)}{fault.detail}" for fault in faults)
    meant = next((fault.suggestion for fault in faults if fault.suggestion), None)
    return Refusal(section, key, detail, said, meant, whole=said is None)


def _field(fault: Fault) -> str:
    """The field at fault, as an entry's own reader sees it: without the entry's place."""
    _, _, field = (fault.pointer or "").partition("].")
    return f"{field}: " if field else ""
