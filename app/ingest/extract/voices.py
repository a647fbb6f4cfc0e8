"""Whom a speaker speaks for: a state and a body of it, a body of its own right, or nobody.

A minister, an envoy or a ministry's spokesperson speaks for the state; a scholar, a candidate or a
witness for nobody. What state a `Foreign Office` belongs to has to be said somewhere in the text.
"""

import re
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import NamedTuple

from app.codelists import GroupKind
from app.ingest.extract.found import Attribution, Person, Reading, Span
from app.ingest.extract.gazetteer import Mention, Scan, scan
from app.ingest.extract.vocabulary import Group, read_lexicon, vocabulary

STATE = frozenset(
    {GroupKind.MINISTRY, GroupKind.GOVERNMENT, GroupKind.LEGISLATURE, GroupKind.MILITARY}
)
"""Bodies that speak for the state they belong to."""

LONGEST = 120
"""Nobody is called by more than this."""

_NOBODY = re.compile(
    r"\b(?:officials?|sources?|analysts?|experts?|witness(?:es)?|residents?|critics?|lawmakers?"
    r"|diplomats?|media|newspaper|television|tv|radio|agency|agencies|reports?|people|protesters?"
    r"|famil(?:y|ies)|opposition|activists?|campaign|observers|others|some|many|users?)\b",
    re.IGNORECASE,
)
_ELSEWHERE = re.compile(r"\b(?:to|in|on|at|with|against|from)\s+(?:the\s+)?$|\bfor\s+(?:the\s+)?$")
_SPEAKS_FOR = re.compile(r"\b(?:spokes\w+|speaking|minister|secretary)\s+for\s+(?:the\s+)?$")
_OF = re.compile(r"\s(?:of|in)\s(?:the\s)?")
_ARTICLE = re.compile(r"^(?:[^—–]{0,60}[—–-] )?(?:[Tt]he )?")
_OWNED = re.compile(r"(?:['’]s?)? ")
_DATELINE = re.compile(
    r"(?:^|\n)(?P<place>[A-Z]{3}[A-Z .'’-]{0,30}|[A-Z][a-z]+(?: [A-Z][a-z]+)?(?= [(—–-]|, ))"
    r"(?:,[^\n—–(]{0,30})?(?:\(| ?[—–:-] )"
)
_AGAIN = {
    "ministry": (GroupKind.MINISTRY,),
    "government": (GroupKind.GOVERNMENT,),
    "army": (GroupKind.MILITARY,),
    "military": (GroupKind.MILITARY,),
    "group": (GroupKind.ARMED_GROUP, GroupKind.DE_FACTO_AUTHORITY),
    "movement": (GroupKind.ARMED_GROUP, GroupKind.DE_FACTO_AUTHORITY),
    "bloc": (GroupKind.INTERGOVERNMENTAL,),
    "agency": (GroupKind.INTERGOVERNMENTAL,),
}
"""What a body named before is called afterwards: `the ministry`."""

_NO_VERB = (
    r"(?: (?!(?:said|says|told|asked|urged|and|with|by|from|against|of|for|as|on)\b)[A-Za-z-]+)"
)
_BELONGS = re.compile(rf"['’]s?{_NO_VERB}{{0,4}},? |{_NO_VERB}{{0,4}} ")
_ITS = re.compile(r"\b[Ii]ts\s")
_PAST = re.compile(
    r"\b(?:former|ex|retired|then|late|analyst|expert|researcher|professor|opposition)\b"
)


class Voice(NamedTuple):
    """On whose behalf something is said."""

    country: str | None
    body: str | None
    """The slug of a group."""
    person: Person | None
    role: str | None


class Post(NamedTuple):
    """A post: the body it is in, and whether its holder speaks for the state."""

    body: str | None
    state: bool
    only: tuple[str, ...]
    named: bool
    """The post says that its holder is a state's, whatever else is known."""


_VAGUE = frozenset(
    {"spokesman", "spokesperson", "spokeswoman", "minister", "general", "governor", "envoy"}
    | {"king", "premier"}
)


@lru_cache(maxsize=1)
def _posts() -> tuple[re.Pattern[str], dict[str, Post]]:
    posts = {}
    for entry in read_lexicon("bodies.yaml")["posts"]:
        for words in entry["words"]:
            posts[words] = Post(
                entry.get("body"),
                entry.get("state", True),
                tuple(entry.get("only", ())),
                words not in _VAGUE,
            )
    longest = sorted(posts, key=lambda words: (-len(words), words))
    return re.compile(r"\b(?:" + "|".join(map(re.escape, longest)) + r")\b"), posts


@lru_cache(maxsize=4096)
def post_of(role: str) -> Post | None:
    """The post that a role names; None for one that speaks for no state."""
    pattern, posts = _posts()
    found = [posts[each] for each in pattern.findall(role.lower())]
    if not found or not all(post.state for post in found):
        return None
    return next((post for post in found if post.body), found[0])


