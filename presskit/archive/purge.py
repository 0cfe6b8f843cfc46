"""Removal by law: an object's content leaves the disk, a signed stub and a line of the log stay.

The chain and every checkpoint hold as before, for the log names only ids and digests.  Not here: whether a
removal is lawful, which the office decides and signs for.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import NoReturn

from presskit.archive.commit import Intent, finish_purge, make_ready
from presskit.archive.inventory import digest_of
from presskit.archive.layout import INVENTORY, purged_name
from presskit.archive.note import Signer
from presskit.archive.recover import after_crash
from presskit.archive.store import Archive, moment_of
from presskit.disk import settle
from presskit.errors import Place, Problem, WrongUsage
from presskit.signoff.canon import Value
from presskit.signoff.envelope import Statement, sign

STUB = "urn:presskit:purged:v1"
"""The predicate type of the statement that stays."""

GROUND_LIMIT = 500


@dataclass(frozen=True, slots=True)
class Purged:
    """An object whose content is gone from the disk."""

    versions: int  # how many it had
    stub: str  # root file that stays
    log_seq: int  # line of the log, from 0


def purge(
    archive: Archive, object_id: str, *, ground: str, user_name: str, at: datetime, signer: Signer
) -> Purged:
    """Remove all versions of an object; what stays says who did so, when, and on what ground.

    If the program is killed, the object is there whole, or the next deposit ends the removal.

    Args:
        ground: the law or order, in one line; no personal data, for it stays.

    Raises:
        WrongUsage: there is no such object, or no ground.
        NotAllowed: it was removed before.
        ArchiveDamaged: the object is not what the log says.
        Unreadable: the disk refuses.
    Why: the stub has the digests of the lists only; from the digest of a short text the text can be guessed.
    """
    if not ground.strip() or len(ground) > GROUND_LIMIT or not ground.isprintable():
        _refuse(object_id, "the ground of a removal is one line of up to 500 characters.", "name the law.")
    site, moment = archive.site, moment_of(at)
    with site.writing():
        after_crash(site, moment, signer)
        number, inventory, (digest, _) = archive.newest(object_id)
        if inventory is None:
            _refuse(object_id, "it is not in the archive.", "correct the name.")
        folder = site.folder(object_id)
        lists = {n: (folder / f"v{n}" / INVENTORY).read_bytes() for n in range(1, number + 1)}
        predicate: dict[str, Value] = {
            "object": object_id,
            "purged": moment,
            "by": user_name,
            "ground": ground,
            "versions": [{"version": n, "inventory_sha512": digest_of(found)} for n, found in lists.items()],
        }
        subjects = {f"v{n}/{INVENTORY}": hashlib.sha256(found).hexdigest() for n, found in lists.items()}
        stub = sign(Statement(STUB, subjects, predicate), signer)
        name = purged_name(object_id)
        stub_sha256 = hashlib.sha256(stub).hexdigest()
        intent = Intent("purge", object_id, number, digest, moment, stub_sha256)
        make_ready(site, intent, {name: stub})
        (site.staging / name).rename(site.root / name)  # the commit point
        settle(site.root)
        return Purged(number, name, finish_purge(site, intent, signer))


def _refuse(object_id: str, what: str, fix: str) -> NoReturn:
    raise WrongUsage(Problem(Place("archive"), object_id, what, fix, "archive-unknown"))
