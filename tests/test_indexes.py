"""Each filter of positions, in each order, is one range of an index: nothing scanned or sorted.

`+recorded_in` tells SQLite not to look for a record version in an index: almost every row has been
recorded by then, and an index that has them in the order of a list saves sorting them.
"""

from collections.abc import Callable, Iterator
from itertools import product

import pytest
from sqlalchemy import Connection, create_engine, text

from app.settings import Settings

COLUMNS = ("country_code", "topic", "speaker", "body", "stance", "modality")
ORDERS = ("said_key", "recorded_in")
STANDING = (
    "+recorded_in <= 1 AND (superseded_in IS NULL OR superseded_in > 1) AND curation = 'published'"
)


@pytest.fixture(scope="module")
def connection(seeded_url: str, new_database: Callable[[str | None], str]) -> Iterator[Connection]:
    """A connection to a database that PostgreSQL takes for one too large to scan or sort."""
    engine = create_engine(Settings(database_url=new_database(seeded_url)).database_url)
    with engine.connect() as connection:
        if engine.dialect.name == "postgresql":
            for way in ("seqscan", "sort", "bitmapscan"):
                connection.execute(text(f"SET enable_{way} = off"))
        yield connection
    engine.dispose()


def plan(connection: Connection, statement: str) -> str:
    """How a statement is run."""
    if connection.dialect.name == "sqlite":
        return "\n".join(r[3] for r in connection.execute(text(f"EXPLAIN QUERY PLAN {statement}")))
    return "\n".join(r[0] for r in connection.execute(text(f"EXPLAIN {statement}")))


def one_range(connection: Connection, statement: str, index: str) -> None:
    """The statement reads a range of this index, in its order."""
    found = plan(connection, statement)
    assert f"{index} " in found.replace("\n", " ") + " ", found
    assert "TEMP B-TREE" not in found, found
    assert "Sort" not in found.replace("Sort Key", ""), found
    assert "Seq Scan" not in found, found


def page(where: str, order: str, way: str) -> str:
    return (
        f"SELECT row_id, {order}, id FROM position_versions WHERE {where} AND {STANDING} "
        f"ORDER BY {order} {way}, id {way} LIMIT 21"
    )


@pytest.mark.parametrize(("column", "order", "way"), [*product(COLUMNS, ORDERS, ("ASC", "DESC"))])
def test_a_value_is_one_range_in_either_order(
    connection: Connection, column: str, order: str, way: str
) -> None:
    suffix = "_recorded" if order == "recorded_in" else ""
    name = f"ix_position_versions_{column.removesuffix('_code')}{suffix}"
    one_range(connection, page(f"{column} = 'x'", order, way), name)
    after = f"{column} = 'x' AND ({order}, id) < ({'1' if suffix else repr('2024-01-01')}, 'x')"
    one_range(connection, page(after, order, way), name)


@pytest.mark.parametrize(("order", "way"), [*product(ORDERS, ("ASC", "DESC"))])
def test_all_positions_are_one_range_in_either_order(
    connection: Connection, order: str, way: str
) -> None:
    name = {"said_key": "said", "recorded_in": "recorded_in"}[order]
    one_range(connection, page("1 = 1", order, way), f"ix_position_versions_{name}")


@pytest.mark.parametrize("column", ["sources", "independent_sources"])
@pytest.mark.parametrize(("order", "way"), [*product(ORDERS, ("ASC", "DESC"))])
def test_what_has_several_sources_is_one_range_in_either_order(
    connection: Connection, column: str, order: str, way: str
) -> None:
    """As lists say it: so many or more, which is a number that the statement is given later."""
    suffix = "_recorded" if order == "recorded_in" else ""
    where = f"{column} > 1 AND {column} >= (SELECT 2)"
    one_range(connection, page(where, order, way), f"ix_position_versions_{column}{suffix}")


@pytest.mark.parametrize(("column", "order"), [*product(COLUMNS, ORDERS)])
def test_several_values_are_as_many_ranges(connection: Connection, column: str, order: str) -> None:
    """SQLite merges them as it goes; PostgreSQL is told how much it needs of each, and sorts it."""
    pages = [page(f"{column} = '{value}'", order, "DESC") for value in "abc"]
    if connection.dialect.name == "sqlite":
        every = " UNION ALL ".join(each.partition(" ORDER BY")[0] for each in pages)
        found = plan(connection, f"{every} ORDER BY {order} DESC, id DESC LIMIT 21")
        assert "MERGE (UNION ALL)" in found
        assert "TEMP B-TREE" not in found
    else:
        every = " UNION ALL ".join(f"({each})" for each in pages)
        found = plan(connection, f"{every} ORDER BY {order} DESC, id DESC LIMIT 21")
        assert found.count("->  Limit") == len(pages), found
        assert found.count("->  Sort") <= 1, found
    name = f"ix_position_versions_{column.removesuffix('_code')}"
    assert found.count(name + ("_recorded " if order == "recorded_in" else " ")) == len(pages)


def test_a_list_of_the_past_begins_at_its_horizon(connection: Connection) -> None:
    horizon = (
        "(SELECT latest FROM horizons WHERE kind = 'position' AND seq <= 1 "
        "ORDER BY seq DESC LIMIT 1)"
    )
    one_range(
        connection,
        page(f"said_key <= {horizon}", "said_key", "DESC"),
        "ix_position_versions_said",
    )
