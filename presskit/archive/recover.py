"""What a crash left, brought forward: a version that was in force is logged, everything else is swept away.

Forward only: what an attacker did is never made to look whole.  Not here: finding damage (`verify`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from presskit.archive.commit import Intent, damaged, finish_purge, in_force, read_intent, roll_forward
from presskit.archive.inventory import BadInventory, digest_of, read_inventory
from presskit.archive.layout import INVENTORY, newest_version, object_folders, object_path
from presskit.archive.note import Signer
from presskit.archive.site import Site
from presskit.disk import drop_torn_line
from presskit.errors import ArchiveDamaged, Problem


@dataclass(frozen=True, slots=True)
class Recovered:
    """What was put right after a crash."""

    logged: tuple[tuple[str, int], ...] = ()  # versions that were there, but not in the log: object, version
    purged: tuple[str, ...] = ()  # objects whose removal was ended
    torn_bytes: int = 0  # of a line of the log that was never written whole, and so never acknowledged
    rolled: tuple[str, ...] = ()  # objects whose list was behind
    pruned: int = 0  # empty folders
    signed: bool = False  # the newest checkpoint was behind the log

    def __bool__(self) -> bool:
        return self != Recovered()


def after_crash(site: Site, at: str, signer: Signer) -> Recovered:
    """Put right what the last writer left if it was killed; quick if it was not.  Call it under the lock.

    Raises:
        ArchiveDamaged: what is there can not come from a crash.
    """
    torn = drop_torn_line(site.log.file) if site.log.file.exists() else 0
    found = Recovered(torn_bytes=torn)
    intent = read_intent(site) if site.staging.exists() else None
    if intent is not None and intent.action == "purge" and in_force(site, intent):
        finish_purge(site, intent, signer)
        found = replace(found, purged=(intent.object_id,))
    elif intent is not None:
        folder = site.folder(intent.object_id)
        if intent.action == "deposit" and in_force(site, intent):
            if roll_forward(site, folder):
                found = replace(found, rolled=(intent.object_id,))
            if _logged_version(site, intent.object_id) < intent.version:
                site.log.append(replace(intent, at=at).facts("recovered"), signer)
                found = replace(found, logged=((intent.object_id, intent.version),))
        found = replace(found, pruned=site.prune(folder))
    if not site.log.is_signed():
        site.log.sign(signer)
        found = replace(found, signed=True)
    if site.staging.exists():
        site.clear_staging()
    return found


def recover_all(site: Site, at: str, signer: Signer, *, adopt: bool = False) -> Recovered:
    """Put right what crashes left in the whole archive.  Call it under the lock.

    Args:
        adopt: log every version that follows from the logged ones, whoever put it there; for an archive
            that was copied back while somebody deposited.

    Raises:
        ArchiveDamaged: something can not come from a crash; all the rest was put right.
    """
    found = after_crash(site, at, signer)
    problems: list[Problem] = []
    for folder in object_folders(site.root):
        try:
            found = _one(site, folder, found, at, signer if adopt else None)
        except ArchiveDamaged as error:
            problems.extend(error.problems)
    pruned = sum(site.prune(folder) for folder in _empty(site.root))
    if problems:
        raise ArchiveDamaged(problems)
    return replace(found, pruned=found.pruned + pruned)


def _one(site: Site, folder: Path, found: Recovered, at: str, adopter: Signer | None) -> Recovered:
    """Bring one object's list forward, and adopt its newest version if there is somebody who does."""
    if not any(folder.iterdir()):
        return found
    rolled = roll_forward(site, folder)
    newest = newest_version(folder)
    content = (folder / f"v{newest}" / INVENTORY).read_bytes()
    try:
        object_id = read_inventory(content).object_id
    except BadInventory as error:
        raise damaged(site, folder, f"the list of v{newest} is wrong: {error}.") from error
    if folder != site.folder(object_id):
        raise damaged(site, folder, f"it says to be {object_id}, which lies in {object_path(object_id)}.")
    if rolled:
        found = replace(found, rolled=(*found.rolled, object_id))
    for version in range(_logged_version(site, object_id) + 1, newest + 1):
        if adopter is None:
            what = f"its v{version} is not in the log; no deposit was broken off there."
            raise damaged(site, folder, what)
        digest = digest_of((folder / f"v{version}" / INVENTORY).read_bytes())
        intent = Intent("recovered", object_id, version, digest, at)
        site.log.append(intent.facts("recovered"), adopter)
        found = replace(found, logged=(*found.logged, (object_id, version)))
    return found


def _logged_version(site: Site, object_id: str) -> int:
    last = site.log.last_of(object_id)
    version = last.get("version") if last is not None else 0
    return version if isinstance(version, int) else 0


def _empty(root: Path) -> Iterator[Path]:
    """Yield the empty folders that lead to no object."""
    for first in root.iterdir():
        if first.is_dir() and first.name != "extensions":
            below = [second for second in first.iterdir() if second.is_dir()]
            thirds = [third for second in below for third in second.iterdir() if third.is_dir()]
            yield from (last for third in thirds for last in third.iterdir() if last.is_dir() and _bare(last))
            yield from (folder for folder in (*thirds, *below, first) if folder.exists() and _bare(folder))


def _bare(folder: Path) -> bool:
    return not any(folder.iterdir())
