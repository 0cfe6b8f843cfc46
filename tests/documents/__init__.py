"""Documents made of nodes by hand: the seed release, the ones that are hard to set, and parts for others."""

from __future__ import annotations

from tests.documents.hard import hard
from tests.documents.paperwork import paperwork
from tests.documents.parts import (
    HEAD,
    agencies,
    contacts,
    emphasis,
    end_mark,
    french,
    headline,
    items,
    link,
    listed,
    notice,
    paragraph,
    picture,
    quote,
    section,
    strong,
    table,
    theme,
    under,
    words,
)
from tests.documents.seed import seed

__all__ = [
    "HEAD",
    "agencies",
    "contacts",
    "emphasis",
    "end_mark",
    "french",
    "hard",
    "headline",
    "items",
    "link",
    "listed",
    "notice",
    "paperwork",
    "paragraph",
    "picture",
    "quote",
    "section",
    "seed",
    "strong",
    "table",
    "theme",
    "under",
    "words",
]
