"""A look at a running server: ``onrecord check``."""

from typing import Annotated

import httpx
import typer

from app.commands.console import fail, out
from app.settings import Settings
from app.web.documented import MEDIA_TYPE

app = typer.Typer()


@app.command()
def check(
    url: Annotated[str, typer.Argument(help="Address of the server.")] = "",
) -> None:
    """Ask a running server whether it is ready; exit code 1 if it is not."""
    settings = Settings()
    address = url or f"http://127.0.0.1:{settings.port}"
    try:
        answer = httpx.get(f"{address.rstrip('/')}/readyz", timeout=5)
    except httpx.HTTPError as error:
        fail(f"{address} does not answer ({error}).")
    if answer.status_code != httpx.codes.OK:
        is_problem = answer.headers.get("content-type") == MEDIA_TYPE
        reason = answer.json()["detail"] if is_problem else str(answer.status_code)
        fail(f"{address} is not ready: {reason}")
    out.print(f"{address} is ready.")
