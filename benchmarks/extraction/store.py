"""Articles per second onto the record, beside a tokenizer that does nothing else.

    python -m benchmarks.extraction.store

Articles are generated, 4.6 thousand characters on average. In turn, round after round, each
contestant takes the same ones: spaCy's blank tokenizer with its sentencizer on one core, the
extractor alone on one core, the store alone, and all of `onrecord ingest` on SQLite and on
PostgreSQL, with one process that extracts for each core and the one that stores. Medians are told,
and what they are to the tokenizer's in the same round.
"""

import argparse
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from random import Random
from statistics import median

from app import schema
from app.db import Database
from app.ingest.batch.named import extractor_at
from app.ingest.batch.orders import Orders
from app.ingest.batch.refused import Refusals
from app.ingest.batch.run import GROUP, run
from app.ingest.batch.storing import Storing
from app.ingest.batch.workers import record_of
from app.ingest.draft import Draft
from app.ingest.extract.found import Meta
from app.ingest.read.source import Source
from app.ingest.reference import load_reference
from app.settings import Settings, resource
from benchmarks.data import discard, postgres_server, scratch, scratch_database

_NAMES = [
    "Amara",
    "Bell",
    "Cole",
    "Dane",
    "Egan",
    "Frey",
    "Gray",
    "Hale",
    "Ives",
    "Joss",
    "Kent",
    "Lowe",
    "Marsh",
    "North",
    "Orr",
    "Pike",
]
_PLACES = ("Pakistan", "Afghanistan", "Iran", "Türkiye", "Qatar", "Egypt", "Sudan", "Kenya")
_POSTS = ("Foreign Minister", "Foreign Office spokesperson", "Defence Minister", "President")
_DONE = ("said", "told reporters", "added", "warned", "said on Friday")
_SPOKEN = (
    "We will return to the talks when the attacks from across the border have ended",
    "No decision has been taken on the ceasefire and none will be taken in haste",
    "Our trade depends on the steps that the other side has promised to take",
    "The offer of mediation is appreciated and its details are being worked out",
)
_TOLD = (
    "Lorries stood in a line of several miles at the crossing, which has been shut since October.",
    "The two delegations met in a hotel by the river and left it without a word to those outside.",
    "Residents of the border towns have been moved into schools and tents further inland.",
    "The third round of talks ended last week, and no date has been set for a fourth.",
    "Prices of fruit and coal have doubled in the markets on both sides of the mountains.",
)
LENGTH = 4_250
"""Characters after which an article ends with its paragraph: 4,600 on average."""


def articles(count: int, seed: int = 7) -> Iterator[Source]:
    """So many articles, the same each time for a seed."""
    random = Random(seed)
    for number in range(count):
        text = _article(random, number, seed)
        headline = text.partition("\n")[0]
        meta = Meta(headline, "outlook-india", None, None, date(2025, 11, 15), None, "en")
        yield Source(text, meta, f"article {number}")


def _article(random: Random, number: int, seed: int) -> str:
    place = random.choice(_PLACES)
    paragraphs, length = [f"{place} and its neighbours weigh a return to talks, {seed}-{number}"], 0
    wanted = random.gauss(LENGTH, 900)
    while length < max(800, wanted):
        name = f"{random.choice(_NAMES)} {random.choice(_NAMES)}son"
        who = f"{place}’s {random.choice(_POSTS)} {name}"
        spoken, done = random.choice(_SPOKEN), random.choice(_DONE)
        lines = [f"“{spoken},” {who} {done}.", *random.sample(_TOLD, 3)]
        if random.random() < 0.5:
            lines.insert(2, f"He {done} that {spoken[0].lower()}{spoken[1:]}.")
        paragraphs.append(" ".join(lines))
        length += len(paragraphs[-1]) + 2
    return "\n\n".join(paragraphs) + "\n"


@dataclass
class Measured:
    """A contestant, and its articles per second in each round."""

    name: str
    measure: Callable[[list[Source]], float]
    rates: list[float]


def tokenized(made: list[Source]) -> float:
    """Seconds of spaCy's tokenizer and sentencizer."""
    import spacy  # noqa: PLC0415 - a peer that need not be there

    pipeline = spacy.blank("en")
    pipeline.add_pipe("sentencizer")
    begun = time.perf_counter()
    for each in made:
        for _ in pipeline(each.text).sents:
            pass
    return time.perf_counter() - begun


def extracted(made: list[Source]) -> float:
    """Seconds of the extractor alone."""
    record = extractor_at(Settings().extractor).record
    begun = time.perf_counter()
    for each in made:
        record(each.text, each.meta)
    return time.perf_counter() - begun


def stored(like: str, workers: int) -> Callable[[list[Source]], float]:
    """Seconds of all of it, into an empty record that has the reference data."""

    def measure(made: list[Source]) -> float:
        folder = scratch()
        with _database(like, folder) as database:
            extractor = extractor_at(Settings().extractor)
            orders = Orders(extractor, by="benchmark", workers=workers)
            run(database, articles(2 * workers * 16, seed=1), orders)  # all are there and warm
            begun = time.perf_counter()
            summary = run(database, iter(made), orders)
            taken = time.perf_counter() - begun
            if summary.stored != len(made):
                raise SystemExit(f"refused: {summary.refused[:3]}")
        discard(folder)
        return taken

    return measure


def only_stored(like: str) -> Callable[[list[Source]], float]:
    """Seconds of the one that stores, when all is extracted already."""
    drafts: list[Draft] = []

    def measure(made: list[Source]) -> float:
        extractor, folder = extractor_at(Settings().extractor), scratch()
        drafts.extend(record_of(extractor, each) for each in made[len(drafts) :])
        with _database(like, folder) as database:
            storing = Storing(database, Orders(extractor, by="benchmark"))
            refusals = Refusals(database, extractor.method)
            begun = time.perf_counter()
            for first in range(0, len(made), GROUP):
                group = zip(made[first : first + GROUP], drafts[first : first + GROUP], strict=True)
                storing.store(list(group), refusals)
            taken = time.perf_counter() - begun
        discard(folder)
        return taken

    return measure


@contextmanager
def _database(like: str, folder: Path) -> Iterator[Database]:
    with scratch_database(like, folder) as url:
        settings = Settings(database_url=url)
        schema.upgrade(settings)
        database = Database(settings)
        load_reference(database, resource("seed"), by="seed")
        try:
            yield database
        finally:
            database.dispose()


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=2000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--workers", type=int, default=len(os.sched_getaffinity(0)))
    asked = parser.parse_args()
    made = list(articles(asked.articles))
    with postgres_server() as server:
        every = [
            Measured("spaCy blank + sentencizer, one core", tokenized, []),
            Measured("extractor alone, one core", extracted, []),
            Measured("store alone, SQLite", only_stored("sqlite"), []),
            Measured("store alone, PostgreSQL", only_stored(server), []),
            Measured("with store, SQLite", stored("sqlite", asked.workers), []),
            Measured("with store, PostgreSQL", stored(server, asked.workers), []),
        ]
        for _ in range(asked.rounds):
            for each in every:
                each.rates.append(len(made) / each.measure(made))
    size = sum(len(each.text) for each in made) / len(made)
    print(f"{len(made)} articles of {size:.0f} characters, {asked.workers} workers")  # noqa: T201
    for each in every:
        pairs = zip(each.rates, every[0].rates, strict=True)
        ratio = median(rate / base for rate, base in pairs)
        print(f"{each.name:40} {median(each.rates):8.0f}/s  {ratio:5.2f}")  # noqa: T201


if __name__ == "__main__":
    main()
