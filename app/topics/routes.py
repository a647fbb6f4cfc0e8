"""Topics over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response

from app.topics.queries import TOPICS
from app.topics.schemas import TopicItem, TopicPage, TopicQuery
from app.web import documented
from app.web.listing import list_response
from app.web.named import entry_response
from app.web.reading import Reading, ReadRoute
from app.web.schemas import ItemQuery, PartialItem, PartialPage

router = APIRouter(tags=["Topics"], route_class=ReadRoute)


@router.get(
    "/topics",
    operation_id="list_topics",
    summary="List topics",
    response_model=TopicPage | PartialPage,
    responses=documented.LIST,
)
def list_topics(
    request: Request, session: Reading, query: Annotated[TopicQuery, Query()]
) -> Response:
    """The subjects that positions are on, each with the topics above and below it."""
    return list_response(request, session, TOPICS, query)


@router.get(
    "/topics/{slug}",
    operation_id="get_topic",
    summary="Get a topic",
    response_model=TopicItem | PartialItem,
    responses=documented.ITEM,
)
def get_topic(
    request: Request,
    session: Reading,
    slug: Annotated[
        str, Path(title="Topic", description="Slug of a topic.", examples=["ceasefire"])
    ],
    query: Annotated[ItemQuery, Query()],
) -> Response:
    """A topic as it stands now."""
    return entry_response(request, session, TOPICS, slug, query)
