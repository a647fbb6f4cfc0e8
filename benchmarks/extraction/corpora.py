"""The annotated articles, which lie outside the repository, and the scorer that comes with them."""

import gzip
import importlib.util
import os
from pathlib import Path
from types import ModuleType
from typing import Any

import orjson

SPLITS = {
    "dev": "polnear-dev.jsonl.gz",
    "names-150": "polnear-train-names-150.jsonl.gz",
    "train": "polnear-train.jsonl.gz",
}
Article = dict[str, Any]


def folder(given: str | None) -> Path:
    """Where the corpora lie: as given, as CORPORA says, or beside the checkout."""
    beside = Path(__file__).parents[2] / ".." / "shared" / "corpora"
    found = Path(given or os.environ.get("CORPORA") or beside).resolve()
    if not (found / "score.py").is_file():
        raise SystemExit(f"No corpora in {found}: name their folder, or set CORPORA.")
    return found


def split(corpora: Path, name: str) -> list[Article]:
    """The articles of a split, with what people marked in them."""
    with gzip.open(corpora / SPLITS[name], "rb") as lines:
        return [orjson.loads(line) for line in lines]


def scorer(corpora: Path) -> ModuleType:
    """The scorer that comes with the corpora."""
    spec = importlib.util.spec_from_file_location("corpora_score", corpora / "score.py")
    if spec is None or spec.loader is None:
        raise SystemExit("The scorer cannot be loaded.")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
