"""Assembly: the entries of a record, resolved, as the versions they ask to have on record."""

from collections.abc import Iterable, Iterator
from typing import Any

from app.codelists import ClauseKind, Curation, NameKind, Precision, Response
from app.dates import parse_date
from app.db import ReadSession
from app.folding import fold
from app.ingest import shapes
from app.ingest.draft import Draft, Path_
from app.ingest.record import (
    ActorRef,
    ArticleEntry,
    GroupEntry,
    OfferEntry,
    OfficialEntry,
    PositionEntry,
    ResponseEntry,
    RoundEntry,
    Selector,
    TenureEntry,
    entry_digest,
)
from app.ingest.resolve import Resolver
from app.ingest.shapes import Kind, Snapshot
from app.ingest.store import Want, article_id, fact_id


def names(named: Iterable[tuple[NameKind, str]]) -> list[Snapshot]:
    """The names that lead to an entity, each way of writing once."""
    seen: dict[str, Snapshot] = {}
    for kind, text in named:
        values = {"kind": kind.value, "text": text, "folded": fold(text)}
        seen.setdefault(values["folded"], Snapshot(values))
    return list(seen.values())


class Assembler:
    """Turns the entries of one draft into wants."""

    def __init__(self, session: ReadSession, draft: Draft, resolver: Resolver) -> None:
        assert draft.record is not None  # noqa: S101 - a draft without a record has no entries
        self._session = session
        self._draft = draft
        self._resolve = resolver
        self._article = draft.record.article
        self._digest = draft.record.digest()
        self._article_id = article_id(self._article.text_sha256)

    def wants(self) -> Iterator[Want]:
        """Everything that the record asks to have on record."""
        yield self._article_want(self._article)
        yield from merged_groups(self._session, self._groups(), self._article_id)
        yield from self._officials()
        for section, kind, assemble in (
            ("positions", shapes.POSITION, self._position),
            ("mediation_offers", shapes.OFFER, self._offer),
            ("rounds", shapes.ROUND, self._round),
        ):
            for index, entry in self._draft.entries(section):
                path = (section, index)
                yield self._fact(kind, path, entry, assemble(path, entry))

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
        stored = shapes.load(self._session, shapes.OFFICIAL, (e.slug for _, e in entries))
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
        self,
        kind: Kind,
        path: Path_,
        entry: PositionEntry | OfferEntry | RoundEntry,
        snapshot: Snapshot,
    ) -> Want:
        """A fact: what is its own, and what all facts have."""
        id_ = fact_id(kind, self._article.text_sha256, entry.key)
        snapshot.values |= {
            "id": id_,
            "topic": self._resolve.topic((*path, "topic"), entry.topic),
            "reported_via": self._resolve.group((*path, "reported_via"), entry.reported_via),
            "curation": Curation.PUBLISHED.value,
            "record_digest": entry_digest(entry),
            "merged_into": None,
        }
        snapshot.children["evidence"] = self._evidence(entry.evidence)
        return Want(kind, id_, snapshot, entry.key)

    def _position(self, path: Path_, entry: PositionEntry) -> Snapshot:
        find = self._resolve
        values = {
            "country_code": find.country((*path, "country"), entry.country),
            "body": find.group((*path, "body"), entry.body),
            "speaker": find.official((*path, "speaker"), entry.speaker),
            "speaker_role": entry.speaker_role,
            "stance": entry.stance.value,
            "modality": entry.modality.value,
            "proposition": entry.proposition,
            **_dated("said_on", entry.said_on),
        }
        clauses = [
            Snapshot(
                {
                    "kind": kind.value,
                    "text": clause.text,
                    "group_slug": find.group((*path, name, i, "group"), clause.group),
                }
            )
            for kind, name in (
                (ClauseKind.CONDITION, "conditions"),
                (ClauseKind.AWAITS, "awaits"),
                (ClauseKind.DECIDED_BY, "decided_by"),
            )
            for i, clause in enumerate(getattr(entry, name))
        ]
        return Snapshot(
            values, {"targets": self._actors((*path, "targets"), entry.targets), "clauses": clauses}
        )

    def _offer(self, path: Path_, entry: OfferEntry) -> Snapshot:
        mediator = self._actor((*path, "mediator"), entry.mediator)
        by = self._resolve.official((*path, "announced_by"), entry.announced_by)
        values = {
            "mediator_country": mediator["country_code"],
            "mediator_group": mediator["group_slug"],
            "kind": entry.kind.value,
            "status": entry.status.value,
            "explicit": entry.explicit,
            "announced_by": by,
            "announced_by_role": entry.announced_by_role,
            **_dated("offered_on", entry.offered_on),
        }
        parties = self._actors((*path, "parties"), entry.parties)
        said = self._actors((*path, "responses"), [each.party for each in entry.responses], "party")
        self._check_offer(path, Snapshot(mediator), parties, said)
        answers = dict(zip(map(_known, said), entry.responses, strict=True))
        responses = [self._response(party, answers.get(_known(party))) for party in parties]
        return Snapshot(values, {"parties": parties, "responses": responses})

    def _check_offer(
        self, path: Path_, mediator: Snapshot, parties: list[Snapshot], said: list[Snapshot]
    ) -> None:
        """Everybody has one part in an offer, whatever they are called. Unknown names are noted."""
        taken = [actor for party in parties if (actor := _known(party))]
        if _known(mediator) in taken:
            self._draft.fault((*path, "mediator"), "the mediator is one of the parties.")
        for index, party in enumerate(parties):
            if _known(party) in map(_known, parties[:index]) and _known(party):
                self._draft.fault((*path, "parties", index), "is one of the parties already.")
        for index, answer in enumerate(said):
            place, actor = (*path, "responses", index, "party"), _known(answer)
            if actor and actor not in taken and len(taken) == len(parties):
                self._draft.fault(place, "answers, but is not one of the parties.")
            if actor and actor in map(_known, said[:index]):
                self._draft.fault(place, "answers twice.")

    def _response(self, party: Snapshot, answer: ResponseEntry | None) -> Snapshot:
        """A party's answer; one that said nothing has none on record."""
        position = answer.position if answer else None
        return Snapshot(
            {
                **party.values,
                "response": (answer.response if answer else Response.NONE_ON_RECORD).value,
                **_dated("responded_on", answer.on if answer else None),
                "position_id": position
                and fact_id(shapes.POSITION, self._article.text_sha256, position),
            }
        )

    def _round(self, path: Path_, entry: RoundEntry) -> Snapshot:
        values = {
            "process": entry.process,
            "ordinal": entry.ordinal,
            "venue": entry.venue,
            "host": self._resolve.country((*path, "host"), entry.host),
            "outcome": entry.outcome.value,
            **_dated("held_on", entry.held_on),
        }
        return Snapshot(values, {"parties": self._actors((*path, "parties"), entry.parties)})

    def _actors(self, path: Path_, refs: list[ActorRef], *below: str) -> list[Snapshot]:
        return [
            Snapshot(self._actor((*path, index, *below), ref)) for index, ref in enumerate(refs)
        ]

    def _actor(self, path: Path_, ref: ActorRef) -> dict[str, Any]:
        """A country, or a group with the country that it belongs to."""
        country, group = self._resolve.actor(path, ref)
        if group is not None:
            country = self._resolve.country_of.get(group)
        return {"country_code": country, "group_slug": group}

    def _evidence(self, selected: list[Selector]) -> list[Snapshot]:
        return [
            Snapshot(
                {
                    "article_id": self._article_id,
                    "start_at": each.start,
                    "end_at": each.end,
                    "quote_type": each.quote_type.value,
                    **each.model_dump(exclude={"start", "end", "quote_type"}),
                }
            )
            for each in selected
        ]


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
    session: ReadSession, declared: Iterable[Snapshot], article: str | None
) -> Iterator[Want]:
    """Groups as declared, together with what the record holds of them from elsewhere."""
    snapshots = {snapshot.values["slug"]: snapshot for snapshot in declared}
    stored = shapes.load(session, shapes.GROUP, snapshots)
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


def _known(actor: Snapshot) -> tuple[str | None, str | None] | None:
    """Who it is, or none if the name leads nowhere."""
    found = (actor.values["country_code"], actor.values["group_slug"])
    return found if any(found) else None


def _dated(column: str, written: str | None) -> dict[str, Any]:
    """The two columns of a date."""
    if written is None:
        return {column: None, f"{column}_precision": Precision.UNKNOWN.value}
    parsed = parse_date(written)
    return {column: parsed.first, f"{column}_precision": parsed.precision.value}
