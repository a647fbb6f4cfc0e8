"""Articles that were refused: kept by their text, so that nobody tries them again and again."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from sqlalchemy import delete, insert, select

from app.db import Database
from app.ingest.batch.workers import Refusal
from app.ingest.read.source import Source
from app.ingest.verify import sha256
from app.models import RefusedArticle
from app.sessions import WriteSession
from app.sql import table

_REFUSED = table(RefusedArticle)


class Refusals:
    """What one version of an extractor was refused."""

    def __init__(self, database: Database, method: str) -> None:
        self._database = database
        self._method = method

    def among(self, articles: Sequence[Source]) -> dict[str, Refusal]:
        """Those of these articles that were refused before, by their text."""
        texts = {sha256(each.text): each for each in articles}
        if not texts:
            return {}
        here = _REFUSED.c.text_sha256.in_(texts), _REFUSED.c.method == self._method
        with self._database.read() as session:
            rows = session.rows(select(_REFUSED).where(*here))
        found = [(texts[row.text_sha256], row) for row in rows]
        return {each.text: Refusal(each.name, row.reason, row.sort) for each, row in found}

    def keep(self, session: WriteSession, refused: Iterable[tuple[Source, Refusal]]) -> None:
        """Take note of refusals that go back to the text."""
        now = datetime.now(UTC)
        rows = {
            (found := sha256(source.text)): {
                "text_sha256": found,
                "name": source.name,
                "reason": each.reason,
                "sort": each.sort,
                "method": self._method,
                "refused_at": now,
            }
            for source, each in refused
        }
        if rows:
            session.execute(delete(_REFUSED).where(_REFUSED.c.text_sha256.in_(rows)))
            session.execute(insert(_REFUSED), list(rows.values()))

    def forget(self, session: WriteSession, stored: Iterable[Source]) -> None:
        """What was refused before is on record by now."""
        texts = [sha256(each.text) for each in stored]
        session.execute(delete(_REFUSED).where(_REFUSED.c.text_sha256.in_(texts)))
