"""The runs of the archive: deposit a signed-off release, check, find, compare, hand out and remove.

Not here: how a version gets onto the disk (`archive`), and printing (`cli`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from hashlib import sha512
from pathlib import Path
from typing import TYPE_CHECKING, TypedDict, Unpack

from presskit.compose.desk import CopyDesk
from presskit.errors import PresskitError
from presskit.load.follow_up import FollowUp
from presskit.load.release import releases
from presskit.office import Office
from presskit.pipeline.building import build_signed
from presskit.pipeline.deciding import record_of, sent_releases

if TYPE_CHECKING:
    from presskit.archive.differences import Change
    from presskit.archive.find import Found
    from presskit.archive.history import Edition
    from presskit.archive.keeping import Kept
    from presskit.archive.purge import Purged
    from presskit.archive.store import Archive
    from presskit.archive.verification import Verified
    from presskit.compose.audit import Audit
    from presskit.model.registers import Draft
    from presskit.signoff.keys import Key
    from presskit.signoff.ledger import Ledger
    from presskit.signoff.standing import Standing


class Fields(TypedDict, total=False):
    """What can be asked of archived versions besides words; see `archive.find`."""

    slug: str | None
    speaker: str | None  # id, or words of the name or title
    agency: str | None
    language: str | None
    since: date | None  # day of issue
    until: date | None
    reference: str | None
    limit: int


def deposit(slug: str, office: Office, key: Key) -> Kept:
    """Put a signed-off release into the archive, with all that proves it; twice is the same as once.

    What is known of its deliveries joins it, too, beside the words archived last if it is not signed off as
    it stands now: then what is returned says why.

    Raises:
        NotAllowed: it is not signed off as it stands, or the key is not in the key ring.
        Unreadable: the archive can not be written; nothing that was deposited is lost.
    """
    from presskit.archive.keeping import Keeper
    from presskit.archive.opening import for_deposits
    from presskit.signoff.allowed import hand_of
    from presskit.signoff.ledger import open_ledger

    house, workspace = office.registers.house, office.workspace
    ledger, record = open_ledger(workspace), record_of(office, slug)
    hand = hand_of(key, ledger.ring, workspace)
    try:
        draft, now, kit = _signed(slug, office, ledger)
    except PresskitError as error:
        if not record or newest_archived(slug, office) is None:
            raise
        keeper = Keeper(for_deposits(house, workspace), key, hand.holder, workspace)
        return replace(keeper.keep_record(slug, record, ledger, house), why_record_alone=error)
    keeper = Keeper(for_deposits(house, workspace, create=True), key, hand.holder, workspace)
    return keeper.keep(draft, now, kit, office.pack_digest(draft.language), record)


def _signed(slug: str, office: Office, ledger: Ledger) -> tuple[Draft, Standing, Mapping[str, bytes]]:
    """Return a release, how it stands and its signed files.

    Raises:
        NotAllowed: it is not signed off as it stands.
        PresskitError: it can not be read, or built as it was signed.
    """
    from presskit.archive.keeping import signed_off as require_signed_off
    from presskit.signoff.standing import stand

    draft = office.load(slug).draft
    now = stand(draft, office.pack_digest(draft.language), office.workspace, ledger)
    require_signed_off(now)
    return draft, now, build_signed(slug, office, now)


def to_archive(office: Office) -> tuple[str, ...]:
    """Return the releases a deposit is due of: signed off as they stand, or archived once and sent."""
    sent = (slug for slug in sent_releases(office) if newest_archived(slug, office) is not None)
    return tuple(sorted({*signed_off(office), *sent}))


def newest_archived(slug: str, office: Office) -> Edition | None:
    """Return the newest archived version of a release; ``None`` if there is none, or nobody can tell."""
    try:
        return history(slug, office)[-1]
    except PresskitError:
        return None


def is_archived(newest: Edition | None, standing: Standing) -> bool:
    """Whether the newest archived version of a release has all its records."""
    names = {record.file.rpartition("/")[2] for record in standing.found.records}
    return newest is not None and {f"sign-off/{name}" for name in names} <= newest.files.keys()


def stamp(office: Office) -> Path | None:
    """Have the archive's newest checkpoint stamped by the house's authority; return where the token lies.

    Raises:
        Unreadable: the authority gave no time stamp; what was deposited stays deposited.
    """
    from presskit.archive import stamping
    from presskit.archive.opening import BUCKET

    url, folder = office.registers.house.archive.time_stamps, office.registers.house.archive.folder
    return stamping.stamp(open_archive(office), url) if url and not folder.startswith(BUCKET) else None


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
        checkpoints: kept outside the office: the notes themselves, or messages that carry them.

    Raises:
        Unreadable: there is no archive.
    """
    from presskit.archive.stamping import authority_roots
    from presskit.archive.verification import verify_all
    from presskit.archive.witness import checkpoint_in

    house = office.registers.house
    roots = authority_roots(house.archive.time_stamp_roots, office.workspace.root)
    notes = tuple(map(checkpoint_in, checkpoints))
    return verify_all(open_archive(office, afresh=True), house, office.ledger(), slugs, notes, roots)


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


