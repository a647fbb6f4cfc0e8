"""The start page, for people and for programs, and the icon."""

from html import escape

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse, JSONResponse, Response

from app import __version__

LINKS = (
    ("/v1/positions", "Positions", "who said what, on whose behalf, when and to whom"),
    (
        "/v1/mediation-offers",
        "Mediation offers",
        "who offered to help, and the answers",
    ),
    ("/v1/rounds", "Rounds", "talks that were held, and how they ended"),
    ("/v1/topics", "Topics", "the subjects that positions are on"),
    ("/v1/countries", "Countries", "states and territories, and the names that lead to them"),
    ("/v1/groups", "Groups", "ministries, authorities, armed groups, agencies"),
    ("/v1/officials", "Officials", "persons and the posts they hold"),
    ("/v1/articles", "Articles", "the sources, by hash and without their text"),
    ("/v1/changes", "Changes", "what happened to this record, and why"),
    ("/v1/codes", "Codes", "every closed vocabulary, with definitions"),
    ("/docs", "Try it", "every request with its parameters, to be sent from the page"),
    ("/redoc", "Read it", "the same as one long page"),
    ("/openapi.json", "OpenAPI", "the contract, for client generators"),
    ("/schemas/article-record.json", "Article record", "the format in which facts come in"),
)

ICON = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" '
    'rx="6" fill="#1d3557"/><path d="M9 20c-2-6 0-10 5-11l.6 1.8c-2 .8-3 2-3 3.6h3V21H9.3zm9.600 '
    '0c-2-6 0-10 5-11l.6 1.8c-2 .8-3 2-3 3.6h3V21h-5.3z" fill="#fff"/></svg>'
)

_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>On Record</title>
<link rel="icon" href="/favicon.svg" type="image/svg+xml">
<style>
body {{ font: 1rem/1.5 system-ui, sans-serif; max-width: 46rem; margin: 3rem auto; padding: 0 1rem;
       color: #1b1f24; background: #fff; }}
h1 {{ font-size: 2rem; margin: 0; }}
dt {{ font-weight: 600; margin-top: .6rem; }}
dd {{ margin: 0; color: #4a5562; }}
a {{ color: #14508c; }}
</style>
</head>
<body>
<h1>On Record</h1>
<p>Structured news facts: who said what, on whose behalf, on which topic, when, to whom and in which
exact words; who offered to mediate and how each party answered; which talks were held and how they
ended. Every fact comes with the words that prove it.</p>
<p>Start with
<a href="/v1/positions?country=PAK&amp;topic=ceasefire">what Pakistan said on the ceasefire</a>.</p>
<dl>
{links}
</dl>
<p>Version {version}.</p>
</body>
</html>
"""

router = APIRouter(include_in_schema=False)


@router.get("/")
async def start(request: Request) -> Response:
    """What there is: a page for a browser, JSON for a program."""
    if "text/html" in request.headers.get("accept", ""):
        links = "\n".join(
            f'<dt><a href="{path}">{escape(name)}</a></dt><dd>{escape(text)}</dd>'
            for path, name, text in LINKS
        )
        page = _PAGE.format(links=links, version=__version__)
        return HTMLResponse(page, headers={"Vary": "Accept"})
    content = {
        "name": "On Record",
        "version": __version__,
        "links": [{"href": path, "title": name, "description": text} for path, name, text in LINKS],
    }
    return JSONResponse(content, headers={"Vary": "Accept"})


@router.get("/favicon.svg")
async def icon() -> Response:
    """The icon."""
    return Response(ICON, media_type="image/svg+xml", headers={"Cache-Control": "max-age=86400"})
