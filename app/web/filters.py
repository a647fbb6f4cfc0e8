"""Filters: from what a request says to conditions on a query, nothing misread on the way.

A filter's value is one alternative or several (`PAK|AFG`), all of them wanted or all of them left
out (`!PAK|!AFG`). Alternatives within a filter are joined by OR, filters by AND.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import chain
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Select,
    Table,
    and_,
    bindparam,
    exists,
    or_,
    select,
)

from app import models
from app.codelists import CodeList
from app.dates import PartialDate, parse_date
from app.errors import Fault, near_miss, shown
from app.folding import fold
from app.sessions import ReadSession
from app.sql import PINNED, public_at, table, valid_at
from app.tallies import OneOf
from app.web.conditions import Condition, Narrowed, one_of

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


@dataclass
class Conditions(Narrowed):
    """The conditions that a request's filters make, and how the filters were read."""

    entries: Any = None
    """The row numbers of the list's own table."""
    read_as: dict[str, list[str]] = field(default_factory=dict)

    def code(
        self, parameter: str, given: str | None, list_: type[CodeList], target: Column[Any]
    ) -> None:
        """A filter on a column of codes."""
        self.column(parameter, given, codes(list_), target)

    def named(self, parameter: str, given: str | None, named: Named, target: Column[Any]) -> None:
        """A filter on a column that refers to a country, a group or an official."""
        self.column(parameter, given, self.lookup(named), target)

    def existing(self, parameter: str, given: str | None, target: Column[Any], noun: str) -> None:
        """A filter on a column whose values are those that stand in it, and no others."""
        self.column(parameter, given, self.occurring(target, noun), target)

    def occurring(self, target: Column[Any], noun: str) -> Resolver:
        """A resolver of the values that stand in a column."""

        def resolve(given: str, parameter: str) -> str | Fault:
            def build() -> Select[Any]:
                public = select(target).where(*public_at(target.table, PINNED))
                return public.where(target == bindparam("given")).limit(1)

            params = {"version": self.version, "given": given}
            if self.session.run(("occurring", str(target)), build, params):
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
        self.column("topic", given, self.known_topic, target, lambda found: self.topic_tree(*found))

    def dates(
        self,
        stem: str,
        since: str | None,
        until: str | None,
        target: Column[Any],
        order: Column[Any] | None = None,
    ) -> None:
        """A range of dates, both ends included; a month or a year as an end means all of it.

        `order` is the column that lists are ordered by, where it is another: it is equal where
        there is a date, and before all dates where there is none.
        """
        first, last = self._date(f"{stem}_from", since), self._date(f"{stem}_to", until)
        if first and last and first.first > last.last:
            fault = f"{since!r} is after {stem}_to, {until!r}: nothing can lie between."
            self.faults.append(Fault(fault, f"{stem}_from"))
        at = target if order is None else order
        since_name, until_name = f"{stem}_from", f"{stem}_to"
        if first:
            after = lambda: at >= bindparam(since_name, type_=at.type)
            self.add(since_name, after, **{since_name: first.first})
        if last:
            before = lambda: and_(at <= bindparam(until_name, type_=at.type), target.is_not(None))
            self.add(until_name, before, **{until_name: last.last})

    def column(
        self,
        parameter: str,
        given: str | None,
        resolve: Resolver,
        target: ColumnElement[Any],
        expand: Callable[[list[str]], list[str]] = lambda found: found,
    ) -> None:
        """A filter on a column of the list's own table.

        `expand` makes of what was meant all that it stands for.
        """
        if read := self._read(parameter, given, resolve):
            found, out = read
            self.pick(parameter, expand(found), target, out=out)

    def choice(
        self, parameter: str, given: str | None, resolve: Resolver, condition: Condition
    ) -> None:
        """A filter that makes any other condition."""
        if read := self._read(parameter, given, resolve):
            found, out = read
            self.choose(parameter, found, condition, out=out)

    def child(
        self,
        parameter: str,
        given: str | None,
        resolve: Resolver,
        parents: Column[Any],
        condition: Condition,
    ) -> None:
        """A filter on children, which `parents` of their table leads from to the list's rows."""
        read = self._read(parameter, given, resolve)
        if read is None:
            return
        found, out = read
        entries: ColumnElement[Any] = self.entries
        if out:
            has = lambda bound: exists().where(parents == entries, condition(bound))
            self.choose(parameter, found, has, out=True)
            return
        names = {f"{parameter}_{place}": value for place, value in enumerate(found)}

        def children() -> Select[Any]:
            return select(parents).where(condition([bindparam(name) for name in names]))

        self._values[parameter] = OneOf(found, out)
        self.have_child(parameter, entries, children, len(found), **names)

    def _read(
        self, parameter: str, given: str | None, resolve: Resolver
    ) -> tuple[list[str], bool] | None:
        """One or more alternatives, each resolved, and whether they are left out."""
        if given is None:
            return None
        parts = [part.strip() for part in given.split("|")]
        if fault := _malformed(parameter, parts):
            self.faults.append(fault)
            return None
        negated = parts[0].startswith("!")
        resolved = [resolve(part.removeprefix("!").strip(), parameter) for part in parts]
        faults = [each for each in resolved if isinstance(each, Fault)]
        self.faults += faults
        found = list(dict.fromkeys(each for each in resolved if isinstance(each, str)))
        self.read_as[parameter] = [f"!{each}" if negated else each for each in found]
        return None if faults else (found, negated)

    def actors(self, parameter: str, given: str | None, child: Table) -> None:
        """A filter on children that are countries or groups; a country includes its groups."""
        by_code, by_slug = one_of(child.c.country_code), one_of(child.c.group_slug)
        either = lambda found: or_(by_code(found), by_slug(found))
        self.child(parameter, given, self.actor, child.c.version_id, either)

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

    def evidence(self, given: str | None, child: Table) -> None:
        """A filter on the articles that the evidence stands in."""
        known = self.occurring(table(models.ArticleVersion).c.id, "article")
        self.child("article", given, known, child.c.version_id, one_of(child.c.article_id))

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
        ask = lambda: self.session.run("topics", _all_topics, {"version": self.version})
        return self.session.memory.recall(("topics", self.version), ask)

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


