"""Topics: subjects, in a tree."""

from sqlalchemy import BigInteger
from sqlmodel import Field, SQLModel

from app.codelists import TopicScheme
from app.models.base import Key, Version, one_of, version_constraints


class Topic(SQLModel, table=True):
    """The identity of a subject."""

    __tablename__ = "topics"

    slug: str = Field(primary_key=True, sa_type=Key)


class TopicVersion(Version, table=True):
    """A subject as recorded."""

    __tablename__ = "topic_versions"
    __table_args__ = tuple(version_constraints("topic_versions", "slug"))

    slug: str = Field(foreign_key="topics.slug", sa_type=Key)
    name: str = Field(sa_type=Key)
    broader: str | None = Field(default=None, foreign_key="topics.slug", index=True, sa_type=Key)
    description: str


class TopicCode(SQLModel, table=True):
    """The code that an outside scheme has for a subject."""

    __tablename__ = "topic_codes"
    __table_args__ = (one_of("scheme", TopicScheme),)

    version_id: int = Field(
        primary_key=True, foreign_key="topic_versions.row_id", sa_type=BigInteger
    )
    ordinal: int = Field(primary_key=True)
    scheme: str
    code: str
