"""A process that writes over HTTP until its time is up, and notes what it was answered.

Run as a script of its own: many of them start faster than the tests that they are part of. The job
comes as a line of JSON on the standard input, each answer goes as one to the standard output.
"""

import json
import random
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import count
from typing import Any
from uuid import uuid4

import httpx


def note(**what: Any) -> None:
    """Put an answer down at once: the process may be ended at any moment."""
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()


@dataclass
class Writer:
    """Somebody who corrects the same facts as all the others, or does whatever a curator does."""

    name: str
    key: str
    urls: list[str]
    facts: list[str]
    fact: dict[str, Any] | None = None
    """A position to create, but for what it says."""
    record: dict[str, Any] | None = None
    """A record to load, each time with other words: then facts are created and merged as well."""
    until: float = 0
    """When the time is up; it comes as a second line, once all are ready."""

    def run(self) -> None:
        """Write until the time is up."""
        random.seed(self.name)
        for number in count(1):
            if time.time() > self.until:
                return
            said = f"Number {number} of {self.name}."
            errand = random.choice(["correct"] * 5 + ["create", "merge", "load"])  # noqa: S311
            if self.record is None or errand == "correct":
                self.correct(said)
            elif errand == "load":
                self.load(said)
            else:
                self.create(said, merge=errand == "merge")

    @cached_property
    def clients(self) -> list[httpx.Client]:
        """One for each server."""
        headers = {"Authorization": f"Bearer {self.key}"}
        return [httpx.Client(base_url=url, timeout=60, headers=headers) for url in self.urls]

    def tries(self) -> Iterator[httpx.Client]:
        """Somebody to ask, again and again: the server may go down at any moment."""
        while time.time() < self.until:
            yield random.choice(self.clients)  # noqa: S311
            time.sleep(0.02)

    def correct(self, said: str) -> None:
        """Read a fact and correct what was read, until it is still what was read."""
        path = f"/v1/positions/{random.choice(self.facts)}"  # noqa: S311
        cut_off = False
        for client in self.tries():
            try:
                tag = client.get(path).headers.get("etag", "")
                answer = client.patch(
                    path,
                    json={
                        "change_type": "corrected",
                        "reason": said,
                        "fact": {"proposition": said},
                    },
                    headers={"If-Match": tag},
                )
            except httpx.TransportError as error:
                note(broken=type(error).__name__)
                cut_off = True
                continue
            if answer.status_code == 412:
                note(stale=path)
            elif cut_off and "nothing would change" in answer.text:
                return  # what was cut off had been written after all
            else:
                self.told(answer, said)
                return

    def create(self, said: str, *, merge: bool) -> None:
        """Create a fact, asking again until there is an answer; perhaps merge it away."""
        assert self.fact is not None
        body = {"fact": self.fact | {"proposition": said}, "reason": said}
        made = self.send("/v1/positions", body)
        if made is None:
            return
        self.told(made, said)
        if merge and made.status_code == 201:
            into = random.choice(self.facts)  # noqa: S311
            path = f"{made.json()['links']['self']}/merge"
            for client in self.tries():
                try:
                    answer = client.post(
                        path, json={"reason": said, "into": into}, headers={"If-Match": '"r1"'}
                    )
                except httpx.TransportError as error:
                    note(broken=type(error).__name__)
                else:
                    self.told(answer, said)
                return

    def load(self, said: str) -> None:
        """Load the record with other words, asking again until there is an answer."""
        assert self.record is not None
        for entry in self.record["positions"]:
            entry["proposition"] = said
        answer = self.send("/v1/articles", {"record": self.record, "reason": said})
        if answer is not None:
            self.told(answer, said)

    def send(self, path: str, body: dict[str, Any]) -> httpx.Response | None:
        """The answer to a request that may be sent again and is done once."""
        once = {"Idempotency-Key": str(uuid4())}
        for client in self.tries():
            try:
                return client.post(path, json=body, headers=once)
            except httpx.TransportError as error:
                note(broken=type(error).__name__)
        return None

    def told(self, answer: httpx.Response, said: str) -> None:
        """Note what the server said."""
        data = answer.json().get("data") if answer.status_code < 300 else answer.text
        note(status=answer.status_code, said=said, data=data)


if __name__ == "__main__":
    writer = Writer(**json.loads(sys.stdin.readline()))
    note(ready=True)
    writer.until = float(sys.stdin.readline())
    writer.run()
