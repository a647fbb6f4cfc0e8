"""Bytes into characters: by what is declared, where the bytes agree; never by a guess."""

from dataclasses import dataclass

from w3lib import encoding

from app.errors import ArticleRefused

REPLACEMENT = "\ufffd"
_UTF_8 = "utf-8"


@dataclass(frozen=True, slots=True)
class Decoded:
    """Characters, and whether all bytes were some."""

    text: str
    whole: bool
    """False: some bytes are none in the declared character set; each is a replacement character."""


def decode(body: bytes, content_type: str | None = None, *, markup: bool = False) -> Decoded:
    """The characters of a text or page.

    A byte order mark decides. Bytes that are UTF-8 are taken as that, whatever is declared: by
    chance alone they hardly ever are. Then goes what the server declares, then what the page does.

    Args:
        body: the bytes.
        content_type: the `Content-Type` they came with.
        markup: whether declarations in HTML or XML count.

    Raises:
        ArticleRefused: the bytes are not UTF-8, and nothing says what else they are.
    """
    marked, mark = encoding.read_bom(body)
    if marked and mark:
        return _decoded(body[len(mark) :], marked)
    try:
        return Decoded(body.decode(_UTF_8), whole=True)
    except UnicodeDecodeError as error:
        fault = f"{error.reason} at {error.start}"
    declared = encoding.http_content_type_encoding(content_type)
    if not declared and markup:
        declared = encoding.html_body_declared_encoding(body)
    if declared in (None, _UTF_8):
        if declared or not markup:
            raise ArticleRefused(f"It is not UTF-8 ({fault}). Save it as UTF-8.")
        raise ArticleRefused(f"It is not UTF-8 ({fault}) and declares no character set.")
    return _decoded(body, declared)


def _decoded(body: bytes, name: str) -> Decoded:
    try:
        text = body.decode(name, errors="replace")
    except (LookupError, UnicodeError):
        raise ArticleRefused(f"It declares {name}, which is no character set of texts.") from None
    return Decoded(text, whole=REPLACEMENT not in text)
