"""The way in for records, end to end: one input, one transaction, one change."""

from dataclasses import dataclass

from sqlalchemy import insert, select

from app.codelists import ChangeKind, Curation
from app.db import Database
from app.ingest import shapes
from app.ingest.assemble import FACT_SECTIONS, Assembler
from app.ingest.changes import Origin
from app.ingest.draft import Draft, parse
from app.ingest.extracted import follow
from app.ingest.joined import joined_by_words
from app.ingest.record import ArticleRecord
from app.ingest.resolve import Directories, Resolver
from app.ingest.settle import settled
from app.ingest.shapes import Lookup, Step
from app.ingest.store import Outcome, Want, article_id, plan, store, withdrawals
from app.ingest.verify import verify
from app.models import ArticleText
from app.sessions import ReadSession, WriteSession
from app.sql import table

EDITED = "An edited record of the article was loaded."
AGAIN = "The article was extracted again."


@dataclass(frozen=True)
class Terms:
    """On which terms the facts of a record come in."""

    curation: Curation = Curation.PUBLISHED
    """Loaded as drafts, they wait for review. A draft takes the place of nothing public."""
    publish_above: float | None = None
    """What an extractor found waits for review in any case, unless its confidence is greater."""


AT_ONCE = Terms()
"""What a person wrote is published, what an extractor found is not."""


def ingest(
    database: Database,
    raw: object,
    *,
    text: str | None,
    by: str,
    reason: str | None = None,
    terms: Terms = AT_ONCE,
) -> Outcome:
    """Load an article record in a transaction of its own.

    Args:
        database: where to.
        raw: the content of the record, as read from YAML or JSON.
        text: the article's text, to check every selector against, now and later.
        by: who loads it.
        reason: why, for the change. An edited record gets a reason in any case.
        terms: whether its facts are published.

    Raises:
        RecordRefused: the record has faults, all of which are named; nothing was stored.
    """
    draft = checked(raw, text)
    with database.write() as session:
        return load(session, draft, text=text, by=by, reason=reason, terms=terms)


def checked(raw: object, text: str | None) -> Draft:
    """A record with all faults noted that can be seen without the database.

    Raises RecordRefused for one that is so unreadable that nothing else can be checked.
    """
    draft = parse(raw)
    verify(draft, text)
    if draft.record is None:
        draft.accepted()
    return draft


def planned(session: ReadSession, draft: Draft, terms: Terms = AT_ONCE) -> list[Step]:
    """The versions that loading this record would write. Raises RecordRefused.

    What is on record in the same words gains a source (`app.ingest.corroborate`). A draft is no
    source of anything.
    """
    curation = terms.curation
    lookup = shapes.on_record(session)
    wants = assembled(lookup, Directories(session), draft, curation)
    record = draft.accepted()
    article = article_id(record.article.text_sha256)
    if record.extracted:
        limit = terms.publish_above if curation == Curation.PUBLISHED else None
        steps = follow(session, wants, article, record.article.text_sha256, limit)
        return _extracted(session, article, steps)
    before = shapes.load(session, shapes.ARTICLE, [article]).get(article)
    if before and before.snapshot.values["record_digest"] == record.digest():
        return []
    joined = joined_by_words(session, article) if before else set()
    steps = plan(lookup, wants, joined)
    if before:
        gone = withdrawals(session, article, wants, joined)
        steps += [s for s in gone if curation == Curation.PUBLISHED or not _public(s)]
    if curation == Curation.DRAFT:
        _hide_nothing(draft, steps)
        return steps
    return settled(session, article, steps)


def assembled(lookup: Lookup, known: Directories, draft: Draft, curation: Curation) -> list[Want]:
    """What a record asks to have on record. Raises RecordRefused if it has a fault."""
    wants = list(Assembler(lookup, draft, Resolver(known, draft), curation).wants())
    draft.accepted()
    return wants


def origin_of(record: ArticleRecord, by: str, reason: str | None) -> Origin:
    """The origin of the change that loads a record."""
    return Origin(
        kind=ChangeKind.INGEST,
        by=by,
        method=record.method,
        reason=reason,
        article_id=article_id(record.article.text_sha256),
    )


def load(
    session: WriteSession,
    draft: Draft,
    *,
    text: str | None,
    by: str,
    reason: str | None = None,
    terms: Terms = AT_ONCE,
) -> Outcome:
    """Load a checked record in the caller's transaction. Raises RecordRefused."""
    steps = planned(session, draft, terms)
    record = draft.accepted()
    article = article_id(record.article.text_sha256)
    edited = bool(shapes.load(session, shapes.ARTICLE, [article]))
    origin = origin_of(record, by, reason or _why(record, steps, edited=edited))
    outcome = store(session, steps, origin)
    if text is not None:
        _hold(session, article, text)
    return outcome


def _why(record: ArticleRecord, steps: list[Step], *, edited: bool) -> str | None:
    """Why a record changes what was on record, if it does."""
    if edited:
        return AGAIN if record.extracted else EDITED
    return _joining(steps, article_id(record.article.text_sha256))


def _extracted(session: ReadSession, article: str, steps: list[Step]) -> list[Step]:
    """The versions that an extraction writes: what it publishes may join what is on record."""
    hidden = [
        step
        for step in steps
        if step.kind in shapes.FACTS and step.snapshot.values["curation"] != Curation.PUBLISHED
    ]
    public = [step for step in steps if not any(step is each for each in hidden)]
    return [*settled(session, article, public), *hidden]


def _joining(steps: list[Step], article: str) -> str | None:
    """Why a record that comes in for the first time changes what was on record: it is a source."""
    into = {step.snapshot.values["merged_into"] for step in steps if step.kind is shapes.POSITION}
    count = len(into - {None})
    if not count:
        return None
    whose = "a position" if count == 1 else f"{count} positions"
    of = "it" if count == 1 else "them"
    return f"The article {article} has the words of {whose} on record and is a source of {of}."


def _public(step: Step) -> bool:
    """Whether it takes the place of what the public sees: a fact, or the tombstone of one."""
    before = step.before
    return before is not None and before.snapshot.values["curation"] != Curation.DRAFT


def _hide_nothing(draft: Draft, steps: list[Step]) -> None:
    """Refuse a draft of what is public: there is one current version of a fact."""
    hidden = {
        (s.kind, s.record_key): s.before for s in steps if s.kind in shapes.FACTS and _public(s)
    }
    for section, kind in FACT_SECTIONS.items():
        for index, entry in draft.entries(section):
            before = hidden.get((kind, entry.key))
            if before is None:
                continue
            if before.snapshot.values["curation"] == Curation.WITHDRAWN:
                how = "was withdrawn: a draft cannot take the place of its tombstone. Load it "
                how += "published, or give the draft another key."
            else:
                how = "is published and says something else: a draft cannot take its place. "
                how += "Correct it, or give the draft another key."
            draft.fault((section, index, "key"), f"{entry.key!r} {how}")
    draft.accepted()


def _hold(session: WriteSession, article: str, text: str) -> None:
    """Keep the text of an article, whose hash was checked, if it is not held already."""
    texts = table(ArticleText)
    if session.first(select(texts.c.article_id).where(texts.c.article_id == article)) is None:
        session.execute(insert(texts), [{"article_id": article, "text": text}])
