"""Jobs: articles that a request brought and that are taken in after it was answered."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index
from sqlmodel import Field, SQLModel

from app.codelists import JobState
from app.models.base import Key, UtcDateTime, one_of


class Job(SQLModel, table=True):
    """Work to be done, and what came of it. It is no part of the record."""

    __tablename__ = "jobs"
    __table_args__ = (
        one_of("state", JobState),
        CheckConstraint("(state = 'running') = (lease_until IS NOT NULL)", name="leased"),
        Index("ix_jobs_waiting", "state", "created_at"),
        Index("ix_jobs_api_key_id", "api_key_id", "created_at"),
    )

    id: str = Field(primary_key=True, sa_type=Key)
    api_key_id: str = Field(foreign_key="api_keys.id", sa_type=Key)
    """Whose it is."""
    by: str
    """Who loads the articles, for the changes."""
    state: str
    form: str
    """What was sent: `text`, `html` or `url`."""
    given: str | None = None
    """What was sent, as JSON; none when all is done. It is never served."""
    name: str
    """What it is called: its address, or its form."""
    created_at: datetime = Field(sa_type=UtcDateTime)
    started_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    finished_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    owner: str | None = None
    """The process that works on it."""
    lease_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    """Until when it is taken to be alive unless it says so again."""
    tries: int = 0
    articles_read: int = 0
    articles_stored: int = 0
    articles_unchanged: int = 0
    articles_refused: int = 0
    result: str | None = None
    """What came of it, as JSON."""
    problem: str | None = None
    """Why nothing came of it, as JSON."""
