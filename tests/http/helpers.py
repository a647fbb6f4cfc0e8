"""What the tests of the HTTP surface share: walking lists, reading problems."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from fastapi.testclient import TestClient
from httpx2 import Response
from hypothesis import HealthCheck, settings
from pydantic import BaseModel

from app.analysis.schemas import Comparison, Shifts
from app.articles.schemas import ArticleItem, ArticlePage
from app.changes.schemas import ChangeItem, ChangePage, VersionPage
from app.codes.schemas import CodeListItem, CodeLists
from app.countries.schemas import CountryItem, CountryPage
from app.groups.schemas import GroupItem, GroupPage
from app.mediation.schemas import (
    MediationOfferHistory,
    MediationOfferItem,
    MediationOfferPage,
)
from app.officials.schemas import OfficialItem, OfficialPage
from app.positions.schemas import Counts, PositionHistory, PositionItem, PositionPage
from app.receipts.schemas import AnswerReceipt, Receipt, RecordDigestItem
from app.rounds.schemas import RoundHistory, RoundItem, RoundPage
from app.timelines.schemas import TimelinePage, TopicDiffItem, TopicStateItem, TopicVersionPage
from app.topics.schemas import TopicItem, TopicPage
from app.web.facts import EvidenceList
from app.web.health import Health
from app.web.schemas import ARTICLE_ID, OFFER_ID, POSITION_ID, ROUND_ID, Problem
from tests.chance import examples

Entry = dict[str, Any]

# Requests go to a database: their time is no concern of these tests, and a fixture is only read.
property_settings = settings(
    deadline=None,
    max_examples=examples(25),
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


class Entries(list[Entry]):
    """Entries as a fixture, in short where a failing property shows its arguments."""

    def __repr__(self) -> str:
        return f"{len(self)} entries"


class Endpoint(NamedTuple):
    """A path of the OpenAPI document, asked with the first article's facts."""

    template: str
    path: str
    model: type[BaseModel]


UNASKED = {"/v1/timemap/{path}", "/v1/review", "/v1/jobs", "/v1/jobs/{id}"}
"""Paths of the document that are not among them: one leads to any other, the rest take a key."""

ENDPOINTS = {
    "articles": Endpoint("/v1/articles", "/v1/articles", ArticlePage),
    "article": Endpoint("/v1/articles/{id}", f"/v1/articles/{ARTICLE_ID}", ArticleItem),
    "changes": Endpoint("/v1/changes", "/v1/changes", ChangePage),
    "change": Endpoint("/v1/changes/{seq}", "/v1/changes/1", ChangeItem),
    "codes": Endpoint("/v1/codes", "/v1/codes", CodeLists),
    "code-list": Endpoint("/v1/codes/{name}", "/v1/codes/stance", CodeListItem),
    "countries": Endpoint("/v1/countries", "/v1/countries?region=034", CountryPage),
    "country": Endpoint("/v1/countries/{code}", "/v1/countries/PAK", CountryItem),
    "groups": Endpoint("/v1/groups", "/v1/groups", GroupPage),
    "group": Endpoint("/v1/groups/{slug}", "/v1/groups/fitnah-al-khawaraj", GroupItem),
    "mediation-offers": Endpoint(
        "/v1/mediation-offers", "/v1/mediation-offers", MediationOfferPage
    ),
    "mediation-offer": Endpoint(
        "/v1/mediation-offers/{id}", f"/v1/mediation-offers/{OFFER_ID}", MediationOfferItem
    ),
    "mediation-offer-evidence": Endpoint(
        "/v1/mediation-offers/{id}/evidence",
        f"/v1/mediation-offers/{OFFER_ID}/evidence",
        EvidenceList,
    ),
    "mediation-offer-history": Endpoint(
        "/v1/mediation-offers/{id}/history",
        f"/v1/mediation-offers/{OFFER_ID}/history",
        MediationOfferHistory,
    ),
    "officials": Endpoint("/v1/officials", "/v1/officials", OfficialPage),
    "official": Endpoint("/v1/officials/{slug}", "/v1/officials/tahir-andrabi", OfficialItem),
    "positions": Endpoint("/v1/positions", "/v1/positions", PositionPage),
    "position": Endpoint("/v1/positions/{id}", f"/v1/positions/{POSITION_ID}", PositionItem),
    "position-evidence": Endpoint(
        "/v1/positions/{id}/evidence", f"/v1/positions/{POSITION_ID}/evidence", EvidenceList
    ),
    "position-history": Endpoint(
        "/v1/positions/{id}/history", f"/v1/positions/{POSITION_ID}/history", PositionHistory
    ),
    "position-counts": Endpoint(
        "/v1/positions/counts", "/v1/positions/counts?by=topic&by=stance&by=month", Counts
    ),
    "rounds": Endpoint("/v1/rounds", "/v1/rounds", RoundPage),
    "round": Endpoint("/v1/rounds/{id}", f"/v1/rounds/{ROUND_ID}", RoundItem),
    "round-evidence": Endpoint(
        "/v1/rounds/{id}/evidence", f"/v1/rounds/{ROUND_ID}/evidence", EvidenceList
    ),
    "round-history": Endpoint(
        "/v1/rounds/{id}/history", f"/v1/rounds/{ROUND_ID}/history", RoundHistory
    ),
    "topics": Endpoint("/v1/topics", "/v1/topics", TopicPage),
    "topic": Endpoint("/v1/topics/{slug}", "/v1/topics/security", TopicItem),
    "topic-positions": Endpoint(
        "/v1/topics/{slug}/positions", "/v1/topics/security/positions", PositionPage
    ),
    "topic-mediation-offers": Endpoint(
        "/v1/topics/{slug}/mediation-offers",
        "/v1/topics/diplomacy/mediation-offers",
        MediationOfferPage,
    ),
    "topic-rounds": Endpoint("/v1/topics/{slug}/rounds", "/v1/topics/diplomacy/rounds", RoundPage),
    "topic-versions": Endpoint(
        "/v1/topics/{slug}/versions", "/v1/topics/security/versions", TopicVersionPage
    ),
    "topic-version": Endpoint(
        "/v1/topics/{slug}/versions/{number}", "/v1/topics/diplomacy/versions/1", TopicStateItem
    ),
    "topic-diff": Endpoint(
        "/v1/topics/{slug}/diff", "/v1/topics/diplomacy/diff?from=0&to=1", TopicDiffItem
    ),
    "topic-timeline": Endpoint(
        "/v1/topics/{slug}/timeline", "/v1/topics/diplomacy/timeline", TimelinePage
    ),
    "position-receipt": Endpoint(
        "/v1/positions/{id}/receipt", f"/v1/positions/{POSITION_ID}/receipt", Receipt
    ),
    "mediation-offer-receipt": Endpoint(
        "/v1/mediation-offers/{id}/receipt", f"/v1/mediation-offers/{OFFER_ID}/receipt", Receipt
    ),
    "round-receipt": Endpoint("/v1/rounds/{id}/receipt", f"/v1/rounds/{ROUND_ID}/receipt", Receipt),
    "position-answer-receipt": Endpoint(
        "/v1/positions/receipt", "/v1/positions/receipt?country=AFG", AnswerReceipt
    ),
    "mediation-offer-answer-receipt": Endpoint(
        "/v1/mediation-offers/receipt", "/v1/mediation-offers/receipt?party=AFG", AnswerReceipt
    ),
    "round-answer-receipt": Endpoint(
        "/v1/rounds/receipt", "/v1/rounds/receipt?host=PAK", AnswerReceipt
    ),
    "change-versions": Endpoint(
        "/v1/changes/{seq}/versions", "/v1/changes/1/versions", VersionPage
    ),
    "record": Endpoint("/v1/record/{version}", "/v1/record/1", RecordDigestItem),
    "open-decisions": Endpoint("/v1/open-decisions", "/v1/open-decisions", PositionPage),
    "compare": Endpoint("/v1/compare", "/v1/compare?country=PAK%7CAFG&topic=ceasefire", Comparison),
    "shifts": Endpoint("/v1/shifts", "/v1/shifts", Shifts),
    "healthz": Endpoint("/healthz", "/healthz", Health),
    "readyz": Endpoint("/readyz", "/readyz", Health),
}
"""Every path that is served, by a short name."""

