"""What every archive does, wherever it lies: on a disk (`store`) or in a bucket (`s3`).

Not here: checking one, which is done on a disk (`verify`); a bucket is mirrored first.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol

from presskit.archive.inventory import Version
from presskit.archive.note import Signer
from presskit.archive.recover import Recovered
from presskit.archive.store import Deposited


class AnyArchive(Protocol):
    """An archive of signed-off releases; what each method promises is said where it is done."""

    def deposit(
        self,
        object_id: str,
        files: Mapping[str, bytes],
        *,
        message: str,
        user_name: str,
        user_address: str,
        at: datetime,
        expect: int | None,
        signer: Signer,
    ) -> Deposited:
        """Add a version of an object, unless the newest one has exactly these files."""

    def recover(self, *, at: datetime, signer: Signer, adopt: bool = False) -> Recovered:
        """Put right what crashes left; a second time it does nothing."""

    def read(self, object_id: str, name: str, version: int | None = None) -> bytes:
        """Return a file of a version, the newest if none is named; its digest was compared."""

    def versions(self, object_id: str) -> Mapping[int, Version]:
        """Return the versions of an object by number, the oldest first."""

    def files(self, object_id: str, version: int | None = None) -> Mapping[str, str]:
        """Return the files of a version, the newest if none is named: name → SHA-512."""

    def objects(self) -> tuple[str, ...]:
        """Return the ids of all objects that can be read, sorted."""

    def checkpoint(self) -> bytes:
        """Return the newest checkpoint, to be kept outside the office; b"" before the first deposit."""
