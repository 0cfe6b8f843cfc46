"""House rules about agency lists and rosters.

Not here: agencies nobody knows or that stand twice in a list, which do not load.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from presskit.checks.rules import Finding
from presskit.model.agencies import dictionary_key
from presskit.model.base import in_language
from presskit.model.registers import Draft
from presskit.model.release import AgencyListBlock, BodyBlock, TextBlock

NEARLY = 8
"""A list counts as meant to be alphabetical if at most one entry in so many stands out of order."""


class Listed(NamedTuple):
    """An agency list of a release."""

    field: str
    block: AgencyListBlock
    above: tuple[str, BodyBlock] | None  # the block before it, with its field


def agency_lists(draft: Draft) -> Iterator[Listed]:
    """Yield each agency list of the body and the notes."""
    for part, blocks in (("body", draft.release.body), ("notes", draft.release.notes)):
        for index, block in enumerate(blocks):
            if isinstance(block, AgencyListBlock):
                above = (f"{part}[{index - 1}]", blocks[index - 1]) if index else None
                yield Listed(f"{part}[{index}]", block, above)


def printed_rosters(draft: Draft) -> Iterator[tuple[str, str]]:
    """Yield the id of each boilerplate that prints a roster, with the roster's id."""
    for boilerplate_id in draft.release.boilerplates:
        if under := draft.registers.boilerplates[boilerplate_id].roster:
            yield boilerplate_id, under.id


def out_of_order(draft: Draft) -> Iterator[Finding]:
    """Entries that break the alphabetical order of a list that is all but in it.

    A list in an order of its own is left alone, and so is one that only puts its leading agency in front.

    Source: the roster of July 2025 has Anishinabek before Akwesasne and Treaty Three before Toronto.
    """
    for field, block, _ in agency_lists(draft):
        if block.order == "given":
            fix = "move it; or set order: alphabetical under the list."
            for index, what in _strays(_names(block.agencies, draft)):
                yield Finding(f"{field}.agencies[{index}]", what, fix)
    for roster_id in dict.fromkeys(roster_id for _, roster_id in printed_rosters(draft)):
        roster, fix = draft.registers.rosters[roster_id], "move it up to where it belongs."
        members = roster.members_on(draft.issued.date())
        positions = {member.agency: index for index, member in enumerate(roster.members)}
        for index, what in _strays(_names(members, draft)):
            yield Finding(f"rosters/{roster_id}#members[{positions[members[index]]}].agency", what, fix)


def _strays(names: Sequence[str]) -> Iterator[tuple[int, str]]:
    """Yield the entries that sort before the one above them, if nearly all others are in order."""
    keys = [dictionary_key(name) for name in names]
    strays = len(keys) - _longest_rise(keys)
    if not strays or strays > len(keys) // NEARLY or keys[1:] == sorted(keys[1:]):
        return
    for index in range(1, len(keys)):
        if keys[index] < keys[index - 1]:
            above = f"“{names[index]}” stands after “{names[index - 1]}”"
            yield index, f"{above}, while the list is alphabetical otherwise."


def _longest_rise(keys: Sequence[tuple[str, str]]) -> int:
    """Return how many keys are left when as few as possible are taken out to leave them in order."""
    tails: list[tuple[str, str]] = []
    for key in keys:
        at = bisect_right(tails, key)
        tails[at : at + 1] = [key]
    return len(tails)


def _names(agencies: Sequence[str], draft: Draft) -> list[str]:
    day, register = draft.issued.date(), draft.registers.agencies
    return [in_language(register[agency].name_on(day), draft.language) or agency for agency in agencies]


def not_a_member(draft: Draft) -> Iterator[Finding]:
    """Agencies of a list that do not belong to its roster on the day of issue.

    Source: all eleven supporters in the release of July 2025 are in its roster of twenty; a list that names
    outsiders as members misleads.
    """
    day = draft.issued.date()
    for field, block, _ in agency_lists(draft):
        if block.members_of is not None:
            members = draft.registers.rosters[block.members_of].members_on(day)
            for index, agency in enumerate(block.agencies):
                if agency not in members:
                    what = f"“{agency}” does not belong to the roster “{block.members_of}” on {day}."
                    fix = f"take it out; or correct data/rosters/{block.members_of}.yaml."
                    yield Finding(f"{field}.agencies[{index}]", what, fix)


