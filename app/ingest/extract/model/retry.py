"""Asking again after what passes: how often, and how long to wait before.

An endpoint that says how long (`Retry-After`) is taken at its word; else each wait is twice the
one before, with a chance part so that many askers do not come back together.
"""

from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TypeVar

from tenacity import (
    RetryCallState,
    Retrying,
    retry_if_exception_type,
    wait_exponential_jitter,
)

T = TypeVar("T")

LONGEST = 120.0
"""Seconds. An endpoint that wants a longer wait is taken to be out of service."""

Sleep = Callable[[float], None]

_backoff = wait_exponential_jitter(multiplier=1, max=60, jitter=1)


class Passing(Exception):
    """A failure that may be over when asked again."""

    def __init__(self, detail: str, wait: float | None = None) -> None:
        super().__init__(detail)
        self.wait = wait
        """How long the endpoint asks to wait, in seconds."""


def persistently(ask: Callable[[], T], attempts: int, sleep: Sleep) -> T:
    """What `ask` gives, asked so often at most. Raises the last Passing."""
    retrying = Retrying(
        stop=lambda state: state.attempt_number >= attempts or _asks_too_much(state),
        wait=_wait,
        retry=retry_if_exception_type(Passing),
        sleep=sleep,
        reraise=True,
    )
    return retrying(ask)


def retry_after(value: str | None, now: datetime | None = None) -> float | None:
    """The seconds that a `Retry-After` header asks for: a number of them, or a date."""
    if value is None:
        return None
    if value.strip().isdecimal() and value.isascii():
        return float(value)
    with suppress(ValueError, OverflowError):
        then = parsedate_to_datetime(value)
        then = then if then.tzinfo else then.replace(tzinfo=UTC)
        return max(0.0, (then - (now or datetime.now(UTC))).total_seconds())
    return None


def _asked_for(state: RetryCallState) -> float | None:
    error = state.outcome.exception() if state.outcome else None
    return error.wait if isinstance(error, Passing) else None


def _wait(state: RetryCallState) -> float:
    asked = _asked_for(state)
    return _backoff(state) if asked is None else asked


def _asks_too_much(state: RetryCallState) -> bool:
    return (_asked_for(state) or 0.0) > LONGEST
