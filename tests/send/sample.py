"""A release on its way to a newsroom, and how the standard library reads what arrives."""

from __future__ import annotations

import unicodedata
from datetime import datetime, timedelta, timezone
from email import message_from_bytes, policy
from email.header import decode_header, make_header
from email.headerregistry import AddressHeader
from email.message import EmailMessage
from email.parser import BytesParser
from email.utils import parseaddr
from typing import Any, Literal

from presskit.send.message.body import Attachment, Prepared, prepare, unstuffed
from presskit.send.message.head import Addressed, Letterhead
from presskit.send.message.tokens import Tokens
from presskit.writers.mail import MailBody, Picture

TOKENS = Tokens(bytes(range(32)))
PDF = b"%PDF-1.7\n" + bytes(range(256)) * 20
PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256))
CHECKPOINT = b"example.org/presskit\n12\n" + b"q" * 44 + b"\n\n\xe2\x80\x94 example.org " + b"s" * 92 + b"\n"

TEXT = """\
OPÉRATION « NORDWIND » : DOUZE ARRESTATIONS
Полиция. 警察発表。
.
..
.hidden file
From here on, nothing is changed.
--\x20
A line that goes on and on, far beyond the width any mail program shows: {}
""".format("ü" * 300)

HTML = (
    "<!DOCTYPE html><html><body><p>Opération</p>\n<img src='cid:logo@press.example.org'>\n.\n</body></html>"
)

BODY = MailBody(TEXT, HTML, (Picture("logo@press.example.org", "image/png", PNG),))
FILES = (Attachment("nordwind.pdf", "application/pdf", PDF),)


def prepared() -> Prepared:
    return prepare(BODY, FILES, "fr-CA")


def letterhead(**fields: Any) -> Letterhead:
    usual: dict[str, Any] = {
        "sender_name": "Police, press desk",
        "sender": "media@example.org",
        "subject": "Opération « Nordwind » : douze arrestations",
        "list_id": "press.example.org",
        "unsubscribe": "stop@example.org",
        "unsubscribe_url": "https://example.org/stop/{token}?from=mail&list=press",
        "reply_to": "desk@example.org",
        "reply_to_name": "Press desk",
        "checkpoint": CHECKPOINT,
        "content": prepared().content,
    }
    return Letterhead(**usual | fields)


def addressed(**fields: Any) -> Addressed:
    usual: dict[str, Any] = {
        "address": "city.desk@example.com",
        "name": "City desk",
        "message_id": TOKENS.message_id("nordwind", 1, "city.desk@example.com", "example.org"),
        "tag": TOKENS.tag(4711),
        "date": datetime(2026, 11, 24, 9, 30, 15, tzinfo=timezone(timedelta(hours=-3, minutes=-30))),
    }
    return Addressed(**usual | fields)


def parsed(head: bytes) -> EmailMessage:
    """Return a head as the standard library reads it; it must find nothing to complain of."""
    parser = BytesParser(EmailMessage, policy=policy.default)
    return _without_defects(parser.parsebytes(head, headersonly=True))


def received(whole: Prepared, head: bytes = b"") -> EmailMessage:
    """Return a message as the standard library reads it, a body alone if no head is given."""
    content = (head or whole.content + b"\r\n") + unstuffed(whole)
    return _without_defects(message_from_bytes(content, _class=EmailMessage, policy=policy.default))


def said(message: EmailMessage, form: Literal["plain", "html"]) -> str:
    """Return what one of the two forms says, line ends as in the source."""
    part = message.get_body((form,))
    assert part is not None and part["Content-Transfer-Encoding"] == "quoted-printable"
    content = part.get_content()
    assert isinstance(content, str) and "\n" not in content.replace("\r\n", "")
    return content.replace("\r\n", "\n")


def _without_defects(message: EmailMessage) -> EmailMessage:
    for part in message.walk():
        assert not part.defects
        assert not [defect for value in part.values() for defect in value.defects]
    return message


def raw_field(head: bytes, name: str) -> str:
    """Return the one field of a name, unfolded and still encoded."""
    lines = head.decode().replace("\r\n ", " ").split("\r\n")
    (found,) = [line.partition(": ")[2] for line in lines if line.lower().startswith(f"{name.lower()}: ")]
    return found


def mailbox(head: bytes, name: str) -> tuple[str, str]:
    """Return the display name and the address of a field that must hold exactly one mailbox.

    Why not `addresses[0].display_name`: up to Python 3.13 a space comes in between two encoded words.
    """
    field = parsed(head)[name]
    assert isinstance(field, AddressHeader)
    (only,) = field.addresses
    display, address = parseaddr(raw_field(head, name))
    assert address == only.addr_spec
    return words(display), address


def words(encoded: str) -> str:
    return str(make_header(decode_header(encoded)))


def nfc(text: str) -> str:
    return unicodedata.normalize("NFC", text)


def assert_lines_fit(content: bytes) -> None:
    """Assert that every line ends in CRLF and fits, and that no encoded word is too long."""
    assert content.endswith(b"\r\n")
    assert b"\n" not in content.replace(b"\r\n", b"") and b"\r" not in content.replace(b"\r\n", b"")
    lines = content.split(b"\r\n")
    assert max(map(len, lines)) <= 998
    encoded = [word for line in lines for word in line.split(b" ") if word.startswith(b"=?")]
    assert all(word.endswith(b"?=") and len(word) <= 75 for word in encoded)
