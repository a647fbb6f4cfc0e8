"""Articles over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response

from app.articles.queries import ARTICLES
from app.articles.schemas import ArticleItem, ArticlePage, ArticleQuery
from app.web import documented
from app.web.listing import list_response
from app.web.named import entry_response
from app.web.schemas import ItemQuery, PartialItem, PartialPage
from app.web.sessions import Reading

router = APIRouter(tags=["Articles"])


@router.get(
    "/articles",
    operation_id="list_articles",
    summary="List articles",
    response_model=ArticlePage | PartialPage,
    responses=documented.LIST,
)
def list_articles(
    request: Request, session: Reading, query: Annotated[ArticleQuery, Query()]
) -> Response:
    """The source documents that the record covers, latest first."""
    return list_response(request, session, ARTICLES, query)


@router.get(
    "/articles/{id}",
    operation_id="get_article",
    summary="Get an article",
    response_model=ArticleItem | PartialItem,
    responses=documented.ITEM,
)
def get_article(
    request: Request,
    session: Reading,
    id: Annotated[
        str,
        Path(title="Article", description="Id of an article.", examples=["art_scfda635kzgz3rk6"]),
    ],
    query: Annotated[ItemQuery, Query()],
) -> Response:
    """An article as it stands now."""
    return entry_response(request, session, ARTICLES, id, query)
