"""The officials and groups that a record's facts refer to, each with what attests it."""

import re
from datetime import date
from typing import Any

from app.codelists import QuoteType
from app.folding import fold
from app.ingest.extract.dyads import Actor
from app.ingest.extract.found import Person
from app.ingest.extract.positions import Stand
from app.ingest.extract.selectors import selector
from app.ingest.extract.statements import Proof, Stater
from app.ingest.extract.vocabulary import Group, slugify, vocabulary
from app.ingest.extract.voices import Cast, Voice
from app.ingest.verify import sha256

_POSSESSIVE = re.compile(r"^(?:the |an? )?")


class Actors:
    """Everybody that the entries of one record name."""

    def __init__(self, papers: list[Group]) -> None:
        self._groups: dict[str, Group] = {each.slug: each for each in papers}
        self._labels: dict[str, list[dict[str, Any]]] = {}
        self._officials: dict[str, dict[str, Any]] = {}
        self._slugs: dict[str, str] = {}

    def begin(self, cast: Cast, stater: Stater, published: date) -> None:
        """Begin with an article."""
        self._cast, self._stater, self._published = cast, stater, published

    def note(self, slug: str | None) -> None:
        """Note a group that a fact refers to."""
        if slug and slug not in self._groups:
            found = self._cast.groups.get(slug) or vocabulary().groups.get(slug)
            if found:
                self._groups[slug] = found

    def paper(self, slug: str | None) -> str | None:
        """Note the agency that a fact is reported by."""
        if slug:
            self._groups.setdefault(slug, vocabulary().papers[slug])
        return slug

    def ref(self, actor: Actor) -> dict[str, str]:
        """A state or body as a fact refers to it."""
        if actor.kind == "group":
            self.note(actor.id)
        return {actor.kind: actor.id}

    def selector(self, proof: Proof) -> dict[str, Any] | None:
        """The selector of a proof."""
        text = self._cast.reading.text
        return selector(text, proof.span, proof.quote_type, proof.cue, proof.source)

    def attest(self, stand: Stand) -> None:
        """Note the bodies that a position names, and the names that its side has for them."""
        for proof in stand.proofs:
            start, _ = self._stater.sentence(proof.span[0])
            for mention in self._cast.found.within((min(start, proof.span[0]), proof.span[1])):
                if mention.kind == "group":
                    self.note(mention.value)
                    written = self._cast.reading.text[mention.start : mention.end]
                    self._label(stand, proof, mention.value, written)

    def _label(self, stand: Stand, proof: Proof, slug: str, written: str) -> None:
        for text, used_by in vocabulary().groups[slug].labels:
            if (
                fold(text) != fold(written)
                or stand.voice.country != used_by
                or slug in self._labels
            ):
                continue
            made = self.selector(proof) if proof.quote_type == QuoteType.DIRECT else None
            if made:
                entry = {"text": text, "used_by": {"country": used_by}, "evidence": [made]}
                self._labels[slug] = [entry]

    def role(self, voice: Voice) -> str | None:
        """The post, as stated."""
        return _role(voice.role)

    def official(self, voice: Voice, on: str | None) -> str | None:
        """The slug of a speaker, who is noted with the post that the article attests."""
        person = voice.person
        if person is None:
            return None
        slug = self._slug(person)
        entry = self._officials.get(slug)
        if entry is None:
            entry = self._entry(slug, person)
            if entry is None:
                return None
            self._officials[slug] = entry
        if "tenures" not in entry and (tenure := self._tenure(voice, person, on)):
            entry["tenures"] = [tenure]
        return slug

    def announcer(self, person: Person | None, mediator: Actor) -> tuple[str, str | None] | None:
        """The slug and post of who announced an offer: somebody of the mediator's."""
        if person is None:
            return None
        voice = self._cast.of_person(person)
        country = mediator.id if mediator.kind == "country" else None
        if voice is None or voice.country is None:
            body = voice.body if voice else None
            voice = Voice(country, body, person, person.role)
        if country and voice.country != country:
            return None
        if voice.body:
            self.note(voice.body)
        slug = self.official(voice, None)
        return (slug, _role(person.role)) if slug else None

    def officials(self) -> list[dict[str, Any]]:
        """The entries, in the order in which facts named them."""
        return list(self._officials.values())

    def groups(self) -> list[dict[str, Any]]:
        """The entries of the bodies that the reference data does not hold."""
        made = []
        for group in self._groups.values():
            if group.seeded:
                continue
            entry: dict[str, Any] = {
                "slug": group.slug,
                "name": group.name,
                "kind": group.kind.value,
                "country": group.country,
                "aliases": list(group.aliases),
                "labels": self._labels.get(group.slug),
            }
            made.append({name: value for name, value in entry.items() if value})
        return made

    def _slug(self, person: Person) -> str:
        """A slug that no two persons of the article share."""
        if person.name not in self._slugs:
            slug = slugify(person.name, f"person-{sha256(person.name)[:8]}")
            taken = set(self._slugs.values())
            if slug in taken:
                slug = f"{slug[:70].rstrip('-')}-{sha256(person.name)[:8]}"
            self._slugs[person.name] = slug
        return self._slugs[person.name]

    def _entry(self, slug: str, person: Person) -> dict[str, Any] | None:
        name = _text(person.name)
        if not name:
            return None
        entry: dict[str, Any] = {"slug": slug, "name": name}
        surname = _text(person.surname)
        if surname and surname != name:
            entry["name_variants"] = [surname]
        return entry

    def _tenure(self, voice: Voice, person: Person, on: str | None) -> dict[str, Any] | None:
        post = _role(person.role)
        made = self.selector(Proof(person.mention, QuoteType.MENTION, None, None))
        if not post or made is None:
            return None
        tenure: dict[str, Any] = {"post": post, "group": voice.body, "country": voice.country}
        tenure |= {
            "end_status": "in_post",
            "attested_on": on if on and len(on) == 10 else str(self._published),
            "evidence": [made],
        }
        return {name: value for name, value in tenure.items() if value is not None}


def _role(role: str | None) -> str | None:
    """A post without the article before it."""
    return _POSSESSIVE.sub("", _text(role)) or None


def _text(written: str | None) -> str:
    return " ".join((written or "").replace("\x00", " ").split())[:300].strip()
