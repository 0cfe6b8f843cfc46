"""The folder of an object against the rules of OCFL: every list, every sidecar, nothing too much.

Not here: what a list can break by itself (`rules`), the content's digests (`fixity`), the log (`logged`).

Source: OCFL 1.1, 3 (object), and its validation codes.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import FileIO
from pathlib import Path

from presskit.archive.findings import FROM_A_COPY, LOOK_INTO_IT, RECOVER, Finding
from presskit.archive.inventory import BadInventory, Inventory, Version, read_inventory
from presskit.archive.layout import INVENTORY, object_path
from presskit.archive.rules import LIMIT_BYTES


@dataclass(slots=True)
class Found:
    """An object as it lies on the disk."""

    root: Path  # the archive
    folder: Path  # the object
    files: set[str] = field(default_factory=set)  # paths from the object's folder
    folders: set[str] = field(default_factory=set)
    odd: set[str] = field(default_factory=set)  # links, devices and the like
    lists: dict[str, bytes] = field(default_factory=dict)  # inventories: "" and "v1", "v2" …
    inventory: Inventory | None = None  # the newest that can be read

    @property
    def object_id(self) -> str:
        """What it says to be; its folder's name if it can not say."""
        return self.inventory.object_id if self.inventory is not None else self.folder.name

    def finding(self, code: str, what: str, file: str = "", fix: str = LOOK_INTO_IT) -> Finding:
        """Return something that breaks a rule."""
        path = (self.folder / file).relative_to(self.root).as_posix()
        first = file.split("/")[0]
        version = int(first[1:]) if re.fullmatch(r"v\d{1,8}", first, re.ASCII) else 0
        return Finding("structure", self.object_id, version, path, what, fix, code)


def look_at(root: Path, folder: Path) -> Found:
    """Return what lies in an object's folder."""
    found = Found(root, folder)
    waiting = [""]
    while waiting:
        at = waiting.pop()
        with os.scandir(folder / at) as entries:
            for entry in entries:
                path = f"{at}{entry.name}"
                if entry.is_symlink():
                    found.odd.add(path)
                elif entry.is_dir(follow_symlinks=False):
                    found.folders.add(path)
                    waiting.append(f"{path}/")
                elif entry.is_file(follow_symlinks=False):
                    found.files.add(path)
                else:
                    found.odd.add(path)
    return found


def check_structure(found: Found) -> Iterator[Finding]:
    """Yield the rules an object breaks; reads its lists into ``found``."""
    for path in sorted(found.odd):
        yield found.finding("E090", "this is a link or a device, not a file.", path)
    yield from _declaration(found)
    if INVENTORY not in found.files:
        yield found.finding("E063", "the object has no list of its files.", INVENTORY, FROM_A_COPY)
        return
    yield from _read(found, "")
    if found.inventory is None:
        return
    yield from _root(found, found.inventory)
    yield from _place(found, found.inventory)
    yield from _empty(found, found.inventory)
    for name in found.inventory.versions:
        yield from _version(found, found.inventory, name)


def _declaration(found: Found) -> Iterator[Finding]:
    names = sorted(path for path in found.files if path.startswith("0=") and "/" not in path)
    if not names:
        yield found.finding("E003", "the file that says that this is an object of OCFL is missing.")
    if len(names) > 1:
        yield found.finding("E003", "several files say of which version of OCFL this object is.", names[1])
    for name in names:
        if not re.fullmatch(r"0=ocfl_object_1\.[01]", name):
            yield found.finding("E006", "this names no version of OCFL that is known.", name)
        elif _content(found, name, 100) != f"{name[2:]}\n".encode():
            yield found.finding("E007", "this file does not hold what its name says.", name)


def _read(found: Found, where: str) -> Iterator[Finding]:
    """Read one list with its sidecar."""
    path = f"{where}/{INVENTORY}" if where else INVENTORY
    content = _content(found, path, LIMIT_BYTES)
    found.lists[where] = content
    if where and content == found.lists[""]:
        inventory = found.inventory
    else:
        try:
            inventory = read_inventory(content)
        except BadInventory as error:
            for rule in error.broken:
                yield found.finding(rule.code, f"{rule.what}.", path, FROM_A_COPY)
            return
        if not where:
            found.inventory = inventory
    assert inventory is not None
    yield from _sidecar(found, path, content, inventory.algorithm)
    if where:
        yield from _older(found, where, path, inventory)


