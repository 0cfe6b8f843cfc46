"""Speakers and media contacts.  Not here: who may sign off."""

from __future__ import annotations

from datetime import date
from typing import Self

from pydantic import model_validator

from presskit.model.base import Day, Email, Line, Model, PerLanguage, Slug, in_order


class Title(Model):
    """What a person is called in office, for a time."""

    rank: PerLanguage | None = None  # printed before the name: Acting Detective Inspector
    title: PerLanguage | None = None  # printed after the name: IJFS Lead
    start: Day | None = None  # first day; none: always
    end: Day | None = None  # last day; none: still

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        in_order(self.start, self.end)
        return self


class Person(Model):
    """A person or a desk of the register."""

    id: Slug
    name: Line
    titles: tuple[Title, ...] = ()
    organisation: PerLanguage | None = None
    phone: Line | None = None
    email: Email | None = None

    def title_on(self, day: date) -> Title | None:
        """Return the title held on that day; ``None`` when none was."""
        return next((t for t in self.titles if (t.start or date.min) <= day <= (t.end or date.max)), None)
