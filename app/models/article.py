"""Articles: the source documents, and the texts of those that are held."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index
from sqlmodel import Field, SQLModel

from app.models.base import Key, UtcDateTime, Version, version_constraints


class Article(SQLModel, table=True):
    """The identity of a source document: it follows from the text."""

    __tablename__ = "articles"

    id: str = Field(primary_key=True, sa_type=Key)


class ArticleVersion(Version, table=True):
    """A source document as recorded."""

    __tablename__ = "article_versions"
    __table_args__ = (
        *version_constraints("article_versions", "id"),
        CheckConstraint("characters > 0", name="characters"),
        Index("ix_article_versions_published_on", "published_on", "id"),
        Index("ix_article_versions_publisher", "publisher", "published_on", "id"),
        Index("ix_article_versions_agency", "agency", "published_on", "id"),
    )

    id: str = Field(foreign_key="articles.id", sa_type=Key)
    headline: str
    publisher: str = Field(foreign_key="groups.slug", sa_type=Key)
    agency: str | None = Field(default=None, foreign_key="groups.slug", sa_type=Key)
    byline: str | None = None
    published_on: date
    url: str | None = None
    language: str
    text_sha256: str = Field(max_length=64)
    characters: int
    rights: str
    record_digest: str | None = Field(default=None, max_length=64)
    """Digest of the article record as it was last loaded; loading the same again is no change."""


class ArticleText(SQLModel, table=True):
    """An article's text, where it is held: evidence is checked against it. It is never served."""

    __tablename__ = "article_texts"

    article_id: str = Field(primary_key=True, foreign_key="articles.id", sa_type=Key)
    text: str


class RefusedArticle(SQLModel, table=True):
    """A text that an extractor's record was refused for: it is not tried again and again."""

    __tablename__ = "refused_articles"

    text_sha256: str = Field(primary_key=True, max_length=64)
    name: str
    """What the input was called."""
    reason: str
    sort: str
    """What the refusal has in common with others."""
    method: str
    """The extractor: another one may do better."""
    refused_at: datetime = Field(sa_type=UtcDateTime)
