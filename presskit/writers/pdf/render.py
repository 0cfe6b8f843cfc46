"""From a document to its two files: one layout, painted for screens and painted for a press.

Not here: how any of the steps works; this module is the order they happen in.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from presskit.document.nodes import Document
from presskit.document.walk import running_head, warning
from presskit.model.theme import Colour, Theme
from presskit.writers.pdf.blocks import Block, Run, Style, set_text
from presskit.writers.pdf.elements import FURNITURE, Element
from presskit.writers.pdf.fonts import cover
from presskit.writers.pdf.metadata import attach, describe, press_intent, screen_intent
from presskit.writers.pdf.objects import rectangle
from presskit.writers.pdf.pages import Frame, Page, Placed, paginate
from presskit.writers.pdf.paper import ALL_INKS, BAR_PT, Paper
from presskit.writers.pdf.pictures import Raster, press_raster, screen_raster
from presskit.writers.pdf.signature import add_field
from presskit.writers.pdf.story import tell
from presskit.writers.pdf.structure import Bookmark, write_bookmarks, write_structure
from presskit.writers.pdf.styles import styles_of
from presskit.writers.theme import POINTS_PER_MM

BAND_MM = 7.0  # the masthead's colour along the upper edge of page 1
HEAD_ABOVE_PT, FOOT_BELOW_PT, FOOT_RULE_PT = 22.0, 30.0, 16.0
RULE_PT = 0.5
WORD_SPACE_EM, LEAST_HEAD_SHARE = 0.25, 0.1  # an ellipsis alone says nothing
MARKS_MM, MARK_MM, MARK_PT = 12.0, 5.0, 0.25
"""Room for marks outside the bleed, length and weight of a mark."""


@dataclass(frozen=True, slots=True, eq=False)
class Layout:
    """A document laid out once, for every file painted from it."""

    document: Document
    theme: Theme
    root: Element
    pages: tuple[Page, ...]
    screen_pages: tuple[Page, ...]  # the same, with the field for a signature where one is asked for


def lay_out(document: Document, theme: Theme) -> Layout:
    """Return a document's pages and structure tree."""
    told = tell(document, theme)
    page = theme.page
    margin = page.margin_mm * POINTS_PER_MM
    frame = Frame(page.height_mm * POINTS_PER_MM - margin, margin)
    pages = tuple(paginate(told.units, frame))
    screen_pages = tuple(paginate(told.units_to_sign, frame)) if told.signature else pages
    return Layout(document, theme, told.root, pages, screen_pages)


def digital(layout: Layout) -> bytes:
    """Return the file for screens and archives: PDF/UA-1 and PDF/A-3a in one, PDF 1.7, tagged, RGB."""
    theme, head = layout.theme, layout.document.head
    paper = Paper(_colours(theme), head.language, (1, 7), _sheet(theme, 0))
    _paint(paper, layout, layout.screen_pages, 0)
    write_structure(paper, layout.root)
    write_bookmarks(paper, _bookmarks(layout.screen_pages))
    describe(paper.document, head, press=False)
    screen_intent(paper.document, theme.resources[theme.screen_profile])
    attach(paper.document, head.attachments, head)
    return paper.finish()


def press(layout: Layout) -> bytes:
    """Return the file for a printer: PDF/X-4, PDF 1.6, CMYK, with bleed and marks."""
    theme, head = layout.theme, layout.document.head
    off = _around(theme)
    bleed = theme.press.bleed_mm * POINTS_PER_MM
    width, height = _sheet(theme, 0)
    boxes = {
        "TrimBox": rectangle(off, off, off + width, off + height),
        "BleedBox": rectangle(off - bleed, off - bleed, off + width + bleed, off + height + bleed),
    }
    paper = Paper(_colours(theme), head.language, (1, 6), _sheet(theme, off), ink=True, boxes=boxes)
    _paint(paper, layout, layout.pages, off)
    describe(paper.document, head, press=True)
    press_intent(paper.document, theme.resources[theme.press.profile], theme.press)
    return paper.finish()


def _sheet(theme: Theme, off: float) -> tuple[float, float]:
    """Width and height of the sheet with so much around the trimmed page, in points."""
    page = theme.page
    return page.width_mm * POINTS_PER_MM + 2 * off, page.height_mm * POINTS_PER_MM + 2 * off


def _colours(theme: Theme) -> Mapping[str, Colour]:
    return {role: getattr(theme.colours, role) for role in type(theme.colours).model_fields}


def _paint(paper: Paper, layout: Layout, pages: Sequence[Page], off: float) -> None:
    """Paint all pages; `off` is how far the trimmed page lies inside the sheet."""
    theme = layout.theme
    left = off + theme.page.margin_mm * POINTS_PER_MM
    paper.document.set_in_catalog(ViewerPreferences=b"<</DisplayDocTitle true>>")  # ISO 14289-1, 7.1
    for number, page in enumerate(pages, 1):
        if number == 1:
            _band(paper, theme, off)
        _decorations(paper, page, left, off)
        for rule in page.rules:
            paper.fill(rule.colour, left + rule.x_pt, rule.y_pt + off, rule.width_pt, RULE_PT)
        for placed in page.placed:
            placed = placed._replace(y_pt=placed.y_pt + off)
            if placed.block.signature:
                add_field(paper, placed.block, left + placed.x_pt, placed.y_pt - placed.block.height_pt)
            elif placed.block.picture is None:
                paper.lines(placed, left)
            else:
                raster = _raster(paper, placed, theme)
                paper.figure(placed.block, raster, left + placed.x_pt, placed.y_pt - placed.block.height_pt)
        _furniture(paper, layout.document, theme, off, number, len(pages))
        if off:
            paper.decoration(_marks(theme))
        paper.end_page()


