"""The part of the topic tree that several slices hang their lists on."""

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import Path
from sqlalchemy import bindparam

from app.errors import NotFound
from app.web.filters import Conditions, one_of
from app.web.listing import Entity

TopicSlug = Annotated[
    str, Path(title="Topic", description="Slug of a topic.", examples=["security"])
]


def within_topic(entity: Entity[Any], slug: str) -> Callable[[Conditions], None]:
    """The condition that an entry belongs to a topic or a narrower one. NotFound without it."""

    def narrow(conditions: Conditions) -> None:
        known_topic(slug)(conditions)
        tree = conditions.topic_tree(slug)
        names = {f"within_{n}": topic for n, topic in enumerate(tree)}
        topic = one_of(entity.table.c.topic)
        conditions.add(("within", len(tree)), lambda: topic([*map(bindparam, names)]), **names)

    return narrow


def known_topic(slug: str) -> Callable[[Conditions], None]:
    """No condition, but that the topic is on record. NotFound without it."""

    def narrow(conditions: Conditions) -> None:
        if not conditions.topic_tree(slug):
            raise NotFound(f"There is no topic {slug[:80]!r} on record.")

    return narrow
