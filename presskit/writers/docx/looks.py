"""The look of every paragraph style: sizes, distances and colours by role, from a theme.

The styles mirror those of the PDF, so that both files look like siblings.  Running text stands at the left
edge of Word's text area; what the theme puts further left (masthead, headline, running head) reaches out
into the margin.

Not here: XML (`styles`), and which block takes which style (`story`).
"""

from __future__ import annotations

from typing import Literal, NamedTuple

from presskit.model.theme import Size, Theme
from presskit.writers.docx.numbering import Kind
from presskit.writers.theme import POINTS_PER_MM, text_width_pt

QUOTE_INDENT_PT, QUOTE_RULE_PT, QUOTE_END_PT, SOURCE_GAP_PT = 14.0, 2.25, 1.0, 4.0
BOX_PADDING_PT = 8.0
HEADLINE_LINES, LETTER_EM, LINE_END, LONG_HEADLINE = 3, 0.46, 5, 0.7
PARAGRAPH_GAP, INTRO_GAP, ENTRY_GAP, HEADING_GAP = 0.55, 0.35, 0.2, 0.7  # parts of the line distance


class TextStyles(NamedTuple):
    """Names, or ids, of the styles of running text at one size."""

    paragraph: str
    intro: str  # of a list
    bullet: str
    number: str
    plain: str  # entries without a mark
    small: bool = False


BODY = TextStyles("Body Text", "List Intro", "List Bullet", "List Number", "List")
SMALL = TextStyles(
    *("Boilerplate", "Boilerplate Intro", "Boilerplate Bullet", "Boilerplate Number", "Boilerplate List"),
    small=True,
)


class Look(NamedTuple):
    """How one paragraph style looks; colours are roles of the theme, lengths points."""

    name: str  # as Word lists it; built-in names are translated by Word
    size: Size
    based_on: str = "Normal"
    following: str = ""  # style of the paragraph after it; "": the same
    display: bool = False  # in the family for all that navigates
    bold: bool = False
    colour: str = "text"
    before_pt: float = 0
    after_pt: float = 0
    left_pt: float = 0  # negative: out into the margin
    right_pt: float = 0
    align: Literal["", "center", "both"] = ""
    keep_next: bool = False
    keep_lines: bool = False
    outline: int | None = None  # level in the navigation pane, from 0
    numbering: Kind | None = None
    level: int = 0  # of the numbering
    rule: Literal["", "left", "top", "bottom"] = ""
    rule_colour: str = "brand"
    rule_pt: float = 0.5
    rule_gap_pt: float = 0  # between rule and text
    fill: str = ""  # colour behind the text and around it
    stops: tuple[Literal["center", "right"], ...] = ()  # where alignment tabs fall, for LibreOffice
    grows: bool = False  # the line distance may grow: for pictures and tall characters
    small: bool = False  # numbered like boilerplate and notes
    listed: bool = True  # among the styles Word offers first


def looks(theme: Theme) -> tuple[Look, ...]:
    """Return the paragraph styles of a theme.

    Source: the page design (order, sizes, distances).
    """
    return (
        *_furniture(theme),
        *_opening(theme),
        *_headings(theme),
        *_text(BODY, theme.sizes.body, theme),
        *_deeper_entries(theme),
        *_text(SMALL, theme.sizes.small, theme),
        *_quotes(theme),
        *_closing(theme),
    )


def long_headline(theme: Theme) -> Size:
    """Return the size of a headline that is too long for three lines at its usual size."""
    usual = theme.sizes.headline
    return Size.model_construct(
        size_pt=usual.size_pt * LONG_HEADLINE, leading_pt=usual.leading_pt * LONG_HEADLINE
    )


def headline_room(theme: Theme) -> int:
    """Return how many characters a headline may have for three lines, about.

    Why: Word's fonts are not at hand here; an average letter of the bold sans takes 0.46 of its size, and
    a line stays a short word emptier than it could be.
    """
    width_pt = text_width_pt(theme) - _outward(theme)
    return int(HEADLINE_LINES * (width_pt / (theme.sizes.headline.size_pt * LETTER_EM) - LINE_END))


def _outward(theme: Theme) -> float:
    """Return the left edge of masthead and headline, in points from that of running text."""
    return -theme.setting.indent_mm * POINTS_PER_MM


def _furniture(theme: Theme) -> tuple[Look, ...]:
    sizes = theme.sizes
    masthead = Look("Masthead", sizes.heading, display=True, left_pt=_outward(theme), keep_next=True)
    issuer = masthead._replace(following="Masthead Line", bold=True, colour="brand", after_pt=7, grows=True)
    line = masthead._replace(name="Masthead Line", size=sizes.small, after_pt=8, listed=False)
    head = Look("header", sizes.foot, display=True, colour="muted", left_pt=_outward(theme), listed=False)
    return (
        issuer._replace(rule="top", rule_pt=6, rule_gap_pt=10),
        line._replace(rule="bottom", rule_colour="rule", rule_gap_pt=5, stops=("center", "right")),
        head,
        head._replace(name="footer", rule="top", rule_colour="rule", rule_gap_pt=4, stops=("right",)),
    )


