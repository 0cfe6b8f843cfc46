"""An archive as its readers see it: which versions there are, and what each holds.

Not here: how versions lie on the disk and are deposited (`store`).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Protocol


class Facts(Protocol):
    """What is known of a version besides its files."""

    @property
    def created(self) -> str:
        """When it was deposited, RFC 3339."""

    @property
    def message(self) -> str:
        """Why."""


class Shelf(Protocol):
    """Whatever versions can be read from."""

    @property
    def root(self) -> Path:
        """The storage root."""

    def objects(self) -> Collection[str]:
        """Return the ids of all objects."""

    def versions(self, object_id: str) -> Mapping[int, Facts]:
        """Return the versions of an object by number, from 1."""

    def files(self, object_id: str, version: int) -> Collection[str]:
        """Return the names of a version's files."""

    def read(self, object_id: str, name: str, version: int) -> bytes:
        """Return the content of a file."""
