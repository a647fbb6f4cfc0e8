"""Assembly: the entries of a record, resolved, as the versions they ask to have on record."""

from collections.abc import Iterable, Iterator

from app.codelists import Curation, NameKind
from app.folding import fold
from app.ingest import shapes
from app.ingest.draft import Draft, Path_
from app.ingest.facts import FactAssembler, evidence
from app.ingest.record import (
    ArticleEntry,
    GroupEntry,
    OfferEntry,
    OfficialEntry,
    PositionEntry,
    RoundEntry,
    Selector,
    TenureEntry,
    entry_digest,
)
from app.ingest.resolve import Resolver
from app.ingest.shapes import Kind, Lookup, Snapshot
from app.ingest.store import Want, article_id, fact_id


def names(named: Iterable[tuple[NameKind, str]]) -> list[Snapshot]:
    """The names that lead to an entity, each way of writing once."""
    seen: dict[str, Snapshot] = {}
    for kind, text in named:
        values = {"kind": kind.value, "text": text, "folded": fold(text)}
        seen.setdefault(values["folded"], Snapshot(values))
    return list(seen.values())


FACT_SECTIONS = {
    "positions": shapes.POSITION,
    "mediation_offers": shapes.OFFER,
    "rounds": shapes.ROUND,
}
"""The sections of a record that hold facts."""


class Assembler:
    """Turns the entries of one draft into wants."""

    def __init__(
        self,
        lookup: Lookup,
        draft: Draft,
        resolver: Resolver,
        curation: Curation = Curation.PUBLISHED,
    ) -> None:
        assert draft.record is not None  # noqa: S101 - a draft without a record has no entries
        self._lookup = lookup
        self._draft = draft
        self._resolve = resolver
        self._article = draft.record.article
        self._digest = draft.record.digest()
        self._article_id = article_id(self._article.text_sha256)
        self._curation = curation
        self._facts = FactAssembler(
            draft, resolver, lambda key: self._fact_id(shapes.POSITION, key)
        )

    def wants(self) -> Iterator[Want]:
        """Everything that the record asks to have on record."""
        yield self._article_want(self._article)
        yield from merged_groups(self._lookup, self._groups(), self._article_id)
        yield from self._officials()
        for section, kind in FACT_SECTIONS.items():
            for index, entry in self._draft.entries(section):
                yield self._fact(kind, (section, index), entry)

    def _article_want(self, entry: ArticleEntry) -> Want:
        values = entry.model_dump() | {
            "id": self._article_id,
            "publisher": self._resolve.group(("article", "publisher"), entry.publisher),
            "agency": self._resolve.group(("article", "agency"), entry.agency),
            "record_digest": self._digest,
        }
        return Want(shapes.ARTICLE, self._article_id, Snapshot(values))

    def _groups(self) -> Iterator[Snapshot]:
        for index, entry in self._draft.entries("groups"):
            path: Path_ = ("groups", index)
            snapshot = group_snapshot(
                entry, self._resolve.country((*path, "country"), entry.country)
            )
            for place, label in enumerate(entry.labels):
                by = self._resolve.actor((*path, "labels", place, "used_by"), label.used_by)
                values = {"text": label.text, "used_by_country": by[0], "used_by_group": by[1]}
                snapshot.children["labels"].append(
                    Snapshot(values, {"evidence": self._evidence(label.evidence)})
                )
            yield snapshot

    def _officials(self) -> Iterator[Want]:
        entries = list(self._draft.entries("officials"))
        stored = self._lookup(shapes.OFFICIAL, (e.slug for _, e in entries))
        for index, entry in entries:
            snapshot = self._official(("officials", index), entry)
            before = stored.get(entry.slug)
            if before is not None:
                snapshot = _merged(before.snapshot, snapshot, "tenures", self._article_id)
            yield Want(shapes.OFFICIAL, entry.slug, snapshot)

    def _official(self, path: Path_, entry: OfficialEntry) -> Snapshot:
        named = [(NameKind.NAME, entry.name)]
        named += [(NameKind.ALIAS, variant) for variant in entry.name_variants]
        return Snapshot(
            {"slug": entry.slug, "name": entry.name, "wikidata": entry.wikidata},
            {
                "names": names(named),
                "tenures": [
                    self._tenure((*path, "tenures", i), t) for i, t in enumerate(entry.tenures)
                ],
            },
        )

    def _tenure(self, path: Path_, entry: TenureEntry) -> Snapshot:
        values = {
            "post": entry.post,
            "group_slug": self._resolve.group((*path, "group"), entry.group),
            "country_code": self._resolve.country((*path, "country"), entry.country),
            "started_on": entry.from_,
            "ended_on": entry.to,
            "end_status": entry.end_status.value,
            "attested_on": entry.attested_on,
        }
        return Snapshot(values, {"evidence": self._evidence(entry.evidence)})

    def _fact(
        self, kind: Kind, path: Path_, entry: PositionEntry | OfferEntry | RoundEntry
    ) -> Want:
        """A fact: what it says, and how it stands to the record."""
        id_, snapshot = self._fact_id(kind, entry.key), self._facts.snapshot(kind, path, entry)
        snapshot.values |= {
            "id": id_,
            "curation": self._curation.value,
            "record_digest": entry_digest(entry),
            "rule": entry.extraction and entry.extraction.rule,
            "confidence": entry.extraction and entry.extraction.confidence,
        }
        snapshot.children["evidence"] = self._evidence(entry.evidence)
        return Want(kind, id_, snapshot, entry.key)

    def _fact_id(self, kind: Kind, key: str) -> str:
        return fact_id(kind, self._article.text_sha256, key)

    def _evidence(self, selected: list[Selector]) -> list[Snapshot]:
        return [evidence(each, self._article_id) for each in selected]


def group_snapshot(entry: GroupEntry, country: str | None) -> Snapshot:
    """A group as an entry has it, labels aside."""
    named = [(NameKind.NAME, entry.name), *((NameKind.ALIAS, alias) for alias in entry.aliases)]
    values = {
        "slug": entry.slug,
        "name": entry.name,
        "kind": entry.kind.value,
        "country_code": country,
        "wikidata": entry.wikidata,
    }
    return Snapshot(values, {"names": names(named), "labels": []})


def merged_groups(
    lookup: Lookup, declared: Iterable[Snapshot], article: str | None
) -> Iterator[Want]:
    """Groups as declared, together with what the record holds of them from elsewhere."""
    snapshots = {snapshot.values["slug"]: snapshot for snapshot in declared}
    stored = lookup(shapes.GROUP, snapshots)
    for slug, snapshot in snapshots.items():
        before = stored.get(slug)
        merged = _merged(before.snapshot, snapshot, "labels", article) if before else snapshot
        yield Want(shapes.GROUP, slug, merged)


def _merged(stored: Snapshot, declared: Snapshot, attested: str, article: str | None) -> Snapshot:
    """What is on record, with what is declared on top.

    Values that are declared replace those on record. Names add up. Of the children that carry
    evidence (tenures, labels) those that this article attests are replaced, the others stay.
    """
    values = stored.values | {k: v for k, v in declared.values.items() if v is not None}
    known = {child.values["folded"] for child in stored.children["names"]}
    added = [c for c in declared.children["names"] if c.values["folded"] not in known]
    others = [
        child
        for child in stored.children[attested]
        if all(proof.values["article_id"] != article for proof in child.children["evidence"])
    ]
    return Snapshot(
        values,
        {
            "names": stored.children["names"] + added,
            attested: others + declared.children[attested],
        },
    )
