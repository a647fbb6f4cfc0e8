"""The chain of changes: what each digest takes in, worked out again from the tables alone."""

import hashlib
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, tuple_, update

from app import models
from app.canonical import canonical, digest
from app.db import Database
from app.ingest import shapes
from app.ingest.pipeline import ingest
from app.ingest.reading import read_file
from app.ingest.reference import load_reference
from app.ingest.shapes import Shape
from app.models import Change
from app.sessions import ReadSession
from app.settings import Settings, resource
from app.sql import table
from tests.conftest import RECORD
from tests.http.helpers import property_settings
from tests.time.history import LAST, Twin, live

Entry = dict[str, Any]
KINDS = shapes.KINDS
OF_VERSIONS = {
    "row_id",
    "rev",
    "recorded_in",
    "superseded_in",
    "change_type",
    "digest",
    "record_digest",
    "sources",
    "independent_sources",
    "rule",
    "confidence",
}
OF_CHILDREN = {"row_id", "version_id", "ordinal"}
"""The columns that say nothing, but number and link what does."""


def sha256(content: Any) -> str:
    """The digest of what RFC 8785 makes of it."""
    return hashlib.sha256(rfc8785.dumps(content)).hexdigest()


def said(session: ReadSession, of: Any, row: Any, children: Mapping[str, Shape]) -> Entry:
    """What a row and its children say: all columns but those of bookkeeping, dates as text."""
    silent = OF_CHILDREN if "version_id" in of.c else OF_VERSIONS
    columns = [c.name for c in of.columns if c.name not in silent and c.computed is None]
    values = {name: getattr(row, name) for name in columns}
    found = {k: v.isoformat() if isinstance(v, date) else v for k, v in values.items()}
    for name, shape in children.items():
        child = shape.table
        rows = session.rows(
            select(child).where(child.c.version_id == row.row_id).order_by(child.c.ordinal)
        )
        found[name] = [said(session, child, each, shape.children) for each in rows]
    return found


def worked_out(database: Database) -> dict[int, str]:
    """The digest of each change, from what stands in the tables."""
    written: dict[int, list[Entry]] = {}
    with database.read() as session:
        for kind in KINDS:
            for row in session.rows(select(kind.table)):
                content = {"kind": kind.name, **said(session, kind.table, row, kind.children)}
                version = {
                    "kind": kind.name,
                    "id": getattr(row, kind.key),
                    "rev": row.rev,
                    "change_type": row.change_type,
                    "digest": sha256(content),
                }
                written.setdefault(row.recorded_in, []).append(version)
        rows = session.rows(select(table(Change)).order_by("seq"))
    previous, found = "0" * 64, {}
    for row in rows:
        versions = sorted(written.get(row.seq, []), key=lambda v: (v["kind"], v["id"], v["rev"]))
        previous = found[row.seq] = sha256(
            {
                "previous": previous,
                "seq": row.seq,
                "kind": row.kind,
                "by": row.by,
                "reason": row.reason,
                "article_id": row.article_id,
                "method": row.method,
                "software": row.software,
                "versions": versions,
            }
        )
    return found


def kept(database: Database) -> dict[int, str]:
    """The digest of each change, as the record has it."""
    change = table(Change)
    with database.read() as session:
        rows = session.rows(select(change.c.seq, change.c.digest).order_by(change.c.seq))
    return {row.seq: row.digest for row in rows}


def test_every_digest_can_be_worked_out_from_the_tables(twins: list[Twin]) -> None:
    for twin in twins:
        found = kept(twin.database)
        assert list(found) == list(range(LAST + 1))
        assert worked_out(twin.database) == found


def test_every_version_has_the_digest_of_what_it_says(twins: list[Twin]) -> None:
    with twins[0].database.read() as session:
        for kind in KINDS:
            for row in session.rows(select(kind.table)):
                content = {"kind": kind.name, **said(session, kind.table, row, kind.children)}
                assert row.digest == sha256(content)


def test_two_deployments_loaded_alike_have_the_same_digests_at_their_own_times(
    twins: list[Twin],
) -> None:
    one, other = (kept(twin.database) for twin in twins)
    assert one == other
    times = [twin.client.get("/v1/changes/1").json()["data"]["at"] for twin in twins]
    assert times[0] != times[1]


