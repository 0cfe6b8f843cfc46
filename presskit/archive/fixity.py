"""The content of an object against the digests it was deposited with: changed, missing, untracked.

Not here: whether the list of digests is itself the right one (`structure`, `logged`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from io import FileIO

from presskit.archive.findings import FROM_A_COPY, LOOK_INTO_IT, Finding
from presskit.archive.inventory import Inventory
from presskit.archive.structure import Found

_NAMES = {"blake2b-512": "blake2b", "sha512/256": "sha512_256"}  # as hashlib calls them
_CHUNK_BYTES = 1 << 18


def check_fixity(found: Found, inventory: Inventory) -> Iterator[Finding]:
    """Yield the files of an object that are changed, missing, or nobody deposited."""
    listed = {path: digest for digest, paths in inventory.manifest.items() for path in paths}
    further = _further(inventory)
    for path, digest in sorted(listed.items()):
        if path not in found.files:
            what = "this file was deposited, and is missing."
            yield _finding(found, path, what, FROM_A_COPY, "file-missing")
            continue
        wanted = {inventory.algorithm: digest, **further.get(path, {})}
        try:
            actual = _digests(found, path, tuple(wanted))
        except OSError as error:
            what = f"this file can not be read: {error.strerror}."
            yield _finding(found, path, what, FROM_A_COPY, "file-changed")
            continue
        if actual != wanted:
            what = "this file is not what was deposited."
            yield _finding(found, path, what, FROM_A_COPY, "file-changed")
    for path in sorted(found.files - listed.keys()):
        first, slash, rest = path.partition("/")
        if slash and first in inventory.versions and "/" in rest:
            what = "this file was never deposited."
            yield _finding(found, path, what, LOOK_INTO_IT, "file-untracked")


def _further(inventory: Inventory) -> dict[str, dict[str, str]]:
    """Return the digests archives of others may keep beside: path → algorithm → digest."""
    found: dict[str, dict[str, str]] = {}
    for algorithm, block in inventory.fixity.items():
        name = _NAMES.get(algorithm, algorithm)
        if name in hashlib.algorithms_available:
            for digest, paths in block.items():
                for path in paths:
                    found.setdefault(path, {})[name] = digest
    return found


def _digests(found: Found, path: str, algorithms: tuple[str, ...]) -> dict[str, str]:
    hashes = {name: hashlib.new(name) for name in algorithms}
    with FileIO(f"{found.folder}/{path}") as file:
        while chunk := file.read(_CHUNK_BYTES):
            for hashed in hashes.values():
                hashed.update(chunk)
    return {name: hashed.hexdigest() for name, hashed in hashes.items()}


def _finding(found: Found, path: str, what: str, fix: str, code: str) -> Finding:
    version = int(path.split("/")[0][1:])
    file = (found.folder / path).relative_to(found.root).as_posix()
    return Finding("fixity", found.object_id, version, file, what, fix, code)
