"""Full-text search over positions: the same words, the same answers on SQLite and PostgreSQL.

The words come from `folding.words`; neither database's own idea of a word, a stem or a stop word
comes in. Beside the words of a version the index has marks: what the usual filters ask for, which
no word of a query ever is. With them a word and a filter meet in the index.

SQLite keeps entries in an FTS5 table for each order of lists, whose tokenizer only splits at
spaces; an entry's number begins with its place in the order, so that a page is the first matches.
PostgreSQL keeps them in a `tsvector` built from the words and their places; its index has no order,
so entries have marks of the month and of the hundreds of changes that they belong to.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, Text, bindparam, cast, column, literal_column, select, table
from sqlalchemy.dialects.postgresql import TSQUERY

from app.folding import words
from app.sessions import WriteSession

_BREAK = "\u2029"
"""Stands between texts: no word of a query is ever this."""
_MARK = "\u2028"
"""Begins what is a mark and not a word."""

_UNMARKED = re.compile("[^a-z0-9]")
_PART = re.compile(r'"([^"]*)"|(\S+)')

ROW_BITS = 33
"""Bits of an entry's number that are the version's row number; those above are its place."""
ROW_MASK = (1 << ROW_BITS) - 1
_ID_BITS = 8
_ID_BEGINS = "pos_"
BLOCK = 1024
"""Changes that have a mark in common on PostgreSQL."""

TABLES = {"recorded_in": "position_search", "said_key": "position_search_said"}
"""SQLite's tables, by the column whose order they are in."""

_MARKED = {
    "country_code": "c",
    "body": "b",
    "speaker": "s",
    "topic": "t",
    "stance": "a",
    "modality": "m",
}
_TARGET = "g"
_FILTERS = {
    "country": "c",
    "body": "b",
    "speaker": "s",
    "topic": "t",
    "within": "t",
    "stance": "a",
    "tone": "a",
    "modality": "m",
    "target": _TARGET,
}
"""Filters, and the marks that they ask for."""


@dataclass(frozen=True)
class Indexed:
    """A version of a position on its way into the index."""

    row_id: int
    recorded_in: int
    id: str
    said: Mapping[str, Any]
    """What it says, by column, and its targets."""
    texts: Iterable[str]

    @property
    def said_on(self) -> date:
        """Its date, as lists are ordered by it."""
        found = self.said["said_on"] or date.min
        return found if isinstance(found, date) else date.fromisoformat(found)


def parse(query: str) -> list[list[str]]:
    """The phrases of a query; all of them must occur.

    A word stands for itself, ``"several words"`` for a phrase, ``attack*`` for any word that
    begins so (the star stays at the end of the phrase's last word). A query without a word in it
    gives no phrases.
    """
    phrases = []
    for quoted, bare in _PART.findall(query):
        found = words(quoted or bare)
        if found and bare.endswith("*"):
            found[-1] += "*"
        if found:
            phrases.append(found)
    return phrases


def index_positions(session: WriteSession, positions: Iterable[Indexed]) -> None:
    """Make versions of positions findable, each by the words of its texts; no phrase spans two."""
    for name, columns, rows in entries(list(positions), session.dialect):
        session.insert_many(name, columns, rows)


def entries(
    positions: Sequence[Indexed], dialect: str
) -> Iterator[tuple[str, tuple[str, str], list[tuple[int, str]]]]:
    """What the index has of these versions: of each table its name, its columns and the rows."""
    if dialect == "sqlite":
        texts = [" ".join([*_words(each), *_marks(each)]) for each in positions]
        for order, name in TABLES.items():
            numbers = [_number(each, order) for each in positions]
            yield name, ("rowid", "words"), list(zip(numbers, texts, strict=True))
        return
    vectors = [_vector(_words(each), [*_marks(each), *_times(each)]) for each in positions]
    numbered = [each.row_id for each in positions]
    rows = list(zip(numbered, vectors, strict=True))
    yield "position_search", ("version_id", "words"), rows


def _number(each: Indexed, order: str) -> int:
    """The number of an entry in SQLite's table for this order."""
    at = each.recorded_in if order == "recorded_in" else each.said_on
    return place(order, at, each.id) << ROW_BITS | each.row_id


def place(order: str, at: Any, id_: str = "") -> int:
    """Where a version comes in an order, as far as an entry's number tells.

    Within a day it is told by how the id goes on after what all begin with.
    """
    if order == "recorded_in":
        return int(at)
    day: int = at.toordinal()
    return (day << _ID_BITS) + _beginning(id_)


