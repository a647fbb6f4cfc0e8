"""The schema's way up and down, on both databases, and that it is what the models say."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, create_engine, inspect, select, text
from sqlalchemy.exc import IntegrityError

from app import schema
from app.db import Database, known_revisions
from app.main import create_app
from app.models import metadata
from app.settings import Settings
from tests.support import Client, with_later_migration

NOW = known_revisions()[-1]
NewDatabase = Callable[[str | None], str]


@contextmanager
def engine_of(settings: Settings) -> Iterator[Engine]:
    engine = create_engine(settings.database_url)
    yield engine
    engine.dispose()


def modelled(name: str | None) -> bool:
    """The full-text tables are made by the migrations alone: SQLite's is not a usual table."""
    return name is not None and not name.startswith(("position_search", "alembic_version"))


def plain(value: Any) -> Any:
    """What was reflected, with types and conditions as their SQL."""
    if isinstance(value, dict):
        return {key: plain(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [plain(inner) for inner in value]
    return value if value is None or isinstance(value, bool | int) else str(value)


def structure(settings: Settings) -> dict[str, Any]:
    """Everything that a database says about its tables."""
    with engine_of(settings) as engine:
        inspector = inspect(engine)
        aspects: tuple[Any, ...] = (
            inspector.get_columns,
            inspector.get_check_constraints,
            inspector.get_foreign_keys,
            inspector.get_indexes,
            inspector.get_unique_constraints,
        )
        return {
            table: {
                "key": inspector.get_pk_constraint(table),
                **{
                    aspect.__name__: {entry["name"]: plain(entry) for entry in aspect(table)}
                    for aspect in aspects
                },
            }
            for table in inspector.get_table_names()
            if modelled(table)
        }


def rows(settings: Settings) -> dict[str, list[tuple[Any, ...]]]:
    """Everything that is in the tables."""
    with engine_of(settings) as engine, engine.connect() as connection:
        return {
            table.name: sorted((tuple(row) for row in connection.execute(select(table))), key=repr)
            for table in metadata.sorted_tables
        }


def answers(settings: Settings) -> list[bytes]:
    paths = ("/v1/positions?limit=200", "/v1/positions?q=border", "/v1/rounds", "/v1/changes")
    with Client(create_app(settings)) as client:
        found = [client.get(path) for path in paths]
    assert {answer.status_code for answer in found} == {200}
    return [answer.content for answer in found]


def left_over(settings: Settings) -> set[str]:
    """What the database's own catalogue lists."""
    catalogue = {
        "sqlite": "SELECT name FROM sqlite_master WHERE name NOT LIKE 'sqlite_%'",
        "postgresql": "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace "
        "UNION SELECT typname FROM pg_type WHERE typnamespace = 'public'::regnamespace "
        "UNION SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace",
    }
    with engine_of(settings) as engine, engine.connect() as connection:
        return set(connection.scalars(text(catalogue[engine.dialect.name])))


def test_an_empty_database_is_brought_up_to_a_usable_schema(new_database: NewDatabase) -> None:
    settings = Settings(database_url=new_database(None))
    assert schema.current(settings) is None
    schema.upgrade(settings)
    assert schema.current(settings) == known_revisions()[-1]
    with Client(create_app(settings)) as client:
        assert client.get("/readyz").status_code == 200
        assert client.get("/v1/positions").json()["data"] == []


def test_upgrading_twice_changes_nothing(fresh_settings: Settings) -> None:
    before = structure(fresh_settings), rows(fresh_settings)
    schema.upgrade(fresh_settings)
    assert (structure(fresh_settings), rows(fresh_settings)) == before


def test_the_migrations_make_what_the_models_say(empty_settings: Settings) -> None:
    with engine_of(empty_settings) as engine, engine.connect() as connection:
        context = MigrationContext.configure(
            connection,
            opts={
                "compare_type": True,
                "compare_server_default": True,
                "include_name": lambda name, kind, _: kind != "table" or modelled(name),
            },
        )
        assert compare_metadata(context, metadata) == []


def test_every_constraint_is_in_both_the_migrations_and_the_models(
    empty_settings: Settings, new_database: NewDatabase
) -> None:
    """Alembic compares no checks, names or collations, so two databases are compared."""
    modelled_settings = Settings(database_url=new_database(None))
    with engine_of(modelled_settings) as engine:
        metadata.create_all(engine)
    migrated, from_models = structure(empty_settings), structure(modelled_settings)
    assert migrated.keys() == from_models.keys() == metadata.tables.keys()
    for table, described in from_models.items():
        assert migrated[table] == described, table


def test_going_down_to_nothing_leaves_nothing_and_up_again_works(fresh_settings: Settings) -> None:
    before = structure(fresh_settings)
    schema.downgrade(fresh_settings, "base")
    left = left_over(fresh_settings)
    assert {name for name in left if "alembic_version" not in name} == set()
    schema.upgrade(fresh_settings)
    assert structure(fresh_settings) == before
    assert rows(fresh_settings)["positions"] == []


def test_a_step_up_and_down_and_up_again_keeps_the_record(
    fresh_settings: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    before, served = rows(fresh_settings), answers(fresh_settings)
    with monkeypatch.context() as later:
        with_later_migration(
            later,
            tmp_path,
            up='op.add_column("position_versions", sa.Column("note", sa.String()))',
            down='op.drop_column("position_versions", "note")',
        )
        schema.upgrade(fresh_settings)
        assert "note" in structure(fresh_settings)["position_versions"]["get_columns"]
        assert (rows(fresh_settings), answers(fresh_settings)) == (before, served)
        schema.downgrade(fresh_settings, NOW)
        assert rows(fresh_settings) == before
        schema.upgrade(fresh_settings)
        assert (rows(fresh_settings), answers(fresh_settings)) == (before, served)
        schema.downgrade(fresh_settings, NOW)
    assert "note" not in structure(fresh_settings)["position_versions"]["get_columns"]
    assert (rows(fresh_settings), answers(fresh_settings)) == (before, served)


def test_a_migration_that_fails_leaves_the_database_as_it_was(
    fresh_settings: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    before = structure(fresh_settings), rows(fresh_settings)
    steps = (
        'op.add_column("position_versions", sa.Column("note", sa.String()))',
        'op.create_table("notes", sa.Column("id", sa.Integer(), primary_key=True))',
        "op.execute(\"UPDATE position_versions SET proposition = 'overwritten'\")",
        'op.execute("UPDATE changes SET seq = -1 WHERE seq = 0")',
    )
    with monkeypatch.context() as later:
        with_later_migration(later, tmp_path, up="\n    ".join(steps))
        with pytest.raises(IntegrityError):
            schema.upgrade(fresh_settings)
    assert schema.current(fresh_settings) == NOW
    assert (structure(fresh_settings), rows(fresh_settings)) == before
    database = Database(fresh_settings)
    database.check()
    database.dispose()