def _sidecar(found: Found, path: str, content: bytes, algorithm: str) -> Iterator[Finding]:
    name = f"{path}.{algorithm}"
    if name not in found.files:
        yield found.finding("E058", "the digest of this list is not beside it.", path, FROM_A_COPY)
        return
    said = _content(found, name, 1000)
    digest = re.fullmatch(rb"([0-9a-fA-F]+)[ \t]+inventory\.json\n?", said)
    if digest is None:
        yield found.finding("E061", "this is not a digest and the name of the list.", name, FROM_A_COPY)
    elif digest[1].decode().lower() != hashlib.new(algorithm, content).hexdigest():
        yield found.finding("E060", "the list does not have the digest beside it.", path, FROM_A_COPY)


def _older(found: Found, where: str, path: str, inventory: Inventory) -> Iterator[Finding]:
    """Yield where a version's own list contradicts the newest one."""
    newest = found.inventory
    assert newest is not None
    if where == newest.head and inventory is newest:
        return
    if inventory.object_id != newest.object_id:
        yield found.finding("E037", f"this list is of {inventory.object_id}.", path)
    if inventory.head != where:
        yield found.finding("E040", f"this list says to be of {inventory.head}.", path)
    if inventory.spec > newest.spec:
        yield found.finding("E103", f"this list is of a newer OCFL, {inventory.spec}, than the last.", path)
    for name, version in inventory.versions.items():
        now = newest.versions.get(name)
        if now is None:
            if inventory.head == where:
                yield found.finding("E066", f"this list has a version {name}, the newest has not.", path)
        elif not _same_files(version, now, same_digests=inventory.algorithm == newest.algorithm):
            yield found.finding("E066", f"{name} has other files here than in the newest list.", path)
        elif (now.created, now.message) != (version.created, version.message):
            yield found.finding("W011", f"{name} has another date or message in the newest list.", path)
    listed = {file for files in newest.manifest.values() for file in files}
    for file in sorted({f for files in inventory.manifest.values() for f in files} - listed):
        yield found.finding("E023", f"the newest list does not know {file!r}, which this one has.", path)


def _same_files(one: Version, other: Version, *, same_digests: bool) -> bool:
    """Whether two lists name the same files of a version; digests of two kinds can not be compared."""
    mine, theirs = one.names(), other.names()
    return mine == theirs if same_digests else mine.keys() == theirs.keys()


def _root(found: Found, inventory: Inventory) -> Iterator[Finding]:
    """Yield what lies in the object's folder and should not, or should and does not."""
    known = {INVENTORY, f"{INVENTORY}.{inventory.algorithm}"}
    for path in sorted(found.files):
        if "/" not in path and path not in known and not path.startswith("0=ocfl_object_"):
            yield found.finding("E001", "this file is no part of an object.", path)
        elif path.startswith("extensions/") and path.count("/") == 1:
            yield found.finding("E067", "there may be no file here.", path)
    for path in sorted(found.folders):
        if "/" in path or path in inventory.versions or path in ("logs", "extensions"):
            continue
        if re.fullmatch(r"v\d+", path, re.ASCII):
            what = "the object's list does not know this version."
            yield found.finding("E046", what, path, RECOVER)
        else:
            yield found.finding("E001", "this folder is no part of an object.", path)


def _place(found: Found, inventory: Inventory) -> Iterator[Finding]:
    right = object_path(inventory.object_id)
    if found.folder != found.root / right:
        what = f"this says to be {inventory.object_id}, which lies in {right}."
        yield found.finding("object-misplaced", what)


def _version(found: Found, inventory: Inventory, name: str) -> Iterator[Finding]:
    if name not in found.folders:
        yield found.finding("E046", "the folder of this version is missing.", name, FROM_A_COPY)
        return
    lists = {f"{name}/{INVENTORY}", f"{name}/{INVENTORY}.{inventory.algorithm}"}
    if f"{name}/{INVENTORY}" in found.files:
        yield from _read(found, name)
        if name == inventory.head and found.lists.get(name) != found.lists[""]:
            what = "the object's list is not that of its newest version."
            yield found.finding("E064", what, INVENTORY, RECOVER)
    else:
        yield found.finding("W010", "this version has no list of its files.", name, FROM_A_COPY)
    top = f"{name}/"
    for path in sorted(path for path in found.files if path.startswith(top) and path.count("/") == 1):
        if path not in lists and not re.fullmatch(r"inventory\.json\.sha(256|512)", path[len(top) :]):
            yield found.finding("E015", "there may be no file beside the content of a version.", path)


def _empty(found: Found, inventory: Inventory) -> Iterator[Finding]:
    """Yield empty folders among the content."""
    parents = {path.rpartition("/")[0] for path in (*found.files, *found.folders)}
    for path in sorted(found.folders - parents):
        if path.split("/")[1:2] == [inventory.content]:
            yield found.finding("E024", "this folder is empty.", path)


def _content(found: Found, path: str, limit_bytes: int) -> bytes:
    with FileIO(f"{found.folder}/{path}") as file:
        return file.read(limit_bytes + 1)
