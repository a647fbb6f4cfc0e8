"""A record on its way in: what could be read of it, and every fault found so far.

One unreadable entry must not hide the faults of the others: it is left out, and the rest is read.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from pydantic import BaseModel, ValidationError

from app.errors import Fault, RecordRefused
from app.faults import pointer, schema_fault
from app.ingest.record import SECTIONS, ArticleRecord, Selector

MAX_DEPTH = 20
MAX_PARTS = 200_000

Path_ = tuple[str | int, ...]
"""A place in the file: ("positions", 4, "evidence", 0, "start")."""


@dataclass
class Draft:
    """A record on its way in: what could be read of it, and every fault found so far."""

    record: ArticleRecord | None
    faults: list[Fault] = field(default_factory=list)
    kept: dict[str, list[int]] = field(default_factory=dict)
    """For sections with unreadable entries: the places in the file of the entries that remain."""
    left_out: dict[str, dict[str, list[str]]] = field(default_factory=lambda: defaultdict(dict))
    """Keys and slugs, with the names, of the unreadable entries: the others may refer to them."""
    loose: list[tuple[Path_, Selector]] = field(default_factory=list)
    """Selectors of the unreadable entries, with their places: they are checked all the same."""

    def entries(self, section: str) -> Iterator[tuple[int, Any]]:
        """The readable entries of a section, each with its place in the file."""
        found = getattr(self.record, section, [])
        return zip(self.kept.get(section, range(len(found))), found, strict=True)

    def selectors(self) -> Iterator[tuple[Path_, Selector]]:
        """Every readable selector, with its place in the file."""
        for section in SECTIONS:
            for index, entry in self.entries(section):
                yield from _selectors_in(entry, (section, index))
        yield from self.loose

    def fault(self, path: Path_, detail: str, suggestion: str | None = None) -> None:
        """Note a fault at a place in the file."""
        self.faults.append(Fault(detail, pointer=pointer(path), suggestion=suggestion))

    @property
    def readable(self) -> ArticleRecord:
        """What could be read of the record; `app.ingest.pipeline.checked` has seen to it."""
        assert self.record is not None  # noqa: S101 - nothing could be read: refused before
        return self.record

    def accepted(self) -> ArticleRecord:
        """The record if it has no fault. Raises RecordRefused with all of them."""
        if self.record is None or self.faults:
            count = len(self.faults)
            raise RecordRefused(
                f"The record has {count} fault{'s' if count != 1 else ''}; nothing was stored.",
                sorted(self.faults, key=lambda fault: _natural(fault.pointer or "")),
            )
        return self.record


def parse(raw: object) -> Draft:
    """Read a record, leaving out what is unreadable so that the rest can still be checked."""
    _check_extent(raw)
    try:
        return Draft(ArticleRecord.model_validate(raw))
    except ValidationError as error:
        draft = Draft(None, [schema_fault(each) for each in error.errors()])
        faulty = _faulty_entries(error)
    if faulty is None or not isinstance(raw, dict):
        return draft
    if not all(isinstance(raw[section], list) for section in faulty):
        return draft
    readable = dict(raw)
    for section, places in faulty.items():
        draft.kept[section] = [i for i in range(len(raw[section])) if i not in places]
        readable[section] = [raw[section][i] for i in draft.kept[section]]
        for place in sorted(places):
            _leave_out(draft, (section, place), raw[section][place])
    draft.record = ArticleRecord.model_validate(readable)
    return draft


def _check_extent(raw: object) -> None:
    """Raise RecordRefused for what is nested or repeated without end (aliases can do that)."""
    waiting, parts = [(raw, 0)], 0
    while waiting:
        part, depth = waiting.pop()
        if not isinstance(part, dict | list | tuple | set):
            continue
        inner = part.values() if isinstance(part, dict) else part
        parts += len(inner)
        if depth > MAX_DEPTH or parts > MAX_PARTS:
            raise RecordRefused("This is no record: it is nested or repeated without end.")
        waiting += [(each, depth + 1) for each in inner]


def _leave_out(draft: Draft, path: Path_, entry: object) -> None:
    """Keep of an unreadable entry what others need: its name, and the selectors that are whole."""
    if not isinstance(entry, dict):
        return
    names = [entry.get("name"), *_listed(entry, "aliases"), *_listed(entry, "name_variants")]
    for slug in (entry.get("key"), entry.get("slug")):
        if isinstance(slug, str):
            draft.left_out[str(path[0])][slug] = [n for n in names if isinstance(n, str)]
    owners = [(path, entry)] + [
        ((*path, name, index), part)
        for name in ("tenures", "labels")
        for index, part in enumerate(_listed(entry, name))
    ]
    for place, owner in owners:
        for index, proof in enumerate(_listed(owner, "evidence")):
            with suppress(ValidationError):
                draft.loose.append(((*place, "evidence", index), Selector.model_validate(proof)))


def _listed(entry: object, name: str) -> list[Any]:
    found = entry.get(name) if isinstance(entry, dict) else None
    return found if isinstance(found, list) else []


def _selectors_in(part: BaseModel, path: Path_) -> Iterator[tuple[Path_, Selector]]:
    for name in type(part).model_fields:
        value = getattr(part, name)
        if not isinstance(value, list):
            continue
        for index, item in enumerate(value):
            if isinstance(item, Selector):
                yield (*path, name, index), item
            elif isinstance(item, BaseModel):
                yield from _selectors_in(item, (*path, name, index))


def _faulty_entries(error: ValidationError) -> dict[str, set[int]] | None:
    """The places of the unreadable entries; nothing if a fault lies outside of all entries."""
    faulty: dict[str, set[int]] = defaultdict(set)
    for each in error.errors():
        location = each["loc"]
        if len(location) < 2 or location[0] not in SECTIONS or not isinstance(location[1], int):
            return None
        faulty[str(location[0])].add(location[1])
    return faulty


def _natural(place: str) -> list[tuple[int, str]]:
    """Order places as in the file: positions[2] before positions[10]."""
    return [
        (int(p), "") if re.fullmatch("[0-9]{1,9}", p) else (-1, p)
        for p in place.replace("]", "[").split("[")
    ]
