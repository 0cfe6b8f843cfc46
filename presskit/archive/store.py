"""The archive as the rest of presskit sees it: deposit a version, read it back, list what is there.

Not here: whether everything is as it was (`verify`), removal (`purge`), and each step at the disk (`commit`).
"""

from __future__ import annotations

import errno
import hashlib
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from presskit.archive.commit import (
    Intent,
    damaged,
    in_force,
    make_ready,
    put_in_force,
    roll_forward,
    version_files,
)
from presskit.archive.inventory import (
    BadInventory,
    Inventory,
    Version,
    digest_of,
    next_inventory,
    read_inventory,
    state_of,
    write_inventory,
)
from presskit.archive.layout import (
    CHECKPOINT,
    INVENTORY,
    key_name,
    newest_version,
    object_folders,
    purged_name,
)
from presskit.archive.note import Signer
from presskit.archive.recover import Recovered, after_crash, recover_all
from presskit.archive.refusals import refuse_purged, refuse_stale, refuse_unknown, require_good_names
from presskit.archive.site import DEFAULT_ORIGIN, Site, create_site, open_site
from presskit.disk import settle, write_through
from presskit.errors import Place, Problem, Unreadable

LIMIT_BYTES = 2_000_000_000
"""The largest file that is read back."""


@dataclass(frozen=True, slots=True)
class Deposited:
    """A version that is in the archive, whole, logged, and on the disk."""

    version: int  # from 1
    inventory_sha512: str  # of the version's inventory, as logged
    log_seq: int  # line of the log, from 0
    is_new: bool  # false: the newest version held exactly these files already
    recovered: Recovered  # what a crash before had left and was put right on the way


