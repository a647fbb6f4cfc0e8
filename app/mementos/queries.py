"""Past states of addresses: the slice's only SQL."""

from typing import Any

from sqlalchemy import Select, select

from app import models
from app.codelists import Curation
from app.errors import NotFound
from app.mediation.queries import MEDIATION_OFFERS
from app.positions.queries import POSITIONS
from app.rounds.queries import ROUNDS
from app.sessions import ReadSession
from app.sql import table
from app.web.entities import Entity
from app.web.listing import API
from app.web.references import Entry

FACTS: dict[str, Entity[Any]] = {
    "positions": POSITIONS,
    "mediation-offers": MEDIATION_OFFERS,
    "rounds": ROUNDS,
}

_CHANGE = table(models.Change)

VERSIONED = {
    *FACTS,
    "articles",
    "changes",
    "compare",
    "countries",
    "groups",
    "officials",
    "open-decisions",
    "shifts",
    "topics",
}
"""What has past states."""

MAX_MEMENTOS = 10_000
"""Past states that a time map lists, the latest; earlier ones are found by `as_of` all the same."""


def mementos(session: ReadSession, original: str) -> list[Entry]:
    """The past states of an address, one for each change, the earliest first.

    A fact has one for each of its own public versions.
    """
    rows = session.rows(_states(original).order_by(_CHANGE.c.seq.desc()).limit(MAX_MEMENTOS))
    glue = "&" if "?" in original else "?"
    return [
        {"at": row.at, "uri": f"{original}{glue}as_of={row.seq}"} for row in reversed(list(rows))
    ]


def _states(original: str) -> Select[Any]:
    changes = select(_CHANGE.c.seq, _CHANGE.c.at)
    parts = original.partition("?")[0].removeprefix(f"{API}/").split("/")
    if parts[0] not in VERSIONED:
        raise NotFound(f"Nothing versioned is at {original[:200]}.")
    if len(parts) < 2 or parts[0] not in FACTS or parts[1] in ("counts", "receipt"):
        return changes
    versions = FACTS[parts[0]].table
    return changes.join(versions, versions.c.recorded_in == _CHANGE.c.seq).where(
        versions.c.id == parts[1], versions.c.curation != Curation.DRAFT.value
    )
