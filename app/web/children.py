"""Children as every answer shows them, loaded for a whole page at once."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, Table, and_, select

from app import models
from app.sessions import Question, ReadSession
from app.sql import PINNED, Row, among, table, valid_at
from app.web.references import Entry, References


@dataclass(frozen=True, eq=False)
class Children:
    """A table of children of versions: how it is selected, and how a child is shown."""

    child: Table
    select: Callable[[Table], Select[Any]]
    show: Callable[[References, Any], Any]

    @property
    def question(self) -> Question:
        """The statement on them, in order, for the versions that the parameter `parents` lists."""
        return Question(self, lambda: of_parents(self.select(self.child), self.child))


def load(refer: References, parents: Sequence[int], *kinds: Children) -> list[dict[int, list[Any]]]:
    """The children of each kind that these versions (or children) have, by their row number."""
    params = {"version": refer.version, "parents": parents}
    rows = refer.session.run_all([kind.question for kind in kinds], params)
    return [_by_parent(refer, *each) for each in zip(kinds, rows, strict=True)]


def _by_parent(refer: References, kind: Children, rows: Sequence[Row]) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = defaultdict(list)
    for row in rows:
        found[row.version_id].append(kind.show(refer, row))
    return found


def of_parents(statement: Select[Any], child: Table) -> Select[Any]:
    """A statement on children, for those of the versions that the parameter `parents` lists."""
    return statement.where(among(child.c.version_id, "parents")).order_by(
        child.c.version_id, child.c.ordinal
    )


def actors(child: Table) -> Children:
    """Countries and groups that are children."""
    return Children(child, select_actors, lambda refer, row: refer.actor(row))


def select_actors(child: Table) -> Select[Any]:
    """The columns of children that are countries and groups."""
    return select(child.c.version_id, child.c.country_code, child.c.group_slug)


def evidence(child: Table) -> Children:
    """The evidence of versions or of children."""
    return Children(child, _select_evidence, _show_evidence)


def _select_evidence(child: Table) -> Select[Any]:
    article = table(models.ArticleVersion).alias()
    on = and_(article.c.id == child.c.article_id, valid_at(article, PINNED))
    return select(*child.c, article.c.headline).select_from(child).outerjoin(article, on)


def _show_evidence(_: References, row: Row) -> Entry:
    return {
        "article": {"id": row.article_id, "headline": row.headline},
        "start": row.start_at,
        "end": row.end_at,
        "exact": row.exact,
        "prefix": row.prefix,
        "suffix": row.suffix,
        "exact_sha256": row.exact_sha256,
        "quote_type": row.quote_type,
        "cue": row.cue,
        "source_text": row.source_text,
    }


def names(
    session: ReadSession, child: Table, parents: Sequence[int]
) -> dict[int, dict[str, list[str]]]:
    """The names that lead to these versions, by version and kind of name."""

    def build() -> Select[Any]:
        return of_parents(select(child.c.version_id, child.c.kind, child.c.text), child)

    found: dict[int, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for row in session.run(("names", child.name), build, {"parents": parents}):
        found[row.version_id][row.kind].append(row.text)
    return found
