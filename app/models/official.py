"""Officials: persons who hold or held a post."""

from datetime import date

from sqlalchemy import BigInteger, UniqueConstraint
from sqlmodel import Field, SQLModel

from app.codelists import EndStatus
from app.models.base import (
    Evidence,
    Key,
    Name,
    RowId,
    Version,
    evidence_constraints,
    name_constraints,
    one_of,
    version_constraints,
)


class Official(SQLModel, table=True):
    """The identity of a person."""

    __tablename__ = "officials"

    slug: str = Field(primary_key=True, sa_type=Key)


class OfficialVersion(Version, table=True):
    """A person as recorded."""

    __tablename__ = "official_versions"
    __table_args__ = tuple(version_constraints("official_versions", "slug"))

    slug: str = Field(foreign_key="officials.slug", sa_type=Key)
    name: str = Field(sa_type=Key)
    wikidata: str | None = None


class OfficialName(Name, table=True):
    """A name of a person."""

    __tablename__ = "official_names"
    __table_args__ = name_constraints()

    version_id: int = Field(
        primary_key=True, foreign_key="official_versions.row_id", sa_type=BigInteger
    )


class Tenure(SQLModel, table=True):
    """A person in a post."""

    __tablename__ = "tenures"
    __table_args__ = (UniqueConstraint("version_id", "ordinal"), one_of("end_status", EndStatus))

    row_id: int | None = Field(default=None, primary_key=True, sa_type=RowId)
    version_id: int = Field(foreign_key="official_versions.row_id", sa_type=BigInteger)
    ordinal: int
    post: str
    group_slug: str | None = Field(default=None, foreign_key="groups.slug", index=True, sa_type=Key)
    country_code: str | None = Field(
        default=None, foreign_key="countries.code", index=True, sa_type=Key
    )
    started_on: str | None = Field(default=None, max_length=10)
    """ISO 8601, as fine as the evidence gives it: 2025, 2025-11 or 2025-11-14."""
    ended_on: str | None = Field(default=None, max_length=10)
    end_status: str
    attested_on: date
    """A day on which the evidence shows the person in the post."""


class TenureEvidence(Evidence, table=True):
    """The words that show the person in the post."""

    __tablename__ = "tenure_evidence"
    __table_args__ = evidence_constraints()

    version_id: int = Field(primary_key=True, foreign_key="tenures.row_id", sa_type=BigInteger)
