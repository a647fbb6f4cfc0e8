"""A server whose watch has stopped looking: what a test of staleness has to see through.

Run as ``python -m tests.delivery.blind PORT``; it never learns of a commit.
"""

import sys
from typing import Any

import uvicorn

from app import watch
from app.main import create_app


def blinded(kind: Any) -> None:
    """Make this kind of watch say for ever what it said first."""
    look, renew = kind.state, kind.renew
    first: dict[Any, Any] = {}

    def state(self: Any, *, anew: bool = False) -> Any:
        if first.get(self) is None:
            first[self] = look(self, anew=anew)
        return first[self]

    async def renewed(self: Any) -> Any:
        first[self] = await renew(self)
        return first[self]

    kind.state, kind.renew = state, renewed


if __name__ == "__main__":
    blinded(watch.FileWatch)
    blinded(watch.LeaseWatch)
    uvicorn.run(create_app(), port=int(sys.argv[1]), log_level="info")
