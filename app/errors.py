"""The error tree. Each class knows its HTTP status and its problem type; no web framework in here.

Whoever raises one of these writes for the person who will read it: what was given, what is
allowed, what was probably meant.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import ClassVar

from app.codelists import ProblemType

MAX_ALLOWED_SHOWN = 40
"""An error names the allowed values up to this many; beyond, near misses alone help."""

MAX_SHOWN = 80
"""An error repeats at most so much of what was given."""

MAX_MISSPELT = 300
"""Longer values are no misspelt name."""


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong with an input."""

    detail: str
    parameter: str | None = None
    """The query or path parameter at fault."""
    pointer: str | None = None
    """The place in the body or the file at fault, as ``positions[4].evidence[0].start``."""
    allowed: Sequence[str] | None = None
    suggestion: str | None = None

    def __str__(self) -> str:
        place = self.pointer or self.parameter
        text = f"{place}: {self.detail}" if place else self.detail
        return f"{text} Did you mean {self.suggestion}?" if self.suggestion else text


@dataclass(eq=False)
class OnRecordError(Exception):
    """Anything On Record refuses or cannot do."""

    detail: str
    faults: list[Fault] = field(default_factory=list)

    status: ClassVar[int] = 500
    type: ClassVar[ProblemType] = ProblemType.INTERNAL_ERROR
    title: ClassVar[str] = "The server made a fault"

    def __str__(self) -> str:
        return "\n".join([self.detail, *(f"  {fault}" for fault in self.faults)])


class InvalidRequest(OnRecordError):
    """A parameter or the body is not as documented."""

    status = 422
    type = ProblemType.INVALID_REQUEST
    title = "The request is not as documented"

    @classmethod
    def of(cls, faults: list[Fault]) -> "InvalidRequest":
        """The error for these faults, its detail naming the first."""
        more = f" (and {len(faults) - 1} more)" if len(faults) > 1 else ""
        return cls(f"{faults[0]}{more}", faults)


class TooManyCells(OnRecordError):
    """A count would return more cells than one answer holds."""

    status = 422
    type = ProblemType.TOO_MANY_CELLS
    title = "Too many cells for one answer"


class RecordRefused(OnRecordError):
    """An article record has faults; nothing of it was stored."""

    status = 422
    type = ProblemType.RECORD_REFUSED
    title = "The article record was refused"


class ArticleRefused(OnRecordError):
    """An article could not be read: it is none, or not all of its words can be told."""

    status = 422
    type = ProblemType.ARTICLE_REFUSED
    title = "The article was refused"


class AddressRefused(ArticleRefused):
    """An address may not be fetched: it is none, leads where it must not, or asks not to be."""


class FetchFailed(ArticleRefused):
    """An address was asked and did not give an article: none there, too large, or too slow."""


class Busy(OnRecordError):
    """No more is taken just now; later it will be."""

    status = 503
    type = ProblemType.BUSY
    title = "Too much waits already"

    RETRY_AFTER: ClassVar[int] = 30
    """Seconds after which it is worth asking again."""


class Unauthorized(OnRecordError):
    """A key is needed, or the one given is not valid."""

    status = 401
    type = ProblemType.UNAUTHORIZED
    title = "This needs a valid key"


class Forbidden(OnRecordError):
    """The key given lacks a scope."""

    status = 403
    type = ProblemType.FORBIDDEN
    title = "This key may not do that"


class NotFound(OnRecordError):
    """Nothing on record has this id."""

    status = 404
    type = ProblemType.NOT_FOUND
    title = "Not on record"


class MethodNotAllowed(OnRecordError):
    """The path exists; the method does not."""

    status = 405
    type = ProblemType.METHOD_NOT_ALLOWED
    title = "This path does not take that method"


class Conflict(OnRecordError):
    """What is asked for does not go with how the record stands."""

    status = 409
    type = ProblemType.CONFLICT
    title = "The record stands otherwise"


class Withdrawn(OnRecordError):
    """The fact was withdrawn."""

    status = 410
    type = ProblemType.WITHDRAWN
    title = "Withdrawn from the record"


class PreconditionFailed(OnRecordError):
    """The fact has changed since it was read."""

    status = 412
    type = ProblemType.PRECONDITION_FAILED
    title = "The fact has changed since you read it"


class ContentTooLarge(OnRecordError):
    """The body is larger than is read."""

    status = 413
    type = ProblemType.CONTENT_TOO_LARGE
    title = "The body is too large"


class RequestTooLong(OnRecordError):
    """The query string is longer than is read."""

    status = 414
    type = ProblemType.REQUEST_TOO_LONG
    title = "The query is too long"


class PreconditionRequired(OnRecordError):
    """A change has to say which version it goes by."""

    status = 428
    type = ProblemType.PRECONDITION_REQUIRED
    title = "Say which version you have seen"


class DatabaseUnavailable(OnRecordError):
    """The database is missing, locked, read-only, unreachable or of another schema."""

    status = 503
    type = ProblemType.DATABASE_UNAVAILABLE
    title = "The record cannot be read just now"


@dataclass(eq=False)
class Moved(Exception):
    """Not an error: the fact was merged into another one, which answers for it."""

    into: str


def brief(given: object) -> str:
    """What was given, as a message can show it: never long, never deep."""
    if isinstance(given, str):
        return repr(given if len(given) <= MAX_SHOWN else f"{given[:MAX_SHOWN]}…")
    if isinstance(given, bool | float | date | None):
        return repr(given)
    if isinstance(given, int):
        return repr(given) if given.bit_length() < 64 else "a number beyond all bounds"
    return f"a {type(given).__name__}"


def near_miss(value: str, allowed: Iterable[str]) -> str | None:
    """The allowed value that `value` was probably meant to be, or none that is near enough."""
    if len(value) > MAX_MISSPELT:
        return None
    from rapidfuzz import process  # noqa: PLC0415 - slow to load, and most never err

    match = process.extractOne(value.casefold(), list(allowed), score_cutoff=60)
    return match[0] if match else None


def shown(allowed: Iterable[str]) -> list[str] | None:
    """The allowed values if they are few enough to read, else nothing."""
    values = list(allowed)
    return values if len(values) <= MAX_ALLOWED_SHOWN else None
