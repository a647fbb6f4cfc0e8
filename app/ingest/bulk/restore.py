"""An export read into an empty record, and verified on the way: all of it, or nothing.

Every line is checked by itself and against the lines before, so that what is refused has a line.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import text

from app import horizons, sources, tallies
from app.canonical import digest
from app.db import Database, known_revisions
from app.errors import Conflict, Fault
from app.ingest import shapes
from app.ingest.bulk.batch import Batch
from app.ingest.bulk.behind import Behind
from app.ingest.bulk.checks import Chain, Revisions, Topics, check_spans, check_words
from app.ingest.bulk.dump import Progress, Summary
from app.ingest.bulk.files import Reader
from app.ingest.bulk.lines import Line, decode, refused
from app.ingest.shapes import Kind
from app.ingest.verify import sha256
from app.sessions import BEFORE_ALL, WriteSession

_KINDS = {kind.name: kind for kind in shapes.KINDS}
_CACHE = 65_536
"""Kibibytes of the file that SQLite keeps in memory: with little, it writes pages over and over."""
_ORDER = {kind: place for place, kind in enumerate(shapes.KINDS)}


def restore(
    database: Database,
    source: Reader,
    *,
    trust_spans: bool = False,
    progress: Progress = lambda _done, _total: None,
) -> Summary:
    """Read an export into a database whose record is empty, in one transaction.

    Args:
        database: where to.
        source: the lines of the export.
        trust_spans: take evidence of what stands on record now even if it does not agree with the
            text of its article: with a text that came to be held later, it may never have.
        progress: is called now and then.

    Raises:
        Conflict: there is something on record.
        RecordRefused: the file is damaged, or is no export; it says which line, and why.
    """
    with database.write() as session, _no_collector():
        if (last := session.record_version()) != BEFORE_ALL:
            raise Conflict(
                f"The record of {database.shown} is not empty: it has {last + 1} changes. An "
                "export is imported into a database of its own, set up with: onrecord db upgrade"
            )
        if session.dialect == "sqlite":
            session.execute(text(f"PRAGMA cache_size = -{_CACHE}"))
        with Behind(threaded=session.dialect != "sqlite") as behind:
            restored = _Restore(session, source, behind, trust_spans=trust_spans, progress=progress)
            number = 0
            for number, raw in source:
                restored.take(number, raw)
            restored.finish(number)
        _rebuild(session, restored.batch)
        return restored.done


@contextmanager
def _no_collector() -> Iterator[None]:
    """Nothing that is read refers to itself, and to look for what does takes time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


