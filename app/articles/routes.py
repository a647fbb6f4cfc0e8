"""Articles over HTTP."""

from typing import Annotated, Any, cast

from fastapi import APIRouter, Body, Depends, Path, Query, Request, Response
from pydantic import ValidationError

from app.articles.queries import ARTICLES
from app.articles.schemas import (
    FORMS,
    ArticleItem,
    ArticlePage,
    ArticleQuery,
    ArticleSent,
    LoadingItem,
    LoadQuery,
    RecordAsSent,
    RecordSent,
)
from app.codelists import Curation, Scope
from app.errors import InvalidRequest
from app.faults import schema_fault
from app.ingest.pipeline import Terms, checked, load, planned
from app.ingest.record import ArticleRecord
from app.ingest.shapes import Step
from app.ingest.store import article_id
from app.jobs.queries import add as add_job
from app.jobs.routes import queued
from app.jobs.schemas import JobItem
from app.keys import Holder
from app.sessions import WriteSession
from app.settings import Settings
from app.web import documented
from app.web.auth import require
from app.web.listing import API, list_response
from app.web.named import entry_response
from app.web.reading import Reading, ReadRoute
from app.web.schemas import ItemQuery, PartialItem, PartialPage
from app.web.writing import Answer, AskedOnce, Once, answer, write_once

router = APIRouter(tags=["Articles"], route_class=ReadRoute)


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


def _loader(request: Request, session: Reading) -> Holder:
    return require(request, session, Scope.INGEST)


@router.post(
    "/articles",
    operation_id="load_article_record",
    summary="Load an article or its record",
    status_code=201,
    response_model=LoadingItem,
    responses=documented.LOADING
    | {
        200: documented.LOADING[200] | {"model": LoadingItem},
        202: documented.LOADING[202] | {"model": JobItem},
    },
    tags=["Curation"],
    openapi_extra={"security": [{"ApiKey": []}]},
)
def load_article_record(
    request: Request,
    session: Reading,
    by: Annotated[Holder, Depends(_loader)],
    once: AskedOnce,
    query: Annotated[LoadQuery, Query()],
    body: Annotated[RecordSent | ArticleSent | RecordAsSent, Body()],
) -> Response:
    """Put the facts of an article on record: all of them in one change, or none.

    The body is an article record (see `/schemas/article-record.json`), or an object that holds
    one under `record` and the article's `text` beside it. Loading a record again changes nothing;
    an edited one writes corrections. What an extractor found waits for review.

    Or the body is an article: its `text`, `html` or `url`, and what is known of it under `meta`. A
    record of it is extracted. A text or a page that is small is answered with the result, of all
    else a job is made, which `Location` names. It takes a key with the scope `ingest`.
    """
    settings: Settings = request.app.state.settings
    article_sent = _article(body)
    if article_sent is not None:
        if not query.dry_run and _is_much(article_sent, settings):
            return _job(request, once, by, article_sent)
        sent = _extracted(article_sent, settings)
    else:
        sent = _sent(body)
    draft = checked(sent.record, sent.text)
    terms = Terms(Curation(sent.curation), settings.publish_above)
    article = article_id(draft.readable.article.text_sha256)
    if query.dry_run:
        steps = planned(session, draft, terms)
        return _loaded(article, steps, None, session.record_version(), dry_run=True).response()

    def work(session: WriteSession) -> Answer:
        outcome = load(
            session,
            draft,
            text=sent.text,
            by=by.name,
            reason=sent.reason,
            terms=terms,
        )
        return _loaded(article, outcome.steps, outcome.seq, session.record_version())

    return write_once(request, once, by, work)


def _article(body: Any) -> ArticleSent | None:
    """The body as an article, if it is none that holds a record or is one.

    Raises InvalidRequest for an article with something wrong beside it.
    """
    if isinstance(body, ArticleSent):
        return body
    if not isinstance(body, dict) or not _RECORDS.isdisjoint(body) or _FORMS.isdisjoint(body):
        return None
    try:
        return ArticleSent.model_validate(body)
    except ValidationError as error:
        raise InvalidRequest.of([schema_fault(each) for each in error.errors()]) from None


_RECORDS = frozenset({"record", "format", "article"})
_FORMS = frozenset(FORMS)


def _is_much(sent: ArticleSent, settings: Settings) -> bool:
    """Whether somebody would wait for it."""
    given = sent.text or sent.html
    return given is None or len(given.encode()) > settings.article_at_once_kb * 1000


def _extracted(sent: ArticleSent, settings: Settings) -> RecordSent:
    """The record of an article, with its text. Raises ArticleRefused."""
    from app.ingest.batch.sent import extracted_at_once  # noqa: PLC0415 - most never read one

    record, text = extracted_at_once(sent.model_dump(exclude_none=True), settings)
    made = cast("ArticleRecord", record)
    return RecordSent.model_construct(record=made, text=text, reason=sent.reason)


def _job(request: Request, once: Once, by: Holder, sent: ArticleSent) -> Response:
    """Make a job of an article, and answer where it can be followed."""
    form = next(each for each in FORMS if getattr(sent, each) is not None)
    given, limit = sent.model_dump(exclude_none=True), request.app.state.settings.jobs_limit

    def work(session: WriteSession) -> Answer:
        name = sent.url or form
        return queued(session, by, add_job(session, by, form, name, given, limit))

    done = write_once(request, once, by, work)
    request.app.state.jobs.wake()
    return done


def _sent(body: Any) -> RecordSent:
    """The body as an object with a record, which may be the record itself.

    Raises InvalidRequest for an object that holds a record and something wrong beside it.
    """
    if isinstance(body, dict) and "record" in body:
        try:
            return RecordSent.model_validate(body)
        except ValidationError as error:
            raise InvalidRequest.of([schema_fault(each) for each in error.errors()]) from None
    return body if isinstance(body, RecordSent) else RecordSent.model_construct(record=body)


def _loaded(
    article: str, steps: list[Step], seq: int | None, version: int, *, dry_run: bool = False
) -> Answer:
    """The answer to a record; 201 if something was written."""
    address = f"{API}/articles/{article}"
    data = {
        "article": article,
        "change": seq,
        "dry_run": dry_run,
        "versions": [_step(step) for step in steps],
    }
    meta = {"record_version": version, "as_of": None}
    content = {"data": data, "meta": meta, "links": {"self": address}}
    return answer(content) if seq is None else answer(content, 201, address)


def _step(step: Step) -> dict[str, Any]:
    return {
        "kind": step.kind.name,
        "id": step.key,
        "key": step.record_key if step.before is None else None,
        "rev": step.before.rev + 1 if step.before else 1,
        "change_type": step.change_type.value,
    }
