"""Filters: from what a request says to conditions on a query, nothing misread on the way.

A filter's value is one alternative or several (`PAK|AFG`), all of them wanted or all of them left
out (`!PAK|!AFG`). Alternatives within a filter are joined by OR, filters by AND.
"""

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import Any

from rapidfuzz.distance import JaroWinkler
from sqlalchemy import (
    BindParameter,
    Column,
    ColumnElement,
    Select,
    Table,
    bindparam,
    exists,
    false,
    func,
    or_,
    select,
)

from app import models
from app.codelists import CodeList
from app.dates import PartialDate, parse_date
from app.errors import Fault, InvalidRequest, near_miss, shown
from app.folding import fold
from app.sessions import ReadSession
from app.sql import PINNED, public_at, table, valid_at
from app.tallies import OneOf

MAX_ALTERNATIVES = 50


Resolver = Callable[[str, str], str | Fault]
"""From a value and its parameter to a code, slug or id, or to why there is none."""

KNOWN = 1000
"""Values that are looked through for a near miss."""


@dataclass(frozen=True, eq=False)
class Named:
    """A kind of entity that can be named in a filter."""

    kind: str
    versions: Table
    key: str
    names: Table
    also: tuple[str, ...] = ()
    """Further columns that identify an entity: a country's alpha-2 code."""


COUNTRY = Named(
    "country", table(models.CountryVersion), "code", table(models.CountryName), ("alpha2",)
)
GROUP = Named("group", table(models.GroupVersion), "slug", table(models.GroupName))
OFFICIAL = Named("official", table(models.OfficialVersion), "slug", table(models.OfficialName))

SUGGESTED = 3
"""Near misses that an unknown name is answered with, at most."""

NEAR = 0.8
"""How like a name has to be (Jaro-Winkler, 0 to 1) to be suggested."""

CODE_LENGTH = 3
"""What is no longer than this was probably meant as a country's code."""


Bound = Sequence[BindParameter[Any]]
"""The values of a filter as parameters of a statement."""

Condition = Callable[[Bound], ColumnElement[bool]]
"""From the values of a filter to the condition that they make."""


