"""Sources: how many articles a version of a position stands on, and from how many origins they are.

Two papers that print the same agency's copy have one origin. The numbers follow from the evidence
and from what was on record of its articles then. They are kept beside the version, by its writer;
a version has one source unless it is counted here.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Select, and_, case, func, select, update

from app.models import ArticleVersion, Position, PositionEvidence, PositionVersion
from app.sessions import WriteSession
from app.sql import table

_VERSION = table(PositionVersion)
_PROOF = table(PositionEvidence)


def cited(evidence: Iterable[Mapping[str, Any]]) -> set[str]:
    """The articles that evidence stands in."""
    return {proof["article_id"] for proof in evidence}


def count(session: WriteSession, rows: Sequence[int]) -> None:
    """Count the sources of these versions, which cite more than one article."""
    if rows:
        session.execute(_counting().where(_VERSION.c.row_id.in_(rows)))


def rebuild(session: WriteSession) -> None:
    """Count the sources of all versions anew, as after a load that passed them by."""
    articles = _PROOF.c.article_id
    several = select(_PROOF.c.version_id).group_by(_PROOF.c.version_id)
    several = several.having(func.min(articles) != func.max(articles))
    session.execute(_counting().where(_VERSION.c.row_id.in_(several)))


def _counting() -> Any:
    """The statement that counts."""
    found = _origins().subquery()
    return update(_VERSION).values(
        sources=select(func.count(found.c.origin)).scalar_subquery(),
        independent_sources=select(func.count(found.c.origin.distinct())).scalar_subquery(),
    )


def _origins() -> Select[Any]:
    """Where each article that a version cites has the statement from.

    An agency that its reading in that article names; else the one that supplied the article; else
    who published it. The reading of an article that joined later is the version merged for it.
    """
    article = table(ArticleVersion).alias("article")
    joined, other = _VERSION.alias("joined"), table(Position).alias("other")
    read: FromClause = other.join(joined, joined.c.id == other.c.id)
    via: ColumnElement[Any] = case(
        (joined.c.row_id.is_(None), _VERSION.c.reported_via), else_=joined.c.reported_via
    )
    origin = func.min(func.coalesce(via, article.c.agency, article.c.publisher))
    same_article = and_(
        other.c.article_id == _PROOF.c.article_id,
        joined.c.merged_into == _VERSION.c.id,
        joined.c.record_digest.is_not(None),
        _then(joined),
    )
    cited_article = and_(article.c.id == _PROOF.c.article_id, _then(article))
    proofs = _PROOF.join(article, cited_article).outerjoin(read, same_article)
    found = select(origin.label("origin")).select_from(proofs)
    return (
        found.where(_PROOF.c.version_id == _VERSION.c.row_id)
        .group_by(_PROOF.c.article_id)
        .correlate(_VERSION)
    )


def _then(versions: Any) -> ColumnElement[bool]:
    """On record when the position's version was written."""
    later = versions.c.superseded_in > _VERSION.c.recorded_in
    return and_(
        versions.c.recorded_in <= _VERSION.c.recorded_in,
        versions.c.superseded_in.is_(None) | later,
    )
