"""Who asks: the key that a request brings, and what it may do."""

from collections.abc import Callable

from starlette.requests import Request

from app import keys
from app.codelists import Scope
from app.errors import Forbidden, PreconditionFailed, PreconditionRequired, Unauthorized
from app.keys import Holder
from app.sessions import ReadSession

_HOW = "Send a key as `Authorization: Bearer KEY`."


def identify(request: Request, session: ReadSession) -> None:
    """Note who brings a key, if anybody does. Raises Unauthorized for one that is not valid.

    Not for reads that anybody may do either: who sends a key believes that it counts.
    """
    given = request.headers.getlist("authorization")
    if not given:
        return
    scheme, _, key = given[0].partition(" ")
    if len(given) > 1 or scheme.lower() != "bearer":
        raise Unauthorized(_HOW)
    request.state.holder = keys.holder(session, key.strip())


def holder(request: Request) -> Holder | None:
    """Who brings a key with this request."""
    found: Holder | None = getattr(request.state, "holder", None)
    return found


def require(request: Request, session: ReadSession, scope: Scope) -> Holder:
    """Who asks, if the key has this scope. Raises Unauthorized or Forbidden."""
    found = holder(request)
    if found is None:
        off = "" if keys.any_key(session) else " No key exists yet: onrecord keys create makes one."
        raise Unauthorized(f"{_HOW}{off}")
    if not found.may(scope):
        has = ", ".join(sorted(found.scopes))
        raise Forbidden(f"The key {found.name!r} has the scopes {has}; this needs {scope.value}.")
    return found


def sees_drafts(request: Request) -> bool:
    """Whether drafts are shown to whoever asks."""
    found = holder(request)
    return found is not None and found.may(Scope.READ)


def expected(if_match: str | None) -> Callable[[int], None]:
    """The check that a fact is at a version that an If-Match header names.

    The ETag of a fact begins with its version: ``"r3-..."``. Only that part counts, so that a
    change elsewhere in the record makes nobody's tag stale. Raises PreconditionRequired.
    """
    if if_match is None:
        raise PreconditionRequired(
            'Send If-Match with the ETag of the fact as you read it ("r1-..."), or its version '
            'alone ("r1").'
        )
    tags = [tag.strip() for tag in if_match.split(",")]
    seen = {tag.strip('"').partition("-")[0] for tag in tags if tag.startswith('"')}

    def check(rev: int) -> None:
        if tags != ["*"] and f"r{rev}" not in seen:
            raise PreconditionFailed(
                f"The fact is at version {rev} now; If-Match names {', '.join(tags)[:80]}. Read it "
                "again, then decide."
            )

    return check
