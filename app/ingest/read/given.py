"""Metadata as people and programs give it beside an article: names of fields, and their values."""

import re
from collections.abc import Mapping
from dataclasses import fields
from datetime import date
from typing import Any

from app.errors import ArticleRefused, Fault, brief, near_miss
from app.ingest.extract.found import Meta

NAMES = tuple(field.name for field in fields(Meta))
_URL = re.compile(r"https?://\S+")
_MAX_URL = 2000
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]+)*")


def given_meta(values: Mapping[str, Any]) -> Meta:
    """The metadata in these fields; an empty one or none is not given.

    Raises:
        ArticleRefused: a field is not one of metadata, or its value cannot be.
    """
    faults, found = [], {}
    for name, value in values.items():
        if name not in NAMES:
            detail = f"there is no such field; there are {', '.join(NAMES)}."
            faults.append(Fault(detail, pointer=brief(name), suggestion=near_miss(name, NAMES)))
        elif value not in (None, ""):
            found[name] = value_of(name, value)
            if found[name] is None:
                faults.append(
                    Fault(f"{brief(value)} is {_WANTED.get(name, 'no text.')}", pointer=name)
                )
    if faults:
        raise ArticleRefused("What is given of the article is not as it has to be.", faults)
    return Meta(**found)


_WANTED = {
    "published_on": "no day: write 2025-11-14.",
    "url": "no address: write http:// or https:// and what follows.",
    "language": "no language tag: write en or pt-BR.",
}


def value_of(name: str, written: object) -> Any:
    """What is written as the value of a field, or None if it cannot be that."""
    if not isinstance(written, str):
        return None
    line = " ".join(written.split()) or None
    if name == "published_on":
        return _day(written.strip())
    if name == "url":
        return line if line and len(line) <= _MAX_URL and _URL.fullmatch(line) else None
    return language_tag(line) if name == "language" else line


def language_tag(written: str | None) -> str | None:
    """A language as BCP 47 writes it, or none."""
    tag = (written or "").strip().replace("_", "-")
    if not _LANGUAGE.fullmatch(tag):
        return None
    primary, hyphen, rest = tag.partition("-")
    return primary.lower() + hyphen + rest


def _day(written: str) -> date | None:
    """A day, with or without a time after it."""
    try:
        return date.fromisoformat(written[:10])
    except ValueError:
        return None
