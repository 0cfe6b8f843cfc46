"""The head of one delivery: what all messages of an edition have in common, and what is one recipient's.

The order of the fields is fixed, there is one recipient and never a Cc, and nothing of a head depends on the
moment it is written: a second copy is the first, byte for byte.  Not here: how a field is encoded (`fields`),
the body (`message`), and its signature (`dkim`).

Source: RFC 5322; RFC 3834, 5 (Auto-Submitted); RFC 2919 (List-Id); RFC 2369 and RFC 8058 (unsubscribing).
"""

from __future__ import annotations

import base64
import json
import re
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from email.utils import format_datetime
from functools import lru_cache
from urllib.parse import quote

from presskit.send.message.fields import DOMAIN, mailbox_field, sound_address, text_field, token_field
from presskit.send.message.tokens import TAG

_MESSAGE_ID = re.compile(rf"<[A-Za-z0-9][A-Za-z0-9.!#$%&'*+/=?^_`{{|}}~-]*@{DOMAIN.pattern}>")

_CONTENT = re.compile(
    rb"(?:(?:MIME-Version|Content-Type|Content-Language|Content-Transfer-Encoding): [!-~][ -~]{0,900}\r\n"
    rb"(?: [!-~][ -~]{0,900}\r\n)*)*"
)
"""The fields `message` makes."""

_CHECKPOINT_PIECE = 900
"""Characters of a checkpoint on one line."""


@dataclass(frozen=True, slots=True)
class Letterhead:
    """What is the same in every message of an edition: who sends what, and how to get no more of it."""

    sender_name: str  # "": none
    sender: str  # address, its domain in ASCII
    subject: str
    list_id: str  # press.example.org
    unsubscribe: str  # address
    unsubscribe_url: str | None = None  # https, with {token}; none: by mail alone
    reply_to: str = ""  # address; "": the sender's
    reply_to_name: str = ""
    checkpoint: bytes = b""  # the archive's newest; b"": it has none yet
    content: bytes = b""  # the body's own fields: `Prepared.content`


@dataclass(frozen=True, slots=True)
class Addressed:
    """What is one recipient's in a message."""

    address: str  # as in the envelope, its domain in ASCII
    name: str  # "": none
    message_id: str  # <…@…>
    tag: str  # of the delivery: `Tokens.tag`; "": it is a draft, sent by hand
    date: datetime  # aware; of the first attempt
    references: str = ""  # Message-IDs of what this corrects, oldest first, spaces between
    utf8: bool = False  # the address is beyond ASCII, and the servers take that (SMTPUTF8)


@dataclass(frozen=True, slots=True)
class _Shared:
    sender: bytes
    subject: bytes
    reply_to: bytes
    automatic: bytes
    foot: bytes  # all that comes last
    mailto: str


def letterhead_json(letterhead: Letterhead) -> str:
    """Return a letterhead as the outbox keeps it, but for the lines that depend on the body."""
    fields = asdict(letterhead)
    fields["checkpoint"] = base64.b64encode(letterhead.checkpoint).decode("ascii")
    del fields["content"]
    return json.dumps(fields, ensure_ascii=False)


def letterhead_from(kept: str, content: bytes) -> Letterhead:
    """Return a letterhead that was kept, for a body."""
    fields = json.loads(kept)
    fields["checkpoint"] = base64.b64decode(fields["checkpoint"])
    return Letterhead(**fields, content=content)


def write_head(letterhead: Letterhead, addressed: Addressed) -> bytes:
    """Return the head of one message, with the empty line that ends it.

    Raises:
        ValueError: a value holds a line end or what else no field may hold; or it is no address, Message-ID
            or tag where there should be one; or the date is naive.
    """
    shared = _shared(letterhead)
    return b"".join(
        (
            shared.sender,
            mailbox_field("To", addressed.name, addressed.address, utf8=addressed.utf8),
            shared.subject,
            token_field("Date", [_dated(addressed.date)]),
            token_field("Message-ID", _message_ids("Message-ID", addressed.message_id)),
            shared.reply_to,
            _answering(addressed.references),
            shared.automatic,
            _unsubscribing(letterhead.unsubscribe_url, shared.mailto, addressed.tag),
            shared.foot,
        )
    )


