"""Predictions: what a reading found, in the form that scorers of attribution read."""

from typing import Any

from app.ingest.extract.reader import read


def predict(id_: str, text: str) -> dict[str, Any]:
    """The attributions of a text as one line of predictions."""
    return {
        "id": id_,
        "quotes": [
            {
                "type": each.quote_type.value,
                "content": [list(span) for span in each.content],
                "speaker_mention": list(each.source) if each.source else None,
                "cue": list(each.cue) if each.cue else None,
                "speaker": each.speaker,
            }
            for each in read(text).attributions
        ],
    }
