"""The elements a template may write: one row an element, the one place to look it up.

A block's element and its attributes are named as the node and its fields are (`document.nodes`); a few more
elements name what a node holds (``<speech>``, ``<cell>``).  Not here: how they are read (`reader`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

Values = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Element:
    """What an element has and holds."""

    attributes: frozenset[str] = frozenset()
    elements: frozenset[str] = frozenset()
    words: bool = False  # whether words may stand in it
    needs: frozenset[str] = frozenset()  # what it is not complete without: elements, or "words"
    optional: frozenset[str] = frozenset()  # attributes that may be left out
    values: Values = field(default_factory=dict)  # attribute → the only values it may have


INLINES = frozenset(("strong", "emphasis", "link", "span", "break"))
ONCE = frozenset(("intro", "sentence", "attribution", "caption", "credit", "header"))
"""Elements that stand in another at most once."""

_ANYWHERE = frozenset(
    ("paragraph", "heading", "list", "agency-list", "quote", "figure", "table", "contact", "page-break")
)
BLOCKS = _ANYWHERE | {"notice", "headline", "subhead", "section", "end-mark"}
"""The elements that are blocks."""


def _block(*attributes: str, holds: str = "", needs: str = "", values: Values | None = None) -> Element:
    """A block whose content stands in elements of their own."""
    names = frozenset(("id", "field", *attributes))
    return Element(names, frozenset(holds.split()), needs=frozenset(needs.split()), values=values or {})


def _words(
    *attributes: str, needed: bool = True, optional: str = "", values: Values | None = None
) -> Element:
    """An element that holds words, with their stress and links."""
    return Element(
        frozenset((*attributes, *optional.split())),
        INLINES,
        words=True,
        needs=frozenset(("words",)) if needed else frozenset(),
        optional=frozenset(optional.split()),
        values=values or {},
    )


ELEMENTS: Mapping[str, Element] = {
    "document": Element(elements=BLOCKS),
    # blocks
    "notice": _words("id", "field", "kind", values={"kind": ("immediate", "embargo")}),
    "headline": _words("id", "field"),
    "subhead": _words("id", "field"),
    "paragraph": _words("id", "field", optional="dateline"),
    "heading": _words("id", "field", "level", values={"level": ("2", "3")}),
    "list": _block("ordered", holds="item", needs="item", values={"ordered": ("yes", "no")}),
    "agency-list": _block(
        "form",
        holds="intro item sentence",
        needs="item",
        values={"form": ("numbered", "bulleted", "sentence", "columns")},
    ),
    "quote": _block(holds="speech attribution", needs="speech attribution"),
    "section": Element(
        frozenset(("id", "field", "kind")),
        _ANYWHERE,
        needs=frozenset(("heading",)),
        values={"kind": ("quotes", "boilerplate", "facts", "notes", "contacts")},
    ),
    "figure": _block("photo", "alt", holds="caption credit"),
    "table": _block(holds="caption header row", needs="header row"),
    "contact": _block(holds="line", needs="line"),
    "end-mark": Element(frozenset(("id", "field")), words=True, needs=frozenset(("words",))),
    "page-break": _block(),
    # what blocks hold
    "item": Element(frozenset(("id", "field")), INLINES | {"list"}, words=True, needs=frozenset(("words",))),
    "intro": _words(needed=False),
    "sentence": _words(needed=False),
    "speech": _words(),
    "attribution": _words(),
    "caption": _words(needed=False),
    "credit": _words(needed=False),
    "header": Element(elements=frozenset(("cell",)), needs=frozenset(("cell",))),
    "row": Element(elements=frozenset(("cell",)), needs=frozenset(("cell",))),
    "cell": _words(needed=False),
    "line": _words(),
    # words
    "strong": _words(needed=False),
    "emphasis": _words(needed=False),
    "link": _words("url"),
    "span": _words("language", needed=False),
    "break": Element(),
}
"""Every element by its name."""

FROM_HTML = {
    "a": "link",
    "address": "contact",
    "b": "strong",
    "blockquote": "quote",
    "br": "break",
    "div": "section",
    "em": "emphasis",
    "figcaption": "caption",
    "h1": "headline",
    "h2": "heading",
    "h3": "heading",
    "i": "emphasis",
    "img": "figure",
    "li": "item",
    "ol": "list",
    "p": "paragraph",
    "td": "cell",
    "th": "cell",
    "tr": "row",
    "ul": "list",
}
"""What somebody who knows HTML is likely to mean."""
