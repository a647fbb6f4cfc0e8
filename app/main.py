"""The application: settings, routes, error handlers, wrappers."""

import ctypes
import gc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from asgi_correlation_id import CorrelationIdMiddleware
from fastapi import APIRouter, Depends, FastAPI, Request
from fastapi_offline import FastAPIOffline
from starlette.concurrency import run_in_threadpool
from starlette.middleware.cors import CORSMiddleware

from app import __version__
from app.analysis.routes import router as analysis
from app.articles.routes import router as articles
from app.changes.routes import router as changes
from app.codes.routes import router as codes
from app.countries.routes import router as countries
from app.curation.routes import router as curation
from app.db import Database
from app.groups.routes import router as groups
from app.ingest.record import json_schema
from app.jobs.routes import router as jobs
from app.jobs.runner import Runner
from app.mediation.routes import router as mediation
from app.mementos.routes import router as mementos
from app.officials.routes import router as officials
from app.positions.routes import router as positions
from app.quotes.routes import router as quotes
from app.receipts.routes import router as receipts
from app.review.routes import router as review
from app.rounds.routes import router as rounds
from app.settings import Settings
from app.timelines.routes import router as timelines
from app.topics.routes import router as topics
from app.watch import watch
from app.web import health, openapi, pages, problems
from app.web.cache import Cache
from app.web.delivery import Delivery
from app.web.listing import API
from app.web.middleware import Alias, Bounded, Confined
from app.web.params import check_request
from app.web.respond import respond
from app.web.shortcut import Shortcut

if TYPE_CHECKING:
    from app.signing import Signer

RESOURCES = (
    receipts,
    positions,
    mediation,
    rounds,
    topics,
    timelines,
    mementos,
    quotes,
    analysis,
    curation,
    review,
    jobs,
    countries,
    groups,
    officials,
    articles,
    changes,
    codes,
)

ALIASED = frozenset(
    {
        "articles",
        "changes",
        "codes",
        "compare",
        "countries",
        "groups",
        "jobs",
        "mediation-offers",
        "officials",
        "open-decisions",
        "positions",
        "record",
        "review",
        "rounds",
        "shifts",
        "timemap",
        "topics",
        "verify-quote",
    }
)
"""The resources that are also served without the version."""


def create_app(settings: Settings | None = None) -> Delivery:
    """The application as it is served, with these settings or with those of the environment."""
    settings = settings or Settings()
    api = create_api(settings)
    bytes_kept = settings.response_cache_mb * 1024 * 1024
    cache = Cache(bytes_kept) if bytes_kept else None
    shortcut = Shortcut(api, RESOURCES, API)
    return Delivery(api, shortcut, api.state.watch, cache, frozenset(_origins(settings)))


def served() -> Delivery:
    """The application for a process that does nothing but serve it."""
    _share_heap()
    app = create_app()
    # It stays to the end, so the garbage collector is not to look through it again and again.
    gc.freeze()
    return app


def _share_heap() -> None:
    """Let threads share one heap, where the C library is glibc.

    It would give each thread a heap of its own, eight for each processor, and hardly ever give
    back what one held at its worst: with twenty threads that read, more than all else together.
    """
    try:
        ctypes.CDLL(None).mallopt(_M_ARENA_MAX, 1)
    except (AttributeError, OSError, TypeError):
        return


_M_ARENA_MAX = -8
"""Of malloc.h."""


def create_api(settings: Settings) -> FastAPI:
    """What answers requests, each in full."""
    app: FastAPI = FastAPIOffline(
        title="On Record",
        version=__version__,
        lifespan=_lifespan,
        redirect_slashes=False,
        favicon_url="/favicon.svg",
        static_url="/static",
        swagger_ui_parameters={"deepLinking": True, "docExpansion": "list"},
    )
    app.state.settings = settings
    app.state.database = Database(settings)
    app.state.watch = watch(app.state.database)
    app.state.jobs = Runner(app.state.database, settings)
    app.state.signer = _signer(settings)
    app.openapi = lambda: openapi.document(app)  # type: ignore[method-assign]
    strict = [Depends(check_request)]
    for router in RESOURCES:
        app.include_router(router, prefix=API, dependencies=strict)
    app.include_router(health.router, dependencies=strict)
    app.include_router(pages.router)
    app.include_router(_schemas)
    problems.install(app)
    app.add_middleware(problems.Unexpected)
    app.add_middleware(Bounded)
    _share(app, settings)
    app.add_middleware(Confined)
    app.add_middleware(Alias, resources=ALIASED, version=API)
    app.add_middleware(CorrelationIdMiddleware)
    return app


def _signer(settings: Settings) -> "Signer | None":
    """What signs receipts, if there is a key to sign with."""
    if settings.signing_key_file is None:
        return None
    from app.signing import Signer  # noqa: PLC0415 - cryptography is loaded where there is a key

    return Signer.load(settings.signing_key_file)


def _share(app: FastAPI, settings: Settings) -> None:
    """Let pages of the allowed origins ask and read."""
    app.add_middleware(
        CORSMiddleware,
        allow_origins=_origins(settings),
        allow_methods=["GET", "HEAD", "OPTIONS", "PATCH", "POST"],
        allow_headers=[
            "Accept-Datetime",
            "Authorization",
            "Content-Type",
            "Idempotency-Key",
            "If-Match",
            "If-None-Match",
            "X-Request-ID",
        ],
        expose_headers=[
            "Content-Location",
            "ETag",
            "Idempotency-Replayed",
            "Link",
            "Location",
            "Memento-Datetime",
            "X-Request-ID",
        ],
    )


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    app.state.jobs.start()
    yield
    await run_in_threadpool(app.state.jobs.stop)
    app.state.watch.close()
    app.state.database.dispose()


def _origins(settings: Settings) -> list[str]:
    return [origin.strip() for origin in settings.cors_origins.split(",")]


_schemas = APIRouter(include_in_schema=False)


@_schemas.get("/schemas/article-record.json")
async def article_record_schema(request: Request) -> object:
    """The format in which facts come in, as JSON Schema."""
    return respond(request, json_schema())


@_schemas.get("/.well-known/jwks.json")
async def signing_keys(request: Request) -> object:
    """The public keys that receipts are signed with (RFC 7517)."""
    signer: Signer | None = request.app.state.signer
    return respond(request, signer.jwks() if signer else {"keys": []})