def find(
    session: ReadSession, version: int, named: Named, given: str, parameter: str
) -> str | Fault:
    """The code or slug that a code, slug or known name leads to, or why it leads nowhere."""
    keys = session.memory.recall(
        ("find", named.kind, given, version), lambda: _keys(session, version, named, given)
    )
    if len(keys) == 1:
        return str(keys[0])
    if keys:
        detail = f"{given[:80]!r} names more than one {named.kind}."
        return Fault(detail, parameter, allowed=keys)
    return _unknown(session, version, named, given, parameter)


def _keys(session: ReadSession, version: int, named: Named, given: str) -> list[str]:
    params = {
        "version": version,
        "given": given,
        "upper": given.upper(),
        "lower": given.casefold(),
        "folded": fold(given),
    }
    found = session.run(("find", named), lambda: _find(named), params)
    return [row.key for row in found if row.exact] or [row.key for row in found]


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
    from rapidfuzz.distance import JaroWinkler  # noqa: PLC0415 - slow to load, and most never err

    folded = fold(given)
    scored: dict[str, float] = {}
    for key, name in keyed:
        codes_meet = len(given) <= CODE_LENGTH >= len(key)
        likeness = JaroWinkler.similarity(folded, key.casefold() if codes_meet else name)
        scored[key] = max(likeness, scored.get(key, 0.0))
    best = sorted(scored, key=lambda key: (-scored[key], key))[:SUGGESTED]
    return [key for key in best if scored[key] >= NEAR]


@cache
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
