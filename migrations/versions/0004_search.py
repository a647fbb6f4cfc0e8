"""Search: entries in the order of lists, with marks of what the usual filters ask for."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from typing import Any

from alembic import op
from sqlalchemy import Connection, text

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

# Frozen here, like all that follows: the application may move on, this step may not.
BREAK, MARK = "\u2029", "\u2028"
MARKED = {
    "country_code": "c",
    "body": "b",
    "speaker": "s",
    "topic": "t",
    "stance": "a",
    "modality": "m",
}
BATCH = 5_000
MAX_WORD = 64
ACCENTS = ((0x0300, 0x036F), (0x0591, 0x05C7), (0x0610, 0x061A), (0x064B, 0x065F), (0x0670, 0x0670))
SPELT = {"ı": "i", "ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe"}


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        _fill({"position_search": _by_change, "position_search_said": _by_date}, marked=True)
    else:
        _add_marks()


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TABLE position_search_said")
        _fill({"position_search": lambda row: row.row_id}, marked=False)
    else:
        _replace(
            "ts_delete(s.words, ARRAY("  # noqa: S608 - our own names
            "SELECT lexeme FROM unnest(tsvector_to_array(s.words)) "
            f"AS lexeme WHERE lexeme LIKE '{MARK}%'))"
        )


def _by_change(row: Any) -> int:
    return row.recorded_in << 33 | row.row_id


def _by_date(row: Any) -> int:
    day = date.fromisoformat(row.said_key).toordinal()
    ids = min(ord(row.id[4:5] or "\0"), 255) if row.id.startswith("pos_") else 255
    if not row.id.startswith("pos_") and row.id <= "pos_":
        ids = 0
    return ((day << 8) + ids) << 33 | row.row_id


def _fill(tables: dict[str, Any], *, marked: bool) -> None:
    """Index all versions anew: FTS5 keeps no texts, so their words are found again."""
    bind = op.get_bind()
    op.execute("DROP TABLE position_search")
    for name in tables:
        op.execute(f"CREATE VIRTUAL TABLE {name} USING fts5(words, content='', tokenize='ascii')")
    for rows in _batches(bind):
        entries = _entries(bind, rows, marked=marked)
        for name, number in tables.items():
            bind.exec_driver_sql(
                f"INSERT INTO {name} (rowid, words) VALUES (?, ?)",  # noqa: S608 - our own names
                [(number(row), entry) for row, entry in zip(rows, entries, strict=True)],
            )


def _batches(bind: Connection) -> Iterator[list[Any]]:
    last = -1
    while True:
        rows = bind.execute(
            text(
                "SELECT row_id, recorded_in, id, said_key, proposition, country_code, body, "
                "speaker, topic, stance, modality FROM position_versions "
                "WHERE row_id > :last ORDER BY row_id LIMIT :batch"
            ),
            {"last": last, "batch": BATCH},
        ).all()
        if not rows:
            return
        yield list(rows)
        last = rows[-1].row_id


def _entries(bind: Connection, rows: list[Any], *, marked: bool) -> list[str]:
    """The words of these versions and, if wanted, their marks."""
    among = {"first": rows[0].row_id, "last": rows[-1].row_id}
    spoken, named = defaultdict(list), defaultdict(set)
    for version, exact in bind.execute(text(EXACT), among):
        spoken[version].append(exact)
    for version, code, slug in bind.execute(text(TARGETS), among):
        named[version] |= {value for value in (code, slug) if value}
    entries = []
    for row in rows:
        texts = [row.proposition, *spoken[row.row_id]]
        entry = [word for each in texts for word in (*_words(each), BREAK)]
        if marked:
            values = ((kind, getattr(row, name)) for name, kind in MARKED.items())
            entry += [_mark(kind, value) for kind, value in values if value]
            entry += [_mark("g", value) for value in sorted(named[row.row_id])]
        entries.append(" ".join(entry))
    return entries


EXACT = (
    "SELECT version_id, exact FROM position_evidence WHERE version_id BETWEEN :first AND :last "
    "AND exact <> '' ORDER BY version_id, ordinal"
)
TARGETS = (
    "SELECT version_id, country_code, group_slug FROM position_targets "
    "WHERE version_id BETWEEN :first AND :last"
)


def _mark(kind: str, value: str) -> str:
    return f"{MARK}{kind}" + re.sub("[^a-z0-9]", MARK, value.lower())


def _words(found: str) -> list[str]:
    if not found.isascii():
        folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", found).casefold())
        found = "".join(_letter(character) for character in folded)
        return [word[:MAX_WORD] for word in found.split()]
    return [word[:MAX_WORD] for word in re.findall("[a-z0-9]+", found.lower())]


def _letter(character: str) -> str:
    if character in SPELT:
        return SPELT[character]
    if any(low <= ord(character) <= high for low, high in ACCENTS):
        return ""
    kept = character.isalnum() or unicodedata.category(character)[0] == "M"
    return character if kept else " "


def _add_marks() -> None:
    """To the words that PostgreSQL has kept."""
    marks = [_sql_mark(kind, f"v.{name}") for name, kind in MARKED.items()]
    marks += [
        f"'{MARK}d' || lpad(extract(year FROM v.said_key)::text, 4, '0') "
        "|| lpad(extract(month FROM v.said_key)::text, 2, '0')",
        f"'{MARK}r' || v.recorded_in / 1024",
    ]
    targets = (
        f"ARRAY(SELECT DISTINCT {_sql_mark('g', 'named.value')} "  # noqa: S608 - our own names
        "FROM position_targets AS t, "
        "LATERAL (VALUES (t.country_code), (t.group_slug)) AS named (value) "
        "WHERE t.version_id = s.version_id AND named.value IS NOT NULL)"
    )
    _replace(
        f"s.words || array_to_tsvector(array_remove(ARRAY[{', '.join(marks)}], NULL) || {targets})",
        "JOIN position_versions AS v ON v.row_id = s.version_id",
    )


def _sql_mark(kind: str, value: str) -> str:
    return f"'{MARK}{kind}' || regexp_replace(lower({value}), '[^a-z0-9]', '{MARK}', 'g')"


def _replace(words: str, joined: str = "") -> None:
    """Make the table of words anew, as this says: faster than to change each of its rows."""
    op.execute("ALTER TABLE position_search RENAME TO position_search_before")
    op.execute("CREATE TABLE position_search (version_id BIGINT NOT NULL, words TSVECTOR NOT NULL)")
    op.execute(
        f"INSERT INTO position_search SELECT s.version_id, {words} "  # noqa: S608 - our own names
        f"FROM position_search_before AS s {joined}"
    )
    op.execute("DROP TABLE position_search_before")
    op.execute(
        "ALTER TABLE position_search ADD CONSTRAINT pk_position_search PRIMARY KEY (version_id), "
        "ADD CONSTRAINT fk_position_search_version_id FOREIGN KEY (version_id) "
        "REFERENCES position_versions (row_id)"
    )
    op.execute("CREATE INDEX ix_position_search_words ON position_search USING gin (words)")
