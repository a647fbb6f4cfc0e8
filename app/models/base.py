"""What every table shares: naming, column types, versions, children, evidence."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any, ClassVar

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    DateTime,
    Dialect,
    Double,
    Index,
    Integer,
    String,
    Table,
    UniqueConstraint,
    text,
)
from sqlalchemy.types import TypeDecorator, TypeEngine
from sqlmodel import Field, SQLModel

from app.codelists import ChangeType, CodeList, Curation, NameKind, Precision, QuoteType

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}
"""One convention, so that a migration can name what it changes on both databases."""

SQLModel.metadata.naming_convention = NAMING


class RowId(TypeDecorator[int]):
    """A surrogate key: SQLite numbers rows itself only where the type is INTEGER."""

    impl = BigInteger
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[int]:
        """INTEGER for SQLite, BIGINT elsewhere."""
        return Integer() if dialect.name == "sqlite" else BigInteger()


class Key(TypeDecorator[str]):
    """Text that lists are ordered by: by code point on every database and in every locale."""

    impl = String
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[str]:
        """SQLite compares bytes anyway; PostgreSQL has to be told."""
        return String(collation="C") if dialect.name == "postgresql" else String()


class UtcDateTime(TypeDecorator[datetime]):
    """A moment in UTC. SQLite keeps no zone, so the zone is taken off and put back here."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Store in UTC."""
        if value is None:
            return None
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Read as UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Fraction(TypeDecorator[float]):
    """A number with a fraction, which both drivers give as it is."""

    impl = Double
    cache_ok = True

    @property
    def python_type(self) -> type[float]:
        """What its values are here."""
        return float

    def result_processor(self, dialect: Dialect, coltype: object) -> None:
        """Nothing is to be done; SQLAlchemy would have to know what the driver calls the type."""


_CODES = "codes"


def one_of(column: str, codes: type[CodeList]) -> CheckConstraint:
    """The column holds one of these codes; `codes_of` finds them again."""
    listed = ", ".join(f"'{code.value}'" for code in codes)
    return CheckConstraint(f"{column} IN ({listed})", name=column, info={_CODES: {column: codes}})


def codes_of(table: Table) -> dict[str, type[CodeList]]:
    """The code lists of a table's columns."""
    found: dict[str, type[CodeList]] = {}
    for constraint in table.constraints:
        found |= constraint.info.get(_CODES, {})
    return found


def exactly_one(*columns: str) -> CheckConstraint:
    """One of these columns is set, and only one."""
    counted = " + ".join(f"CASE WHEN {column} IS NULL THEN 0 ELSE 1 END" for column in columns)
    return CheckConstraint(f"{counted} = 1", name="one_of_" + "_".join(columns))


def dated(column: str) -> tuple[CheckConstraint, CheckConstraint]:
    """A date and its precision: unknown if and only if there is none."""
    return (
        one_of(f"{column}_precision", Precision),
        CheckConstraint(
            f"({column} IS NULL) = ({column}_precision = 'unknown')", name=f"{column}_unknown"
        ),
    )


def version_constraints(table: str, key: str) -> Iterable[Any]:
    """What holds for the versions of anything: numbered, bounded, and one of them current."""
    current = text("superseded_in IS NULL")
    yield UniqueConstraint(key, "rev")
    yield Index(
        f"ux_{table}_current", key, unique=True, sqlite_where=current, postgresql_where=current
    )
    yield Index(f"ix_{table}_{key}_recorded", key, "recorded_in")
    yield CheckConstraint("rev >= 1", name="rev")
    yield CheckConstraint("superseded_in > recorded_in", name="superseded_later")
    yield one_of("change_type", ChangeType)


