"""Facts as entries have them, with names resolved and dates split: the snapshots of versions.

And back again: a version as the entry that would write it, for whoever edits it.
"""

from collections.abc import Callable, Mapping
from typing import Any

from app.codelists import ClauseKind, Precision, Response
from app.dates import parse_date, shown_date
from app.ingest import shapes
from app.ingest.draft import Draft, Path_
from app.ingest.record import (
    ActorRef,
    OfferFields,
    PositionFields,
    ResponseFields,
    RoundFields,
    Selector,
)
from app.ingest.resolve import Resolver
from app.ingest.shapes import Kind, Snapshot

_CLAUSES = (
    (ClauseKind.CONDITION, "conditions"),
    (ClauseKind.AWAITS, "awaits"),
    (ClauseKind.DECIDED_BY, "decided_by"),
)


class FactAssembler:
    """Turns entries into what a version says: all but its identity, curation and evidence."""

    def __init__(self, draft: Draft, resolver: Resolver, position_id: Callable[[str], str]) -> None:
        self._draft = draft
        self._resolve = resolver
        self._position_id = position_id
        """From how an entry names the position that states an answer, to the position's id."""

    def snapshot(
        self, kind: Kind, path: Path_, entry: PositionFields | OfferFields | RoundFields
    ) -> Snapshot:
        """What a version that is written like this says. Faults are noted in the draft."""
        if isinstance(entry, PositionFields):
            made = self._position(path, entry)
        elif isinstance(entry, OfferFields):
            made = self._offer(path, entry)
        else:
            made = self._round(path, entry)
        made.values |= {
            "topic": self._resolve.topic((*path, "topic"), entry.topic),
            "reported_via": self._resolve.group((*path, "reported_via"), entry.reported_via),
            "merged_into": None,
        }
        return made

    def _position(self, path: Path_, entry: PositionFields) -> Snapshot:
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
            for kind, name in _CLAUSES
            for i, clause in enumerate(getattr(entry, name))
        ]
        return Snapshot(
            values, {"targets": self._actors((*path, "targets"), entry.targets), "clauses": clauses}
        )

    def _offer(self, path: Path_, entry: OfferFields) -> Snapshot:
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

    def _response(self, party: Snapshot, answer: ResponseFields | None) -> Snapshot:
        """A party's answer; one that said nothing has none on record."""
        position = getattr(answer, "position", None)
        return Snapshot(
            {
                **party.values,
                "response": (answer.response if answer else Response.NONE_ON_RECORD).value,
                **_dated("responded_on", answer.on if answer else None),
                "position_id": position and self._position_id(position),
            }
        )

    def _round(self, path: Path_, entry: RoundFields) -> Snapshot:
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


def evidence(selected: Selector, article: str) -> Snapshot:
    """A selector as a version has it."""
    said = selected.model_dump(mode="json", exclude={"start", "end", "article"})
    place = {"article_id": article, "start_at": selected.start, "end_at": selected.end}
    return Snapshot(place | said)


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


def entry_of(kind: Kind, snapshot: Snapshot) -> dict[str, Any]:
    """The entry that writes this version: the way back from `FactAssembler.snapshot`."""
    said = {name: snapshot.values[name] for name in (*_PLAIN[kind.name], "topic", "reported_via")}
    on = _DATES[kind.name]
    said[on] = _written(snapshot, on)
    said["evidence"] = [_cited(child) for child in snapshot.children["evidence"]]
    if kind is shapes.POSITION:
        said["country"] = snapshot.values["country_code"]
        said["targets"] = [_ref(child.values) for child in snapshot.children["targets"]]
        for clause, name in _CLAUSES:
            said[name] = [
                {"text": child.values["text"], "group": child.values["group_slug"]}
                for child in snapshot.children["clauses"]
                if child.values["kind"] == clause
            ]
        return said
    said["parties"] = [_ref(child.values) for child in snapshot.children["parties"]]
    if kind is shapes.OFFER:
        said["mediator"] = _ref(snapshot.values, "mediator_country", "mediator_group")
        # A party that said nothing is entered by leaving it out: it goes when the party does.
        said["responses"] = [
            _answer(child)
            for child in snapshot.children["responses"]
            if child.values["response"] != Response.NONE_ON_RECORD
        ]
    return said


_PLAIN = {
    "position": ("body", "speaker", "speaker_role", "stance", "modality", "proposition"),
    "mediation_offer": ("kind", "status", "explicit", "announced_by", "announced_by_role"),
    "round": ("process", "ordinal", "venue", "host", "outcome"),
}
"""The values that entries have by the same name."""

_DATES = {"position": "said_on", "mediation_offer": "offered_on", "round": "held_on"}


def _ref(
    values: Mapping[str, Any], country: str = "country_code", group: str = "group_slug"
) -> dict[str, Any]:
    """A country or a group, as an entry names it."""
    return {"group": values[group]} if values[group] else {"country": values[country]}


def _answer(child: Snapshot) -> dict[str, Any]:
    return {
        "party": _ref(child.values),
        "response": child.values["response"],
        "on": _written(child, "responded_on"),
        "position": child.values["position_id"],
    }


def _cited(child: Snapshot) -> dict[str, Any]:
    renamed = {"article_id": "article", "start_at": "start", "end_at": "end"}
    return {renamed.get(name, name): value for name, value in child.values.items()}


def _written(snapshot: Snapshot, column: str) -> str | None:
    """A date as an entry has it."""
    return shown_date(snapshot.values[column], snapshot.values[f"{column}_precision"])
