"""The words that facts are told by, read once from our lexicons and the seed.

Names of countries and bodies count with their case, terms of topics and stances without. All are
kept under their first word, so that one look at each word of a text finds what begins there.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

import pycountry
import yaml

from app.codelists import GroupKind, Modality, Stance
from app.settings import resource

LEXICONS = Path(__file__).parent / "lexicons"
WORD = re.compile(r"\w+")
_ALIKE = str.maketrans(dict.fromkeys(" \n\t\xa0\u202f-‐‑–'’‘ʼ", None))

SURE, STRONG, LIKELY = 3, 2, 1
"""How much a term says about a topic."""


class Country(NamedTuple):
    """A state or territory, as articles and slugs name it."""

    code: str
    name: str
    slug: str


@dataclass(frozen=True, slots=True)
class Group:
    """A body that has a name of its own."""

    slug: str
    name: str
    kind: GroupKind
    country: str | None = None
    aliases: tuple[str, ...] = ()
    labels: tuple[tuple[str, str], ...] = ()
    """Names that one side uses, with the state that uses them."""
    party: bool = False
    """It may be a party to a conflict."""
    seeded: bool = False
    """It is in the reference data: no record has to declare it."""


class Body(NamedTuple):
    """A body that every state has: a body of one state only together with the state."""

    id: str
    kind: GroupKind
    slug: str
    name: str
    of: dict[str, dict[str, str]]


class Term(NamedTuple):
    """What a phrase stands for."""

    kind: str
    """`country`, `city`, `group`, `body`, `topic`, `stance`, `conflict` or `agency`."""
    value: Any
    form: str = ""
    """Of a country: `name`, `demonym`, `people` or `metonym`."""


class Phrase(NamedTuple):
    """A phrase, and what it stands for."""

    words: tuple[str, ...]
    """As written for names, in lower case for terms."""
    between: tuple[str, ...]
    """What stands between the words, blanks, hyphens and apostrophes aside."""
    name: Term | None
    """For a name, what it names; names count with their case."""
    city: str | None
    """The country of the city that is called so."""
    topics: tuple[tuple[str, int], ...]
    """The topics it tells of, and how surely."""
    stance: tuple[int, Stance, Modality] | None
    """The stance it tells of; the lower the number the more telling."""
    signs: tuple[tuple[str, str], ...]
    """What it shows of the article as a whole: `needed` or `conflict`, and the word."""


class Entry(NamedTuple):
    """The phrases that begin with one word."""

    term: Phrase | None
    """The word alone, as a term."""
    names: dict[str, Phrase]
    """The word alone, as a name, by how it is written."""
    longer: dict[str, tuple[Phrase, ...]]
    """By their second word in lower case, longer phrases first."""


class Vocabulary(NamedTuple):
    """Everything that is looked up."""

    phrases: dict[str, Entry]
    """By the first word in lower case."""
    countries: dict[str, Country]
    groups: dict[str, Group]
    bodies: dict[str, Body]
    papers: dict[str, Group]
    """Agencies and publishers, by slug."""
    domains: dict[str, str]
    hosts: dict[str, str]
    """The country of a city, by the city's name."""
    capitals: frozenset[str]
    """Cities that are the seat of a government."""
    topics: dict[str, frozenset[str]]
    """The topics in the order of preference, with the words that an article must have."""
    processes: dict[frozenset[str], tuple[str, str]]
    cues: dict[str, Stance]


@cache
def vocabulary() -> Vocabulary:
    """The vocabulary; read when it is first asked for."""
    return _Builder().build()


def read_lexicon(name: str) -> Any:
    """The content of one of our lexicons."""
    return _read(LEXICONS / name)


def _read(path: Path) -> Any:
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # in C, where it is there
    return yaml.load(path.read_text(encoding="utf-8"), loader)  # noqa: S506 - both are safe


def slugify(name: str, fallback: str = "x") -> str:
    """A name as a slug: ASCII letters and digits, at most 80 characters."""
    plain = unicodedata.normalize("NFKD", name.replace("ı", "i")).encode("ascii", "ignore").decode()
    plain = plain.replace("'", "")
    return re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")[:80].strip("-") or fallback


def between(separator: str) -> str | None:
    """What stands between two words of a phrase, as it is compared; None if they are apart."""
    if separator == " ":
        return ""
    if len(separator) > 3 or separator.count("\n") > 1:
        return None
    return separator.translate(_ALIKE)


