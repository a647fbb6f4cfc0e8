"""What facts refer to: countries, groups, officials, topics, articles; and changes and codes."""

import hashlib

import pytest
from fastapi.testclient import TestClient

from app.codelists import CODE_LISTS, DROPPED, Stance
from app.web.schemas import ARTICLE_ID
from tests.http.helpers import listed, problem

# Countries


def test_all_countries_of_iso_3166_and_kosovo_are_there(client: TestClient) -> None:
    assert client.get("/countries").json()["meta"]["total"] == 250
    kosovo = client.get("/countries/XKX").json()["data"]
    assert (kosovo["user_assigned"], kosovo["numeric"]) == (True, None)


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("PAK", "PAK"),
        ("pk", "PAK"),
        ("Pakistani", "PAK"),
        ("Islamabad", "PAK"),
        ("Türkiye", "TUR"),
        ("TURKEY", "TUR"),
        ("Côte d’Ivoire", "CIV"),
        ("cote d'ivoire", "CIV"),
        ("the Netherlands", "NLD"),
        ("Kabul", "AFG"),
        ("Northern Mariana Islands", "MNP"),
    ],
)
def test_a_country_is_found_by_code_or_name_and_answers_under_its_code(
    client: TestClient, name: str, code: str
) -> None:
    item = client.get(f"/countries/{name}").json()
    assert item["data"]["code"] == code
    assert item["links"]["self"] == f"/v1/countries/{code}"
    assert client.get("/countries", params={"country": name}).json()["data"] == [item["data"]]


def test_a_name_of_two_countries_is_refused_with_both(client: TestClient) -> None:
    answer = client.get("/countries", params={"country": "Congo"})
    (fault,) = problem(answer, 422).errors
    assert fault.allowed == ["COD", "COG"]
    assert "more than one" in fault.detail
    assert "COD or COG" in problem(client.get("/countries/Congo"), 404).detail


def test_a_target_that_names_two_countries_is_said_to_name_two(client: TestClient) -> None:
    (fault,) = problem(client.get("/positions", params={"target": "Congo"}), 422).errors
    assert fault.allowed == ["COD", "COG"]
    assert "more than one" in fault.detail


def test_countries_of_a_region(client: TestClient) -> None:
    found = listed(client, "/countries", region="034")
    assert {entry["region"]["name"] for entry in found} == {"Southern Asia"}
    assert {"AFG", "IRN", "PAK"} <= {entry["code"] for entry in found}
    assert len(listed(client, "/countries", region="034|145")) > len(found)


def test_a_countrys_own_name_is_no_alias(client: TestClient) -> None:
    for country in listed(client, "/countries", region="034|145|151"):
        assert country["name"] not in country["aliases"]
        assert country["official_name"] not in country["aliases"]


# Groups


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Afghan Taliban", "afghan-taliban-regime"),
        ("taliban", "afghan-taliban-regime"),
        ("Tehrik-i-Taliban Pakistan", "ttp"),
        ("UNSC", "un-security-council"),
        ("Pakistan's Foreign Office", "pakistan-foreign-office"),
        ("PTI", "pti"),
    ],
)
def test_a_group_is_found_by_any_of_its_names(client: TestClient, name: str, slug: str) -> None:
    assert client.get(f"/groups/{name}").json()["data"]["slug"] == slug
    assert client.get(f"/groups/{name}").json()["links"]["self"] == f"/v1/groups/{slug}"


def test_a_label_is_told_with_who_uses_it_and_where(client: TestClient) -> None:
    (label,) = client.get("/groups/fitnah-al-khawaraj").json()["data"]["labels"]
    assert label["text"] == "Fitnah-Al-Khawaraj"
    assert label["used_by"]["country"]["code"] == "PAK"
    assert label["text"] in label["evidence"][0]["exact"]


@pytest.mark.parametrize(
    ("params", "slugs"),
    [
        ({"kind": "armed_group"}, {"ttp", "fitnah-al-khawaraj"}),
        ({"country": "afghanistan"}, {"afghan-taliban-regime"}),
        ({"country": "PAK", "kind": "ministry"}, {"pakistan-foreign-office"}),
        ({"group": "TTP|PTI"}, {"ttp", "pti"}),
        ({"country": "!IND|!PAK|!AFG", "kind": "mission"}, {"international-stabilisation-force"}),
        ({"kind": "court"}, set()),
    ],
)
def test_filters_of_groups(client: TestClient, params: dict[str, str], slugs: set[str]) -> None:
    assert {group["slug"] for group in listed(client, "/groups", **params)} == slugs


# Officials


def test_an_official_holds_a_post_as_far_as_the_evidence_shows(client: TestClient) -> None:
    (tenure,) = client.get("/officials/Andrabi").json()["data"]["tenures"]
    assert tenure["post"] == "Foreign Office spokesperson"
    assert tenure["group"]["slug"] == "pakistan-foreign-office"
    assert (tenure["from"], tenure["to"], tenure["end_status"]) == (None, None, "in_post")
    assert tenure["attested_on"] == "2025-11-14"
    assert tenure["evidence"][0]["exact"] is None


@pytest.mark.parametrize(
    ("params", "slugs"),
    [
        ({"official": "ERDOĞAN"}, {"recep-tayyip-erdogan"}),
        ({"country": "Turkey"}, {"recep-tayyip-erdogan"}),
        ({"group": "Pakistan Foreign Office"}, {"tahir-andrabi"}),
        ({"group": "!pakistan-foreign-office"}, {"recep-tayyip-erdogan"}),
        ({"country": "AFG"}, set()),
    ],
)
def test_filters_of_officials(client: TestClient, params: dict[str, str], slugs: set[str]) -> None:
    assert {each["slug"] for each in listed(client, "/officials", **params)} == slugs


