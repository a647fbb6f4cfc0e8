"""How fast the extractor is: articles a second on one core, and that time stays linear."""

import time
from collections.abc import Callable
from statistics import median

from app.ingest.extract.reader import read
from benchmarks.extraction.corpora import Article

ROUNDS = 5
HOSTILE = {
    "cues": "he said ",
    "joined cues": "and said ",
    "marks": '" ',
    "opening marks": "“",
    "single marks": "‘a ’b ",
    "quotations": "“a” ",
    "names": "Ab Smith, ",
    "one word": "a",
    "turns": "BOB: x\n",
    "stops": ". ",
}


def pace(articles: list[Article]) -> tuple[float, float]:
    """Articles a second, and their mean length; processor time, the median of some rounds."""
    texts = [each["text"] for each in articles]
    seconds = median(_timed(lambda: [read(text) for text in texts]) for _ in range(ROUNDS))
    return len(texts) / seconds, sum(map(len, texts)) / len(texts)


def growth(article: str) -> dict[str, list[float]]:
    """Milliseconds for 10 KB, 100 KB and 1 MB of an article and of text meant to be slow."""
    found: dict[str, list[float]] = {}
    pieces = {"an article": f"{article}\n\n", **HOSTILE}
    for name, piece in pieces.items():
        found[name] = []
        for size in (10_000, 100_000, 1_000_000):
            text = (piece * (size // len(piece) + 1))[:size]
            found[name].append(1000 * _timed(lambda text=text: read(text)))  # type: ignore[misc]
    return found


def _timed(work: Callable[[], object]) -> float:
    begun = time.process_time()
    work()
    return time.process_time() - begun
