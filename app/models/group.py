"""Groups: bodies that act or are addressed."""

from sqlalchemy import BigInteger, UniqueConstraint
from sqlmodel import Field, SQLModel

from app.codelists import GroupKind
from app.models.base import (
    Evidence,
    Key,
    Name,
    RowId,
    Version,
    evidence_constraints,
    exactly_one,
    name_constraints,
    one_of,
    version_constraints,
)


class Group(SQLModel, table=True):
    """The identity of a body."""

    __tablename__ = "groups"

    slug: str = Field(primary_key=True, sa_type=Key)


class GroupVersion(Version, table=True):
    """A body as recorded."""

    __tablename__ = "group_versions"
    __table_args__ = (*version_constraints("group_versions", "slug"), one_of("kind", GroupKind))

    slug: str = Field(foreign_key="groups.slug", sa_type=Key)
    name: str = Field(sa_type=Key)
    kind: str
    country_code: str | None = Field(
        default=None, foreign_key="countries.code", index=True, sa_type=Key
    )
    wikidata: str | None = None


class GroupName(Name, table=True):
    """A name of a body."""

    __tablename__ = "group_names"
    __table_args__ = name_constraints()

    version_id: int = Field(
        primary_key=True, foreign_key="group_versions.row_id", sa_type=BigInteger
    )


class GroupLabel(SQLModel, table=True):
    """A name that one side uses for a body, and that the record does not make its own."""

    __tablename__ = "group_labels"
    __table_args__ = (
        UniqueConstraint("version_id", "ordinal"),
        exactly_one("used_by_country", "used_by_group"),
    )

    row_id: int | None = Field(default=None, primary_key=True, sa_type=RowId)
    version_id: int = Field(foreign_key="group_versions.row_id", sa_type=BigInteger)
    ordinal: int
    text: str
    used_by_country: str | None = Field(default=None, foreign_key="countries.code", sa_type=Key)
    used_by_group: str | None = Field(default=None, foreign_key="groups.slug", sa_type=Key)


class GroupLabelEvidence(Evidence, table=True):
    """The words that show the label in use."""

    __tablename__ = "group_label_evidence"
    __table_args__ = evidence_constraints()

    version_id: int = Field(primary_key=True, foreign_key="group_labels.row_id", sa_type=BigInteger)
