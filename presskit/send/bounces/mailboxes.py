"""From where mail is kept to messages: a Maildir, a folder of .eml files, an mbox file, one message.

Nothing is changed or deleted, and links inside a folder are not followed.  Not here: mail on a server
(`imap`), and what a message says (`reports`).
"""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import IO

from presskit.errors import Place, Problem, Unreadable, WrongUsage
from presskit.send.bounces.parts import MESSAGE_BYTES

MESSAGES = 100_000
"""So many messages of one mailbox are read in a run."""

_LINE_BYTES = 65_536


@dataclass(frozen=True, slots=True)
class Mail:
    """A message as it lies in a mailbox."""

    place: str  # where, for people
    content: bytes  # its first `MESSAGE_BYTES`


@dataclass(frozen=True, slots=True)
class Unread:
    """A message that could not be read; it stays where it is."""

    place: str
    why: str


def read_path(path: Path) -> Iterator[Mail | Unread]:
    """Yield the messages of a file or folder, in the order of their names or in the file's.

    Raises:
        WrongUsage: there is nothing of that name, or it is neither a file nor a folder of mail.
        Unreadable: it may not be read.
    """
    try:
        kind = path.stat().st_mode
        if stat.S_ISDIR(kind):
            return islice(_folder(path), MESSAGES)
        if stat.S_ISREG(kind):
            return islice(_file(path), MESSAGES)
    except FileNotFoundError as error:
        what, fix = "there is nothing of this name.", "name a Maildir, an mbox file or a message."
        raise WrongUsage(Problem(Place(path.as_posix()), "", what, fix, "file-missing")) from error
    except OSError as error:
        raise Unreadable(_unreadable(path, error)) from error
    what, fix = "this is neither a file nor a folder.", "name a Maildir, an mbox file or a message."
    raise WrongUsage(Problem(Place(path.as_posix()), "", what, fix, "file-unreadable"))


def read_stream(stream: IO[bytes], place: str) -> Iterator[Mail | Unread]:
    """Yield the messages of an mbox, or the one message, that a stream holds."""
    first = stream.readline(_LINE_BYTES)
    if first.startswith(b"From "):
        yield from _mbox(stream, place)
    elif first:
        yield Mail(place, first + stream.read(MESSAGE_BYTES))


def _folder(folder: Path) -> Iterator[Mail | Unread]:
    """Yield the messages of a Maildir, or of the .eml files of any other folder.

    Source: maildir(5): mail is in new/ and cur/; names that start with a period are not mail.
    """
    boxes = [folder / name for name in ("new", "cur") if (folder / name).is_dir()]
    boxes = [box for box in boxes if not box.is_symlink()]
    files = [file for box in boxes or [folder] for file in sorted(box.iterdir())]
    if not boxes:
        files = [file for file in files if file.suffix.casefold() == ".eml"]
        if not files:
            what = "this folder holds no mail: neither new/ and cur/ of a Maildir, nor .eml files."
            fix = "name the Maildir itself, or save the messages as .eml files."
            raise WrongUsage(Problem(Place(folder.as_posix()), "", what, fix, "file-missing"))
    for file in files:
        if not file.name.startswith("."):
            yield _message(file)


def _message(file: Path) -> Mail | Unread:
    """Return the message of one file of a folder."""
    try:
        with _opened(file) as stream:
            return Mail(file.as_posix(), stream.read(MESSAGE_BYTES))
    except OSError as error:
        return Unread(file.as_posix(), _reason(error))


def _opened(file: Path) -> IO[bytes]:
    """Return a file opened for reading, if it is a plain one; waits for nobody who may write into it.

    Raises:
        OSError: it may not be read, or is a link, a pipe or a device.
    """
    descriptor = os.open(file, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise OSError(errno.EINVAL, "it is no plain file", str(file))
    return os.fdopen(descriptor, "rb")


def _file(file: Path) -> Iterator[Mail | Unread]:
    """Yield the messages of a file somebody named."""
    try:
        with file.open("rb") as stream:
            yield from read_stream(stream, file.as_posix())
    except OSError as error:
        raise Unreadable(_unreadable(file, error)) from error


def _mbox(stream: IO[bytes], place: str) -> Iterator[Mail]:
    """Yield the messages of an mbox whose first line is read already.

    Source: RFC 4155, appendix A: a message starts at a line "From " after an empty one.
    """
    number, lines, held, was_empty = 1, [b""], 0, False
    while line := stream.readline(_LINE_BYTES):
        if was_empty and line.startswith(b"From "):
            yield Mail(f"{place}, message {number}", b"".join(lines))
            number, lines, held = number + 1, [], 0
        elif held < MESSAGE_BYTES:
            lines.append(line)
            held += len(line)
        was_empty = line in (b"\n", b"\r\n")
    yield Mail(f"{place}, message {number}", b"".join(lines))


def _unreadable(path: Path, error: OSError) -> Problem:
    what = f"this mail can not be read: {_reason(error)}."
    return Problem(
        Place(path.as_posix()), "", what, "see who may read it, then try again.", "file-unreadable"
    )


def _reason(error: OSError) -> str:
    return "it is a link" if error.errno == errno.ELOOP else (error.strerror or type(error).__name__)
