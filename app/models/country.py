"""Countries: states and territories, and the names that lead to them."""

from sqlalchemy import BigInteger, Index, text
from sqlmodel import Field, SQLModel

from app.models.base import Key, Name, Version, name_constraints, version_constraints


class Country(SQLModel, table=True):
    """The identity of a state or territory."""

    __tablename__ = "countries"

    code: str = Field(primary_key=True, sa_type=Key)
    """ISO 3166-1 alpha-3, or a user-assigned code (XKX)."""


class CountryVersion(Version, table=True):
    """A country as recorded."""

    __tablename__ = "country_versions"
    __table_args__ = (
        *version_constraints("country_versions", "code"),
        Index(
            "ux_country_versions_alpha2",
            "alpha2",
            unique=True,
            sqlite_where=text("superseded_in IS NULL"),
            postgresql_where=text("superseded_in IS NULL"),
        ),
    )

    code: str = Field(foreign_key="countries.code", sa_type=Key)
    alpha2: str = Field(max_length=2)
    numeric: str | None = Field(default=None, max_length=3)
    name: str = Field(sa_type=Key)
    official_name: str | None = None
    region_code: str | None = Field(default=None, max_length=3)
    region_name: str | None = None
    wikidata: str | None = None
    user_assigned: bool = False


class CountryName(Name, table=True):
    """A name of a country."""

    __tablename__ = "country_names"
    __table_args__ = name_constraints()

    version_id: int = Field(
        primary_key=True, foreign_key="country_versions.row_id", sa_type=BigInteger
    )