@dataclass
class Conditions:
    """The conditions that a request's filters make, and how the filters were read.

    Values are kept apart from conditions, which refer to them by name: a statement that is kept
    for one request serves all others of the same shape.
    """

    session: ReadSession
    version: int
    params: dict[str, Any] = field(default_factory=dict)
    """The values, by the names that the conditions have for them."""
    read_as: dict[str, list[str]] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    _made: list[tuple[str, Hashable, Callable[[], ColumnElement[bool]]]] = field(
        default_factory=list
    )
    _chosen: dict[str, OneOf] = field(default_factory=dict)
    _tree: Sequence[Any] | None = None

    def __post_init__(self) -> None:
        self.params["version"] = self.version

    @property
    def shape(self) -> Hashable:
        """What tells these conditions from others, whatever the values."""
        return tuple((name, shape) for name, shape, _ in self._made)

    @property
    def names(self) -> set[str]:
        """What there are conditions on: the parameters, and what else narrows the list."""
        return {name for name, _, _ in self._made}

    @property
    def where(self) -> list[ColumnElement[bool]]:
        """The conditions; their values are in `params`."""
        return [make() for _, _, make in self._made]

    def add(
        self,
        name: str,
        make: Callable[[], ColumnElement[bool]],
        shape: Hashable = None,
        **params: Any,
    ) -> None:
        """A condition, made when it is needed; name and shape stand for all that it depends on.

        Values come as parameters, which the condition has by name (`bindparam`).
        """
        self._made.append((name, shape, make))
        self.params |= params

    def any_of(self, name: str, values: Sequence[str], target: ColumnElement[Any]) -> None:
        """The condition that a column has one of these values."""
        self._choose(name, values, one_of(target), out=False)

    def values_of(self, name: str) -> OneOf:
        """The values that a condition by this name lets through, or leaves out."""
        return self._chosen.get(name, OneOf([]))

    def checked(self) -> "Conditions":
        """These conditions. Raises InvalidRequest if a filter could not be read."""
        if self.faults:
            raise InvalidRequest.of(self.faults)
        return self

    def code(
        self, parameter: str, given: str | None, list_: type[CodeList], target: Column[Any]
    ) -> None:
        """A filter on a column of codes."""
        self.choice(parameter, given, codes(list_), one_of(target))

    def named(self, parameter: str, given: str | None, named: Named, target: Column[Any]) -> None:
        """A filter on a column that refers to a country, a group or an official."""
        self.choice(parameter, given, self.lookup(named), one_of(target))

    def existing(self, parameter: str, given: str | None, target: Column[Any], noun: str) -> None:
        """A filter on a column whose values are those that stand in it, and no others."""
        self.choice(parameter, given, self.occurring(target, noun), one_of(target))

    def occurring(self, target: Column[Any], noun: str) -> Resolver:
        """A resolver of the values that stand in a column."""

        def resolve(given: str, parameter: str) -> str | Fault:
            def build() -> Select[Any]:
                public = select(target).where(*public_at(target.table, PINNED))
                return public.where(target == bindparam("given")).limit(1)

            params = {"version": self.version, "given": given}
            if self.session.run(("occurring", target), build, params):
                return given
            public = select(target).where(*public_at(target.table, self.version))
            known = self.session.rows(public.distinct().order_by(target).limit(KNOWN))
            values = [str(row[0]) for row in known if row[0] is not None]
            return Fault(
                f"{given[:80]!r} is no {noun} on record.",
                parameter,
                allowed=shown(values),
                suggestion=near_miss(given, values),
            )

        return resolve

    def topic(self, given: str | None, target: Column[Any]) -> None:
        """A filter on the topic, narrower topics included."""
        self.choice(
            "topic",
            given,
            self.known_topic,
            one_of(target),
            lambda found: self.topic_tree(*found),
        )

    def dates(self, stem: str, since: str | None, until: str | None, target: Column[Any]) -> None:
        """A range of dates, both ends included; a month or a year as an end means all of it."""
        first, last = self._date(f"{stem}_from", since), self._date(f"{stem}_to", until)
        if first and last and first.first > last.last:
            fault = f"{since!r} is after {stem}_to, {until!r}: nothing can lie between."
            self.faults.append(Fault(fault, f"{stem}_from"))
        since_name, until_name = f"{stem}_from", f"{stem}_to"
        if first:
            after = lambda: target >= bindparam(since_name, type_=target.type)  # noqa: E731
            self.add(since_name, after, **{since_name: first.first})
        if last:
            before = lambda: target <= bindparam(until_name, type_=target.type)  # noqa: E731
            self.add(until_name, before, **{until_name: last.last})

    def choice(
        self,
        parameter: str,
        given: str | None,
        resolve: Resolver,
        condition: Condition,
        expand: Callable[[list[str]], list[str]] = lambda found: found,
    ) -> None:
        """A filter of one or more alternatives, each resolved, wanted or left out.

        `expand` makes of what was meant all that it stands for.
        """
        if given is None:
            return
        parts = [part.strip() for part in given.split("|")]
        if fault := _malformed(parameter, parts):
            self.faults.append(fault)
            return
        negated = parts[0].startswith("!")
        resolved = [resolve(part.removeprefix("!").strip(), parameter) for part in parts]
        self.faults += [each for each in resolved if isinstance(each, Fault)]
        found = list(dict.fromkeys(each for each in resolved if isinstance(each, str)))
        self.read_as[parameter] = [f"!{each}" if negated else each for each in found]
        self._choose(parameter, expand(found), condition, out=negated)

    def _choose(self, name: str, values: Sequence[str], condition: Condition, *, out: bool) -> None:
        params = {f"{name}_{n}": value for n, value in enumerate(values)}

        def make() -> ColumnElement[bool]:
            wanted = condition([bindparam(each) for each in params])
            # What has no value at all is not one of those left out.
            return func.coalesce(wanted, false()).is_(false()) if out else wanted

        self._chosen[name] = OneOf(values, out)
        self.add(name, make, (out, len(values)), **params)

    def actors(self, parameter: str, given: str | None, child: Table, versions: Table) -> None:
        """A filter on children that are countries or groups; a country includes its groups."""
        by_code, by_slug = one_of(child.c.country_code), one_of(child.c.group_slug)

        def has(found: Bound) -> ColumnElement[bool]:
            return exists().where(
                child.c.version_id == versions.c.row_id, or_(by_code(found), by_slug(found))
            )

        self.choice(parameter, given, self.actor, has)

    def actor(self, given: str, parameter: str) -> str | Fault:
        """The code of a country or the slug of a group that a name leads to."""
        faults = []
        for named in (COUNTRY, GROUP):
            found = find(self.session, self.version, named, given, parameter)
            if not isinstance(found, Fault):
                return found
            faults.append(found)
        if ambiguous := next((f for f in faults if f.allowed and not f.suggestion), None):
            return ambiguous
        named_all = [names_of(self.session, self.version, named) for named in (COUNTRY, GROUP)]
        near = nearest(given, chain.from_iterable(named_all))
        return Fault(
            f"{given[:80]!r} is no country and no group on record, by code or by name.",
            parameter,
            allowed=near or None,
            suggestion=near[0] if near else None,
        )

    def evidence(self, given: str | None, child: Table, versions: Table) -> None:
        """A filter on the articles that the evidence stands in."""
        self.choice(
            "article",
            given,
            self.occurring(table(models.ArticleVersion).c.id, "article"),
            lambda found: exists().where(
                child.c.version_id == versions.c.row_id,
                one_of(child.c.article_id)(found),
            ),
        )

    def lookup(self, named: Named) -> Resolver:
        """A resolver of names to the codes or slugs of these entities."""
        return lambda given, parameter: find(self.session, self.version, named, given, parameter)

    def topic_tree(self, *slugs: str) -> list[str]:
        """These topics, as far as they are on record, and all that are narrower."""
        topics = self._topics()
        wanted = {topic.slug for topic in topics} & set(slugs)
        while more := {t.slug for t in topics if t.broader in wanted} - wanted:
            wanted |= more
        return sorted(wanted)

    def known_topic(self, given: str, parameter: str) -> str | Fault:
        """The slug of a topic, or why there is none."""
        known = [topic.slug for topic in self._topics()]
        slug = given.casefold()
        if slug in known:
            return slug
        return Fault(
            f"{given[:80]!r} is no topic on record.",
            parameter,
            allowed=shown(known),
            suggestion=near_miss(given, known),
        )

    def _topics(self) -> Sequence[Any]:
        if self._tree is None:
            self._tree = self.session.run("topics", _all_topics, {"version": self.version})
        return self._tree

    def _date(self, parameter: str, given: str | None) -> PartialDate | None:
        if given is None:
            return None
        try:
            parsed = parse_date(given)
        except ValueError as error:
            self.faults.append(Fault(str(error)[:200], parameter))
            return None
        self.read_as[parameter] = [given]
        return parsed