@lru_cache(maxsize=4096)
def _mentions(text: str) -> tuple[Mention, ...]:
    return tuple(scan(text).mentions)


@dataclass
class Cast:
    """The bodies and states of one article, and who in it speaks for which."""

    reading: Reading
    found: Scan
    groups: dict[str, Group] = field(default_factory=dict)
    """The bodies that facts refer to, by slug."""
    _homes: dict[str, set[str]] = field(default_factory=dict)
    _voices: dict[tuple[str, str | None], Voice | None] = field(default_factory=dict)
    _latest: dict[GroupKind, Voice] = field(default_factory=dict)
    _last: Voice | None = None

    def __post_init__(self) -> None:
        for mention in self.found.mentions:
            if mention.kind == "body":
                country = self.beside(mention)
                if country:
                    self._homes.setdefault(mention.value, set()).add(country)

    def beside(self, mention: Mention) -> str | None:
        """The state that stands beside a body: `Pakistan’s Foreign Office`, `parliament of X`."""
        before = self._just_before(mention.start)
        if before and before.kind == "country" and before.form != "people":
            return before.value
        text, index = self.reading.text, self.found.index_after(mention.end)
        if index < len(self.found.mentions):
            after = self.found.mentions[index]
            if after.kind == "country" and _OF.fullmatch(text[mention.end : after.start]):
                return after.value
        return None

    def _just_before(self, place: int) -> Mention | None:
        """What stands before a place as its own: `Egyptian `, `Egypt’s `."""
        before = self.found.before(place)
        own = before and _OWNED.fullmatch(self.reading.text[before.end : place])
        return before if own else None

    @cached_property
    def dateline(self) -> str | None:
        """The state in whose seat of government the story is dated: its bodies need no name."""
        start = self.reading.body[0]
        found = _DATELINE.search(self.reading.text, max(0, start - 4), start + 120)
        place = found["place"].strip(" ,").title() if found else ""
        known = vocabulary()
        code = known.hosts.get(place)
        return code if code and place in known.capitals else None

    def home(self, body: str) -> str | None:
        """The state whose body this is in the article, if it is one state's."""
        countries = self._homes.get(body, set())
        return next(iter(countries)) if len(countries) == 1 else None

    def body_of(self, mention: Mention, country: str | None = None) -> str | None:
        """The slug of the body that a mention names; None if its state is not known."""
        if mention.kind == "group":
            return self.group(mention.value)
        country = self.beside(mention) or self.home(mention.value) or country
        return self.state_body(mention.value, country) if country else None

    def group(self, slug: str) -> str:
        """Note a body that has its own name."""
        self.groups.setdefault(slug, vocabulary().groups[slug])
        return slug

    def state_body(self, id_: str, country: str) -> str:
        """The slug of a state's body; it is noted as one that the article names."""
        known = vocabulary()
        body, state = known.bodies[id_], known.countries[country]
        written = body.of.get(country) or {"slug": body.slug, "name": body.name}
        slug = written["slug"].format(country=state.slug)
        if slug not in self.groups:
            name = written["name"].format(name=state.name)
            kept = known.groups.get(slug)
            self.groups[slug] = kept or Group(slug, name, body.kind, country)
        return slug

    def country_of(self, group: str) -> str | None:
        """The state that a body speaks for."""
        known = self.groups[group]
        speaks = known.kind in STATE or (
            known.kind == GroupKind.DE_FACTO_AUTHORITY and not known.party
        )
        return known.country if speaks else None

    def voice(self, attribution: Attribution) -> Voice | None:
        """On whose behalf the words are said; None for nobody's that is known."""
        voice = self._voice(attribution)
        if voice is not None and voice.body is not None:
            self._last = voice._replace(person=None, role=None)
            self._latest[self.groups[voice.body].kind] = self._last
        return voice

    def _voice(self, attribution: Attribution) -> Voice | None:
        person = attribution.person
        if person is not None and not person.role:
            person = self._with_role(person, attribution.source)
        if person is not None and (person.role or attribution.source is None):
            return self.of_person(person)
        if attribution.source is None:
            return self._of_name(attribution.speaker or "", None)
        start, end = attribution.source
        written = self.reading.text[start:end]
        if self.found.within(attribution.source):
            return self._of_name(written, attribution.source)
        return self._of_name(attribution.speaker or "", None) or self._again(written)

    def _with_role(self, person: Person, source: Span | None) -> Person:
        """A person with the post that the text gives beside the name: `Russia’s ambassador, …`."""
        written = self.reading.text[source[0] : source[1]] if source else ""
        role = written.removesuffix(person.name).rstrip(" ,")
        beside = role and role != written and len(role) <= LONGEST and post_of(role)
        return person._replace(role=role) if beside else person

    def _again(self, written: str) -> Voice | None:
        """The body that was heard last, if it is named like one: `the ministry`."""
        words = written.lower().split()
        kinds = _AGAIN.get(words[1], ()) if len(words) == 2 and words[0] == "the" else ()
        return next((self._latest[kind] for kind in kinds if kind in self._latest), None)

    def of_person(self, person: Person) -> Voice | None:
        """On whose behalf a person speaks."""
        key = (person.name, person.role)
        if key not in self._voices:
            self._voices[key] = self._person(person)
        return self._voices[key]

    def _person(self, person: Person) -> Voice | None:
        role = person.role or ""
        full = f"{self._belonging(person.mention[0])}{role}"
        if not role or _PAST.search(full.lower()):
            return None
        own = [each for each in _mentions(full) if not _apart(full, each.start)]
        country = next((each.value for each in own if each.kind == "country"), None)
        group = next((each.value for each in own if each.kind == "group"), None)
        if group is not None:
            return self._bodied(self.group(group), country, person)
        return self._in_post(person, full, country, own)

    def _in_post(
        self, person: Person, full: str, country: str | None, own: list[Mention]
    ) -> Voice | None:
        """Whom the holder of a post speaks for, if it is a state's."""
        post = post_of(full)
        if post is None or (post.only and country not in {*post.only, None}):
            return None
        country = country or (post.only[0] if post.only else None)
        body = next((each.value for each in own if each.kind == "body"), post.body)
        country = country or (self.home(body) if body else None)
        if country is None and body is None and self._last and self._its(person):
            return self._last._replace(person=person, role=person.role)
        if country is None and (body or post.named):
            country = self.dateline
        if body and country:
            return self._bodied(self.state_body(body, country), country, person)
        return Voice(country, None, person, person.role) if country or post.named else None

    def _its(self, person: Person) -> bool:
        """Whether it is `its spokesperson`: of the body heard last."""
        start = person.mention[0]
        return bool(_ITS.search(self.reading.text[max(0, start - 5) : start + 4]))

    def _belonging(self, place: int) -> str:
        """What stands before a post as a part of it: `Niger’s junta leader, `, `EU policy `."""
        for mention in self.found.within((max(0, place - 60), place))[-1:]:
            if mention.form != "people" and _BELONGS.fullmatch(
                self.reading.text, mention.end, place
            ):
                return self.reading.text[mention.start : place]
        return ""

    def _bodied(self, body: str, country: str | None, person: Person) -> Voice:
        return Voice(self.country_of(body) or country, body, person, person.role)

    def _of_name(self, written: str, span: Span | None) -> Voice | None:
        """Whom a name that is no person's stands for."""
        if not 0 < len(written) <= LONGEST:
            return None
        if span is not None:
            own = [each for each in self.found.within(span) if not self._apart_in(span, each)]
        else:
            own = [each for each in _mentions(written) if not _apart(written, each.start)]
        if not own:
            return None
        if _NOBODY.search(_without(written, own, span[0] if span else 0)):
            return None
        return self._named(own) or self._country(written, own)

    def _named(self, own: list[Mention]) -> Voice | None:
        """The first body that is named, with its state."""
        country = next((each.value for each in own if each.kind == "country"), None)
        for mention in own:
            if mention.kind == "group":
                slug = self.group(mention.value)
                return Voice(self.country_of(slug), slug, None, None)
            if mention.kind == "body":
                home = country or self.home(mention.value)
                return (
                    Voice(home, self.state_body(mention.value, home), None, None) if home else None
                )
        return None

    def _country(self, written: str, own: list[Mention]) -> Voice | None:
        """A state by its name or its capital, and nothing else: not `a Pakistani farmer`."""
        if len(own) != 1 or own[0].kind != "country" or own[0].form not in {"name", "metonym"}:
            return None
        bare = _ARTICLE.sub("", written)
        rest = len(bare) - (own[0].end - own[0].start)
        return Voice(own[0].value, None, None, None) if rest <= 2 else None

    def _apart_in(self, span: Span, mention: Mention) -> bool:
        written = self.reading.text[span[0] : mention.start]
        return _apart(written, len(written))

    def agency(self, attribution: Attribution) -> str | None:
        """The news agency that the words are laid to, if to one."""
        if attribution.source is None:
            return None
        found = self.found.within(attribution.source)
        return next((each.value for each in found if each.kind == "agency"), None)


def _without(written: str, named: list[Mention], start: int) -> str:
    """What a name says besides what is known of it."""
    for mention in reversed(named):
        written = written[: mention.start - start] + written[mention.end - start :]
    return written


def _apart(written: str, place: int) -> bool:
    """Whether what is named here is not the speaker's own: `envoy to Syria`."""
    before = written[max(0, place - 40) : place]
    return bool(_ELSEWHERE.search(before)) and not _SPEAKS_FOR.search(before)
