"""Full-text search over positions: the same words, the same answers on SQLite and PostgreSQL.

The words come from `folding.words`. SQLite keeps them in an FTS5 table whose tokenizer only splits
at spaces, PostgreSQL in a `tsvector` built from the words and their places; neither database's own
idea of a word, a stem or a stop word comes in.
"""

import re
from collections.abc import Iterable
from typing import Any

from sqlalchemy import Select, Text, bindparam, cast, column, literal_column, select, table
from sqlalchemy.dialects.postgresql import TSQUERY

from app.folding import words
from app.sessions import WriteSession

_BREAK = "\u2029"
"""Stands between texts: no word of a query is ever this."""

_PART = re.compile(r'"([^"]*)"|(\S+)')


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


def index_position(session: WriteSession, version_id: int, texts: Iterable[str]) -> None:
    """Make a version of a position findable by the words of each text; no phrase spans two."""
    index_positions(session, [(version_id, texts)])


def index_positions(session: WriteSession, positions: Iterable[tuple[int, Iterable[str]]]) -> None:
    """Make many versions of positions findable, each by the words of its texts."""
    lite = session.dialect == "sqlite"
    entry, key = (_entry, "rowid") if lite else (_vector, "version_id")
    rows = [(version_id, entry(_marked(texts))) for version_id, texts in positions]
    session.insert_many("position_search", (key, "words"), rows)


def _marked(texts: Iterable[str]) -> list[str]:
    """The words of these texts, with a mark after each text."""
    return [word for each in texts for word in (*words(each), _BREAK)]


def _entry(found: list[str]) -> str:
    """Words as FTS5 takes them."""
    return " ".join(found)


def _vector(found: list[str]) -> str:
    """Words as a tsvector, each with its place."""
    return " ".join(f"'{word}':{place}" for place, word in enumerate(found, start=1))


def match(phrases: list[list[str]], dialect: str, *, any_of: bool = False) -> str:
    """What is asked of the index: that every phrase occurs, or any of them."""
    if dialect == "sqlite":
        return (" OR " if any_of else " ").join(_fts5(phrase) for phrase in phrases)
    return (" | " if any_of else " & ").join(_tsquery(phrase) for phrase in phrases)


def matching(dialect: str) -> Select[Any]:
    """The row ids of the versions that match the parameter `q`."""
    if dialect == "sqlite":
        source = table("position_search", column("rowid"))
        asked = literal_column("position_search").op("MATCH")(bindparam("q", type_=Text()))
        return select(source.c.rowid).select_from(source).where(asked)
    search = table("position_search", column("version_id"), column("words"))
    asked = search.c.words.op("@@")(cast(bindparam("q", type_=Text()), TSQUERY))
    return select(search.c.version_id).where(asked)


def _fts5(phrase: list[str]) -> str:
    """A phrase in FTS5's syntax: quoted, so that no word is an operator."""
    joined = " ".join(phrase)
    return f'"{joined[:-1]}" *' if joined.endswith("*") else f'"{joined}"'


def _tsquery(phrase: list[str]) -> str:
    """A phrase in tsquery's syntax; the words hold neither quotes nor backslashes."""
    lexemes = [f"'{word[:-1]}':*" if word.endswith("*") else f"'{word}'" for word in phrase]
    return "(" + " <-> ".join(lexemes) + ")"
