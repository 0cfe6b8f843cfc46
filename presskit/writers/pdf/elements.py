"""The structure tree of a document: made with the story, in reading order, whatever the pages do.

Source: ISO 32000-1, 14.7 and 14.8; ISO 14289-1, 7.1 to 7.18.

Not here: marks on pages (`paper`) and the tree as PDF objects (`structure`).
"""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(slots=True, eq=False)
class Element:
    """A structure element; compared by identity.

    Inline ones (Link, Span) take their place among their parent's children where their first mark stands.
    """

    tag: str  # standard structure type
    parent: Element | None = None
    attributes: bytes = b""  # ready PDF: /Alt, /Lang, /A
    inline: bool = False
    url: str = ""  # of a Link
    title: str = ""  # of a heading, for the bookmarks
    children: list[Element] = field(default_factory=list)

    def __post_init__(self) -> None:
        if self.parent is not None and not self.inline:
            self.parent.children.append(self)


FURNITURE = Element("Artifact")
"""Owns running heads, feet and repeated table heads: page furniture, not content (ISO 32000-1, 14.8.2.2)."""