def inflected(term: str) -> list[str]:
    """`reject~ it` as reject it, rejects it, rejected it, rejecting it."""
    if "~" not in term:
        return [term]
    verb, rest = term.split("~", 1)
    if verb.endswith("e"):
        forms = [verb, verb + "s", verb + "d", verb[:-1] + "ing"]
    elif verb.endswith("y") and verb[-2] not in "aeo":
        forms = [verb, verb[:-1] + "ies", verb[:-1] + "ied", verb + "ing"]
    elif verb.endswith(("sh", "ch", "ss", "x")):
        forms = [verb, verb + "es", verb + "ed", verb + "ing"]
    elif verb in {"admit", "commit", "rebut"}:
        forms = [verb, verb + "s", verb + verb[-1] + "ed", verb + verb[-1] + "ing"]
    else:
        forms = [verb, verb + "s", verb + "ed", verb + "ing"]
    return [form + rest for form in forms]


def plain(name: str) -> str:
    """A name without accents."""
    return "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c))


_NAMING = ("group", "country", "city", "body", "agency")
"""What a name stands for first, if for several."""


def _phrase(
    words: tuple[str, ...], gaps: tuple[str, ...], terms: list[Term], *, cased: bool
) -> Phrase | None:
    """A phrase with what it stands for; none for a name that two countries have."""
    if not cased:
        topics = tuple(term.value for term in terms if term.kind == "topic")
        stances = [term.value for term in terms if term.kind == "stance"]
        signs = tuple(
            (term.kind, term.value) for term in terms if term.kind in {"needed", "conflict"}
        )
        return Phrase(words, gaps, None, None, topics, min(stances, default=None), signs)
    if len({term.value for term in terms if term.kind == "country"}) > 1:
        return None
    first = min(terms, key=lambda term: _NAMING.index(term.kind))
    city = next((term.value for term in terms if term.kind == "city"), None)
    return Phrase(words, gaps, first, city, (), None, ())


def _entry(phrases: list[Phrase]) -> Entry:
    longer: dict[str, list[Phrase]] = {}
    for phrase in sorted(phrases, key=lambda p: (-len(p.words), p.name is None, p.words)):
        if len(phrase.words) > 1:
            longer.setdefault(phrase.words[1].lower(), []).append(phrase)
    alone = [phrase for phrase in phrases if len(phrase.words) == 1]
    return Entry(
        next((phrase for phrase in alone if phrase.name is None), None),
        {phrase.words[0]: phrase for phrase in alone if phrase.name is not None},
        {second: tuple(each) for second, each in longer.items()},
    )


