"""The runs, as a press officer would say them: check a release, build it, have it signed off.

Not here: how a stage works (its own folder), and printing (`cli`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING

from presskit.document.dump import dump
from presskit.errors import Problem, ProblemsFound, in_reading_order
from presskit.load.schema import release_schema
from presskit.model.kit import Kit
from presskit.office import (
    PDFS,
    Loaded,
    Office,
    all_problems,
    built_file,
    chosen_formats,
    cleared,
    releases,
    require_known,
    require_sound,
    write_files,
)
from presskit.writers import WRITERS

if TYPE_CHECKING:
    from presskit.archive.keeping import Kept
    from presskit.archive.verification import Verified
    from presskit.signoff.acts import Order, Signed
    from presskit.signoff.envelope import Signer
    from presskit.signoff.keys import Key
    from presskit.signoff.records import Logged
    from presskit.signoff.requests import Requested
    from presskit.signoff.standing import Standing

Seal = Callable[[str, bytes], bytes]
"""Given a file's name and bytes, returns what goes out: the PDF signed visibly, the others as they are."""

__all__ = [
    "Office",
    "build",
    "check",
    "chosen_formats",
    "deposit",
    "receive",
    "release_schema",
    "releases",
    "request",
    "require_known",
    "show",
    "sign",
    "standing",
    "verify",
]


def build(slug: str, office: Office, formats: Sequence[str], *, strict: bool = False) -> Kit:
    """Build the files of one release; nothing is written if anything is wrong.

    They are marked as drafts until the release is signed off; then they are the very files that were signed.

    Raises:
        ProblemsFound: the release has errors (with ``strict``: or warnings).
        BadSettings: the house, the template or the theme is wrong.
        NotAllowed: it is signed off, and what would be built now is not what was signed.
        Unreadable: a file can not be read or written.
    """
    loaded, signed = as_it_stands(slug, office)
    composed = office.compose(loaded)
    warnings = require_sound(all_problems(composed, formats), strict=strict)
    files = write_files(composed, formats)
    if signed is not None:
        files = signed_files(slug, office, signed, files)
    paths = office.workspace.save(slug, files)
    return Kit(slug, dict(zip(formats, paths, strict=True)), warnings)


def check(slug: str, office: Office) -> tuple[Problem, ...]:
    """Return everything the house rules find in one release, errors and warnings.

    Raises:
        BadSettings: the house, the template or the theme is wrong.
        Unreadable: a file can not be read.
    """
    try:
        composed = office.compose(office.load(slug))
    except ProblemsFound as found:
        return found.problems
    return in_reading_order(all_problems(composed, PDFS))


def show(slug: str, office: Office) -> str:
    """Return the tree of one release as indented text: what every writer gets to see."""
    return dump(office.compose(as_it_stands(slug, office)[0]).document)


# --- sign-off ------------------------------------------------------------------------------------------


def standing(slug: str, office: Office) -> Standing:
    """Return who has approved what of a release, what is missing, and what has changed since."""
    return office.standing(office.load(slug).draft, afresh=True)


def request(slug: str, office: Office, signer: Signer, note: str = "") -> Requested:
    """Put a release's words forward, and write the papers for everybody whose approval is missing.

    Raises:
        ProblemsFound: the release has errors.
        NotAllowed: the key is not in the key ring.
    """
    from presskit.signoff.acts import submit
    from presskit.signoff.allowed import hand_of
    from presskit.signoff.requests import Requested, open_requests, request_files

    loaded = office.load(slug)
    composed = office.compose(loaded)
    warnings = require_sound(all_problems(composed, PDFS))
    now = office.standing(loaded.draft, afresh=True)
    record = submit(now, hand_of(signer, now.ledger.ring, office.workspace), office.workspace, note)
    asked = open_requests(now, office.workspace.now)
    files = dict[str, bytes]()
    for found in asked:
        files |= request_files(found, now.scopes.kit, composed.document, composed.pack)
    paths = office.workspace.save(f"{slug}/requests", files) if files else ()
    return Requested(record, asked, paths, warnings)


