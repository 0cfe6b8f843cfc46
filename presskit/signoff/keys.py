"""Ed25519 keys: made, kept encrypted in OpenSSH's file format, read back, and used.

Not here: whose key it is and whether it counts (`keyring`), and where key files lie (`keybox`).
"""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import dataclass
from typing import Literal

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

KIND = "ssh-ed25519"
ROUNDS = 24
"""Of bcrypt, when a key file is encrypted: about a third of a second a guess."""

_HEAD = b"\0\0\0\x0bssh-ed25519\0\0\0 "


class BadKey(ValueError):
    """What was given is no Ed25519 key, or the passphrase does not open it."""


@dataclass(frozen=True, slots=True)
class PublicKey:
    """The half of a key everybody may have."""

    raw: bytes  # 32 bytes.  Source: RFC 8032, 5.1.5

    @property
    def key_id(self) -> str:
        """The SHA-256 of the raw key, in hexadecimal: what records name it by."""
        return hashlib.sha256(self.raw).hexdigest()

    @property
    def fingerprint(self) -> str:
        """What people compare by eye, as ssh-keygen -l prints it."""
        blob = hashlib.sha256(_HEAD + self.raw).digest()
        return "SHA256:" + base64.b64encode(blob).decode().rstrip("=")

    @property
    def line(self) -> str:
        """The key as it stands in a .pub file.  Source: RFC 4253, 6.6; RFC 8709, 4."""
        return f"{KIND} {base64.b64encode(_HEAD + self.raw).decode()}"

    @property
    def pem(self) -> bytes:
        """The key as openssl reads it.  Source: RFC 8410."""
        return Ed25519PublicKey.from_public_bytes(self.raw).public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        )

    def verifies(self, message: bytes, signature: bytes) -> bool:
        """Whether the signature over the message is this key's."""
        try:
            Ed25519PublicKey.from_public_bytes(self.raw).verify(signature, message)
        except (InvalidSignature, ValueError):
            return False
        return True


@dataclass(frozen=True, slots=True)
class Key:
    """A whole key, open in memory."""

    private: Ed25519PrivateKey

    @property
    def public(self) -> PublicKey:
        """The half everybody may have."""
        return PublicKey(
            self.private.public_key().public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
        )

    @property
    def key_id(self) -> str:
        """What records name it by."""
        return self.public.key_id

    @property
    def kind(self) -> Literal["raw"]:
        """How its signatures are written: as they are."""
        return "raw"

    def sign(self, message: bytes) -> bytes:
        """Return the signature over a message: 64 bytes."""
        return self.private.sign(message)


def new_key() -> Key:
    """Return a key nobody had before."""
    return Key(Ed25519PrivateKey.generate())


def seal(key: Key, passphrase: bytes) -> bytes:
    """Return the encrypted key file, in the format of OpenSSH."""
    encryption = serialization.PrivateFormat.OpenSSH.encryption_builder().kdf_rounds(ROUNDS)
    return key.private.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.OpenSSH, encryption.build(passphrase)
    )


def unseal(content: bytes, passphrase: bytes) -> Key:
    """Return the key in an encrypted key file.

    Raises:
        BadKey: the passphrase is wrong, or there is no Ed25519 key in it.
    """
    try:
        private = serialization.load_ssh_private_key(content, passphrase)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise BadKey("the passphrase does not open this key file") from error
    if not isinstance(private, Ed25519PrivateKey):
        raise BadKey("this is a key of another kind than Ed25519")
    return Key(private)


def read_public(text: str) -> PublicKey:
    """Return the key of a line as it stands in a .pub file; what follows it (a comment) is ignored.

    Raises:
        BadKey: it is no Ed25519 key.
    """
    found = re.fullmatch(r"ssh-ed25519 ([A-Za-z0-9+/]{60,80}={0,2})(?:\s[^\n]*)?\n?", text.strip())
    try:
        blob = base64.b64decode(found[1], validate=True) if found else b""
    except ValueError:
        blob = b""
    if not blob.startswith(_HEAD) or len(blob) != len(_HEAD) + 32:
        raise BadKey("this is not an Ed25519 key of the form “ssh-ed25519 AAAA…”")
    return PublicKey(blob[len(_HEAD) :])
