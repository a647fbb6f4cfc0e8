"""Topics in time over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response

from app.sessions import BEFORE_ALL
from app.timelines import queries
from app.timelines.schemas import (
    DiffQuery,
    TimelinePage,
    TimelineQuery,
    TopicDiffItem,
    TopicStateItem,
    TopicVersionPage,
    TopicVersionQuery,
)
from app.web import documented
from app.web.listing import address, list_response
from app.web.reading import Reading, ReadRoute
from app.web.respond import respond
from app.web.schemas import PartialItem, PartialPage
from app.web.topics import TopicSlug, known_topic, within_topic

router = APIRouter(tags=["Topics"], route_class=ReadRoute)


@router.get(
    "/topics/{slug}/versions",
    operation_id="list_topic_versions",
    summary="List a topic's versions",
    response_model=TopicVersionPage | PartialPage,
    responses=documented.ITEM_LIST,
)
def list_topic_versions(
    request: Request,
    session: Reading,
    slug: TopicSlug,
    query: Annotated[TopicVersionQuery, Query()],
) -> Response:
    """The changes that touched facts on a topic or a narrower one, numbered, with their reasons."""
    return list_response(request, session, queries.versions_of(slug), query, known_topic(slug))


@router.get(
    "/topics/{slug}/versions/{number}",
    operation_id="get_topic_version",
    summary="Get a topic as of one of its versions",
    response_model=TopicStateItem | PartialItem,
    responses=documented.ITEM,
)
def get_topic_version(
    request: Request,
    session: Reading,
    slug: TopicSlug,
    number: Annotated[
        int,
        Path(title="Version", description="Number of the version.", ge=1, lt=2**31, examples=[1]),
    ],
) -> Response:
    """The positions, offers and rounds of a topic as they stood after its n-th change."""
    last = session.record_version()
    seq = queries.change_of(session, last, slug, number)
    topic = queries.topic_at(session, seq, slug)
    content = {
        "data": queries.state(session, topic, number, seq),
        "meta": {"record_version": seq, "as_of": None},
        "links": {"self": request.url.path},
    }
    return respond(request, content)


@router.get(
    "/topics/{slug}/diff",
    operation_id="diff_topic_versions",
    summary="Compare two versions of a topic",
    response_model=TopicDiffItem,
    response_model_exclude_unset=True,
    responses=documented.ITEM,
)
def diff_topic_versions(
    request: Request, session: Reading, slug: TopicSlug, query: Annotated[DiffQuery, Query()]
) -> Response:
    """What happened to a topic's facts between two of its versions, each with a JSON Patch."""
    queries.in_order(query.from_, query.to)
    last = session.record_version()
    old, new = (queries.change_of(session, last, slug, n) for n in (query.from_, query.to))
    topic = queries.topic_at(session, max(new, 0), slug)
    data = {
        "topic": topic,
        "from_change": None if old == BEFORE_ALL else old,
        "to_change": None if new == BEFORE_ALL else new,
        "facts": queries.diff(session, slug, old, new),
    }
    here = address(request.url.path, {"from": query.from_, "to": query.to})
    meta = {"record_version": None if new == BEFORE_ALL else new, "as_of": None}
    return respond(request, {"data": data, "meta": meta, "links": {"self": here}})


@router.get(
    "/topics/{slug}/timeline",
    operation_id="get_topic_timeline",
    summary="Show a topic's facts on both clocks",
    response_model=TimelinePage | PartialPage,
    responses=documented.ITEM_LIST,
)
def get_topic_timeline(
    request: Request,
    session: Reading,
    slug: TopicSlug,
    query: Annotated[TimelineQuery, Query()],
) -> Response:
    """When each fact happened, and when it was recorded."""
    timeline = queries.TIMELINE
    return list_response(request, session, timeline, query, within_topic(timeline, slug))
