"""Serving: ``onrecord serve``."""

import signal
import sys
from typing import Annotated

import typer
import uvicorn

from app.db import Database
from app.errors import DatabaseUnavailable
from app.main import served
from app.settings import Settings
from app.web.logs import log_config

app = typer.Typer()


@app.command()
def serve(
    host: Annotated[str | None, typer.Option(help="Address; HOST in the environment.")] = None,
    port: Annotated[int | None, typer.Option(help="Port; PORT in the environment.")] = None,
    workers: Annotated[int | None, typer.Option(help="Processes; WORKERS.", min=1)] = None,
) -> None:
    """Serve the API. It starts even if the database cannot be used yet, and says so."""
    settings = Settings()
    try:
        Database(settings).check()
    except DatabaseUnavailable as error:
        _warn(f"{error} Until then /readyz answers 503.")
    # Uvicorn passes the signal on when it has stopped: an orderly end is no failure.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    uvicorn.run(
        f"{served.__module__}:{served.__name__}",
        factory=True,
        host=host or settings.host,
        port=settings.port if port is None else port,
        workers=workers or settings.workers,
        log_level=settings.log_level,
        log_config=log_config(settings.log_level),
        server_header=False,
    )


def _warn(message: str) -> None:
    from app.commands.console import warn  # noqa: PLC0415 - only if there is something to say

    warn(message)
