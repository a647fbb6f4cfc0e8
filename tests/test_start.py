"""What a server loads before it answers: what it serves with, and nothing that others need."""

import subprocess
import sys

import pytest

from tests.support import environment

_SERVING = """
import sys
from app.commands.serve import served
served()
print(*sorted({name.partition(".")[0] for name in sys.modules}))
"""
_OF_OTHERS = {
    "alembic": "the schema's commands",
    "cryptography": "receipts, where there is a key",
    "httpx": "onrecord check",
    "lxml": "pages and feeds",
    "protego": "robots.txt of those that are fetched",
    "psycopg": "PostgreSQL",
    "pycountry": "onrecord seed",
    "rapidfuzz": "misspelt names",
    "rich": "commands that print",
    "trafilatura": "pages",
    "w3lib": "pages and feeds",
}


@pytest.fixture(scope="module")
def loaded() -> set[str]:
    env = environment("sqlite:////none.db")
    run = [sys.executable, "-c", _SERVING]
    told = subprocess.run(run, env=env, check=True, capture_output=True, text=True)
    return set(told.stdout.split())


@pytest.mark.parametrize("name", _OF_OTHERS)
def test_serving_does_not_load_what_it_does_not_use(loaded, name):
    assert name not in loaded, f"it is for {_OF_OTHERS[name]}"


def test_serving_loads_what_it_serves_with(loaded):
    assert {"fastapi", "sqlmodel", "uvicorn"} <= loaded
