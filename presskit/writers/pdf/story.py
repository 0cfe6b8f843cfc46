"""The story: the tree as rows of blocks, and its structure elements, both in reading order.

Not here: pages (`pages`), painting (`paper`), furniture (`render`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import assert_never

from presskit.document import nodes
from presskit.document.forms import FORMS
from presskit.document.walk import parted, plain
from presskit.model.theme import Theme
from presskit.writers.pdf.blocks import Block, Columns, Label, Row, Style, Unit, set_text, single
from presskit.writers.pdf.elements import Element
from presskit.writers.pdf.inlines import runs_of
from presskit.writers.pdf.lines import Broken
from presskit.writers.pdf.objects import text_string
from presskit.writers.pdf.styles import Styles, TextStyles, indented, scaled, styles_of
from presskit.writers.pdf.tables import table_rows
from presskit.writers.theme import (
    POINTS_PER_MM,
    columns_for,
    logo_of,
    logo_size_pt,
    picture_size_pt,
    text_width_pt,
)

HEADLINE_LINES = 3
HEADLINE_SCALES = (1.0, 0.9, 0.8, 0.7)
COLUMN_GAP_PT = 14.0
SIGNATURE_WIDTH_PT, SIGNATURE_HEIGHT_PT, SIGNATURE_GAP_PT = 270.0, 54.0, 24.0
TOP_LEVEL = 2  # of headings: right below the headline
SMALL_SECTIONS = ("boilerplate", "notes")
BULLET, DASH = "•", "–"


@dataclass(frozen=True, slots=True, eq=False)
class Told:
    """A document ready for pages."""

    root: Element
    units: tuple[Unit, ...]
    signature: Row | None  # the field for a signature, where the head asks for one

    @property
    def units_to_sign(self) -> tuple[Unit, ...]:
        """The rows and the field after them, which no page holds alone."""
        if self.signature is None:
            return self.units
        *units, last = self.units
        return (*units, replace(last, keep_next=True) if isinstance(last, Row) else last, self.signature)


def tell(document: nodes.Document, theme: Theme) -> Told:
    """Return the rows of a document and its structure tree."""
    story = _Story(document, theme)
    above, below = parted(document)
    for notice in above:
        story.block(notice, story.root, story.styles.body)
    story.masthead(document.head.masthead)
    for block in below:
        story.block(block, story.root, story.styles.body)
    label = document.head.signature
    return Told(story.root, tuple(story.units), story.signature(label) if label else None)


class _Story:
    def __init__(self, document: nodes.Document, theme: Theme) -> None:
        self.theme, self.styles = theme, styles_of(theme)
        page, setting = theme.page, theme.setting
        self.full_pt = (page.width_mm - 2 * page.margin_mm) * POINTS_PER_MM
        self.indent_pt = setting.indent_mm * POINTS_PER_MM
        self.text_pt = text_width_pt(theme)
        self.language = document.head.language if setting.hyphenate else None
        self.root = Element("Document")
        self.units: list[Unit] = []
        self.level = 1  # of the heading last added
        self.new_page = False

    def add(self, unit: Unit) -> None:
        """Put a unit at the end of the story, on a new page where one was asked for."""
        self.units.append(replace(unit, new_page=True) if self.new_page else unit)
        self.new_page = False

    def set(
        self, content: Sequence[nodes.Inline], style: Style, element: Element, *, full: bool = False
    ) -> Block:
        """Return the block of lines of some words, in the text's column or over the full width."""
        width, x = (self.full_pt, 0.0) if full else (self.text_pt, self.indent_pt)
        runs = runs_of(content, style, element, self.theme)
        return set_text(element, style, runs, width, x_pt=x, language=self.language)

    def line(
        self, content: Sequence[nodes.Inline], style: Style, element: Element, *, full: bool = False
    ) -> None:
        """Add the row of one block of words."""
        self.add(single(self.set(content, style, element, full=full)))

    def masthead(self, masthead: nodes.Masthead) -> None:
        """Add logo and issuer, and under them kind, date and reference side by side."""
        styles, logo = self.styles, logo_of(self.theme)
        if logo is not None:
            self.picture(logo, self.root, logo_size_pt(logo.image, self.theme), 0.0, 8)
        self.line((nodes.Text(masthead.issuer),), styles.issuer, Element("P", self.root), full=True)
        last = styles.reference if masthead.reference else replace(styles.date, align="right")
        words = [(masthead.kind, styles.kind), (masthead.date, styles.date if masthead.reference else last)]
        if masthead.reference:
            words.append((masthead.reference, last))
        said = [(nodes.Text(text), style) for text, style in words if text]
        blocks = [self.set((text,), style, Element("P", self.root), full=True) for text, style in said]
        rows = [blocks] if _fit_side_by_side(blocks, self.full_pt) else [[block] for block in blocks]
        for row in rows:
            after, rule = (8, "rule") if row is rows[-1] else (0, "")
            self.add(Row(tuple(row), 0, after, keep_next=True, rule=rule))

    def block(self, block: nodes.Block, parent: Element, text: TextStyles) -> None:
        """Add one block of the tree below an element, its running text in the styles given."""
        styles = self.styles
        tag = FORMS[type(block)].pdf
        match block:
            case nodes.Notice():
                self.line(block.content, styles.of_notice(block.kind), Element(tag, parent), full=True)
            case nodes.Headline():
                self.headline(block, Element(tag, parent, title=plain(block.content)))
            case nodes.Subhead():
                self.line(block.content, styles.subhead, Element(tag, parent), full=True)
            case nodes.Paragraph():
                dateline = (nodes.Strong((nodes.Text(block.dateline),)),) if block.dateline else ()
                leads_in = plain(block.content).rstrip().endswith(":")  # to what comes next
                style = text.intro if leads_in else text.paragraph
                self.line((*dateline, *block.content), style, Element(tag, parent))
            case nodes.Heading():
                style = styles.section_within if block.level == TOP_LEVEL else text.heading
                self.line(block.content, style, self.heading(block, parent))
            case nodes.List():
                self.list(block, parent, text.item)
            case nodes.AgencyList():
                self.agencies(block, parent, text)
            case nodes.Quote():
                self.quote(block, Element(tag, parent))
            case nodes.Section():
                self.section(block, Element(tag, parent), styles)
            case nodes.Figure():
                self.figure(block, parent)
            case nodes.Table():
                for row in table_rows(block, parent, styles, self.theme, self.text_pt, self.indent_pt):
                    self.add(row)
            case nodes.Contact():
                lines = [inline for line in block.lines for inline in (nodes.Break(), *line)][1:]
                self.line(lines, styles.contact, Element(tag, parent))
            case nodes.EndMark():
                self.line((nodes.Text(block.text),), styles.end_mark, Element(tag, parent))
            case nodes.PageBreak():
                self.new_page = True
            case _:
                assert_never(block)

    def headline(self, headline: nodes.Headline, element: Element) -> None:
        """Add the headline at the largest size at which it takes at most three lines."""
        for scale in HEADLINE_SCALES:
            block = self.set(headline.content, scaled(self.styles.headline, scale), element, full=True)
            if block.line_count <= HEADLINE_LINES:
                break
            element.children.clear()
        self.add(single(block))

    def heading(self, heading: nodes.Heading, parent: Element) -> Element:
        """Return the element of a heading; no level is passed over (ISO 14289-1, 7.4.2)."""
        self.level = min(heading.level, self.level + 1)
        return Element(f"H{self.level}", parent, title=plain(heading.content))

    def section(self, section: nodes.Section, element: Element, styles: Styles) -> None:
        """Add a section's heading and its blocks."""
        self.line(section.heading.content, styles.section, self.heading(section.heading, element))
        text = styles.small if section.kind in SMALL_SECTIONS else styles.body
        if section.kind == "facts":
            text = replace(text, paragraph=text.item)
        for block in section.blocks:
            self.block(block, element, text)

    def quote(self, quote: nodes.Quote, element: Element) -> None:
        """Add speech and attribution; the attribution stays with the speech's last lines."""
        for paragraph in quote.speech:
            self.line(paragraph, self.styles.speech, Element("P", element))
        self.line(quote.attribution, self.styles.attribution, Element("P", element))

    def agencies(self, agencies: nodes.AgencyList, parent: Element, text: TextStyles) -> None:
        """Add an agency list in its form, after its introduction."""
        if agencies.form == "sentence":
            space = (nodes.Text(" "),) if agencies.intro else ()
            self.line((*agencies.intro, *space, *agencies.sentence), text.paragraph, Element("P", parent))
            return
        if agencies.intro:
            self.line(agencies.intro, text.intro, Element("P", parent))
        marks = {"numbered": "", "bulleted": BULLET, "columns": None}
        self.items(agencies.items, parent, text.item, marks[agencies.form])

    def list(self, found: nodes.List, parent: Element, style: Style) -> None:
        """Add a list of anything but agencies."""
        self.items(found.items, parent, style, "" if found.ordered else BULLET)

    def items(self, items: Sequence[nodes.Item], parent: Element, style: Style, mark: str | None) -> None:
        """Add the entries of a list, in columns where they are many.

        Args:
            mark: before each entry; "": its number; None: nothing.
        """
        element = Element("L", parent, _numbering(mark))
        room = _label_room(style.size_pt, len(items), mark)
        set_in, labels = indented(style, room), _labels(len(items), mark)
        columns, step, left = self.column_grid(items, set_in)
        entries = []
        for number, (item, label) in enumerate(zip(items, labels, strict=True), 1):
            entries.append(self.item(item, element, set_in, step - COLUMN_GAP_PT, left, label))
            if columns == 1:
                together = len(items) > 1 and number in (1, len(items) - 1)  # no entry alone on a page
                self.add(single(entries[-1], keep_next=together))
                self.sublist(item, entries[-1].element, style, room)
        if columns > 1:
            self.add(Columns(tuple(entries), columns, step, style.after_pt, 0, 0))
        self.units[-1] = _with_distance(self.units[-1], style.leading_pt * 0.6)

    def column_grid(self, items: Sequence[nodes.Item], style: Style) -> tuple[int, float, float]:
        """Return number of columns, their step and the left of the first, in points.

        Three columns take the full width; columns in which many entries would break are too many.
        """
        columns = 1 if any(item.sublist for item in items) else columns_for(len(items), self.theme)
        words = sorted(style.face.width_of(plain(item.content)) for item in items)
        most_pt = words[len(items) * 3 // 4] * style.size_pt / 1000
        while True:
            width, left = (self.full_pt, 0.0) if columns > 2 else (self.text_pt, self.indent_pt)
            step = (width + COLUMN_GAP_PT) / columns
            if columns == 1 or most_pt <= step - COLUMN_GAP_PT - style.indent_pt:
                return columns, step, left
            columns -= 1

    def item(
        self,
        item: nodes.Item,
        parent: Element,
        style: Style,
        width_pt: float,
        left_pt: float,
        label: str | None,
    ) -> Block:
        """Return the block of one entry: LI with Lbl and LBody, ISO 32000-1 table 336."""
        entry = Element(FORMS[nodes.Item].pdf, parent)
        mark = Label(Element("Lbl", entry), label) if label else None
        body = Element("LBody", entry)
        runs = runs_of(item.content, style, body, self.theme)
        return set_text(body, style, runs, width_pt, x_pt=left_pt, label=mark, language=self.language)

    def sublist(self, item: nodes.Item, parent: Element, style: Style, room: float) -> None:
        """Add the list under an entry, one step further right."""
        if item.sublist is not None:
            mark = "" if item.sublist.ordered else DASH
            self.items(item.sublist.items, parent, indented(style, room), mark)

    def figure(self, figure: nodes.Figure, parent: Element) -> None:
        """Add a picture and its caption with the credit."""
        words = [part for part in (figure.caption, figure.credit) if part]
        size_pt = picture_size_pt(figure.image, self.theme)
        element = self.picture(
            figure, parent, size_pt, self.indent_pt, 4 if words else 12, keep_next=bool(words)
        )
        if words:
            content = [inline for part in words for inline in (nodes.Text(" "), *part)][1:]
            self.line(content, self.styles.caption, Element("Caption", element))

    def picture(
        self,
        figure: nodes.Figure,
        parent: Element,
        size_pt: tuple[float, float],
        left_pt: float,
        after_pt: float,
        *,
        keep_next: bool = True,
    ) -> Element:
        """Add the row of a picture; its element."""
        element = Element(FORMS[nodes.Figure].pdf, parent, b"/Alt " + text_string(figure.alt))
        width, height = size_pt
        style, nothing = self.styles.caption, Broken((), ())
        block = Block(element, style, left_pt, width, (), nothing, height, picture=figure.image)
        self.add(Row((block,), 10, after_pt, keep_next=keep_next))
        return element

    def signature(self, label: str) -> Row:
        """Return the row of the field for a signature.

        Source: ISO 14289-1, 7.18.4 (a Form element around each widget).
        """
        element = Element("Form", self.root, b"/Alt " + text_string(label))
        width, nothing = min(self.text_pt, SIGNATURE_WIDTH_PT), Broken((), ())
        block = Block(
            element,
            self.styles.caption,
            self.indent_pt,
            width,
            (),
            nothing,
            SIGNATURE_HEIGHT_PT,
            signature=label,
        )
        return Row((block,), SIGNATURE_GAP_PT, 0)


def _fit_side_by_side(blocks: Sequence[Block], width_pt: float) -> bool:
    """Whether a line at the left, one in the middle and one at the right leave room between them."""
    share = width_pt / max(len(blocks), 1) - COLUMN_GAP_PT
    return all(block.line_count == 1 and block.longest_pt <= share for block in blocks)


def _numbering(mark: str | None) -> bytes:
    """The list's attributes, ISO 32000-1 table 347."""
    kind = {"": b"Decimal", BULLET: b"Disc", DASH: b"None", None: b"None"}[mark]
    return b"/A<</O/List/ListNumbering/%s>>" % kind


def _labels(entries: int, mark: str | None) -> list[str | None]:
    """What stands before each entry."""
    return [f"{number}." for number in range(1, entries + 1)] if mark == "" else [mark] * entries


def _label_room(size_pt: float, entries: int, mark: str | None) -> float:
    """Room for the widest number or the bullet and the gap after it, in points."""
    if mark is None:
        return 0.0
    return size_pt * (1.25 if mark else 0.85 + 0.52 * len(str(entries)))


def _with_distance(unit: Unit, after_pt: float) -> Unit:
    """The unit with at least this distance below it."""
    return replace(unit, after_pt=max(unit.after_pt, after_pt))
