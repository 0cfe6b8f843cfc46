"""Files somebody names on the command line, which lie anywhere.

Not here: files of the office (`workspace`).
"""

from __future__ import annotations

from pathlib import Path

from presskit.errors import Place, Problem, WrongUsage


def read_outside(path: Path, limit_bytes: int, fix: str, code: str = "file-unreadable") -> bytes:
    """Return a file's bytes, at most one more than the limit.

    Raises:
        WrongUsage: it can not be read.
    """
    try:
        with path.open("rb") as file:
            return file.read(limit_bytes + 1)
    except OSError as error:
        what = f"this file can not be read: {error.strerror}."
        raise WrongUsage(Problem(Place(path.as_posix()), "", what, fix, code)) from error
