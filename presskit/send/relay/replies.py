"""What a mail server says, as far as it is kept: up to a limit, and on one line.

Not here: what a reply means (`connection`).
"""

from __future__ import annotations

import re
import smtplib
import socket
from typing import Any

REPLY_CHARACTERS = 300
REPLY_BYTES = 1 << 18
"""A reply may have as many; smtplib alone would keep all of one that never ends."""


class _Replies:
    """What a relay says, each of its replies up to a limit."""

    def __init__(self, wire: socket.socket) -> None:
        self._file, self.left_bytes = wire.makefile("rb"), REPLY_BYTES
        self.peek, self.close = self._file.peek, self._file.close

    def readline(self, limit: int) -> bytes:
        """Return a line.

        Raises:
            OSError: it is too much.
        """
        line = self._file.readline(limit)
        self.left_bytes -= len(line)
        if self.left_bytes < 0:
            raise OSError("its reply does not end")
        return line


class _Capped:
    """Makes a client of smtplib give up on a reply that does not end; smtplib closes the connection then."""

    sock: socket.socket | None
    file: Any

    def getreply(self) -> tuple[int, bytes]:
        """Return the next reply."""
        if self.file is None and self.sock is not None:
            self.file = _Replies(self.sock)
        if self.file is not None:
            self.file.left_bytes = REPLY_BYTES
        return super().getreply()  # type: ignore[misc, no-any-return]


class Client(_Capped, smtplib.SMTP):
    """A client of smtplib whose replies are capped."""


class EncryptedClient(_Capped, smtplib.SMTP_SSL):
    """The same, encrypted from the first byte on."""


def cleaned(reply: bytes | str) -> str:
    """Return what a server said on one line, nothing in it that could hide the rest of a screen."""
    text = reply if isinstance(reply, str) else reply.decode("utf-8", "replace")
    words = re.sub(r"\s+", " ", "".join(c if c.isprintable() else " " for c in text)).strip()
    return words[:REPLY_CHARACTERS]


def said(error: Exception) -> str:
    """Return why a connection failed, on one line."""
    if isinstance(error, smtplib.SMTPResponseException):
        return f"{error.smtp_code} {cleaned(error.smtp_error)}"
    if isinstance(error, TimeoutError) or isinstance(error.__context__, TimeoutError):  # smtplib hides it
        return "no answer in time"
    if isinstance(error, OSError) and error.strerror:
        return cleaned(error.strerror)
    return cleaned(str(error)) or type(error).__name__
