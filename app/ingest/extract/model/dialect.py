"""How much of the protocol an endpoint speaks: what it refuses is asked for in a plainer way."""

import json
from dataclasses import dataclass, replace
from typing import Any

from app.ingest.extract.model.prompt import Message


@dataclass(frozen=True, slots=True)
class Dialect:
    """What a request may hold; it begins with all that the protocol has."""

    schema: bool = True
    """Whether the server holds the model to a JSON Schema; else the model is told the schema."""
    temperature: bool = True
    limit: str = "max_tokens"
    """What the most tokens of an answer are called."""

    def request(
        self, model: str, messages: list[Message], schema: dict[str, Any], max_tokens: int
    ) -> bytes:
        """The body of a request."""
        body: dict[str, Any] = {"model": model, "messages": messages, self.limit: max_tokens}
        if self.temperature:
            body["temperature"] = 0
        if self.schema:
            held_to = {"name": "article_facts", "strict": True, "schema": schema}
            body["response_format"] = {"type": "json_schema", "json_schema": held_to}
        else:
            told = f"{messages[0]['content']}\n\nThe JSON Schema of the answer:\n"
            told += json.dumps(schema, ensure_ascii=False, separators=(",", ":"))
            body["messages"] = [{"role": "system", "content": told}, *messages[1:]]
        return json.dumps(body, ensure_ascii=False).encode()

    def plainer(self, told: str) -> "Dialect | None":
        """What to try after a request was refused with these words; nothing if all was tried."""
        if self.limit == "max_tokens" and "max_completion_tokens" in told:
            return replace(self, limit="max_completion_tokens")
        if self.temperature and "temperature" in told:
            return replace(self, temperature=False)
        return replace(self, schema=False) if self.schema else None
