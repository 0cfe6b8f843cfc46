"""The main part: paragraphs, tables, controls, bookmarks and sections as one string of XML.

Source: ECMA-376 part 1, 17.2 (body), 17.3.1 (paragraphs, properties in the order of CT_PPr), 17.5.2
(structured document tags), 17.6 (sections), 17.13.6 (bookmarks).

Why: the same content made of python-docx's objects takes twenty times as long.

Not here: what is a paragraph, a control or a column (`story`).
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from typing import NamedTuple, assert_never

from presskit.document.nodes import Document, Figure, Head, Image, Masthead
from presskit.model.theme import Theme
from presskit.writers.docx.furniture import masthead_xml
from presskit.writers.docx.looks import PARAGRAPH_GAP
from presskit.writers.docx.markup import DECLARATION, NAMESPACES, bookmark_of, quoted, tag_of, twips
from presskit.writers.docx.numbering import LEVELS, Lists, base_number, styled_levels
from presskit.writers.docx.pictures import drawing_xml
from presskit.writers.docx.runs import Runs
from presskit.writers.docx.sections import section_xml
from presskit.writers.docx.story import Control, Counted, Grid, Paragraph, Unit, tell
from presskit.writers.docx.tables import table_xml
from presskit.writers.theme import logo_of, logo_size_pt, picture_size_pt

LOCK = '<w:lock w:val="sdtLocked"/>'
GALLERY = '<w:docPartObj><w:docPartGallery w:val="Quick Parts"/></w:docPartObj>'
KEEP_NEXT = {None: "", True: "<w:keepNext/>", False: '<w:keepNext w:val="0"/>'}
CONTROL_END = "</w:sdtContent></w:sdt>"
HIGHEST_ID = 0x7FFFFFFF  # ids are signed


class Main(NamedTuple):
    """The main part and what it refers to."""

    xml: str
    addresses: dict[str, str]  # address: relationship id
    pictures: dict[Image, str]  # picture: relationship id
    numbering_xml: str


def main_part(document: Document, theme: Theme, references: str) -> Main:
    """Return the main part of a document.

    Args:
        references: of the first section: to its running head and feet.
    """
    body = _Body(document.head, theme, references)
    xml = body.xml(tell(document, theme))
    return Main(xml, body.runs.addresses, body.pictures, body.lists.xml())


class _Body:
    def __init__(self, head: Head, theme: Theme, references: str) -> None:
        self.head, self.theme = head, theme
        self.references = references  # of the first section, until it is closed
        self.runs = Runs(theme)
        self.lists = Lists(theme, head.slug)
        self.pictures: dict[Image, str] = {}
        self.drawings = self.bookmarks = 0
        self.control_ids: set[int] = set()
        self.open: Control | None = None
        self.gap = f'<w:spacing w:after="{twips(theme.sizes.body.leading_pt * PARAGRAPH_GAP)}"/>'

    def xml(self, units: Sequence[Unit]) -> str:
        """Return the whole part.

        A section ends in the properties of its last paragraph (17.6.18), so each unit is written with an
        eye on the one after it.
        """
        out = [f"{DECLARATION}<w:document {NAMESPACES}><w:body>"]
        columns = [unit.columns if isinstance(unit, Paragraph) else 1 for unit in units]
        for unit, here, after in zip(units, columns, (*columns[1:], 1), strict=True):
            ends = self.section(here) if here != after else ""
            match unit:
                case Paragraph():
                    out += self.enter(unit.control), self.paragraph(unit, ends)
                case Grid():
                    out += self.enter(None), self.table(unit), _section_end(ends)
                case Masthead():
                    masthead = masthead_xml(unit, self.runs, self.logo())
                    out += self.enter(None), masthead, _section_end(ends)
                case _:
                    assert_never(unit)
        out += self.enter(None), self.section(1), "</w:body></w:document>"
        return "".join(out)

    def section(self, columns: int) -> str:
        """Return the properties of the section that ends here."""
        references, self.references = self.references, ""
        return section_xml(self.theme, columns, references)

    def enter(self, control: Control | None) -> str:
        """Return the end of the open control and the start of another, unless they are the same."""
        if control is self.open or self.theme.word.container == "none":
            return ""
        end = CONTROL_END if self.open else ""
        self.open = control
        return end + self.control(control) if control else end

    def control(self, control: Control) -> str:
        """Return the start of a control.

        Source: 17.5.2.12 (docPartObj). Why: LibreOffice damages what rich-text controls hold, and leaves
        this kind alone.
        """
        tag = tag_of(control.id)
        number = zlib.crc32(f"{self.head.slug}/{tag}".encode()) & HIGHEST_ID or 1
        while number in self.control_ids:
            number = number % HIGHEST_ID + 1
        self.control_ids.add(number)
        return (
            f'<w:sdt><w:sdtPr><w:alias w:val="{quoted(control.title)}"/><w:tag w:val="{quoted(tag)}"/>'
            f'<w:id w:val="{number}"/>{LOCK if control.locked else ""}{GALLERY}</w:sdtPr><w:sdtContent>'
        )

    def paragraph(self, paragraph: Paragraph, ends: str) -> str:
        """Return one paragraph.

        Args:
            ends: properties of the section that ends with it; "": none does.
        """
        style, passages, _, between, dateline, counted, _, keep_next, new_page, apart, picture = paragraph
        facts = KEEP_NEXT[keep_next]
        if new_page:
            facts += "<w:pageBreakBefore/>"
        if counted:
            facts += self.number(counted)
        if apart:
            facts += self.gap
        start = self.runs.plain(dateline, "Dateline") if dateline else self.photo(picture) if picture else ""
        made = []
        for passage in passages:
            opening, closing = self.marks(passage.id)
            made.append(f"{opening}{start}{self.runs.of(passage.content)}{closing}")
            start = ""
        content = made[0] if len(made) == 1 else self.runs.of(between).join(made)
        return f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{facts}{ends}</w:pPr>{content}</w:p>'

    def marks(self, passage_id: str) -> tuple[str, str]:
        """Return start and end of the bookmark that carries an id."""
        self.bookmarks += 1
        number = self.bookmarks
        return (
            f'<w:bookmarkStart w:id="{number}" w:name="{bookmark_of(passage_id)}"/>',
            f'<w:bookmarkEnd w:id="{number}"/>',
        )

    def number(self, counted: Counted) -> str:
        """Return the number of an entry; one without a number follows its style, as deep as styles go."""
        list_id, kind, level, entries, small = counted
        if kind == "number":
            number = self.lists.number(list_id, level, entries, small=small)
        elif level < styled_levels(kind, small=small):
            return ""
        else:
            number = base_number(kind, small=small)
        return f'<w:numPr><w:ilvl w:val="{min(level, LEVELS - 1)}"/><w:numId w:val="{number}"/></w:numPr>'

    def photo(self, figure: Figure) -> str:
        """Return the run of a figure's picture."""
        return self.drawing(figure, picture_size_pt(figure.image, self.theme))

    def logo(self) -> str:
        """Return the run of the theme's logo; "" without one."""
        logo = logo_of(self.theme)
        if logo is None:
            return ""
        return self.drawing(logo, logo_size_pt(logo.image, self.theme))

    def drawing(self, figure: Figure, size_pt: tuple[float, float]) -> str:
        """Return the run of a picture; the same picture twice is one part."""
        relationship = self.pictures.setdefault(figure.image, f"rIdPicture{len(self.pictures) + 1}")
        self.drawings += 1
        return drawing_xml(figure, relationship, self.drawings, size_pt)

    def table(self, grid: Grid) -> str:
        """Return a table."""
        marks = self.marks(grid.table.id)
        return table_xml(grid.table, self.runs, self.theme, marks, new_page=grid.new_page)


def _section_end(properties: str) -> str:
    """Return a paragraph of no height that ends a section where no other can; "" for no properties."""
    return f'<w:p><w:pPr><w:pStyle w:val="SectionEnd"/>{properties}</w:pPr></w:p>' if properties else ""
