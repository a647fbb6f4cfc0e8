"""Content codings: which one a client takes, and bodies in it."""

import gzip
import sys
from collections.abc import Callable, Mapping
from functools import lru_cache

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

IDENTITY = ""
"""No coding: the body as it is."""

WORTHWHILE = 1_000
"""Bytes from which on a body is coded: what fits into one packet gains nothing."""

CODINGS: Mapping[str, Callable[[bytes], bytes]] = {
    "zstd": lambda body: zstd.compress(body, level=3),
    "gzip": lambda body: gzip.compress(body, compresslevel=6, mtime=0),
}
"""What is offered, the best first."""


@lru_cache(maxsize=1024)
def chosen(accepted: bytes) -> str:
    """The coding for a client with this Accept-Encoding, as RFC 9110 section 12.5.3 weighs them.

    Identity where the client wants none of ours; it is never refused.
    """
    weights = dict(filter(None, map(_weighed, accepted.decode("latin-1").lower().split(","))))
    others = weights.get("*", 0.0)
    best = max(CODINGS, key=lambda coding: weights.get(coding, others))
    weight = weights.get(best, others)
    return best if weight > 0 and weight >= weights.get("identity", 0.0) else IDENTITY


def _weighed(part: str) -> tuple[str, float] | None:
    """A coding and its weight; none for what cannot be read."""
    coding, _, parameter = part.partition(";")
    name, _, value = parameter.partition("=")
    if name.strip() not in ("", "q"):
        return None
    try:
        return coding.strip(), float(value) if value else 1.0
    except ValueError:
        return None
