"""From a model's answer to a record: quotations become selectors, and what is not there is refused.

Nothing is judged here that verification and resolution judge (`vet`). What is decided here is what
they cannot see: whether the words stand in the text.
"""

import hashlib
import re
from collections.abc import Iterable
from typing import Any

from pydantic import ValidationError

from app.codelists import EndStatus
from app.errors import brief
from app.faults import schema_fault
from app.folding import words
from app.ingest import shapes
from app.ingest.draft import Draft
from app.ingest.extract.extractor import Refusal
from app.ingest.extract.model.anchor import Anchor, NotFound, folded, named
from app.ingest.extract.model.answer import FACT_FIELDS, Quote
from app.ingest.record import ArticleEntry
from app.ingest.resolve import Directories, Directory, Resolver
from app.ingest.shapes import Kind, Stored
from app.sessions import ReadSession

Entry = dict[str, Any]

MAX_SLUG = 80

_DATED = {"positions": "said_on", "mediation_offers": "offered_on", "rounds": "held_on"}
"""The date of a fact, which takes the article's words for it."""

_STATED = {
    "positions": ("speaker_role",),
    "mediation_offers": ("announced_by_role",),
    "rounds": ("venue",),
}
"""Details that are given as stated: they stand in the text, or are left out."""


class Composer:
    """Makes a record of one answer on one article."""

    def __init__(self, session: ReadSession, text: str, meta: ArticleEntry) -> None:
        self.refused: list[Refusal] = []
        self._session = session
        self._on_record = Resolver(Directories(session), Draft(None))
        self._anchor = Anchor(text)
        self._folded = folded(text)
        self._meta = meta

    def record(self, answer: dict[str, list[Entry]], method: str) -> Entry:
        """The record as it would be written by hand, not yet verified."""
        return {
            "format": "onrecord/article-record/1",
            "method": method,
            "article": self._meta.model_dump(mode="json"),
            "groups": list(self._groups(answer["bodies"])),
            "officials": list(self._officials(answer["people"])),
            **{section: list(self._facts(section, answer[section])) for section in _DATED},
        }

    def _refuse(self, section: str, key: str, detail: str, **more: Any) -> None:
        self.refused.append(Refusal(section, key, detail, **more))

    def _groups(self, bodies: list[Entry]) -> Iterable[Entry]:
        known = self._stored(shapes.GROUP, self._on_record.groups, bodies)
        for body in bodies:
            if id_ := self._attested("groups", body, self._on_record.groups):
                stored = known.get(id_)
                said = {name: body.get(name) for name in ("name", "kind", "country")}
                yield _as_stored(id_, stored) if stored else {"slug": id_, **_given(said)}

    def _officials(self, people: list[Entry]) -> Iterable[Entry]:
        known = self._stored(shapes.OFFICIAL, self._on_record.officials, people)
        for person in people:
            if id_ := self._attested("officials", person, self._on_record.officials):
                stored = known.get(id_)
                name = stored.snapshot.values["name"] if stored else person["name"]
                yield {"slug": id_, "name": name, "tenures": self._tenures(person)}

    def _stored(self, kind: Kind, directory: Directory, entries: list[Entry]) -> dict[str, Stored]:
        """Those of them that are on record."""
        names = [name for entry in entries if isinstance(name := entry.get("name"), str)]
        ids = [id_ for name in names if (id_ := directory.find(name)[0])]
        return dict(shapes.load(self._session, kind, ids))

    def _attested(self, section: str, entry: Entry, directory: Directory) -> str | None:
        """The slug under which the article attests somebody, on record or new; none if refused."""
        name = entry.get("name")
        if not isinstance(name, str) or not name.strip():
            self._refuse(section, brief(name), "has no name.")
            return None
        found, why_not = directory.find(name)
        if found:
            if named(directory, found, self._folded):
                return found
            self._refuse(section, name, "is not named in the text.")
        elif directory.knows(name):
            self._refuse(section, name, str(why_not))
        elif directory.find(slug(name))[0]:
            detail = f"would go by {slug(name)!r}, as another one on record does."
            self._refuse(section, name, detail, suggestion=slug(name))
        elif not self._anchor.stands(name):
            self._refuse(section, name, "does not stand in the text.", words=name)
        else:
            return slug(name)
        return None

    def _tenures(self, person: Entry) -> list[Entry]:
        """The post, if the text has it: in words that name it, found in one place."""
        name, post, mention = (person.get(each) for each in ("name", "post", "mention"))
        if post is None:
            return []
        try:
            proof, _ = self._anchor.selector(Quote(words=str(mention or ""), kind="mention"))
        except NotFound as error:
            self._part("officials", str(name), f"{error} No post is recorded.", mention or post)
            return []
        if not self._anchor.stands(str(post)):
            self._part("officials", str(name), "does not stand in the text.", post)
            return []
        tenure = {
            "post": post,
            "group": person.get("body"),
            "country": person.get("country"),
            "end_status": EndStatus.UNKNOWN.value,
            "attested_on": self._meta.published_on.isoformat(),
            "evidence": [proof],
        }
        return [_given(tenure)]

    def _part(self, section: str, key: str, detail: str, said: object) -> None:
        """Note that a part is refused, and the rest stands."""
        self._refuse(section, key, detail, words=str(said), whole=False)

    def _facts(self, section: str, entries: list[Entry]) -> Iterable[Entry]:
        for entry in entries:
            key = str(entry.get("key") or "")
            if unasked := sorted(entry.keys() - FACT_FIELDS[section]):
                self._refuse(section, key, f"{brief(unasked[0])}: the form has no such field.")
                continue
            evidence = self._evidence(section, key, entry.get("quotes"))
            if not evidence:
                self._refuse(section, key, "is left without evidence.")
                continue
            fact = {k: v for k, v in _given(entry).items() if k not in ("quotes", "dated_by")}
            self._drop_unstated(section, key, fact, entry.get("dated_by"))
            yield {**fact, **_slugs(fact), "evidence": evidence}

    def _evidence(self, section: str, key: str, quotes: object) -> list[Entry]:
        """The selectors of the quotations that stand in the text, each once."""
        found: list[Entry] = []
        for given in quotes if isinstance(quotes, list) else []:
            try:
                quote = Quote.model_validate(given)
                selector, dropped = self._anchor.selector(quote)
            except NotFound as error:
                self._part(section, key, str(error), quote.words)
                continue
            except ValidationError as error:
                detail = str(schema_fault(error.errors()[0]))
                self._part(section, key, f"is no quotation ({detail})", brief(given))
                continue
            for each in dropped:
                self._part(section, key, each.detail, each.words)
            if selector not in found:
                found.append(selector)
        return found

    def _drop_unstated(self, section: str, key: str, fact: Entry, dated_by: object) -> None:
        """Leave out the details that are to be the text's own words and are not."""
        for name in _STATED[section]:
            said = fact.get(name)
            if isinstance(said, str) and not self._anchor.stands(said):
                self._part(section, key, f"does not stand in the text: no {name}.", fact.pop(name))
        name = _DATED[section]
        if name in fact and not (isinstance(dated_by, str) and self._anchor.stands(dated_by)):
            detail = f"is the date, but {brief(dated_by)} does not stand in the text: no {name}."
            if dated_by is None:
                detail = f"is the date, but no words of the article are given for it: no {name}."
            self._part(section, key, detail, fact.pop(name))