def _beginning(id_: str) -> int:
    """A number from 0 to 255 that is in the order of ids."""
    if not id_.startswith(_ID_BEGINS):
        return 255 if id_ > _ID_BEGINS else 0
    return min(ord(id_[len(_ID_BEGINS) :][:1] or "\0"), 255)


def _words(each: Indexed) -> list[str]:
    """The words of its texts, with a break after each text."""
    return [word for text in each.texts for word in (*words(text), _BREAK)]


def _marks(each: Indexed) -> list[str]:
    """What the usual filters ask for."""
    said = [mark(kind, each.said[name]) for name, kind in _MARKED.items() if each.said.get(name)]
    named = {
        value
        for target in each.said["targets"]
        for value in (target["country_code"], target["group_slug"])
        if value
    }
    return said + [mark(_TARGET, value) for value in sorted(named)]


def _times(each: Indexed) -> list[str]:
    return [month(each.said_on), block(each.recorded_in // BLOCK)]


def mark(kind: str, value: str) -> str:
    """What stands for a value; two values may have it in common, so the value is looked at too."""
    return f"{_MARK}{kind}{_UNMARKED.sub(_MARK, value.lower())}"


def month(day: date) -> str:
    """The mark of all that was said in a month."""
    return f"{_MARK}d{day.year:04}{day.month:02}"


def block(number: int) -> str:
    """The mark of all that so many changes recorded."""
    return f"{_MARK}r{number}"


def marks_of(filters: Mapping[str, Sequence[str]]) -> list[list[str]]:
    """The marks that a version has if it passes these filters: of each list, one."""
    return [
        [mark(_FILTERS[name], value) for value in values]
        for name, values in filters.items()
        if name in _FILTERS and values
    ]


def _vector(found: list[str], marks: Iterable[str]) -> str:
    """Words as a tsvector, each with its place, and marks that have none."""
    placed = [f"'{word}':{place}" for place, word in enumerate(found, start=1)]
    return " ".join([*placed, *(f"'{each}'" for each in marks)])


def match(
    phrases: list[list[str]],
    dialect: str,
    *,
    any_of: bool = False,
    marks: Sequence[Sequence[str]] = (),
) -> str:
    """What is asked of the index: that every phrase occurs, or any of them, and a mark of each."""
    one, both, either = (
        (_fts5, " AND ", " OR ") if dialect == "sqlite" else (_tsquery, " & ", " | ")
    )
    asked = (either if any_of else both).join(one(phrase) for phrase in phrases)
    return both.join(
        [f"({asked})", *(f"({either.join(one([each]) for each in some)})" for some in marks)]
    )


_SOURCES = {order: table(name, column("rowid")) for order, name in TABLES.items()}
_VECTORS = table("position_search", column("version_id"), column("words"))


def source(order: str = "recorded_in") -> Any:
    """SQLite's table in this order, with the numbers of its entries."""
    return _SOURCES[order]


def asked_of(order: str = "recorded_in") -> Any:
    """That an entry of SQLite's table in this order matches the parameter `q`."""
    return literal_column(TABLES[order]).op("MATCH")(bindparam("q", type_=Text()))


def vectors() -> Any:
    """PostgreSQL's table."""
    return _VECTORS


def asked_of_vector(search: Any) -> Any:
    """That a row of PostgreSQL's table matches the parameter `q`."""
    return search.c.words.op("@@")(cast(bindparam("q", type_=Text()), TSQUERY))


def matching(dialect: str) -> Select[Any]:
    """The row ids of the versions that match the parameter `q`."""
    if dialect == "sqlite":
        found = source()
        row_id = found.c.rowid.op("&")(literal_column(str(ROW_MASK)))
        return select(row_id.label("row_id")).select_from(found).where(asked_of())
    search = vectors()
    return select(search.c.version_id).where(asked_of_vector(search))


def _fts5(phrase: list[str]) -> str:
    """A phrase in FTS5's syntax: quoted, so that no word is an operator."""
    joined = " ".join(phrase)
    return f'"{joined[:-1]}" *' if joined.endswith("*") else f'"{joined}"'


def _tsquery(phrase: list[str]) -> str:
    """A phrase in tsquery's syntax; the words hold neither quotes nor backslashes."""
    lexemes = [f"'{word[:-1]}':*" if word.endswith("*") else f"'{word}'" for word in phrase]
    return "(" + " <-> ".join(lexemes) + ")"
