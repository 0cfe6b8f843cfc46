"""What a release refers to that has no words in the release's language.

Not here: whether a version of the release in another language is missing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from presskit.errors import Problem
from presskit.load.yaml import Places, shown
from presskit.model.base import in_language
from presskit.model.registers import Registers
from presskit.model.release import AgencyListBlock, Release

Text = tuple[str, Mapping[str, object] | None]
"""A field of the registers, and its words by language."""


def missing_words(release: Release, language: str, registers: Registers, places: Places) -> Iterator[Problem]:
    """Yield a problem for each text of the registers that would be printed and is not there, once."""
    house = registers.house
    texts: Iterable[Text] = (
        ("house#name", house.name),
        ("house#short_name", house.short_name),
        *_people(release, registers),
        *_boilerplates(release, registers),
        *_agencies(_listed(release), release.issued, registers),
    )
    for field, words in dict(texts).items():
        if words is not None and in_language(words, language) is None:
            there = ", ".join(sorted(words))
            what = f"this has no words in {language}, the language of the release, only in {there}."
            fix = f"add a line under it that starts with {language.split('-')[0]}:"
            yield Problem(places.find(field), shown(field), what, fix, "name-language-missing")


def _people(release: Release, registers: Registers) -> Iterator[Text]:
    """Yield what is printed of speakers and contacts."""
    for person_id in (*(quote.speaker for quote in release.quotes), *release.contacts):
        person = registers.people[person_id]
        yield f"people#{person_id}.organisation", person.organisation
        if title := person.title_on(release.issued):
            path = f"people#{person_id}.titles[{person.titles.index(title)}]"
            yield f"{path}.rank", title.rank
            yield f"{path}.title", title.title


def _boilerplates(release: Release, registers: Registers) -> Iterator[Text]:
    for boilerplate_id in release.boilerplates:
        boilerplate, path = registers.boilerplates[boilerplate_id], f"boilerplates/{boilerplate_id}#"
        yield f"{path}heading", boilerplate.heading
        yield f"{path}body", boilerplate.body
        if boilerplate.roster is not None:
            yield f"{path}roster.intro", boilerplate.roster.intro
            members = registers.rosters[boilerplate.roster.id].members_on(release.issued)
            yield from _agencies(members, release.issued, registers)


def _agencies(ids: Iterable[str], day: date, registers: Registers) -> Iterator[Text]:
    return ((f"agencies#{agency_id}.name", registers.agencies[agency_id].name_on(day)) for agency_id in ids)


def _listed(release: Release) -> Iterator[str]:
    """Yield the agencies listed in the body and the notes."""
    for block in (*release.body, *release.notes):
        if isinstance(block, AgencyListBlock):
            yield from block.agencies
