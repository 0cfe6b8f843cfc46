"""From a word nobody knows to the one that was probably meant.

Not here: what is known (the models and the registers).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from difflib import get_close_matches

LISTED = 12
"""So many known words are listed; more would not be read."""


def did_you_mean(word: str, known: Iterable[str], otherwise: str = "") -> str:
    """Return a fix: the nearest known word, else what is known, else what to do otherwise.

    Case and accents do not keep words apart: “Orléans” is near orleans.
    """
    words = list(dict.fromkeys(known))
    plain = {_plain(known_word): known_word for known_word in words}
    near = get_close_matches(_plain(word), plain, 1, 0.7)
    if near:
        return f"did you mean “{plain[near[0]]}”?"
    ways = [otherwise.removesuffix(".")] if otherwise else []
    if 0 < len(words) <= LISTED:
        ways.append(f"use {'one of: ' if len(words) > 1 else ''}{', '.join(words)}")
    return "; or ".join(ways) + "."


def quoted(value: object, limit: int = 60) -> str:
    """Return a value in quotation marks, cut to what a message can show."""
    text = " ".join(str(value).split())
    return f"“{text[: limit - 1]}…”" if len(text) > limit else f"“{text}”"


def as_id(name: str) -> str:
    """Return a name as an id: lower-case letters, digits and single hyphens; "" if nothing is left."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", name).casefold() if not unicodedata.combining(c))
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:80].strip("-")


def _plain(word: str) -> str:
    return as_id(word) or word
