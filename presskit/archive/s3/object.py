"""One object in a bucket, step by step: content laid down, a version put in force, its lists brought forward.

A version is in force once its own list is written, which only one writer can do.  Content lies there before
and is never written over, so whoever wins has all of it.  Not here: the order of steps (`s3`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from presskit.archive.inventory import BadInventory, Inventory, digest_of, read_inventory, write_sidecar
from presskit.archive.layout import INVENTORY, OBJECT_DECLARATION, SIDECAR, version_number
from presskit.archive.s3.bucket import TRIES, Bucket
from presskit.archive.s3.refused import busy, damaged


def by_object(paths: Iterable[str]) -> dict[str, list[str]]:
    """Return the paths in the folder of each object."""
    found: dict[str, list[str]] = {}
    for path in paths:
        parts = path.split("/", 4)
        if len(parts) == 5 and [len(part) for part in parts[:3]] == [3, 3, 3]:
            found.setdefault("/".join(parts[:4]), []).append(path)
    return found


def unfinished(folder: str, paths: Sequence[str]) -> list[str]:
    """Return the paths in an object that belong to no version in force: of writers at work, or killed."""
    number, start = newest_listed(paths, folder), len(folder) + 1
    return [p for p in paths if not number or version_number(p[start:].split("/")[0]) > number]


def newest_listed(paths: Iterable[str], folder: str) -> int:
    """Return the highest version of an object that is in force; 0 if none is."""
    parts = [path[len(folder) + 1 :].split("/") for path in paths if path.startswith(f"{folder}/")]
    return max((version_number(part[0]) for part in parts if part[1:] == [INVENTORY]), default=0)


def read_list(bucket: Bucket, folder: str, number: int) -> tuple[bytes, Inventory]:
    """Return the list of a version.

    Raises:
        ArchiveDamaged: it is missing or wrong.
    """
    path = f"{folder}/v{number}/{INVENTORY}"
    stored = bucket.get(path)
    if stored is None:
        raise damaged(path, "this list is missing.")
    try:
        return stored.content, read_inventory(stored.content)
    except BadInventory as error:
        raise damaged(path, f"this list of files is wrong: {error}.") from error


def lay_down(
    bucket: Bucket, folder: str, inventory: Inventory, fresh: Mapping[str, bytes]
) -> tuple[Inventory, dict[str, bytes]]:
    """Write new content; return the inventory as it lists it then, and the content by where it lies.

    Where a crash or another writer left something else under a name, the content is laid aside of it.
    """
    if len(inventory.versions) == 1:
        bucket.put(f"{folder}/{OBJECT_DECLARATION}", b"ocfl_object_1.1\n", keep=True)
    laid = {_lay(bucket, folder, path, content): content for path, content in fresh.items()}
    places = {digest_of(content): (path,) for path, content in laid.items()}
    return replace(inventory, manifest={**inventory.manifest, **places}), laid


def put_in_force(bucket: Bucket, folder: str, number: int, written: bytes) -> bool:
    """Write the list of a version.  This is the commit point: one conditional write; whether it is ours."""
    path = f"{folder}/v{number}/{INVENTORY}"
    if bucket.put(path, written, keep=True):
        return True
    there = bucket.get(path)
    return there is not None and there.content == written  # the answer to the first try was lost


def complete(bucket: Bucket, folder: str, number: int, written: bytes, content: Mapping[str, bytes]) -> None:
    """Write the digest beside a version's list; put back uploads that were taken for a killed writer's.

    Args:
        written: the version's list.
        content: path in the object → what was laid down for this version.

    Raises:
        ArchiveDamaged: a file the list names is missing and not at hand, or is not what the list says.
    """
    there = bucket.listing(f"{folder}/v{number}/")
    for digest, paths in read_inventory(written).manifest.items():
        for path in (path for path in paths if path.startswith(f"v{number}/")):
            at = f"{folder}/{path}"
            is_ours = path in content and (at in there or bucket.put(at, content[path], keep=True))
            if not is_ours:
                _require_content(bucket, at, digest)
    bucket.put(f"{folder}/v{number}/{SIDECAR}", write_sidecar(written), keep=True)
    sweep(bucket, folder, read_inventory(written), there)


def sweep(bucket: Bucket, folder: str, inventory: Inventory, paths: Iterable[str]) -> int:
    """Remove, in versions that are in force, the uploads of writers who did not win them; return how many.

    Args:
        inventory: of the newest version in force, or of the one the paths are of.
    """
    wanted = {path for places in inventory.manifest.values() for path in places}
    wanted |= {f"{version}/{name}" for version in inventory.versions for name in (INVENTORY, SIDECAR)}
    kept = tuple(f"{version}/" for version in inventory.versions)
    inner = (path[len(folder) + 1 :] for path in paths)
    extra = [f"{folder}/{path}" for path in inner if path.startswith(kept) and path not in wanted]
    return remove_uploads(bucket, extra)


def remove_uploads(bucket: Bucket, paths: Iterable[str]) -> int:
    """Remove what presskit wrote under the paths; return how much.

    Why: what somebody else put there is for `verify` to name, not for us to hide.
    """
    ours = [path for path in paths if bucket.is_upload(path)]
    for path in ours:
        bucket.delete(path)
    return len(ours)


def roll_forward(bucket: Bucket, folder: str, number: int, newest: bytes) -> bool:
    """Make the list in an object's root the one of its newest version; whether it was not.

    Looks again after each change, for others write there too; done when there is nothing to do.

    Raises:
        ArchiveDamaged: the root knows of a newer version than there is.
    """
    for turn in range(TRIES):
        at_root, beside = bucket.get(f"{folder}/{INVENTORY}"), bucket.get(f"{folder}/{SIDECAR}")
        if at_root is not None and at_root.content != newest:
            known = _versions(folder, at_root.content)
            if known > number:
                number = newest_listed(bucket.listing(f"{folder}/"), folder)
                if known > number:
                    what = (
                        f"its list names more versions than v{number}, the newest there is; one was removed."
                    )
                    raise damaged(folder, what)
                newest, _ = read_list(bucket, folder, number)
                continue
        sidecar = write_sidecar(newest)
        is_done = at_root is not None and at_root.content == newest
        if is_done and beside is not None and beside.content == sidecar:
            return turn > 0
        if not is_done:
            bucket.put(f"{folder}/{INVENTORY}", newest, at_root.etag if at_root is not None else "")
        if beside is None or beside.content != sidecar:
            bucket.put(f"{folder}/{SIDECAR}", sidecar, beside.etag if beside is not None else "")
    raise busy(bucket.url, f"others write {folder} all the time.")


def _lay(bucket: Bucket, folder: str, path: str, content: bytes) -> str:
    version, inner, name = path.split("/", 2)
    for place in (path, f"{version}/{inner}/{digest_of(content)[:16]}/{name}"):
        if bucket.put(f"{folder}/{place}", content, keep=True):
            return place
        there = bucket.get(f"{folder}/{place}")
        if there is not None and there.content == content:
            return place
    raise damaged(f"{folder}/{path}", "something else lies where this file has to go.")


def _require_content(bucket: Bucket, path: str, digest: str) -> None:
    stored = bucket.get(path)
    if stored is None:
        raise damaged(path, "this file is missing.")
    if digest_of(stored.content) != digest:
        raise damaged(path, "this file is not what its list says.")


def _versions(folder: str, content: bytes) -> int:
    try:
        return len(read_inventory(content).versions)
    except BadInventory as error:
        raise damaged(f"{folder}/{INVENTORY}", f"this list can not be read: {error}.") from error
