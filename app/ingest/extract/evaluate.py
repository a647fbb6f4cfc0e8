"""An extracted record beside one that a person wrote: precision, recall, and what differs.

Facts are matched by their evidence: those whose words lie over each other most, if their topic (or
mediator) is the same, and then those that only overlap. Fields are counted on the matches.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from app.folding import fold

Entry = dict[str, Any]

KINDS = ("positions", "mediation_offers", "rounds", "officials", "groups")
FIELDS = {
    "positions": (
        "topic", "country", "body", "speaker", "stance", "modality", "targets", "said_on",
        "reported_via", "conditions", "awaits", "decided_by", "quotations",
    ),
    "mediation_offers": (
        "mediator", "parties", "kind", "status", "explicit", "announced_by", "offered_on",
        "responses",
    ),
    "rounds": (
        "process", "ordinal", "venue", "host", "held_on", "parties", "outcome", "reported_via",
    ),
    "officials": ("name", "tenures"),
    "groups": ("name", "kind", "country", "labels"),
}  # fmt: skip


@dataclass
class Score:
    """How many of one kind there are on both sides, and how many agree."""

    expected: int = 0
    found: int = 0
    matched: int = 0

    @property
    def precision(self) -> float:
        """The share of what was found that is right; 1 if nothing was found."""
        return self.matched / self.found if self.found else 1.0

    @property
    def recall(self) -> float:
        """The share of what is right that was found; 1 if nothing is to be found."""
        return self.matched / self.expected if self.expected else 1.0


@dataclass
class Evaluation:
    """The scores, and a line for everything that differs."""

    kinds: dict[str, Score] = field(default_factory=dict)
    fields: dict[tuple[str, str], Score] = field(default_factory=dict)
    """By kind and field: of the matches that have it, how many agree."""
    overlap: Score = field(default_factory=Score)
    """Code points of evidence of matched facts."""
    differences: list[str] = field(default_factory=list)


def evaluate(expected: Entry, found: Entry) -> Evaluation:
    """Compare an extracted record with the one to be expected, both as read from JSON or YAML."""
    result = Evaluation()
    for kind in KINDS:
        ours, theirs = expected.get(kind, []), found.get(kind, [])
        pairs = list(_matches(kind, ours, theirs))
        result.kinds[kind] = Score(len(ours), len(theirs), len(pairs))
        for one, other in pairs:
            _compare(result, kind, one, other)
        matched = {id(each) for pair in pairs for each in pair}
        for label, entries in (("missing", ours), ("too much", theirs)):
            result.differences += [
                f"{kind}: {label}: {_called(each)}" for each in entries if id(each) not in matched
            ]
    return result


def _matches(kind: str, ours: list[Entry], theirs: list[Entry]) -> Iterator[tuple[Entry, Entry]]:
    """Pairs of entries that are the same, the surest first."""
    near = _by_slug if kind in {"officials", "groups"} else _by_evidence(kind)
    ranked = sorted(
        (
            (-near(one, other), i, j)
            for i, one in enumerate(ours)
            for j, other in enumerate(theirs)
            if near(one, other) > 0
        ),
    )
    left, right = set(range(len(ours))), set(range(len(theirs)))
    for _, i, j in ranked:
        if i in left and j in right:
            left.remove(i)
            right.remove(j)
            yield ours[i], theirs[j]


def _by_slug(one: Entry, other: Entry) -> float:
    return float(one["slug"] == other["slug"])


def _by_evidence(kind: str) -> Callable[[Entry, Entry], float]:
    same = {"positions": ("topic", "stance"), "mediation_offers": ("mediator",), "rounds": ()}[kind]

    def near(one: Entry, other: Entry) -> float:
        """How near two facts are: shared words of evidence, and the fields that say what it is."""
        ours, theirs = _places(one), _places(other)
        shared = len(ours & theirs) / (len(ours | theirs) or 1)
        if kind == "mediation_offers" and one["mediator"] != other["mediator"]:
            return 0
        return shared + sum(one[name] == other[name] for name in same) if shared else 0

    return near


def _places(entry: Entry) -> set[int]:
    """The code points of all evidence."""
    return {place for each in entry["evidence"] for place in range(each["start"], each["end"])}


def _compare(result: Evaluation, kind: str, one: Entry, other: Entry) -> None:
    for name in FIELDS[kind]:
        ours, theirs = _comparable(one, name), _comparable(other, name)
        score = result.fields.setdefault((kind, name), Score())
        score.expected += bool(ours)
        score.found += bool(theirs)
        score.matched += bool(ours) and ours == theirs
        if ours != theirs:
            result.differences.append(
                f"{kind}: {_called(one)}: {name}: expected {_shown(ours)}, found {_shown(theirs)}"
            )
    if "evidence" in one:
        ours_at, theirs_at = _places(one), _places(other)
        result.overlap.expected += len(ours_at)
        result.overlap.found += len(theirs_at)
        result.overlap.matched += len(ours_at & theirs_at)


def _comparable(entry: Entry, name: str) -> Any:
    """A field as it is compared: order, spelling of names and our own words aside."""
    if name == "quotations":
        direct = (each for each in entry["evidence"] if each["quote_type"] == "direct")
        return sorted((each["start"], each["end"]) for each in direct)
    compared = _COMPARED.get(name)
    value = entry.get(name)
    if name == "name":
        return fold(str(value))
    if compared is None:
        return value
    return compared(value) if isinstance(value, dict) else sorted(map(compared, value or ()))


def _actor(ref: Entry) -> str:
    return str(ref.get("country") or ref.get("group"))


_COMPARED: dict[str, Callable[[Entry], Any]] = {
    "targets": _actor,
    "parties": _actor,
    "mediator": _actor,
    "conditions": lambda clause: str(clause.get("group")),
    "awaits": lambda clause: str(clause.get("group")),
    "decided_by": lambda clause: str(clause.get("group")),
    "responses": lambda answer: (_actor(answer["party"]), answer["response"]),
    "tenures": lambda held: tuple(str(held.get(part)) for part in ("post", "group", "country")),
    "labels": lambda label: label["text"],
}
"""What of a part of an entry is compared."""


def _called(entry: Entry) -> str:
    name = entry.get("key") or entry.get("slug")
    codes = [str(entry[each]) for each in ("topic", "stance", "status") if each in entry]
    return f"{name} ({', '.join(codes)})" if codes else str(name)


def _shown(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(map(_shown, value)) or "nothing"
    if isinstance(value, tuple):
        return " ".join(map(_shown, value))
    return "nothing" if value is None else str(value)


def total(scores: Iterable[Score]) -> Score:
    """Several scores as one."""
    made = Score()
    for each in scores:
        made.expected += each.expected
        made.found += each.found
        made.matched += each.matched
    return made