@dataclass(frozen=True, slots=True)
class Archive:
    """An archive of signed-off releases."""

    site: Site

    @classmethod
    def open(cls, root: Path, *, create: bool = False, origin: str = DEFAULT_ORIGIN) -> Archive:
        """Return the archive in a folder; with ``create``, a new one if there is none.

        Args:
            origin: name of a new archive's log, as it stands in checkpoints: the office's domain and a path.

        Raises:
            Unreadable: there is none, or it can not be made.
            BadSettings: something else lies there, or another kind of archive.
        """
        try:
            return cls(open_site(root))
        except Unreadable:
            if not create:
                raise
        return cls(create_site(root, origin))

    @property
    def root(self) -> Path:
        """The storage root."""
        return self.site.root

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
        """Add a version of an object; what is returned is on the disk, whatever happens next.

        If the newest version has exactly these files, nothing is added.  If the program is killed, the
        version is there whole or not at all; the next deposit ends or clears what was left.

        Args:
            user_address: "mailto:…", or "".
            expect: the version the caller saw last, 0 for none; ``None`` for any.

        Raises:
            WrongUsage: an id or a name of a file that can not be kept.
            NotAllowed: somebody deposited meanwhile, or the object was removed by law.
            ArchiveDamaged: the object is not what the log says.
            Unreadable: the disk refuses; nothing that was deposited before is lost.
        """
        require_good_names(object_id, files)
        moment = moment_of(at)
        version = Version(moment, message, user_name or "presskit", user_address, {})
        with self.site.writing():
            recovered = after_crash(self.site, moment, signer)
            self._keep_key(signer)
            number, before, logged = self.newest(object_id)
            if expect is not None and expect != number:
                refuse_stale(object_id, expect, number)
            if before is not None and state_of(files) == before.versions[f"v{number}"].state:
                return Deposited(number, *logged, False, recovered)
            inventory, content = next_inventory(before, object_id, files, version)
            written = write_inventory(inventory)
            read_inventory(written)
            intent = Intent("deposit", object_id, number + 1, digest_of(written), moment)
            self._commit(intent, version_files(number + 1, written, content))
            roll_forward(self.site, self.site.folder(object_id))
            seq = self.site.log.append(intent.facts("deposit"), signer)
            self.site.clear_staging()
            return Deposited(number + 1, intent.inventory_sha512, seq, True, recovered)

    def recover(self, *, at: datetime, signer: Signer, adopt: bool = False) -> Recovered:
        """Put right what crashes left; a second time it does nothing.

        Args:
            adopt: log versions nobody logged, whoever put them there; for an archive that was copied back
                while somebody deposited.

        Raises:
            ArchiveDamaged: something can not come from a crash; all the rest was put right.
            Unreadable: the disk refuses.
        """
        with self.site.writing():
            return recover_all(self.site, moment_of(at), signer, adopt=adopt)

    def read(self, object_id: str, name: str, version: int | None = None) -> bytes:
        """Return a file of a version, the newest if none is named; its digest was compared.

        Raises:
            WrongUsage: there is no such object, version or file.
            ArchiveDamaged: the file is missing, or is not what was deposited.
        """
        inventory = self._inventory(object_id)
        digest = self._version(inventory, version).names().get(name)
        if digest is None:
            refuse_unknown(object_id, f"{name!r} is no file of that version.")
        folder = self.site.folder(object_id)
        path = folder / inventory.manifest[digest][0]
        try:
            if not path.resolve(strict=True).is_relative_to(folder.resolve()):
                raise damaged(self.site, path, "it is a link that leads out of the archive.")
            with path.open("rb") as file:
                content = file.read(LIMIT_BYTES + 1)
        except OSError as error:
            raise damaged(self.site, path, f"this file can not be read: {error.strerror}.") from error
        if hashlib.new(inventory.algorithm, content).hexdigest() != digest:
            raise damaged(self.site, path, "this file is not what was deposited.")
        return content

    def versions(self, object_id: str) -> Mapping[int, Version]:
        """Return the versions of an object by number, the oldest first."""
        found = self._inventory(object_id).versions
        return {int(name[1:]): version for name, version in found.items()}

    def files(self, object_id: str, version: int | None = None) -> Mapping[str, str]:
        """Return the files of a version, the newest if none is named: name → SHA-512."""
        return self._version(self._inventory(object_id), version).names()

    def objects(self) -> tuple[str, ...]:
        """Return the ids of all objects that can be read, sorted; damaged ones are `verify`'s to report."""
        found = []
        for folder in object_folders(self.root):
            with suppress(BadInventory, OSError):
                inventory = folder / f"v{newest_version(folder)}" / INVENTORY
                found.append(read_inventory(inventory.read_bytes()).object_id)
        return tuple(sorted(found))

    def checkpoint(self) -> bytes:
        """Return the newest checkpoint, to be kept outside the office; b"" before the first deposit."""
        try:
            return (self.root / CHECKPOINT).read_bytes()
        except FileNotFoundError:
            return b""

    def newest(self, object_id: str) -> tuple[int, Inventory | None, tuple[str, int]]:
        """Return an object's newest version, its inventory, and what the log says of it: digest and line.

        Raises:
            NotAllowed: the object was removed by law.
            ArchiveDamaged: what lies there is not what was logged.
        """
        folder, number = self.site.folder(object_id), newest_version(self.site.folder(object_id))
        last = self.site.log.last_of(object_id)
        if last is not None and last.get("action") == "purge":
            fix = "deposit it under another name, without what had to be removed."
            refuse_purged(object_id, fix)
        logged = 0 if last is None else last.get("version")
        if logged != number:
            raise damaged(self.site, folder, f"it has {number} versions, but {logged} were logged.")
        if last is None or not number:
            return 0, None, ("", 0)
        content = self._newest_list(folder, number)
        digest, seq = digest_of(content), last.get("seq")
        if digest != last.get("inventory_sha512") or not isinstance(seq, int):
            raise damaged(self.site, folder, f"the list of v{number} is not the one that was logged.")
        return number, self._read_list(folder, content), (digest, seq)

    def _commit(self, intent: Intent, files: Mapping[str, bytes]) -> None:
        """Make a version ready and put it in force; if that fails, leave nothing."""
        try:
            make_ready(self.site, intent, files)
            put_in_force(self.site, intent.object_id, intent.version)
        except OSError as error:
            if not in_force(self.site, intent):  # else the next deposit logs it
                self.site.prune(self.site.folder(intent.object_id))
                self.site.clear_staging()
            if isinstance(error, FileExistsError) or error.errno == errno.ENOTEMPTY:
                refuse_stale(intent.object_id, intent.version - 1, intent.version)
            raise

    def _keep_key(self, signer: Signer) -> None:
        """Lay the public key beside the log, if it is not there."""
        file = self.root / key_name(signer.key_id)
        if not file.exists():
            scratch = self.site.work / "key"
            scratch.unlink(missing_ok=True)
            write_through(scratch, signer.public.pem)
            scratch.rename(file)
            settle(self.root)

    def _inventory(self, object_id: str) -> Inventory:
        """Return the inventory of the newest version; the copy in the object's root may be behind."""
        folder = self.site.folder(object_id)
        try:
            number = newest_version(folder)
            content = self._newest_list(folder, number) if number else b""
        except OSError as error:
            what = f"it can not be read: {error.strerror}."
            fix = "see who may read the archive, then try again."
            raise Unreadable(Problem(Place("archive"), object_id, what, fix, "file-unreadable")) from error
        if not number:
            if (self.root / purged_name(object_id)).exists():
                fix = f"see {purged_name(object_id)} for who did so and on what ground."
                refuse_purged(object_id, fix)
            refuse_unknown(object_id, "it is not in the archive.")
        inventory = self._read_list(folder, content)
        if inventory.object_id != object_id:
            raise damaged(self.site, folder, f"it says to be {inventory.object_id}.")
        return inventory

    def _newest_list(self, folder: Path, number: int) -> bytes:
        try:
            return (folder / f"v{number}" / INVENTORY).read_bytes()
        except FileNotFoundError as error:
            raise damaged(self.site, folder, f"v{number} has no list of its files.") from error

    def _read_list(self, folder: Path, content: bytes) -> Inventory:
        try:
            return read_inventory(content)
        except BadInventory as error:
            raise damaged(self.site, folder, f"its list of files is wrong: {error}.") from error

    def _version(self, inventory: Inventory, version: int | None) -> Version:
        found = inventory.versions.get(inventory.head if version is None else f"v{version}")
        if found is None:
            refuse_unknown(inventory.object_id, f"it has no version {version}.")
        return found


def moment_of(at: datetime) -> str:
    """Return a time as the archive writes it: UTC, to the second."""
    if at.tzinfo is None:
        raise ValueError("the time of a deposit needs its offset")
    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
