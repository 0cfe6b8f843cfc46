"""A news release as a newsroom speaks of it: what stands in ``release.yaml``.

The descriptions and examples are shown by editors (`load.schema`).  Not here: the words of people, agencies
and boilerplates it refers to by id (the registers).
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BeforeValidator, Discriminator, Field, Tag, model_validator

from presskit.model.base import Day, Language, Line, Model, Slug, Words, refusal

ID = "Name of this part, if others are to refer to it; lower-case letters, digits and hyphens."


def as_list(value: Any) -> Any:  # noqa: ANN401 (pydantic hands over whatever the file holds)
    """Return a plain text as a list of one."""
    return [value] if isinstance(value, str) else value


def as_text(value: Any) -> Any:  # noqa: ANN401
    """Return a plain text as the fields of a block that has nothing but text."""
    return {"text": value} if isinstance(value, str) else value


class TextBlock(Model):
    """A paragraph with an id or a language of its own; a plain text in the list is one too."""

    id: Slug | None = Field(default=None, description=ID, examples=["background"])
    text: Words = Field(description="The words of the paragraph.")
    language: Language | None = Field(
        default=None, description="Language tag, where it is not the release's.", examples=["fr-CA"]
    )


class HeadingBlock(Model):
    """A heading within the text."""

    id: Slug | None = Field(default=None, description=ID, examples=["next-steps"])
    heading: Line = Field(description="The words of the heading.", examples=["Next steps"])


class ListItem(Model):
    """One entry of a list; a plain text in the list is one too."""

    id: Slug | None = Field(default=None, description=ID, examples=["second-phase"])
    text: Words = Field(description="The words of the entry.")
    items: tuple[Annotated[ListItem, BeforeValidator(as_text)], ...] = Field(
        default=(), max_length=10_000, description="Entries of a list under this entry."
    )


class ListBlock(Model):
    """A list of anything but agencies."""

    id: Slug | None = Field(default=None, description=ID, examples=["measures"])
    list: tuple[Annotated[ListItem, BeforeValidator(as_text)], ...] = Field(
        min_length=1, max_length=10_000, description="The entries of the list."
    )
    form: Literal["numbered", "bulleted"] = Field(
        default="bulleted", description="How the entries are marked."
    )


class AgencyListBlock(Model):
    """Agencies by id, in the order given or sorted."""

    id: Slug | None = Field(default=None, description=ID, examples=["partners"])
    agencies: tuple[Slug, ...] = Field(
        min_length=1,
        max_length=10_000,
        description="Agencies by their id in data/agencies.yaml; printed as they were called on that day.",
        examples=[["durham", "opp", "toronto"]],
    )
    intro: Words | None = Field(
        default=None, description="What stands before the list.", examples=["Partner agencies include:"]
    )
    form: Literal["numbered", "bulleted", "sentence", "columns"] = Field(
        default="numbered",
        description="A list with numbers or bullets, a sentence, or plain names in columns.",
    )
    order: Literal["given", "alphabetical"] = Field(
        default="given", description="Print the agencies in the order given here, or sorted by name."
    )
    lead_agency: Slug | None = Field(
        default=None, description="The agency that leads; it has to be in the list.", examples=["opp"]
    )
    members_of: Slug | None = Field(
        default=None,
        description="Roster in data/rosters/ all of them have to belong to on the day of issue.",
        examples=["ijfs"],
    )


class FigureBlock(Model):
    """A photo of the release's ``photos`` folder."""

    id: Slug | None = Field(default=None, description=ID, examples=["ribbon"])
    photo: Line = Field(
        description="File name in the folder photos/ beside this file: PNG or JPEG.", examples=["ribbon.jpg"]
    )
    alt: Line = Field(
        description="What is to be seen, for those who can not see it.",
        examples=["The mayor cuts a ribbon before the clinic's door."],
    )
    caption: Words | None = Field(default=None, description="What the reader should know about the photo.")
    credit: Line | None = Field(
        default=None, description="Who took it or owns it.", examples=["City of Orillia"]
    )


class TableBlock(Model):
    """A table with one header row."""

    id: Slug | None = Field(default=None, description=ID, examples=["charges"])
    table: Line = Field(description="The table's caption.", examples=["Charges by offence"])
    header: tuple[Line, ...] = Field(
        min_length=1, max_length=12, description="A word for each column.", examples=[["Offence", "Charges"]]
    )
    rows: tuple[tuple[str, ...], ...] = Field(
        min_length=1,
        max_length=10_000,
        description="The rows, each with as many cells as the header has.",
        examples=[[["Luring", "12"], ["Procuring", "9"]]],
    )


class QuoteHere(Model):
    """One of the release's quotes, placed in the text instead of under QUOTES."""

    quote: Slug = Field(description="Id of one of the quotes below.", examples=["mayor"])


class PageBreakBlock(Model):
    """What follows starts on a new page of the PDF and the Word file."""

    page_break: Literal["yes"] = Field(description="Start a new page here, where the format has pages.")


