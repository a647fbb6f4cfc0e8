"""The contract against the running server: random requests, and a client made from it.

ONRECORD_REQUESTS sets how many random ones each operation is sent; `make fuzz` sends many more.
"""

import importlib
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support import BIN, PATIENCE, ROOT, Server, environment, in_process, seeded, serving

CLIENT = "onrecord_client"
REQUESTS = os.environ.get("ONRECORD_REQUESTS", "4")

ALIKE = r"((create|revise|publish|withdraw|merge)_(mediation_offer|round)|load_article_record)$"
"""What `make fuzz` covers and the tests leave out: made like those of positions, or very large."""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with serving(seeded(tmp_path_factory.mktemp("contract"))) as server:
        yield server


@pytest.fixture
def scratch_url(tmp_path: Path) -> str:
    """A record that anything may be done to."""
    return seeded(tmp_path)


@pytest.fixture
def scratch(scratch_url: str) -> Iterator[Server]:
    with serving(scratch_url) as server:
        yield server


@pytest.fixture
def key(scratch_url: str) -> str:
    """A key that may do everything: else nothing but refusals would be seen of writes."""
    made = in_process("keys", "create", "contract", "--scope", "admin", database_url=scratch_url)
    return made.stdout.strip()


@pytest.mark.parametrize("phase", ["examples", "coverage", "fuzzing", "stateful"])
def test_random_requests_are_answered_as_the_contract_says(
    scratch: Server, key: str, tmp_path: Path, phase: str
) -> None:
    """Valid ones and others: no 500, no undeclared status, type or body, nothing wrong accepted."""
    ran = subprocess.run(
        [
            *(BIN / "schemathesis", "--config-file", ROOT / ".ci" / "schemathesis.toml", "run"),
            *(f"{scratch.url}/openapi.json", "--no-color", "--phases", phase),
            *("--header", f"Authorization: Bearer {key}"),
            *(("--exclude-operation-id-regex", ALIKE) if phase == "coverage" else ()),
            *("--max-examples", REQUESTS, "--seed", "1", "--generation-database", "none"),
        ],
        cwd=tmp_path,
        env=environment(""),
        capture_output=True,
        text=True,
        timeout=PATIENCE * 5,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout
    assert scratch.process.poll() is None


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A client package made from the committed contract, ready to be imported."""
    folder = tmp_path_factory.mktemp("client")
    config = folder / "config.yaml"
    config.write_text("post_hooks: []\n")
    made = subprocess.run(
        [
            *(BIN / "openapi-python-client", "generate", "--fail-on-warning", "--meta", "none"),
            *("--path", ROOT / "docs" / "openapi.json", "--config", config),
            *("--output-path", folder / CLIENT),
        ],
        env=environment(""),
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert made.returncode == 0, made.stdout + made.stderr
    sys.path.insert(0, str(folder))
    yield folder
    sys.path.remove(str(folder))
    for name in [name for name in sys.modules if name.partition(".")[0] == CLIENT]:
        del sys.modules[name]


@pytest.mark.usefixtures("client")
def test_a_generated_client_lists_the_positions(server: Server) -> None:
    with opened(server) as http:
        page = operation("positions.list_positions").sync(client=http, limit=5)
        assert page.meta.total == 13
        assert len(page.data) == 5
        first = page.data[0]
        assert (first.country.code, first.speaker.slug) == ("PAK", "tahir-andrabi")
        assert first.evidence[0].exact_sha256
        again = operation("positions.get_position").sync(first.id, client=http)
        assert again.data == first


@pytest.mark.usefixtures("client")
def test_a_generated_client_walks_pages_and_filters(server: Server) -> None:
    list_positions = operation("positions.list_positions")
    with opened(server) as http:
        found: list[str] = []
        cursor: dict[str, str] = {}
        while True:
            page = list_positions.sync(client=http, country="pakistan", limit=6, **cursor)
            found += [position.id for position in page.data]
            if page.links.next_ is None:
                break
            cursor = {"cursor": page.links.next_.partition("cursor=")[2]}
        assert len(found) == len(set(found)) == 13


@pytest.mark.usefixtures("client")
def test_a_generated_client_reads_mediation_offers_and_problems(server: Server) -> None:
    with opened(server) as http:
        offers = operation("mediation_offers.list_mediation_offers").sync(client=http)
        answers = {
            offer.mediator.country.code: [each.response.value for each in offer.responses]
            for offer in offers.data
        }
        assert answers == {
            "TUR": ["appreciated", "none_on_record"],
            "IRN": ["appreciated", "none_on_record"],
            "RUS": ["would_welcome", "none_on_record"],
        }
        problem = operation("positions.list_positions").sync(client=http, country="Atlantis")
        assert problem.status == 422
        assert problem.errors[0].parameter == "country"


def operation(name: str) -> Any:
    return importlib.import_module(f"{CLIENT}.api.{name}")


def opened(server: Server) -> Any:
    return importlib.import_module(CLIENT).Client(base_url=server.url)
