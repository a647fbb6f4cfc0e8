"""Resolution: names to codes, slugs and ids. A name that leads nowhere, or to two, is refused."""

from collections import ChainMap, defaultdict
from collections.abc import Iterable

from sqlalchemy import select
from sqlmodel import SQLModel

from app.errors import brief, near_miss
from app.folding import fold
from app.ingest.draft import Draft, Path_
from app.ingest.record import ActorRef
from app.models import (
    CountryName,
    CountryVersion,
    GroupName,
    GroupVersion,
    OfficialName,
    OfficialVersion,
    TopicVersion,
)
from app.sessions import ReadSession
from app.sql import table


class Directory:
    """The codes and slugs of one kind of entity, and the names that lead to them.

    It may lie on top of another one, which it leaves as it is.
    """

    def __init__(self, kind: str, below: "Directory | None" = None) -> None:
        self.kind = kind
        self._below = below
        self._ids: set[str] = set()
        self._names: dict[str, set[str]] = defaultdict(set)

    def add(self, id_: str, names: Iterable[str]) -> None:
        """Let these names, and the id itself, lead to the id."""
        self._ids.add(id_)
        for name in names:
            self._names[fold(name)].add(id_)

    def find(self, given: str) -> tuple[str | None, str | None]:
        """What a name leads to, or why it leads nowhere."""
        for candidate in (given, given.upper(), given.casefold()):
            if candidate in self:
                return candidate, None
        folded = fold(given)
        found = self.named(folded) if folded else set()
        if len(found) == 1:
            return next(iter(found)), None
        if found:
            return (
                None,
                f"{brief(given)} names more than one {self.kind}: {', '.join(sorted(found))}.",
            )
        return None, f"{brief(given)} is no {self.kind} on record."

    def knows(self, given: str) -> bool:
        """Whether a name leads to anything, or to several."""
        return bool(self.named(fold(given)))

    def names(self, id_: str) -> list[str]:
        """The names that lead to an id, folded."""
        below = self._below.names(id_) if self._below is not None else []
        return [*below, *(name for name, ids in self._names.items() if id_ in ids)]

    def near(self, given: str) -> str | None:
        """The name or id that was probably meant; none for a name that means two."""
        if self.named(fold(given)):
            return None
        ids, names = self.all()
        sure = {name: found for name in names if len(found := self.named(name)) == 1}
        match = near_miss(given, [*ids, *sure])
        return next(iter(sure[match])) if match in sure else match

    def __contains__(self, id_: str) -> bool:
        return id_ in self._ids or (self._below is not None and id_ in self._below)

    def named(self, folded: str) -> set[str]:
        """What a name, folded, leads to."""
        found = self._names.get(folded, set())
        return found | self._below.named(folded) if self._below is not None else found

    def all(self) -> tuple[list[str], list[str]]:
        """All ids and all names, folded."""
        ids, names = self._below.all() if self._below is not None else ([], [])
        return [*ids, *self._ids], [*names, *self._names]


class Directories:
    """Everything on record that a name can lead to."""

    def __init__(self, session: ReadSession) -> None:
        self.countries = _directory(session, "country", CountryVersion, "code", CountryName)
        self.groups = _directory(session, "group", GroupVersion, "slug", GroupName)
        self.officials = _directory(session, "official", OfficialVersion, "slug", OfficialName)
        self.topics = _directory(session, "topic", TopicVersion, "slug", None)
        group = table(GroupVersion)
        groups = select(group.c.slug, group.c.country_code).where(group.c.superseded_in.is_(None))
        self.country_of: dict[str, str | None] = {
            row.slug: row.country_code for row in session.rows(groups)
        }
        """The country that each group belongs to."""


class Resolver:
    """Everything on record that a name can lead to, together with what the record itself brings."""

    def __init__(self, known: Directories, draft: Draft) -> None:
        self._draft = draft
        self.countries, self.topics = known.countries, known.topics
        self.groups = Directory("group", known.groups)
        self.officials = Directory("official", known.officials)
        self.country_of = ChainMap({}, known.country_of)
        """The country that each group belongs to."""
        for _, group in draft.entries("groups"):
            self.groups.add(group.slug, [group.name, *group.aliases])
            if group.country is not None:
                self.country_of[group.slug] = self.countries.find(group.country)[0]
        for _, official in draft.entries("officials"):
            self.officials.add(official.slug, [official.name, *official.name_variants])
        for section, directory in (("groups", self.groups), ("officials", self.officials)):
            for slug, names in draft.left_out[section].items():
                directory.add(slug, names)

    def country(self, path: Path_, given: str | None) -> str | None:
        """The alpha-3 code of a country."""
        return self._find(self.countries, path, given)

    def group(self, path: Path_, given: str | None) -> str | None:
        """The slug of a group."""
        return self._find(self.groups, path, given)

    def official(self, path: Path_, given: str | None) -> str | None:
        """The slug of an official."""
        return self._find(self.officials, path, given)

    def topic(self, path: Path_, given: str) -> str:
        """The slug of a topic; a fault is noted and the name given back if there is none."""
        return self._find(self.topics, path, given) or given

    def actor(self, path: Path_, given: ActorRef) -> tuple[str | None, str | None]:
        """The code and the slug of a country or group, one of them."""
        return (
            self.country((*path, "country"), given.country),
            self.group((*path, "group"), given.group),
        )

    def _find(self, directory: Directory, path: Path_, given: str | None) -> str | None:
        if given is None:
            return None
        found, why_not = directory.find(given)
        if why_not:
            self._draft.fault(path, why_not, directory.near(given))
        return found


def _directory(
    session: ReadSession,
    kind: str,
    version: type[SQLModel],
    key: str,
    name: type[SQLModel] | None,
) -> Directory:
    directory, versions = Directory(kind), table(version)
    id_, current = versions.c[key].label("id"), versions.c.superseded_in.is_(None)
    for row in session.rows(select(id_, versions.c.name.label("text")).where(current)):
        directory.add(row.id, [row.text])
    if name is not None:
        names = table(name)
        owner = names.c.version_id == versions.c.row_id
        for row in session.rows(select(id_, names.c.text).join(names, owner).where(current)):
            directory.add(row.id, [row.text])
    return directory
