"""One value, one text, one digest: data to the bytes that are signed.

Words are compared as a reader sees them: NFC, one kind of line end, no blanks around them.  Not here: which
data is signed (`scopes`).
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

import rfc8785

Value: TypeAlias = "str | int | bool | Sequence[Value] | Mapping[str, Value] | None"
"""What can be signed; no fractions, which machines write in many ways."""

INVISIBLE = frozenset(("Cf", "Cs", "Co", "Cn"))
"""Unicode categories that hide or turn around words: format characters, surrogates, private, unassigned."""

ALLOWED = frozenset("\u00ad\u200c\u200d\u200e\u200f")
"""Soft hyphen, joiners and direction marks, which Persian, Hindi, Arabic and Hebrew are written with."""


class Unsignable(ValueError):
    """Data has something no digest can stand for: a fraction, or a character that hides words."""


def canonical(value: Value) -> bytes:
    """Return the one way to write a value, in UTF-8.

    Raises:
        Unsignable: it holds a fraction or a character that hides words.
    Source: RFC 8785 (JSON Canonicalization Scheme); Unicode Standard Annex 15 (NFC).
    """
    try:
        return rfc8785.dumps(_normal(value))
    except rfc8785.CanonicalizationError as error:
        raise Unsignable(str(error)) from error


def digest(content: bytes) -> str:
    """Return the SHA-256 of bytes, in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def _normal(value: Value) -> Any:  # noqa: ANN401 (what rfc8785 takes, which it gives no public name)
    match value:
        case str():
            return _normal_text(value)
        case bool() | int() | None:
            return value
        case Mapping():
            return {_normal_text(name): _normal(inner) for name, inner in value.items() if inner is not None}
        case list() | tuple():
            return [_normal(inner) for inner in value]
        case _:
            raise Unsignable(f"{value!r} can not be signed; write it as a text or a whole number")


def _normal_text(text: str) -> str:
    if text.isascii():
        return text.replace("\r\n", "\n").replace("\r", "\n").strip()
    normal = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n")).strip()
    for character in normal:
        if unicodedata.category(character) in INVISIBLE and character not in ALLOWED:
            raise Unsignable(f"the character U+{ord(character):04X} hides what a text says")
    return normal
