"""A bucket copied into a folder, which is then an archive on a disk for `verify` and every other tool.

Not here: judging it.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Collection, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from presskit.archive.names import why_bad_name
from presskit.archive.s3.bucket import Bucket
from presskit.archive.s3.object import by_object, unfinished
from presskit.archive.s3.refused import busy
from presskit.disk import settle
from presskit.errors import Place, Problem, Unreadable, WrongUsage

LOOKS = 20
"""How often what changed meanwhile is fetched anew."""

AT_ONCE = 8


@dataclass(frozen=True, slots=True)
class Mirrored:
    """A bucket that was copied."""

    files: int
    unfinished: tuple[str, ...]  # uploads that are no version yet, of writers at work or killed; left out
    refused: tuple[str, ...]  # keys no deposit has and no disk can keep side by side with the rest; left out


def mirror(bucket: Bucket, to: Path) -> Mirrored:
    """Copy a bucket into a new folder: all of it as it was at one moment, or nothing.

    Raises:
        WrongUsage: something lies there.
        Unreadable: the server or the disk refuses, or others deposit all the time.
    """
    to = to.absolute()
    if to.is_symlink() or (to.exists() and (not to.is_dir() or any(to.iterdir()))):
        fix = "name a new folder for each copy."
        raise WrongUsage(Problem(Place(str(to)), "", "something lies there.", fix, "file-exists"))
    part = to.with_name(to.name + ".part")
    try:
        shutil.rmtree(part, ignore_errors=True)
        part.mkdir(parents=True)
        mirrored = _copy(bucket, part)
        for folder, _, _ in os.walk(part, topdown=False):
            settle(Path(folder))
        with suppress(FileNotFoundError):
            to.rmdir()  # Windows renames onto nothing only
        part.rename(to)
        settle(to.parent)
    except OSError as error:
        what = f"the copy can not be written: {error.strerror or type(error).__name__}."
        fix = "make room or see who may write there, then copy again."
        raise Unreadable(Problem(Place(str(to)), "", what, fix, "file-unwritable")) from error
    finally:
        shutil.rmtree(part, ignore_errors=True)
    return mirrored


def _copy(bucket: Bucket, part: Path) -> Mirrored:
    """Fetch until the list of the bucket is exactly what was fetched."""
    have: dict[str, str] = {}
    for _ in range(LOOKS):
        listing = bucket.listing()
        refused = {path for path in listing if any(map(why_bad_name, path.split("/")))}
        safe = listing.keys() - refused
        idle = {path for path in _unfinished(safe) if bucket.is_upload(path)}
        refused |= _in_the_way(bucket, safe - idle)
        wanted = {path: listing[path].etag for path in listing.keys() - idle - refused}
        if wanted == have:
            refused.discard("")  # the prefix itself, which some programs make
            return Mirrored(len(have), tuple(sorted(idle)), tuple(sorted(refused)))
        for path in [path for path, etag in have.items() if wanted.get(path) != etag]:
            (part / path).unlink()
            del have[path]
            with suppress(OSError):  # not empty
                (part / path).parent.rmdir()

        def fetch(path: str) -> tuple[str, str | None]:
            target = part / path
            target.parent.mkdir(parents=True, exist_ok=True)
            return path, bucket.fetch(path, target)

        with ThreadPoolExecutor(AT_ONCE) as pool:
            fetched = pool.map(fetch, sorted(wanted.keys() - have.keys()))
            have.update((path, etag) for path, etag in fetched if etag is not None)
    raise busy(bucket.url, "others deposit all the time.")


def _unfinished(paths: Collection[str]) -> Iterator[str]:
    for folder, entries in by_object(paths).items():
        yield from unfinished(folder, entries)


def _in_the_way(bucket: Bucket, paths: Collection[str]) -> set[str]:
    """Return names that can not lie beside those presskit wrote; if it wrote both, both."""
    found = {path for path in _clashing(paths) if not bucket.is_upload(path)}
    return found | _clashing(set(paths) - found)


def _clashing(paths: Collection[str]) -> set[str]:
    """Return names that are one file on macOS or Windows, or of which one is the other's folder."""
    folded: dict[str, list[str]] = {}
    for path in paths:
        folded.setdefault(path.casefold(), []).append(path)
    found = {path for same in folded.values() if len(same) > 1 for path in same}
    for path in paths:
        folder = path.casefold()
        while folder := folder.rpartition("/")[0]:
            if folder in folded:
                found.update((path, *folded[folder]))
    return found
