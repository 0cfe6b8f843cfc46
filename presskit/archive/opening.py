"""The office's archive, wherever house.yaml puts it: a folder, or a bucket and a copy of it to read from.

Not here: what is done with it (`keeping`, `verification`, `find` …).
"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from presskit.archive.contents import release_id
from presskit.archive.keeping import open_archive, origin_of
from presskit.archive.kinds import AnyArchive
from presskit.archive.layout import CHECKPOINT
from presskit.archive.store import Archive
from presskit.errors import NotAllowed, Place, PresskitError, Problem, Unreadable
from presskit.model.house import House
from presskit.workspace import Workspace

if TYPE_CHECKING:
    from presskit.archive.s3.archive import S3Archive

BUCKET = "s3://"
MIRROR = "archive.mirror"
"""Below output/: the copy of a bucket that is read from; it can be deleted."""


def for_deposits(house: House, workspace: Workspace, *, create: bool = False) -> AnyArchive:
    """Return the archive to deposit into; with ``create``, a new one if there is none.

    Raises:
        Unreadable: there is none, or it can not be made or reached.
        BadSettings: something else lies there, or boto3 is not installed.
    """
    if house.archive.folder.startswith(BUCKET):
        return _bucket(house, create=create)
    return open_archive(house, workspace, create=create)


def for_reading(house: House, workspace: Workspace, *, afresh: bool = False) -> Archive:
    """Return the archive to read from: of a bucket, a copy that is made anew when something was deposited.

    Args:
        afresh: make the copy anew in any case, since a check has to see what is there.

    Raises:
        Unreadable: there is none, or it can not be reached.
    """
    if not house.archive.folder.startswith(BUCKET):
        return open_archive(house, workspace)
    bucket, mirror = _bucket(house), workspace.root / "output" / MIRROR
    if afresh or not _is_current(bucket, mirror):
        shutil.rmtree(mirror, ignore_errors=True)
        bucket.mirror(mirror)
    return Archive.open(mirror)


def archived_file(house: House, workspace: Workspace, slug: str, name: str) -> bytes | None:
    """Return a file of a kit as it was archived last; ``None`` if it was not."""
    try:
        return for_reading(house, workspace).read(release_id(house.domain, slug), f"kit/{name}")
    except PresskitError:
        return None


def require_folder(house: House, slug: str) -> None:
    """Raise `NotAllowed` if the archive lies in a bucket, which keeps what it was given."""
    if house.archive.folder.startswith(BUCKET):
        what = "this archive lies in a bucket, from which presskit removes nothing."
        fix = "remove it with the means of whoever keeps the bucket, in all its versions."
        raise NotAllowed(Problem(Place(f"release {slug}"), "", what, fix, "archive-bucket"))


def _bucket(house: House, *, create: bool = False) -> S3Archive:
    from presskit.archive.s3.archive import S3Archive

    return S3Archive.open(house.archive.folder, create=create, origin=origin_of(house))


def _is_current(bucket: S3Archive, mirror: Path) -> bool:
    try:
        return (mirror / CHECKPOINT).read_bytes() == bucket.checkpoint() != b""
    except (OSError, Unreadable):
        return False
