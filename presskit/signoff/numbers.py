"""Reference numbers: allotted by the record that closes a sign-off, once for each release, without gaps.

The log is the only place they are kept, so two people at it can never be given the same one.  Not here:
adding to the log (`ledger`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from presskit.errors import NotAllowed, Place, Problem
from presskit.model.house import SignOff
from presskit.signoff.canon import Value
from presskit.signoff.chain import Chain


@dataclass(frozen=True, slots=True)
class Allotted:
    """A reference, and what the log has to note so that nobody else gets it."""

    reference: str  # "" where the office numbers nothing
    facts: Mapping[str, Value]


def allot(kit: str, typed: str | None, issued: date, policy: SignOff, chain: Chain) -> Allotted:
    """Return the reference of a kit: the one typed, the one it has already, or the next of the house.

    Raises:
        NotAllowed: the typed one belongs to another release.
    """
    taken = {
        str(entry.facts["reference"]): entry.facts for entry in chain.entries if "reference" in entry.facts
    }
    if typed:
        _require_free(typed, kit, taken)
        return Allotted(typed, {"reference": typed, "kit": kit})
    for entry in reversed(chain.entries):
        if entry.facts.get("kit") == kit and "reference" in entry.facts:
            return Allotted(str(entry.facts["reference"]), {})
    if policy.reference is None:
        return Allotted("", {})
    series = str(issued.year) if "{year}" in policy.reference else ""
    numbers = [
        n
        for facts in taken.values()
        if facts.get("series") == series and isinstance(n := facts.get("number"), int)
    ]
    number = max(numbers, default=policy.first_number - 1) + 1
    while (reference := _written(policy.reference, issued.year, number)) in taken:
        number += 1
    return Allotted(reference, {"reference": reference, "kit": kit, "series": series, "number": number})


def _require_free(reference: str, kit: str, taken: Mapping[str, Mapping[str, Value]]) -> None:
    owner = taken.get(reference, {}).get("kit")
    if owner not in (None, kit):
        what = f"the number “{reference}” belongs to {owner} already."
        fix = "delete reference: and let sign-off allot one, or correct it."
        raise NotAllowed(Problem(Place(kit), "reference", what, fix, "reference-taken"))


def _written(pattern: str, year: int, number: int) -> str:
    def filled(gap: re.Match[str]) -> str:
        name, _, digits = gap[1].partition(":")
        return str(year) if name == "year" else f"{number:0{digits or 1}}"

    return re.sub(r"\{([^{}]*)\}", filled, pattern)
