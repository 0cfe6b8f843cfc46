"""Files somebody names on the command line, which lie anywhere.

Not here: files of the office (`workspace`).
"""

from __future__ import annotations

from pathlib import Path

from presskit.errors import Place, Problem, Unreadable, WrongUsage

SPREADSHEET_MARK = b"\xef\xbb\xbf"
"""What spreadsheets know UTF-8 by."""


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


def write_table(target: Path, table: bytes) -> None:
    """Write comma-separated values, as spreadsheets read them, into a file there is not yet.

    Raises:
        Unreadable: there is one, or it can not be written.
    """
    from presskit.workspace import taken, unwritable

    try:
        with target.open("xb") as file:
            file.write(SPREADSHEET_MARK + table)
    except FileExistsError as error:
        raise Unreadable(taken(target.as_posix())) from error
    except OSError as error:
        raise Unreadable(unwritable(target.as_posix(), error)) from error