def _all_topics() -> Select[Any]:
    topic = table(models.TopicVersion)
    valid = valid_at(topic, PINNED)
    return select(topic.c.slug, topic.c.broader).where(valid).order_by(topic.c.slug)


def one_of(target: ColumnElement[Any]) -> Condition:
    """The condition that a column has one of the values."""

    def condition(found: Bound) -> ColumnElement[bool]:
        return target == found[0] if len(found) == 1 else target.in_(found)

    return condition


def find(
    session: ReadSession, version: int, named: Named, given: str, parameter: str
) -> str | Fault:
    """The code or slug that a code, slug or known name leads to, or why it leads nowhere."""
    params = {
        "version": version,
        "given": given,
        "upper": given.upper(),
        "lower": given.casefold(),
        "folded": fold(given),
    }
    found = session.run(("find", named), lambda: _find(named), params)
    keys = [row.key for row in found if row.exact] or [row.key for row in found]
    if len(keys) == 1:
        return str(keys[0])
    if keys:
        detail = f"{given[:80]!r} names more than one {named.kind}."
        return Fault(detail, parameter, allowed=keys)
    return _unknown(session, version, named, given, parameter)


def _find(named: Named) -> Select[Any]:
    """By the key as given or in another case, by another code, or by a name."""
    versions, names = named.versions, named.names
    key = versions.c[named.key]
    exact = [key == bindparam(spelling) for spelling in ("given", "upper", "lower")]
    exact += [versions.c[other] == bindparam("upper") for other in named.also]
    by_name = select(names.c.version_id).where(names.c.folded == bindparam("folded"))
    return (
        select(key.label("key"), or_(*exact).label("exact"))
        .where(valid_at(versions, PINNED), or_(*exact, versions.c.row_id.in_(by_name)))
        .order_by(key)
    )


def _unknown(session: ReadSession, version: int, named: Named, given: str, parameter: str) -> Fault:
    """The fault of a name that leads nowhere, with the keys whose names come near."""
    near = nearest(given, names_of(session, version, named))
    return Fault(
        f"{given[:80]!r} is no {named.kind} on record, by code or by name.",
        parameter,
        allowed=near or None,
        suggestion=near[0] if near else None,
    )


def names_of(session: ReadSession, version: int, named: Named) -> list[tuple[str, str]]:
    """Every key of these entities with every folded name that leads to it."""
    versions, names = named.versions, named.names
    statement = (
        select(versions.c[named.key].label("key"), names.c.folded.label("name"))
        .join(names, names.c.version_id == versions.c.row_id)
        .where(valid_at(versions, version))
    )
    return [(row.key, row.name) for row in session.rows(statement)]


def nearest(given: str, keyed: Iterable[tuple[str, str]]) -> list[str]:
    """The few keys that were probably meant: by code for what looks like one, else by name."""
    folded = fold(given)
    scored: dict[str, float] = {}
    for key, name in keyed:
        codes_meet = len(given) <= CODE_LENGTH >= len(key)
        likeness = JaroWinkler.similarity(folded, key.casefold() if codes_meet else name)
        scored[key] = max(likeness, scored.get(key, 0.0))
    best = sorted(scored, key=lambda key: (-scored[key], key))[:SUGGESTED]
    return [key for key in best if scored[key] >= NEAR]


def codes(list_: type[CodeList]) -> Resolver:
    """A resolver of the codes of a list."""
    allowed = [code.value for code in list_]

    def resolve(given: str, parameter: str) -> str | Fault:
        if given in allowed:
            return given
        return Fault(
            f"{given[:80]!r} is not one of the allowed values.",
            parameter,
            allowed=allowed,
            suggestion=near_miss(given, allowed),
        )

    return resolve


def _malformed(parameter: str, parts: Sequence[str]) -> Fault | None:
    if not all(part.removeprefix("!").strip() for part in parts):
        return Fault("has an empty alternative.", parameter)
    if len({part.startswith("!") for part in parts}) > 1:
        return Fault(
            "mixes what is wanted with what is left out (!); give one or the other.", parameter
        )
    if len(parts) > MAX_ALTERNATIVES:
        return Fault(
            f"has {len(parts)} alternatives; up to {MAX_ALTERNATIVES} are taken.", parameter
        )
    return None
