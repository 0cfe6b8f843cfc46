"""Signatures made by ``ssh-keygen -Y sign``: what they cover, and whether they hold.

For partners who have an SSH key and no presskit.  Not here: whose key it is (`keyring`).

Source: OpenSSH, PROTOCOL.sshsig.
"""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import dataclass

from presskit.signoff.keys import PublicKey

NAMESPACE = "signoff@presskit"
"""What ``ssh-keygen -Y sign -n`` has to be given: a signature made for mail or git can not pass for ours."""

LIMIT_BYTES = 4096
_KEY_HEAD = b"\0\0\0\x0bssh-ed25519\0\0\0 "
_SIGNATURE_HEAD = b"\0\0\0\x0bssh-ed25519\0\0\0@"


@dataclass(frozen=True, slots=True)
class SshSignature:
    """One signature, taken apart."""

    key: PublicKey
    hash_name: str  # sha256 or sha512
    signature: bytes  # 64 bytes
    blob: bytes  # the whole, as it is kept


class BadSignature(ValueError):
    """What was given is no signature of the kind we take."""


def read_armoured(text: str) -> SshSignature:
    """Return the signature of a .sig file.

    Raises:
        BadSignature: it is none, or one of another kind of key or for another purpose.
    """
    found = re.fullmatch(
        r"\s*-----BEGIN SSH SIGNATURE-----\s+([A-Za-z0-9+/=\s]+?)\s+-----END SSH SIGNATURE-----\s*", text
    )
    if found is None or len(text) > LIMIT_BYTES:
        raise BadSignature("this is not a signature file of ssh-keygen")
    try:
        return read_blob(base64.b64decode("".join(found[1].split()), validate=True))
    except ValueError as error:
        raise (
            error if isinstance(error, BadSignature) else BadSignature("this signature is garbled")
        ) from None


def read_blob(blob: bytes) -> SshSignature:
    """Return the signature in its binary form, taken apart.

    Raises:
        BadSignature: see `read_armoured`.
    """
    if len(blob) > LIMIT_BYTES or not blob.startswith(b"SSHSIG\0\0\0\x01"):
        raise BadSignature("this is not a signature file of ssh-keygen")
    key, namespace, _reserved, hash_name, signature = _fields(blob[10:], 5)
    if not key.startswith(_KEY_HEAD) or len(key) != len(_KEY_HEAD) + 32:
        raise BadSignature("it was made with a key of another kind than ssh-ed25519")
    if namespace != NAMESPACE.encode():
        raise BadSignature(f"it was made for another purpose: sign with -n {NAMESPACE}")
    if hash_name not in (b"sha256", b"sha512"):
        raise BadSignature("it uses a digest other than SHA-256 and SHA-512")
    if not signature.startswith(_SIGNATURE_HEAD) or len(signature) != len(_SIGNATURE_HEAD) + 64:
        raise BadSignature("the signature in it is garbled")
    return SshSignature(
        PublicKey(key[len(_KEY_HEAD) :]), hash_name.decode(), signature[len(_SIGNATURE_HEAD) :], blob
    )


def holds(signature: SshSignature, message: bytes) -> bool:
    """Whether the signature is the key's, over this message."""
    hashed = hashlib.new(signature.hash_name, message).digest()
    parts = NAMESPACE.encode(), b"", signature.hash_name.encode(), hashed
    return signature.key.verifies(b"SSHSIG" + b"".join(map(_string, parts)), signature.signature)


def _fields(content: bytes, count: int) -> list[bytes]:
    found: list[bytes] = []
    at = 0
    for _ in range(count):
        length = int.from_bytes(content[at : at + 4], "big")
        if len(content) < at + 4 + length:
            raise BadSignature("the signature is cut off")
        found.append(content[at + 4 : at + 4 + length])
        at += 4 + length
    if at != len(content):
        raise BadSignature("something follows the signature")
    return found


def _string(content: bytes) -> bytes:
    """Return bytes behind their length.  Source: RFC 4251, 5."""
    return len(content).to_bytes(4, "big") + content
