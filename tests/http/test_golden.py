"""Golden answers: what is served of the first article, to the byte, on both databases.

The files in `tests/golden` are the answers, indented to be read and compared in version control.
An intended change of an answer is written with `UPDATE_GOLDEN=1 pytest tests/http/test_golden.py`,
and is reviewed like any other change.
"""

import json
import os
import re
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from tests.http.helpers import ENDPOINTS, LISTS, UNASKED

GOLDEN = Path(__file__).parents[1] / "golden"

# What differs between two loads of the same record: when it was loaded, and with which release of
# this code and of the ISO lists.
_CHANGING = re.compile(
    rb'(?<="at":")[^"]+|(?<="recorded_at":")[^"]+|(?<="onrecord )[^"]+|(?<=pycountry )[0-9.]+'
    rb'|(?<="digest":")[0-9a-f]+|(?<="previous":")[0-9a-f]+|(?<="record":")[0-9a-f]+'
)


def settled(content: bytes) -> bytes:
    """An answer with what differs between two loads replaced."""
    return _CHANGING.sub(b"*", content)


@pytest.mark.parametrize("name", ENDPOINTS)
def test_the_answer_is_the_golden_one_to_the_byte(client: TestClient, name: str) -> None:
    answer = client.get(ENDPOINTS[name].path)
    assert answer.status_code == 200
    file = GOLDEN / f"{name}.json"
    if os.environ.get("UPDATE_GOLDEN"):
        indented = json.dumps(json.loads(settled(answer.content)), indent=2, ensure_ascii=False)
        file.write_text(f"{indented}\n", encoding="utf-8")
    golden = json.loads(file.read_text(encoding="utf-8"))
    compact = json.dumps(golden, ensure_ascii=False, separators=(",", ":"))
    assert settled(answer.content) == compact.encode()


def test_there_is_a_golden_answer_for_every_path_and_no_other(client: TestClient) -> None:
    paths = client.get("/openapi.json").json()["paths"]
    served = {path for path, operations in paths.items() if "get" in operations}
    assert {each.template for each in ENDPOINTS.values()} == served - UNASKED
    assert {file.stem for file in GOLDEN.glob("*.json")} == set(ENDPOINTS)


@pytest.mark.parametrize("name", ENDPOINTS)
def test_the_answer_is_as_declared(wide: TestClient, name: str) -> None:
    endpoint = ENDPOINTS[name]
    endpoint.model.model_validate_json(wide.get(endpoint.path).content)


@pytest.mark.parametrize("name", [name for name in ENDPOINTS if ENDPOINTS[name].path in LISTS])
def test_every_entry_of_a_list_is_as_declared(wide: TestClient, name: str) -> None:
    endpoint = ENDPOINTS[name]
    answer = wide.get(endpoint.path, params={"limit": 200})
    page = endpoint.model.model_validate_json(answer.content)
    assert page.model_dump(mode="json", by_alias=True) == answer.json()


def test_every_item_of_every_list_is_as_declared_and_as_listed(wide: TestClient) -> None:
    for plural, singular in (
        ("articles", "article"),
        ("groups", "group"),
        ("mediation-offers", "mediation-offer"),
        ("officials", "official"),
        ("positions", "position"),
        ("rounds", "round"),
        ("topics", "topic"),
    ):
        key, _ = LISTS[f"/v1/{plural}"]
        for entry in wide.get(f"/v1/{plural}?limit=200").json()["data"]:
            answer = wide.get(f"/v1/{plural}/{entry[key]}")
            ENDPOINTS[singular].model.model_validate_json(answer.content)
            assert answer.json()["data"] == entry
