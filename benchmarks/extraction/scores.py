"""How near the extractor comes to what people marked: every figure with its bootstrap interval.

An interval is the middle 95 of 100 figures from articles drawn again with replacement.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from types import ModuleType
from typing import Any

from app.ingest.extract.predictions import predict
from benchmarks.extraction.corpora import Article

DRAWS = 1000
SEED = 20251115


@dataclass(frozen=True, slots=True)
class Score:
    """A figure between 0 and 100."""

    name: str
    value: float
    low: float
    high: float


def scores(articles: list[Article], scorer: ModuleType, draws: int = DRAWS) -> list[Score]:
    """All figures of a split."""
    found = {each["id"]: predict(each["id"], each["text"]) for each in articles}
    counted = scorer.score_docs(articles, found)
    chance = random.Random(SEED)
    samples: dict[str, list[float]] = {}
    for _ in range(draws):
        drawn = [counted[chance.randrange(len(counted))] for _ in counted]
        for name, value in _figures(scorer.agg(drawn)):
            samples.setdefault(name, []).append(value)
    return [
        Score(name, value, *_interval(samples[name]))
        for name, value in _figures(scorer.agg(counted))
    ]


def _interval(values: list[float]) -> tuple[float, float]:
    ordered = sorted(values)
    last = len(ordered) - 1
    return ordered[round(0.025 * last)], ordered[round(0.975 * last)]


def _figures(measured: dict[str, Any], prefix: str = "") -> Iterator[tuple[str, float]]:
    """The scorer's figures as one flat list; counts are left out."""
    for key, value in measured.items():
        name = f"{prefix}{key}"
        if isinstance(value, dict):
            yield from _figures(value, f"{name}.")
        elif isinstance(value, tuple):
            yield name, value[0]
        elif key != "n" and not key.startswith("n_"):
            yield name, value