KINDS: dict[str, type[Model]] = {
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


BodyBlock = Annotated[
    Annotated[TextBlock, BeforeValidator(as_text), Tag("text")]
    | Annotated[HeadingBlock, Tag("heading")]
    | Annotated[ListBlock, Tag("list")]
    | Annotated[AgencyListBlock, Tag("agencies")]
    | Annotated[FigureBlock, Tag("photo")]
    | Annotated[TableBlock, Tag("table")]
    | Annotated[QuoteHere, Tag("quote")]
    | Annotated[PageBreakBlock, Tag("page_break")],
    Discriminator(_kind),
]
"""One block of the text: whichever of `KINDS` its fields tell."""


def _zip_can_hold(day: date) -> date:
    """Return the day if a Word file can carry it; ZIP counts from 1980 (APPNOTE 6.3.10, 4.4.6)."""
    if day.year < 1980:
        raise refusal("date-invalid", f"“{day}” is too early for a release.", "correct the year.")
    return day


class Quote(Model):
    """What a person of the register says; its id never depends on its position."""

    id: Slug = Field(description="Name of this quote; approvals hang on it.", examples=["mayor"])
    speaker: Slug = Field(
        description="Who said it, by the id in data/people.yaml; with the title held on the day of issue.",
        examples=["mayor"],
    )
    words: Annotated[tuple[Words, ...], BeforeValidator(as_list)] = Field(
        min_length=1,
        description="What was said, without quotation marks; a list, if it has several paragraphs.",
        examples=["Nobody should have to choose between rent and a doctor."],
    )
    language: Language | None = Field(
        default=None, description="Language tag, where it is not the release's.", examples=["fr-CA"]
    )


class Release(Model):
    """One news release in one language."""

    language: Language | None = Field(
        default=None,
        description="Language tag; without it, the house's language.",
        examples=["en-CA", "fr-CA"],
    )
    headline: Line = Field(
        description="The one line that says the news.", examples=["City opens its first free clinic"]
    )
    short_headline: Line | None = Field(
        default=None,
        description="A shorter headline for the head of later pages.",
        examples=["Free clinic opens"],
    )
    subhead: Line | None = Field(default=None, description="One line that says what the headline leaves out.")
    issued: Annotated[Day, AfterValidator(_zip_can_hold)] = Field(
        description="Day of issue: year-month-day.", examples=["2025-07-30"]
    )
    reference: Line | None = Field(
        default=None, description="The office's own number of the release.", examples=["2025-14"]
    )
    corrects: Slug | None = Field(
        default=None,
        description="The release this one corrects and replaces, by its folder's name in data/releases/.",
        examples=["free-clinic"],
    )
    withdraws: Slug | None = Field(
        default=None,
        description="The release this one withdraws, by its folder's name in data/releases/.",
        examples=["free-clinic"],
    )
    correction: Words | None = Field(
        default=None,
        description="What is corrected, or why the other release is withdrawn; needed with either.",
        examples=["The clinic opens on July 8, not on July 18, as the release of June 3 said."],
    )
    embargo: Line | None = Field(
        default=None,
        description="Day, time and offset from which it may be used, a time zone in brackets if you like; "
        "without it, the release is for immediate use.",
        examples=["2025-07-30T09:00-04:00", "2025-07-30T09:00-04:00[America/Toronto]"],
    )
    dateline: Line | None = Field(
        default=None, description="The place the news comes from.", examples=["ORILLIA, ON"]
    )
    body: tuple[BodyBlock, ...] = Field(
        min_length=1,
        max_length=5000,
        description="The text: paragraphs, and blocks such as heading, list, agencies, photo, table, quote.",
    )
    quotes: tuple[Quote, ...] = Field(
        default=(),
        max_length=500,
        description="What people say; printed under QUOTES unless placed in the text.",
    )
    facts: tuple[Words, ...] = Field(default=(), max_length=500, description="Quick facts, an entry each.")
    boilerplates: tuple[Slug, ...] = Field(
        default=(), max_length=100, description="“About …” texts by their file's name in data/boilerplates/."
    )
    notes: tuple[BodyBlock, ...] = Field(
        default=(), max_length=5000, description="Notes to editors: the same blocks as in the body."
    )
    contacts: tuple[Slug, ...] = Field(
        default=(), max_length=100, description="Whom reporters may call, by the id in data/people.yaml."
    )
    end_mark: Literal["yes", "no"] = Field(default="yes", description="Print the sign that nothing follows.")

    @model_validator(mode="after")
    def _of_one_release(self) -> Self:
        """Check that a correction or withdrawal says of which release, and why."""
        other = self.corrects or self.withdraws
        if self.corrects and self.withdraws:
            what = f"this corrects “{self.corrects}” and withdraws “{self.withdraws}” at once."
            raise refusal("correction-unclear", what, "keep corrects: or withdraws:, and take out the other.")
        if other and not self.correction:
            what = f"nothing says what was wrong with “{other}”."
            raise refusal("correction-unclear", what, "add correction: with a sentence for the readers.")
        if self.correction and not other:
            what = "correction: is given, but not for which release."
            raise refusal("correction-unclear", what, "add corrects: or withdraws: with that release's name.")
        return self
