"""Inline content as runs of text: the face, the colour and the element of each stretch.

Not here: lines (`lines`), blocks (`story`).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple, assert_never

from presskit.document import nodes
from presskit.document.forms import FORMS
from presskit.model.theme import Theme
from presskit.writers.pdf.blocks import Run, Style
from presskit.writers.pdf.elements import Element
from presskit.writers.pdf.fonts import cover
from presskit.writers.pdf.objects import text_string


class _Manner(NamedTuple):
    """How the words at one depth of the inline tree are set."""

    bold: bool
    italic: bool
    colour: str
    owner: Element | None  # None: the block's own element


def runs_of(
    content: Iterable[nodes.Inline], style: Style, element: Element, theme: Theme
) -> list[tuple[Run, str]]:
    """Return the runs of inline content, owned by the block's element or by links and spans in it."""
    runs: list[tuple[Run, str]] = []
    _gather(content, _Manner(style.bold, style.italic, style.colour, None), style, element, theme, runs)
    return runs


def _gather(
    content: Iterable[nodes.Inline],
    manner: _Manner,
    style: Style,
    element: Element,
    theme: Theme,
    runs: list[tuple[Run, str]],
) -> None:
    for inline in content:
        match inline:
            case nodes.Text(text):
                face = style.family.face(bold=manner.bold, italic=manner.italic)
                runs += [(Run(f, manner.colour, manner.owner), part) for f, part in cover(text, face, theme)]
                continue
            case nodes.Break():
                face = style.family.face(bold=manner.bold, italic=manner.italic)
                runs.append((Run(face, manner.colour, manner.owner), "\n"))
                continue
            case nodes.Strong(inner):
                within = manner._replace(bold=True)
            case nodes.Emphasis(inner):
                within = manner._replace(italic=not manner.italic)
            case nodes.Link(url, inner):
                tag = FORMS[nodes.Link].pdf
                owner = Element(tag, manner.owner or element, inline=True, url=url)
                colour = manner.colour if style.fill else "link"
                within = manner._replace(owner=owner, colour=colour)
            case nodes.Span(language, inner):
                attributes = b"/Lang " + text_string(language)
                owner = Element(FORMS[nodes.Span].pdf, manner.owner or element, attributes, inline=True)
                within = manner._replace(owner=owner)
            case _:
                assert_never(inline)
        _gather(inner, within, style, element, theme, runs)
