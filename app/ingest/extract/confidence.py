"""How often each rule is right: the share of what it finds that people marked as attributed too.

Measured on 840 articles annotated by people (PolNeAR, training part), with
`benchmarks.extraction rules`; never more than 0.99. A rule's name goes from the general to the
particular, `source-verb/finite/speech`; the longest part that was met twenty times and differs from
the one before has a number. The rest share a cautious one.
"""

from functools import cache

RARE = 0.5
MEASURED = {
    "according-to": 0.95,
    "after-comma": 0.60,
    "colon": 0.86,
    "content-source-verb": 0.88,
    "content-source-verb/finite/thought": 0.62,
    "continued": 0.98,
    "gerund": 0.71,
    "gerund/participle/attitude": 0.77,
    "gerund/participle/intent": 0.65,
    "gerund/participle/speech": 0.78,
    "gerund/participle/thought": 0.56,
    "joined": 0.74,
    "joined-participle": 0.66,
    "joined-participle/participle/speech": 0.85,
    "joined-quote": 0.93,
    "joined/finite/attitude": 0.81,
    "joined/finite/intent": 0.70,
    "joined/finite/speech": 0.84,
    "joined/finite/thought": 0.49,
    "joined/modal": 0.63,
    "joined/perfect": 0.61,
    "joined/perfect/speech": 0.75,
    "name-line": 0.99,
    "opening-participle": 0.53,
    "opening-participle/participle/speech": 0.49,
    "participle": 0.81,
    "participle-quote": 0.97,
    "participle/participle/intent": 0.69,
    "participle/participle/speech": 0.86,
    "participle/participle/thought": 0.73,
    "passive": 0.56,
    "passive/passive/attitude": 0.52,
    "passive/passive/evidence": 0.58,
    "passive/passive/speech": 0.48,
    "passive/passive/thought": 0.64,
    "quote-source-verb": 0.99,
    "quote-verb-source": 0.99,
    "reduced": 0.74,
    "reduced-quote": 0.96,
    "relative": 0.71,
    "relative/finite": 0.77,
    "relative/finite/attitude": 0.71,
    "relative/finite/directive": 0.65,
    "relative/finite/intent": 0.69,
    "relative/finite/speech": 0.82,
    "relative/finite/thought": 0.82,
    "relative/modal": 0.45,
    "relative/perfect": 0.62,
    "relative/perfect/attitude": 0.73,
    "relative/perfect/speech": 0.50,
    "relative/progressive": 0.66,
    "source-verb": 0.80,
    "source-verb-quote": 0.96,
    "source-verb/finite/attitude": 0.78,
    "source-verb/finite/directive": 0.59,
    "source-verb/finite/evidence": 0.72,
    "source-verb/finite/intent": 0.74,
    "source-verb/finite/seeming": 0.59,
    "source-verb/finite/speech": 0.85,
    "source-verb/finite/thought": 0.77,
    "source-verb/modal": 0.68,
    "source-verb/modal/directive": 0.85,
    "source-verb/modal/intent": 0.71,
    "source-verb/modal/seeming": 0.42,
    "source-verb/modal/speech": 0.74,
    "source-verb/modal/thought": 0.65,
    "source-verb/perfect": 0.86,
    "source-verb/perfect/directive": 0.78,
    "source-verb/perfect/evidence": 0.70,
    "source-verb/perfect/intent": 0.83,
    "source-verb/perfect/seeming": 0.95,
    "source-verb/perfect/speech": 0.92,
    "source-verb/perfect/thought": 0.64,
    "source-verb/progressive": 0.76,
    "source-verb/progressive/attitude": 0.78,
    "source-verb/progressive/intent": 0.72,
    "source-verb/progressive/seeming": 0.45,
    "source-verb/progressive/speech": 0.81,
    "source-verb/progressive/thought": 0.78,
    "turn": 0.79,
    "unsure": 0.72,
    "unsure/finite": 0.70,
    "unsure/finite/speech": 0.74,
}


@cache
def confidence(rule: str) -> float:
    """The measured precision of a rule, or of the family it belongs to."""
    while rule and rule not in MEASURED:
        rule = rule.rpartition("/")[0]
    return MEASURED.get(rule, RARE)
