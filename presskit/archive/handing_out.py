"""Files of the archive into a folder of somebody's choice, all or none.

Not here: which files (`export`, `foi`).
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable
from pathlib import Path

from presskit.archive.names import why_bad_name
from presskit.disk import settle, write_through
from presskit.errors import Place, Problem, Unreadable, WrongUsage


def hand_out(files: Iterable[tuple[str, bytes]], target: Path) -> Path:
    """Write files into a new folder; return it, absolute.

    Args:
        files: names and contents, one after the other, so that not all are in memory at once.

    Raises:
        WrongUsage: there is something of that name already.
        Unreadable: it can not be written; then nothing is left.
    """
    folder = target.absolute()
    place = Place(target.as_posix())
    if os.path.lexists(folder):
        fix = "name a folder that does not exist yet; nothing was changed."
        raise WrongUsage(Problem(place, "", "there is something of this name already.", fix, "file-exists"))
    staging = folder.with_name(f".{folder.name}.presskit-staging")
    try:
        shutil.rmtree(staging, ignore_errors=True)
        staging.mkdir(parents=True)
        for name, content in files:
            if why := why_bad_name(name):
                raise OSError(f"{name!r}: {why}")
            (staging / name).parent.mkdir(parents=True, exist_ok=True)
            write_through(staging / name, content)
        settle(staging)
        staging.rename(folder)
        settle(folder.parent)
    except OSError as error:
        what = f"this can not be written: {error.strerror or error}."
        fix = "see whether the disk has room and you may write there."
        raise Unreadable(Problem(place, "", what, fix, "file-unwritable")) from error
    finally:
        shutil.rmtree(staging, ignore_errors=True)
    return folder
