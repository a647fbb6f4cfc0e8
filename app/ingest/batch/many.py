"""Several records in one transaction, each in a change of its own.

What is planned for one rests on those before it. The rows of all are written together at the end,
by each driver's fastest way; what stands on record afterwards is what storing them one after the
other would have left.
"""

import hashlib
from datetime import datetime
from typing import Any, NamedTuple

import orjson

from app import horizons
from app.canonical import canonical
from app.codelists import Curation
from app.ingest.batch.known import Known
from app.ingest.bulk.batch import Batch
from app.ingest.bulk.layout import Entry
from app.ingest.changes import (
    Origin,
    change_digest,
    last_change,
    next_change,
)
from app.ingest.draft import Draft
from app.ingest.extracted import first
from app.ingest.pipeline import AT_ONCE, Terms, assembled, load, origin_of
from app.ingest.shapes import Step, Stored, content
from app.ingest.store import Outcome, article_id, identity
from app.sessions import WriteSession


class _Last(NamedTuple):
    """The change that the next one is chained to."""

    seq: int
    at: datetime
    digest: str


_DRAFT = Curation.DRAFT.value


class Many:
    """Records of articles that are new to the record, on their way into one transaction."""

    def __init__(self, session: WriteSession, known: Known | None = None) -> None:
        """Go on from the last change.

        Args:
            session: the transaction.
            known: what the transaction before knew, if that was committed.
        """
        self._session = session
        self._last = last_change(session)
        after = self._last.seq if self._last else None
        if known is None or known.after != after or known.full:
            known = Known(session)
        known.session, known.after = session, after
        self.known = known
        """What the next transaction may go on with, once this one is committed."""
        self._begin()

    def _begin(self) -> None:
        self._batch = Batch(self._session)
        self._batch.go_on()
        self._entries: dict[tuple[str, str], Entry] = {}
        self._written: list[tuple[int, list[Step]]] = []

    def add(
        self,
        draft: Draft,
        *,
        text: str,
        by: str,
        reason: str | None = None,
        terms: Terms = AT_ONCE,
    ) -> Outcome:
        """Take in the record of an article that is not on record.

        Raises:
            RecordRefused: the record has faults; nothing of it will be stored.
        """
        steps = self._steps(draft, terms)
        if steps is None:
            return self.alone(draft, text=text, by=by, reason=reason, terms=terms)
        origin = origin_of(draft.accepted(), by, reason)
        change = next_change(self._last, origin)
        seq, number = change["seq"], len(self._written)
        versions = [self._version(step, seq, origin, number) for step in steps]
        change |= {"digest": change_digest(change["digest"], change, versions), "topics": {}}
        self._batch.add_change(number, change)
        self._batch.add_text(number, {"article_id": origin.article_id, "text": text})
        self._last = _Last(seq, change["at"], change["digest"])
        self._written.append((seq, steps))
        return Outcome(seq, steps)

    def _steps(self, draft: Draft, terms: Terms) -> list[Step] | None:
        """The versions to be written; none for a record that has to be stored by itself.

        What comes in published may be a source of what is: that can only be looked up on record.
        """
        wants = assembled(self.known.lookup, self.known.directories, draft, terms.curation)
        record = draft.accepted()
        if not record.extracted:
            return None
        limit = terms.publish_above if terms.curation == Curation.PUBLISHED else None
        sha256 = record.article.text_sha256
        steps = first(self.known.lookup, wants, article_id(sha256), sha256, limit)
        drafts = all(s.snapshot.values.get("curation", _DRAFT) == _DRAFT for s in steps)
        return steps if drafts else None

    def alone(
        self, draft: Draft, *, text: str, by: str, reason: str | None = None, terms: Terms = AT_ONCE
    ) -> Outcome:
        """Store any record, after all that was taken in so far, by looking at what is on record."""
        self.write()
        outcome = load(self._session, draft, text=text, by=by, reason=reason, terms=terms)
        self.known.forget(outcome.steps)
        self._last = last_change(self._session)
        self.known.after = self._last.seq
        self._begin()
        return outcome

    def write(self) -> None:
        """Write everything that was taken in."""
        if not self._written:
            return
        self._batch.take().write(self._session)
        self._batch.leave_numbers()
        # Nothing of it is public, so no count of what is moves (`app.tallies`, versions of topics).
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
