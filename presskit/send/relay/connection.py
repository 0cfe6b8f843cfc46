"""The one mail server everything is handed to: offer it a message, end it, hear the answer.

What can be known after each step is in the type of what is raised: `Refused`, `PutOff`, `Stale` and
`RelayProblem` were surely not accepted; `InDoubt` may have been.  Not here: which message is next
(`outbox.claims`), when (`sender`), how a connection is opened (`opening`), how replies are read (`replies`).

Source: RFC 5321, 3.3, 4.1.1.4, 4.2.1 and 4.5.3.2 (timeouts); RFC 6531 (SMTPUTF8).
"""

from __future__ import annotations

import re
import smtplib
import socket
import ssl
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime

from presskit.send.relay.replies import REPLY_CHARACTERS, cleaned, said

COMMAND_SECONDS, BLOCK_SECONDS, ANSWER_SECONDS = 300.0, 180.0, 600.0
BLOCK_BYTES = 1 << 20
LEAVE_SECONDS = 10.0
_LOGIN_WANTED = (530, 534, 535, 538)
"""Replies to MAIL that speak of who sends, never of the message.  Source: RFC 4954, 6."""


@dataclass(slots=True)
class RelayProblem(Exception):
    """There is no connection on which mail may go."""

    why: str  # a sentence without its full stop
    lasting: bool  # trying again will not help: settings, certificate, password
    code: str = "relay-unreachable"

    def __str__(self) -> str:
        return self.why


@dataclass(slots=True)
class Refused(Exception):
    """The relay will never take this message for this mailbox."""

    code: int
    reply: str


@dataclass(slots=True)
class PutOff(Exception):
    """The relay did not take the message this time; it was surely not accepted."""

    code: int  # 0: the connection broke
    reply: str
    knows_mailbox: bool = True  # else the relay had not heard yet whom it is for


@dataclass(slots=True)
class Stale(Exception):
    """The relay has hung up since the last message and knows nothing of this one: connect anew.

    Source: RFC 5321, 3.8 and 4.5.3.2.7: servers close connections on which nothing comes.
    """

    reply: str


@dataclass(slots=True)
class InDoubt(Exception):
    """The message was ended and no answer came: nobody but the relay knows whether it was accepted."""

    reply: str


