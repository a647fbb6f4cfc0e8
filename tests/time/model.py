"""What the record is meant to remember: a list of states, in plain Python."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

from app.ingest import shapes
from app.ingest.store import fact_id
from app.web.schemas import ARTICLE_ID
from tests.http import factory
from tests.http.helpers import Entry
from tests.time.curating import (
    ARTICLE,
    BY,
    CODES,
    DATES,
    KINDS,
    REASON,
    TEXT,
    cited,
    selector,
    written,
)
from tests.time.history import TREE

KEYS = {
    "first": "positions",
    "second": "positions",
    "third": "positions",
    "offer": "mediation-offers",
    "round": "rounds",
}
"""The facts of the record that is loaded again and again."""
_SHAPES = {shape.name: shape for shape in (shapes.POSITION, shapes.OFFER, shapes.ROUND)}
_SHA256 = factory.make_record(TEXT)["article"]["text_sha256"]
IDS = {key: fact_id(_SHAPES[KINDS[path]], _SHA256, key) for key, path in KEYS.items()}


class Proof(NamedTuple):
    """Where the words stand, and how they carry the fact."""

    article: str
    start: int
    end: int
    quote_type: str
    cue: str | None = None
    source_text: str | None = None


def shown_proofs(proofs: Iterable[Entry]) -> tuple[Proof, ...]:
    """Evidence as an answer has it."""
    return tuple(
        Proof(
            each["article"]["id"],
            each["start"],
            each["end"],
            each["quote_type"],
            each["cue"],
            each["source_text"],
        )
        for each in proofs
    )


def proofs(words: Iterable[str]) -> tuple[Proof, ...]:
    """The evidence that these words are."""
    return shown_proofs(
        selector(word) | {"article": {"id": ARTICLE}, "cue": None, "source_text": None}
        for word in words
    )


class Said(NamedTuple):
    """What an entry of a record or of a curator says."""

    path: str
    topic: str
    code: str
    on: str | None
    words: tuple[str, ...]

    def curated(self) -> Entry:
        """The entry as a curator sends it."""
        return written(*self[:4]) | {"evidence": cited(self.words)}

    def recorded(self, key: str) -> Entry:
        """The entry as a record has it."""
        evidence = [selector(word) for word in self.words]
        return written(*self[:4]) | {"key": key, "evidence": evidence}


@dataclass(frozen=True)
class Fact:
    """A version of a fact."""

    path: str
    topic: str
    code: str
    on: str | None
    evidence: tuple[Proof, ...]
    curation: str = "published"
    merged_into: str | None = None
    entry: Said | None = None
    """The entry of the record that it came from."""
    rev: int = 1
    recorded_in: int = 1
    superseded_in: int | None = None
    change_type: str = "new"

    @property
    def public(self) -> bool:
        """Whether it is, or was, more than a draft."""
        return self.curation != "draft"

    @property
    def gone(self) -> bool:
        """Whether it was withdrawn or merged."""
        return self.curation == "withdrawn"

    @property
    def says(self) -> tuple[Any, ...]:
        """What it says, without where it came from."""
        said = (self.topic, self.code, self.on, self.evidence)
        return (*said, self.curation, self.merged_into)

    @property
    def shown(self) -> tuple[Any, ...]:
        """What an answer shows of it."""
        said = (self.topic, self.code, self.on, self.evidence)
        return (*said, self.rev, self.recorded_in, self.change_type, self.curation)


def shown(path: str, entry: Entry) -> tuple[Any, ...]:
    """What an answer shows of a fact, for `Fact.shown`."""
    said = (entry["topic"]["slug"], entry[CODES[path]], entry[DATES[path]])
    version = (entry[name] for name in ("rev", "recorded_in", "change_type", "curation"))
    evidence = shown_proofs(entry["evidence"])
    sources = [each["id"] for each in entry["articles"]]
    assert sources == list(dict.fromkeys(proof.article for proof in evidence))
    return (*said, evidence, *version)


def of(said: Said, **more: Any) -> Fact:
    """The fact that an entry makes."""
    return Fact(said.path, said.topic, said.code, said.on, proofs(said.words), **more)


State = dict[str, Fact]
Wanted = Callable[[Fact], bool]


class Filter(NamedTuple):
    """A filter, and which facts it leaves."""

    query: str
    wanted: Wanted


FILTERS = (
    Filter("", lambda _: True),
    Filter("topic=security", lambda fact: fact.topic in TREE["security"]),
    Filter("topic=mediation|economy", lambda f: f.topic in TREE["economy"] | {"mediation"}),
)
CODE_FILTERS = {
    "positions": (
        Filter("stance=denies", lambda f: f.code == "denies"),
        Filter("stance=!denies|!asserts", lambda f: f.code not in ("denies", "asserts")),
        Filter("said_from=2024-02", lambda f: first_day(f.on) >= "2024-02-01"),
        Filter(f"article={ARTICLE_ID}", lambda f: any(p.article != ARTICLE for p in f.evidence)),
    ),
    "mediation-offers": (
        Filter("status=lapsed|offered", lambda f: f.code in ("lapsed", "offered")),
    ),
    "rounds": (Filter("outcome=!full", lambda f: f.code != "full"),),
}


def first_day(on: str | None) -> str:
    """Where a date stands in an order."""
    return "" if on is None else on + "-01-01"[len(on) - 4 :]


def in_order(
    state: State, path: str, wanted: Wanted, order: str = "-on", curation: str = "published"
) -> list[tuple[str, Fact]]:
    """The facts that a list shows, in its order: what has no date comes before all dates."""
    found = [
        (id_, fact)
        for id_, fact in state.items()
        if fact.path == path and fact.curation == curation and wanted(fact)
    ]

    def place(each: tuple[str, Fact]) -> tuple[Any, str]:
        id_, fact = each
        return (first_day(fact.on) if order.endswith("on") else fact.recorded_in, id_)

    return sorted(found, key=place, reverse=order.startswith("-"))


def above(topic: str) -> set[str]:
    """A topic and all above it."""
    return {topic} | {broader for broader, tree in TREE.items() if topic in tree}


def latest_day(evidence: Sequence[Proof]) -> str:
    """The last day that what this evidence proves can have."""
    return max("2024-04-02" if p.article == ARTICLE else "2025-11-15" for p in evidence)


class Refused(Exception):
    """What was sent cannot be put on record."""


@dataclass
class Model:
    """The states of the record after each change, and what the changes were."""

    states: list[State]
    changes: list[tuple[str, str | None]]
    """By whom each change was made, and why."""
    touched: dict[str, list[tuple[int, Counter[str]]]]
    """Of each topic, the changes that made its versions, with what they did to how many facts."""
    written: list[Counter[tuple[str, str]]]
    """Of each change, the public versions of facts that it wrote, by kind and change type."""
    versions: dict[str, list[Fact]]
    """Of each fact, its versions."""
    loaded: dict[str, Said] | None = None
    """The record as it was loaded last."""
    curated: dict[Said, list[str]] = field(default_factory=dict)
    """The facts that curators made of an entry."""

    @property
    def last(self) -> int:
        """The number of the last change."""
        return len(self.states) - 1

    @property
    def now(self) -> State:
        """The last state."""
        return self.states[-1]

    def commit(self, steps: State, reason: str | None = REASON) -> None:
        """Remember a change: these facts have another version, by their ids."""
        seq, state = len(self.states), dict(self.now)
        counts: dict[str, Counter[str]] = {}
        told: Counter[tuple[str, str]] = Counter()
        for id_, fact in steps.items():
            before = self.now.get(id_)
            after = replace(fact, rev=before.rev + 1 if before else 1, recorded_in=seq)
            state[id_] = after
            of_fact = self.versions.setdefault(id_, [])
            if of_fact:
                of_fact[-1] = replace(of_fact[-1], superseded_in=seq)
            of_fact.append(after)
            seen = [each for each in (before, after) if each and each.public]
            for topic in set().union(*(above(each.topic) for each in seen)):
                counts.setdefault(topic, Counter())[fact.change_type] += 1
            told[KINDS[fact.path], fact.change_type] += after.public
        for topic, counter in counts.items():
            self.touched[topic].append((seq, counter))
        self.written.append(+told)
        self.states.append(state)
        self.changes.append((BY, reason))

    def load(self, record: dict[str, Said], curation: str = "published") -> State | None:
        """The versions that loading a record writes; none at all if it is the last one again.

        Raises Refused for drafts in the place of what is public, or was.
        """
        if record == self.loaded:
            return None
        steps: State = {}
        for key, said in record.items():
            before = self.now.get(IDS[key])
            wanted = of(said, curation=curation, entry=said)
            if before is None:
                steps[IDS[key]] = wanted
            elif not self._stands(before, wanted):
                steps[IDS[key]] = self._turned(before, wanted)
        for key in KEYS.keys() - record.keys():
            before = self.now.get(IDS[key])
            # What is public is cut by a public record alone.
            if before and not before.gone and (curation == "published" or not before.public):
                cut = {"curation": "withdrawn", "entry": None, "change_type": "withdrawn"}
                steps[IDS[key]] = replace(before, **cut)  # type: ignore[arg-type]
        self.loaded = record
        return steps

    def _turned(self, before: Fact, wanted: Fact) -> Fact:
        """What an entry makes of a fact that says something else; a draft made public is new."""
        if before.public and not wanted.public:
            raise Refused
        new = wanted.public and not before.public
        return replace(wanted, change_type="new" if new else "corrected")

    def _stands(self, before: Fact, wanted: Fact) -> bool:
        """Whether a fact is left as it is when the record that brought it is loaded again."""
        if before.gone and before.entry is not None:
            return True  # a curator took it back
        return before.entry == wanted.entry or before.says == wanted.says

    def merge(self, id_: str, into: str) -> State:
        """The versions that a merger writes."""
        before, survivor = self.now[id_], self.now[into]
        gone = replace(before, curation="withdrawn", merged_into=into, change_type="merged")
        added = tuple(proof for proof in before.evidence if proof not in survivor.evidence)
        if not added:
            return {id_: gone}
        grown = replace(survivor, evidence=survivor.evidence + added, change_type="updated")
        return {id_: gone, into: grown}

    def at(self, id_: str, moment: int) -> Fact | None:
        """A fact as of a change."""
        return self.states[moment].get(id_)

    def history(self, id_: str, moment: int, *, drafts: bool) -> list[tuple[Any, ...]]:
        """The versions that a history shows as of a change."""
        found = []
        for fact in self.versions[id_]:
            later = fact.superseded_in
            if fact.recorded_in <= moment and (drafts or fact.public):
                version = fact.shown[-4:]
                superseded = later if later is not None and later <= moment else None
                said = None if fact.gone else fact.shown
                found.append((*version, superseded, *self.changes[fact.recorded_in], said))
        return found

    def ids(self, wanted: Wanted) -> list[str]:
        """The facts that are so now."""
        return sorted(id_ for id_, fact in self.now.items() if wanted(fact))
