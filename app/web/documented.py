"""What every route declares of its answers, for OpenAPI."""

from typing import Any

from app.errors import (
    Busy,
    Conflict,
    ContentTooLarge,
    DatabaseUnavailable,
    Forbidden,
    InvalidRequest,
    NotFound,
    OnRecordError,
    PreconditionFailed,
    PreconditionRequired,
    RecordRefused,
    RequestTooLong,
    Unauthorized,
    Withdrawn,
)

MEDIA_TYPE = "application/problem+json"

_ETAG = {
    "ETag": {
        "description": "Strong validator of the answer; send it back as If-None-Match.",
        "schema": {"type": "string", "examples": ['"0f6c6c1d5b0e4a6f8f8d2f1d4b7a9e3c"']},
    },
    "X-Request-ID": {
        "description": "Identifies the request, in logs and in problem documents.",
        "schema": {"type": "string", "examples": ["5f1c9d8e6b7a4c3d2e1f0a9b8c7d6e5f"]},
    },
}

MEMENTO = {
    "Memento-Datetime": {
        "description": "When the last change was recorded that a past state takes in (RFC 7089); "
        "absent for the present and before the first change.",
        "schema": {"type": "string", "examples": ["Mon, 05 Jan 2026 09:30:00 GMT"]},
    },
    "Vary": {
        "description": "`Accept-Datetime`, unless the address names the moment itself.",
        "schema": {"type": "string", "examples": ["Accept-Datetime"]},
    },
    "Link": {
        "description": "The address without a moment, where `Accept-Datetime` is understood "
        "(`original timegate`), and the list of its past states (`timemap`); before them the next "
        "page (`next`), where a list has one.",
        "schema": {
            "type": "string",
            "examples": [
                '</v1/positions?limit=3&cursor=...>; rel="next", '
                '</v1/positions?limit=3>; rel="original timegate", '
                '</v1/timemap/positions?limit=3>; rel="timemap"; type="application/link-format"'
            ],
        },
    },
}
"""The headers of an answer that can be asked for as of a moment."""

ACCEPT_DATETIME = {
    "name": "Accept-Datetime",
    "in": "header",
    "required": False,
    "description": "The record as it stood then: an HTTP date (RFC 7089). `as_of` in the address "
    "goes before it.",
    "schema": {
        "type": "string",
        "title": "Accept-Datetime",
        "examples": ["Mon, 05 Jan 2026 09:30:00 GMT"],
    },
}
"""The header that asks for a moment: routes read it from the request, not as a parameter."""


def _problem(
    error: type[OnRecordError], detail: str, fault: dict[str, Any] | None = None
) -> dict[str, Any]:
    """A problem as an answer, with an example of its own."""
    example = {
        "type": f"/v1/codes/problem#{error.type.value}",
        "title": error.title,
        "status": error.status,
        "detail": detail,
        "instance": "/v1/positions",
        "errors": [fault] if fault else [],
        "request_id": "5f1c9d8e6b7a4c3d2e1f0a9b8c7d6e5f",
    }
    content = {"schema": {"$ref": "#/components/schemas/Problem"}, "example": example}
    return {"description": error.type.definition, "content": {MEDIA_TYPE: content}}


_NOT_FOUND = _problem(NotFound, "There is no position 'pos_a' on record.")


_ALWAYS: dict[int | str, dict[str, Any]] = {
    304: {"description": "The client has this answer already (If-None-Match).", "headers": _ETAG},
    401: _problem(Unauthorized, "The key 'desk' is expired."),
    414: _problem(RequestTooLong, "The query has 9,002 bytes; up to 8,000 are read."),
    422: _problem(
        InvalidRequest,
        "contry: no such parameter. Did you mean country?",
        {
            "parameter": "contry",
            "detail": "no such parameter.",
            "allowed": ["country", "topic"],
            "suggestion": "country",
        },
    ),
    500: _problem(OnRecordError, "Something went wrong here. Please report the request id."),
    503: _problem(
        DatabaseUnavailable,
        "The database file onrecord.db does not exist. Create it with: onrecord db upgrade",
    ),
}

LIST: dict[int | str, dict[str, Any]] = {
    200: {"description": "A page of the list.", "headers": _ETAG},
    **_ALWAYS,
}
"""The answers of a list."""

ITEM: dict[int | str, dict[str, Any]] = {
    200: {"description": "The item.", "headers": _ETAG},
    404: _NOT_FOUND,
    **_ALWAYS,
}
"""The answers of an item."""

ITEM_LIST: dict[int | str, dict[str, Any]] = LIST | {404: _NOT_FOUND}
"""The answers of a list that belongs to an item."""

FACT: dict[int | str, dict[str, Any]] = ITEM | {
    308: {
        "description": "The fact was merged into another one.",
        "headers": {
            "Location": {
                "description": "The fact that goes on.",
                "schema": {"type": "string", "examples": ["/v1/positions/pos_p7fa7rnyooqcoefj"]},
            }
        },
    },
    410: _problem(
        Withdrawn,
        "The position pos_a was withdrawn in change 7, 2026-01-05T09:30:00.000000Z: the speaker "
        "was another. Its history is at /v1/positions/pos_a/history.",
    ),
}
"""The answers of a fact."""

