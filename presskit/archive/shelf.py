"""An archive as its readers see it: which versions there are, and what each holds.

Not here: how versions lie on the disk and are deposited (`store`).
"""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import Protocol


class Shelf(Protocol):
    """Whatever versions can be read from."""

    @property
    def root(self) -> Path:
        """The storage root."""

    def objects(self) -> Collection[str]:
        """Return the ids of all objects."""

    def versions(self, object_id: str) -> Collection[int]:
        """Return the numbers of an object's versions."""

    def files(self, object_id: str, version: int) -> Collection[str]:
        """Return the names of a version's files."""

    def read(self, object_id: str, name: str, version: int) -> bytes:
        """Return the content of a file."""