def _raster(paper: Paper, placed: Placed, theme: Theme) -> Raster:
    picture = placed.block.picture
    assert picture is not None
    if paper.ink:
        return press_raster(picture, theme.resources[theme.press.profile])
    return screen_raster(picture)


def _band(paper: Paper, theme: Theme, off: float) -> None:
    """The masthead's colour, to the edge of the bleed."""
    width, height = _sheet(theme, 0)
    bleed = theme.press.bleed_mm * POINTS_PER_MM if off else 0.0
    band = BAND_MM * POINTS_PER_MM
    paper.fill("brand", off - bleed, off + height - band, width + 2 * bleed, band + bleed)


def _decorations(paper: Paper, page: Page, left: float, off: float) -> None:
    """Rules beside quotes, colour behind notices that warn."""
    for placed, after in zip(page.placed, (*page.placed[1:], None), strict=True):
        block, style = placed.block, placed.block.style
        x, y = left + placed.x_pt, placed.y_pt + off
        height = (placed.end - placed.first) * style.leading_pt
        if style.fill:
            width = block.width_pt
            paper.fill(style.fill, x, y - height - 4, width, height + 8)
        if style.bar:
            if after and after.block.style.bar and after.block.element.parent is block.element.parent:
                height = placed.y_pt - after.y_pt
            paper.fill(style.bar, x, y - height, BAR_PT, height)


def _furniture(paper: Paper, document: Document, theme: Theme, off: float, page: int, pages: int) -> None:
    """Running head from page 2, foot on every page."""
    head = document.head
    width, height = _sheet(theme, 0)
    margin = theme.page.margin_mm * POINTS_PER_MM
    measure = width - 2 * margin
    style = styles_of(theme).foot
    top, foot = off + height - margin + HEAD_ABOVE_PT, off + margin - FOOT_BELOW_PT
    label = head.page_label.replace("{page}", str(page)).replace("{pages}", str(pages))
    paper.fill("rule", off + margin, foot + FOOT_RULE_PT, measure, RULE_PT)
    if page > 1:
        _running_head(paper, theme, document, off + margin, top, measure)
    reference = " · ".join(filter(None, (head.office, head.masthead.reference)))
    _running(paper, theme, style, reference, off + margin, foot + style.leading_pt, measure * 0.7)
    right = styles_of(theme).page_number
    _running(paper, theme, right, label, off + margin, foot + style.leading_pt, measure)


def _running_head(paper: Paper, theme: Theme, document: Document, x: float, y: float, width: float) -> None:
    """The warning, if there is one, and in what it leaves of the line office and headline."""
    styles, alarm = styles_of(theme), warning(document)
    end = _running(paper, theme, styles.warning, alarm, x, y, width)
    rest = running_head(document).removeprefix(alarm).lstrip()
    start = end + styles.foot.size_pt * WORD_SPACE_EM if alarm else 0.0
    if width - start > width * LEAST_HEAD_SHARE:
        _running(paper, theme, styles.foot, rest, x + start, y, width - start)


def _running(paper: Paper, theme: Theme, style: Style, text: str, x: float, y: float, width: float) -> float:
    """One line of furniture, and its width; a text too long for it ends in an ellipsis after a whole word."""
    if not text:
        return 0.0
    block = _one_line(style, text, width, theme)
    words = text.split(" ")
    while block.line_count > 1 and len(words) > 1:
        words.pop()
        block = _one_line(style, " ".join(words) + "…", width, theme)
    paper.lines(Placed(block, 0, 1, 0, y, True), x)
    return block.longest_pt


def _one_line(style: Style, text: str, width: float, theme: Theme) -> Block:
    runs = [(Run(face, style.colour), part) for face, part in cover(text, style.face, theme)]
    return set_text(FURNITURE, style, runs, width)


@lru_cache(16)
def _marks(theme: Theme) -> str:
    """Crop marks at the corners and registration marks in the middle of each side, in all inks."""
    width, height = _sheet(theme, 0)
    off, bleed = _around(theme), theme.press.bleed_mm * POINTS_PER_MM
    near, far = off - bleed - 2, off - bleed - 2 - MARK_MM * POINTS_PER_MM
    right, top = width + 2 * off, height + 2 * off
    lines = []
    for x in (off, off + width):
        lines += [(x, far, x, near), (x, top - far, x, top - near)]
    for y in (off, off + height):
        lines += [(far, y, near, y), (right - far, y, right - near, y)]
    middle = (near + far) / 2
    sides = (right / 2, middle), (right / 2, top - middle), (middle, top / 2), (right - middle, top / 2)
    for x, y in sides:
        lines += [(x - 6, y, x + 6, y), (x, y - 6, x, y + 6)]
        lines += [(x - 3, y - 3, x + 3, y - 3), (x + 3, y - 3, x + 3, y + 3)]
        lines += [(x + 3, y + 3, x - 3, y + 3), (x - 3, y + 3, x - 3, y - 3)]
    strokes = "\n".join(f"{a:.2f} {b:.2f} m {c:.2f} {d:.2f} l S" for a, b, c, d in lines)
    return f"q /{ALL_INKS} CS 1 SCN {MARK_PT:g} w\n{strokes}\nQ"


def _around(theme: Theme) -> float:
    """How far the trimmed page lies inside the printer's sheet, in points."""
    return (theme.press.bleed_mm + MARKS_MM) * POINTS_PER_MM


def _bookmarks(pages: Sequence[Page]) -> Sequence[Bookmark]:
    """The headings with their places."""
    found = []
    for number, page in enumerate(pages):
        for placed in page.placed:
            element = placed.block.element
            if element.title and not placed.first:
                found.append(Bookmark(element.title, int(element.tag[1]), number, placed.y_pt + 4))
    return found