class Connection:
    """An open connection, logged in, on which one message after the other is offered."""

    def __init__(self, client: smtplib.SMTP) -> None:
        self._client = client
        self.features = dict(client.esmtp_features)
        self.messages = 0  # that were ended and answered
        self._is_used = False

    @property
    def limit_bytes(self) -> int:
        """The largest message the relay takes; 0 if it does not say.  Source: RFC 1870."""
        announced = re.match("[0-9]{1,18}(?![0-9])", self.features.get("size", ""), re.ASCII)
        return int(announced[0]) if announced else 0

    @property
    def takes_utf8(self) -> bool:
        """Whether mailboxes may have other letters than those of ASCII before the @."""
        return "smtputf8" in self.features

    @property
    def certificate_ends(self) -> datetime | None:
        """The last moment at which the relay's certificate proves its name; ``None`` without encryption."""
        return certificate_end(self._client.sock)

    def offer(self, sender: str, mailbox: str, head: bytes, body: bytes) -> None:
        """Hand over one message but for its end; after it, `end` or `drop` has to follow.

        Args:
            sender: where bounces go.
            body: CRLF lines with dots doubled, without the final dot.

        Raises:
            Refused, PutOff: it was surely not accepted.  The connection may go on, unless it `is_closed`.
            Stale: the connection was closed meanwhile.
            RelayProblem: the relay takes no mail from this sender, or hangs up on a new connection.
        """
        options = self._options(sender, mailbox, len(head) + len(body))
        self._client.command_encoding = "utf-8" if "SMTPUTF8" in options else "ascii"
        self._begin(f"FROM:<{sender}> {' '.join(options)}".rstrip(), sender)
        try:
            self._command("RCPT", f"TO:<{mailbox}>", 250, 251)
            self._command("DATA", "", 354)
            self._write(head)
            self._write(body)
        except (smtplib.SMTPException, OSError, ValueError) as error:
            self.drop()
            raise PutOff(0, said(error)) from error

    def _options(self, sender: str, mailbox: str, size: int) -> list[str]:
        """Return what goes with MAIL.

        Raises:
            Refused: the relay can not take this mailbox, or so large a message.
        """
        options = ["BODY=8BITMIME"] if "8bitmime" in self.features else []
        if not (mailbox + sender).isascii():
            if not self.takes_utf8:
                raise Refused(553, "this relay takes no addresses with such letters (it offers no SMTPUTF8)")
            options.append("SMTPUTF8")
        if self.limit_bytes and size > self.limit_bytes:
            raise Refused(552, f"this relay takes at most {self.limit_bytes:,} bytes, and this is {size:,}")
        if "size" in self.features:
            options.append(f"SIZE={size}")
        return options

    def _begin(self, words: str, sender: str) -> None:
        """Say who sends, which the relay answers without knowing to whom."""
        is_used, self._is_used = self._is_used, True
        try:
            heard = self._unasked()
            if heard is None:
                return self._command("MAIL", words, 250)
            self.drop()
            why = cleaned(heard) or "it hung up"
        except PutOff as put_off:
            if put_off.code != 421:
                raise PutOff(put_off.code, put_off.reply, knows_mailbox=False) from put_off
            why = f"421 {put_off.reply}"
        except Refused as refused:
            if refused.code == 552 or "SMTPUTF8" in words:  # it is about this message
                raise
            why = f"the relay takes no mail from {sender}: {refused.code} {refused.reply}"
            code = "relay-login" if refused.code in _LOGIN_WANTED else "relay-sender"
            raise RelayProblem(why, True, code) from refused
        except (smtplib.SMTPServerDisconnected, OSError) as error:
            self.drop()
            why = said(error)
        except (smtplib.SMTPException, ValueError) as error:
            self.drop()
            raise PutOff(0, said(error), knows_mailbox=False) from error
        if is_used:
            raise Stale(why)
        raise RelayProblem(f"the relay hangs up as soon as a message comes: {why}", False)

    def end(self) -> tuple[int, str]:
        """Write the end of the message; return the relay's reply, by which it takes it on.

        Raises:
            Refused, PutOff: it was not accepted.
            InDoubt: no answer came, or none that can be understood.
        """
        self._require_in_step()
        try:
            self._write(b".\r\n")
            self._socket.settimeout(ANSWER_SECONDS)
            code, reply = self._client.getreply()
            self._socket.settimeout(COMMAND_SECONDS)
        except (smtplib.SMTPException, OSError, ValueError) as error:
            self.drop()
            raise InDoubt(said(error)) from error
        self.messages += 1
        text = cleaned(reply)
        if 200 <= code < 300:
            return code, text
        if 400 <= code < 500:
            self._close_if_told(code)
            raise PutOff(code, text)
        if 500 <= code < 600:
            raise Refused(code, text)
        self.drop()
        raise InDoubt(f"an answer nobody can understand: {code} {text}")

    def _require_in_step(self) -> None:
        """See to it that the next answer is to the end of the message, whose end has not been written yet.

        Why: a relay that answers before would have its answer taken for one it never gave.
        """
        try:
            heard = self._unasked()
        except OSError as error:
            self.drop()
            raise PutOff(0, said(error)) from error
        if heard is None:
            return
        self.drop()
        text = cleaned(heard)
        if re.match("5[0-9][0-9] ", text):
            raise Refused(int(text[:3]), text[4:])
        raise PutOff(0, f"it answered before the end of the message: {text}" if text else "it hung up")

    def _unasked(self) -> bytes | None:
        """Return what the relay said without being asked, b"" if it hung up; ``None`` if it is silent."""
        wire, file = self._socket, self._client.file
        wire.settimeout(0)
        try:
            return (file.peek(1) if file is not None else b"") or wire.recv(REPLY_CHARACTERS)
        except (BlockingIOError, ssl.SSLWantReadError):
            return None
        finally:
            wire.settimeout(COMMAND_SECONDS)

    def _command(self, verb: str, words: str, *fine: int) -> None:
        code, reply = self._client.docmd(verb, words)
        if code in fine:
            return
        text = cleaned(reply)
        if verb == "DATA" and 200 <= code < 400:  # out of step: what follows could be read as anything
            self.drop()
            raise PutOff(code, text)
        self._close_if_told(code)
        if not self.is_closed:
            self._reset()
        raise (Refused if 500 <= code < 600 else PutOff)(code, text)

    def _reset(self) -> None:
        try:
            if self._client.docmd("RSET")[0] != 250:
                self.drop()
        except (smtplib.SMTPException, OSError, ValueError):
            self.drop()

    def _close_if_told(self, code: int) -> None:
        """Close the connection after a 421.  Source: RFC 5321, 3.8: the server closes it, too."""
        if code == 421 or code < 200:
            self.drop()

    @property
    def _socket(self) -> socket.socket:
        found = self._client.sock
        if found is None:
            raise smtplib.SMTPServerDisconnected("the connection is closed")
        return found

    def _write(self, content: bytes) -> None:
        """Write in blocks, so that the time allowed is for each of them.

        Raises:
            OSError: it broke; smtplib's own errors are of that kind.
        """
        wire = self._socket
        wire.settimeout(BLOCK_SECONDS)
        view = memoryview(content)
        for start in range(0, len(view), BLOCK_BYTES):
            wire.sendall(view[start : start + BLOCK_BYTES])
        wire.settimeout(COMMAND_SECONDS)

    @property
    def is_closed(self) -> bool:
        """Whether no more can be offered on it."""
        return self._client.sock is None

    def drop(self) -> None:
        """Hang up at once: what was begun is not accepted.

        Why: within a message RSET is text, not a command.
        """
        with suppress(OSError):
            self._client.close()

    def quit(self) -> None:
        """Take leave."""
        with suppress(smtplib.SMTPException, OSError, ValueError):
            self._socket.settimeout(LEAVE_SECONDS)
            self._client.quit()
        self.drop()


def certificate_end(wire: socket.socket | None) -> datetime | None:
    """Return when the certificate of whoever is at the other end ends; ``None`` without encryption."""
    found = wire.getpeercert() if isinstance(wire, ssl.SSLSocket) else None
    if not found:
        return None
    return datetime.fromtimestamp(ssl.cert_time_to_seconds(str(found["notAfter"])), UTC)
