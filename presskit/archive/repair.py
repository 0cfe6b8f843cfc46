"""A damaged object put right from a second copy of the archive, and only to what was logged.

The log decides, never a majority: a file is taken over only if its digest is the one that was deposited.
Not here: finding damage (`verify`), and keeping second copies, which is the office's routine.

Source: LOCKSS repairs a copy from others only where a poll agrees; here the log takes the poll's place.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

from presskit.archive.commit import damaged
from presskit.archive.inventory import read_inventory, write_sidecar
from presskit.archive.layout import INVENTORY, OBJECT_DECLARATION, SIDECAR, object_path
from presskit.archive.logged import read_history
from presskit.archive.store import Archive
from presskit.disk import replace_through, settle
from presskit.errors import Place, Problem, WrongUsage


def repair(archive: Archive, object_id: str, copy: Path) -> tuple[str, ...]:
    """Put right the files of an object that are missing or changed; return them, from the archive's root.

    What was never deposited is left where it is, for somebody to look at.

    Args:
        copy: the root of another copy of the archive.

    Raises:
        WrongUsage: the log does not know the object, or it was removed by law.
        ArchiveDamaged: the log is broken, or neither copy has what was deposited; nothing was written.
        Unreadable: the disk refuses.
    """
    site = archive.site
    with site.writing():
        chain = site.log.chain()
        site.log.is_signed()
        history = read_history(chain)[0].get(object_id)
        if chain.broken_at is not None:
            raise damaged(site, site.log.file, "the log itself was changed, so it can not decide.")
        if history is None or history.purge is not None:
            what = "the log does not know it, or it was removed by law."
            fix = "list what is in the archive, and correct the name."
            raise WrongUsage(Problem(Place("archive"), object_id, what, fix, "archive-unknown"))
        wrong = dict(_wrong(archive, object_id, history.lists, copy))
        for path, content in wrong.items():
            target = site.root / path
            target.parent.mkdir(parents=True, exist_ok=True)
            replace_through(target, content, site.work / "repaired")
            settle(*_folders(target.parent, site.root))
        return tuple(wrong)


def _wrong(
    archive: Archive, object_id: str, logged: dict[int, str], copy: Path
) -> Iterator[tuple[str, bytes]]:
    """Yield the files of an object that are not as logged, and what they have to be."""
    top = object_path(object_id)
    newest = b""
    for version, digest in logged.items():
        path = f"{top}/v{version}/{INVENTORY}"
        newest = _logged(archive, path, "sha512", digest, copy)
        yield from _if_other(archive, path, newest)
        yield from _if_other(archive, f"{top}/v{version}/{SIDECAR}", write_sidecar(newest))
    inventory = read_inventory(newest)
    for digest, paths in sorted(inventory.manifest.items()):
        for name in paths:
            path = f"{top}/{name}"
            yield from _if_other(archive, path, _logged(archive, path, inventory.algorithm, digest, copy))
    yield from _if_other(archive, f"{top}/{INVENTORY}", newest)
    yield from _if_other(archive, f"{top}/{SIDECAR}", write_sidecar(newest))
    declaration = f"{OBJECT_DECLARATION[2:]}\n".encode()
    yield from _if_other(archive, f"{top}/{OBJECT_DECLARATION}", declaration)


def _logged(archive: Archive, path: str, algorithm: str, digest: str, copy: Path) -> bytes:
    """Return a file as it was deposited, from here or from the copy."""
    for root in (archive.root, copy):
        content = _content(root / path)
        if content is not None and hashlib.new(algorithm, content).hexdigest() == digest:
            return content
    raise damaged(archive.site, archive.root / path, "neither copy has this file as it was deposited.")


def _if_other(archive: Archive, path: str, wanted: bytes) -> Iterator[tuple[str, bytes]]:
    if _content(archive.root / path) != wanted:
        yield path, wanted


def _content(file: Path) -> bytes | None:
    try:
        return None if file.is_symlink() else file.read_bytes()
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
        return None


def _folders(folder: Path, top: Path) -> Iterator[Path]:
    yield folder
    while folder != top:
        folder = folder.parent
        yield folder
