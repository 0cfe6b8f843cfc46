"""The office itself, and the texts it prints under every release."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from presskit.model.base import Language, Line, Model, PerLanguage, Slug, Words

Rule = Literal["off", "warning", "error"]


class House(Model):
    """What stands in ``data/house.yaml``."""

    name: PerLanguage  # in the masthead
    short_name: PerLanguage  # in the foot
    domain: Line  # the office's own, makes its kits' names unlike all others
    time_zone: Line  # of dates and times written without offset, "America/Toronto"
    language: Language  # of a release that names none
    template_pack: Slug = "news-release"
    checked_within_days: Annotated[int, Field(ge=1)] = 365  # rosters and boilerplates
    rules: Mapping[str, Rule] = Field(default_factory=dict)  # problem code → severity or off


def _paragraphs(value: object) -> object:
    return [value] if isinstance(value, str) else value


Paragraphs = Annotated[tuple[Words, ...], BeforeValidator(_paragraphs)]


class RosterUnder(Model):
    """A roster printed under a boilerplate."""

    id: Slug
    intro: PerLanguage
    form: Literal["numbered", "bulleted", "sentence", "columns"] = "bulleted"


class Boilerplate(Model):
    """An "About …" text; its id is the file's name."""

    heading: PerLanguage
    body: Mapping[str, Paragraphs]  # language tag → paragraphs
    checked_on: date | None = None
    roster: RosterUnder | None = None


class Wording(Model):
    """The labels of a template pack in one language: ``wording.<lang>.yaml``."""

    kind: Line  # NEWS RELEASE
    immediate: Line  # FOR IMMEDIATE RELEASE
    embargo: Line  # EMBARGOED UNTIL {time}
    dateline: str  # "({place}) – "
    quotes: Line  # QUOTES
    attribution_dash: str  # "— "
    attribution_comma: str = ", "  # between name and title
    facts: Line  # Quick facts
    notes: Line  # Notes to editors
    contacts: Line  # Media contact
    end_mark: Line  # -30-
    reference: Line  # "No. {reference}"
    page_label: Line  # Page {page} of {pages}
    more_label: Line  # (continued)
    picture_label: Line  # Picture
    credit: Line  # "Photo: {credit}"
    phone_label: str = ""  # before a telephone number
    date: Line  # Babel pattern (CLDR), with the words of `months` for MMMM if given
    time: Line  # Babel pattern of the embargo line's day and hour
    months: tuple[Line, ...] = ()  # twelve month names used in dates, where Babel's do not fit the style
    day_periods: tuple[Line, ...] = ()  # a.m. and p.m., where Babel's do not fit the style
    quote_marks: tuple[str, str]  # with their no-break spaces
    inner_quote_marks: tuple[str, str]
    list_comma: str  # between the names of a sentence
    list_and: str  # before the last of three or more
    list_two: str  # between two
