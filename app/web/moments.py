"""Moments: which state of the record a request asks for.

`as_of` names a change by its number or a moment by its time; `Accept-Datetime` asks for a moment
the way RFC 7089 (Memento) has it. Without either the present is meant.
"""

import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime, parsedate_to_datetime
from typing import Any
from urllib.parse import quote, urlencode

from sqlalchemy import Select, bindparam, select
from starlette.requests import Request

from app.errors import Fault, InvalidRequest
from app.models import Change
from app.sessions import BEFORE_ALL, ReadSession
from app.sql import table

TIMEMAP = "/v1/timemap"
HEADER = "Accept-Datetime"

_CHANGE = table(Change)

_RFC3339 = re.compile(
    r"^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d(:\d\d(\.\d+)?)?([Zz]|[+-]\d\d:\d\d)?$", re.ASCII
)


@dataclass(frozen=True)
class Moment:
    """A state of the record."""

    version: int
    """The last change that it takes in, or BEFORE_ALL."""
    as_of: str | None = None
    """The moment as it was asked for; none for the present."""
    settled: bool = False
    """Whether no later change can alter what was the state then."""
    at: datetime | None = None
    """For a past state: when its last change was recorded."""
    negotiated: bool = False
    """Whether Accept-Datetime asked for it: then the same address has other answers too."""

    @property
    def meta(self) -> dict[str, Any]:
        """What an answer says of its moment."""
        version = None if self.version == BEFORE_ALL else self.version
        return {"record_version": version, "as_of": self.as_of}


def asked_for(request: Request, session: ReadSession, as_of: str | None) -> Moment:
    """The moment that a request asks for. Raises InvalidRequest for one that is none."""
    header = request.headers.get("accept-datetime")
    if as_of is None and header is not None:
        return replace(_of_header(session, header), as_of=None, negotiated=True)
    return moment(session, as_of)


def moment(session: ReadSession, as_of: str | None) -> Moment:
    """The moment that `as_of` means. Raises InvalidRequest for one that is none, or is to come."""
    last = session.record_version()
    if as_of is None:
        return Moment(last)
    if as_of.isascii() and as_of.isdigit():
        return _of_change(session, as_of, last)
    return _of_time(session, as_of, _time(as_of), "as_of")


def at_version(session: ReadSession, moment: Moment, version: int) -> Moment:
    """The moment with the state that a cursor pins, dated as that state is."""
    if version == moment.version or moment.at is None:
        return replace(moment, version=version)
    return replace(moment, version=version, at=_recorded_at(session, version))


def memento_links(request: Request) -> list[str]:
    """Where RFC 7089 has the other moments of an answer that shows one."""
    original = without_moment(request)
    return [
        f'<{original}>; rel="original timegate"',
        f'<{timemap_of(original)}>; rel="timemap"; type="application/link-format"',
    ]


def without_moment(request: Request) -> str:
    """The address without what asks for a moment or a page."""
    given = request.query_params.multi_items()
    kept = [(name, value) for name, value in given if name not in ("as_of", "cursor")]
    path = quote(request.scope["path"])
    return f"{path}?{urlencode(kept)}" if kept else path


def timemap_of(original: str) -> str:
    """Where the list of an address's past states is."""
    return f"{TIMEMAP}/{original.removeprefix('/v1/')}"


def time_map_json(original: str, states: list[dict[str, Any]]) -> dict[str, Any]:
    """A time map as JSON. `states` are in order, each with `at` and `uri`."""
    links = [{"datetime": rfc3339(state["at"]), "uri": state["uri"]} for state in states]
    return {
        "original_uri": original,
        "timegate_uri": original,
        "timemap_uri": timemap_of(original),
        "mementos": {
            "first": links[0] if links else None,
            "last": links[-1] if links else None,
            "list": links,
        },
    }


def time_map_links(original: str, states: list[dict[str, Any]]) -> str:
    """A time map in link format (RFC 6690)."""
    links = [
        f'<{original}>; rel="original timegate"',
        f'<{timemap_of(original)}>; rel="self"; type="application/link-format"',
    ]
    for place, state in enumerate(states):
        ends = [name for name, at in (("first", 0), ("last", len(states) - 1)) if place == at]
        rel = " ".join([*ends, "memento"])
        links.append(f'<{state["uri"]}>; rel="{rel}"; datetime="{http_date(state["at"])}"')
    return ",\n".join(links) + "\n"


def rfc3339(moment: datetime) -> str:
    """A moment as it is shown: UTC, to the microsecond."""
    return moment.isoformat(timespec="microseconds").replace("+00:00", "Z")


def http_date(at: datetime) -> str:
    """A moment as an HTTP date."""
    return format_datetime(at.astimezone(UTC), usegmt=True)


def _of_header(session: ReadSession, written: str) -> Moment:
    """The moment that an Accept-Datetime header means."""
    try:
        # An HTTP date has no fractions: the whole second is meant.
        asked = parsedate_to_datetime(written) + timedelta(seconds=1, microseconds=-1)
    except (ValueError, OverflowError, TypeError):
        raise _fault(f"{written[:80]!r} is no HTTP date.", HEADER) from None
    if asked.tzinfo is None:
        raise _fault(f"{written[:80]!r} is no HTTP date.", HEADER)
    return _of_time(session, written, asked, HEADER)


def _of_change(session: ReadSession, as_of: str, last: int) -> Moment:
    number = int(as_of)
    if number > last:
        known = f"the last is {last}" if last != BEFORE_ALL else "there is none yet"
        raise _fault(f"change {number} is still to come; {known}.", "as_of")
    return Moment(number, as_of, settled=True, at=_recorded_at(session, number))


def _recorded_at(session: ReadSession, seq: int) -> datetime | None:
    def build() -> Select[Any]:
        return select(_CHANGE.c.at).where(_CHANGE.c.seq == bindparam("seq"))

    ask = lambda: session.run("recorded at", build, {"seq": seq})
    found = session.memory.recall(("recorded at", seq), ask)
    return found[0].at if found else None


def _of_time(session: ReadSession, as_of: str, asked: datetime, parameter: str) -> Moment:
    if asked > datetime.now(UTC) + timedelta(seconds=1):
        raise _fault(f"{as_of[:80]!r} is still to come.", parameter)
    last = session.record_version()
    # The first and last days of the calendar have no place in other zones.
    asked = max(asked, datetime(1, 1, 3, tzinfo=UTC))
    rows = session.run("last change before", _last_before, {"asked": asked})
    if not rows:
        return Moment(BEFORE_ALL, as_of, settled=last != BEFORE_ALL)
    found = rows[0]
    # Until a later change is there, one dated before the moment may still be committing.
    return Moment(found.seq, as_of, settled=found.seq < last, at=found.at)


def _last_before() -> Select[Any]:
    return (
        select(_CHANGE.c.seq, _CHANGE.c.at)
        .where(_CHANGE.c.at <= bindparam("asked"))
        .order_by(_CHANGE.c.at.desc())
        .limit(1)
    )


def _time(written: str) -> datetime:
    try:
        asked = datetime.fromisoformat(written.upper() if _RFC3339.match(written) else "")
    except ValueError:
        raise _fault(
            f"{written[:80]!r} is neither the number of a change nor a time (RFC 3339): write "
            "7 or 2026-01-05T09:30:00Z. A + in an address is written %2B.",
            "as_of",
        ) from None
    if asked.tzinfo is None:
        raise _fault(f"{written[:80]!r} lacks its offset: end it with Z or +05:00.", "as_of")
    return asked


def _fault(detail: str, parameter: str) -> InvalidRequest:
    return InvalidRequest.of([Fault(detail, parameter)])
