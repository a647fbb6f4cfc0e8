"""The API as the tutorials of FastAPI and SQLModel would have it, over the very same tables.

Models with relationships, loaded eagerly, shown through a `response_model`: sessions in threads on
SQLite, an asynchronous engine on asyncpg for PostgreSQL. It gives the facts that our list gives,
without total, cursors or history, so it has less to do.
"""

import os
from collections.abc import AsyncIterator, Iterator
from datetime import date
from typing import Annotated, Any, Literal

from fastapi import Depends, FastAPI, Query
from sqlalchemy import and_, create_engine, func, text
from sqlalchemy import select as sa_select
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine
from sqlalchemy.orm import joinedload, selectinload
from sqlmodel import Field, Relationship, Session, SQLModel, col, select

_URL = os.environ["DATABASE_URL"]


def _one(model: str, key: str, reference: str) -> Any:
    """A relationship to the current version of what is referred to."""
    on = f"and_({model}.{key} == foreign({reference}), {model}.superseded_in.is_(None))"
    return Relationship(
        sa_relationship_kwargs={"primaryjoin": on, "viewonly": True, "uselist": False}
    )


def _many(model: str) -> Any:
    """A relationship to the children of a version, in their order."""
    on = f"PositionVersion.row_id == foreign({model}.version_id)"
    return Relationship(
        sa_relationship_kwargs={
            "primaryjoin": on,
            "viewonly": True,
            "order_by": f"{model}.ordinal",
        }
    )


class CountryVersion(SQLModel, table=True):
    __tablename__ = "country_versions"
    row_id: int = Field(primary_key=True)
    code: str
    name: str
    superseded_in: int | None


class GroupVersion(SQLModel, table=True):
    __tablename__ = "group_versions"
    row_id: int = Field(primary_key=True)
    slug: str
    name: str
    superseded_in: int | None


class OfficialVersion(SQLModel, table=True):
    __tablename__ = "official_versions"
    row_id: int = Field(primary_key=True)
    slug: str
    name: str
    superseded_in: int | None


class TopicVersion(SQLModel, table=True):
    __tablename__ = "topic_versions"
    row_id: int = Field(primary_key=True)
    slug: str
    name: str
    superseded_in: int | None


class ArticleVersion(SQLModel, table=True):
    __tablename__ = "article_versions"
    row_id: int = Field(primary_key=True)
    id: str
    headline: str
    superseded_in: int | None


class PositionTarget(SQLModel, table=True):
    __tablename__ = "position_targets"
    version_id: int = Field(primary_key=True)
    ordinal: int = Field(primary_key=True)
    country_code: str | None
    group_slug: str | None
    country: CountryVersion | None = _one("CountryVersion", "code", "PositionTarget.country_code")
    group: GroupVersion | None = _one("GroupVersion", "slug", "PositionTarget.group_slug")


class PositionClause(SQLModel, table=True):
    __tablename__ = "position_clauses"
    version_id: int = Field(primary_key=True)
    ordinal: int = Field(primary_key=True)
    kind: str
    text: str
    group_slug: str | None
    group: GroupVersion | None = _one("GroupVersion", "slug", "PositionClause.group_slug")


class PositionEvidence(SQLModel, table=True):
    __tablename__ = "position_evidence"
    version_id: int = Field(primary_key=True)
    ordinal: int = Field(primary_key=True)
    article_id: str
    start_at: int
    end_at: int
    exact: str | None
    prefix: str
    suffix: str
    exact_sha256: str
    quote_type: str
    cue: str | None
    source_text: str | None
    article: ArticleVersion = _one("ArticleVersion", "id", "PositionEvidence.article_id")


class PositionVersion(SQLModel, table=True):
    __tablename__ = "position_versions"
    row_id: int = Field(primary_key=True)
    id: str
    rev: int
    recorded_in: int
    superseded_in: int | None
    change_type: str
    curation: str
    country_code: str | None
    body_slug: str | None = Field(sa_column_kwargs={"name": "body"})
    speaker_slug: str | None = Field(sa_column_kwargs={"name": "speaker"})
    speaker_role: str | None
    topic_slug: str = Field(sa_column_kwargs={"name": "topic"})
    stance: str
    modality: str
    proposition: str
    said_on: date | None
    said_on_precision: str
    said_key: date
    reported_via_slug: str | None = Field(sa_column_kwargs={"name": "reported_via"})
    sources: int
    independent_sources: int
    country: CountryVersion | None = _one("CountryVersion", "code", "PositionVersion.country_code")
    body: GroupVersion | None = _one("GroupVersion", "slug", "PositionVersion.body_slug")
    speaker: OfficialVersion | None = _one(
        "OfficialVersion", "slug", "PositionVersion.speaker_slug"
    )
    topic: TopicVersion = _one("TopicVersion", "slug", "PositionVersion.topic_slug")
    reported_via: GroupVersion | None = _one(
        "GroupVersion", "slug", "PositionVersion.reported_via_slug"
    )
    targets: list[PositionTarget] = _many("PositionTarget")
    clauses: list[PositionClause] = _many("PositionClause")
    evidence: list[PositionEvidence] = _many("PositionEvidence")


class CountryPublic(SQLModel):
    code: str
    name: str


class NamedPublic(SQLModel):
    slug: str
    name: str


class ArticlePublic(SQLModel):
    id: str
    headline: str


class TargetPublic(SQLModel):
    country: CountryPublic | None
    group: NamedPublic | None


class ClausePublic(SQLModel):
    kind: str
    text: str
    group: NamedPublic | None


