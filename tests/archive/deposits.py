"""A small archive and what is deposited in it: the shared beginning of the archive's tests."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from presskit.archive.findings import Finding
from presskit.archive.kinds import AnyArchive
from presskit.archive.store import Archive, Deposited
from presskit.archive.verify import CheckVersion, verify
from presskit.signoff.keys import Key

ORIGIN = "example.org/archive"
BRIDGE = "urn:presskit:example.org:bridge"
BUDGET = "urn:presskit:example.org:budget"
MONDAY = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)

OFFICE = Key(Ed25519PrivateKey.from_private_bytes(b"the office's key, in tests only."))
STRANGER = Key(Ed25519PrivateKey.from_private_bytes(b"a key nobody in the office knows"))


def kit(slug: str, revision: int) -> dict[str, bytes]:
    """A small release: what changes with each revision, and what stays."""
    return {
        "release.yaml": f"headline: {slug}, revision {revision}\n".encode(),
        f"kit/{slug}.pdf": b"%%PDF-1.7 %s %d\n" % (slug.encode(), revision) * 40,
        f"kit/{slug}.docx": b"PK same in every revision of %s" % slug.encode(),
        "photos/pont-neuf-été.jpg": b"\xff\xd8 a photo of all releases",
        "sign-off/0001-approved.dsse.json": b'{"by": "desk", "revision": %d}' % revision,
    }


def new_archive(folder: Path) -> Archive:
    return Archive.open(folder / "archive", create=True, origin=ORIGIN)


def put(
    archive: AnyArchive,
    object_id: str,
    files: Mapping[str, bytes],
    expect: int | None = None,
    at: datetime = MONDAY,
    signer: Key = OFFICE,
) -> Deposited:
    return archive.deposit(
        object_id,
        files,
        message="signed off",
        user_name="Communications desk",
        user_address="mailto:desk@example.org",
        at=at,
        expect=expect,
        signer=signer,
    )


def put_revision(archive: AnyArchive, object_id: str, revision: int) -> Deposited:
    """Deposit a revision that must become the version of that number."""
    slug = object_id.rpartition(":")[2]
    at = MONDAY + timedelta(days=revision)
    return put(archive, object_id, kit(slug, revision), expect=revision - 1, at=at)


def filled(folder: Path) -> tuple[Archive, list[bytes]]:
    """An archive of two releases with three versions each, and the checkpoints that went out."""
    archive = new_archive(folder)
    checkpoints = []
    for revision in (1, 2, 3):
        for object_id in (BRIDGE, BUDGET):
            put_revision(archive, object_id, revision)
        checkpoints.append(archive.checkpoint())
    return archive, checkpoints


def found_in(
    archive: Archive, checkpoints: list[bytes] | None = None, check_version: CheckVersion | None = None
) -> tuple[Finding, ...]:
    return verify(archive, keys=[OFFICE.public], checkpoints=checkpoints or [], check_version=check_version)


def tree(folder: Path) -> dict[str, bytes]:
    """All files below a folder."""
    return {
        p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()
    }