def fact_constraints(table: str, key: str) -> Iterable[Any]:
    """What holds for the versions of facts besides: their curation, and merging into another."""
    yield from version_constraints(table, key)
    yield one_of("curation", Curation)
    yield CheckConstraint("(change_type = 'merged') = (merged_into IS NOT NULL)", name="merged")
    yield CheckConstraint(
        "change_type NOT IN ('merged', 'withdrawn') OR curation = 'withdrawn'", name="gone"
    )
    yield Index(f"ix_{table}_recorded_in", "recorded_in", key)
    yield CheckConstraint("confidence BETWEEN 0 AND 1", name="confidence")
    draft = text("curation = 'draft'")
    # The open drafts are those that nothing superseded; a page of the past has a few others.
    yield Index(f"ix_{table}_draft", "superseded_in", sqlite_where=draft, postgresql_where=draft)


class Version(SQLModel):
    """One version: valid from the change that wrote it until the change that replaced it."""

    row_id: int | None = Field(default=None, primary_key=True, sa_type=RowId)
    rev: int
    recorded_in: int = Field(foreign_key="changes.seq", index=True, sa_type=BigInteger)
    superseded_in: int | None = Field(
        default=None, foreign_key="changes.seq", index=True, sa_type=BigInteger
    )
    change_type: str
    digest: str = Field(max_length=64)
    """SHA-256 of what the version says, in canonical JSON; its change's digest takes it in."""


class FactIdentity(SQLModel):
    """What identifies a fact. Where a record brought it, the id follows from text and key."""

    id: str = Field(primary_key=True, sa_type=Key)
    article_id: str | None = Field(default=None, foreign_key="articles.id", sa_type=Key)
    record_key: str | None = None


class FactVersion(Version):
    """A version of a fact."""

    recorded_in: int = Field(foreign_key="changes.seq", sa_type=BigInteger)
    curation: str
    record_digest: str | None = Field(default=None, max_length=64)
    """Digest of the entry of the article record that this goes back to; a re-load compares it."""
    rule: str | None = Field(default=None, max_length=120)
    """The rule of the extractor that found it, if one did."""
    confidence: float | None = Field(default=None, sa_type=Fraction)
    """How sure the extractor was."""


class Name(SQLModel):
    """A name that leads to an entity, owned by a version of it."""

    version_id: int = Field(primary_key=True, sa_type=BigInteger)
    ordinal: int = Field(primary_key=True)
    kind: str
    text: str
    folded: str = Field(index=True, sa_type=Key)
    """The name as it is compared: no case, no accents, no punctuation."""


def name_constraints() -> tuple[CheckConstraint]:
    """What holds for names."""
    return (one_of("kind", NameKind),)


class Actor(SQLModel):
    """A country or a group, as a child of a version: a target, a party."""

    version_id: int = Field(primary_key=True, sa_type=BigInteger)
    ordinal: int = Field(primary_key=True)
    country_code: str | None = Field(
        default=None, foreign_key="countries.code", index=True, sa_type=Key
    )
    """The country itself, or the country of the group."""
    group_slug: str | None = Field(default=None, foreign_key="groups.slug", index=True, sa_type=Key)


def actor_constraints() -> tuple[CheckConstraint]:
    """What holds for actors."""
    return (
        CheckConstraint(
            "country_code IS NOT NULL OR group_slug IS NOT NULL", name="country_or_group"
        ),
    )


class Evidence(SQLModel):
    """The words that prove it: a place in an article, and a hash of what stands there."""

    version_id: int = Field(primary_key=True, sa_type=BigInteger)
    ordinal: int = Field(primary_key=True)
    article_id: str = Field(foreign_key="articles.id", index=True, sa_type=Key)
    start_at: int
    end_at: int
    exact: str | None = None
    prefix: str
    suffix: str
    exact_sha256: str = Field(max_length=64)
    quote_type: str
    cue: str | None = None
    source_text: str | None = None

    SPAN: ClassVar[str] = "start_at >= 0 AND start_at < end_at"
    SERVED: ClassVar[str] = "(quote_type = 'direct') = (exact IS NOT NULL)"


def evidence_constraints() -> tuple[CheckConstraint, ...]:
    """What holds for evidence: a span, and words only where somebody spoke them."""
    return (
        CheckConstraint(Evidence.SPAN, name="span"),
        CheckConstraint(Evidence.SERVED, name="exact_if_direct"),
        one_of("quote_type", QuoteType),
    )