FACTS: dict[int | str, dict[str, Any]] = LIST | {
    403: _problem(Forbidden, "The key 'desk' has the scopes ingest; this needs read.")
}
"""The answers of a list of facts."""

TOPIC_FACTS: dict[int | str, dict[str, Any]] = FACTS | {404: _NOT_FOUND}
"""The answers of a list of the facts on a topic."""

FACT_LIST: dict[int | str, dict[str, Any]] = FACT | {200: LIST[200]}
"""The answers of a list that belongs to a fact."""

COUNTS: dict[int | str, dict[str, Any]] = {
    200: {"description": "The counts.", "headers": _ETAG},
    **_ALWAYS,
}
"""The answers of a count."""

CODES: dict[int | str, dict[str, Any]] = {
    200: {"description": "The code lists.", "headers": _ETAG},
    **{status: answer for status, answer in _ALWAYS.items() if status not in (401, 503)},
}
"""The answers of what needs no database."""

CODES_ITEM: dict[int | str, dict[str, Any]] = CODES | {404: ITEM[404]}
"""The answers of one code list."""

HEALTH: dict[int | str, dict[str, Any]] = {
    200: {"description": "It does."},
    422: _ALWAYS[422],
    500: _ALWAYS[500],
}
"""The answers of a look at the process."""

UNREADY: dict[int | str, dict[str, Any]] = {503: _ALWAYS[503]}
"""What is answered while the database cannot be used."""

QUESTION: dict[int | str, dict[str, Any]] = {
    200: {"description": "The answer."},
    **{status: answer for status, answer in _ALWAYS.items() if status != 304},
}
"""The answers to a question that is posted."""

TIME_MAP: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The past states.",
        "headers": _ETAG,
        "content": {"application/link-format": {"schema": {"type": "string"}}},
    },
    404: _NOT_FOUND,
    **_ALWAYS,
}
"""The answers of a time map."""


_WRITTEN: dict[int | str, dict[str, Any]] = {
    **{status: answer for status, answer in _ALWAYS.items() if status != 304},
    401: _problem(Unauthorized, "Send a key as `Authorization: Bearer KEY`."),
    403: _problem(Forbidden, "The key 'desk' has the scopes read; this needs curate."),
    413: _problem(ContentTooLarge, "The body is larger than 16,777,216 bytes."),
}
_LOCATION = {
    "Location": {
        "description": "The address of what was written.",
        "schema": {"type": "string", "examples": ["/v1/positions/pos_p7fa7rnyooqcoefj"]},
    }
}

CREATION: dict[int | str, dict[str, Any]] = _WRITTEN | {
    201: {"description": "The fact is on record.", "headers": _LOCATION},
    409: _problem(Conflict, "The very same position was put on record already, as pos_a."),
}
"""The answers to a new fact."""

REVISION: dict[int | str, dict[str, Any]] = _WRITTEN | {
    200: {"description": "The version that was written."},
    404: _NOT_FOUND,
    409: _problem(Conflict, "The position pos_a was merged into pos_b, which goes on for it."),
    410: FACT[410],
    412: _problem(
        PreconditionFailed, 'The fact is at version 3 now; If-Match names "r2". Read it again.'
    ),
    428: _problem(PreconditionRequired, "Send If-Match with the ETag of the fact as you read it."),
}
"""The answers to whatever is done to a fact."""

DECISION: dict[int | str, dict[str, Any]] = REVISION | {
    200: {"description": "The versions that were written."},
    409: _problem(Conflict, "The mediation offer med_a rests on the draft pos_a."),
    412: _problem(
        PreconditionFailed,
        "pos_a is at version 2 now, not 1: somebody decided on it or changed it. Read it again, "
        "then decide.",
    ),
}
"""The answers to decisions on several drafts."""
del DECISION[428]

_RETRY = {
    "Retry-After": {
        "description": "Seconds after which it is worth asking again.",
        "schema": {"type": "integer", "examples": [30]},
    }
}

JOBS: dict[int | str, dict[str, Any]] = {
    200: {"description": "The jobs.", "headers": _ETAG},
    **_ALWAYS,
    403: _problem(Forbidden, "The key 'desk' has the scopes read; this needs ingest."),
}
"""The answers of the list of jobs."""

JOB: dict[int | str, dict[str, Any]] = JOBS | {
    200: {"description": "The job.", "headers": _ETAG | _RETRY},
    404: _problem(NotFound, "There is no job 'job_a' of the key 'desk'."),
}
"""The answers of a job."""

LOADING: dict[int | str, dict[str, Any]] = _WRITTEN | {
    200: {"description": "Nothing was to be written, or it was a dry run."},
    201: {"description": "What the record brought is on record.", "headers": _LOCATION},
    202: {"description": "A job was made of it; follow it at its address.", "headers": _LOCATION},
    503: _problem(Busy, "1000 jobs wait already, and no more than 1000 may. Try again later.")
    | {"headers": _RETRY},
    422: _problem(
        RecordRefused,
        "The record has 1 fault; nothing was stored.",
        {
            "pointer": "positions[4].evidence[0].start",
            "detail": "the words at 2250 to 2471 are not those recorded. They stand at 2249 "
            "to 2471.",
        },
    ),
}
"""The answers to a record."""
