"""References: how countries, groups, officials and topics are shown where something refers to them.

Facts hold codes and slugs; the names that go with these are few, are asked for once for all
answers on one state of the record, and are as they were at the record version that is read.
"""

from dataclasses import dataclass
from functools import partial
from types import TracebackType
from typing import Any, Self

from sqlalchemy import Select, Table, select

from app import models
from app.memory import Memory
from app.sessions import ReadSession
from app.sql import PINNED, among, table, valid_at

Entry = dict[str, Any]


@dataclass(frozen=True, eq=False)
class _Kind:
    """What can be referred to: its versions, and the column that identifies it."""

    versions: Table
    key: str


_COUNTRY = _Kind(table(models.CountryVersion), "code")
_GROUP = _Kind(table(models.GroupVersion), "slug")
_OFFICIAL = _Kind(table(models.OfficialVersion), "slug")
_TOPIC = _Kind(table(models.TopicVersion), "slug")


class _Shown(dict[str | None, Entry | None]):
    """What is referred to by its key, as it is shown; the same object wherever it stands."""

    def __init__(self, kind: _Kind, memory: Memory, version: int) -> None:
        super().__init__({None: None})
        self._kind = kind
        self._memory = memory
        self._version = version
        self._unknown: list[str] = []

    def __missing__(self, key: str) -> Entry:
        entry = self._memory.name(self._kind, key, self._version)
        if entry is None:
            entry = {self._kind.key: key, "name": None}
            self._unknown.append(key)
        self[key] = entry
        return entry

    def fill(self, session: ReadSession) -> None:
        """Put in the names that were not known."""
        if not self._unknown:
            return
        params = {"version": self._version, "keys": self._unknown}
        for row in session.run(("names", self._kind), partial(_names, self._kind), params):
            entry = self[row.key]
            assert entry is not None  # noqa: S101 - it was put there as unknown
            entry["name"] = row.name
            self._memory.learn(self._kind, row.key, row.since, row.until, entry)


class References:
    """The references in an answer, by code or slug; none leads to none.

    Names that are not known yet are put in at the end, with a statement for each kind.
    """

    def __init__(self, session: ReadSession, version: int) -> None:
        self.session = session
        self.version = version
        self.country = _Shown(_COUNTRY, session.memory, version)
        self.group = _Shown(_GROUP, session.memory, version)
        self.official = _Shown(_OFFICIAL, session.memory, version)
        self.topic = _Shown(_TOPIC, session.memory, version)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if error is None:
            for shown in (self.country, self.group, self.official, self.topic):
                shown.fill(self.session)

    def actor(self, row: Any) -> Entry:
        """The country or group that a row names in `country_code` and `group_slug`."""
        return {"country": self.country[row.country_code], "group": self.group[row.group_slug]}


def _names(kind: _Kind) -> Select[Any]:
    """The names of the `keys`, and for which record versions they hold."""
    versions = kind.versions
    key = versions.c[kind.key]
    return select(
        key.label("key"),
        versions.c.name,
        versions.c.recorded_in.label("since"),
        versions.c.superseded_in.label("until"),
    ).where(among(key, "keys"), valid_at(versions, PINNED))
