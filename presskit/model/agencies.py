"""The register of agencies, and who is a member of what since when."""

from __future__ import annotations

import unicodedata
from datetime import date
from typing import Annotated, Self

from pydantic import Field, model_validator

from presskit.model.base import Day, Model, PerLanguage, Slug, WebAddress, in_order


class FormerName(Model):
    """A name an agency had until a day."""

    name: PerLanguage
    end: Day  # last day of that name


class Agency(Model):
    """One agency with its official name per language."""

    id: Slug
    name: PerLanguage
    former_names: tuple[FormerName, ...] = ()
    url: WebAddress | None = None

    def name_on(self, day: date) -> PerLanguage:
        """Return the official name, per language, on that day."""
        past = sorted((f for f in self.former_names if day <= f.end), key=lambda f: f.end)
        return past[0].name if past else self.name


class Member(Model):
    """One agency's membership."""

    agency: Slug
    start: Day | None = None  # first day; none: always
    end: Day | None = None  # last day; none: still

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        in_order(self.start, self.end)
        return self


class Roster(Model):
    """Who belongs to a body, with dates; its id is the file's name."""

    name: PerLanguage
    checked_on: Day | None = None  # when somebody last compared it with the outside world
    members: Annotated[tuple[Member, ...], Field(min_length=1, max_length=10_000)]

    def members_on(self, day: date) -> tuple[str, ...]:
        """Return the ids of the agencies that belong to it on that day, in the roster's order."""
        return tuple(m.agency for m in self.members if (m.start or date.min) <= day <= (m.end or date.max))


def dictionary_key(name: str) -> tuple[str, str]:
    """Return what sorts names as a dictionary does: accents, case and punctuation count only between equals.

    Source: Unicode Technical Standard 10, 1.1: base letters decide before accents, accents before case.
    """
    folded = unicodedata.normalize("NFKD", name).casefold().replace("œ", "oe").replace("æ", "ae")
    letters = "".join(c for c in folded if c.isalnum() or c == " ")
    return " ".join(letters.split()), name