# Topics


def test_topics_form_a_tree(client: TestClient) -> None:
    topics = {topic["slug"]: topic for topic in listed(client, "/topics")}
    for slug, topic in topics.items():
        if topic["broader"] is not None:
            above = topics[topic["broader"]["slug"]]["narrower"]
            assert {"slug": slug, "name": topic["name"]} in above
        for below in topic["narrower"]:
            assert topics[below["slug"]]["broader"]["slug"] == slug
    below_security = listed(client, "/topics", broader="security")
    assert [t["slug"] for t in below_security] == [
        t["slug"] for t in topics["security"]["narrower"]
    ]


def test_the_lists_of_a_topic_that_is_not_there_are_not_found(client: TestClient) -> None:
    for list_ in ("positions", "mediation-offers", "rounds"):
        assert "'weather'" in problem(client.get(f"/topics/weather/{list_}"), 404).detail


# Articles


def test_the_article_is_told_by_its_hash_and_not_by_its_text(
    client: TestClient, article_text: str
) -> None:
    article = client.get(f"/articles/{ARTICLE_ID}").json()["data"]
    assert article["text_sha256"] == hashlib.sha256(article_text.encode()).hexdigest()
    assert article["characters"] == len(article_text)
    assert article["publisher"]["slug"] == "outlook-india"
    assert article["agency"]["slug"] == "pti"


@pytest.mark.parametrize(
    ("params", "total"),
    [
        ({"publisher": "Outlook India"}, 2),
        ({"agency": "PTI"}, 1),
        ({"agency": "!PTI"}, 1),
        ({"language": "en"}, 2),
        ({"language": "!en"}, 0),
        ({"published_from": "2025-11-15", "published_to": "2025-11-15"}, 1),
        ({"published_to": "2024"}, 1),
        ({"published_from": "2026"}, 0),
    ],
)
def test_filters_of_articles(wide: TestClient, params: dict[str, str], total: int) -> None:
    assert len(listed(wide, "/articles", **params)) == total


# Changes


def test_changes_tell_what_was_written_and_why(client: TestClient) -> None:
    ingested, reference = listed(client, "/changes")
    assert (reference["seq"], reference["kind"], reference["article"]) == (0, "reference", None)
    assert (ingested["seq"], ingested["kind"]) == (1, "ingest")
    assert ingested["article"]["id"] == ARTICLE_ID
    touched = {each["kind"]: each["count"] for each in ingested["touched"]}
    assert (touched["position"], touched["mediation_offer"], touched["round"]) == (13, 3, 1)
    detail = client.get("/changes/1").json()["data"]
    versions = detail.pop("versions")
    assert detail == ingested
    assert len(versions) == sum(touched.values())


@pytest.mark.parametrize(
    ("params", "numbers"),
    [
        ({"kind": "ingest"}, [1]),
        ({"kind": "!ingest"}, [0]),
        ({"article": ARTICLE_ID}, [1]),
        ({"article": f"!{ARTICLE_ID}"}, [0]),
        ({"kind": "curation"}, []),
        ({"sort": "seq"}, [0, 1]),
    ],
)
def test_filters_of_changes(client: TestClient, params: dict[str, str], numbers: list[int]) -> None:
    assert [change["seq"] for change in listed(client, "/changes", **params)] == numbers


# Codes


def test_every_code_is_defined(client: TestClient) -> None:
    served = client.get("/codes").json()["data"]
    assert [each["name"] for each in served] == list(CODE_LISTS)
    for each in served:
        assert each["description"]
        assert client.get(f"/codes/{each['name']}").json()["data"] == each
        assert all(code["definition"] for code in each["codes"])


def test_every_stance_has_a_tone_and_a_place_in_cameo_and_plover(client: TestClient) -> None:
    codes = client.get("/codes/stance").json()["data"]["codes"]
    assert len(codes) == 16
    for code in codes:
        assert code["tone"] == Stance(code["code"]).tone
        assert code["cameo"]
        assert code["plover"]
    plain = {code["code"] for code in codes if code["plover"] == DROPPED}
    assert "declines_to_say" in plain
    assert "accuses" not in plain


def test_an_unknown_code_list_is_answered_with_the_near_miss(client: TestClient) -> None:
    assert "Did you mean stance?" in problem(client.get("/codes/stanse"), 404).detail
    assert "There are stance" in problem(client.get("/codes/xyzzy"), 404).detail


# All


@pytest.mark.parametrize(
    ("path", "near"),
    [
        ("/countries/PAX", "PAK"),
        ("/countries/Pakistn", "PAK"),
        ("/groups/pakistan-foreign-ofice", "pakistan-foreign-office"),
        ("/officials/tahir-andrabbi", "tahir-andrabi"),
    ],
)
def test_what_is_not_found_is_answered_with_near_misses(
    client: TestClient, path: str, near: str
) -> None:
    assert near in problem(client.get(path), 404).detail


@pytest.mark.parametrize(
    "path",
    [
        "/articles/art_nowhere",
        "/changes/99",
        "/countries/Atlantis",
        "/groups/nobody",
        "/mediation-offers/med_nowhere",
        "/mediation-offers/med_nowhere/evidence",
        "/mediation-offers/med_nowhere/history",
        "/officials/nobody",
        "/positions/pos_nowhere",
        "/positions/pos_nowhere/evidence",
        "/positions/pos_nowhere/history",
        "/rounds/rnd_nowhere",
        "/rounds/rnd_nowhere/evidence",
        "/rounds/rnd_nowhere/history",
        "/topics/weather",
    ],
)
def test_what_is_not_on_record_is_404(client: TestClient, path: str) -> None:
    told = problem(client.get(path), 404)
    assert told.title == "Not on record"
    assert path.split("/")[2] in told.detail
