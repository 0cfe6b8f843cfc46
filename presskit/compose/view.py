"""What a template may use: everything of a release resolved, in the order and the words it is printed in.

A field called ``content`` (or ``caption``, ``intro`` …) holds words with their marks, stress and links and is
printed as it is, ``{{ block.content }}``; a plain text is escaped.  Each block knows the part that prints it
(``block.part``), its ``id`` and the ``field`` of the data it came from.

Not here: how a view is made (`release`, `quotes`, `agencies`), or anything a template should not see.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from markupsafe import Markup


@dataclass(frozen=True, slots=True)
class Line:
    """Words with an id: the headline, an entry of a list."""

    id: str
    field: str
    content: Markup


@dataclass(frozen=True, slots=True)
class Notice:
    """When the release may be used."""

    id: str
    field: str
    kind: str  # immediate or embargo
    content: Markup


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text."""

    part: ClassVar[str] = "parts/paragraph.xml.j2"
    id: str
    field: str
    content: Markup
    dateline: str  # with its marks; "" but for the first of a release


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading within the text."""

    part: ClassVar[str] = "parts/heading.xml.j2"
    id: str
    field: str
    level: int  # 2, or 3 within a section
    content: Markup


@dataclass(frozen=True, slots=True)
class Item:
    """An entry of a list, with the list under it."""

    id: str
    field: str
    content: Markup
    sublist: List | None = None


@dataclass(frozen=True, slots=True)
class List:
    """A list of anything but agencies."""

    part: ClassVar[str] = "parts/list.xml.j2"
    id: str
    field: str
    ordered: bool
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class AgencyList:
    """Agencies by their names on the release date."""

    part: ClassVar[str] = "parts/agency-list.xml.j2"
    id: str
    field: str
    form: str  # numbered, bulleted, sentence or columns
    intro: Markup  # "" for none
    items: tuple[Item, ...]
    sentence: Markup  # the names joined, with a full stop


@dataclass(frozen=True, slots=True)
class Quote:
    """What a person says."""

    part: ClassVar[str] = "parts/quote.xml.j2"
    id: str
    field: str
    speech: tuple[Markup, ...]  # one a paragraph, in the marks of the language
    name: str  # with the rank before it
    title: str  # held on the release date, else the organisation; "" for none


@dataclass(frozen=True, slots=True)
class Figure:
    """A photo."""

    part: ClassVar[str] = "parts/figure.xml.j2"
    id: str
    field: str
    photo: str  # file name in photos/
    alt: str
    caption: Markup  # "" for none
    credit: str  # with its label; "" for none


@dataclass(frozen=True, slots=True)
class Table:
    """A table."""

    part: ClassVar[str] = "parts/table.xml.j2"
    id: str
    field: str
    caption: Markup
    header: tuple[Markup, ...]
    rows: tuple[tuple[Markup, ...], ...]


@dataclass(frozen=True, slots=True)
class PageBreak:
    """What follows starts on a new page."""

    part: ClassVar[str] = "parts/page-break.xml.j2"
    id: str
    field: str


@dataclass(frozen=True, slots=True)
class Contact:
    """How a reporter reaches one person or desk."""

    part: ClassVar[str] = "parts/contact.xml.j2"
    id: str
    field: str
    name: str  # with the rank before it
    title: str  # "" for none, as the following
    organisation: str
    phone: str
    phone_url: str  # "" where the number is none a telephone can dial
    email: str


Block = Paragraph | Heading | List | AgencyList | Quote | Figure | Table | PageBreak


@dataclass(frozen=True, slots=True)
class Boilerplate:
    """An "About …" text."""

    id: str
    field: str
    heading: Line
    paragraphs: tuple[Paragraph, ...]
    roster: AgencyList | None


@dataclass(frozen=True, slots=True)
class Release:
    """The release."""

    language: str
    notice: Notice
    headline: Line
    subhead: Line | None
    body: tuple[Block, ...]
    quotes: tuple[Quote, ...]  # but those placed in the body or the notes
    facts: tuple[Item, ...]
    boilerplates: tuple[Boilerplate, ...]
    notes: tuple[Block, ...]
    contacts: tuple[Contact, ...]
    end_mark: str  # "" for none
