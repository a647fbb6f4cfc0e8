"""Time maps: what is shown."""

from collections.abc import Sequence

from pydantic import Field

from app.web.schemas import Shown


class MementoLink(Shown):
    """A past state of an address."""

    datetime: str = Field(
        description="When the change that made it was recorded (RFC 3339, UTC).",
        examples=["2026-01-05T09:30:00.000000Z"],
    )
    uri: str = Field(description="Its address.", examples=["/v1/positions?as_of=1"])


class Mementos(Shown):
    """The past states of an address."""

    first: MementoLink | None = Field(description="The earliest; null where there is none.")
    last: MementoLink | None = Field(description="The latest; null where there is none.")
    list: Sequence[MementoLink] = Field(description="All of them, the earliest first.")


class TimeMap(Shown):
    """The past states of an address (RFC 7089)."""

    original_uri: str = Field(description="The address.", examples=["/v1/positions"])
    timegate_uri: str = Field(
        description="Where Accept-Datetime is understood: the address itself.",
        examples=["/v1/positions"],
    )
    timemap_uri: str = Field(
        description="The address of this list.", examples=["/v1/timemap/positions"]
    )
    mementos: Mementos = Field(description="The past states.")