def _as_stored(id_: str, stored: Stored) -> Entry:
    """A body as it is on record: a model's word for it replaces nothing curated."""
    values = stored.snapshot.values
    said = {"slug": id_, "name": values["name"], "kind": values["kind"]}
    return _given({**said, "country": values["country_code"]})


def _given(entry: Entry) -> Entry:
    """What an entry says: null is how a schema without optional fields leaves one out."""
    return {name: value for name, value in entry.items() if value is not None}


def _slugs(fact: Entry) -> Entry:
    """The fields of a fact that are slugs, as slugs are written."""
    made: Entry = {n: slug(fact[n]) for n in ("key", "process") if isinstance(fact.get(n), str)}
    if isinstance(fact.get("responses"), list):
        made["responses"] = [_answer(each) for each in fact["responses"]]
    return made


def _answer(response: object) -> object:
    if not isinstance(response, dict):
        return response
    position = response.get("position")
    return _given(response) | ({"position": slug(position)} if isinstance(position, str) else {})


def slug(name: str) -> str:
    """A name as a slug; letters that a slug cannot have count by a hash of the name."""
    folded = "-".join(words(name))
    made = re.sub("[^a-z0-9]+", "-", folded).strip("-")
    if folded.isascii() and made:
        return made[:MAX_SLUG].strip("-")
    tag = hashlib.sha256(name.encode()).hexdigest()[:12]
    return f"{made[: MAX_SLUG - 13]}-{tag}".strip("-")
