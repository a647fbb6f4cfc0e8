"""The extractor that a setting names, loaded when there is something to extract."""

from importlib import import_module

from app.ingest.batch.workers import Extractor


def extractor_at(place: str) -> Extractor:
    """The extractor at this place: a function that makes a record, beside its `METHOD`."""
    module, _, name = place.partition(":")
    found = import_module(module)
    return Extractor(getattr(found, "METHOD", module), getattr(found, name))
