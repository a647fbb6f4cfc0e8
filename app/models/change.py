"""Changes: the transactions on the record, numbered without a gap in the order they committed."""

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from app.codelists import ChangeKind
from app.models.base import Key, UtcDateTime, one_of


class Change(SQLModel, table=True):
    """One transaction on the record."""

    __tablename__ = "changes"
    __table_args__ = (
        one_of("kind", ChangeKind),
        CheckConstraint("seq >= 0", name="seq"),
        Index("ix_changes_kind", "kind", "seq"),
    )

    seq: int = Field(
        primary_key=True, sa_type=BigInteger, sa_column_kwargs={"autoincrement": False}
    )
    at: datetime = Field(sa_type=UtcDateTime, index=True)
    kind: str
    by: str
    """Who wrote it: a curator, a key, the seed loader."""
    reason: str | None = None
    article_id: str | None = Field(default=None, foreign_key="articles.id", index=True, sa_type=Key)
    method: str
    """How the facts came about: curated by hand, or an extractor and its version."""
    software: str
    """The name and version of the code that stored it."""
    digest: str = Field(max_length=64)
    """Digest of the record up to here: of this change, its versions, and the digest before."""


class TopicChange(SQLModel, table=True):
    """The versions of a topic: the changes that touched facts on it or on a narrower topic.

    It follows from the versions, but is kept: the number of a topic's version must not shift when
    the topic tree is rearranged later.
    """

    __tablename__ = "topic_changes"
    __table_args__ = (
        UniqueConstraint("topic", "seq"),
        CheckConstraint("number >= 1", name="number"),
    )

    topic: str = Field(primary_key=True, foreign_key="topics.slug", sa_type=Key)
    number: int = Field(primary_key=True)
    seq: int = Field(foreign_key="changes.seq", index=True, sa_type=BigInteger)
