"""Statements: when two readings of articles tell of the same one.

The same who, on the same day, on the same topic, in the same way, to the same countries, and in the
same words. Nothing is guessed: without a day there is no same day, and words are alike or are not.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from app.codelists import Precision
from app.ingest.shapes import Snapshot
from app.quotation import same_words, spoken_words


@dataclass(frozen=True)
class Who:
    """Who speaks, for whom: the official where one is named, else the country and its body."""

    country: str | None
    body: str | None
    speaker: str | None


@dataclass(frozen=True)
class Told:
    """What has to be equal for two positions to be the same statement, words aside."""

    who: Who
    day: date
    topic: str
    stance: str
    modality: str
    to: frozenset[str]
    """The countries that it is directed at or about, by themselves or by a group of theirs."""


@dataclass
class Words:
    """The words that prove a position."""

    spoken: set[str] = field(default_factory=set)
    """What was quoted, as words alone."""
    pointed: set[str] = field(default_factory=set)
    """The hashes of reporters' sentences."""

    def __ior__(self, other: "Words") -> "Words":
        self.spoken |= other.spoken
        self.pointed |= other.pointed
        return self

    def meet(self, other: "Words") -> bool:
        """Whether anything is quoted in both, or both have a sentence that is the very same."""
        if self.pointed & other.pointed or self.spoken & other.spoken:
            return True
        return any(same_words(mine, theirs) for mine in self.spoken for theirs in other.spoken)


def told(snapshot: Snapshot) -> Told | None:
    """What a position says, as far as it can be compared; none if it has no day."""
    said = snapshot.values
    if said["said_on_precision"] != Precision.DAY or said["said_on"] is None:
        return None
    body = None if said["speaker"] else said["body"]
    to = {t.values["country_code"] or t.values["group_slug"] for t in snapshot.children["targets"]}
    return Told(
        Who(said["country_code"], body, said["speaker"]),
        said["said_on"],
        said["topic"],
        said["stance"],
        said["modality"],
        frozenset(to),
    )


def words(evidence: Iterable[Snapshot]) -> Words:
    """The words of these proofs."""
    found = Words()
    for proof in evidence:
        exact = proof.values["exact"]
        if exact is None:
            found.pointed.add(proof.values["exact_sha256"])
        else:
            found.spoken.add(spoken_words(exact))
    found.spoken.discard("")
    return found
