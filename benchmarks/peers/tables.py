"""Datasette over the same SQLite file, served as all others are: without its own log.

It shows a table with labels for what the rows refer to. Children of a row (targets, clauses,
evidence) are no part of its pages, so it gives less than the others.
"""

import os

from datasette.app import Datasette

_URL = os.environ["DATABASE_URL"]
_LABELS = {"countries": "code", "groups": "slug", "officials": "slug", "topics": "slug"}

app = Datasette(
    [_URL.removeprefix("sqlite:///")],
    settings={"suggest_facets": False, "default_cache_ttl": 0},
    metadata={
        "databases": {
            _URL.rsplit("/", 1)[1].rsplit(".", 1)[0]: {
                "tables": {name: {"label_column": label} for name, label in _LABELS.items()}
            }
        }
    },
).app()
