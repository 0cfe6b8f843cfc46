"""One release in the archive: its versions, what each holds, and who approved it.

Not here: whether it is still what was deposited (`verify`).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from presskit.archive.contents import FACTS, release_id
from presskit.archive.proof import kept_state
from presskit.archive.store import Archive
from presskit.errors import ArchiveDamaged, Place, Problem, WrongUsage
from presskit.signoff.keyring import Ring
from presskit.signoff.state import State


@dataclass(frozen=True, slots=True)
class Edition:
    """One archived version of a release."""

    number: int  # from 1
    deposited: str  # when, as the archive has it
    by: str  # who deposited it
    facts: Mapping[str, Any]  # what stands in version.json
    files: Mapping[str, str]  # name → SHA-512

    @property
    def reference(self) -> str:
        """Its number, "" for none."""
        return str(self.facts.get("reference") or "")


def editions(archive: Archive, domain: str, slug: str) -> tuple[Edition, ...]:
    """Return the versions of a release, the oldest first.

    Raises:
        WrongUsage: it is not in the archive.
        ArchiveDamaged: what says what a version is can not be read.
    """
    object_id = release_id(domain, slug)
    try:
        versions = archive.versions(object_id)
    except WrongUsage as error:
        fix = f"deposit it when it is signed off: presskit archive {slug}"
        place = Place(f"release {slug}")
        raise WrongUsage(Problem(place, "", "this is not in the archive.", fix, "not-archived")) from error
    return tuple(
        Edition(
            number,
            found.created,
            found.user_name,
            _facts(archive, object_id, number),
            archive.files(object_id, number),
        )
        for number, found in versions.items()
    )


def edition(archive: Archive, domain: str, slug: str, number: int | None) -> Edition:
    """Return one version of a release, the newest if none is named; for what is raised see `editions`."""
    found = {one.number: one for one in editions(archive, domain, slug)}
    wanted = number if number is not None else max(found)
    if wanted not in found:
        fix = f"choose one of: {', '.join(map(str, found))}."
        what = f"there is no version {wanted} of it."
        raise WrongUsage(Problem(Place(f"release {slug}"), "version", what, fix, "not-archived"))
    return found[wanted]


def contents(archive: Archive, domain: str, slug: str, found: Edition) -> dict[str, bytes]:
    """Return the files of a version; each was compared with its digest.

    Raises:
        ArchiveDamaged: one is not what was deposited.
    """
    return {name: archive.read(release_id(domain, slug), name, found.number) for name in found.files}


def state_in(files: Mapping[str, bytes], ring: Ring, slug: str) -> State:
    """Return how a version stood when it was deposited.

    Raises:
        ArchiveDamaged: its words or records can not be read.
    """
    try:
        return kept_state(files, ring)
    except ValueError as error:
        raise _damaged(slug, str(error)) from error


def _facts(archive: Archive, object_id: str, number: int) -> Mapping[str, Any]:
    try:
        facts = json.loads(archive.read(object_id, FACTS, number))
    except (ValueError, WrongUsage) as error:
        raise _damaged(object_id, f"{FACTS} of version {number} can not be read") from error
    return facts if isinstance(facts, dict) else {}


def _damaged(place: str, what: str) -> ArchiveDamaged:
    fix = "see what else is wrong: presskit verify"
    return ArchiveDamaged(Problem(Place(place), "", f"{what}.", fix, "archive-damaged"))