class EvidencePublic(SQLModel):
    article: ArticlePublic
    start_at: int
    end_at: int
    exact: str | None
    prefix: str
    suffix: str
    exact_sha256: str
    quote_type: str
    cue: str | None
    source_text: str | None


class PositionPublic(SQLModel):
    id: str
    rev: int
    recorded_in: int
    change_type: str
    curation: str
    country: CountryPublic | None
    body: NamedPublic | None
    speaker: NamedPublic | None
    speaker_role: str | None
    topic: NamedPublic
    stance: str
    modality: str
    proposition: str
    said_on: date | None
    said_on_precision: str
    reported_via: NamedPublic | None
    sources: int
    independent_sources: int
    targets: list[TargetPublic]
    clauses: list[ClausePublic]
    evidence: list[EvidencePublic]


class Filters(SQLModel):
    country: str | None = None
    topic: str | None = None
    speaker: str | None = None
    stance: str | None = None
    limit: int = Field(default=20, ge=1, le=200)


_CURRENT = text(
    # SQLite's statistics hide that most rows have none: the plus keeps it from that column's index.
    ("+" if _URL.startswith("sqlite") else "") + "position_versions.superseded_in IS NULL"
)


def _statement(filters: Filters) -> Any:
    """The newest positions that match, with all that is shown of them."""
    position = PositionVersion
    statement = (
        select(position)
        .where(_CURRENT, position.curation == "published")
        .order_by(col(position.said_key).desc(), col(position.id).desc())
        .limit(filters.limit)
        .options(
            joinedload(position.country),  # type: ignore[arg-type]
            joinedload(position.body),  # type: ignore[arg-type]
            joinedload(position.speaker),  # type: ignore[arg-type]
            joinedload(position.topic),  # type: ignore[arg-type]
            joinedload(position.reported_via),  # type: ignore[arg-type]
            selectinload(position.targets).joinedload(PositionTarget.country),  # type: ignore[arg-type]
            selectinload(position.targets).joinedload(PositionTarget.group),  # type: ignore[arg-type]
            selectinload(position.clauses).joinedload(PositionClause.group),  # type: ignore[arg-type]
            selectinload(position.evidence).joinedload(PositionEvidence.article),  # type: ignore[arg-type]
        )
    )
    if filters.country:
        statement = statement.where(position.country_code == filters.country)
    if filters.topic:
        statement = statement.where(position.topic_slug == filters.topic)
    if filters.speaker:
        statement = statement.where(position.speaker_slug == filters.speaker)
    if filters.stance:
        statement = statement.where(position.stance == filters.stance)
    return statement


class CountPublic(SQLModel):
    country: CountryPublic | None = None
    topic: NamedPublic | None = None
    count: int


Dimension = Literal["country", "topic"]


def _counts(by: list[Dimension]) -> Any:
    """How many positions there are, the names joined to the cells."""
    position = PositionVersion
    columns = {"country": col(position.country_code), "topic": col(position.topic_slug)}
    models: dict[str, Any] = {"country": CountryVersion, "topic": TopicVersion}
    keys = {"country": col(CountryVersion.code), "topic": col(TopicVersion.slug)}
    values: list[Any] = [columns[name].label(name) for name in by]
    cells = (
        sa_select(*values, func.count().label("count"))
        .where(_CURRENT, col(position.curation) == "published")
        .group_by(*values)
        .subquery()
    )
    statement = sa_select(*cells.c)
    for name in by:
        current = and_(keys[name] == cells.c[name], models[name].superseded_in.is_(None))
        statement = statement.outerjoin(models[name], current)
        statement = statement.add_columns(models[name].name.label(f"{name}_name"))
    return statement


def _cell(row: Any) -> dict[str, Any]:
    cell: dict[str, Any] = {"count": row["count"]}
    if row.get("country"):
        cell["country"] = {"code": row["country"], "name": row["country_name"]}
    if row.get("topic"):
        cell["topic"] = {"slug": row["topic"], "name": row["topic_name"]}
    return cell


app = FastAPI()

if _URL.startswith("sqlite"):
    engine = create_engine(_URL, connect_args={"check_same_thread": False})

    def get_session() -> Iterator[Session]:
        with Session(engine) as session:
            yield session

    @app.get("/positions", response_model=list[PositionPublic])
    def read_positions(
        session: Annotated[Session, Depends(get_session)], filters: Annotated[Filters, Query()]
    ) -> Any:
        return session.exec(_statement(filters)).all()

    @app.get("/counts", response_model=list[CountPublic])
    def read_counts(
        session: Annotated[Session, Depends(get_session)], by: Annotated[list[Dimension], Query()]
    ) -> Any:
        return [_cell(row) for row in session.connection().execute(_counts(by)).mappings()]

else:
    async_engine = create_async_engine(
        _URL.replace("postgresql://", "postgresql+asyncpg://"), pool_size=10
    )

    async def get_async_session() -> AsyncIterator[AsyncSession]:
        async with AsyncSession(async_engine) as session:
            yield session

    @app.get("/positions", response_model=list[PositionPublic])
    async def read_positions_async(
        session: Annotated[AsyncSession, Depends(get_async_session)],
        filters: Annotated[Filters, Query()],
    ) -> Any:
        return (await session.scalars(_statement(filters))).all()

    @app.get("/counts", response_model=list[CountPublic])
    async def read_counts_async(
        session: Annotated[AsyncSession, Depends(get_async_session)],
        by: Annotated[list[Dimension], Query()],
    ) -> Any:
        return [_cell(row) for row in (await session.execute(_counts(by))).mappings()]
