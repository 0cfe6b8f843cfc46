"""Names of files and objects that every system can keep, today and in fifty years.

Not here: names in inventories of others, which only need to be safe (`rules`).
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

PATH_LIMIT = 400
"""The longest name of a file, folders included, in characters."""

PART_LIMIT_BYTES = 200
"""The longest single name, in UTF-8; most systems stop at 255."""

_FORBIDDEN = frozenset('\\:*?"<>|')
_DEVICES = frozenset(("con", "prn", "aux", "nul", *(f"{n}{i}" for n in ("com", "lpt") for i in range(1, 10))))


def why_bad_name(name: str) -> str | None:
    """Return why a file can not be deposited under a name; ``None`` if it can.

    Source: Microsoft, "Naming Files, Paths, and Namespaces"; OCFL 1.1, 3.5.3.1 (E052, E053).
    """
    if not name:
        return "is empty"
    if len(name) > PATH_LIMIT:
        return f"has more than {PATH_LIMIT} characters"
    if unicodedata.normalize("NFC", name) != name:
        return "has accents that are not composed (NFC)"
    for part in name.split("/"):
        if part in ("", ".", ".."):
            return "leads out of its folder, or has an empty part"
        if any(unicodedata.category(c) in ("Cc", "Cf", "Cs", "Zl", "Zp") for c in part):
            return "has a character that can not be seen"
        if len(part.encode()) > PART_LIMIT_BYTES:
            return f"has a part of more than {PART_LIMIT_BYTES} bytes"
        if _FORBIDDEN & set(part) or part[-1] in ". " or part.split(".")[0].casefold() in _DEVICES:
            return "can not be a name on Windows"
    return None


def collision(names: Iterable[str]) -> tuple[str, str] | None:
    """Return two names that are one file on macOS or Windows, or of which one is the other's folder."""
    seen: dict[str, str] = {}
    folders: dict[str, str] = {}
    for name in names:
        key = name.casefold()
        if key in seen or key in folders:
            return seen.get(key) or folders[key], name
        seen[key] = name
        parent, slash, _ = key.rpartition("/")
        while slash:
            if parent in seen:
                return seen[parent], name
            folders.setdefault(parent, name)
            parent, slash, _ = parent.rpartition("/")
    return None


def why_bad_id(object_id: str, limit: int) -> str | None:
    """Return why an object can not have an id; ``None`` if it can."""
    if not object_id or len(object_id) > limit:
        return f"has no or more than {limit} characters"
    if any(not "!" <= character <= "~" for character in object_id):
        return "has a character other than the printable ones of ASCII"
    return None
