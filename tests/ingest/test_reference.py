"""Reference data: countries, topics, bodies; loaded again only where it differs."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from fastapi.testclient import TestClient
from sqlalchemy import select

from app.db import Database
from app.ingest import shapes
from app.ingest.reference import load_reference
from app.settings import Settings, resource
from tests.ingest.support import dump, load, steps, versions

SEED = resource("seed")
Edit = Callable[[Any], None]


@pytest.fixture
def edited(tmp_path: Path) -> Callable[[str, Edit], Path]:
    """A copy of the seed with one of its files changed."""
    seed = tmp_path / "seed"
    shutil.copytree(SEED, seed)

    def edit(name: str, change: Edit) -> Path:
        content = yaml.safe_load((seed / name).read_text(encoding="utf-8"))
        change(content)
        (seed / name).write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
        return seed

    return edit


def test_all_countries_are_there_once(client: TestClient) -> None:
    first = client.get("/v1/countries?limit=200").json()
    countries = first["data"] + client.get(first["links"]["next"]).json()["data"]
    assert first["meta"]["total"] == len(countries) == 250
    for name in ("code", "alpha2", "name"):
        assert len({country[name] for country in countries}) == 250
    numeric = [country["numeric"] for country in countries if country["numeric"]]
    assert len(set(numeric)) == len(numeric) == 249


def test_kosovo_is_there_under_a_user_assigned_code(client: TestClient) -> None:
    kosovo = client.get("/v1/countries/XKX").json()["data"]
    assert (kosovo["alpha2"], kosovo["numeric"], kosovo["name"]) == ("XK", None, "Kosovo")
    assert kosovo["user_assigned"] is True


def test_every_topic_hangs_in_the_tree(client: TestClient) -> None:
    topics = {t["slug"]: t for t in client.get("/v1/topics?limit=200").json()["data"]}
    assert len(topics) == 11
    for topic in topics.values():
        passed = {topic["slug"]}
        while topic["broader"]:
            topic = topics[topic["broader"]["slug"]]  # noqa: PLW2901 - up the tree
            assert topic["slug"] not in passed
            passed.add(topic["slug"])
        assert topic["slug"] in {"diplomacy", "security", "economy", "migration"}


def test_every_country_has_an_item_in_wikidata_and_all_but_antarctica_a_region(
    client: TestClient,
) -> None:
    first = client.get("/v1/countries?limit=200").json()
    countries = first["data"] + client.get(first["links"]["next"]).json()["data"]
    assert [c["code"] for c in countries if not c["wikidata"]] == []
    assert [c["code"] for c in countries if not c["region"]] == ["ATA"]
    assert len({c["wikidata"] for c in countries}) == 250


def test_loading_again_changes_nothing(database: Database) -> None:
    before = dump(database)
    assert load_reference(database, SEED, by="test").seq is None
    assert dump(database) == before


def test_loading_after_an_article_keeps_what_the_article_brought(
    empty_settings: Settings, record
) -> None:
    database = Database(empty_settings)
    load_reference(database, SEED, by="test")
    record["groups"].append(
        {
            "slug": "nato",
            "name": "NATO",
            "kind": "intergovernmental",
            "aliases": ["The Alliance"],
            "labels": [
                {
                    "text": "Alliance",
                    "used_by": {"country": "PAK"},
                    "evidence": record["positions"][0]["evidence"],
                }
            ],
        }
    )
    load(database, record)
    before = dump(database)
    assert load_reference(database, SEED, by="test").seq is None
    assert dump(database) == before
    database.dispose()


def update_name(content: Any) -> None:
    content["countries"]["TUR"]["name"] = "Republic of Turkey"


def add_alias(content: Any) -> None:
    content["countries"]["TUR"]["aliases"].append("Anatolia")


def remove_alias(content: Any) -> None:
    content["countries"]["TUR"]["aliases"].clear()


def describe_otherwise(content: Any) -> None:
    content[0]["description"] = "How states deal with each other."


def add_topic(content: Any) -> None:
    content.append(
        {"slug": "water", "name": "Water", "broader": "economy", "description": "Rivers."}
    )


def add_group_alias(content: Any) -> None:
    content[0]["aliases"].append("World Body")


def rename_group(content: Any) -> None:
    content[0]["name"] = "United Nations Organization"


@pytest.mark.parametrize(
    ("file", "change", "step"),
    [
        ("countries.yaml", update_name, ("country", "corrected", "TUR")),
        ("countries.yaml", add_alias, ("country", "updated", "TUR")),
        ("countries.yaml", remove_alias, ("country", "corrected", "TUR")),
        ("topics.yaml", describe_otherwise, ("topic", "corrected", "diplomacy")),
        ("topics.yaml", add_topic, ("topic", "new", "water")),
        ("groups.yaml", add_group_alias, ("group", "updated", "united-nations")),
        ("groups.yaml", rename_group, ("group", "corrected", "united-nations")),
    ],
)
def test_a_changed_file_writes_what_changed_and_nothing_else(
    database: Database, edited, file: str, change: Edit, step
) -> None:
    seed = edited(file, change)
    outcome = load_reference(database, seed, by="test")
    assert (outcome.seq, steps(outcome)) == (2, [step])
    assert load_reference(database, seed, by="test").seq is None


def test_a_country_keeps_its_name_in_its_earlier_version(database: Database, edited) -> None:
    load_reference(database, edited("countries.yaml", update_name), by="test")
    assert versions(database, shapes.COUNTRY, "TUR") == [
        (1, 0, 2, "new"),
        (2, 2, None, "corrected"),
    ]
    table = shapes.COUNTRY.table
    with database.read() as session:
        rows = session.rows(select(table).where(table.c.code == "TUR").order_by(table.c.rev))
    assert [row.name for row in rows] == ["Türkiye", "Republic of Turkey"]
