"""A version or a removal made ready beside the archive, then put in force by one rename.

Every step is synced before the one that relies on it.  Not here: which version it is (`store`), and the
question what a crash left (`recover`), which ends what was put in force by the steps below.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from presskit.archive.inventory import BadInventory, digest_of, read_inventory, write_sidecar
from presskit.archive.layout import (
    INVENTORY,
    OBJECT_DECLARATION,
    SIDECAR,
    newest_version,
    purged_name,
)
from presskit.archive.note import Signer
from presskit.archive.site import Site
from presskit.disk import replace_through, settle, write_through
from presskit.errors import ArchiveDamaged, Place, Problem
from presskit.signoff.canon import Value

Action = Literal["deposit", "recovered", "purge"]


@dataclass(frozen=True, slots=True)
class Intent:
    """What is being done: what makes a half-done thing tellable from one that somebody slipped in."""

    action: Action
    object_id: str
    version: int
    inventory_sha512: str  # of the version's inventory
    at: str
    stub_sha256: str = ""  # of what stays after a removal

    def facts(self, action: Action) -> dict[str, Value]:
        """Return it as a line of the log."""
        line: dict[str, Value] = {
            "action": action,
            "at": self.at,
            "inventory_sha512": self.inventory_sha512,
            "object": self.object_id,
            "version": self.version,
        }
        return line | ({"stub_sha256": self.stub_sha256} if self.stub_sha256 else {})


def make_ready(site: Site, intent: Intent, files: Mapping[str, bytes]) -> None:
    """Write files into the staging folder, and what they are for; the disk has them when this returns."""
    site.staging.mkdir()
    folders = {site.staging}
    for name, content in files.items():
        target = site.staging / name
        if target.parent not in folders:
            target.parent.mkdir(parents=True, exist_ok=True)
            folders.update(_up_to(target.parent, site.staging))
        write_through(target, content)
    words = {name: getattr(intent, name) for name in Intent.__slots__}
    write_through(site.staging / "intent.json", json.dumps(words).encode())
    settle(*sorted(folders, reverse=True), site.work)


def read_intent(site: Site) -> Intent | None:
    """Return what was being done when a crash came; ``None`` if that was not even written down."""
    try:
        return Intent(**json.loads((site.staging / "intent.json").read_bytes()))
    except (FileNotFoundError, ValueError, TypeError):
        return None


def version_files(version: int, inventory: bytes, content: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return all files of a new version, as they lie in the staging folder."""
    lists = {INVENTORY: inventory, SIDECAR: write_sidecar(inventory)}
    files = {**content, **{f"v{version}/{name}": found for name, found in lists.items()}}
    if version == 1:
        files |= lists | {OBJECT_DECLARATION: b"ocfl_object_1.1\n"}
    return {f"object/{name}": found for name, found in files.items()}


def put_in_force(site: Site, object_id: str, version: int) -> None:
    """Move a version that was made ready into the archive.  This is the commit point: one rename.

    Raises:
        FileExistsError, OSError: there is a version of that number; a rename never writes over one.
    """
    folder = site.folder(object_id)
    if version == 1:
        parents = _missing(folder.parent, site.root)
        folder.parent.mkdir(parents=True, exist_ok=True)
        (site.staging / "object").rename(folder)
        settle(folder.parent, *(made.parent for made in parents))
    else:
        (site.staging / "object" / f"v{version}").rename(folder / f"v{version}")
        settle(folder)


def roll_forward(site: Site, folder: Path) -> bool:
    """Make the list in an object's root the one of its newest version; whether it was not.

    Raises:
        ArchiveDamaged: the root knows of a newer version than there is, or the newest has no list.
    Why: a crash leaves the root behind, never ahead; a root that is ahead means that a version was removed.
    """
    version = newest_version(folder)
    at_root = folder / INVENTORY
    try:
        newest = (folder / f"v{version}" / INVENTORY).read_bytes()
        known = at_root.read_bytes() if at_root.exists() else b""
    except FileNotFoundError as error:
        raise damaged(site, folder, f"its newest version v{version} has no inventory.") from error
    side_by_side = folder / SIDECAR
    if known == newest and side_by_side.exists() and side_by_side.read_bytes() == write_sidecar(newest):
        return False
    try:
        if known and len(read_inventory(known).versions) > version:
            what = f"its list names more versions than v{version}, the newest there is; one was removed."
            raise damaged(site, folder, what)
    except BadInventory as error:
        raise damaged(site, folder, f"its list can not be read: {error}.") from error
    replace_through(at_root, newest, site.work / INVENTORY)
    replace_through(side_by_side, write_sidecar(newest), site.work / SIDECAR)
    return True


def finish_purge(site: Site, intent: Intent, signer: Signer) -> int:
    """End a removal whose stub is in the root: take the object out, log it, delete it; return the line."""
    folder = site.folder(intent.object_id)
    if folder.exists():
        folder.rename(site.staging / "purged")
        settle(folder.parent)
        site.prune(folder.parent)
        settle(site.root, site.staging)
    last = site.log.last_of(intent.object_id)
    if last is not None and last.get("action") == "purge":
        seq = last["seq"]
        assert isinstance(seq, int)
    else:
        seq = site.log.append(intent.facts("purge"), signer)
    site.clear_staging()
    return seq


def in_force(site: Site, intent: Intent) -> bool:
    """Whether what was being done had come to its commit point."""
    if intent.action == "purge":
        stub = site.root / purged_name(intent.object_id)
        return stub.exists() and not (site.staging / stub.name).exists()
    inventory = site.folder(intent.object_id) / f"v{intent.version}" / INVENTORY
    return inventory.exists() and digest_of(inventory.read_bytes()) == intent.inventory_sha512


def damaged(site: Site, folder: Path, what: str) -> ArchiveDamaged:
    """Return what to raise where an object is not what it was."""
    place = Place(folder.relative_to(site.root).as_posix())
    fix = "run presskit verify; put the object right from a copy before anything is deposited into it."
    return ArchiveDamaged(Problem(place, "archive", what, fix, "archive-damaged"))


def _up_to(folder: Path, top: Path) -> set[Path]:
    found = {folder}
    while folder != top:
        folder = folder.parent
        found.add(folder)
    return found


def _missing(folder: Path, top: Path) -> list[Path]:
    """Return the folders that are still to be made, the lowest first."""
    found = []
    while folder != top and not os.path.lexists(folder):
        found.append(folder)
        folder = folder.parent
    return found
