"""Curation: what was written, as it is answered."""

from dataclasses import dataclass
from typing import Any

from app.ingest import shapes
from app.ingest.shapes import Kind
from app.ingest.store import Outcome
from app.mediation.queries import MEDIATION_OFFERS
from app.mediation.schemas import MediationOfferRevision
from app.positions.queries import POSITIONS
from app.positions.schemas import PositionRevision
from app.rounds.queries import ROUNDS
from app.rounds.schemas import RoundRevision
from app.sessions import ReadSession
from app.web.entities import Entity
from app.web.facts import Revision, written_version
from app.web.listing import API
from app.web.references import Entry


@dataclass(frozen=True)
class Resource:
    """A kind of fact: how it is kept, and how it is shown."""

    path: str
    kind: Kind
    entity: Entity[Any]
    revision: type[Revision[Any]]

    def address(self, id_: str) -> str:
        """Where a fact is found."""
        return f"{API}/{self.path}/{id_}"


POSITION = Resource("positions", shapes.POSITION, POSITIONS, PositionRevision)
OFFER = Resource("mediation-offers", shapes.OFFER, MEDIATION_OFFERS, MediationOfferRevision)
ROUND = Resource("rounds", shapes.ROUND, ROUNDS, RoundRevision)


def written(session: ReadSession, resource: Resource, outcome: Outcome) -> tuple[str, Entry]:
    """The id of the fact that a change was about, and the version it wrote, as answered."""
    seq, id_ = outcome.seq, outcome.steps[0].key
    assert seq is not None  # noqa: S101 - curation writes a change or raises
    version = written_version(session, resource.entity, resource.revision, id_, seq)
    meta = {"record_version": seq, "as_of": None}
    return id_, {"data": version, "meta": meta, "links": {"self": resource.address(id_)}}
