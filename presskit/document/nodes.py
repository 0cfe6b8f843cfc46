"""The tree every writer reads: this list is the contract between templates and writers.

A document is a head and blocks in reading order; a block holds inlines or further blocks.  Blocks that
can be approved, edited in Word or clicked in a preview carry a stable ``id`` and the ``field`` of the
data they came from (``body[2]``, or ``boilerplates/ijfs#body[0]`` for a register's file).

Not here: how a node looks in any format (`writers`), or where its words come from (`compose`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

# --- inlines ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Text:
    """Words, already in their final typography."""

    text: str


@dataclass(frozen=True, slots=True)
class Strong:
    """Words of strong importance (bold)."""

    content: tuple[Inline, ...]


@dataclass(frozen=True, slots=True)
class Emphasis:
    """Stressed words (italic)."""

    content: tuple[Inline, ...]


@dataclass(frozen=True, slots=True)
class Link:
    """Words that lead somewhere."""

    url: str  # absolute: https:, http:, mailto: or tel:
    content: tuple[Inline, ...]


@dataclass(frozen=True, slots=True)
class Span:
    """Words in another language than the document's."""

    language: str  # BCP 47
    content: tuple[Inline, ...]


@dataclass(frozen=True, slots=True)
class Break:
    """A line end that is meant."""


Inline = Text | Strong | Emphasis | Link | Span | Break

# --- blocks ----------------------------------------------------------------------------------------

NoticeKind = Literal["immediate", "embargo", "draft", "correction", "withdrawal"]


@dataclass(frozen=True, slots=True)
class Notice:
    """Whether and when the release may be used, and what it makes void.

    A draft line stands above everything else on the page, the others where they stand among the blocks.
    """

    id: str
    field: str
    kind: NoticeKind
    content: tuple[Inline, ...]


@dataclass(frozen=True, slots=True)
class Headline:
    """The one title of the release."""

    id: str
    field: str
    content: tuple[Inline, ...]


@dataclass(frozen=True, slots=True)
class Subhead:
    """The line under the headline."""

    id: str
    field: str
    content: tuple[Inline, ...]


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text; the first of a release opens with the dateline."""

    id: str
    field: str
    content: tuple[Inline, ...]
    dateline: str = ""  # with its dash and the space after it: "(ORILLIA, ON) – "


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading within the release or of a section; the headline stands above level 2."""

    id: str
    field: str
    level: int  # 2 or 3
    content: tuple[Inline, ...]


@dataclass(frozen=True, slots=True)
class Item:
    """One entry of a list, with the list under it, if any."""

    id: str
    field: str
    content: tuple[Inline, ...]
    sublist: List | None = None


@dataclass(frozen=True, slots=True)
class List:
    """A numbered or bulleted list; numbers start at 1 in each list."""

    id: str
    field: str
    ordered: bool
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class AgencyList:
    """Agencies of the register, in one of four forms."""

    id: str
    field: str
    form: Literal["numbered", "bulleted", "sentence", "columns"]  # columns: unmarked names in columns
    intro: tuple[Inline, ...]  # "… include:"; empty: none
    items: tuple[Item, ...]  # each item's id ends in the agency's id
    sentence: tuple[Inline, ...] = ()  # the names joined as the language joins them; form sentence only


@dataclass(frozen=True, slots=True)
class Quote:
    """Words said by a named speaker, in the marks of the language."""

    id: str
    field: str
    speech: tuple[tuple[Inline, ...], ...]  # one entry a paragraph
    attribution: tuple[Inline, ...]  # with its dash; the name is Strong


@dataclass(frozen=True, slots=True)
class Image:
    """A picture's bytes, free of metadata."""

    name: str  # file name
    media_type: Literal["image/jpeg", "image/png"]
    data: bytes
    width_px: int
    height_px: int


@dataclass(frozen=True, slots=True)
class Figure:
    """A picture with its alternative text, caption and credit."""

    id: str
    field: str
    image: Image
    alt: str
    caption: tuple[Inline, ...]
    credit: tuple[Inline, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A simple table: one header row, no merged cells."""

    id: str
    field: str
    caption: tuple[Inline, ...]
    header: tuple[tuple[Inline, ...], ...]  # one entry a column
    rows: tuple[tuple[tuple[Inline, ...], ...], ...]  # rows of cells, as many as columns


@dataclass(frozen=True, slots=True)
class Contact:
    """How a reporter reaches one person or desk: a line each for name, organisation, telephone, e-mail."""

    id: str
    field: str
    lines: tuple[tuple[Inline, ...], ...]


@dataclass(frozen=True, slots=True)
class EndMark:
    """The sign that nothing follows: ###, -30-, ENDS."""

    id: str
    field: str
    text: str


@dataclass(frozen=True, slots=True)
class PageBreak:
    """What follows starts on a new page, where the format has pages."""

    id: str
    field: str


@dataclass(frozen=True, slots=True)
class Section:
    """Blocks under a heading of their own: quotes, boilerplate, quick facts, notes, contacts."""

    id: str
    field: str
    kind: Literal["quotes", "boilerplate", "facts", "notes", "contacts"]
    heading: Heading
    blocks: tuple[Block, ...]


Block = (
    Notice
    | Headline
    | Subhead
    | Paragraph
    | Heading
    | List
    | AgencyList
    | Quote
    | Section
    | Figure
    | Table
    | Contact
    | EndMark
    | PageBreak
)

# --- the whole -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Attachment:
    """Data that travels inside a file that can carry it."""

    name: str
    media_type: str
    data: bytes
    description: str


@dataclass(frozen=True, slots=True)
class Masthead:
    """The top of the first page, in reading order."""

    issuer: str
    kind: str  # NEWS RELEASE
    date: str  # in the language's words
    reference: str  # "" before sign-off


@dataclass(frozen=True, slots=True)
class Head:
    """What a writer needs besides the blocks."""

    title: str  # the headline without markup
    language: str  # BCP 47
    slug: str
    office: str  # short name for the foot
    running_title: str  # short headline for the running head
    issued: datetime  # aware; the date all built files carry
    summary: str  # the lead, for descriptions
    masthead: Masthead
    page_label: str  # "Page {page} of {pages}"
    picture_label: str  # put before alt text where a format shows no pictures
    place: str  # of the dateline, without marks
    attachments: tuple[Attachment, ...] = ()
    embargo: datetime | None = None
    signature: str = ""  # label of the field the digital PDF holds for a signature; empty: no field


@dataclass(frozen=True, slots=True)
class Document:
    """One release, composed: what every writer turns into bytes."""

    head: Head
    blocks: tuple[Block, ...]
