"""Curation: what is sent and what is answered."""

from typing import Any, Literal

from pydantic import Field

from app.ingest.curated import CuratedOffer, CuratedPosition, CuratedRound, partial
from app.mediation.schemas import MediationOfferRevision
from app.positions.schemas import PositionRevision
from app.rounds.schemas import RoundRevision
from app.web.schemas import POSITION_ID, Curating, Item, Reason, Sent


class _Creation(Sent):
    curation: Curating = "published"
    reason: Reason | None = Field(default=None, description="Why, if there is more to say.")


class NewPosition(_Creation):
    """A position to be put on record."""

    fact: CuratedPosition = Field(description="What it says, and the words that prove it.")


class NewMediationOffer(_Creation):
    """A mediation offer to be put on record."""

    fact: CuratedOffer = Field(description="What it says, and the words that prove it.")


class NewRound(_Creation):
    """A round to be put on record."""

    fact: CuratedRound = Field(description="What it says, and the words that prove it.")


class Reasoned(Sent):
    """Why something is done."""

    reason: Reason


class _Revision(Reasoned):
    change_type: Literal["updated", "corrected", "superseded"] = Field(
        description="`updated`: more is known. `corrected`: it was recorded wrongly. "
        "`superseded`: it was right, and the world moved on.",
        examples=["corrected"],
    )
    publish: bool = Field(
        default=False,
        strict=True,
        description="Publish it with that, in one change, if it is a draft. For the public it is "
        "new then, whatever the change type.",
        examples=[False],
    )


_PARTIAL = "The fields that change, each in full; null empties one. The others stay."


class RevisedPosition(_Revision):
    """What is known better of a position."""

    fact: partial(CuratedPosition, "PositionFieldsSent") = Field(  # type: ignore[valid-type]
        description=_PARTIAL, examples=[{"stance": "welcomes"}]
    )


class RevisedMediationOffer(_Revision):
    """What is known better of a mediation offer."""

    fact: partial(CuratedOffer, "MediationOfferFieldsSent") = Field(  # type: ignore[valid-type]
        description=_PARTIAL, examples=[{"status": "lapsed"}]
    )


class RevisedRound(_Revision):
    """What is known better of a round."""

    fact: partial(CuratedRound, "RoundFieldsSent") = Field(  # type: ignore[valid-type]
        description=_PARTIAL, examples=[{"outcome": "suspended"}]
    )


class Merger(Reasoned):
    """The fact that another goes on as."""

    into: str = Field(
        max_length=80,
        description="Id of the fact that goes on. It takes over the evidence that it lacks.",
        examples=[POSITION_ID],
    )


class WrittenPosition(Item[PositionRevision]):
    """The version of a position that was written."""


class WrittenMediationOffer(Item[MediationOfferRevision]):
    """The version of a mediation offer that was written."""


class WrittenRound(Item[RoundRevision]):
    """The version of a round that was written."""


Body = NewPosition | NewMediationOffer | NewRound
Revised = RevisedPosition | RevisedMediationOffer | RevisedRound


def given(revised: Revised) -> dict[str, Any]:
    """The fields that were sent, and no others."""
    found: dict[str, Any] = revised.fact.model_dump(mode="json", exclude_unset=True)
    return found
