"""Where things lie in an archive: the storage root's own files, the folder of an object, the list of objects.

Not here: what lies in an object (`inventory`), and writing (`store`).

Source: OCFL 1.1, 4 (storage root); OCFL extension 0003 (hash and id n-tuple storage layout).
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator
from pathlib import Path

DECLARATION = "0=ocfl_1.1"
OBJECT_DECLARATION = "0=ocfl_object_1.1"
EXTENSION = "0003-hash-and-id-n-tuple-storage-layout"
LAYOUT = {
    "description": "Hashed Truncated N-tuple Trees with Object ID Encapsulating Directory",
    "extension": EXTENSION,
}
CONFIG = {"digestAlgorithm": "sha256", "extensionName": EXTENSION, "numberOfTuples": 3, "tupleSize": 3}

LOG = "log.jsonl"
CHECKPOINT = "checkpoint"
ORIGIN = "origin.txt"
INVENTORY = "inventory.json"
SIDECAR = "inventory.json.sha512"

ID_LIMIT = 500
"""The longest object id, in characters."""

_PLAIN = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_")
_NAME_LIMIT = 100


def declarations() -> dict[str, bytes]:
    """Return the files that make a folder a storage root of OCFL with this layout."""
    return {
        DECLARATION: b"ocfl_1.1\n",
        "ocfl_layout.json": (json.dumps(LAYOUT, indent=1) + "\n").encode(),
        f"extensions/{EXTENSION}/config.json": (json.dumps(CONFIG, indent=1) + "\n").encode(),
    }


def object_path(object_id: str) -> str:
    """Return the folder of an object, from the root, with forward slashes."""
    digest = hashlib.sha256(object_id.encode()).hexdigest()
    name = "".join(_encoded(character) for character in object_id)
    if len(name) > _NAME_LIMIT:
        name = f"{name[:_NAME_LIMIT]}-{digest}"
    return f"{digest[:3]}/{digest[3:6]}/{digest[6:9]}/{name}"


def purged_name(object_id: str) -> str:
    """Return the name of the root file that stays of an object that was removed."""
    return f"purged-{hashlib.sha256(object_id.encode()).hexdigest()}.json"


def key_name(key_id: str) -> str:
    """Return the name of the root file with a public key."""
    return f"key-{key_id[:16]}.pem"


def object_folders(root: Path) -> Iterator[Path]:
    """Yield the folders of all objects, in order; broken ones too."""
    for first in _folders(root):
        if len(first.name) == 3:
            for second in _folders(first):
                for third in _folders(second):
                    yield from _folders(third)


def newest_version(folder: Path) -> int:
    """Return the highest number among the version folders of an object; 0 if there is none."""
    try:
        with os.scandir(folder) as entries:
            return max((version_number(entry.name) for entry in entries if entry.is_dir()), default=0)
    except (FileNotFoundError, NotADirectoryError):
        return 0


def version_number(name: str) -> int:
    """Return the number of a version folder that this archive writes, "v3"; 0 for any other name."""
    digits = name[1:]
    good = name[:1] == "v" and digits.isascii() and digits.isdigit() and digits[0] != "0"
    return int(digits) if good and len(digits) < 9 else 0


def _encoded(character: str) -> str:
    if character in _PLAIN:
        return character
    return "".join(f"%{byte:02x}" for byte in character.encode())


def _folders(folder: Path) -> list[Path]:
    with os.scandir(folder) as entries:
        return sorted(Path(entry.path) for entry in entries if entry.is_dir(follow_symlinks=False))
