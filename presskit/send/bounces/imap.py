"""From a folder on a mail server to its messages, by IMAP: neither marked as read nor deleted.

Not here: where the name and password come from (`credentials`).

Source: RFC 3501 (IMAP4rev1); 5.1.3 (folders beyond ASCII).
"""

from __future__ import annotations

import imaplib
import re
import ssl
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from presskit.errors import Place, Problem, Unreadable
from presskit.model.mail import Mailbox
from presskit.send.bounces.mailboxes import MESSAGES, Mail, Unread
from presskit.send.bounces.parts import MESSAGE_BYTES
from presskit.send.credentials import Login

PATIENCE_SECONDS = 30.0
"""How long the server may take for one answer."""

_UNPRINTABLE = re.compile(r"[^\x20-\x7e]+|&")


@dataclass(frozen=True, slots=True)
class Mark:
    """How far a folder was read."""

    validity: int  # UIDVALIDITY: when it changes, numbers mean other messages
    uid: int  # of the last message read


@dataclass
class Folder:
    """An open folder on a server."""

    server: imaplib.IMAP4
    name: str  # imap://host/folder
    validity: int
    last_uid: int = 0  # of what `mails` yielded

    @property
    def mark(self) -> Mark:
        """How far it is read."""
        return Mark(self.validity, self.last_uid)

    def mails(self, after: Mark | None) -> Iterator[Mail | Unread]:
        """Yield the messages after a mark, the oldest first; all if it is of another UIDVALIDITY.

        Raises:
            Unreadable: the server does not answer.
        """
        self.last_uid = after.uid if after and after.validity == self.validity else 0
        with _told(self.name):
            for uid in self._uids():
                content = self._content(uid)
                place = f"{self.name}, message {uid}"
                yield Mail(place, content) if content else Unread(place, "the server gives nothing for it")
                self.last_uid = uid

    def _uids(self) -> list[int]:
        """Return the numbers of messages after the last one read.

        Why: a range to * always has the newest message in it, even one that was read.
        """
        _, found = self.server.uid("SEARCH", "UID", f"{self.last_uid + 1}:*")
        numbers = [int(number) for line in found if isinstance(line, bytes) for number in line.split()]
        return sorted(uid for uid in numbers if uid > self.last_uid)[:MESSAGES]

    def _content(self, uid: int) -> bytes:
        _, found = self.server.uid("FETCH", str(uid), f"(BODY.PEEK[]<0.{MESSAGE_BYTES}>)")
        return next((part[1] for part in found if isinstance(part, tuple)), b"")


@contextmanager
def open_folder(mailbox: Mailbox, login: Login | None, root: Path) -> Iterator[Folder]:
    """Open a folder for reading only.

    Args:
        root: the office's folder, from which the file of an authority is named.

    Raises:
        Unreadable: the server can not be reached, is not who it says, lets nobody in, or has no such folder.
    """
    name = f"imap://{mailbox.host}/{mailbox.folder}"
    with _told(name):
        server = _connected(mailbox, root)
    try:
        with _told(name):
            if login:
                _log_in(server, login)
            done, said = server.select(_folder_name(mailbox.folder), readonly=True)
            if done != "OK":
                raise imaplib.IMAP4.error(b" ".join(x for x in said if x).decode("utf-8", "replace"))
            validity = server.response("UIDVALIDITY")[1]
        yield Folder(server, name, int(validity[0] or 0))
    finally:
        with suppress(imaplib.IMAP4.error, OSError):
            server.logout()


def _connected(mailbox: Mailbox, root: Path) -> imaplib.IMAP4:
    """Return a connection, encrypted before anything is said."""
    context = ssl.create_default_context(cafile=root / mailbox.ca_file if mailbox.ca_file else None)
    if mailbox.security == "tls":
        return imaplib.IMAP4_SSL(mailbox.host, mailbox.port, ssl_context=context, timeout=PATIENCE_SECONDS)
    server = imaplib.IMAP4(mailbox.host, mailbox.port, timeout=PATIENCE_SECONDS)
    if mailbox.security == "starttls":
        server.starttls(context)
    return server


def _log_in(server: imaplib.IMAP4, login: Login) -> None:
    """Log in; by SASL where the server offers it, since LOGIN takes no letters beyond ASCII.

    Source: RFC 4616.
    """
    if "AUTH=PLAIN" in server.capabilities:
        server.authenticate("PLAIN", lambda _: f"\0{login.user}\0{login.password}".encode())
    else:
        server.login(login.user, login.password)


def _folder_name(name: str) -> str:
    """Return a folder's name as servers take it: quoted, and in modified UTF-7."""

    def shifted(match: re.Match[str]) -> str:
        if match.group() == "&":
            return "&-"
        return "&" + b64encode(match.group().encode("utf-16-be")).decode().rstrip("=").replace("/", ",") + "-"

    quoted = _UNPRINTABLE.sub(shifted, name).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{quoted}"'


@contextmanager
def _told(name: str) -> Iterator[None]:
    """Say in plain words what goes wrong with a server."""
    try:
        yield
    except ssl.SSLCertVerificationError as error:
        fix = (
            "name the authority that signed it under mail: mailbox: ca_file, or correct host: in house.yaml."
        )
        raise Unreadable(
            _problem(name, f"its certificate is not believed: {error.verify_message}", fix)
        ) from error
    except (imaplib.IMAP4.error, OSError, ValueError) as error:
        fix = "see mail: mailbox: in house.yaml, PRESSKIT_IMAP_USER and its password."
        raise Unreadable(_problem(name, _said(error), fix)) from error


def _said(error: Exception) -> str:
    """Return what the system or the server says is wrong."""
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    first = error.args[0] if error.args else type(error).__name__
    return first.decode("utf-8", "replace") if isinstance(first, bytes) else str(first)


def _problem(name: str, why: str, fix: str) -> Problem:
    what = f"this mailbox can not be read: {' '.join(why.split())[:200].removesuffix('.')}."
    return Problem(Place(name), "", what, fix, "mailbox-unreadable")