def lead_missing(draft: Draft) -> Iterator[Finding]:
    """Lists whose leading agency is not in them.

    Source: the field's own meaning; a leading agency that is not named is not seen to lead.
    """
    for field, block, _ in agency_lists(draft):
        if block.lead_agency is not None and block.lead_agency not in block.agencies:
            what = f"“{block.lead_agency}” leads and is not in the list."
            yield Finding(f"{field}.lead_agency", what, "add it to agencies:, or delete lead_agency:.")


def stale(draft: Draft) -> Iterator[Finding]:
    """Rosters and boilerplates nobody has checked for longer than the house allows, up to the day of issue.

    A roster without the day of a check counts as never checked; a boilerplate without it is not looked at.

    Source: the press of 2023 counted 21 services in the IJFS, the release of July 2025 lists 20.
    """
    registers, day = draft.registers, draft.issued.date()
    used = [block.members_of for _, block, _ in agency_lists(draft) if block.members_of is not None]
    used += [roster_id for _, roster_id in printed_rosters(draft)]
    limit = registers.house.checked_within_days
    checks = [(f"rosters/{roster_id}", registers.rosters[roster_id].checked_on) for roster_id in used]
    checks += [
        (f"boilerplates/{name}", checked)
        for name in draft.release.boilerplates
        if (checked := registers.boilerplates[name].checked_on) is not None
    ]
    for file, checked in dict(checks).items():
        fix = "see whether it still holds, then write the day: checked_on: 2025-07-30."
        if checked is None:
            yield Finding(f"{file}#checked_on", "nobody has noted when this was last checked.", fix)
        elif (day - checked).days > limit:
            age = (day - checked).days
            what = f"this was last checked {age} days before the day of issue; {limit} are allowed."
            yield Finding(f"{file}#checked_on", what, fix)


NUMBERS = {
    "en": "two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    "seventeen eighteen nineteen twenty",
    "fr": "deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize dix-sept "
    "dix-huit dix-neuf vingt",
}
"""Number words from two on."""

AGENCIES = {
    "en": "agencies|police (?:services|forces)|departments|organi[sz]ations|partners",
    "fr": "organismes|services de police|corps de police|partenaires",
}
"""What agencies are called when they are counted."""

OTHERS = "than|least|other|another|most|of|of the|de|des|sur les|autres|moins"
"""Words before a number that make it another one than that of the list: more than 60, 4 of the 20."""


def miscounted(draft: Draft) -> Iterator[Finding]:
    """Numbers of agencies, in the words right before a list, that differ from the list.

    Source: "11 agencies" above a list somebody has added to.
    Why: only the intro and the sentence before it, since a number elsewhere may count others.
    """
    for field, block, above in agency_lists(draft):
        texts = [(f"{field}.intro", block.intro or "")]
        if above is not None and isinstance(above[1], TextBlock):
            texts.append((above[0], re.split(r"(?<=[.!?])\s", above[1].text)[-1]))
        for text_field, text in texts:
            yield from _wrong_count(text_field, text, len(block.agencies), draft.language.split("-")[0])


def _wrong_count(field: str, text: str, listed: int, language: str) -> Iterator[Finding]:
    if language not in NUMBERS:
        return
    words = NUMBERS[language].split()
    number = rf"(?<![\w.,-])(?P<number>\d{{1,3}}|{'|'.join(words)})"
    adjectives = r"(?:(?!of\b)[^\W\d]+\s+){0,2}?"
    for found in re.finditer(rf"{number}\s+{adjectives}(?:{AGENCIES[language]})\b", text, re.IGNORECASE):
        typed = found["number"].lower()
        counted = int(typed) if typed.isdigit() else words.index(typed) + 2
        if counted != listed and not re.search(rf"\b(?:{OTHERS})\s+$", text[: found.start()], re.IGNORECASE):
            what = f"“{' '.join(found.group().split())}” are counted here, and {listed} are listed."
            yield Finding(field, what, "correct the number, or the list.")
