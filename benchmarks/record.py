"""A record of a realistic shape, as rows: the same seed gives the same rows.

Articles come in by the day they appeared, one in seven of them late; there are more of recent
years. Each brings some 13 positions in a change of its own, and one article in five is read again
later: half of its positions are corrected, so that 10 % of all positions have two versions.
"""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from random import Random
from typing import Any

from app import __version__
from app.codelists import ClauseKind, Modality, Stance
from app.ingest import shapes
from app.ingest.store import article_id, fact_id
from benchmarks.cast import Cast, Person, zipf
from benchmarks.words import Words

Rows = dict[str, list[tuple[Any, ...]]]

LAST_DAY = date(2025, 11, 15)
YEARS = 10
PER_ARTICLE = 13
_CORRECTED_AFTER = 40
"""Articles that come in between an article and its second reading."""

COLUMNS: dict[str, tuple[str, ...]] = {
    "articles": ("id",),
    "changes": ("seq", "at", "kind", "by", "reason", "article_id", "method", "software", "digest"),
    "article_versions": (
        *("row_id", "id", "rev", "recorded_in", "change_type", "digest", "headline", "publisher"),
        *("agency", "byline", "published_on", "language", "text_sha256", "characters", "rights"),
        "record_digest",
    ),
    "topic_changes": ("topic", "number", "seq"),
    "positions": ("id", "article_id", "record_key"),
    "position_versions": (
        *("row_id", "id", "rev", "recorded_in", "superseded_in", "change_type", "digest"),
        *("curation", "record_digest", "country_code", "body", "speaker", "speaker_role", "topic"),
        *("stance", "modality", "proposition", "said_on", "said_on_precision", "reported_via"),
    ),
    "position_targets": ("version_id", "ordinal", "country_code", "group_slug"),
    "position_clauses": ("version_id", "ordinal", "kind", "text", "group_slug"),
    "position_evidence": (
        *("version_id", "ordinal", "article_id", "start_at", "end_at", "exact", "prefix"),
        *("suffix", "exact_sha256", "quote_type", "cue", "source_text"),
    ),
    "position_search": ("version_id", "texts"),
}
"""The columns of each table's rows, parents first. The words to search for are texts, one after
the other, which each database keeps in a form of its own."""


@dataclass
class _Article:
    """An article on its way in."""

    id: str
    text_sha256: str
    published: date
    arrives: date
    positions: int
    again: bool
    """Whether it is read a second time."""
    country: str
    agency: str | None


