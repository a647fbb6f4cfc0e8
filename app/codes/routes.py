"""Code lists over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Path, Request, Response

from app.codes.queries import all_lists, one_list
from app.codes.schemas import CodeListItem, CodeLists
from app.web import documented
from app.web.described import Described
from app.web.respond import respond

router = APIRouter(tags=["Codes"], route_class=Described)


@router.get(
    "/codes",
    operation_id="list_code_lists",
    summary="List the code lists",
    response_model=CodeLists,
    responses=documented.CODES,
)
def list_code_lists(request: Request) -> Response:
    """Every closed vocabulary, each code with its definition and its place in CAMEO and PLOVER."""
    return respond(request, {"data": all_lists(), "links": {"self": request.url.path}})


@router.get(
    "/codes/{name}",
    operation_id="get_code_list",
    summary="Get a code list",
    response_model=CodeListItem,
    responses=documented.CODES_ITEM,
)
def get_code_list(
    request: Request,
    name: Annotated[
        str, Path(title="Code list", description="Name of a code list.", examples=["stance"])
    ],
) -> Response:
    """One closed vocabulary."""
    return respond(request, {"data": one_list(name), "links": {"self": request.url.path}})