class _Restore:
    """An import under way."""

    def __init__(
        self,
        session: WriteSession,
        source: Reader,
        behind: Behind,
        *,
        trust_spans: bool,
        progress: Progress,
    ) -> None:
        self.done = Summary()
        self._session = session
        self._source = source
        self._behind = behind
        self._trust_spans = trust_spans
        self._progress = progress
        self._header: Line | None = None
        self._end: Line | None = None
        self._chain, self._topics, self._revisions = Chain(), Topics(), Revisions()
        self.batch = Batch(session)
        self._kind: Kind | None = None
        """The kind of the last version that was read of this change."""
        self._article: Line | None = None
        """The article whose text may follow."""

    def take(self, number: int, raw: bytes) -> None:
        """Take the next line. Raises RecordRefused."""
        line = decode(raw, number)
        sort = line["line"]
        if (self._header is None) != (sort == "record"):
            detail = "an export begins with one line of the sort record, and has no other."
            raise refused(number, Fault(detail, pointer="line"))
        if self._end is not None:
            raise refused(number, Fault("stands after the end.", pointer="line"))
        if sort == "version":
            self._version(number, line, raw)
        elif sort == "change":
            self._change(number, line, raw)
        elif sort == "text":
            self._text(number, line, raw)
        elif sort == "record":
            self._open(number, line)
        else:
            self._close(number, line)

    def finish(self, number: int) -> None:
        """There are no more lines. Raises RecordRefused if the last one was not the end."""
        if self._end is None:
            raise refused(number, Fault("the file is cut off: no line says that it is the end."))

    def _open(self, number: int, header: Line) -> None:
        found, known = header["schema"], known_revisions()
        if found not in known:
            detail = (
                f"is of schema {found}, which this release does not know (up to {known[-1]}). "
                "Install the release that made it, or a later one."
            )
            raise refused(number, Fault(detail, pointer="schema"))
        self._header = header

    def _change(self, number: int, line: Line, raw: bytes) -> None:
        self._close_change()
        if self.batch.full:
            self._write()
        self._chain.open(number, line)
        self._kind = self._article = None
        self.batch.add_change(number, line)
        self.batch.count(raw)
        self.done.changes += 1

    def _version(self, number: int, line: Line, raw: bytes) -> None:
        kind, content, seq = _KINDS[line["kind"]], line["content"], self._chain.seq
        if seq < 0:
            raise refused(number, Fault("belongs to no change.", pointer="line"))
        if self._kind is not None and _ORDER[kind] < _ORDER[self._kind]:
            detail = f"stands after those of the kind {self._kind.name}, on which it may not rest."
            raise refused(number, Fault(detail, pointer="kind"))
        if bool(kind.origin) and ("origin" in line) != (line["rev"] == 1):
            detail = "goes with the first version of a fact, and with no other."
            raise refused(number, Fault(detail, pointer="origin"))
        if content[kind.key] != line["id"]:
            raise refused(number, Fault("is not the id.", pointer=f"content.{kind.key}"))
        if digest(content) != line["digest"]:
            raise refused(number, Fault("is not the digest of the content.", pointer="digest"))
        if kind in shapes.FACTS and content["topic"] not in self._topics:
            detail = f"there is no topic {content['topic']!r} on record."
            raise refused(number, Fault(detail, pointer="content.topic"))
        before = self._revisions.before(number, line, seq)
        entry = self.batch.add_version(number, kind, line, seq)
        if before is not None:
            self.batch.supersede(before.entry, seq)
        topic = self._revisions.add(entry, self._last_change)
        self._topics.touch(topic, before.topic if before else None)
        if kind is shapes.TOPIC:
            self._topics.move(content)
        check_words(entry)
        self._chain.add(line)
        self._kind, self._article = kind, line if kind is shapes.ARTICLE else None
        self.batch.count(raw)
        self.done.versions += 1
        if self.batch.full and self._may_write(kind):
            self._write()

    def _text(self, number: int, line: Line, raw: bytes) -> None:
        article = self._article
        if self._header is not None and not self._header["texts"]:
            raise refused(number, Fault("the first line says that there are none.", pointer="line"))
        if article is None or (article["id"], article["rev"]) != (line["article_id"], 1):
            detail = "does not stand behind the first version of the article."
            raise refused(number, Fault(detail, pointer="article_id"))
        if sha256(line["text"]) != article["content"]["text_sha256"]:
            raise refused(number, Fault("is another text than the article's.", pointer="text"))
        self._article = None
        self.batch.add_text(number, line)
        self.batch.count(raw)
        self.done.texts += 1

    def _close(self, number: int, line: Line) -> None:
        self._close_change()
        self._revisions.close()
        found = {
            "lines": number,
            "changes": self.done.changes,
            "versions": self.done.versions,
            "texts": self.done.texts,
            "sha256": self._source.sha256,
        }
        for name, value in found.items():
            if line[name] != value:
                detail = f"says {line[name]}, the lines above have {value}: the file is damaged."
                raise refused(number, Fault(detail, pointer=name))
        self._check_header()
        self._write()
        self._end = line

    def _check_header(self) -> None:
        """The record that was announced is the one that was read."""
        found = {
            "version": self._chain.seq,
            "digest": self._chain.digest,
            "versions": self.done.versions,
        }
        for name, value in found.items():
            if self._header is not None and self._header[name] != value:
                raise refused(1, Fault(f"is not that of the lines ({value}).", pointer=name))

    @property
    def _last_change(self) -> int:
        return self._header["version"] if self._header else BEFORE_ALL

    def _close_change(self) -> None:
        if self._chain.seq >= 0:
            self._chain.close(self._topics.close())

    def _may_write(self, kind: Kind) -> bool:
        """Not before everything has been read that the lines so far may refer to.

        Within a change, groups refer to groups and articles that come later, the change to its
        article; facts refer to nothing that comes later.
        """
        return kind in shapes.FACTS or (kind is shapes.ARTICLE and self._chain.article is None)

    def _write(self) -> None:
        ready = self.batch.take()

        def work() -> None:
            ready.write(self._session)
            if not self._trust_spans:
                check_spans(self._session, ready.entries)
            ready.let_go()

        self._behind.do(work)
        self._progress(self.done.versions, self._header["versions"] if self._header else 0)


def _rebuild(session: WriteSession, batch: Batch) -> None:
    """Whatever the tables hold that follows from the record is made anew here."""
    tallies.rebuild(session)
    horizons.rebuild(session)
    sources.rebuild(session)
    if session.dialect == "sqlite":
        # SQLite chooses indexes by statistics, which it does not take by itself.
        session.execute(text("PRAGMA analysis_limit = 1000"))
        session.execute(text("ANALYZE"))
    batch.leave_numbers()
