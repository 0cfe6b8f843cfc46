"""The list of an object's versions and files: built, written and read back.

Pure: files come as bytes, the inventory goes out as bytes.  Not here: the rules a strange inventory is
held to (`rules`), which names may be deposited (`names`), and the disk (`store`).

Source: OCFL 1.1, 3.5 (inventory).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from presskit.archive.rules import Broken, broken_rules, parsed

TYPE = "https://ocfl.io/1.1/spec/#inventory"
ALGORITHM = "sha512"
CONTENT = "content"

State = Mapping[str, tuple[str, ...]]
"""Digest → the names that have this content."""


class BadInventory(ValueError):
    """An inventory breaks rules of OCFL; carries which."""

    def __init__(self, broken: tuple[Broken, ...]) -> None:
        self.broken = broken
        super().__init__("; ".join(rule.what for rule in broken))


@dataclass(frozen=True, slots=True)
class Version:
    """One version of an object."""

    created: str  # RFC 3339, with seconds and offset
    message: str  # why it was deposited
    user_name: str
    user_address: str  # "mailto:…"; "" if there is none
    state: State  # logical names

    def names(self) -> dict[str, str]:
        """Return logical name → digest, in the order of names."""
        return dict(sorted((name, digest) for digest, names in self.state.items() for name in names))


@dataclass(frozen=True, slots=True)
class Inventory:
    """All versions of an object, and where the content of each digest lies."""

    object_id: str
    algorithm: str  # "sha512", or "sha256" in archives of others
    content: str  # name of the folder with content in each version folder
    spec: str  # version of OCFL, "1.1"
    versions: Mapping[str, Version]  # "v1" → version, in order
    manifest: State  # paths from the object's folder
    fixity: Mapping[str, State]  # algorithm → further digests, which archives of others may have

    @property
    def head(self) -> str:
        """The name of the newest version."""
        return list(self.versions)[-1]


def next_inventory(
    before: Inventory | None, object_id: str, files: Mapping[str, bytes], version: Version
) -> tuple[Inventory, dict[str, bytes]]:
    """Return the inventory with one more version, and the new content: path in the object → bytes.

    Content that an earlier version or another name has already is listed, not stored again.

    Args:
        before: the inventory of the newest version; ``None`` for the first.
        files: logical name → content.
        version: the new version's facts; its state is made here.
    """
    if before is None:
        before = Inventory(object_id, ALGORITHM, CONTENT, "1.1", {}, {}, {})
    number = f"v{len(before.versions) + 1}"
    manifest = dict(before.manifest)
    fresh: dict[str, bytes] = {}
    for name, content in sorted(files.items()):
        digest = digest_of(content)
        if digest not in manifest:
            path = f"{number}/{CONTENT}/{name}"
            manifest[digest] = (path,)
            fresh[path] = content
    grown = replace(version, state=state_of(files))
    return replace(before, versions={**before.versions, number: grown}, manifest=manifest), fresh


def state_of(files: Mapping[str, bytes]) -> State:
    """Return files as a version lists them: digest → names."""
    state: dict[str, tuple[str, ...]] = {}
    for name, content in sorted(files.items()):
        digest = digest_of(content)
        state[digest] = (*state.get(digest, ()), name)
    return state


def write_inventory(inventory: Inventory) -> bytes:
    """Return an inventory as a file, the same bytes each time."""
    document = {
        "id": inventory.object_id,
        "type": TYPE,
        "digestAlgorithm": inventory.algorithm,
        "head": inventory.head,
        "manifest": inventory.manifest,
        "versions": {name: _block(version) for name, version in inventory.versions.items()},
    }
    return json.dumps(document, indent=1, sort_keys=True, ensure_ascii=False).encode() + b"\n"


def write_sidecar(inventory: bytes) -> bytes:
    """Return the file beside an inventory that holds its digest, as sha512sum writes it."""
    return f"{digest_of(inventory)} inventory.json\n".encode()


def read_inventory(content: bytes) -> Inventory:
    """Return the inventory in a file; it is held to all rules an inventory can break by itself.

    Raises:
        BadInventory: it breaks some.
    """
    document, broken = parsed(content)
    if not broken:
        broken = tuple(broken_rules(document))
    if broken:
        raise BadInventory(broken)
    return Inventory(
        document["id"],
        document["digestAlgorithm"],
        document.get("contentDirectory", CONTENT),
        document["type"].split("/")[3],
        {
            name: _version(document["versions"][name])
            for name in sorted(document["versions"], key=lambda name: int(name[1:]))
        },
        _digests(document["manifest"]),
        {algorithm: _digests(block) for algorithm, block in document.get("fixity", {}).items()},
    )


def digest_of(content: bytes) -> str:
    """Return the SHA-512 of bytes, in hexadecimal: what inventories name content by."""
    return hashlib.sha512(content).hexdigest()


def _block(version: Version) -> dict[str, Any]:
    user = {"name": version.user_name}
    if version.user_address:
        user["address"] = version.user_address
    return {"created": version.created, "message": version.message, "user": user, "state": version.state}


def _version(block: Mapping[str, Any]) -> Version:
    user = block.get("user", {})
    return Version(
        block["created"],
        block.get("message", ""),
        user.get("name", ""),
        user.get("address", ""),
        _digests(block["state"]),
    )


def _digests(block: Mapping[str, list[str]]) -> State:
    """Return digests in lower case; others may have written them in capitals."""
    return {digest.lower(): tuple(names) for digest, names in block.items()}
