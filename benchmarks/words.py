"""Texts of a vocabulary of our own: a few words are everywhere, many are rare.

Full-text search behaves as its words are spread. Most words here follow Zipf's law; four are placed
on purpose, so that a search for a rare, a middling, a common and an omnipresent word can be asked.
"""

from itertools import accumulate, product
from random import Random

EVERYWHERE = "statement"
"""Stands in every position."""
COMMON = "border"
"""Stands in one position of five."""
MIDDLING = "embargo"
"""Stands in one position of a hundred."""
RARE = "quorum"
"""Stands in some twenty positions, however many there are."""

_RARE_POSITIONS = 20
_STEMS = (
    "talk meet hold trade guard visit claim offer agree sign open close return move deny warn "
    "accept reject demand propose support condemn delay join leave cross build repair fund train "
    "watch report answer name release arrest protect attack defend supply import export tax vote"
)
_NOUNS = (
    "minister envoy council army convoy village river harbour bridge refugee treaty deadline truce "
    "corridor district province market pipeline airport school hospital prisoner witness observer "
    "commission summit parliament court tribunal budget harvest water grain fuel power road"
)
_SMALL = "the of and to in that a for on with by from at as its their not no all both after before"
_SYLLABLES = "ba de fi go hu ka le mi no pu ra se ti vo xa be di fo gu ha ki lo mu ne pa ri so ve"
_FRAGMENTS = 6000
_SHORTEST, _LONGEST = 40, 60


class Words:
    """Makes propositions and quotations. Words are plain letters: what is shown is searched."""

    def __init__(self, random: Random, positions: int) -> None:
        self._random = random
        self._markers = (
            (COMMON, 0.2),
            (MIDDLING, 0.01),
            (RARE, min(1.0, _RARE_POSITIONS / positions)),
        )
        self._names = ["".join(parts) for parts in product(_SYLLABLES.split(), repeat=3)]
        self._fragments = _fragments(random, self._names)

    def name(self) -> str:
        """A word that is rare: one of some 24,000, all alike."""
        return self._random.choice(self._names)

    def title(self) -> str:
        """A headline."""
        return self._random.choice(self._fragments).title()

    def proposition(self) -> tuple[str, str]:
        """What is said, as it is shown and as it is searched; at most 300 characters."""
        first, second = self._random.choices(self._fragments, k=2)
        draw = self._random.random
        marked = "".join(f" {word}" for word, share in self._markers if draw() < share)
        return (
            f"Says in a {EVERYWHERE} that {first}, {second}{marked}.",
            f"says in a {EVERYWHERE} that {first} {second}{marked}",
        )

    def quotation(self) -> tuple[str, str]:
        """Spoken words, as they are shown and as they are searched; 40 to 250 characters."""
        random = self._random
        parts = random.choices(self._fragments, k=1 + int(4 * random.random() ** 1.5))
        if len(parts) < 4:
            parts.append(random.choice(self._names))
        return ", ".join(parts), " ".join(parts)

    def beside(self) -> tuple[str, str]:
        """What stands before and after a quotation."""
        first, second = self._random.choices(self._fragments, k=2)
        return f"{first[:20]}, ", f" {second[:22]}"


def _fragments(random: Random, names: list[str]) -> list[str]:
    """Runs of words, from which all texts are put together."""
    stems = [stem + ending for ending in ("", "s", "ed", "ing") for stem in _STEMS.split()]
    vocabulary = [*_SMALL.split(), *_NOUNS.split(), *stems, *random.sample(names, 2500)]
    weights = list(accumulate(1 / rank for rank in range(1, len(vocabulary) + 1)))
    made = []
    for _ in range(_FRAGMENTS):
        text = ""
        while len(text) < _SHORTEST:
            text += " " + random.choices(vocabulary, cum_weights=weights)[0]
        made.append(text.strip()[:_LONGEST].strip())
    return made
