"""How much is left to chance: ONRECORD_THOROUGH multiplies the examples that are tried."""

import os

THOROUGH = int(os.environ.get("ONRECORD_THOROUGH", "1"))


def examples(number: int) -> int:
    """So many examples, or as many times more as asked for."""
    return number * THOROUGH
