"""Everything the office keeps besides its releases, in one value.

`Photo` stands here because a release owns its pictures as a register owns its entries: by name.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from presskit.model.agencies import Agency, Roster
from presskit.model.house import Boilerplate, House
from presskit.model.people import Person
from presskit.model.release import Release


@dataclass(frozen=True, slots=True)
class Registers:
    """The house and its registers, by id."""

    house: House
    people: Mapping[str, Person]
    agencies: Mapping[str, Agency]
    rosters: Mapping[str, Roster]
    boilerplates: Mapping[str, Boilerplate]


@dataclass(frozen=True, slots=True)
class Photo:
    """A picture's bytes, checked and free of metadata."""

    name: str  # file name in the release's photos folder
    media_type: Literal["image/jpeg", "image/png"]
    data: bytes
    width_px: int
    height_px: int


@dataclass(frozen=True, slots=True)
class Draft:
    """One release with all it refers to: what `compose` and `checks` look at."""

    slug: str
    language: str
    release: Release
    registers: Registers
    photos: Mapping[str, Photo]
    source: bytes  # release.yaml as it stands on disk
    issued: datetime  # aware: midnight of the day of issue in the house's time zone
    embargo: datetime | None  # aware: in the zone it names, else in the house's
    cleared: bool = False  # signed off: the kit may go out
    reference: str = ""  # the number allotted at sign-off; "": the one the release names, if any
