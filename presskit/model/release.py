"""A news release as a newsroom speaks of it: what stands in ``release.yaml``.

Not here: the words of people, agencies and boilerplates it refers to by id (the registers).
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Discriminator, Field, Tag

from presskit.model.base import Language, Line, Model, Slug, Words


def _one_or_many(value: Any) -> Any:  # noqa: ANN401 (pydantic hands over whatever the file holds)
    return [value] if isinstance(value, str) else value


class TextBlock(Model):
    """A paragraph with an id or a language of its own; a plain text in the list is one too."""

    id: Slug | None = None
    text: Words
    language: Language | None = None


class HeadingBlock(Model):
    """A heading within the text."""

    id: Slug | None = None
    heading: Line


class ListItem(Model):
    """One entry of a list; a plain text in the list is one too."""

    id: Slug | None = None
    text: Words
    items: tuple[Annotated[ListItem, BeforeValidator(lambda v: {"text": v} if isinstance(v, str) else v)], ...] = ()


Entry = Annotated[ListItem, BeforeValidator(lambda v: {"text": v} if isinstance(v, str) else v)]


class ListBlock(Model):
    """A list of anything but agencies."""

    id: Slug | None = None
    list: tuple[Entry, ...] = Field(min_length=1, max_length=10_000)
    form: Literal["numbered", "bulleted"] = "bulleted"


class AgencyListBlock(Model):
    """Agencies by id, in the order given or sorted."""

    id: Slug | None = None
    agencies: tuple[Slug, ...] = Field(min_length=1, max_length=10_000)
    intro: Words | None = None
    form: Literal["numbered", "bulleted", "sentence", "columns"] = "numbered"
    order: Literal["given", "alphabetical"] = "given"
    lead_agency: Slug | None = None  # has to be in the list
    members_of: Slug | None = None  # roster all of them have to belong to on the release date


class FigureBlock(Model):
    """A photo of the release's ``photos`` folder."""

    id: Slug | None = None
    photo: Line  # file name in photos/
    alt: Line
    caption: Words | None = None
    credit: Line | None = None


class TableBlock(Model):
    """A table with one header row."""

    id: Slug | None = None
    table: Line  # its caption
    header: tuple[Line, ...] = Field(min_length=1, max_length=12)
    rows: tuple[tuple[str, ...], ...] = Field(min_length=1, max_length=10_000)


class QuoteHere(Model):
    """One of the release's quotes, placed in the text instead of under QUOTES."""

    quote: Slug  # id of the quote


class PageBreakBlock(Model):
    """What follows starts on a new page of the PDF and the Word file."""

    page_break: Literal["yes"]


KINDS = {
    "text": TextBlock,
    "heading": HeadingBlock,
    "list": ListBlock,
    "agencies": AgencyListBlock,
    "photo": FigureBlock,
    "table": TableBlock,
    "quote": QuoteHere,
    "page_break": PageBreakBlock,
}
"""What a block of the text can be, by the field that tells it."""


def _kind(value: Any) -> str | None:  # noqa: ANN401
    if isinstance(value, str):
        return "text"
    if isinstance(value, dict):
        return next((kind for kind in KINDS if kind in value), None)
    return next((kind for kind, model in KINDS.items() if isinstance(value, model)), None)


def _as_text(value: Any) -> Any:  # noqa: ANN401
    return {"text": value} if isinstance(value, str) else value


BodyBlock = Annotated[
    Annotated[TextBlock, BeforeValidator(_as_text), Tag("text")]
    | Annotated[HeadingBlock, Tag("heading")]
    | Annotated[ListBlock, Tag("list")]
    | Annotated[AgencyListBlock, Tag("agencies")]
    | Annotated[FigureBlock, Tag("photo")]
    | Annotated[TableBlock, Tag("table")]
    | Annotated[QuoteHere, Tag("quote")]
    | Annotated[PageBreakBlock, Tag("page_break")],
    Discriminator(_kind),
]


class Quote(Model):
    """What a person of the register says; its id never depends on its position."""

    id: Slug
    speaker: Slug
    words: Annotated[tuple[Words, ...], BeforeValidator(_one_or_many)] = Field(min_length=1)  # a paragraph each
    language: Language | None = None  # where it is not the release's


class Release(Model):
    """One news release in one language."""

    language: Language | None = None  # else the house's
    headline: Line
    short_headline: Line | None = None  # for the running head
    subhead: Line | None = None
    issued: date
    reference: Line | None = None
    embargo: str | None = None  # date and time with offset: 2025-07-30T09:00-04:00
    dateline: Line | None = None  # the place: ORILLIA, ON
    body: tuple[BodyBlock, ...] = Field(min_length=1, max_length=5000)
    quotes: tuple[Quote, ...] = ()
    facts: tuple[Words, ...] = ()
    boilerplates: tuple[Slug, ...] = ()
    notes: tuple[BodyBlock, ...] = ()  # notes to editors
    contacts: tuple[Slug, ...] = ()  # people or desks of the register
    end_mark: Literal["yes", "no"] = "yes"
