"""A new office's folder, made from what presskit comes with.

Not here: reading and writing in an office that exists (`workspace`).
"""

from __future__ import annotations

import os
import shutil
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from presskit.errors import Unreadable
from presskit.workspace import Workspace, taken, unwritable

STAGING = ".presskit-staging"


def starter() -> Path:
    """Return the folder that holds the templates/ and data/ presskit comes with."""
    package = Path(__file__).resolve().parent
    installed = package / "starter"
    return installed if installed.is_dir() else package.parent


def start_office(target: Path, now: datetime) -> Workspace:
    """Make an office's folder from the starter: data/, templates/ and an empty output/.

    Raises:
        Unreadable: one of the three is there already, or can not be written; then nothing is left.
    """
    folder, place = target.absolute(), target.as_posix()
    staging = folder / STAGING
    parts = "templates", "output", "data"  # data last: it makes the folder a project
    try:
        if there := [part for part in parts if os.path.lexists(folder / part)]:
            raise Unreadable(taken(f"{place}/{there[0]}"))
        folder.mkdir(parents=True, exist_ok=True)
        shutil.rmtree(staging, ignore_errors=True)
        (staging / "output").mkdir(parents=True)
        for part in ("data", "templates"):
            _copy(starter() / part, staging / part)
        for part in parts:
            (staging / part).rename(folder / part)
        staging.rmdir()
    except OSError as error:
        for name in (STAGING, *parts):
            shutil.rmtree(folder / name, ignore_errors=True)
        with suppress(OSError):
            folder.rmdir()  # only if it is empty
        raise Unreadable(unwritable(place, error)) from error
    return Workspace(folder.resolve(), now)


def _copy(source: Path, target: Path) -> None:
    """Copy a folder with all below it, hidden files left out."""
    for path in sorted(source.rglob("*")):
        within = path.relative_to(source)
        if path.is_file() and not any(part.startswith((".", "__")) for part in within.parts):
            (target / within).parent.mkdir(parents=True, exist_ok=True)
            (target / within).write_bytes(path.read_bytes())
