"""The one way in, end to end: one input, one transaction, one change."""

from app.codelists import ChangeKind
from app.db import Database
from app.ingest import shapes
from app.ingest.assemble import Assembler
from app.ingest.changes import Origin
from app.ingest.draft import parse
from app.ingest.resolve import Resolver
from app.ingest.store import Outcome, article_id, plan, store, withdrawals
from app.ingest.verify import verify

EDITED = "An edited record of the article was loaded."


def ingest(
    database: Database, raw: object, *, text: str | None, by: str, reason: str | None = None
) -> Outcome:
    """Load an article record.

    Args:
        database: where to.
        raw: the content of the record, as read from YAML or JSON.
        text: the article's text, to check every selector against; it is not kept.
        by: who loads it.
        reason: why, for the change. An edited record gets a reason in any case.

    Raises:
        RecordRefused: the record has faults, all of which are named; nothing was stored.
    """
    draft = parse(raw)
    verify(draft, text)
    if draft.record is None:
        draft.accepted()
    with database.write() as session:
        wants = list(Assembler(session, draft, Resolver(session, draft)).wants())
        record = draft.accepted()
        article = article_id(record.article.text_sha256)
        before = shapes.load(session, shapes.ARTICLE, [article]).get(article)
        if before and before.snapshot.values["record_digest"] == record.digest():
            return Outcome(None, [])
        steps = plan(session, wants)
        if before:
            steps += withdrawals(session, article, wants)
        origin = Origin(
            kind=ChangeKind.INGEST,
            by=by,
            method=record.method,
            reason=reason or (EDITED if before else None),
            article_id=article,
        )
        return store(session, steps, origin)
