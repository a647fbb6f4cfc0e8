"""An endpoint that speaks the OpenAI chat-completions protocol: one question, one answer.

Every call is bounded: in time from its first byte to its last, in size, in attempts and in money.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from time import monotonic, sleep
from typing import Any

import httpx

from app.ingest.extract.extractor import Usage
from app.ingest.extract.model.budget import Bill, Budget, Prices
from app.ingest.extract.model.dialect import Dialect
from app.ingest.extract.model.errors import AnswerRefused, ModelUnavailable, RequestRefused
from app.ingest.extract.model.prompt import Message
from app.ingest.extract.model.retry import Passing, Sleep, persistently, retry_after

MAX_BYTES = 8 * 2**20
"""Larger answers are not read to the end."""

_PASSES = (408, 409, 425, 429)
"""Refusals that are worth asking again, beside all of the server's own failures."""

_SHOWN = 300
"""How much of an endpoint's own words an error repeats."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What the model said."""

    content: str
    finish: str | None
    """Why it stopped: `stop`, or `length` where the answer is cut off."""
    usage: Usage


@dataclass(frozen=True)
class Access:
    """Where the model is, and what asking it may take."""

    url: str
    model: str
    key: str | None = field(default=None, repr=False)
    timeout: float = 120.0
    attempts: int = 5
    max_tokens: int = 8000
    prices: Prices = field(default_factory=Prices)


@dataclass(frozen=True, slots=True)
class _Response:
    status: int
    headers: httpx.Headers
    body: bytes


class Endpoint:
    """Asks one model at one address. To be closed, or used as a context."""

    def __init__(
        self,
        access: Access,
        budget: Budget,
        *,
        sleep: Sleep = sleep,
        clock: Callable[[], float] = monotonic,
    ) -> None:
        self.access = access
        self.budget = budget
        self._sleep = sleep
        self._clock = clock
        self._dialect = Dialect()
        self._url = f"{access.url.rstrip('/')}/chat/completions"
        headers = {"Content-Type": "application/json"}
        if access.key is not None:
            headers["Authorization"] = f"Bearer {access.key}"
        self._client = httpx.Client(headers=headers, timeout=access.timeout)

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def ask(self, messages: list[Message], schema: dict[str, Any]) -> Reply:
        """Put messages to the model, and ask for an answer in the form of the schema.

        Raises:
            BudgetSpent: the next attempt could take more than is left; it was not made.
            ModelUnavailable: it does not answer, however often it is asked.
            RequestRefused: it refuses the request.
            AnswerRefused: what it answers is no chat completion.
        """
        dialect: Dialect | None = self._dialect
        while dialect is not None:
            body = self._request(dialect, messages, schema)
            response, bill = self._persistently(body)
            if response.status < 300:
                self._dialect = dialect
                return _reply(response.body, bill)
            told = self._told(response)
            refused_form = response.status in (400, 422)
            dialect = dialect.plainer(told) if refused_form else None
        raise RequestRefused(f"{self._url} answers {response.status}: {told}")

    def _request(self, dialect: Dialect, messages: list[Message], schema: dict[str, Any]) -> bytes:
        return dialect.request(self.access.model, messages, schema, self.access.max_tokens)

    def _persistently(self, body: bytes) -> tuple[_Response, Usage]:
        try:
            return persistently(lambda: self._call(body), self.access.attempts, self._sleep)
        except Passing as error:
            asked = f" It asks to be left alone for {error.wait:g} s." if error.wait else ""
            raise ModelUnavailable(f"{self._url} {error}{asked}") from error

    def _call(self, body: bytes) -> tuple[_Response, Usage]:
        """One attempt, within the budget. Raises Passing if another may do better."""
        most = self.access.prices.usage(len(body), self.access.max_tokens, estimated=True)
        with self.budget.call(most) as bill:
            response = self._sent(body, bill)
            if response.status >= 300:
                bill.settle(Usage())
            elif counted := self._counted(response.body):
                bill.settle(counted)
            if response.status in _PASSES or response.status >= 500:
                wait = retry_after(response.headers.get("Retry-After"))
                raise Passing(f"answers {response.status}: {self._told(response)}", wait)
            return response, bill.used

    def _sent(self, body: bytes, bill: Bill) -> _Response:
        """The whole response. What ends without one may have been paid for: the bill stays."""
        begun = self._clock()
        try:
            with self._client.stream("POST", self._url, content=body) as response:
                read = bytearray()
                for part in response.iter_bytes():
                    read += part
                    if self._clock() - begun > self.access.timeout:
                        raise Passing(f"has not ended its answer in {self.access.timeout:g} s.")
                    if len(read) > MAX_BYTES:
                        raise AnswerRefused(f"{self._url} answers more than {MAX_BYTES} bytes.")
                return _Response(response.status_code, response.headers, bytes(read))
        except httpx.ConnectError as error:
            bill.settle(Usage())
            raise Passing(f"cannot be reached ({error}).") from error
        except httpx.TimeoutException as error:
            raise Passing(f"does not answer in {self.access.timeout:g} s.") from error
        except (httpx.TransportError, httpx.DecodingError) as error:
            raise Passing(f"breaks off its answer ({error}).") from error

    def _counted(self, body: bytes) -> Usage | None:
        """What the endpoint says that the call took, if it says so."""
        found = _loaded(body).get("usage")
        counts = [
            found.get(name) if isinstance(found, dict) else None
            for name in ("prompt_tokens", "completion_tokens")
        ]
        taken = [each for each in counts if type(each) is int and each >= 0]
        return self.access.prices.usage(taken[0], taken[1]) if len(taken) == 2 else None

    def _told(self, response: _Response) -> str:
        """The endpoint's own words, without the key, which some repeat."""
        told = " ".join(response.body.decode(errors="replace").split())
        if self.access.key:
            told = told.replace(self.access.key, "[the key]")
        return told[:_SHOWN] or "nothing"


def _loaded(body: bytes) -> dict[str, Any]:
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _reply(body: bytes, usage: Usage) -> Reply:
    """What the model said, out of a chat completion. Raises AnswerRefused."""
    choices = _loaded(body).get("choices")
    choice = choices[0] if isinstance(choices, list) and choices else None
    message = choice.get("message") if isinstance(choice, dict) else None
    if not isinstance(choice, dict) or not isinstance(message, dict):
        raise AnswerRefused("The endpoint's answer is no chat completion: it has no message.")
    if isinstance(refusal := message.get("refusal"), str) and refusal:
        raise AnswerRefused(f"The model refuses to answer: {refusal[:_SHOWN]}")
    content, finish = message.get("content"), choice.get("finish_reason")
    return Reply(
        content if isinstance(content, str) else "",
        finish if isinstance(finish, str) else None,
        usage,
    )
