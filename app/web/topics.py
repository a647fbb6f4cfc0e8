"""The part of the topic tree that several slices hang their lists on."""

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import Path

from app.errors import NotFound
from app.web.entities import Entity
from app.web.filters import Conditions

TopicSlug = Annotated[
    str, Path(title="Topic", description="Slug of a topic.", examples=["security"])
]


def within_topic(entity: Entity[Any], slug: str) -> Callable[[Conditions], None]:
    """The condition that an entry belongs to a topic or a narrower one. NotFound without it."""

    def narrow(conditions: Conditions) -> None:
        known_topic(slug)(conditions)
        conditions.pick("within", conditions.topic_tree(slug), entity.table.c.topic)

    return narrow


def known_topic(slug: str) -> Callable[[Conditions], None]:
    """No condition, but that the topic is on record. NotFound without it."""

    def narrow(conditions: Conditions) -> None:
        if not conditions.topic_tree(slug):
            raise NotFound(f"There is no topic {slug[:80]!r} on record.")

    return narrow
