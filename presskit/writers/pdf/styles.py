"""The styles of a theme: how each kind of block is set.

Not here: which block takes which style (`story`).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import assert_never

from presskit.document.nodes import NoticeKind
from presskit.model.theme import Size, Theme
from presskit.writers.pdf.blocks import Style
from presskit.writers.pdf.fonts import Family


@dataclass(frozen=True, slots=True, eq=False)
class TextStyles:
    """Running text at one size: the body's, or the smaller one of boilerplate and notes."""

    paragraph: Style
    intro: Style  # stays with the list under it
    item: Style
    heading: Style  # within the text


@dataclass(frozen=True, slots=True, eq=False)
class Styles:
    """All styles of a theme."""

    issuer: Style
    kind: Style
    date: Style
    reference: Style
    notice: Style
    alert: Style  # embargo, correction, withdrawal
    draft: Style  # above the masthead
    headline: Style
    subhead: Style
    body: TextStyles
    small: TextStyles
    section: Style  # heading of a section
    section_within: Style  # heading of the same level in the text
    speech: Style
    attribution: Style
    caption: Style
    table_caption: Style
    table_head: Style
    table_cell: Style
    contact: Style
    end_mark: Style
    foot: Style  # and running head
    warning: Style  # what a running head opens with: draft, embargo
    page_number: Style

    def of_notice(self, kind: NoticeKind) -> Style:
        """Return the style of a notice."""
        match kind:
            case "immediate":
                return self.notice
            case "embargo" | "correction" | "withdrawal":
                return self.alert
            case "draft":
                return self.draft
            case _:
                assert_never(kind)


@lru_cache(16)
def styles_of(theme: Theme) -> Styles:
    """Return the styles of a theme.

    Source: the page design (order, sizes, distances).
    """
    sizes = theme.sizes
    text, display = Family(theme, "text"), Family(theme, "display")
    small = _style(display, sizes.small)
    label = replace(small, bold=True, colour="brand")
    alert = replace(label, colour="paper", fill="alert", before_pt=20, after_pt=14, indent_pt=8)
    alert = replace(alert, keep_next=True)
    issuer = _style(display, sizes.heading, bold=True, colour="brand", after_pt=7, keep_next=True)
    cell = replace(small, after_pt=5)
    foot = _style(display, sizes.foot, colour="muted")
    lead = {"colour": "brand", "keep_next": True}
    return Styles(
        issuer=issuer,
        kind=label,
        date=replace(small, align="centre"),
        reference=replace(small, align="right"),
        notice=replace(label, before_pt=18, after_pt=6, keep_next=True),
        alert=alert,
        draft=replace(alert, size_pt=sizes.heading.size_pt, leading_pt=sizes.heading.leading_pt),
        headline=_style(display, sizes.headline, bold=True, before_pt=10, after_pt=10, balance=True, **lead),
        subhead=_style(display, sizes.heading, before_pt=0, after_pt=10, keep_next=True, balance=True),
        body=_text_styles(theme, text, sizes.body),
        small=_text_styles(theme, text, sizes.small),
        section=_style(display, sizes.heading, bold=True, before_pt=18, after_pt=6, **lead),
        section_within=_style(display, sizes.heading, bold=True, before_pt=12, after_pt=4, **lead),
        speech=_style(text, sizes.quote, bar="brand", before_pt=8, after_pt=4, keep_next=True, indent_pt=14),
        attribution=_style(display, sizes.small, bar="brand", before_pt=4, after_pt=16, indent_pt=14),
        caption=replace(small, colour="muted", before_pt=5, after_pt=14),
        table_caption=replace(small, bold=True, before_pt=10, after_pt=5, keep_next=True),
        table_head=replace(cell, bold=True, colour="brand", keep_next=True),
        table_cell=cell,
        contact=replace(small, before_pt=4, after_pt=8),
        end_mark=replace(small, align="centre", before_pt=18),
        foot=foot,
        warning=replace(foot, bold=True, colour="alert"),
        page_number=replace(foot, align="right"),
    )


def _style(family: Family, size: Size, **how: object) -> Style:
    return Style(family, size.size_pt, size.leading_pt, **how)  # type: ignore[arg-type] # named fields of Style


def _text_styles(theme: Theme, family: Family, size: Size) -> TextStyles:
    paragraph = _style(family, size, after_pt=size.leading_pt * 0.55, justify=theme.setting.justify)
    heading = replace(paragraph, family=Family(theme, "display"), bold=True, colour="brand", justify=False)
    return TextStyles(
        paragraph=paragraph,
        intro=replace(paragraph, keep_next=True, after_pt=size.leading_pt * 0.35),
        item=replace(paragraph, after_pt=size.leading_pt * 0.2, justify=False),
        heading=replace(heading, before_pt=size.leading_pt * 0.7, after_pt=2, keep_next=True),
    )


@lru_cache(1024)
def indented(style: Style, room_pt: float) -> Style:
    """Return the style with its text this much further right."""
    return replace(style, indent_pt=style.indent_pt + room_pt)


@lru_cache(256)
def scaled(style: Style, scale: float) -> Style:
    """Return the style with type and leading at a fraction of their size."""
    return replace(style, size_pt=style.size_pt * scale, leading_pt=style.leading_pt * scale)
