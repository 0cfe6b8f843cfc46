"""A release's e-mail body and its attachments as the bytes that go over the wire, once for all recipients.

Levels that hold one thing are left out; the boundaries come from the content, so that the same content is the
same bytes.  Not here: what the body says (`writers.mail`), and whom it goes to (`head`).

Source: RFC 2045, RFC 2046 and RFC 2047; RFC 2183 (Content-Disposition); RFC 2387 (multipart/related);
RFC 5321, 4.5.2 (dots at the start of lines).
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

from presskit.send.message.fields import parameters_field, token_field
from presskit.writers.mail import MailBody, Picture

NAME_LENGTH = 200
"""Characters a file's name may have: file systems take 255 bytes."""

_MEDIA_TYPE = re.compile(r"(?!multipart/|message/)[a-z]+/[a-z0-9][a-z0-9.+-]{0,100}", re.ASCII)
_CID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,60}(?:@[A-Za-z0-9][A-Za-z0-9.-]{0,60})?", re.ASCII)
_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8}){0,4}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that goes along."""

    name: str
    media_type: str  # application/pdf
    data: bytes


@dataclass(frozen=True, slots=True)
class Prepared:
    """A body, ready to be sent below any number of heads."""

    body: bytes  # as on the wire: CRLF, dots doubled at the start of lines, without the final dot
    sha256: str  # of it
    content: bytes  # the lines of the head that say what it is


@dataclass(frozen=True, slots=True)
class _Part:
    fields: bytes
    body: bytes  # ends in CRLF


def prepare(body: MailBody, attachments: Sequence[Attachment], language: str) -> Prepared:
    """Return a release's body with its attachments.

    Args:
        language: the release's, as its tag.

    Raises:
        ValueError: a file's name, a media type, a Content-ID or the language can not stand in a message.
    """
    if not _LANGUAGE.fullmatch(language):
        raise ValueError(f"{language[:40]!r} is no language tag")
    plain, html = _text("plain", body.text), _text("html", body.html)
    pictures = [_picture(picture) for picture in body.pictures]
    files = [_attachment(attachment) for attachment in attachments]
    digest = _digest((plain, html, *pictures, *files))
    if pictures:
        html = _joined("related", (html, *pictures), digest, type="text/html")
    whole = _joined("alternative", (plain, html), digest)
    if files:
        whole = _joined("mixed", (whole, *files), digest)
    content = (
        token_field("MIME-Version", ["1.0"]) + whole.fields + token_field("Content-Language", [language])
    )
    wire = _stuffed(whole.body)
    return Prepared(wire, sha256(wire).hexdigest(), content)


def unstuffed(prepared: Prepared) -> bytes:
    """Return the body as it stands in a file, or as the receiver has it."""
    return (b"\r\n" + prepared.body).replace(b"\r\n.", b"\r\n")[2:]


def _stuffed(body: bytes) -> bytes:
    return (b"\r\n" + body).replace(b"\r\n.", b"\r\n..")[2:]


def _text(subtype: str, text: str) -> _Part:
    """Return text in quoted-printable; it ends with a line end, and its lines are at most 76 long."""
    lines = re.sub(r"\r\n?", "\n", text).removesuffix("\n") + "\n"
    encoded = binascii.b2a_qp(lines.encode(), istext=True).replace(b"\n", b"\r\n")
    kind = parameters_field("Content-Type", f"text/{subtype}", charset="utf-8")
    return _Part(kind + token_field("Content-Transfer-Encoding", ["quoted-printable"]), encoded)


def _attachment(attachment: Attachment) -> _Part:
    name = attachment.name
    if not name or name != name.strip() or len(name) > NAME_LENGTH or re.search(r"[/\\]", name):
        raise ValueError(f"{name[:80]!r} can not be an attachment's name")
    disposition = parameters_field("Content-Disposition", "attachment", filename=name)
    return _file(attachment.media_type, disposition, attachment.data)


def _picture(picture: Picture) -> _Part:
    """Return a picture the HTML shows; the name is for programs that list it among the attachments."""
    if not _CID.fullmatch(picture.cid):
        raise ValueError(f"{picture.cid[:80]!r} can not be a Content-ID")
    name = f"{picture.cid.partition('@')[0]}.{picture.media_type.partition('/')[2]}"
    disposition = parameters_field("Content-Disposition", "inline", filename=name)
    return _file(
        picture.media_type, token_field("Content-ID", [f"<{picture.cid}>"]) + disposition, picture.data
    )


def _file(media_type: str, fields: bytes, data: bytes) -> _Part:
    if not _MEDIA_TYPE.fullmatch(media_type):
        raise ValueError(f"{media_type[:80]!r} is no media type of a file")
    kind = token_field("Content-Type", [media_type]) + token_field("Content-Transfer-Encoding", ["base64"])
    return _Part(kind + fields, base64.encodebytes(data).replace(b"\n", b"\r\n") or b"\r\n")


def _digest(parts: Sequence[_Part]) -> str:
    """Return the content's digest; no part holds a NUL, encoded as it is."""
    digest = sha256()
    for part in parts:
        for piece in (part.fields, part.body):
            digest.update(piece + b"\0")
    return digest.hexdigest()


def _joined(subtype: str, parts: Sequence[_Part], digest: str, **parameters: str) -> _Part:
    """Return parts as one.

    The boundary can not occur in them: “=_” is neither quoted-printable nor base64, and fields start no line
    with a hyphen.  Source: RFC 2045, 6.7 (the last remarks, which recommend just this).
    """
    boundary = f"=_{subtype}_{digest[:32]}"
    pieces = [b"--%b\r\n%b\r\n%b\r\n" % (boundary.encode(), part.fields, part.body) for part in parts]
    fields = parameters_field("Content-Type", f"multipart/{subtype}", **parameters, boundary=boundary)
    return _Part(fields, b"".join(pieces) + b"--%b--\r\n" % boundary.encode())