def find(office: Office, query: str, **fields: Unpack[Fields]) -> tuple[Found, ...]:
    """Return the archived versions that have words and fields, the last issued first.

    Raises:
        Unreadable: there is no archive.
    """
    from presskit.archive.find import find as look_up

    archive = open_archive(office)
    return look_up(archive, archive.site.work / "index.sqlite", query, **fields)


def differences(slug: str, office: Office, before: int, after: int) -> tuple[Change, ...]:
    """Return what differs in the words of two archived versions."""
    from presskit.archive.differences import differences as compare

    old, new = (kept_files(slug, office, version)[1] for version in (before, after))
    return compare(old, new)


def export(slug: str, office: Office, form: str, version: int | None = None) -> Mapping[str, bytes]:
    """Return what is archived of a release, by path: plain files, a bag, or an FOI package."""
    from presskit.archive.contents import release_id
    from presskit.archive.export import export_bag, export_plain
    from presskit.archive.foi import foi_package

    archive, object_id = open_archive(office), release_id(office.registers.house.domain, slug)
    numbers = tuple(edition.number for edition in history(slug, office))
    if form == "foi":
        return foi_package(archive, object_id, (version,) if version else numbers)
    return (export_bag if form == "bag" else export_plain)(archive, object_id, version or numbers[-1])


@dataclass(frozen=True, slots=True)
class Audited:
    """An audit report that was written."""

    path: Path
    report: Audit
    unprintable: tuple[str, ...]  # characters no font has; their numbers are printed
    is_behind: bool  # the outbox knows more of its deliveries than the archive


def audit(slug: str, office: Office) -> Audited:
    """Write the report that proves who approved what of an archived release, and what changed.

    Raises:
        WrongUsage: it is not in the archive.
        ArchiveDamaged: what the archive has of it is not as it was deposited.
    """
    from presskit.archive.printable import printed
    from presskit.archive.report import audit_of, require_whole

    found, house = history(slug, office), office.registers.house
    require_whole(slug, verify(office, (slug,)))
    pack = office.pack(str(found[-1].facts["language"]))
    report = audit_of(open_archive(office), house, found, pack, office.workspace.now)
    content, unprintable = printed(report, pack)
    (path,) = office.workspace.save(slug, {f"{slug}-audit.pdf": content})
    return Audited(path, report, unprintable, _is_behind(found[-1], record_of(office, slug)))


def _is_behind(newest: Edition, record: Mapping[str, bytes]) -> bool:
    """Whether a delivery record is another one than that of the newest version."""
    return any(newest.files.get(name) != sha512(content).hexdigest() for name, content in record.items())


def purge(slug: str, office: Office, key: Key, ground: str) -> Purged:
    """Remove all archived versions of a release by law; a signed stub stays.

    Raises:
        NotAllowed: the one who signs does not clear kits, or it was removed before.
    """
    from presskit.archive.opening import require_folder
    from presskit.archive.removal import remove
    from presskit.signoff.allowed import hand_of

    house, now = office.registers.house, office.workspace.now
    require_folder(house, slug)
    hand = hand_of(key, office.ledger().ring, office.workspace)
    return remove(open_archive(office), house, slug, ground, key, hand.holder, now)


def follow_up(slug: str, office: Office, kind: FollowUp, reason: str) -> Path:
    """Make the release that corrects or withdraws an archived one; return where its source lies.

    It takes the same sign-off as any other; neither approvals nor the embargo nor the number are taken along.

    Raises:
        WrongUsage: nothing was archived that could be corrected, or its source can not be taken over.
    """
    from presskit.load.follow_up import follow_up_files, free_slug

    draft = office.load(slug).draft
    history(slug, office)
    new = free_slug(slug, kind, office.workspace.names("data/releases"))
    pack = office.pack(draft.language)
    went_out = CopyDesk(draft, pack).date(draft.release.issued)
    files = follow_up_files(draft, kind, reason, office.today(), pack.wording, went_out)
    paths = [office.workspace.add(f"data/releases/{new}/{name}", content) for name, content in files.items()]
    return paths[-1]


def open_archive(office: Office, *, afresh: bool = False) -> Archive:
    """Return the office's archive.

    Raises:
        Unreadable: there is none yet, or it can not be made.
    """
    from presskit.archive.opening import for_reading

    return for_reading(office.registers.house, office.workspace, afresh=afresh)
