"""The tree as Word has it: one flat run of paragraphs and tables, in reading order.

Here it is decided which style a block takes, which paragraphs share a control, what the passages are called
whose ids the bookmarks carry, and what stands in columns.

Not here: XML (`body`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple, assert_never

from presskit.document import nodes
from presskit.document.walk import parted, plain
from presskit.model.theme import Theme
from presskit.writers.docx.looks import BODY, SMALL, TextStyles, headline_room
from presskit.writers.docx.markup import LONGEST_TAG, style_id
from presskit.writers.docx.numbering import STYLED_LEVELS, Kind
from presskit.writers.theme import columns_for

SMALL_SECTIONS = ("boilerplate", "notes")
SPACE: tuple[nodes.Inline, ...] = (nodes.Text(" "),)
LINE_END: tuple[nodes.Inline, ...] = (nodes.Break(),)


class Control(NamedTuple):
    """The titled frame Word draws around the paragraphs of one block."""

    id: str  # of the block, or of the first of several
    title: str  # for people, unique in a document
    locked: bool = False  # can be edited but not deleted


class Passage(NamedTuple):
    """A stretch of words with the id its bookmark carries."""

    id: str
    content: tuple[nodes.Inline, ...]


class Counted(NamedTuple):
    """The place of an entry in a list."""

    list_id: str
    kind: Kind
    level: int  # from 0
    entries: int  # of the list
    small: bool


class Paragraph(NamedTuple):
    """One Word paragraph."""

    style: str  # its id
    passages: tuple[Passage, ...]
    control: Control | None = None
    between: tuple[nodes.Inline, ...] = SPACE  # stands between passages
    dateline: str = ""
    counted: Counted | None = None
    columns: int = 1
    keep_next: bool | None = None  # None: as its style says
    new_page: bool = False
    apart: bool = False  # the last entry of a list that another list follows
    picture: nodes.Figure | None = None


class Grid(NamedTuple):
    """One Word table; it stands outside controls, which LibreOffice would move into its first cell."""

    table: nodes.Table
    new_page: bool


Unit = Paragraph | Grid | nodes.Masthead


def _ids(names: TextStyles) -> TextStyles:
    """Return the ids of styles that are given by name."""
    return TextStyles(
        paragraph=style_id(names.paragraph),
        intro=style_id(names.intro),
        bullet=style_id(names.bullet),
        number=style_id(names.number),
        plain=style_id(names.plain),
        small=names.small,
    )


BODY_IDS, SMALL_IDS = _ids(BODY), _ids(SMALL)


def tell(document: nodes.Document, theme: Theme) -> list[Unit]:
    """Return the paragraphs and tables of a document, and its masthead among them."""
    story = _Story(theme)
    above, below = parted(document)
    for notice in above:
        story.block(notice, BODY_IDS)
    story.units.append(document.head.masthead)
    for block in below:
        story.block(block, BODY_IDS)
    return story.units


class _Story:
    def __init__(self, theme: Theme) -> None:
        self.theme = theme
        self.units: list[Unit] = []
        self.new_page = False
        self.flow: Control | None = None  # the control that running text goes on in
        self.flow_title, self.flow_locked = "Body", True
        self.titles: Counter[str] = Counter()
        self.counts: Counter[str] = Counter()

    def add(self, paragraph: Paragraph) -> None:
        """Put a paragraph at the end, on a new page where one was asked for."""
        self.units.append(paragraph._replace(new_page=True) if self.new_page else paragraph)
        self.new_page = False

    def control(self, block_id: str, title: str, *, locked: bool = False) -> Control:
        """Return a new control with a title no other has."""
        short = _cut(title)
        self.titles[short] += 1
        while self.titles[short] > 1:
            mark = f" ({self.titles[short]})"
            short = _cut(title, len(mark)) + mark
            self.titles[short] += 1
        return Control(block_id, short, locked)

    def running(self, block_id: str) -> Control:
        """Return the control of the running text a block belongs to."""
        if self.flow is None:
            self.flow = self.control(block_id, self.flow_title, locked=self.flow_locked)
        return self.flow

    def alone(self, block_id: str, title: str, *, locked: bool = False) -> Control:
        """Return the control of a block that has its own, and end the running text before it."""
        self.flow = None
        return self.control(block_id, title, locked=locked)

    def numbered(self, name: str) -> str:
        """Return a title with the next number of its kind: Photo 2."""
        self.counts[name] += 1
        return f"{name} {self.counts[name]}"

    def block(self, block: nodes.Block, text: TextStyles) -> None:
        """Add one block, its running text in the styles given."""
        match block:
            case nodes.Notice(id, _, kind, content):
                style, title = _notice(kind)
                self.line(id, style, content, title, locked=True)
            case nodes.Headline(id, _, content):
                style = "Title" if len(plain(content)) <= headline_room(self.theme) else "TitleLong"
                self.line(id, style, content, "Headline", locked=True)
            case nodes.Subhead(id, _, content):
                self.line(id, "Subtitle", content, "Subhead")
            case nodes.Paragraph(id, _, content, dateline):
                control = self.running(id)
                self.add(Paragraph(text.paragraph, (Passage(id, content),), control, dateline=dateline))
            case nodes.Heading():
                self.heading(block, self.running(block.id))
            case nodes.List():
                self.list(block, text)
            case nodes.AgencyList():
                self.agencies(block, text)
            case nodes.Quote():
                self.quote(block)
            case nodes.Section():
                self.section(block)
            case nodes.Figure():
                self.figure(block)
            case nodes.Table():
                self.table(block)
            case nodes.Contact(id, _, lines):
                passages = tuple(Passage(f"{id}.{n}", line) for n, line in enumerate(lines, 1))
                control = self.alone(id, f"Contact – {plain(lines[0]) if lines else ''}")
                self.add(Paragraph("Contact", passages, control, LINE_END))
            case nodes.EndMark(id, _, mark):
                self.keep_last()
                self.line(id, "EndMark", (nodes.Text(mark),), "End mark")
            case nodes.PageBreak():
                self.new_page = True
            case _:
                assert_never(block)

    def line(
        self,
        block_id: str,
        style: str,
        content: tuple[nodes.Inline, ...],
        title: str,
        *,
        locked: bool = False,
    ) -> None:
        """Add a block that is one paragraph in a control of its own."""
        control = self.alone(block_id, title, locked=locked)
        self.add(Paragraph(style, (Passage(block_id, content),), control))

    def heading(self, heading: nodes.Heading, control: Control) -> None:
        """Add a heading; the headline is the title, so level 2 is Word's first."""
        style = "Heading1" if heading.level == 2 else "Heading2"
        self.add(Paragraph(style, (Passage(heading.id, heading.content),), control))

    def section(self, section: nodes.Section) -> None:
        """Add a section: its heading and the running text after it share a control."""
        outer = self.flow_title, self.flow_locked
        title = plain(section.heading.content)
        self.flow_title, self.flow_locked = title, False
        self.flow = self.control(section.id, title)
        self.heading(section.heading, self.flow)
        for block in section.blocks:
            self.block(block, SMALL_IDS if section.kind in SMALL_SECTIONS else BODY_IDS)
        self.flow = None
        self.flow_title, self.flow_locked = outer

    def quote(self, quote: nodes.Quote) -> None:
        """Add speech and attribution."""
        speaker = next((plain(i.content) for i in quote.attribution if isinstance(i, nodes.Strong)), "")
        title = self.numbered("Quote")
        control = self.alone(quote.id, f"{title} – {speaker}" if speaker else title)
        for number, words in enumerate(quote.speech, 1):
            passages = (Passage(f"{quote.id}.speech.{number}", words),)
            splits = number < len(quote.speech)
            self.add(Paragraph("Quote", passages, control, keep_next=False if splits else None))
        self.add(Paragraph("QuoteSource", (Passage(f"{quote.id}.attribution", quote.attribution),), control))

    def agencies(self, agencies: nodes.AgencyList, text: TextStyles) -> None:
        """Add an agency list in its form, after its introduction."""
        id, title = agencies.id, "Agencies"
        intro = (Passage(f"{id}.intro", agencies.intro),) if agencies.intro else ()
        if agencies.form == "sentence":
            sentence = Passage(f"{id}.sentence", agencies.sentence)
            self.add(Paragraph(text.paragraph, (*intro, sentence), self.alone(id, title)))
            return
        columns = self.columns(agencies.items)
        control = self.alone(id, title)
        if intro:
            own = control if columns == 1 else self.control(f"{id}.intro", f"{title} – introduction")
            self.add(Paragraph(text.intro, intro, own, keep_next=True))
        kinds: dict[str, Kind] = {"numbered": "number", "bulleted": "bullet", "columns": "plain"}
        self.items(id, agencies.items, kinds[agencies.form], control, columns, text)

    def list(self, found: nodes.List, text: TextStyles) -> None:
        """Add a list of anything but agencies; one in columns has a control of its own."""
        columns = self.columns(found.items)
        control = self.running(found.id) if columns == 1 else self.alone(found.id, "List")
        self.items(found.id, found.items, _kind(found), control, columns, text)

    def columns(self, items: Sequence[nodes.Item]) -> int:
        """Return in how many columns a list stands: one with lists in it in one."""
        return 1 if any(item.sublist for item in items) else columns_for(len(items), self.theme)

    def items(
        self,
        list_id: str,
        items: Sequence[nodes.Item],
        kind: Kind,
        control: Control,
        columns: int,
        text: TextStyles,
    ) -> None:
        """Add the entries of a list and of the lists in it; the first two and the last two stay together."""
        entries = list(_entries(list_id, items, kind, 0, text))
        self.part_lists()
        for number, (item, style, counted) in enumerate(entries, 1):
            together = columns == 1 and number in (1, len(entries) - 1) and len(entries) > 1
            paragraph = Paragraph(style, (Passage(item.id, item.content),), control, counted=counted)
            self.add(paragraph._replace(columns=columns, keep_next=together or None))

    def keep_last(self) -> None:
        """Keep the paragraph before the end mark with it, so that the mark never stands on a page alone."""
        before = self.units[-1] if self.units else None
        if isinstance(before, Paragraph) and before.columns == 1 and not self.new_page:
            self.units[-1] = before._replace(keep_next=True)

    def part_lists(self) -> None:
        """Set a list apart from the one right before it, whose entries would run into its own."""
        before = self.units[-1] if self.units else None
        if isinstance(before, Paragraph) and before.counted is not None:
            self.units[-1] = before._replace(apart=True)

    def figure(self, figure: nodes.Figure) -> None:
        """Add a picture, and its caption with the credit."""
        id = figure.id
        control = self.alone(id, self.numbered("Photo"))
        named = ("caption", figure.caption), ("credit", figure.credit)
        words = tuple(Passage(f"{id}.{name}", content) for name, content in named if content)
        self.add(Paragraph("Photo", (Passage(id, ()),), control, picture=figure))
        if words:
            self.add(Paragraph("Caption", words, control))

    def table(self, table: nodes.Table) -> None:
        """Add a table after its caption."""
        self.flow = None
        if table.caption:
            self.add(Paragraph("TableCaption", (Passage(f"{table.id}.caption", table.caption),)))
        self.units.append(Grid(table, self.new_page))
        self.new_page = False


