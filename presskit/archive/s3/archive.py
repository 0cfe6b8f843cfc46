"""The archive in a bucket, as the rest of presskit sees it: as `store` on a disk, without rename and lock.

The same files under the same names; a mirror of it is an archive on a disk.  Steps of a deposit, each of
which may be the last: content, the version's list (now it is in force), its digest, the copies in the
object's root, the log, the checkpoint.

Not here: checking (`mirror`, then `verify`), and removal by law.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from presskit.archive.commit import Intent
from presskit.archive.inventory import (
    Inventory,
    Version,
    digest_of,
    next_inventory,
    read_inventory,
    write_inventory,
)
from presskit.archive.layout import CHECKPOINT, object_path, purged_name
from presskit.archive.note import Signer
from presskit.archive.recover import Recovered
from presskit.archive.refusals import refuse_purged, refuse_stale, refuse_unknown, require_good_names
from presskit.archive.s3.bucket import TRIES, Bucket, Retention, open_bucket
from presskit.archive.s3.mirror import Mirrored, mirror
from presskit.archive.s3.object import (
    by_object,
    complete,
    lay_down,
    newest_listed,
    put_in_force,
    read_list,
    roll_forward,
    sweep,
)
from presskit.archive.s3.recover import bring_forward, recover_all, together
from presskit.archive.s3.refused import busy, damaged
from presskit.archive.s3.site import BucketSite, create_site, open_site
from presskit.archive.site import DEFAULT_ORIGIN
from presskit.archive.store import Deposited, moment_of
from presskit.errors import ArchiveDamaged, Unreadable

AT_ONCE = 8
"""How many lists are read at once."""


@dataclass(frozen=True, slots=True)
class S3Archive:
    """An archive of signed-off releases in a bucket."""

    site: BucketSite

    @classmethod
    def open(
        cls,
        url: str,
        *,
        create: bool = False,
        origin: str = DEFAULT_ORIGIN,
        retention: Retention | None = None,
        timeout_seconds: float = 30,
    ) -> S3Archive:
        """Return the archive at ``s3://bucket/folder``; with ``create``, a new one if there is none.

        Key, region and server come from the environment or AWS's own settings, never from ours.

        Args:
            retention: how long a bucket with Object Lock keeps what is deposited.
            timeout_seconds: of one answer.

        Raises:
            Unreadable: there is no archive or no bucket, or the server refuses or does not answer.
            BadSettings: something else lies there, the address or the key can not be used, boto3 is not
                installed, or the server does not keep two writers apart.
        """
        bucket = open_bucket(url, retention=retention, timeout_seconds=timeout_seconds)
        try:
            return cls(open_site(bucket))
        except Unreadable as error:
            if not create or error.problems[0].code != "archive-missing":
                raise
        return cls(create_site(bucket, origin))

    @property
    def bucket(self) -> Bucket:
        """Where it lies."""
        return self.site.bucket

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
        """Add a version of an object; what is returned is in the bucket, whatever happens next.

        If the newest version has exactly these files, nothing is added.  If the program is killed, the
        version is there whole or not at all; the next deposit of the object, or `recover`, ends it.

        Args:
            user_address: "mailto:…", or "".
            expect: the version the caller saw last, 0 for none; ``None`` for any.

        Raises:
            WrongUsage: an id or a name of a file that can not be kept.
            NotAllowed: somebody deposited meanwhile, or the object was removed by law.
            ArchiveDamaged: the object is not what the log says.
            BadSettings: the server does not keep two writers apart.
            Unreadable: the server refuses or does not answer; nothing that was deposited before is lost.
        """
        require_good_names(object_id, files)
        version = Version(moment_of(at), message, user_name or "presskit", user_address, {})
        self.site.make_sure()
        self.site.keep_key(signer)
        recovered = Recovered()
        for _ in range(TRIES):
            now = bring_forward(self.site, object_id, at, signer)
            recovered = together(recovered, now.recovered)
            if now.logged.get("action") == "purge":
                refuse_purged(object_id, "deposit it under another name, without what had to be removed.")
            if expect is not None and expect != now.number:
                refuse_stale(object_id, expect, now.number)
            if now.holds(files):
                signed = Recovered(signed=self.site.log.sign(signer))
                return Deposited(now.number, now.digest, now.seq, False, together(recovered, signed))
            inventory, content = next_inventory(now.inventory, object_id, files, version)
            done = self._commit(inventory, content, at, signer)
            if done is not None:
                return Deposited(now.number + 1, *done, True, recovered)
        raise busy(self.bucket.url, f"others deposit {object_id} all the time.")

    def recover(self, *, at: datetime, signer: Signer, adopt: bool = False) -> Recovered:
        """Put right what crashes left; a second time it does nothing.

        Uploads that never became a version are removed once they are a day older than ``at``.

        Args:
            adopt: log versions nobody logged, whoever put them there; for a bucket that was copied back
                while somebody deposited.

        Raises:
            ArchiveDamaged: something can not come from a crash; all the rest was put right.
            Unreadable: the server refuses or does not answer.
        """
        self.site.make_sure()
        return recover_all(self.site, at, signer, adopt=adopt)

    def read(self, object_id: str, name: str, version: int | None = None) -> bytes:
        """Return a file of a version, the newest if none is named; its digest was compared.

        Raises:
            WrongUsage: there is no such object, version or file.
            ArchiveDamaged: the file is missing, or is not what was deposited.
        """
        inventory = self._inventory(object_id)
        digest = _version(inventory, version).names().get(name)
        if digest is None:
            refuse_unknown(object_id, f"{name!r} is no file of that version.")
        path = f"{object_path(object_id)}/{inventory.manifest[digest][0]}"
        stored = self.bucket.get(path)
        if stored is None:
            raise damaged(path, "this file is missing.")
        if hashlib.new(inventory.algorithm, stored.content).hexdigest() != digest:
            raise damaged(path, "this file is not what was deposited.")
        return stored.content

    def versions(self, object_id: str) -> Mapping[int, Version]:
        """Return the versions of an object by number, the oldest first."""
        found = self._inventory(object_id).versions
        return {int(name[1:]): version for name, version in found.items()}

    def files(self, object_id: str, version: int | None = None) -> Mapping[str, str]:
        """Return the files of a version, the newest if none is named: name → SHA-512."""
        return _version(self._inventory(object_id), version).names()

    def objects(self) -> tuple[str, ...]:
        """Return the ids of all objects that can be read, sorted; damaged ones are `verify`'s to report."""
        folders = by_object(self.bucket.listing())
        newest = {folder: newest_listed(paths, folder) for folder, paths in folders.items()}

        def id_of(folder: str) -> str:
            with suppress(ArchiveDamaged):
                return read_list(self.bucket, folder, newest[folder])[1].object_id
            return ""

        with ThreadPoolExecutor(AT_ONCE) as pool:
            return tuple(sorted(filter(None, pool.map(id_of, filter(newest.get, newest)))))

    def checkpoint(self) -> bytes:
        """Return the newest checkpoint, to be kept outside the office; b"" before the first deposit."""
        stored = self.bucket.get(CHECKPOINT)
        return stored.content if stored is not None else b""

    def mirror(self, to: Path) -> Mirrored:
        """Copy the bucket into a new folder, which is an archive on a disk: for `verify`, and as a backup.

        Raises:
            WrongUsage: something lies there.
            Unreadable: the server or the disk refuses, or others deposit all the time.
        """
        return mirror(self.bucket, to)

    def _commit(
        self, inventory: Inventory, fresh: Mapping[str, bytes], at: datetime, signer: Signer
    ) -> tuple[str, int] | None:
        """Put a version in force and log it; return its digest and line, ``None`` if another was faster."""
        object_id, number = inventory.object_id, len(inventory.versions)
        folder = object_path(object_id)
        listed, laid = lay_down(self.bucket, folder, inventory, fresh)
        written = write_inventory(listed)
        read_inventory(written)
        if not put_in_force(self.bucket, folder, number, written):
            there = self.bucket.listing(f"{folder}/v{number}/")
            sweep(self.bucket, folder, read_list(self.bucket, folder, number)[1], there)
            return None
        complete(self.bucket, folder, number, written, laid)
        roll_forward(self.bucket, folder, number, written)
        intent = Intent("deposit", object_id, number, digest_of(written), moment_of(at))
        return intent.inventory_sha512, self.site.log.append(intent.facts("deposit"), signer)

    def _inventory(self, object_id: str) -> Inventory:
        """Return the inventory of the newest version; the copy in the object's root may be behind."""
        folder = object_path(object_id)
        number = newest_listed(self.bucket.listing(f"{folder}/"), folder)
        if not number:
            if self.bucket.get(purged_name(object_id)) is not None:
                refuse_purged(object_id, f"see {purged_name(object_id)} for who did so and on what ground.")
            refuse_unknown(object_id, "it is not in the archive.")
        inventory = read_list(self.bucket, folder, number)[1]
        if inventory.object_id != object_id:
            raise damaged(folder, f"it says to be {inventory.object_id}.")
        return inventory


def _version(inventory: Inventory, version: int | None) -> Version:
    found = inventory.versions.get(inventory.head if version is None else f"v{version}")
    if found is None:
        refuse_unknown(inventory.object_id, f"it has no version {version}.")
    return found