class Generator:
    """Makes the rows of so many positions, in batches. Texts stand for dates and moments."""

    def __init__(self, cast: Cast, positions: int, random: Random) -> None:
        self._cast = cast
        self._random = random
        self._words = Words(random, positions)
        self._draw = _Draw(cast, random)
        self._articles = self._plan(positions)
        self._seq = cast.last_change
        self._row = dict(cast.last_row)
        self._numbers = dict(cast.numbers)
        self._at = datetime(2015, 11, 17, tzinfo=UTC)
        self._rows: Rows = {name: [] for name in COLUMNS}

    def batches(self, articles: int = 500) -> Iterator[Rows]:
        """The rows of so many articles at a time. Only `superseded_in` refers to a later batch."""
        waiting: deque[tuple[int, _Article, list[list[Any]]]] = deque()
        seconds = self._second_readings()
        for index, article in enumerate(self._articles):
            if waiting and waiting[0][0] == index:
                self._correct(*waiting.popleft()[1:])
            old = self._ingest(article, seconds.get(index))
            if article.again:
                waiting.append((index + _CORRECTED_AFTER, article, old))
            if (index + 1) % articles == 0:
                yield self._take()
        for _, article, old in waiting:
            self._correct(article, old)
        yield self._take()

    def _take(self) -> Rows:
        taken, self._rows = self._rows, {name: [] for name in COLUMNS}
        return taken

    def _plan(self, positions: int) -> list[_Article]:
        """The articles, in the order they come in."""
        random, cast = self._random, self._cast
        weights = zipf(len(cast.countries))
        planned, left = [], positions
        while left > 0:
            count = min(left, random.randint(PER_ARTICLE - 9, PER_ARTICLE + 9))
            left -= count
            age = timedelta(days=int(365 * YEARS * random.random() ** 2))
            late = timedelta(days=int(age.days * random.random()) if random.random() < 0.15 else 0)
            text = sha256(random.randbytes(16)).hexdigest()
            planned.append(
                _Article(
                    article_id(text),
                    text,
                    LAST_DAY - age,
                    LAST_DAY - age + late,
                    count,
                    random.random() < 0.2,
                    random.choices(cast.countries, cum_weights=weights)[0],
                    random.choice(cast.agencies) if random.random() < 0.5 else None,
                )
            )
        return sorted(planned, key=lambda article: (article.arrives, article.id))

    def _second_readings(self) -> dict[int, int]:
        """For each article that is read again: the number of the change that corrects it."""
        found, corrected = {}, 0
        for index in range(len(self._articles)):
            if index >= _CORRECTED_AFTER and self._articles[index - _CORRECTED_AFTER].again:
                # One change for each article before this one, and for each correction so far.
                found[index - _CORRECTED_AFTER] = self._seq + index + corrected + 1
                corrected += 1
        last = self._seq + len(self._articles) + corrected
        for index in range(max(0, len(self._articles) - _CORRECTED_AFTER), len(self._articles)):
            if self._articles[index].again:
                last += 1
                found[index] = last
        return found

    def _ingest(self, article: _Article, again_in: int | None) -> list[list[Any]]:
        """The rows of an article. Gives the versions that its second reading corrects."""
        self._rows["articles"].append((article.id,))
        self._change(article, "ingest", None)
        self._article_version(article)
        made = self._draw.positions(article.country, article.positions)
        topics, corrected = set(), []
        for number, values in enumerate(made):
            key = f"position-{number}"
            id_ = fact_id(shapes.POSITION, article.text_sha256, key)
            self._rows["positions"].append((id_, article.id, key))
            corrects = again_in and (number == 0 or self._random.random() < 0.5)
            ends = again_in if corrects else None
            version = [id_, values, self._said_on(article.published)]
            self._version(article, version, 1, ends)
            topics.add(values[4])
            if ends:
                corrected.append(version)
        self._number(topics)
        return corrected

    def _correct(self, article: _Article, versions: list[list[Any]]) -> None:
        """A second reading: the same positions, put better."""
        self._change(article, "curation", "The article was read again.")
        for version in versions:
            self._version(article, version, 2, None)
        self._number({values[4] for _, values, _ in versions})

    def _change(self, article: _Article, kind: str, reason: str | None) -> None:
        self._seq += 1
        arrived = datetime.combine(article.arrives, datetime.min.time(), UTC)
        self._at = max(self._at + timedelta(seconds=7), arrived + timedelta(days=1))
        software, digest = f"onrecord {__version__}", self._digest()
        at = self._at.strftime("%Y-%m-%d %H:%M:%S.%f")
        by = "benchmarks"
        self._rows["changes"].append(
            (self._seq, at, kind, by, reason, article.id, "generated", software, digest)
        )

    def _article_version(self, article: _Article) -> None:
        row_id = self._next_row("article_versions")
        random = self._random
        said = (self._words.title(), random.choice(self._cast.publishers), article.agency, None)
        of_text = ("en", article.text_sha256, random.randint(2000, 9000))
        self._rows["article_versions"].append(
            (row_id, article.id, 1, self._seq, "new", self._digest(), *said)
            + (article.published.isoformat(), *of_text, "Generated for measuring.", self._digest())
        )

    def _version(self, article: _Article, version: list[Any], rev: int, ends: int | None) -> None:
        """A version of a position, with its children and its words."""
        id_, (country, body, person, role, topic, stance, modality), (said, precision) = version
        row_id, (shown, searched) = self._next_row("position_versions"), self._words.proposition()
        change_type = "new" if rev == 1 else "corrected"
        self._rows["position_versions"].append(
            (row_id, id_, rev, self._seq, ends, change_type, self._digest())
            + ("published", self._digest(), country, body, person, role, topic, stance, modality)
            + (shown, said, precision, article.agency)
        )
        for ordinal, (kind, target) in enumerate(self._draw.targets(country)):
            self._rows["position_targets"].append((row_id, ordinal, kind, target))
        for ordinal in range(int(3 * self._random.random() ** 2)):
            text = f"{self._words.title().capitalize()}."
            clause = self._draw.clause(country)
            self._rows["position_clauses"].append((row_id, ordinal, clause[0], text, clause[1]))
        spoken = self._evidence(article, row_id, person)
        self._rows["position_search"].append((row_id, (searched, *spoken)))

    def _evidence(self, article: _Article, row_id: int, person: str | None) -> list[str]:
        """One to three selections. Gives the words that are searched."""
        random, searched = self._random, []
        for ordinal in range(1 + int(3 * random.random() ** 1.7)):
            exact, words = self._words.quotation()
            start = random.randint(0, 8000)
            prefix, suffix = self._words.beside()
            direct = random.random() < 0.65
            if direct:
                searched.append(words)
            self._rows["position_evidence"].append(
                (row_id, ordinal, article.id, start, start + len(exact) + 2)
                + (exact if direct else None, prefix, suffix, sha256(exact.encode()).hexdigest())
                + ("direct" if direct else "indirect", "said", "he" if person else None)
            )
        return searched

    def _number(self, topics: set[str]) -> None:
        """Give these topics, and all above them, their next version."""
        touched: set[str] = set()
        for each in topics:
            topic: str | None = each
            while topic is not None and topic not in touched:
                touched.add(topic)
                topic = self._cast.broader[topic]
        for topic in sorted(touched):
            self._numbers[topic] = self._numbers.get(topic, 0) + 1
            self._rows["topic_changes"].append((topic, self._numbers[topic], self._seq))

    def _said_on(self, published: date) -> tuple[str | None, str]:
        """Shortly before it was published; now and then only the month or the year is known."""
        drawn = self._random.random()
        if drawn < 0.88:
            return (published - timedelta(days=int(drawn * 3))).isoformat(), "day"
        if drawn < 0.94:
            return published.replace(day=1).isoformat(), "month"
        if drawn < 0.97:
            return published.replace(month=1, day=1).isoformat(), "year"
        return None, "unknown"

    def _next_row(self, table: str) -> int:
        self._row[table] += 1
        return self._row[table]

    def _digest(self) -> str:
        """Stands for a digest: nothing here is signed."""
        return self._random.randbytes(32).hex()