def shared_head(letterhead: Letterhead) -> bytes:
    """Return the head all messages of an edition share, with the empty line that ends it.

    Raises:
        ValueError: as `write_head`.
    """
    shared = _shared(letterhead)
    return b"".join((shared.sender, shared.subject, shared.reply_to, shared.automatic, shared.foot))


@lru_cache(32)
def _shared(letterhead: Letterhead) -> _Shared:
    """Return the fields all messages share."""
    if not DOMAIN.fullmatch(letterhead.list_id) or len(letterhead.list_id) > 255:
        raise ValueError(f"List-Id: {letterhead.list_id[:80]!r} is not of the form press.example.org")
    if not _CONTENT.fullmatch(letterhead.content):
        raise ValueError("the fields of the body are not as presskit writes them")
    reply_to = b""
    if letterhead.reply_to:
        reply_to = mailbox_field("Reply-To", letterhead.reply_to_name, letterhead.reply_to)
    return _Shared(
        mailbox_field("From", letterhead.sender_name, letterhead.sender),
        text_field("Subject", letterhead.subject),
        reply_to,
        token_field("Auto-Submitted", ["auto-generated"])
        + token_field("List-Id", [f"<{letterhead.list_id}>"]),
        _checkpoint(letterhead.checkpoint) + letterhead.content + b"\r\n",
        "mailto:" + quote(sound_address(letterhead.unsubscribe, "List-Unsubscribe"), safe="@+"),
    )


def _dated(date: datetime) -> str:
    """Return a date as it stands in a head, in its own offset.  Source: RFC 5322, 3.3."""
    offset = date.utcoffset()
    if offset is None or offset % timedelta(minutes=1) or date.year < 1900:
        raise ValueError(f"Date: {date} has no offset in whole minutes, or lies too far back")
    return format_datetime(date)


def _answering(references: str) -> bytes:
    """Return what ties a correction to what it corrects.  Source: RFC 5322, 3.6.4."""
    if not references:
        return b""
    earlier = _message_ids("References", *references.split(" "))
    return token_field("In-Reply-To", earlier[-1:]) + token_field("References", earlier)


def _message_ids(name: str, *message_ids: str) -> tuple[str, ...]:
    for message_id in message_ids:
        if not _MESSAGE_ID.fullmatch(message_id):
            raise ValueError(f"{name}: {message_id[:80]!r} is no Message-ID")
    return message_ids


def _unsubscribing(url: str | None, mailto: str, tag: str) -> bytes:
    """Return how to get no more mail: by one click if there is an address for it, and by mail.

    Source: RFC 8058, 3.1 and 3.2: an https address that needs nothing else to know who asks.
    """
    if not tag:
        return token_field("List-Unsubscribe", [f"<{mailto}?subject=unsubscribe>"])
    if not TAG.fullmatch(tag):
        raise ValueError(f"List-Unsubscribe: {tag[:80]!r} is no tag of a delivery")
    by_mail = f"<{mailto}?subject=unsubscribe%20{tag}>"
    if url is None:
        return token_field("List-Unsubscribe", [by_mail])
    if not re.fullmatch(r"https://[!#-;=?-~]+", url) or "{token}" not in url:
        raise ValueError(f"List-Unsubscribe: {url[:80]!r} is no https address in ASCII with {{token}}")
    one_click = f"<{url.replace('{token}', tag)}>,"
    return token_field("List-Unsubscribe", [one_click, by_mail]) + _ONE_CLICK


_ONE_CLICK = token_field("List-Unsubscribe-Post", ["List-Unsubscribe=One-Click"])


def _checkpoint(note: bytes) -> bytes:
    """Return the archive's checkpoint for reporters' inboxes to witness: base64, with spaces if long."""
    if not note:
        return b""
    encoded = base64.b64encode(note).decode()
    pieces = [encoded[i : i + _CHECKPOINT_PIECE] for i in range(0, len(encoded), _CHECKPOINT_PIECE)]
    return token_field("Presskit-Checkpoint", pieces)
