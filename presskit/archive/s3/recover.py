"""What crashes left in a bucket, brought forward: versions in force are logged, forgotten uploads removed.

Forward only: what an attacker did is never made to look whole.  A writer at work and one that was killed
look the same here, so nothing below hurts one at work.  Not here: finding damage (`verify`, on a mirror).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from presskit.archive.commit import Intent
from presskit.archive.inventory import Inventory, digest_of, state_of
from presskit.archive.layout import object_path
from presskit.archive.note import Signer
from presskit.archive.recover import Recovered
from presskit.archive.s3.bucket import TRIES, Entry
from presskit.archive.s3.object import (
    by_object,
    complete,
    newest_listed,
    read_list,
    remove_uploads,
    roll_forward,
    sweep,
    unfinished,
)
from presskit.archive.s3.refused import busy, damaged
from presskit.archive.s3.site import BucketSite
from presskit.archive.store import moment_of
from presskit.errors import ArchiveDamaged, Problem
from presskit.signoff.canon import Value

FORGOTTEN = timedelta(days=1)
"""How old uploads without a version are when nobody is at work on it any more."""


@dataclass(frozen=True, slots=True)
class Standing:
    """An object as it is: in force, logged, its lists up to date."""

    number: int  # of the newest version; 0 if there is none
    inventory: Inventory | None
    logged: Mapping[str, Value]  # the log's newest line about it; {} if there is none
    recovered: Recovered

    def holds(self, files: Mapping[str, bytes]) -> bool:
        """Whether the newest version has exactly these files."""
        versions = self.inventory.versions if self.inventory is not None else {}
        return bool(versions) and state_of(files) == versions[f"v{self.number}"].state

    @property
    def digest(self) -> str:
        """The SHA-512 of the newest version's list, as logged."""
        return str(self.logged["inventory_sha512"])

    @property
    def seq(self) -> int:
        """The number of its line in the log."""
        seq = self.logged["seq"]
        assert isinstance(seq, int)
        return seq


def bring_forward(
    site: BucketSite, object_id: str, at: datetime, signer: Signer, *, adopt: bool = False
) -> Standing:
    """Log and complete the version a killed writer put in force, and return how the object stands.

    Args:
        adopt: log several such versions, whoever put them there.

    Raises:
        ArchiveDamaged: what is there can not come from a crash.
    """
    folder = object_path(object_id)
    newest, logged = _look(site, object_id, folder, adopt=adopt)
    version = logged.get("version", 0)
    if logged.get("action") == "purge" or not newest or not isinstance(version, int):
        return Standing(0, None, logged, Recovered())
    found = Recovered()
    for number in range(version + 1, newest + 1):
        written = _require_follows(site, folder, object_id, number)
        complete(site.bucket, folder, number, written, {})
        intent = Intent("recovered", object_id, number, digest_of(written), moment_of(at))
        logged = {**intent.facts("recovered"), "seq": site.log.append(intent.facts("recovered"), signer)}
        found = replace(found, logged=(*found.logged, (object_id, number)))
    content, inventory = read_list(site.bucket, folder, newest)
    if digest_of(content) != logged.get("inventory_sha512"):
        raise damaged(folder, f"the list of v{newest} is not the one that was logged.")
    if roll_forward(site.bucket, folder, newest, content):
        found = replace(found, rolled=(object_id,))
    return Standing(newest, inventory, logged, found)


def recover_all(site: BucketSite, at: datetime, signer: Signer, *, adopt: bool = False) -> Recovered:
    """Put right what crashes left in the whole archive.

    Raises:
        ArchiveDamaged: something can not come from a crash; all the rest was put right.
    """
    found = Recovered()
    problems: list[Problem] = []
    listing = site.bucket.listing()
    for folder, paths in by_object(listing).items():
        entries = {path: listing[path] for path in paths}
        try:
            found = together(found, _one(site, folder, entries, at, signer, adopt=adopt))
        except ArchiveDamaged as error:
            problems.extend(error.problems)
    try:
        found = replace(found, signed=site.log.sign(signer))
    except ArchiveDamaged as error:
        problems.extend(error.problems)
    if problems:
        raise ArchiveDamaged(problems)
    return found


def together(one: Recovered, other: Recovered) -> Recovered:
    """Return what was put right in both."""
    return Recovered(
        one.logged + other.logged,
        one.purged + other.purged,
        one.torn_bytes + other.torn_bytes,
        one.rolled + other.rolled,
        one.pruned + other.pruned,
        one.signed or other.signed,
    )


def _one(
    site: BucketSite, folder: str, entries: Mapping[str, Entry], at: datetime, signer: Signer, *, adopt: bool
) -> Recovered:
    """Bring one object forward, and remove what killed writers left in its folder."""
    number, found, pruned = newest_listed(entries, folder), Recovered(), 0
    if number:
        inventory = read_list(site.bucket, folder, number)[1]
        if object_path(inventory.object_id) != folder:
            raise damaged(folder, f"it says to be {inventory.object_id}.")
        found = bring_forward(site, inventory.object_id, at, signer, adopt=adopt).recovered
        pruned = sweep(site.bucket, folder, inventory, entries)
    forgotten = [path for path in unfinished(folder, list(entries)) if at - entries[path].changed > FORGOTTEN]
    return replace(found, pruned=pruned + remove_uploads(site.bucket, forgotten))


def _look(site: BucketSite, object_id: str, folder: str, *, adopt: bool) -> tuple[int, Mapping[str, Value]]:
    """Return the newest version in force, and the log's newest line about the object.

    Why: others may deposit between the two readings; what they explain is looked at again, and only what
        stays with the same log is damage.
    """
    seen = ""
    for _ in range(TRIES):
        newest = newest_listed(site.bucket.listing(f"{folder}/"), folder)
        log = site.log.read()
        line = next(reversed(log.about(object_id)), {})
        version = 0 if not line else line.get("version")
        if line.get("action") == "purge":
            return newest, line
        if isinstance(version, int) and (version <= newest <= version + 1 or (adopt and version < newest)):
            return newest, line
        if log.etag == seen:
            raise damaged(folder, f"it has {newest} versions, but {version} were logged.")
        seen = log.etag
    raise busy(site.bucket.url, f"others write {folder} all the time.")


def _require_follows(site: BucketSite, folder: str, object_id: str, number: int) -> bytes:
    """Return the list of a version nobody logged, which continues the one before it.

    Raises:
        ArchiveDamaged: it does not.
    """
    written, inventory = read_list(site.bucket, folder, number)
    before: dict[str, object] = {}
    if number > 1:
        before = dict(read_list(site.bucket, folder, number - 1)[1].versions)
    known = {name: version for name, version in inventory.versions.items() if name in before}
    if inventory.object_id != object_id or len(inventory.versions) != number or known != before:
        raise damaged(f"{folder}/v{number}", "this version does not follow from those before it.")
    return written
