"""What is on record of bodies and persons, kept in memory while one writer stores many records.

What a record says of them rests on what the records before said; asking the database each time
would take longer than all else. It is right as long as nobody else writes: whoever uses it looks
at the number of the last change.
"""

from collections.abc import Iterable

from app.ingest import shapes
from app.ingest.resolve import Directories
from app.ingest.shapes import Kind, Snapshot, Step, Stored
from app.sessions import WriteSession

MANY = 50_000
"""Versions kept; with more, it is begun anew with the next transaction."""

_KEPT = (shapes.GROUP, shapes.OFFICIAL)


class Known:
    """Bodies and persons as they stand after a change."""

    def __init__(self, session: WriteSession) -> None:
        self.session = session
        """The transaction under way."""
        self.directories = Directories(session)
        self.after: int | None = None
        """The number of the last change that it takes in."""
        self._found: dict[Kind, dict[str, Stored | None]] = {kind: {} for kind in _KEPT}

    @property
    def full(self) -> bool:
        """Whether it holds so much that it is to be begun anew."""
        return sum(map(len, self._found.values())) > MANY

    def lookup(self, kind: Kind, keys: Iterable[str]) -> dict[str, Stored]:
        """The current versions that a record refers to whose article is new.

        The article and its facts are named after the text: there can be none.
        """
        if kind not in _KEPT:
            return {}
        found, wanted = self._found[kind], list(keys)
        missing = [key for key in wanted if key not in found]
        if missing:
            loaded = shapes.load(self.session, kind, missing)
            found.update((key, loaded.get(key)) for key in missing)
        return {key: stored for key in wanted if (stored := found[key]) is not None}

    def put(self, kind: Kind, key: str, stored: Stored) -> None:
        """Take in a version that was written."""
        if kind in _KEPT:
            self._found[kind][key] = stored
            self._call(kind, key, stored.snapshot)

    def forget(self, steps: Iterable[Step]) -> None:
        """Versions were written by somebody else in this transaction: they are looked up anew."""
        for step in steps:
            if step.kind in _KEPT:
                self._found[step.kind].pop(step.key, None)
                self._call(step.kind, step.key, step.snapshot)

    def _call(self, kind: Kind, key: str, snapshot: Snapshot) -> None:
        """Let the names that it has lead to it."""
        values, names = snapshot.values, snapshot.children["names"]
        called = [values["name"], *(name.values["text"] for name in names)]
        if kind is shapes.GROUP:
            self.directories.groups.add(key, called)
            self.directories.country_of[key] = values["country_code"]
        else:
            self.directories.officials.add(key, called)