def sign(slug: str, office: Office, signer: Signer, order: Order, seal: Seal | None = None) -> Signed:
    """Approve or reject parts of a release, or its whole kit; return what was recorded.

    The signature that makes the quorum signs the kit off: it gets its number, and its files are built anew
    without the mark of a draft; that signature covers their bytes.

    Args:
        seal: signs the PDF visibly, if the office does so.

    Raises:
        ProblemsFound: the release has errors.
        NotAllowed: something is not the signer's to say, or not yet; nothing is recorded.
    """
    from presskit.signoff.acts import carry_out
    from presskit.signoff.allowed import hand_of

    loaded = office.load(slug)
    now = office.standing(loaded.draft, afresh=True)
    hand = hand_of(signer, now.ledger.ring, office.workspace)

    def final_files(reference: str) -> Mapping[str, bytes]:
        composed = office.compose(cleared(loaded, reference), sealed=seal is not None)
        require_sound(all_problems(composed, PDFS))
        files = write_files(composed, WRITERS)
        return {name: seal(name, content) if seal else content for name, content in files.items()}

    done = carry_out(order, now, hand, office.workspace, loaded.draft.release, final_files)
    if done.closed is not None:
        office.workspace.save(slug, done.closed.files)
    return done


def receive(slug: str, office: Office, message: bytes, signature: str) -> Logged:
    """Enter an approval that was signed elsewhere with OpenSSH; return the record.

    Raises:
        NotAllowed: it would not count.
    """
    from presskit.signoff.received import receive as enter

    return enter(standing(slug, office), message, signature, office.workspace)


# --- archive -------------------------------------------------------------------------------------------


def deposit(slug: str, office: Office, key: Key) -> Kept:
    """Put a signed-off release into the archive, with all that proves it; twice is the same as once.

    Raises:
        NotAllowed: it is not signed off as it stands, or the key is not in the key ring.
        Unreadable: the archive can not be written; nothing that was deposited is lost.
    """
    from presskit.archive.keeping import Keeper, open_archive
    from presskit.signoff.allowed import hand_of

    draft, house = office.load(slug).draft, office.registers.house
    now = office.standing(draft, afresh=True)
    hand = hand_of(key, now.ledger.ring, office.workspace)
    kit = build_signed(slug, office, now) if now.state.cleared else {}
    archive = open_archive(house, office.workspace, create=now.state.cleared)
    keeper = Keeper(archive, key, hand.holder, office.workspace)
    return keeper.keep(draft, now, kit, office.pack_digest(draft.language))


def verify(office: Office, slugs: Sequence[str] = (), checkpoints: Sequence[bytes] = ()) -> Verified:
    """Return everything in the archive that is not as it was deposited.

    Args:
        slugs: only these releases; all if none is named.
        checkpoints: kept outside the office.

    Raises:
        Unreadable: there is no archive.
    """
    from presskit.archive.keeping import open_archive
    from presskit.archive.verification import verify_all

    house = office.registers.house
    archive = open_archive(house, office.workspace)
    return verify_all(archive, house, office.ledger().ring, slugs, checkpoints)


# --- what the runs share -------------------------------------------------------------------------------


def as_it_stands(slug: str, office: Office) -> tuple[Loaded, Standing | None]:
    """Return a release, with its number and without the mark of a draft if it is signed off."""
    loaded = office.load(slug)
    signed = office.signed(loaded.draft)
    closing = signed.state.kit.closing if signed else None
    return (cleared(loaded, closing.decision.reference) if closing else loaded), signed


def build_signed(slug: str, office: Office, signed: Standing) -> Mapping[str, bytes]:
    """Return all files of a signed-off release, byte for byte as they were signed."""
    closing = signed.state.kit.closing
    loaded = cleared(office.load(slug), closing.decision.reference if closing else "")
    sealed = office.registers.house.sign_off.certificate is not None
    return signed_files(slug, office, signed, write_files(office.compose(loaded, sealed=sealed), WRITERS))


def signed_files(
    slug: str, office: Office, signed: Standing, built: Mapping[str, bytes]
) -> Mapping[str, bytes]:
    """Return the very bytes that were signed: as built now, else as they lie in output/, else as archived.

    Raises:
        NotAllowed: they are nowhere, and what would be built now is not what was signed.
    """
    from presskit.archive.keeping import archived_file
    from presskit.archive.signed import find_signed

    closing, workspace, house = signed.state.kit.closing, office.workspace, office.registers.house
    wanted = {name: closing.decision.files.get(name, "") if closing else "" for name in built}
    as_lying = partial(built_file, workspace, slug)
    return find_signed(slug, wanted, (built.get, as_lying, partial(archived_file, house, workspace, slug)))
