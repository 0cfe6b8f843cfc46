"""The register of agencies, and who is a member of what since when."""

from __future__ import annotations

from datetime import date

from presskit.model.base import Line, Model, PerLanguage, Slug


class FormerName(Model):
    """A name an agency had until a day."""

    name: PerLanguage
    end: date  # last day of that name


class Agency(Model):
    """One agency with its official name per language."""

    id: Slug
    name: PerLanguage
    former_names: tuple[FormerName, ...] = ()
    url: Line | None = None

    def name_on(self, day: date) -> PerLanguage:
        """Return the official name, per language, on that day."""
        past = sorted((f for f in self.former_names if day <= f.end), key=lambda f: f.end)
        return past[0].name if past else self.name


class Member(Model):
    """One agency's membership."""

    agency: Slug
    start: date | None = None  # first day; none: always
    end: date | None = None  # last day; none: still


class Roster(Model):
    """Who belongs to a body, with dates; its id is the file's name."""

    name: PerLanguage
    checked_on: date | None = None  # when somebody last compared it with the outside world
    members: tuple[Member, ...]

    def members_on(self, day: date) -> tuple[str, ...]:
        """Return the ids of the agencies that belong to it on that day, in the roster's order."""
        return tuple(m.agency for m in self.members if (m.start or date.min) <= day <= (m.end or date.max))