class _Builder:
    """Puts the vocabulary together."""

    def __init__(self) -> None:
        self._found: dict[tuple[tuple[str, ...], tuple[str, ...], bool], list[Term]] = {}
        self._places = read_lexicon("venues.yaml")
        self._unsure = set(self._places["unsure"])
        self._hosts: dict[str, str] = {}
        self._capitals: set[str] = set()

    def build(self) -> Vocabulary:
        countries = self._countries()
        groups = self._groups()
        bodies = self._bodies()
        papers, domains = self._papers()
        topics = self._topics()
        self._stances()
        return Vocabulary(
            phrases=self._by_first_word(),
            countries=countries,
            groups=groups,
            bodies=bodies,
            papers=papers,
            domains=domains,
            hosts=self._hosts,
            capitals=frozenset(self._capitals),
            topics=topics,
            processes={frozenset(pair): tuple(pair) for pair in self._places["processes"]},
            cues={
                form: Stance(stance)
                for stance, cues in read_lexicon("stances.yaml")["cues"].items()
                for cue in cues
                for form in inflected(cue)
            },
        )

    def _add(self, phrase: str, term: Term, *, cased: bool) -> None:
        for written in {phrase, plain(phrase)} if cased else {phrase.lower()}:
            spans = [match.span() for match in WORD.finditer(written)]
            words = tuple(written[start:end] for start, end in spans)
            gaps = [between(written[a[1] : b[0]]) for a, b in pairwise(spans)]
            if words and None not in gaps:
                key = (words, tuple(gap or "" for gap in gaps), cased)
                terms = self._found.setdefault(key, [])
                if term not in terms:
                    terms.append(term)

    def _by_first_word(self) -> dict[str, Entry]:
        phrases: dict[str, list[Phrase]] = {}
        for (words, gaps, cased), terms in self._found.items():
            phrase = _phrase(words, gaps, terms, cased=cased)
            if phrase is not None:
                phrases.setdefault(words[0].lower(), []).append(phrase)
        return {word: _entry(each) for word, each in sorted(phrases.items())}

    def _countries(self) -> dict[str, Country]:
        overlays = _read(resource("seed") / "countries.yaml")["countries"]
        iso = {country.alpha_3: country for country in pycountry.countries}
        found = {}
        for code in sorted(iso.keys() | overlays.keys()):
            overlay, entry = overlays.get(code, {}), iso.get(code)
            names = [overlay.get("name")]
            names += [getattr(entry, each, None) for each in ("common_name", "name")]
            names += [overlay.get("official_name"), getattr(entry, "official_name", None)]
            named = [name for name in names if name]
            found[code] = Country(code, named[0], slugify(named[0]))
            self._country(code, named, overlay)
        for code, cities in self._places["cities"].items():
            for city in cities:
                self._city(code, city)
        return found

    def _country(self, code: str, names: Iterable[str], overlay: dict[str, Any]) -> None:
        demonyms = overlay.get("demonyms", [])
        forms = [(name, "name") for name in [*names, *overlay.get("aliases", [])]]
        for demonym in demonyms:
            people = demonym.endswith("s") and demonym[:-1] in demonyms
            forms.append((demonym, "people" if people else "demonym"))
        forms += [(metonym, "metonym") for metonym in overlay.get("metonyms", [])]
        for name, form in forms:
            if name not in self._unsure:
                self._add(name, Term("country", code, form), cased=True)
        offices = set(self._places["offices"])
        for city in overlay.get("metonyms", []):
            if city not in offices and city not in self._unsure:
                self._city(code, city)
                self._capitals |= {city, plain(city)}

    def _city(self, code: str, city: str) -> None:
        self._hosts[city] = self._hosts[plain(city)] = code
        self._add(city, Term("city", code, city), cased=True)

    def _groups(self) -> dict[str, Group]:
        seeded = _read(resource("seed") / "groups.yaml")
        found = {}
        for entry in [*({**each, "seeded": True} for each in seeded), *read_lexicon("groups.yaml")]:
            group = _group(entry)
            found[group.slug] = group
            labels = [text for text, _ in group.labels]
            for name in [group.name, *group.aliases, *labels]:
                self._add(name, Term("group", group.slug), cased=True)
        return found

    def _bodies(self) -> dict[str, Body]:
        found = {}
        for id_, entry in read_lexicon("bodies.yaml")["bodies"].items():
            kind = GroupKind(entry["kind"])
            found[id_] = Body(id_, kind, entry["slug"], entry["name"], entry.get("of", {}))
            for words in entry["words"]:
                self._add(words, Term("body", id_), cased=True)
        return found

    def _papers(self) -> tuple[dict[str, Group], dict[str, str]]:
        found: dict[str, Group] = {}
        domains: dict[str, str] = {}
        lists = read_lexicon("papers.yaml")
        for name, kind in (("agencies", "news_agency"), ("publishers", "publisher")):
            for entry in lists[name]:
                paper = _group({**entry, "kind": kind})
                found[paper.slug] = paper
                domains |= dict.fromkeys(entry.get("domains", []), paper.slug)
                if kind == "news_agency":
                    for alias in [paper.name, *paper.aliases]:
                        self._add(alias, Term("agency", paper.slug), cased=True)
        return found, domains

    def _topics(self) -> dict[str, frozenset[str]]:
        lists, found = read_lexicon("subjects.yaml"), {}
        for topic, entry in lists["topics"].items():
            found[topic] = frozenset(entry.get("only", []))
            for strength, weight in (("sure", SURE), ("strong", STRONG), ("likely", LIKELY)):
                for term in entry.get(strength, []):
                    for form in inflected(term):
                        self._add(form, Term("topic", (topic, weight)), cased=False)
        for word in {word for needed in found.values() for word in needed}:
            self._add(word, Term("needed", word), cased=False)
        for word in lists["conflict"]:
            self._add(word, Term("conflict", word), cased=False)
        return found

    def _stances(self) -> None:
        for rank, (stance, modality, phrase) in enumerate(_stance_phrases()):
            for form in inflected(phrase):
                value = (rank, Stance(stance), Modality(modality))
                self._add(form, Term("stance", value), cased=False)


def _stance_phrases() -> Iterator[tuple[str, str, str]]:
    for stance, lists in read_lexicon("stances.yaml")["words"].items():
        for modality, phrases in lists:
            for phrase in phrases:
                yield stance, modality, phrase


def _group(entry: dict[str, Any]) -> Group:
    return Group(
        slug=entry["slug"],
        name=entry["name"],
        kind=GroupKind(entry["kind"]),
        country=entry.get("country"),
        aliases=tuple(entry.get("aliases", [])),
        labels=tuple(sorted(entry.get("labels", {}).items())),
        party=entry.get("party", False),
        seeded=entry.get("seeded", False),
    )
