"""The rules on imports hold, and break when somebody breaks them."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.support import BIN, ROOT


def lint_imports(folder: Path) -> subprocess.CompletedProcess[str]:
    """Check the `app/` in a folder against the rules in its pyproject.toml."""
    return subprocess.run(
        [BIN / "lint-imports", "--no-cache"],
        cwd=folder,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(folder)},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A copy of the application, to break rules in."""
    shutil.copytree(ROOT / "app", tmp_path / "app", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def prepend(path: Path, line: str) -> None:
    path.write_text(f"{line}\n{path.read_text()}")


def test_the_application_keeps_the_rules(checkout: Path) -> None:
    checked = lint_imports(checkout)
    assert checked.returncode == 0, checked.stdout
    assert "0 broken" in checked.stdout


@pytest.mark.parametrize(
    ("module", "line"),
    [
        ("positions/queries.py", "from app.countries import queries as _"),
        ("positions/schemas.py", "from app.positions import queries as _"),
        ("web/respond.py", "from app.positions import queries as _"),
        ("web/respond.py", "from app.ingest import store as _"),
        ("ingest/store.py", "from app.web import respond as _"),
        ("models/base.py", "from app import db as _"),
        ("codelists.py", "from app import settings as _"),
        ("positions/queries.py", "from app import main as _"),
        ("errors.py", "import fastapi as _"),
        ("ingest/store.py", "import starlette as _"),
    ],
)
def test_an_import_in_a_forbidden_direction_is_found(
    checkout: Path, module: str, line: str
) -> None:
    prepend(checkout / "app" / module, line)
    checked = lint_imports(checkout)
    assert checked.returncode == 1
    importer = f"app.{module.removesuffix('.py').replace('/', '.')}"
    assert importer in checked.stdout


@pytest.mark.parametrize("place", ["helpers/__init__.py", "positions/service.py"])
def test_what_the_rules_do_not_name_is_found(checkout: Path, place: str) -> None:
    path = checkout / "app" / place
    path.parent.mkdir(exist_ok=True)
    path.write_text('"""Undeclared."""\n')
    checked = lint_imports(checkout)
    assert checked.returncode == 1
    name = place.removesuffix("/__init__.py").removesuffix(".py").rpartition("/")[2]
    assert name in checked.stdout + checked.stderr
