"""From ``data/`` without its releases to `Registers`: the house, people, agencies, rosters, boilerplates.

Not here: releases (`release`), and whether a register is up to date (`checks`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar
from zoneinfo import ZoneInfo, available_timezones

from presskit.errors import BadSettings, Place, Problem, ProblemsFound
from presskit.load.convert import convert, convert_source
from presskit.load.mistakes import file_not_an_id, not_entries
from presskit.load.references import AGENCY, ROSTER, Named, unknown
from presskit.load.suggest import did_you_mean, quoted
from presskit.load.yaml import LIMIT_BYTES, Places, Tree, parse, shown
from presskit.model.agencies import Agency, Roster
from presskit.model.base import ID_PATTERN, Model
from presskit.model.house import Boilerplate, House
from presskit.model.people import Person
from presskit.model.registers import Registers
from presskit.workspace import HOUSE, Workspace

M = TypeVar("M", bound=Model)


@dataclass(frozen=True, slots=True)
class _Register(Generic[M]):
    """What one file or folder of the data gave."""

    entries: Mapping[str, M]
    known: frozenset[str] | None  # ids, those of faulty entries too; none: the file can not be read at all
    places: Places
    problems: tuple[Problem, ...]


def load_registers(workspace: Workspace) -> tuple[Registers, Places]:
    """Return the house and its registers, with the place of every value.

    Raises:
        BadSettings: the house has problems; carries those of the registers too.
        ProblemsFound: a register has.
        Unreadable: a file can not be read.
    """
    house = _house(workspace)
    people = _listed(workspace, "people", Person)
    agencies = _listed(workspace, "agencies", Agency)
    rosters = _filed(workspace, "rosters", Roster)
    boilerplates = _filed(workspace, "boilerplates", Boilerplate)
    problems = [
        *(problem for part in (house, people, agencies, rosters, boilerplates) for problem in part.problems),
        *_missing_agencies(rosters, agencies.known),
        *_missing_rosters(boilerplates, rosters.known),
    ]
    if problems:
        raise (BadSettings if house.problems else ProblemsFound)(problems)
    registers = Registers(
        house.entries["house"], people.entries, agencies.entries, rosters.entries, boilerplates.entries
    )
    places = house.places | people.places | agencies.places | rosters.places | boilerplates.places
    return registers, places


def _house(workspace: Workspace) -> _Register[House]:
    source = parse(workspace.read(HOUSE, LIMIT_BYTES), HOUSE, "house#")
    house, problems = convert_source(House, source, "house#")
    if house is None:
        return _Register({}, None, source.places, problems)
    try:
        ZoneInfo(house.time_zone)
    except (KeyError, ValueError, OSError):
        what = f"{quoted(house.time_zone)} is not a time zone."
        fix = did_you_mean(house.time_zone, sorted(available_timezones()), "write it as America/Toronto.")
        place = source.places.find("house#time_zone")
        problems = (*problems, Problem(place, "time_zone", what, fix, "time-zone-unknown"))
    return _Register({"house": house}, frozenset(("house",)), source.places, problems)


def _listed(workspace: Workspace, name: str, model: type[M]) -> _Register[M]:
    """Read a register that is one file with a list of entries; without the file it is empty."""
    file, prefix = f"data/{name}.yaml", f"{name}#"
    if not workspace.exists(file):
        return _Register({}, frozenset(), Places(), ())
    source = parse(workspace.read(file, LIMIT_BYTES), file, prefix)
    if source.tree is None:
        known = None if source.problems else frozenset[str]()
        return _Register({}, known, source.places, source.problems)
    if not isinstance(source.tree, list):
        return _Register({}, None, source.places, (not_entries(source.tree, source.places.find(prefix)),))
    problems, entries = list(source.problems), dict[str, M]()
    ids = [_id_of(entry) for entry in source.tree]
    places, twice = _by_id(source.places, prefix, ids)
    for index, entry in enumerate(source.tree):
        path = f"{prefix}[{index}]" if index in twice or not ids[index] else prefix + ids[index]
        if index in twice:
            problems.append(_id_twice(ids[index], path, places, prefix))
        converted, found = convert(model, entry, places, path)
        problems += found
        if converted is not None:
            entries.setdefault(ids[index], converted)
    return _Register(entries, frozenset(ids), places, tuple(problems))


def _filed(workspace: Workspace, name: str, model: type[M]) -> _Register[M]:
    """Read a register that is a folder with a file for each entry."""
    entries, places, problems, known = dict[str, M](), Places(), list[Problem](), set[str]()
    for file_name in workspace.names(f"data/{name}", ".yaml"):
        entry_id, file = file_name.removesuffix(".yaml"), f"data/{name}/{file_name}"
        prefix = f"{name}/{entry_id}#"
        known.add(entry_id)
        if not re.fullmatch(ID_PATTERN, entry_id):
            problems.append(file_not_an_id(entry_id, Place(file)))
        source = parse(workspace.read(file, LIMIT_BYTES), file, prefix)
        places |= source.places
        converted, found = convert_source(model, source, prefix)
        problems += found
        if converted is not None:
            entries[entry_id] = converted
    return _Register(entries, frozenset(known), places, tuple(problems))


def _id_of(entry: Tree) -> str:
    found = entry.get("id", "") if isinstance(entry, dict) else ""
    return found.strip() if isinstance(found, str) and re.fullmatch(ID_PATTERN, found.strip()) else ""


def _by_id(places: Places, prefix: str, ids: list[str]) -> tuple[Places, frozenset[int]]:
    """Return the places by id in place of position, and the positions whose id is taken already."""
    first: dict[str, int] = {}
    for index, entry_id in enumerate(ids):
        first.setdefault(entry_id, index)
    twice = frozenset(index for index, entry_id in enumerate(ids) if entry_id and first[entry_id] != index)

    def renamed(path: str) -> str:
        found = re.match(r"\[(\d+)\]", path[len(prefix) :])
        if found is None or (index := int(found.group(1))) in twice or not ids[index]:
            return path
        return prefix + ids[index] + path[len(prefix) + found.end() :]

    return (
        Places(
            {renamed(path): place for path, place in places.values.items()},
            {renamed(path): place for path, place in places.names.items()},
            frozenset(map(renamed, places.empty)),
        ),
        twice,
    )


def _id_twice(entry_id: str, path: str, places: Places, prefix: str) -> Problem:
    first = places.find(f"{prefix}{entry_id}.id").line
    what = f"“{entry_id}” is already the id of the entry in line {first}."
    place = places.find(f"{path}.id")
    return Problem(place, shown(f"{path}.id"), what, "give one of them another id.", "id-twice")


def _missing_agencies(rosters: _Register[Roster], known: frozenset[str] | None) -> Iterator[Problem]:
    """Yield a problem for each member that is not in the register of agencies."""
    for roster_id, roster in rosters.entries.items():
        for index, member in enumerate(roster.members if known is not None else ()):
            named = Named(member.agency, f"rosters/{roster_id}#members[{index}].agency")
            yield from unknown(named, AGENCY, known or (), rosters.places)


def _missing_rosters(boilerplates: _Register[Boilerplate], known: frozenset[str] | None) -> Iterator[Problem]:
    """Yield a problem for each boilerplate whose roster does not exist."""
    for boilerplate_id, boilerplate in boilerplates.entries.items():
        if boilerplate.roster is not None and known is not None:
            named = Named(boilerplate.roster.id, f"boilerplates/{boilerplate_id}#roster.id")
            yield from unknown(named, ROSTER, known, boilerplates.places)
