"""`as_of`: the record as it stood at any moment, to the byte, whatever happened since."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from random import Random
from typing import Any

import pytest
from fastapi.testclient import TestClient

from app.codelists import ChangeType
from app.db import Database
from app.ingest import changes, shapes
from app.ingest.pipeline import ingest
from app.web.schemas import OFFER_ID, POSITION_ID
from tests.http.factory import SECOND_ARTICLE_ID, TEXT, merge, rewrite, second_article
from tests.http.helpers import (
    ENDPOINTS,
    LISTS,
    UNASKED,
    Entry,
    ids,
    listed,
    pages,
    problem,
    walk,
)
from tests.http.test_golden import settled
from tests.time.history import (
    ENVELOPED,
    LAST,
    OTHER_ROUND,
    TALKS,
    TIMED,
    Twin,
    at,
    dated,
    edited,
    live,
)

POSITIONS = "/v1/positions"
COUNTRIES = "/v1/countries"
IMMUTABLE = "public, max-age=31536000, immutable"
FRESH = "public, no-cache"
BEFORE_ALL = "2019-12-31T00:00:00Z"

every_endpoint = pytest.mark.parametrize("name", TIMED)
every_enveloped = pytest.mark.parametrize("name", ENVELOPED)


def said(moment: datetime) -> str:
    """A moment as the record writes it."""
    return moment.isoformat(timespec="microseconds").replace("+00:00", "Z")


def version(client: TestClient, as_of: object, path: str = POSITIONS) -> int | None:
    """The record version that an answer as of a moment was read at."""
    answer = client.get(at(path, as_of))
    assert answer.status_code == 200, answer.text
    found: int | None = answer.json()["meta"]["record_version"]
    return found


def fault(client: TestClient, as_of: object, path: str = POSITIONS) -> str:
    """What is said of a moment that is refused."""
    (found,) = problem(client.get(at(path, as_of)), 422).errors
    assert found.parameter == "as_of"
    return found.detail


# What can be asked, where


def test_the_contract_says_which_answers_can_be_asked_for_a_moment(client: TestClient) -> None:
    paths = client.get("/openapi.json").json()["paths"]
    timed = {
        path
        for path, item in paths.items()
        if "as_of" in {each["name"] for each in item.get("get", {}).get("parameters", [])}
    }
    assert timed - UNASKED == {ENDPOINTS[name].template for name in TIMED}


@pytest.mark.parametrize("name", sorted(set(ENDPOINTS) - set(TIMED)))
def test_what_has_no_past_takes_no_moment(client: TestClient, name: str) -> None:
    answer = client.get(at(ENDPOINTS[name].path, 1))
    assert [each.parameter for each in problem(answer, 422).errors] == ["as_of"]


@every_enveloped
def test_the_present_asked_for_by_number_is_the_present_and_says_so(
    client: TestClient, name: str
) -> None:
    path = ENDPOINTS[name].path
    now, then = client.get(path).json(), client.get(at(path, 1)).json()
    assert then["data"] == now["data"]
    assert then["meta"] == now["meta"] | {"as_of": "1"}
    assert client.get(then["links"]["self"]).json() == then
    assert "as_of=1" in then["links"]["self"]


@every_endpoint
def test_an_answer_at_a_past_moment_is_as_declared(lived: TestClient, name: str) -> None:
    endpoint = ENDPOINTS[name]
    answer = lived.get(at(endpoint.path, 1))
    endpoint.model.model_validate_json(answer.content)
    assert answer.headers["cache-control"] == IMMUTABLE


def test_the_unversioned_path_has_the_same_past(lived: TestClient) -> None:
    for path in ("/positions", f"/positions/{POSITION_ID}", "/topics/security/timeline"):
        assert lived.get(at(path, 1)).content == lived.get(at(f"/v1{path}", 1)).content


# By number and by time


@pytest.mark.parametrize("path", LISTS)
@pytest.mark.parametrize("number", [1, 4, LAST])
def test_a_time_means_the_last_change_up_to_it(lived: TestClient, path: str, number: int) -> None:
    by_number = lived.get(at(path, number)).json()
    for since in (timedelta(), timedelta(microseconds=1), timedelta(hours=23)):
        by_time = lived.get(at(path, said(dated(number) + since))).json()
        assert by_time["data"] == by_number["data"]
        assert by_time["meta"]["record_version"] == number
        assert by_time["meta"]["total"] == by_number["meta"]["total"]


def test_a_microsecond_before_a_change_it_is_not_yet_there(lived: TestClient) -> None:
    just_before = said(dated(4) - timedelta(microseconds=1))
    assert (version(lived, just_before), version(lived, said(dated(4)))) == (3, 4)


@pytest.mark.parametrize(
    "as_of",
    [
        "2020-01-05T09:30:00.250000Z",
        "2020-01-05T09:30:00.250000+00:00",
        "2020-01-05T14:30:00.25+05:00",
        "2020-01-05T04:00:00.250-05:30",
        "2020-01-05 09:30:01Z",
        "2020-01-05T09:31Z",
        "2020-01-05t09:30:01z",
    ],
)
def test_a_time_has_any_offset_and_precision(lived: TestClient, as_of: str) -> None:
    answer = lived.get(at(POSITIONS, as_of)).json()
    assert answer["meta"]["record_version"] == 4
    assert answer["meta"]["as_of"] == as_of


def test_zeros_before_a_number_change_nothing(lived: TestClient) -> None:
    for zeros in range(1, 39):
        assert version(lived, f"{'0' * zeros}4") == 4


# Moments that are none


@pytest.mark.parametrize("as_of", [2, 100, 2**63 - 1, 2**63, 2**64 + 1, "9" * 40])
def test_a_change_to_come_is_refused_and_the_last_is_named(client: TestClient, as_of: int) -> None:
    detail = fault(client, as_of)
    assert "still to come" in detail
    assert "the last is 1" in detail


def test_a_change_to_come_is_refused_where_there_is_none_yet(empty_client: TestClient) -> None:
    assert "none yet" in fault(empty_client, 0)


def test_a_time_to_come_is_refused(client: TestClient) -> None:
    soon = said(datetime.now(UTC) + timedelta(minutes=1))
    for as_of in (soon, "9999-12-31T23:59:59Z", "9999-12-31T23:59:59.999999-23:59"):
        assert "still to come" in fault(client, as_of)


@pytest.mark.parametrize(
    "as_of",
    [
        "",
        " ",
        " 1",
        "1 ",
        "1.0",
        "1e0",
        "-1",
        "+1",
        "0x1",
        "\u0661",
        "\u00b2",
        "1\0",
        "\0",
        "soon",
        "null",
        "1,2",
        "2020",
        "2020-01-05",
        "2020-01-05T24:00:01Z",
        "2020-02-30T09:30:00Z",
        "2020-01-05T09:30:61Z",
        "2020-01-05\x0009:30:00Z",
        "2020-01-05T09:30:00Z\0",
        "2020-01-05x09:30:00Z",
        "2020-01-05T09:30:00Z and more",
        "1" * 41,
    ],
)
def test_what_is_no_moment_is_refused(client: TestClient, as_of: str) -> None:
    fault(client, as_of)


@pytest.mark.parametrize("as_of", ["2020-01-05T09:30:00", "2020-01-05T09:30"])
def test_a_time_without_its_offset_is_refused_for_that(client: TestClient, as_of: str) -> None:
    assert "offset" in fault(client, as_of)


def test_a_plus_that_was_read_as_a_space_is_explained(client: TestClient) -> None:
    answer = client.get(f"{POSITIONS}?as_of=2020-01-05T09:30:00+05:00")
    (found,) = problem(answer, 422).errors
    assert "%2B" in found.detail


@pytest.mark.parametrize("as_of", ["0001-01-01T00:00:00+14:00", "0001-01-01T00:00:00Z"])
def test_the_first_moments_of_the_calendar_are_before_the_record(
    client: TestClient, as_of: str
) -> None:
    assert version(client, as_of) is None


def test_a_moment_given_twice_is_refused(client: TestClient) -> None:
    answer = client.get(f"{POSITIONS}?as_of=0&as_of=1")
    assert [each.parameter for each in problem(answer, 422).errors] == ["as_of"]


# Before the first change


@pytest.mark.parametrize(
    "path", [path for path in LISTS if "{" not in path and path.count("/") == 2]
)
def test_before_the_first_change_a_list_is_empty_and_says_so(lived: TestClient, path: str) -> None:
    page = lived.get(at(path, BEFORE_ALL)).json()
    assert page["data"] == []
    assert page["meta"]["record_version"] is None
    assert page["meta"]["as_of"] == BEFORE_ALL
    coverage = page["meta"]["coverage"]
    assert (page["meta"]["total"], coverage["on_record"], coverage["articles"]) == (0, 0, 0)
    assert "no article yet" in coverage["note"]


def test_before_the_first_change_there_is_nothing_to_count(lived: TestClient) -> None:
    counts = lived.get(at(f"{POSITIONS}/counts?by=country&by=topic", BEFORE_ALL)).json()
    assert (counts["data"], counts["meta"]["total"]) == ([], 0)


@pytest.mark.parametrize(
    "name", [n for n in TIMED if n != "changes" and "{" in ENDPOINTS[n].template]
)
def test_before_the_first_change_nothing_has_a_name(lived: TestClient, name: str) -> None:
    problem(lived.get(at(ENDPOINTS[name].path, BEFORE_ALL)), 404)


@pytest.mark.parametrize("query", ["country=PAK", "topic=security", "country=Pakistan"])
def test_before_the_first_change_no_code_is_known(lived: TestClient, query: str) -> None:
    problem(lived.get(at(f"{POSITIONS}?{query}", BEFORE_ALL)), 422)


def test_before_the_first_article_there_are_countries_and_no_facts(lived: TestClient) -> None:
    assert lived.get(at(f"{COUNTRIES}/PAK", 0)).status_code == 200
    assert listed(lived, POSITIONS, as_of=0, country="PAK") == []


def test_an_empty_record_answers_for_any_past_moment(empty_client: TestClient) -> None:
    answer = empty_client.get(at(COUNTRIES, BEFORE_ALL))
    assert (answer.json()["data"], answer.headers["cache-control"]) == ([], FRESH)


# What existed only later


@pytest.mark.parametrize(
    "path",
    [
        "/v1/officials/asha-otieno",
        "/v1/officials/Asha Otieno",
        "/v1/groups/northern-front",
        f"/v1/articles/{SECOND_ARTICLE_ID}",
        "/v1/changes/4",
        "/v1/positions/pos_draftdraftdraftd",
        "/v1/positions/pos_draftdraftdraftd/history",
        "/v1/positions/pos_draftdraftdraftd/evidence",
    ],
)
def test_what_came_later_is_not_there_yet(lived: TestClient, path: str) -> None:
    assert lived.get(at(path, LAST)).status_code == 200
    problem(lived.get(at(path, 3)), 404)


@pytest.mark.parametrize(
    ("path", "query"),
    [
        (POSITIONS, "speaker=asha-otieno"),
        (POSITIONS, "speaker=Asha+Otieno"),
        (POSITIONS, "body=bridge-mission"),
        (POSITIONS, "target=northern-front"),
        (POSITIONS, f"article={SECOND_ARTICLE_ID}"),
        (f"{POSITIONS}/counts", "by=topic&speaker=asha-otieno"),
        ("/v1/mediation-offers", "party=northern-front"),
        ("/v1/rounds", "process=bridge-talks"),
        ("/v1/changes", f"article={SECOND_ARTICLE_ID}"),
    ],
)
def test_a_name_that_came_later_is_unknown_and_not_suggested(
    lived: TestClient, path: str, query: str
) -> None:
    asked = f"{path}?{query}"
    assert lived.get(at(asked, 4)).json()["meta"]["total"] > 0
    (found,) = problem(lived.get(at(asked, 3)), 422).errors
    name = query.rpartition("=")[2]
    assert name not in (found.allowed or [])
    assert found.suggestion != name


def test_a_name_that_was_given_up_still_leads_to_its_bearer_then(lived: TestClient) -> None:
    assert lived.get(at("/v1/groups/Foreign Ministry", 2)).json()["data"]["name"] == (
        "Foreign Ministry"
    )
    then = lived.get(at("/v1/topics/ceasefire", 9)).json()["data"]
    now = lived.get("/v1/topics/ceasefire").json()["data"]
    assert (then["name"], then["broader"]["slug"]) == ("Ceasefire", "security")
    assert (now["name"], now["broader"]["slug"]) == ("Truce", "diplomacy")


def test_references_have_the_names_of_the_moment(lived: TestClient) -> None:
    def names(as_of: int) -> tuple[str, str, str]:
        entry = lived.get(at(f"{POSITIONS}/{POSITION_ID}", as_of)).json()["data"]
        return entry["country"]["name"], entry["body"]["name"], entry["speaker"]["name"]

    assert names(1) == ("Pakistan", "Foreign Office of Pakistan", "Tahir Andrabi")
    assert names(2) == ("Pakistan", "Foreign Ministry", "T. Andrabi")
    assert names(9)[0] == "Islamic Republic of Pakistan"


def test_a_topic_includes_what_was_narrower_then(lived: TestClient) -> None:
    def on(topic: str, as_of: int) -> set[str]:
        return set(ids(listed(lived, f"/v1/topics/{topic}/positions", as_of=as_of)))

    moved = on("ceasefire", 9)
    assert moved
    assert moved <= on("security", 9)
    assert not moved & on("diplomacy", 9)
    assert moved <= on("diplomacy", 10)
    assert not moved & on("security", 10)


# Facts that came and went


def statuses(client: TestClient, path: str) -> list[int]:
    """What became of a fact, change by change."""
    answers = (client.get(at(path, n), follow_redirects=False) for n in range(LAST + 1))
    return [answer.status_code for answer in answers]


@pytest.mark.parametrize("rest", ["", "/evidence"])
def test_a_fact_is_unknown_on_record_withdrawn_or_merged_as_it_was_then(
    lived: TestClient, rest: str
) -> None:
    def of(path: str) -> list[int]:
        return statuses(lived, f"{path}{rest}")

    assert of(f"{POSITIONS}/{TALKS[1]}") == [404, 200, 410, *[200] * 10]
    assert of(f"{POSITIONS}/{TALKS[0]}") == [404, *[200] * 4, *[308] * 8]
    assert of(f"{POSITIONS}/pos_draftdraftdraftd") == [*[404] * 7, *[200] * 6]
    assert of(f"/v1/rounds/{OTHER_ROUND}") == [*[404] * 4, *[200] * 7, 410, 410]


def test_a_past_withdrawal_is_told_as_it_was(lived: TestClient) -> None:
    told = problem(lived.get(at(f"{POSITIONS}/{TALKS[1]}", 2)), 410)
    assert "change 2" in told.detail
    assert "Misread." in told.detail


@pytest.mark.parametrize("prefix", ["/v1", ""])
@pytest.mark.parametrize("rest", ["", "/evidence"])
def test_a_merged_fact_leads_to_the_other_at_the_same_moment(
    lived: TestClient, prefix: str, rest: str
) -> None:
    answer = lived.get(at(f"{prefix}/positions/{TALKS[0]}{rest}", 6), follow_redirects=False)
    assert answer.headers["location"] == at(f"{POSITIONS}/{TALKS[1]}{rest}", 6)


def test_a_history_ends_at_the_moment(lived: TestClient) -> None:
    def revisions(as_of: int) -> list[tuple[int, int, int | None]]:
        entries = listed(lived, f"{POSITIONS}/{POSITION_ID}/history", as_of=as_of)
        return [(e["rev"], e["recorded_in"], e["superseded_in"]) for e in entries]

    assert revisions(1) == [(1, 1, None)]
    assert revisions(2) == [(1, 1, 2), (2, 2, None)]
    assert revisions(7) == [(1, 1, 2), (2, 2, 3), (3, 3, None)]
    assert revisions(LAST) == [(1, 1, 2), (2, 2, 3), (3, 3, 8), (4, 8, None)]


def test_filters_and_search_find_what_was_said_then(lived: TestClient) -> None:
    words = "holds cannot be said"
    found = [len(listed(lived, POSITIONS, as_of=n, q=f'"{words}"')) for n in range(4)]
    assert found == [0, 0, 1, 0]
    commits = [listed(lived, POSITIONS, as_of=n, stance="commits") for n in (1, 2, 3)]
    assert [ids(each) for each in commits] == [[TALKS[1]], [], [TALKS[1]]]


# The same bytes for ever


@pytest.fixture
def shuffle() -> Random:
    """Chance that is the same in each run."""
    return Random(20251115)  # noqa: S311 - what is to be random is a test


def at_random(client: TestClient, database: Database, random: Random) -> Iterator[str]:
    """Changes of all sorts, without end."""
    count = 0
    while True:
        count += 1
        facts = listed(client, POSITIONS)
        one, other = random.sample(ids(facts), 2)
        match random.randrange(7):
            case 0:
                values: Entry = {"stance": random.choice(["warns", "denies", "rejects"])}
                rewrite(database, shapes.POSITION, one, ChangeType.CORRECTED, **values)
            case 1:
                values = {"topic": random.choice(["ceasefire", "mediation", "repatriation"])}
                rewrite(database, shapes.POSITION, one, ChangeType.CORRECTED, **values)
            case 2:
                rewrite(database, shapes.POSITION, one, ChangeType.WITHDRAWN, curation="withdrawn")
            case 3:
                merge(database, shapes.POSITION, one, other)
            case 4:
                offered = {"status": random.choice(["active", "declined", "concluded"])}
                rewrite(database, shapes.OFFER, OFFER_ID, ChangeType.UPDATED, **offered)
            case 5:
                renamed = {"name": f"Name {count}"}
                rewrite(database, shapes.GROUP, "ttp", ChangeType.UPDATED, **renamed)
            case _:
                moved = {"broader": random.choice(["security", "diplomacy", None])}
                rewrite(database, shapes.TOPIC, "ceasefire", ChangeType.UPDATED, **moved)
        yield one


def test_an_answer_at_a_past_moment_is_the_same_to_the_byte_whatever_happens_later(
    fresh_client: TestClient, database: Database, record: dict[str, Any], shuffle: Random
) -> None:
    ingest(database, edited(), text=None, by="a desk", reason="Misread.")
    moments = (0, 1, 2, fresh_client.get("/v1/changes/1").json()["data"]["at"])
    paths = [at(ENDPOINTS[name].path, as_of) for name in TIMED for as_of in moments]
    before = {path: fresh_client.get(path) for path in paths}
    happening = at_random(fresh_client, database, shuffle)
    for _ in range(12):
        next(happening)
    ingest(database, second_article(), text=TEXT, by="a desk")
    ingest(database, record, text=None, by="a desk")
    for path, old in before.items():
        new = fresh_client.get(path)
        assert new.status_code == old.status_code, path
        if old.status_code == 200:
            assert new.content == old.content, path
            assert new.headers["etag"] == old.headers["etag"]
            assert new.headers["cache-control"] == old.headers["cache-control"] == IMMUTABLE


@every_endpoint
def test_both_databases_answer_for_the_past_alike(twins: list[Twin], name: str) -> None:
    for as_of in (*range(0, LAST + 1, 2), 1, LAST):
        one, other = (twin.client.get(at(ENDPOINTS[name].path, as_of)) for twin in twins)
        assert one.status_code == other.status_code
        if one.status_code == 200:
            assert settled(one.content) == settled(other.content)


# Caches


def test_a_settled_answer_is_kept_for_good_and_one_that_may_change_is_asked_for(
    lived: TestClient,
) -> None:
    def kept(as_of: object) -> str:
        answer = lived.get(at(POSITIONS, as_of))
        again = lived.get(at(POSITIONS, as_of), headers={"If-None-Match": answer.headers["etag"]})
        assert again.status_code == 304
        assert again.headers["cache-control"] == answer.headers["cache-control"]
        return str(answer.headers["cache-control"])

    for as_of in (0, 1, LAST, BEFORE_ALL, said(dated(0)), said(dated(LAST - 1))):
        assert kept(as_of) == IMMUTABLE
    for as_of in (said(dated(LAST)), said(datetime.now(UTC))):
        assert kept(as_of) == FRESH
    assert lived.get(POSITIONS).headers["cache-control"] == FRESH


@pytest.mark.parametrize("path", [f"{POSITIONS}/pos_nowhere", f"{POSITIONS}/{TALKS[1]}"])
def test_a_problem_of_the_past_is_not_kept(lived: TestClient, path: str) -> None:
    answer = lived.get(at(path, 2))
    assert answer.status_code in (404, 410)
    assert answer.headers["cache-control"] == "no-store"


# Walks


@pytest.mark.parametrize("path", LISTS)
def test_a_walk_through_the_past_is_one_state_of_it(lived: TestClient, path: str) -> None:
    key, sorts = LISTS[path]
    for sort in sorts[:2]:
        whole = lived.get(at(path, 2)).json()
        found = list(pages(lived, path, as_of=2, limit=3, sort=sort, fields=key))
        assert sum(len(page["data"]) for page in found) == whole["meta"]["total"]
        assert {page["meta"]["record_version"] for page in found} == {2}
        assert {page["meta"]["as_of"] for page in found} == {"2"}


def test_every_page_of_the_past_is_kept_and_the_next_is_of_the_same_moment(
    fresh_client: TestClient, database: Database
) -> None:
    first = fresh_client.get(f"{at(POSITIONS, 1)}&limit=5")
    before = walk(fresh_client, POSITIONS, as_of=1, limit=5)
    following = first.json()["links"]["next"]
    assert "as_of=1" in following
    second = fresh_client.get(following)
    live(database)
    assert fresh_client.get(following).content == second.content
    assert fresh_client.get(following).headers["cache-control"] == IMMUTABLE
    assert walk(fresh_client, POSITIONS, as_of=1, limit=5) == before


def test_a_walk_at_the_time_of_the_present_is_not_mixed_with_what_comes(
    fresh_client: TestClient, database: Database
) -> None:
    before = listed(fresh_client, POSITIONS)
    walking = pages(fresh_client, POSITIONS, as_of=said(datetime.now(UTC)), limit=5)
    visited = [next(walking)]
    ingest(database, second_article(), text=TEXT, by="a desk")
    visited += walking
    assert [entry for page in visited for entry in page["data"]] == before


def test_a_cursor_goes_with_its_own_moment_only(lived: TestClient) -> None:
    def cursor(path: str) -> str:
        following: str = lived.get(f"{path}&limit=3").json()["links"]["next"]
        return following.partition("cursor=")[2].partition("&")[0]

    present, then = cursor(f"{POSITIONS}?total=exact"), cursor(at(POSITIONS, 4))
    for path, other in (
        (at(POSITIONS, 4), present),
        (at(POSITIONS, 3), then),
        (at(POSITIONS, said(dated(4))), then),
        (f"{POSITIONS}?total=exact", then),
    ):
        (found,) = problem(lived.get(f"{path}&limit=3&cursor={other}"), 422).errors
        assert found.parameter == "cursor"


# The clock


class Clock(datetime):
    """A clock that shows what it is told to."""

    shows: list[datetime] = []  # noqa: RUF012 - one clock

    @classmethod
    def now(cls, tz: Any = None) -> datetime:  # type: ignore[override]
        """The next time that it is told to show; the last one over and over."""
        shown = cls.shows.pop(0) if len(cls.shows) > 1 else cls.shows[0]
        return shown.astimezone(tz)


def times(client: TestClient) -> list[datetime]:
    """When the changes were made, in their order."""
    listed_ = listed(client, "/v1/changes", sort="seq")
    return [datetime.fromisoformat(each["at"]) for each in listed_]


@pytest.mark.parametrize("by", [timedelta(0), timedelta(hours=-1), timedelta(microseconds=1)])
def test_later_changes_have_later_times_whatever_the_clock_does(
    fresh_client: TestClient, database: Database, monkeypatch: pytest.MonkeyPatch, by: timedelta
) -> None:
    start = datetime.now(UTC)
    monkeypatch.setattr(Clock, "shows", [start + by * step for step in range(LAST)])
    monkeypatch.setattr(changes, "datetime", Clock)
    live(database)
    found = times(fresh_client)
    assert len(found) == LAST + 1
    assert all(early < late for early, late in pairwise(found))
    for number, moment in enumerate(found):
        assert version(fresh_client, said(moment)) == number
