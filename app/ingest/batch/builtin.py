"""The extractor that comes with On Record, loaded when there is something to extract."""

from importlib import import_module

from app.ingest.batch.workers import Extractor

PLACE = "app.ingest.extract.compose:extract_source"
"""Where it is: a function that makes a record, in a module that has its `METHOD`."""


def builtin(place: str | None = None) -> Extractor:
    """The extractor at this place, or the one that comes with On Record."""
    module, _, name = (place or PLACE).partition(":")
    found = import_module(module)
    return Extractor(getattr(found, "METHOD", module), getattr(found, name))
