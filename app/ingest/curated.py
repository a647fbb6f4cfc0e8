"""Facts as curators write them: like the entries of a record, but each names its sources itself."""

from typing import Annotated, Any

from pydantic import Field, create_model

from app.ingest import shapes
from app.ingest.record import (
    OfferFields,
    Part,
    PositionFields,
    ResponseFields,
    RoundFields,
    Selector,
)
from app.ingest.shapes import Kind


class CitedSelector(Selector):
    """Where in which article the proof stands, and what stands there."""

    article: str = Field(
        max_length=80, description="Id of the article.", examples=["art_scfda635kzgz3rk6"]
    )


CitedProof = Annotated[
    list[CitedSelector], Field(min_length=1, description="The words that prove it.")
]


class CuratedPosition(PositionFields):
    """A statement by an actor on a topic."""

    evidence: CitedProof


class CuratedResponse(ResponseFields):
    """How a party answered an offer."""

    position: str | None = Field(
        default=None,
        max_length=80,
        description="Id of the position that states the answer.",
        examples=["pos_p7fa7rnyooqcoefj"],
    )


class CuratedOffer(OfferFields):
    """A third party's offer, or a party's opening for one."""

    responses: list[CuratedResponse] = Field(
        default=[], description="How the parties answered.", examples=[[]]
    )
    evidence: CitedProof


class CuratedRound(RoundFields):
    """One meeting in a process."""

    evidence: CitedProof


Curated = CuratedPosition | CuratedOffer | CuratedRound

SCHEMAS: dict[Kind, type[Curated]] = {
    shapes.POSITION: CuratedPosition,
    shapes.OFFER: CuratedOffer,
    shapes.ROUND: CuratedRound,
}


def partial(schema: type[Curated], name: str) -> type[Part]:
    """The schema of some fields of a fact: what is left out stays as it is."""
    fields: dict[str, Any] = {}
    for each, field in schema.model_fields.items():
        of: Any = (
            Annotated[field.annotation, *field.metadata] if field.metadata else field.annotation
        )
        said = Field(default=None, description=field.description, examples=field.examples)
        fields[each] = (of | None, said)
    return create_model(name, __base__=Part, __doc__=schema.__doc__, **fields)
