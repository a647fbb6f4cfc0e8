"""Resolution: a name leads to exactly one entity on record, or the record is refused."""

import pytest

from app.db import Database
from app.ingest.draft import Draft
from app.ingest.resolve import Directories, Resolver
from tests.ingest.support import at, book_fair, dump, load, put, refused, shown


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("TUR", "TUR"), ("tur", "TUR"), ("Turkey", "TUR"), ("Türkiye", "TUR"), ("Turkiye", "TUR"),
        ("TURKIYE", "TUR"), ("Republic of Türkiye", "TUR"), ("Ankara", "TUR"), ("Turkish", "TUR"),
        ("Islamabad", "PAK"), ("Pakistani", "PAK"), ("Kabul", "AFG"), ("Gaza", "PSE"),
        ("Kosovo", "XKX"), ("Burma", "MMR"), ("UK", "GBR"), ("U.S.", "USA"), ("the US", "USA"),
        ("The Netherlands", "NLD"), ("Ivory Coast", "CIV"), ("Cote d'Ivoire", "CIV"),
        ("Russia", "RUS"), ("Iran", "IRN"), ("Niger", "NER"), ("Nigeria", "NGA"),
        ("DR Congo", "COD"), ("South Korea", "KOR"), ("North Korea", "PRK"), ("Georgia", "GEO"),
    ],
)  # fmt: skip
def test_the_names_of_the_news_lead_to_countries(standing: Database, name: str, code: str) -> None:
    with standing.read() as session:
        assert Resolver(Directories(session), Draft(None)).countries.find(name) == (code, None)


@pytest.mark.parametrize(
    ("name", "codes"),
    [
        ("Congo", ["COD", "COG"]),
        ("Korea", ["KOR", "PRK"]),
        ("Dominican", ["DMA", "DOM"]),
        ("Virgin Islands", ["VGB", "VIR"]),
    ],
)
def test_a_name_of_two_countries_is_refused_and_neither_is_suggested(
    standing: Database, record, name: str, codes: list[str]
) -> None:
    put(record, ("positions", 0, "targets", 0, "country"), name)
    (fault,) = refused(standing, record).values()
    assert fault.pointer == "positions[0].targets[0].country"
    assert ", ".join(codes) in fault.detail
    assert fault.suggestion is None


NAMED = [
    (("positions", 0, "country"), "Pakistn", "PAK"),
    (("positions", 0, "body"), "pakistan-foreign-ofice", "pakistan-foreign-office"),
    (("positions", 0, "speaker"), "Tahir Andrabbi", "tahir-andrabi"),
    (("positions", 0, "topic"), "peace-talk", "peace-talks"),
    (("positions", 2, "reported_via"), "Press Trust India", "pti"),
    (("positions", 7, "conditions", 0, "group"), "Afghan Talibans", "afghan-taliban-regime"),
    (("positions", 7, "targets", 0, "group"), "afghan-talibn-regime", "afghan-taliban-regime"),
    (("positions", 12, "awaits", 0, "group"), "UN Security Councill", "un-security-council"),
    (("positions", 12, "decided_by", 0, "group"), "parliament-pakistan", "parliament-of-pakistan"),
    (("mediation_offers", 0, "mediator", "country"), "Turkei", "TUR"),
    (("mediation_offers", 0, "announced_by"), "Recep Erdogan", "recep-tayyip-erdogan"),
    (("rounds", 0, "host"), "Turkye", "TUR"),
    (("article", "publisher"), "Outlok India", "outlook-india"),
    (("article", "agency"), "ptii", "pti"),
    (("groups", 0, "country"), "Pakistn", "PAK"),
    (("groups", 4, "labels", 0, "used_by", "country"), "Pakistn", "PAK"),
    (("officials", 0, "tenures", 0, "group"), "Foreign Ofice of Pakistan",
     "pakistan-foreign-office"),
    (("officials", 0, "tenures", 0, "country"), "Pakistn", "PAK"),
]  # fmt: skip


@pytest.mark.parametrize(("place", "name", "meant"), NAMED, ids=lambda v: str(v)[:30])
def test_a_name_that_leads_nowhere_is_refused_with_the_near_miss(
    standing: Database, record, place, name: str, meant: str
) -> None:
    known = at(record, place)
    put(record, place, name)
    faults = refused(standing, record)
    assert list(faults) == [shown(place)], known
    assert repr(name) in faults[shown(place)].detail
    assert suggestion_leads_to(standing, faults[shown(place)].suggestion) == meant


def suggestion_leads_to(database: Database, suggestion: str | None) -> str | None:
    """What somebody who follows the suggestion arrives at."""
    with database.read() as session:
        found = Resolver(Directories(session), Draft(None))
        for directory in (found.countries, found.groups, found.officials, found.topics):
            if suggestion and (hit := directory.find(suggestion)[0]):
                return hit
    return None


def test_a_name_like_no_other_gets_no_suggestion(standing: Database, record) -> None:
    put(record, ("rounds", 0, "host"), "Xyzzyqwfp")
    (fault,) = refused(standing, record).values()
    assert fault.suggestion is None


@pytest.mark.parametrize("name", ["", " ", "—"])
def test_a_name_without_a_word_leads_nowhere(standing: Database, record, name: str) -> None:
    record["groups"].append({"slug": "dots", "name": "…", "kind": "other"})
    put(record, ("positions", 0, "body"), name)
    assert "positions[0].body" in refused(standing, record)


def test_a_name_of_two_groups_is_refused(standing: Database, record) -> None:
    record["groups"][0]["aliases"].append("Lower House")
    record["groups"][1]["aliases"].append("lower house")
    put(record, ("positions", 0, "body"), "Lower House")
    (fault,) = refused(standing, record).values()
    assert fault.pointer == "positions[0].body"
    assert "pakistan-foreign-office, parliament-of-pakistan" in fault.detail
    assert fault.suggestion is None


def test_an_official_with_the_name_of_another_is_refused_by_that_name(
    standing: Database, record
) -> None:
    record["officials"].append({"slug": "another-andrabi", "name": "Andrabi"})
    put(record, ("positions", 0, "speaker"), "Andrabi")
    assert list(refused(standing, record)) == ["positions[0].speaker"]


def test_names_lead_to_the_same_record_as_codes(database: Database) -> None:
    coded, words = book_fair()
    coded["positions"][0].update(
        country="PAK", body="pti", reported_via="pti", targets=[{"country": "TUR"}]
    )
    load(database, coded, words)
    before = current_position(database)
    named = coded
    named["positions"][0].update(
        country="Islamabad",
        body="press trust of india",
        speaker="Andrabi",
        topic="Trade and Transit",
        reported_via="PTI",
        targets=[{"country": "Türkiye"}],
    )
    load(database, named, words)
    assert current_position(database) == before


def current_position(database: Database) -> list[object]:
    """What is on record of the last position written, its bookkeeping aside."""
    rows = dump(database)
    said = rows["position_versions"][-1]
    return [said[7:], [row[1:] for row in rows["position_targets"] if row[0] == said[0]]]


def test_what_the_record_brings_can_be_named_in_it(database: Database) -> None:
    record, words = book_fair()
    record["groups"].append({"slug": "jury", "name": "The Jury", "kind": "other", "country": "IN"})
    record["groups"][-1]["country"] = "India"
    record["positions"][0]["targets"] = [{"group": "Jury"}]
    load(database, record, words)
    targets = dump(database)["position_targets"]
    assert targets[-1][-2:] == ("IND", "jury")