LISTS = {
    "/v1/articles": ("id", ["-published_on", "published_on"]),
    "/v1/changes": ("seq", ["-seq", "seq"]),
    "/v1/countries": ("code", ["code", "-code", "name", "-name"]),
    "/v1/groups": ("slug", ["slug", "-slug", "name", "-name"]),
    "/v1/mediation-offers": (
        "id",
        ["-offered_on", "offered_on", "-recorded_in", "recorded_in"],
    ),
    "/v1/officials": ("slug", ["slug", "-slug", "name", "-name"]),
    "/v1/positions": ("id", ["-said_on", "said_on", "-recorded_in", "recorded_in"]),
    "/v1/rounds": ("id", ["-held_on", "held_on", "-recorded_in", "recorded_in"]),
    "/v1/topics": ("slug", ["slug", "-slug", "name", "-name"]),
    "/v1/topics/security/positions": ("id", ["-said_on", "said_on"]),
    "/v1/topics/diplomacy/mediation-offers": ("id", ["-offered_on", "offered_on"]),
    "/v1/topics/diplomacy/rounds": ("id", ["-held_on", "held_on"]),
    "/v1/topics/security/versions": ("number", ["-number", "number"]),
    "/v1/topics/diplomacy/timeline": ("id", ["on", "-on", "recorded_in", "-recorded_in"]),
    "/v1/open-decisions": ("id", ["-said_on", "said_on", "-recorded_in", "recorded_in"]),
    f"/v1/positions/{POSITION_ID}/history": ("rev", ["rev", "-rev"]),
}
"""Every list: what identifies its entries, and the orders it has."""


def listed(client: TestClient, path: str, **params: Any) -> list[Entry]:
    """The entries of a list that fits on one page."""
    answer = client.get(path, params={"limit": 200, **params})
    assert answer.status_code == 200, answer.text
    page = answer.json()
    assert page["links"]["next"] is None, "this list is longer than a page"
    assert len(page["data"]) == page["meta"]["total"]
    data: list[Entry] = page["data"]
    return data


def ids(entries: list[Entry]) -> list[str]:
    """The ids of facts."""
    return [entry["id"] for entry in entries]


def pages(client: TestClient, path: str, **params: Any) -> Iterator[Entry]:
    """The pages of a list, by its links."""
    answer = client.get(path, params=params)
    while True:
        assert answer.status_code == 200, answer.text
        page = answer.json()
        yield page
        if page["links"]["next"] is None:
            return
        answer = client.get(page["links"]["next"])


def walk(client: TestClient, path: str, **params: Any) -> list[Entry]:
    """The entries of a list, page by page."""
    return [entry for page in pages(client, path, **params) for entry in page["data"]]


def problem(answer: Response, status: int) -> Problem:
    """The problem document of an answer, which has to be one of this status."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["cache-control"] == "no-store"
    told = Problem.model_validate_json(answer.content)
    assert told.status == status
    assert told.request_id == answer.headers["x-request-id"]
    return told
