"""Bytes to a disk so that a crash leaves them whole: written through, settled, locked, appended.

Plain paths in, no idea of what lies there.  Not here: which folders there are (`workspace`, `archive`).
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl


@contextmanager
def one_at_a_time(lock: Path) -> Iterator[None]:
    """Keep other processes out meanwhile; the system frees the lock of a killed one."""
    with lock.open("ab") as held:
        if sys.platform == "win32":
            msvcrt.locking(held.fileno(), msvcrt.LK_LOCK, 1)
        else:
            fcntl.flock(held, fcntl.LOCK_EX)
        yield


@contextmanager
def alone(lock: Path) -> Iterator[bool]:
    """Say whether nobody else holds a lock, and hold it meanwhile if so; waits for nobody.

    Raises:
        OSError: the file can not be written, or its disk has no locks.
    """
    with lock.open("ab") as held:
        try:
            if sys.platform == "win32":
                msvcrt.locking(held.fileno(), msvcrt.LK_NBLCK, 1)
            else:
                fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except (BlockingIOError, PermissionError):  # the second is what Windows says
            yield False
            return
        yield True


def write_through(file: Path, content: bytes) -> None:
    """Write a new file and wait until the disk has it.

    Raises:
        FileExistsError: there is one of that name.
    """
    with file.open("xb") as out:
        out.write(content)
        out.flush()
        os.fsync(out.fileno())


def replace_through(file: Path, content: bytes, scratch: Path) -> None:
    """Write a file anew so that it holds the old bytes or the new ones at any moment, and wait for the disk.

    Args:
        scratch: a name nobody uses, on the same file system; what a crash left there is overwritten.
    """
    scratch.unlink(missing_ok=True)
    write_through(scratch, content)
    scratch.replace(file)
    settle(file.parent)


def settle(*folders: Path) -> None:
    """Wait until the disk has the names in the folders; Windows does so by itself."""
    if sys.platform == "win32":
        return
    for folder in folders:
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def whole_lines(file: Path, limit_bytes: int) -> bytes:
    """Return the lines of a journal that were written whole; a torn last one is left out; b"" without a file.

    Raises:
        OSError: it can not be read, or holds more than ``limit_bytes``.
    """
    try:
        with file.open("rb") as journal:
            content = journal.read(limit_bytes + 1)
    except FileNotFoundError:
        return b""
    if len(content) > limit_bytes:
        raise OSError(f"it holds more than {limit_bytes:,} bytes")
    return content[: content.rfind(b"\n") + 1]


def append_line(file: Path, line: bytes) -> None:
    """Add one line at the end of a journal, made if need be, and wait until the disk has it.

    A torn line at the end, left by a crash, is cut off first.  Call it under a lock.
    """
    made = not file.exists()
    if not made:
        drop_torn_line(file)
    with file.open("ab") as journal:
        journal.write(line + b"\n")
        journal.flush()
        os.fsync(journal.fileno())
    if made:
        settle(file.parent)


def drop_torn_line(file: Path) -> int:
    """Cut off the torn line a crash left at the end of a journal; return how many bytes that were."""
    whole = whole_bytes(file)
    torn = file.stat().st_size - whole
    if torn:
        with file.open("r+b") as journal:
            journal.truncate(whole)
            os.fsync(journal.fileno())
    return torn


def whole_bytes(file: Path) -> int:
    """Return where the last whole line of a journal ends, in bytes from the start."""
    step = 65_536
    with file.open("rb") as journal:
        end = journal.seek(0, os.SEEK_END)
        while end > 0:
            start = max(0, end - step)
            journal.seek(start)
            found = journal.read(end - start).rfind(b"\n")
            if found >= 0:
                return start + found + 1
            end = start
    return 0
