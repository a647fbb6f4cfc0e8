"""Predictions: what a reading found, in the form that scorers of attribution read."""

from collections.abc import Iterable, Iterator
from typing import Any

import orjson

from app.errors import InvalidRequest
from app.ingest.extract.reader import read


def predictions(lines: Iterable[bytes]) -> Iterator[bytes]:
    """Answer lines of `{"id", "text"}` with lines of what was found in each text.

    Raises:
        InvalidRequest: A line is no such object; it is named by its number.
    """
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            article = orjson.loads(line)
            id_, text = article["id"], article["text"]
        except (ValueError, TypeError, KeyError) as error:
            raise InvalidRequest(f'Line {number} is no {{"id", "text"}} object.') from error
        if not isinstance(text, str):
            raise InvalidRequest(f"Line {number}: the text is not a string.")
        yield orjson.dumps(predict(id_, text), option=orjson.OPT_APPEND_NEWLINE)


def predict(id_: Any, text: str) -> dict[str, Any]:
    """The attributions of a text; offsets are code points, ends are exclusive."""
    return {
        "id": id_,
        "quotes": [
            {
                "type": each.quote_type.value,
                "content": each.content,
                "speaker_mention": each.source,
                "cue": each.cue,
                "speaker": each.speaker,
            }
            for each in read(text).attributions
        ],
    }
