"""A record of a realistic shape, as rows: the same seed gives the same rows.

Articles come in by the day they appeared, one in seven of them late; there are more of recent
years. Each brings some 13 positions in a change of its own, and one article in five is read again
later: half of its positions are corrected, so that 10 % of all positions have two versions.
"""

from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from operator import itemgetter
from random import Random
from typing import Any

from app import __version__
from app.canonical import digest
from app.codelists import ClauseKind, Modality, Stance
from app.fulltext import Indexed
from app.ingest import shapes
from app.ingest.changes import change_digest
from app.ingest.store import article_id, fact_id
from benchmarks.cast import Cast, Person, zipf
from benchmarks.words import Words

Row = tuple[Any, ...]
Rows = dict[str, list[Any]]
_Said = tuple[str, Row, Row]
"""A position's id, who says what it is on, and when."""

LAST_DAY = date(2025, 11, 15)
YEARS = 10
PER_ARTICLE = 13
_CORROBORATED = 0.1
"""Of the selections beyond a position's first, those that stand in another article."""
_CORRECTED_AFTER = 40
"""Articles that come in between an article and its second reading."""

COLUMNS: dict[str, tuple[str, ...]] = {
    "articles": ("id",),
    "changes": ("seq", "at", "kind", "by", "reason", "article_id", "method", "software", "digest"),
    "article_versions": (
        *("row_id", "rev", "recorded_in", "change_type", "record_digest", "id", "headline"),
        *("publisher", "agency", "byline", "published_on", "url", "language", "text_sha256"),
        *("characters", "rights", "digest"),
    ),
    "topic_changes": ("topic", "number", "seq"),
    "positions": ("id", "article_id", "record_key"),
    "position_versions": (
        *("row_id", "rev", "recorded_in", "superseded_in", "change_type", "record_digest", "id"),
        *("curation", "country_code", "body", "speaker", "speaker_role", "topic", "stance"),
        *("modality", "proposition", "said_on", "said_on_precision", "reported_via"),
        *("merged_into", "digest"),
    ),
    "position_targets": ("version_id", "ordinal", "country_code", "group_slug"),
    "position_clauses": ("version_id", "ordinal", "kind", "text", "group_slug"),
    "position_evidence": (
        *("version_id", "ordinal", "article_id", "start_at", "end_at", "exact", "prefix"),
        *("suffix", "exact_sha256", "quote_type", "cue", "source_text"),
    ),
    "position_search": (),
}
"""The columns of each table's rows, parents first. A version's digest comes last. Of the index of
words the rows are what `app.fulltext` makes entries of, which each database keeps in its own form.
"""

_CHILDREN = {
    "targets": "position_targets",
    "clauses": "position_clauses",
    "evidence": "position_evidence",
}


def _saying(table: str) -> Callable[[Row], dict[str, Any]]:
    """Gives what a row says, by column: all but the bookkeeping."""
    of_version = {"row_id", "rev", "recorded_in", "superseded_in", "change_type", "record_digest"}
    kept = [
        (at, name)
        for at, name in enumerate(COLUMNS[table])
        if name not in {*of_version, "digest", "version_id", "ordinal"}
    ]
    names, pick = [name for _, name in kept], itemgetter(*(at for at, _ in kept))
    return lambda row: dict(zip(names, pick(row), strict=True))


_SAID = {
    table: _saying(table)
    for table in ("article_versions", "position_versions", *_CHILDREN.values())
}


