"""A text with the signatures below it, as witnesses of logs exchange it: signed, read and checked.

Not here: what the text says (`checkpoint`), and whose keys count (`signoff`).

Source: C2SP, "Note format" (signed-note), Ed25519 signatures of type 1.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterable
from typing import Protocol

from presskit.signoff import envelope
from presskit.signoff.keys import PublicKey

LIMIT_BYTES = 1_000_000
SIGNATURES_LIMIT = 100  # as the format allows a reader

_LINE = re.compile(r"— ([^\s+]+) ([A-Za-z0-9+/]+={0,2})")


class BadNote(ValueError):
    """A note is garbled, or none of the keys signed it under the name that was asked for."""


class Signer(envelope.Signer, Protocol):
    """A key in memory, or whatever else signs as plain Ed25519 and shows the half everybody may have."""

    @property
    def public(self) -> PublicKey:
        """The half everybody may have."""


def key_hash(name: str, key: PublicKey) -> bytes:
    """Return the four bytes a signature line names its key by."""
    return hashlib.sha256(name.encode() + b"\n\x01" + key.raw).digest()[:4]


def sign_note(text: str, name: str, signer: Signer) -> bytes:
    """Return the text, which ends with a line end, with one signature under the name."""
    signature = key_hash(name, signer.public) + signer.sign(text.encode())
    return f"{text}\n— {name} {base64.b64encode(signature).decode()}\n".encode()


def open_note(note: bytes, name: str, keys: Iterable[PublicKey]) -> str:
    """Return the text of a note that one of the keys signed under the name.

    Signatures under other names and of other keys are passed over, as the format asks.

    Raises:
        BadNote: it is none, or no signature counts.
    """
    if len(note) > LIMIT_BYTES:
        raise BadNote(f"it has more than {LIMIT_BYTES:,} bytes")
    try:
        whole = note.decode("utf-8")
    except UnicodeDecodeError as error:
        raise BadNote("it is not text in UTF-8") from error
    text, gap, below = whole.rpartition("\n\n")
    if not gap or not below.endswith("\n") or any(ord(c) < 32 and c != "\n" for c in whole):
        raise BadNote("it is not a text with signatures below it")
    lines = below[:-1].split("\n")
    if len(lines) > SIGNATURES_LIMIT:
        raise BadNote(f"it has {len(lines)} signatures")
    known = {key_hash(name, key): key for key in keys}
    text += "\n"
    signed = False
    for line in lines:
        signer, content = _signature(line)
        key = known.get(content[:4])
        if signer != name or key is None:
            continue
        if not key.verifies(text.encode(), content[4:]):
            raise BadNote(f"the signature of {name} does not fit its text")
        signed = True
    if not signed:
        raise BadNote(f"no known key signed it as {name}")
    return text


def exactly(encoded: str) -> bytes:
    """Return decoded Base64 that is written in the one way it can be.

    Raises:
        BadNote: it is not.
    Why: the last character has bits that no decoder looks at; changing them must not pass unseen.
    """
    try:
        content = base64.b64decode(encoded, validate=True)
    except ValueError as error:
        raise BadNote(f"{encoded[:40]!r} is not Base64") from error
    if base64.b64encode(content).decode() != encoded:
        raise BadNote(f"{encoded[:40]!r} is not Base64 as it is written")
    return content


def _signature(line: str) -> tuple[str, bytes]:
    found = _LINE.fullmatch(line)
    if found is None:
        raise BadNote(f"{line[:40]!r} is no line of a signature")
    content = exactly(found[2])
    if len(content) < 5:
        raise BadNote(f"the signature of {found[1]} is cut off")
    return found[1], content
