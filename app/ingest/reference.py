"""Reference data: countries from ISO 3166 with our overlay, topics, and bodies known everywhere.

ISO 3166-1 comes from pycountry, the overlay (names in use, demonyms, capitals that stand for
governments, regions, Wikidata items) from `seed/countries.yaml`, which names its sources.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pycountry
import yaml
from pydantic import BaseModel, ConfigDict, TypeAdapter

from app.codelists import ChangeKind, NameKind, TopicScheme
from app.db import Database
from app.ingest import shapes
from app.ingest.assemble import group_snapshot, merged_groups, names
from app.ingest.changes import Origin
from app.ingest.record import GroupEntry, Slug, Wikidata
from app.ingest.shapes import Lookup, Snapshot
from app.ingest.store import Outcome, Want, plan, store

METHOD = f"ISO 3166-1 by pycountry {pycountry.__version__}, with the overlay in seed/"


class _Seed(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Region(_Seed):
    """A UN M49 sub-region."""

    name: str
    within: str


class CountryOverlay(_Seed):
    """What ISO 3166 lacks of a country; all of it for a user-assigned code."""

    alpha2: str | None = None
    name: str | None = None
    official_name: str | None = None
    user_assigned: bool = False
    wikidata: Wikidata | None = None
    region: str | None = None
    aliases: list[str] = []
    demonyms: list[str] = []
    metonyms: list[str] = []


class CountryOverlays(_Seed):
    """The file `seed/countries.yaml`."""

    regions: dict[str, Region]
    countries: dict[str, CountryOverlay]


class TopicSeed(_Seed):
    """A subject."""

    slug: Slug
    name: str
    description: str
    broader: Slug | None = None
    codes: dict[TopicScheme, str] = {}


def load_reference(database: Database, seed: Path, *, by: str) -> Outcome:
    """Bring the reference data on record to what `seed` holds; no change if it is there."""
    with database.write() as session:
        lookup = shapes.on_record(session)
        wants = [
            *_countries(seed / "countries.yaml"),
            *_topics(seed / "topics.yaml"),
            *_groups(lookup, seed / "groups.yaml"),
        ]
        origin = Origin(kind=ChangeKind.REFERENCE, by=by, method=METHOD)
        return store(session, plan(lookup, wants), origin)


def _countries(path: Path) -> Iterator[Want]:
    overlays = CountryOverlays.model_validate(_read(path))
    iso = {country.alpha_3: country for country in pycountry.countries}
    for code in sorted(iso.keys() | overlays.countries.keys()):
        overlay = overlays.countries.get(code, CountryOverlay())
        yield Want(shapes.COUNTRY, code, _country(code, iso.get(code), overlay, overlays.regions))


def _country(
    code: str,
    iso: Any,
    overlay: CountryOverlay,
    regions: dict[str, Region],
) -> Snapshot:
    official = overlay.official_name or getattr(iso, "official_name", None)
    in_iso = [getattr(iso, name, None) for name in ("common_name", "name")]
    name = overlay.name or next(found for found in in_iso if found)
    region = regions[overlay.region] if overlay.region else None
    values = {
        "code": code,
        "alpha2": overlay.alpha2 or iso.alpha_2,
        "numeric": getattr(iso, "numeric", None),
        "name": name,
        "official_name": official,
        "region_code": overlay.region,
        "region_name": region.name if region else None,
        "wikidata": overlay.wikidata,
        "user_assigned": overlay.user_assigned,
    }
    named = [(NameKind.NAME, each) for each in (name, *in_iso, official) if each]
    named += [(NameKind.ALIAS, each) for each in overlay.aliases]
    named += [(NameKind.DEMONYM, each) for each in overlay.demonyms]
    named += [(NameKind.METONYM, each) for each in overlay.metonyms]
    return Snapshot(values, {"names": names(named)})


def _topics(path: Path) -> Iterator[Want]:
    for topic in TypeAdapter(list[TopicSeed]).validate_python(_read(path)):
        codes = [
            Snapshot({"scheme": scheme.value, "code": code})
            for scheme, code in sorted(topic.codes.items())
        ]
        values = topic.model_dump(exclude={"codes"})
        yield Want(shapes.TOPIC, topic.slug, Snapshot(values, {"codes": codes}))


def _groups(lookup: Lookup, path: Path) -> Iterator[Want]:
    entries = TypeAdapter(list[GroupEntry]).validate_python(_read(path))
    declared = [group_snapshot(entry, entry.country) for entry in entries]
    yield from merged_groups(lookup, declared, None)


def _read(path: Path) -> object:
    return yaml.safe_load(path.read_text(encoding="utf-8"))
