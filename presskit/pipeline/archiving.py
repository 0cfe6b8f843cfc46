"""The runs of the archive: deposit a signed-off release, check, find, compare, hand out and remove.

Not here: how a version gets onto the disk (`archive`), and printing (`cli`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from presskit.errors import PresskitError
from presskit.load.follow_up import FollowUp
from presskit.office import Office, releases
from presskit.pipeline.building import build_signed

if TYPE_CHECKING:
    from presskit.archive.history import Edition
    from presskit.archive.keeping import Kept
    from presskit.archive.purge import Purged
    from presskit.archive.store import Archive
    from presskit.archive.verification import Verified
    from presskit.signoff.keys import Key


def deposit(slug: str, office: Office, key: Key) -> Kept:
    """Put a signed-off release into the archive, with all that proves it; twice is the same as once.

    Raises:
        NotAllowed: it is not signed off as it stands, or the key is not in the key ring.
        Unreadable: the archive can not be written; nothing that was deposited is lost.
    """
    from presskit.archive.keeping import Keeper
    from presskit.signoff.allowed import hand_of

    draft = office.load(slug).draft
    now = office.standing(draft, afresh=True)
    hand = hand_of(key, now.ledger.ring, office.workspace)
    kit = build_signed(slug, office, now) if now.state.cleared else {}
    archive = open_archive(office, create=now.state.cleared)
    keeper = Keeper(archive, key, hand.holder, office.workspace)
    return keeper.keep(draft, now, kit, office.pack_digest(draft.language))


def stamp(office: Office) -> Path | None:
    """Have the archive's newest checkpoint stamped by the house's authority; return where the token lies.

    Raises:
        Unreadable: the authority gave no time stamp; what was deposited stays deposited.
    """
    from presskit.archive import stamping

    url = office.registers.house.archive.time_stamps
    return stamping.stamp(open_archive(office), url) if url else None


def signed_off(office: Office) -> tuple[str, ...]:
    """Return the releases that are signed off as they stand; those that can not be read are left out."""
    found = []
    for slug in releases(office.workspace):
        with suppress(PresskitError):
            if office.signed(office.load(slug).draft) is not None:
                found.append(slug)
    return tuple(found)


def verify(office: Office, slugs: Sequence[str] = (), checkpoints: Sequence[bytes] = ()) -> Verified:
    """Return everything in the archive that is not as it was deposited.

    Args:
        slugs: only these releases; all if none is named.
        checkpoints: kept outside the office.

    Raises:
        Unreadable: there is no archive.
    """
    from presskit.archive.stamping import authority_roots
    from presskit.archive.verification import verify_all

    house, ring = office.registers.house, office.ledger().ring
    roots = authority_roots(house.archive.time_stamp_roots, office.workspace.root)
    return verify_all(open_archive(office), house, ring, slugs, checkpoints, roots)


def history(slug: str, office: Office) -> tuple[Edition, ...]:
    """Return the archived versions of a release, the oldest first.

    Raises:
        WrongUsage: it is not in the archive.
        ArchiveDamaged: a version can not be read.
    """
    from presskit.archive.history import editions

    return editions(open_archive(office), office.registers.house.domain, slug)


def kept_files(slug: str, office: Office, version: int | None = None) -> tuple[Edition, Mapping[str, bytes]]:
    """Return an archived version, the newest if none is named, with its files as they were deposited."""
    from presskit.archive.history import contents, edition

    archive, domain = open_archive(office), office.registers.house.domain
    found = edition(archive, domain, slug, version)
    return found, contents(archive, domain, slug, found)


def purge(slug: str, office: Office, key: Key, ground: str) -> Purged:
    """Remove all archived versions of a release by law; a signed stub stays.

    Raises:
        NotAllowed: the one who signs does not clear kits, or it was removed before.
    """
    from presskit.archive.removal import remove
    from presskit.signoff.allowed import hand_of

    hand = hand_of(key, office.ledger().ring, office.workspace)
    return remove(
        open_archive(office), office.registers.house, slug, ground, key, hand.holder, office.workspace.now
    )


def follow_up(slug: str, office: Office, kind: FollowUp, reason: str) -> Path:
    """Make the release that corrects or withdraws an archived one; return where its source lies.

    It takes the same sign-off as any other; neither approvals nor the embargo nor the number are taken along.

    Raises:
        WrongUsage: nothing was archived that could be corrected, or its source can not be taken over.
    """
    from presskit.load.follow_up import follow_up_files, free_slug

    loaded = office.load(slug)
    history(slug, office)
    new = free_slug(slug, kind, releases(office.workspace))
    pack = office.pack(loaded.draft.language)
    files = follow_up_files(loaded.draft, kind, reason, office.today(), pack.wording)
    paths = [office.workspace.add(f"data/releases/{new}/{name}", content) for name, content in files.items()]
    return paths[-1]


def open_archive(office: Office, *, create: bool = False) -> Archive:
    """Return the office's archive.

    Raises:
        Unreadable: there is none yet, or it can not be made.
    """
    from presskit.archive import keeping

    return keeping.open_archive(office.registers.house, office.workspace, create=create)
