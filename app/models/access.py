"""Who may write: keys, and what was answered to requests that may come again."""

from datetime import datetime

from sqlalchemy import CheckConstraint, LargeBinary
from sqlmodel import Field, SQLModel

from app.models.base import Key, UtcDateTime


class ApiKey(SQLModel, table=True):
    """A key for programs and people. Its secret is not here, only what the secret is checked by."""

    __tablename__ = "api_keys"
    __table_args__ = (CheckConstraint("length(secret_sha256) = 64", name="secret_hashed"),)

    id: str = Field(primary_key=True, sa_type=Key)
    """The first half of the key, which is no secret."""
    name: str = Field(unique=True, sa_type=Key)
    """Whose it is; changes made with it are by this name."""
    scopes: str
    """What it may do, separated by spaces."""
    secret_sha256: str = Field(max_length=64)
    """The secret has 256 random bits: a plain hash of it cannot be searched through."""
    created_at: datetime = Field(sa_type=UtcDateTime)
    expires_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    revoked_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class IdempotentAnswer(SQLModel, table=True):
    """What was answered to a request with an Idempotency-Key, to be answered again."""

    __tablename__ = "idempotent_answers"

    api_key_id: str = Field(primary_key=True, foreign_key="api_keys.id", sa_type=Key)
    idempotency_key: str = Field(primary_key=True, max_length=255, sa_type=Key)
    fingerprint: str = Field(max_length=64)
    """SHA-256 of method, address and body: the same key goes with no other request."""
    status: int
    location: str | None = None
    body: bytes = Field(sa_type=LargeBinary)
    answered_at: datetime = Field(sa_type=UtcDateTime, index=True)