@dataclass
class _Article:
    """An article on its way in."""

    id: str
    text_sha256: str
    characters: int
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
        self._chained = cast.last_digest
        self._versions: list[dict[str, Any]] = []
        self._row = dict(cast.last_row)
        self._numbers = dict(cast.numbers)
        self._at = datetime(2015, 11, 17, tzinfo=UTC)
        self._rows: Rows = {name: [] for name in COLUMNS}
        self._earlier: _Article | None = None
        """The article that came in before: it has some of the words of this one."""

    def batches(self, articles: int = 500) -> Iterator[Rows]:
        """The rows of so many articles at a time. Only `superseded_in` refers to a later batch."""
        waiting: deque[tuple[int, _Article, list[_Said]]] = deque()
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
                    random.randint(2000, 9000),
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

    def _ingest(self, article: _Article, again_in: int | None) -> list[_Said]:
        """The rows of an article. Gives the versions that its second reading corrects."""
        self._rows["articles"].append((article.id,))
        self._seq += 1
        self._article_version(article)
        topics, corrected = set(), []
        for number, said in enumerate(self._draw.positions(article.country, article.positions)):
            key = f"position-{number}"
            id_ = fact_id(shapes.POSITION, article.text_sha256, key)
            self._rows["positions"].append((id_, article.id, key))
            corrects = again_in and (number == 0 or self._random.random() < 0.5)
            ends = again_in if corrects else None
            version = (id_, said, self._said_on(article.published))
            self._version(article, version, 1, ends)
            topics.add(said[4])
            if ends:
                corrected.append(version)
        self._number(topics)
        self._change(article, "ingest", None)
        self._earlier = article
        return corrected

    def _correct(self, article: _Article, versions: list[_Said]) -> None:
        """A second reading: the same positions, put better."""
        self._seq += 1
        for version in versions:
            self._version(article, version, 2, None)
        self._number({said[4] for _, said, _ in versions})
        self._change(article, "curation", "The article was read again.")

    def _change(self, article: _Article, kind: str, reason: str | None) -> None:
        """The change that wrote the versions since the last one."""
        arrived = datetime.combine(article.arrives, datetime.min.time(), UTC)
        self._at = max(self._at + timedelta(seconds=7), arrived + timedelta(days=1))
        said = {
            "seq": self._seq,
            "at": self._at.strftime("%Y-%m-%d %H:%M:%S.%f"),
            "kind": kind,
            "by": "benchmarks",
            "reason": reason,
            "article_id": article.id,
            "method": "generated",
            "software": f"onrecord {__version__}",
        }
        self._chained = change_digest(self._chained, said, self._versions)
        self._versions = []
        self._rows["changes"].append((*said.values(), self._chained))

    def _article_version(self, article: _Article) -> None:
        row = (
            *(self._next_row("article_versions"), 1, self._seq, "new", self._hash(), article.id),
            *(self._words.title(), self._random.choice(self._cast.publishers), article.agency),
            *(None, article.published.isoformat(), None, "en", article.text_sha256),
            *(article.characters, "Generated for measuring."),
        )
        self._add_version("article", "article_versions", row, {})

    def _version(self, article: _Article, version: _Said, rev: int, ends: int | None) -> None:
        """A version of a position, with its children and its words."""
        id_, said, (said_on, precision) = version
        row_id, (shown, searched) = self._next_row("position_versions"), self._words.proposition()
        row = (
            *(row_id, rev, self._seq, ends, "new" if rev == 1 else "corrected", self._hash(), id_),
            *("published", *said, shown, said_on, precision, article.agency, None),
        )
        evidence, spoken = self._evidence(article, row_id, said[2])
        children = {
            "targets": self._draw.targets(row_id, said[0]),
            "clauses": self._clauses(row_id, said[0]),
            "evidence": evidence,
        }
        self._add_version("position", "position_versions", row, children)
        found = _SAID["position_versions"](row) | {
            "targets": [_SAID["position_targets"](each) for each in children["targets"]]
        }
        texts = (searched, *spoken)
        self._rows["position_search"].append(Indexed(row_id, self._seq, id_, found, texts))

    def _add_version(self, kind: str, table: str, row: Row, children: dict[str, list[Row]]) -> None:
        """Keep a version and its children, with the digest of what they say."""
        content = {"kind": kind, **_SAID[table](row)}
        for name, rows in children.items():
            below = _CHILDREN[name]
            content[name] = [_SAID[below](each) for each in rows]
            self._rows[below] += rows
        digested = digest(content)
        self._rows[table].append((*row, digested))
        named = dict(zip(COLUMNS[table], row, strict=False))
        self._versions.append(
            {"kind": kind, "digest": digested}
            | {name: named[name] for name in ("id", "rev", "change_type")}
        )

    def _clauses(self, row_id: int, country: str | None) -> list[Row]:
        """None as a rule, at most two."""
        return [
            (row_id, ordinal, kind, f"{self._words.title().capitalize()}.", body)
            for ordinal in range(int(3 * self._random.random() ** 2))
            for kind, body in [self._draw.clause(country)]
        ]

    def _evidence(
        self, article: _Article, row_id: int, person: str | None
    ) -> tuple[list[Row], list[str]]:
        """One to three selections, and the words in them that are searched."""
        random, rows, searched = self._random, [], []
        for ordinal in range(1 + int(3 * random.random() ** 1.7)):
            exact, words = self._words.quotation()
            again = ordinal and self._earlier and random.random() < _CORROBORATED
            cited = self._earlier if again and self._earlier else article
            start = int((cited.characters - 300) * random.random())
            direct = random.random() < 0.65
            if direct:
                searched.append(words)
            rows.append(
                (row_id, ordinal, cited.id, start, start + len(exact) + 2)
                + (exact if direct else None, *self._words.beside())
                + (sha256(exact.encode()).hexdigest(), "direct" if direct else "indirect")
                + ("said", "he" if person else None)
            )
        return rows, searched

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

    def _hash(self) -> str:
        """Stands for the digest of an entry that nobody has."""
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

    def positions(self, country: str, count: int) -> list[Row]:
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

    def targets(self, row_id: int, country: str | None) -> list[Row]:
        """Up to three actors, not all alike: countries, and bodies with their countries."""
        found = []
        for _ in range(int(4 * self._random.random() ** 1.3)):
            target = self._country()
            if target != country:
                body = self._random.random() < 0.4
                group = self._random.choice(self._cast.bodies[target]) if body else None
                found.append((target, group))
        return [(row_id, at, *target) for at, target in enumerate(dict.fromkeys(found))]

    def clause(self, country: str | None) -> tuple[str, str | None]:
        """A sort of clause, and the body concerned."""
        bodies = self._cast.bodies[country] if country else self._cast.unions
        body = self._random.choice(bodies) if self._random.random() < 0.5 else None
        return self._random.choice(self._clauses), body

    def _country(self) -> str:
        return self._random.choices(self._cast.countries, cum_weights=self._weights)[0]