def _notice(kind: nodes.NoticeKind) -> tuple[str, str]:
    """Return the style of a notice and the title of its control."""
    match kind:
        case "immediate":
            return "ReleaseLine", "Release line"
        case "embargo":
            return "AlertLine", "Release line"
        case "draft":
            return "DraftLine", "Draft line"
        case "correction":
            return "AlertLine", "Correction"
        case "withdrawal":
            return "AlertLine", "Withdrawal"
        case _:
            assert_never(kind)


def _kind(found: nodes.List) -> Kind:
    return "number" if found.ordered else "bullet"


def _entries(
    list_id: str, items: Sequence[nodes.Item], kind: Kind, level: int, text: TextStyles
) -> Iterator[tuple[nodes.Item, str, Counted]]:
    """Yield the entries of a list and of the lists under them, with their styles and places.

    A numbered list under an entry of a numbered list is a level of it: Word starts such a level anew.
    """
    style: str = getattr(text, kind)
    if level and not text.small and kind != "plain":
        style = f"{style}{min(level, STYLED_LEVELS - 1) + 1}"
    for item in items:
        yield item, style, Counted(list_id, kind, level, len(items), text.small)
        if item.sublist is not None:
            below = item.sublist
            inner = list_id if kind == "number" and below.ordered else below.id
            yield from _entries(inner, below.items, _kind(below), level + 1, text)


def _cut(title: str, room: int = 0) -> str:
    """Return a title short enough for Word, cut after a whole word, with room for so many characters."""
    title = " ".join(title.split()) or "Block"
    most = LONGEST_TAG - room
    if len(title) <= most:
        return title
    start = title[: most - 1]
    return f"{start.rsplit(' ', 1)[0] if ' ' in start else start}…"
