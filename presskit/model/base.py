"""What all models share: frozen, closed to unknown fields, and texts that exist per language.

Values arrive as text, as typed in YAML; the models convert them.  Not here: files and places (`load`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, LiteralString, TypeVar

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints
from pydantic_core import PydanticCustomError

ANY_LANGUAGE = ""

W = TypeVar("W")
"""Words of any shape: one text, or paragraphs."""


class Model(BaseModel):
    """Base of everything read from the office's files."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


def refusal(code: LiteralString, what: str, fix: str) -> PydanticCustomError:
    """Return what a validator raises: `load` makes a problem of it, word for word."""
    return PydanticCustomError(code, "{what}", {"what": what, "fix": fix})


def in_order(start: date | None, end: date | None) -> None:
    """Raise if a span of days ends before it starts."""
    if start is not None and end is not None and end < start:
        what = f"this ends on {end}, before it starts on {start}."
        raise refusal("dates-reversed", what, "correct one of them.")


def _valid_language(tag: str) -> str:
    if not re.fullmatch(r"[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?", tag):
        what = f"“{tag[:40]}” is not a language tag."
        raise refusal("language-invalid", what, "write it as en, fr-CA or iu-Cans-CA.")
    return tag


def _valid_tags(words: Mapping[str, W]) -> Mapping[str, W]:
    for tag in words:
        if tag != ANY_LANGUAGE:
            _valid_language(tag)
    return words


def _day(value: Any) -> Any:  # noqa: ANN401 (pydantic hands over whatever the file holds)
    """Turn text into a day; only one way to write it is taken, since 03/04/2025 is read in two ways.

    Source: ISO 8601-1:2019, 5.2.2.1, calendar date in extended format.
    """
    if not isinstance(value, str):
        return value
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value.strip()):
        raise refusal("date-invalid", f"“{value[:40]}” is not a date.", "write year-month-day: 2025-07-30.")
    try:
        day = date.fromisoformat(value.strip())
    except ValueError:
        raise refusal("date-invalid", f"“{value}” does not exist.", "look it up in the calendar.") from None
    if not date(1800, 1, 1) <= day <= date(2999, 12, 31):
        raise refusal("date-invalid", f"“{value}” can not be meant.", "correct the year.")
    return day


def _email(address: str) -> str:
    """Return an address if a reporter could write to it; whether it exists nobody can tell from its looks."""
    if not re.fullmatch(r"[\w.!#$%&'*+/=?^`{|}~-]+@[\w-]+(\.[\w-]+)*\.[\w-]{2,}", address):
        what = f"“{address}” is not an e-mail address."
        raise refusal("email-invalid", what, "write it as media@example.org.")
    return address


def _web_address(address: str) -> str:
    if not re.fullmatch(r"https?://[^\s<>\"]+\.[^\s<>\"]+", address):
        raise refusal("url-invalid", f"“{address}” is not a web address.", "write it as https://example.org.")
    return address


def _per_language(value: Any) -> Any:  # noqa: ANN401 (pydantic hands over whatever the file holds)
    return {ANY_LANGUAGE: value} if isinstance(value, str) else value


LINE_PATTERN = r"^[^\n]*$"
ID_PATTERN = r"^[a-z0-9]+(-[a-z0-9]+)*$"

Line = Annotated[str, StringConstraints(min_length=1, max_length=1000, pattern=LINE_PATTERN)]
"""One line of words."""

Words = Annotated[str, StringConstraints(min_length=1, max_length=50_000)]
"""Running words, at most a long paragraph."""

Slug = Annotated[str, StringConstraints(min_length=1, max_length=80, pattern=ID_PATTERN)]
"""Lower-case letters, digits and single hyphens: safe as a folder name everywhere."""

Language = Annotated[str, AfterValidator(_valid_language)]
"""A language tag (BCP 47): language, script, region."""

Day = Annotated[date, BeforeValidator(_day)]
"""A day, written 2025-07-30."""

Email = Annotated[str, StringConstraints(max_length=254), AfterValidator(_email)]
"""An e-mail address (RFC 5321, 4.5.3.1.3)."""

WebAddress = Annotated[str, StringConstraints(max_length=2000), AfterValidator(_web_address)]
"""An absolute address of the web."""

ByLanguage = Annotated[Mapping[str, W], AfterValidator(_valid_tags), Field(min_length=1)]
"""Something for each language tag."""

PerLanguage = Annotated[ByLanguage[Line], BeforeValidator(_per_language)]
"""Words by language tag; a plain text means: the same in every language (key "")."""


def in_language(words: Mapping[str, W], language: str) -> W | None:
    """Return the words for a language: the exact tag, else the bare language, else the words for any.

    ``None`` when there are none.
    """
    tag = tag_for(words, language)
    return None if tag is None else words[tag]


def tag_for(words: Mapping[str, object], language: str) -> str | None:
    """Return under which tag the words for a language stand; ``None`` when there are none."""
    bare = language.split("-")[0]
    for tag in (language, bare, ANY_LANGUAGE):
        if tag in words:
            return tag
    return next((tag for tag in sorted(words) if tag.split("-")[0] == bare), None)