def _opening(theme: Theme) -> tuple[Look, ...]:
    out, sizes = _outward(theme), theme.sizes
    base = Look("Release Line", sizes.small, display=True, left_pt=out, keep_next=True)
    notice = base._replace(following="Title", bold=True, colour="brand", before_pt=14, after_pt=6)
    box = notice._replace(colour="paper", fill="alert", left_pt=out + BOX_PADDING_PT, right_pt=BOX_PADDING_PT)
    title = base._replace(name="Title", following="Subtitle", size=sizes.headline, keep_lines=True)
    subtitle = base._replace(name="Subtitle")
    title = title._replace(bold=True, colour="brand", before_pt=6, after_pt=10)
    return (
        notice,
        box._replace(name="Alert Line", based_on="Release Line", before_pt=18, after_pt=14),
        box._replace(name="Draft Line", following="Masthead", size=sizes.heading, before_pt=0, after_pt=20),
        title,
        title._replace(name="Title Long", based_on="Title", size=long_headline(theme)),
        subtitle._replace(following="Body Text", size=sizes.heading, after_pt=10, keep_lines=True),
    )


def _headings(theme: Theme) -> tuple[Look, ...]:
    sizes = theme.sizes
    first = Look("heading 1", sizes.heading, following="Body Text", display=True, bold=True, colour="brand")
    first = first._replace(before_pt=18, after_pt=6, keep_next=True, keep_lines=True, outline=0)
    gap = sizes.body.leading_pt * HEADING_GAP
    return first, first._replace(name="heading 2", size=sizes.body, before_pt=gap, after_pt=2, outline=1)


def _text(names: TextStyles, size: Size, theme: Theme) -> tuple[Look, ...]:
    """Return paragraph, introduction of a list and three kinds of entries, at one size."""
    gap = size.leading_pt * PARAGRAPH_GAP
    paragraph = Look(names.paragraph, size, before_pt=gap, after_pt=gap, grows=True)
    intro = paragraph._replace(name=names.intro, based_on=names.paragraph, following=names.number)
    return (
        paragraph._replace(align="both" if theme.setting.justify else ""),
        intro._replace(after_pt=size.leading_pt * INTRO_GAP, keep_next=True),
        _entry(names.bullet, size, "bullet", names.small),
        _entry(names.number, size, "number", names.small),
        _entry(names.plain, size, "plain", names.small),
    )


def _entry(name: str, size: Size, numbering: Kind, small: bool = False) -> Look:
    gap = size.leading_pt * ENTRY_GAP
    return Look(name, size, after_pt=gap, grows=True, numbering=numbering, small=small)


def _deeper_entries(theme: Theme) -> tuple[Look, ...]:
    """Return the built-in styles of lists in lists."""
    kinds: tuple[tuple[str, Kind], ...] = ((BODY.bullet, "bullet"), (BODY.number, "number"))
    return tuple(
        _entry(f"{name} {level + 1}", theme.sizes.body, kind)._replace(level=level)
        for name, kind in kinds
        for level in (1, 2)
    )


def _quotes(theme: Theme) -> tuple[Look, ...]:
    """Return speech and attribution, with one rule beside both.

    Source: ECMA-376 part 1, 17.3.1.24: the rules of paragraphs join where borders and indents are the same.
    Why: the attribution ends a hair earlier at the right, so that its rule does not join the next quote's;
    it follows the speech without a gap in which the rule would be missing.
    """
    sizes, gap = theme.sizes, QUOTE_INDENT_PT - QUOTE_RULE_PT
    base = Look(
        "Quote", sizes.quote, left_pt=QUOTE_INDENT_PT, rule="left", rule_pt=QUOTE_RULE_PT, rule_gap_pt=gap
    )
    leading_pt = sizes.small.leading_pt + SOURCE_GAP_PT
    source = base._replace(name="Quote Source", size=Size(size_pt=sizes.small.size_pt, leading_pt=leading_pt))
    return (
        base._replace(following="Quote Source", before_pt=8, keep_next=True, grows=True),
        source._replace(
            following="Body Text", display=True, after_pt=16, right_pt=QUOTE_END_PT, keep_lines=True
        ),
    )


def _closing(theme: Theme) -> tuple[Look, ...]:
    small = Look("Table Text", theme.sizes.small, display=True)
    cell = small._replace(before_pt=2.5, after_pt=2.5)
    caption = small._replace(name="Table Caption", following="Table Text", bold=True, keep_next=True)
    photo = Look("Photo", theme.sizes.small, following="caption", before_pt=10, after_pt=4)
    return (
        photo._replace(keep_next=True, grows=True),
        small._replace(name="caption", colour="muted", before_pt=5, after_pt=14, keep_lines=True),
        caption._replace(before_pt=10, after_pt=5),
        cell,
        cell._replace(name="Table Heading", based_on="Table Text", bold=True, colour="brand", keep_next=True),
        small._replace(name="Contact", before_pt=4, after_pt=8, keep_lines=True),
        small._replace(name="End Mark", before_pt=18, align="center"),
        Look("Section End", Size.model_construct(size_pt=1, leading_pt=1), listed=False),
    )