class _Draw:
    """Draws who says what to whom, each as often as it is said in the news."""

    def __init__(self, cast: Cast, random: Random) -> None:
        self._cast, self._random = cast, random
        self._weights = zipf(len(cast.countries))
        self._topics = random.sample(sorted(cast.broader), len(cast.broader))
        self._topic_weights = zipf(len(self._topics))
        self._stances = random.sample([each.value for each in Stance], len(Stance))
        self._stance_weights = zipf(len(self._stances))
        self._modalities = [each.value for each in Modality]
        self._clauses = [each.value for each in ClauseKind]

    def positions(self, country: str, count: int) -> list[tuple[Any, ...]]:
        """Country, body, speaker, role, topic, stance and modality of an article's positions."""
        choices = self._random.choices
        return [
            (*self._actor(country), *rest)
            for rest in zip(
                choices(self._topics, cum_weights=self._topic_weights, k=count),
                choices(self._stances, cum_weights=self._stance_weights, k=count),
                choices(self._modalities, cum_weights=(70, 80, 95, 100), k=count),
                strict=True,
            )
        ]

    def _actor(self, country: str) -> tuple[str | None, str | None, str | None, str | None]:
        drawn = self._random.random()
        if drawn < 0.03:
            return None, self._random.choice(self._cast.unions), None, None
        if drawn < 0.3:
            country = self._country()
        people = self._cast.people.get(country)
        if people and self._random.random() < 0.75:
            person: Person = self._random.choice(people)
            return country, person.body, person.slug, person.role
        body = self._random.choice(self._cast.bodies[country]) if drawn < 0.6 else None
        return country, body, None, None

    def targets(self, country: str | None) -> list[tuple[str | None, str | None]]:
        """Up to three actors, not all alike: countries, and bodies with their countries."""
        found = []
        for _ in range(int(4 * self._random.random() ** 1.3)):
            target = self._country()
            if target != country:
                body = self._random.random() < 0.4
                group = self._random.choice(self._cast.bodies[target]) if body else None
                found.append((target, group))
        return list(dict.fromkeys(found))

    def clause(self, country: str | None) -> tuple[str, str | None]:
        """A sort of clause, and the body concerned."""
        bodies = self._cast.bodies[country] if country else self._cast.unions
        body = self._random.choice(bodies) if self._random.random() < 0.5 else None
        return self._random.choice(self._clauses), body

    def _country(self) -> str:
        return self._random.choices(self._cast.countries, cum_weights=self._weights)[0]
