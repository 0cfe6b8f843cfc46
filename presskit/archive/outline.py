"""The archive's root against the rules of OCFL: what declares it, and nothing between the objects.

Not here: the objects themselves (`structure`).

Source: OCFL 1.1, 4 (storage root), and its validation codes.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from presskit.archive.findings import FROM_A_COPY, LOOK_INTO_IT, Finding
from presskit.archive.layout import declarations, object_folders


def check_outline(root: Path) -> Iterator[Finding]:
    """Yield the rules the root and the folders between it and the objects break."""
    codes = ("E069", "E070", "E070")
    for (name, content), code in zip(declarations().items(), codes, strict=True):
        file = root / name
        if not file.is_file():
            yield _finding(root, file, "this file is missing.", FROM_A_COPY, code)
        elif file.read_bytes() != content:
            yield _finding(root, file, "this file is not as presskit wrote it.", FROM_A_COPY, code)
    for file in sorted(root.glob("0=*")):
        if file.name not in declarations():
            yield _finding(root, file, "this declares the archive a second time.", LOOK_INTO_IT, "E069")
    yield from _extensions(root)
    yield from _between(root, root, {str(folder) for folder in object_folders(root)})


def _extensions(root: Path) -> Iterator[Finding]:
    for entry in sorted((root / "extensions").glob("*")):
        if not entry.is_dir():
            yield _finding(root, entry, "there may be no file here.", LOOK_INTO_IT, "E086")


def _between(root: Path, folder: Path, objects: set[str]) -> Iterator[Finding]:
    """Yield files and empty folders on the way to the objects."""
    with os.scandir(folder) as entries:
        found = sorted(entries, key=lambda entry: entry.name)
    if not found and folder != root:
        yield _finding(root, folder, "this folder is empty.", "remove it.", "E073")
    for entry in found:
        path = Path(entry.path)
        if folder == root and (entry.is_file(follow_symlinks=False) or entry.name == "extensions"):
            continue
        if not entry.is_dir(follow_symlinks=False):
            what = "this lies between the objects, where nothing may lie."
            yield _finding(root, path, what, LOOK_INTO_IT, "E072")
        elif entry.path in objects:
            if not any(path.iterdir()):
                yield _finding(root, path, "this folder is empty.", "remove it.", "E073")
        else:
            yield from _between(root, path, objects)


def _finding(root: Path, path: Path, what: str, fix: str, code: str) -> Finding:
    return Finding("structure", "", 0, path.relative_to(root).as_posix(), what, fix, code)
