"""An archive's root files in a bucket: opened, created.

Not here: what is deposited (`s3`), and what a crash left (`s3_recover`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NoReturn

from presskit.archive.layout import DECLARATION, LOG, ORIGIN, declarations, key_name
from presskit.archive.note import Signer
from presskit.archive.readme import root_texts
from presskit.archive.s3.bucket import Bucket
from presskit.archive.s3.log import BucketLog
from presskit.archive.site import is_origin
from presskit.errors import BadSettings, Place, Problem, Unreadable


@dataclass(frozen=True, slots=True)
class BucketSite:
    """Where an archive is."""

    bucket: Bucket
    origin: str  # the name of its log

    @property
    def log(self) -> BucketLog:
        """The archive's log."""
        return BucketLog(self.bucket, self.origin)

    def make_sure(self) -> None:
        """Refuse to write to a server that does not keep two writers apart.

        Raises:
            BadSettings: it does not.
        """
        self.bucket.require_conditions(DECLARATION, declarations()[DECLARATION])

    def keep_key(self, signer: Signer) -> None:
        """Lay the public key beside the log, if it is not there."""
        self.bucket.put(key_name(signer.key_id), signer.public.pem)


def open_site(bucket: Bucket) -> BucketSite:
    """Return the archive in a bucket.

    Raises:
        Unreadable: there is none, or the server refuses or does not answer.
        BadSettings: it is another kind of archive.
    """
    origin = bucket.get(ORIGIN)
    found = {name: bucket.get(name) for name in declarations()}
    if origin is None or any(stored is None for stored in found.values()):
        _require_only_ours(bucket, b"" if origin is None else origin.content)
        fix = "the first presskit archive makes it; if it lies elsewhere, name it in data/house.yaml."
        raise Unreadable(Problem(Place(bucket.url), "", "there is no archive yet.", fix, "archive-missing"))
    name = origin.content.decode("utf-8", "replace").strip()
    as_written = {path: stored.content for path, stored in found.items() if stored is not None}
    if as_written != declarations() or not is_origin(name):
        _foreign(bucket, "this is not an archive that presskit writes to.")
    return BucketSite(bucket, name)


def create_site(bucket: Bucket, origin: str) -> BucketSite:
    """Make a new archive where nothing lies, or only what a crash left of this; return it.

    Raises:
        BadSettings: something else lies there, the origin is no name, or the server keeps no conditions.
        Unreadable: the server refuses or does not answer.
    """
    if not is_origin(origin):
        _foreign(bucket, f"{origin!r} can not be the name of a log.")
    _require_only_ours(bucket, f"{origin}\n".encode())
    for name, content in _first_files(origin).items():
        bucket.put(name, content, keep=name in declarations())
        bucket.require_conditions(name, content)  # the first file is enough to see
    return open_site(bucket)


def _first_files(origin: str) -> dict[str, bytes]:
    """Return the files of a new archive; what declares it comes last."""
    declared = dict(reversed(declarations().items()))
    return root_texts() | {ORIGIN: f"{origin}\n".encode(), LOG: b""} | declared


def _require_only_ours(bucket: Bucket, origin: bytes) -> None:
    """Refuse a place where something lies that is no beginning of this archive."""
    ours = _first_files(origin.decode("utf-8", "replace").strip())
    for name in bucket.listing():
        stored = bucket.get(name) if name in ours else None
        if name and (stored is None or stored.content != ours[name]):
            _foreign(bucket, f"something else than an archive lies there: {name[:100]!r}.")


def _foreign(bucket: Bucket, what: str) -> NoReturn:
    fix = "name the bucket and folder of an archive presskit made, or new ones."
    raise BadSettings(Problem(Place(bucket.url), "archive", what, fix, "archive-foreign"))