def test_no_two_changes_have_one_digest(twins: list[Twin]) -> None:
    digests = kept(twins[0].database).values()
    assert len(set(digests)) == len(digests)


@pytest.mark.parametrize("by", ["seed", "somebody else"])
def test_whoever_was_there_first_is_in_every_later_digest(
    empty_settings: Settings, database: Database, by: str
) -> None:
    other = Database(empty_settings)
    load_reference(other, resource("seed"), by=by)
    ingest(other, read_file(RECORD), text=None, by="seed")
    same = [a == b for a, b in zip(kept(database).values(), kept(other).values(), strict=True)]
    other.dispose()
    assert same == [by == "seed"] * 2


TAMPERED = [
    (models.CountryName, "text", "Elsewhere", 0),
    (models.CountryVersion, "wikidata", None, 0),
    (models.TopicVersion, "broader", "economy", 0),
    (models.TopicCode, "code", "0", 0),
    (models.GroupVersion, "kind", "mission", 0),
    (models.ArticleVersion, "headline", "Another", 1),
    (models.Tenure, "post", "Another", 1),
    (models.TenureEvidence, "start_at", 0, 1),
    (models.PositionVersion, "proposition", "Another.", 1),
    (models.PositionVersion, "stance", "denies", 1),
    (models.PositionVersion, "said_on", date(2025, 11, 13), 1),
    (models.PositionVersion, "change_type", "corrected", 1),
    (models.PositionTarget, "country_code", "IND", 1),
    (models.PositionClause, "text", "Another.", 1),
    (models.PositionEvidence, "exact_sha256", "0" * 64, 1),
    (models.MediationOfferVersion, "explicit", False, 1),
    (models.OfferResponse, "response", "declined", 1),
    (models.RoundVersion, "outcome", "full", 1),
    (models.RoundEvidence, "cue", "whispered", 1),
    (Change, "by", "nobody", 0),
    (Change, "reason", "Another.", 0),
    (Change, "method", "another", 0),
    (Change, "software", "another 1.0", 0),
]


@pytest.mark.parametrize(
    ("model", "column", "value", "change"),
    TAMPERED,
    ids=[f"{model.__name__}.{column}" for model, column, *_ in TAMPERED],
)
def test_whatever_is_tampered_with_breaks_the_chain_from_there(
    database: Database, model: Any, column: str, value: Any, change: int
) -> None:
    tampered = table(model)
    key = tuple_(*tampered.primary_key)
    with database.write() as session:
        (other,) = session.rows(
            select(*tampered.primary_key)
            .where(tampered.c[column].is_distinct_from(value))
            .order_by(*tampered.primary_key)
            .limit(1)
        )
        session.execute(update(tampered).where(key == tuple_(*other)).values({column: value}))
    found, stored = worked_out(database), kept(database)
    assert [seq for seq in stored if found[seq] != stored[seq]] == list(range(change, 2))


def test_the_time_of_recording_is_no_part_of_it(database: Database) -> None:
    changes = table(Change)
    moved = datetime(2001, 1, 1, tzinfo=UTC)
    with database.write() as session:
        session.execute(update(changes).where(changes.c.seq == 0).values(at=moved))
    assert worked_out(database) == kept(database)


def test_the_past_keeps_its_digests(database: Database) -> None:
    before = kept(database)
    live(database)
    after = kept(database)
    assert {seq: after[seq] for seq in before} == before
    assert len(after) == LAST + 1


# Canonical JSON

texts = st.text(st.characters(exclude_categories=["Cs"]))
names = st.text(st.characters(codec="ascii"), max_size=8)
scalars = st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | texts
content = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(names, inner, max_size=6),
    max_leaves=30,
)


@property_settings
@given(content)
def test_canonical_json_is_that_of_rfc_8785(written: Any) -> None:
    assert canonical(written) == rfc8785.dumps(written)
    assert digest(written) == hashlib.sha256(canonical(written)).hexdigest()


@property_settings
@given(st.dictionaries(names, scalars, max_size=6), st.randoms())
def test_the_order_of_names_makes_no_difference(written: Entry, random: Any) -> None:
    shuffled = list(written.items())
    random.shuffle(shuffled)
    assert canonical(dict(shuffled)) == canonical(written)


@given(st.dates())
def test_a_date_is_written_as_its_text(day: date) -> None:
    assert canonical({"on": day}) == rfc8785.dumps({"on": day.isoformat()})
