"""Papers that report what one official said on one day: records of articles, as many as wanted."""

from collections.abc import Sequence
from typing import Any

from app.ingest import shapes
from app.ingest.store import article_id, fact_id
from tests.curation.desk import Desk
from tests.http.factory import make_record, selector
from tests.http.helpers import Entry

SHORT = "The camps will be open until the last family is home"
LONG = f"We have said so from the start. {SHORT}, and nobody is sent back against their will"
ASKED = {"topic": "repatriation", "speaker": "asha-otieno"}
"""What finds the positions of these records, and no others."""


class Paper:
    """An article of a paper, and the record of it."""

    def __init__(self, name: str, *quotes: str, agency: str | None = None, **fields: Any) -> None:
        self.name = name
        self.quotes = quotes
        self.agency = agency
        self.fields = fields
        self.offer = False
        self.text = f"From the {name}.\n" + "\n".join(f"“{words},” she said." for words in quotes)

    @property
    def article(self) -> str:
        """The id of the article."""
        return article_id(self.record()["article"]["text_sha256"])

    def position(self, number: int = 0) -> str:
        """The id that its reading of a quotation has."""
        sha256 = self.record()["article"]["text_sha256"]
        return fact_id(shapes.POSITION, sha256, f"said-{number}")

    def says(self, number: int) -> dict[str, Any]:
        """The entry of a quotation."""
        return {
            "key": f"said-{number}",
            "topic": "repatriation",
            "country": "KEN",
            "speaker": "asha-otieno",
            "stance": "commits",
            "modality": "future",
            "proposition": f"The camps stay open, writes the {self.name}.",
            "said_on": "2024-03-20",
            "targets": [{"country": "SDN"}],
            "evidence": [selector(self.text, self.quotes[number])],
            **self.fields,
        }

    def record(self, keep: Sequence[int] | None = None, **fields: Any) -> dict[str, Any]:
        """The record, with these quotations or all."""
        numbers = range(len(self.quotes)) if keep is None else keep
        groups = [{"slug": self.name, "name": f"The {self.name}", "kind": "publisher"}]
        if self.agency:
            groups.append(
                {"slug": self.agency, "name": f"Agency {self.agency}", "kind": "news_agency"}
            )
        record = make_record(
            self.text, groups=groups, positions=[self.says(n) | fields for n in numbers]
        )
        record["article"] |= {"publisher": self.name, "agency": self.agency, "headline": self.name}
        if self.offer:
            record["mediation_offers"] = [self._offer()]
        return record

    def _offer(self) -> dict[str, Any]:
        """An offer whose answer the first quotation states."""
        answer = {"party": {"country": "KEN"}, "response": "accepted", "position": "said-0"}
        return {
            "key": "offer",
            "topic": "mediation",
            "mediator": {"country": "EGY"},
            "parties": [{"country": "KEN"}],
            "kind": "venue",
            "status": "offered",
            "explicit": True,
            "responses": [answer],
            "evidence": [selector(self.text, self.quotes[0])],
        }


def load(desk: Desk, paper: Paper, record: Any = None, **more: Any) -> int:
    """Load a record, with the text. Gives the status."""
    body = {"record": record or paper.record(), "text": paper.text, **more}
    answer = desk.post("/v1/articles", body, "ingest")
    assert answer.status_code in (200, 201), answer.text
    return answer.status_code


def said(desk: Desk, **params: Any) -> list[Entry]:
    """The positions that are public."""
    found: list[Entry] = desk.data("/v1/positions", **ASKED, **params)
    return found


def counted(desk: Desk, **params: Any) -> list[tuple[int, int]]:
    """Of each position the sources, and the independent ones."""
    return sorted((p["sources"], p["independent_sources"]) for p in said(desk, **params))


def state(position: Entry) -> Any:
    """What a position is as far as the order of loading must not matter."""
    named = ("topic", "stance", "modality", "said_on", "targets", "country", "speaker")
    words = sorted((p["article"]["id"], p["start"], p["end"]) for p in position["evidence"])
    counts = position["sources"], position["independent_sources"]
    return [*(position[name] for name in named), words, counts]
