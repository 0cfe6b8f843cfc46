"""From the bytes of any message to its parts and fields, whatever its sender did wrong or on purpose.

Not here: what a message says (`notices`, `reports`).

Why compat32: the newer policies parse every field and raise on many that are broken.
"""

from __future__ import annotations

import re
from binascii import a2b_base64
from collections.abc import Iterator
from datetime import UTC, datetime
from email import message_from_bytes, message_from_string
from email.errors import MessageError
from email.header import decode_header
from email.message import Message
from email.utils import getaddresses, parsedate_to_datetime
from quopri import decodestring

from presskit.load.characters import FORBIDDEN

MESSAGE_BYTES = 1_000_000
"""So much of a message is read: what bounced comes before the returned message with its attachments."""

LINE_BYTES = 1_000
"""So much of a line is read; a message has no longer ones.

Source: RFC 5322, 2.1.1.
Why: the patterns for bounces written as free text need the square of a line's length.
"""

NESTED = 20
"""So many multiparts a message may have; Python's parser asks each of them at every line."""

BLOCKS = 200
"""So many blocks of a delivery report are read; a message of ours has one recipient."""

FIELD_CHARACTERS = 2_000
SHOWN_CHARACTERS = 300

_LONG_LINE = re.compile(rb"([^\n]{%d})[^\n]+" % LINE_BYTES)
_MULTIPART = re.compile(rb"^content-type:\s*(?:multipart|message)/", re.IGNORECASE | re.MULTILINE)
_KEPT_BY_MAILBOXES = re.compile(
    rb"^(?:status|x-status|x-keywords|x-uid|x-imap|x-imapbase|x-mozilla-[a-z-]+|content-length):.*\n",
    re.IGNORECASE | re.MULTILINE,
)


class TooDeep(Exception):
    """A message has more parts in parts than any honest one."""


def plain(content: bytes) -> bytes:
    """Return the part of a message that is read: plain line ends, no endless lines, no notes of a mailbox.

    Why: the same message then has the same bytes from a maildir, an mbox and IMAP.
    """
    cut = content[:MESSAGE_BYTES].replace(b"\r\n", b"\n").lstrip(b"\n")
    head, _, body = cut.partition(b"\n\n")
    head = _KEPT_BY_MAILBOXES.sub(b"", head + b"\n")
    return _LONG_LINE.sub(rb"\1", head + b"\n" + body).strip() + b"\n"


def parse(content: bytes) -> Message:
    """Return a message; with defects, but never a refusal, however it is written.

    Raises:
        TooDeep: it is made to keep a reader busy.
    """
    if len(_MULTIPART.findall(content)) > NESTED:
        raise TooDeep(f"it has more than {NESTED} parts with parts")
    return message_from_bytes(content)


def field(message: Message, name: str) -> str:
    """Return a field of a head as people read it, in one line; "" if there is none."""
    return readable(str(message.get(name, ""))[:FIELD_CHARACTERS])


def readable(value: str) -> str:
    """Return a field's value with its encoded words decoded, in one line.

    Source: RFC 2047.
    """
    try:
        words = decode_header(value)
    except (MessageError, ValueError):
        return " ".join(value.split())
    text = "".join(word if isinstance(word, str) else in_charset(word, charset) for word, charset in words)
    return " ".join(text.split())


def in_charset(content: bytes, charset: str | None) -> str:
    """Return bytes as text, in the named charset if there is one of that name and it fits."""
    try:
        return content.decode(charset or "utf-8")
    except (LookupError, ValueError):
        return content.decode("utf-8", "replace")


def shown(text: str) -> str:
    """Return somebody else's words as they may be printed: one line, nothing hidden, not too long."""
    line = " ".join(FORBIDDEN.sub(" ", text).split())
    return line if len(line) <= SHOWN_CHARACTERS else line[: SHOWN_CHARACTERS - 1] + "…"


def addresses(message: Message, *names: str) -> Iterator[str]:
    """Yield the addresses in some fields of a head."""
    values = (str(value)[:FIELD_CHARACTERS] for name in names for value in message.get_all(name, [])[:10])
    for value in values:
        found = [address for _, address in getaddresses([value]) if address]
        yield from found or [value.strip()]  # what cannot be taken apart may still hold a mark of ours


def sent_at(message: Message) -> datetime | None:
    """Return when a message says it was written."""
    try:
        at = parsedate_to_datetime(str(message.get("Date", "")))
        return (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, TypeError, OverflowError, IndexError):
        return None


def words(message: Message) -> str:
    """Return the first plain text of a message, or what stands in place of one."""
    for part in message.walk():
        if part.get_content_type() == "text/plain":
            return part_text(part)
    return ""


def part_text(part: Message) -> str:
    """Return the text of a part, decoded as it says it is encoded."""
    content = part.get_payload(decode=True)
    if not isinstance(content, bytes):
        return ""
    try:
        charset = part.get_content_charset()
    except (LookupError, ValueError):
        charset = None
    return in_charset(content, charset)


def blocks(message: Message, *types: str) -> Iterator[Message]:
    """Yield the blocks of fields in the reports a message holds.

    Source: RFC 3464, 2.1; RFC 6533, 3, whose reports may be encoded, unlike the former.
    """
    left = BLOCKS
    for part in message.walk():
        if part.get_content_type() in types:
            for block in re.split(r"\n[ \t]*\n", _report(part)):
                if block.strip() and left:
                    left -= 1
                    yield message_from_string(block.strip("\n") + "\n\n")


def _report(part: Message) -> str:
    """Return a report as text: Python takes it for messages, and does not decode it."""
    below = part.get_payload()
    if isinstance(below, list):
        content = b"\n".join(inner.as_bytes() for inner in below if isinstance(inner, Message))
    else:
        content = str(below).encode("utf-8", "surrogateescape")
    match str(part.get("Content-Transfer-Encoding", "")).strip().casefold():
        case "base64":
            try:
                content = a2b_base64(content)
            except ValueError:
                content = b""
        case "quoted-printable":
            content = decodestring(content)
    return content.decode("utf-8", "replace").replace("\r\n", "\n")
