"""Characters that no face of a theme can set, found before anything is written.

Why: a PDF with a character that has no glyph fails PDF/A and PDF/UA, and the reader sees a box.
Source: ISO 19005-3, 6.2.11.4; ISO 14289-1, 7.21.4.1.
"""

from __future__ import annotations

from functools import lru_cache

from presskit.document.nodes import Document
from presskit.document.walk import blocks, passages, plain
from presskit.model.theme import Theme
from presskit.writers.pdf.fonts import Family, lacking


def uncovered(document: Document, theme: Theme) -> tuple[tuple[str, str], ...]:
    """Return (field, character) for everything that can not be set, each once, in reading order."""
    head, found = document.head, []
    furniture = (head.masthead.issuer, head.masthead.kind, head.masthead.date, head.masthead.reference)
    texts = [("head", text) for text in (*furniture, head.office, head.running_title, head.page_label)]
    texts += [(field, plain(words)) for block in blocks(document) for field, words in passages(block)]
    for field, text in texts:
        if not text.isascii():
            found += [(field, character) for character in _lacking(text, theme)]
    return tuple(dict.fromkeys(found))


@lru_cache(4096)
def _lacking(text: str, theme: Theme) -> tuple[str, ...]:
    """What both families lack of a text, in any of their cuts."""
    found: list[str] = []
    for role in ("text", "display"):
        family = Family(theme, role)
        found += lacking(text, family.face(), theme)
    return tuple(dict.fromkeys(found))
