"""The archive's newest checkpoint to a time stamp from outside, kept beside the log and checked later.

Not here: asking an authority and reading its answer (`timestamp`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from pathlib import Path

from presskit.archive.findings import Finding
from presskit.archive.store import Archive
from presskit.archive.timestamp import check_token, request_token
from presskit.disk import settle, write_through
from presskit.errors import BadSettings, Place, PresskitError, Problem

NOTE_SUFFIX, TOKEN_SUFFIX = ".checkpoint", ".tsr"
LIMIT_BYTES = 100_000


def stamp(archive: Archive, url: str) -> Path | None:
    """Have the newest checkpoint stamped, unless it was; return where the token lies.

    Raises:
        Unreadable: the authority gave no time stamp; what was deposited stays deposited.
        BadSettings: its address can not be used, or the extra is not installed.
    """
    note = archive.checkpoint()
    if not note:
        return None
    size = note.split(b"\n")[1].decode()
    file = archive.root / f"timestamp-{size}{TOKEN_SUFFIX}"
    if file.exists():
        return file
    token = request_token(hashlib.sha256(note).digest(), url)
    for path, content in ((file.with_suffix(NOTE_SUFFIX), note), (file, token)):
        staged = archive.site.work / path.name
        staged.unlink(missing_ok=True)
        write_through(staged, content)
        staged.replace(path)
    settle(archive.root)
    return file


def stamped_checkpoints(archive: Archive) -> tuple[bytes, ...]:
    """Return the checkpoints that were stamped: each has to fit the log."""
    return tuple(
        file.read_bytes()[:LIMIT_BYTES] for file in sorted(archive.root.glob(f"timestamp-*{NOTE_SUFFIX}"))
    )


def check_stamps(archive: Archive, roots: Sequence[bytes]) -> Iterator[Finding]:
    """Yield each time stamp that is not over the checkpoint beside it, or of nobody who is believed."""
    for file in sorted(archive.root.glob(f"timestamp-*{TOKEN_SUFFIX}")):
        try:
            note = file.with_suffix(NOTE_SUFFIX).read_bytes()[:LIMIT_BYTES]
            check_token(file.read_bytes()[:LIMIT_BYTES], hashlib.sha256(note).digest(), roots)
        except OSError:
            yield _finding(file, "the checkpoint this time stamp is over is missing.")
        except PresskitError as error:
            yield _finding(file, error.problems[0].what)


def authority_roots(files: Sequence[str], project: Path) -> tuple[bytes, ...]:
    """Return the certificates of the authorities an office believes.

    Raises:
        BadSettings: a file can not be read.
    """
    roots = []
    for name in files:
        try:
            roots.append((project / name).read_bytes()[:LIMIT_BYTES])
        except OSError as error:
            what = f"the certificate can not be read: {error.strerror}."
            fix = "correct time_stamp_roots: under archive: in data/house.yaml."
            raise BadSettings(Problem(Place(name), "", what, fix, "timestamp-settings")) from error
    return tuple(roots)


def _finding(file: Path, what: str) -> Finding:
    fix = "put both files back from a copy; if there is none, the next deposit is stamped again."
    return Finding("checkpoint", "", 0, file.name, what, fix, "timestamp-invalid")
