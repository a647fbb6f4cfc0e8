"""On Record: a REST API of structured news facts, each with the words that prove it."""

__version__ = "0.1.0"
