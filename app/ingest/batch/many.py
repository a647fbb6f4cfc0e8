"""Several records in one transaction, each in a change of its own.

What is planned for one rests on those before it. The rows of all are written together at the end,
by each driver's fastest way; what stands on record afterwards is what storing them one after the
other would have left.
"""

import hashlib
from collections import Counter
from datetime import datetime
from typing import Any, NamedTuple

import orjson
from sqlalchemy import func, select

from app import horizons, tallies
from app.canonical import canonical
from app.codelists import Curation
from app.ingest import shapes
from app.ingest.batch.known import Known
from app.ingest.bulk.batch import Batch
from app.ingest.bulk.layout import Entry
from app.ingest.changes import (
    Origin,
    change_digest,
    last_change,
    next_change,
    touched_topics,
)
from app.ingest.draft import Draft
from app.ingest.pipeline import assembled, origin_of
from app.ingest.shapes import Step, Stored, content
from app.ingest.store import Outcome, identity, plan
from app.models import TopicChange
from app.sessions import WriteSession
from app.sql import table


class _Last(NamedTuple):
    """The change that the next one is chained to."""

    seq: int
    at: datetime
    digest: str


class Many:
    """Records of articles that are new to the record, on their way into one transaction."""

    def __init__(self, session: WriteSession, known: Known | None = None) -> None:
        self._session = session
        self._last = last_change(session)
        after = self._last.seq if self._last else None
        if known is None or known.after != after or known.full:
            known = Known(session)
        known.session, known.after = session, after
        self.known = known
        """What the next transaction may go on with, once this one is committed."""
        self._batch = Batch(session)
        self._batch.go_on()
        self._entries: dict[tuple[str, str], Entry] = {}
        self._numbers = _numbers_of_topics(session)
        self._written: list[tuple[int, list[Step]]] = []

    def add(
        self, draft: Draft, *, text: str | None, by: str, curation: Curation = Curation.PUBLISHED
    ) -> Outcome:
        """Take in the record of an article that is not on record.

        Raises:
            RecordRefused: the record has faults; nothing of it will be stored.
        """
        wants = assembled(self.known.lookup, self.known.directories, draft, curation)
        steps, record = plan(self.known.lookup, wants), draft.accepted()
        origin = origin_of(record, by, None)
        change = next_change(self._last, origin)
        seq, number = change["seq"], len(self._written)
        versions = [self._version(step, seq, origin, number) for step in steps]
        topics = touched_topics(steps, self.known.topics)
        self._numbers.update(topics)
        change |= {
            "digest": change_digest(change["digest"], change, versions),
            "topics": {topic: self._numbers[topic] for topic in sorted(topics)},
        }
        self._batch.add_change(number, change)
        if text is not None:
            self._batch.add_text(number, {"article_id": origin.article_id, "text": text})
        self._last = _Last(seq, change["at"], change["digest"])
        self._written.append((seq, steps))
        return Outcome(seq, steps)

    def write(self) -> None:
        """Write everything that was taken in."""
        if not self._written:
            return
        self._batch.take().write(self._session)
        self._batch.leave_numbers()
        tallies.adjust_all(
            self._session,
            (
                (seq, [_move(step) for step in steps if step.kind is shapes.POSITION])
                for seq, steps in self._written
            ),
        )
        horizons.advance_all(
            self._session,
            (
                (seq, ((step.kind.name, step.snapshot.values) for step in steps))
                for seq, steps in self._written
            ),
        )
        self.known.after = self._last.seq

    def _version(self, step: Step, seq: int, origin: Origin, number: int) -> dict[str, Any]:
        """Take in a version. Gives what its change's digest says of it."""
        raw = canonical(content(step.kind, step.snapshot))
        rev = step.before.rev + 1 if step.before else 1
        said = {
            "id": step.key,
            "rev": rev,
            "change_type": step.change_type.value,
            "digest": hashlib.sha256(raw).hexdigest(),
        }
        line = said | {name: step.snapshot.values[name] for name in step.kind.untold}
        line |= {"origin": identity(step, origin), "content": orjson.loads(raw)}
        entry = self._batch.add_version(number, step.kind, line, seq)
        if step.before is not None:
            self._supersede(step, step.before, seq)
        self._entries[step.kind.name, step.key] = entry
        self.known.put(step.kind, step.key, Stored(entry.row_id, rev, step.snapshot))
        return {"kind": step.kind.name, **said}

    def _supersede(self, step: Step, before: Stored, seq: int) -> None:
        """The version before is replaced, whether it is in the table or still on its way."""
        entry = self._entries.get((step.kind.name, step.key))
        if entry is None:
            entry = Entry(0, step.kind, {}, before.row_id, before.row_id)
        self._batch.supersede(entry, seq)


def _numbers_of_topics(session: WriteSession) -> Counter[str]:
    """How many versions each topic has."""
    numbers = table(TopicChange)
    found = select(numbers.c.topic, func.max(numbers.c.number).label("last"))
    return Counter({row.topic: row.last for row in session.rows(found.group_by(numbers.c.topic))})


def _move(step: Step) -> tuple[dict[str, Any] | None, dict[str, Any]]:
    return step.before.snapshot.values if step.before else None, step.snapshot.values
