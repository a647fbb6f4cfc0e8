"""What has to hold across lines: chained digests, numbered versions, topics, proofs."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select

from app.codelists import Curation
from app.errors import Fault
from app.faults import pointer
from app.ingest import shapes
from app.ingest.bulk.layout import Entry
from app.ingest.bulk.lines import Line, refused
from app.ingest.changes import GENESIS, PUBLIC, change_digest, with_broader
from app.ingest.draft import Draft, Path_
from app.ingest.record import Selector
from app.ingest.shapes import Shape
from app.ingest.verify import beyond_text, check_selector, wrong_words
from app.models import ArticleText
from app.sessions import ReadSession
from app.sql import table

_KEYS = 500
"""Articles looked up at a time."""


@dataclass
class Chain:
    """The changes so far, each chained to the one before."""

    digest: str = GENESIS
    seq: int = -1
    at: datetime | None = None
    _number: int = 0
    _change: Line = field(default_factory=dict)
    _versions: list[dict[str, Any]] = field(default_factory=list)

    @property
    def article(self) -> str | None:
        """The article that the change goes back to."""
        article: str | None = self._change["article_id"]
        return article

    def open(self, number: int, change: Line) -> None:
        """The next change. Raises RecordRefused if it is not the next one."""
        if change["seq"] != self.seq + 1:
            raise refused(number, Fault(f"change {self.seq + 1} is missing.", pointer="seq"))
        if self.at is not None and change["at"] <= self.at:
            raise refused(number, Fault("is not after the change before.", pointer="at"))
        self._number, self._change, self._versions = number, change, []
        self.seq, self.at = change["seq"], change["at"]

    def add(self, line: Line) -> None:
        """A version that the change wrote."""
        self._versions.append(
            {
                "kind": line["kind"],
                "id": line["id"],
                "rev": line["rev"],
                "change_type": line["change_type"],
                "digest": line["digest"],
            }
        )

    def close(self, topics: Mapping[str, int]) -> None:
        """All versions of the change were read, and it made these versions of topics.

        Raises RecordRefused if its digest does not follow, or it says something else of topics.
        """
        if change_digest(self.digest, self._change, self._versions) != self._change["digest"]:
            detail = "does not follow from the changes before, this one and its versions."
            raise refused(self._number, Fault(detail, pointer="digest"))
        if self._change["topics"] != topics:
            told = ", ".join(f"{topic}: {number}" for topic, number in sorted(topics.items()))
            detail = f"are not those that follow from the versions ({told or 'none'})."
            raise refused(self._number, Fault(detail, pointer="topics"))
        self.digest = self._change["digest"]


@dataclass
class Topics:
    """The tree of topics, and how many versions each has."""

    _broader: dict[str, str | None] = field(default_factory=dict)
    _numbers: Counter[str] = field(default_factory=Counter)
    _touched: set[str | None] = field(default_factory=set)

    def move(self, topic: Line) -> None:
        """A version of a topic."""
        self._broader[topic["slug"]] = topic["broader"]

    def __contains__(self, topic: str) -> bool:
        return topic in self._broader

    def touch(self, *topics: str | None) -> None:
        """The change touched public facts on these topics."""
        self._touched.update(topics)

    def close(self) -> dict[str, int]:
        """The versions of topics that the change made, in the tree as it left it."""
        touched: set[str] = set()
        for topic in self._touched - {None}:
            touched |= with_broader(topic, self._broader)
        self._numbers.update(touched)
        self._touched.clear()
        return {topic: self._numbers[topic] for topic in touched}


@dataclass(slots=True)
class _Waiting:
    """A version that a later change is said to supersede."""

    entry: Entry
    rev: int
    superseded_in: int
    topic: str | None
    """Its topic, if the public saw it."""


@dataclass
class Revisions:
    """Which versions wait for the next one: no number may be left out."""

    _waiting: dict[tuple[str, str], _Waiting] = field(default_factory=dict)

    def before(self, number: int, line: Line, seq: int) -> _Waiting | None:
        """The version that this one replaces. Raises RecordRefused if there is none such."""
        if line["rev"] == 1:
            return None
        before = self._waiting.pop((line["kind"], line["id"]), None)
        if before is None or (before.rev + 1, before.superseded_in) != (line["rev"], seq):
            detail = f"no version {line['rev'] - 1} is superseded in change {seq}."
            raise refused(number, Fault(detail, pointer="rev"))
        return before

    def add(self, entry: Entry, last: int) -> str | None:
        """A version that was read; `last` is the last change there is. Gives its public topic."""
        line, superseded_in = entry.line, entry.line["superseded_in"]
        public = line["content"].get("curation") in PUBLIC
        topic: str | None = line["content"]["topic"] if public else None
        if superseded_in is not None:
            if not entry.seq < superseded_in <= last:
                detail = f"{superseded_in} is no change after {entry.seq}."
                raise refused(entry.number, Fault(detail, pointer="superseded_in"))
            key = (line["kind"], line["id"])
            if key in self._waiting:
                raise refused(entry.number, Fault("stands twice.", pointer="id"))
            self._waiting[key] = _Waiting(entry, line["rev"], superseded_in, topic)
        return topic

    def close(self) -> None:
        """Raises RecordRefused if a version that is said to be superseded is the last one."""
        if not self._waiting:
            return
        first = min(self._waiting.values(), key=lambda each: each.entry.number)
        detail = f"change {first.superseded_in} has no version {first.rev + 1} of it."
        raise refused(first.entry.number, Fault(detail, pointer="superseded_in"))


def check_words(entry: Entry) -> None:
    """Words and hashes agree, whatever the text. Raises RecordRefused."""
    for proof in _proofs(entry.kind.children, entry.line["content"]):
        if proof["exact"] is not None:
            length = proof["end_at"] - proof["start_at"]
            for name, detail in wrong_words(proof["exact"], proof["exact_sha256"], length):
                place = pointer((*_place(entry, proof), _SAID[name]))
                raise refused(entry.number, Fault(detail, pointer=place))


def check_spans(session: ReadSession, entries: Iterable[Entry]) -> None:
    """What stands on record now agrees with the articles that it cites, as far as they are held.

    What was superseded or withdrawn may have been wrong. Raises RecordRefused.
    """
    cited = [
        (entry, proof)
        for entry in entries
        if entry.line["superseded_in"] is None
        and entry.line["content"].get("curation") != Curation.WITHDRAWN
        for proof in _proofs(entry.kind.children, entry.line["content"])
    ]
    articles = _articles(session, sorted({proof["article_id"] for _, proof in cited}))
    for entry, proof in cited:
        characters, text = articles[proof["article_id"]]
        if text is None and proof["end_at"] <= characters:
            continue
        draft, place = Draft(None), _place(entry, proof)
        if beyond := beyond_text(proof["end_at"], characters):
            draft.fault((*place, "end_at"), beyond)
        elif text is not None:
            check_selector(draft, place, _selector(proof), text)
        if draft.faults:
            raise refused(entry.number, *draft.faults)


def _proofs(children: Mapping[str, Shape], said: Line) -> list[Line]:
    """All evidence in what a version says."""
    found: list[Line] = []
    for name, shape in children.items():
        if shape.proves:
            found += said[name]
        elif shape.children:
            for child in said[name]:
                found += _proofs(shape.children, child)
    return found


def _place(entry: Entry, proof: Line) -> Path_:
    """Where in its line this evidence stands."""

    def places(part: Any, path: Path_) -> Iterator[Path_]:
        if part is proof:
            yield path
        elif isinstance(part, dict | list):
            for name, inner in part.items() if isinstance(part, dict) else enumerate(part):
                yield from places(inner, (*path, name))

    return next(places(entry.line["content"], ("content",)))


_SAID = {"start": "start_at", "end": "end_at", "exact_sha256": "exact_sha256"}
"""What an export calls the fields of a selector."""


def _selector(proof: Mapping[str, Any]) -> Selector:
    """The selector that a version was written from; the line's schema has checked its parts."""
    said = {name: value for name, value in proof.items() if name not in ("start_at", "end_at")}
    return Selector.model_construct(start=proof["start_at"], end=proof["end_at"], **said)


def _articles(session: ReadSession, ids: list[str]) -> dict[str, tuple[int, str | None]]:
    """The length of each of these articles, and its text if it is held."""
    v, held = shapes.ARTICLE.table, table(ArticleText)
    statement = select(v.c.id, v.c.characters, held.c.text).select_from(
        v.outerjoin(held, held.c.article_id == v.c.id)
    )
    found: dict[str, tuple[int, str | None]] = {}
    for at in range(0, len(ids), _KEYS):
        some = v.c.id.in_(ids[at : at + _KEYS])
        rows = session.rows(statement.where(some, v.c.superseded_in.is_(None)))
        found |= {row.id: (row.characters, row.text) for row in rows}
    return found
