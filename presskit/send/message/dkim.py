"""The sender's signature over a message, for offices whose relay does not sign: DKIM, RSA or Ed25519.

The body is hashed once for all recipients; a head is signed for each.  Not here: whether the key's public
half stands in the DNS, which only the office's provider can change.

Source: RFC 6376; RFC 8301 (SHA-256, RSA of 1024 bits at least); RFC 8463 (Ed25519); RFC 8058, 4 (the
unsubscribe fields have to be signed).
"""

from __future__ import annotations

import base64
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from hashlib import sha256
from pathlib import Path

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

from presskit.errors import BadSettings, Place, Problem
from presskit.model.mail import Dkim
from presskit.send.message.body import Prepared, unstuffed
from presskit.send.message.fields import DOMAIN, TEXT_WIDTH, folded
from presskit.workspace import HOUSE

KEY_FILE_BYTES = 100_000
"""How much of a key's file is read."""

SIGNED = tuple(
    """from to subject date message-id reply-to in-reply-to references mime-version content-type
    auto-submitted list-unsubscribe list-unsubscribe-post presskit-checkpoint""".split()
)
"""Fields a signature covers, each once more than the message has it.

Why: one that is missing can not be added on the way, nor a second one, which some programs would show.
Source: RFC 6376, 5.4.2 and 8.15.
"""

RSA_BITS = 1024
"""Shorter keys count for nothing.  Source: RFC 8301, 3.2."""


@dataclass(frozen=True, slots=True)
class Signer:
    """A key with the name receivers look it up by."""

    key: RSAPrivateKey | Ed25519PrivateKey = field(repr=False)
    domain: str  # the sender's, in lower-case ASCII
    selector: str
    body_hashes: dict[str, str] = field(
        default_factory=dict, repr=False, compare=False
    )  # by `Prepared.sha256`

    @property
    def algorithm(self) -> str:
        """The algorithm, as signatures name it."""
        return "rsa-sha256" if isinstance(self.key, RSAPrivateKey) else "ed25519-sha256"

    @property
    def record_name(self) -> str:
        """The name in the DNS under which `public_record` has to stand."""
        return f"{self.selector}._domainkey.{self.domain}"

    def sign(self, head: bytes, prepared: Prepared) -> bytes:
        """Return a head with the signature over it and its body before it; the time in it is the head's Date.

        Raises:
            ValueError: a field is there twice, or there is no From or Date.
        """
        present = _relaxed(head)
        if not {"from", "date"} <= present.keys():
            raise ValueError("a head without From and Date can not be signed")
        moment = int(parsedate_to_datetime(present["date"].partition(":")[2]).timestamp())
        covered = [name for name in SIGNED if name in present]
        tags = _tags(self, moment, [*covered, *SIGNED], _body_hash(self, prepared))
        unsigned = folded("DKIM-Signature", tags, TEXT_WIDTH)
        canonical = [present[name] for name in covered] + [_relaxed(unsigned)["dkim-signature"]]
        said = "\r\n".join(canonical).encode()
        signature = base64.b64encode(_signature(self, said))
        lines = [signature[i : i + TEXT_WIDTH - 1] for i in range(0, len(signature), TEXT_WIDTH - 1)]
        return unsigned.removesuffix(b"\r\n") + b"".join(b"\r\n " + line for line in lines) + b"\r\n" + head


def signer_of(settings: Dkim, sender: str, root: Path) -> Signer:
    """Return what signs an office's messages.

    Args:
        sender: address the messages are from; its domain signs unless another is named.
        root: the folder a relative `key_file` is in.

    Raises:
        BadSettings: the key can not be used.
    """
    file = root / settings.key_file
    try:
        with file.open("rb") as found:
            pem = found.read(KEY_FILE_BYTES)
        return load_signer(pem, settings.domain or sender.rpartition("@")[2], settings.selector)
    except (OSError, ValueError) as error:
        why = f"can not be read: {error.strerror}" if isinstance(error, OSError) else str(error)
        what = f"the key file {file.name} {why}."
        fix = "correct key_file:, domain: or selector:; leave dkim: out if the relay signs."
        raise BadSettings(Problem(Place(HOUSE), "mail: dkim", what, fix, "dkim-key")) from error


def load_signer(pem: bytes, domain: str, selector: str) -> Signer:
    """Return what signs with the private key of a file.

    Raises:
        ValueError: it is no private RSA or Ed25519 key of enough bits without a passphrase; or the names can
            not stand in the DNS.  The words go on after "the key file ….pem ".
    """
    for name in (domain, selector):
        if not DOMAIN.fullmatch(name) or len(name) > 253:
            raise ValueError(f"goes with a name that can not stand in the DNS: {name[:80]!r}")
    try:
        key = serialization.load_pem_private_key(pem, None)
    except TypeError:
        raise ValueError("asks for a passphrase; mail is sent with nobody there to type it") from None
    except (ValueError, UnsupportedAlgorithm):
        raise ValueError("holds no private key in PEM, or one too short to count") from None
    if not isinstance(key, RSAPrivateKey | Ed25519PrivateKey):
        raise ValueError("holds a key of another kind than RSA and Ed25519, and receivers know no other")
    if isinstance(key, RSAPrivateKey) and key.key_size < RSA_BITS:
        raise ValueError(f"holds a key of {key.key_size} bits; receivers take none below {RSA_BITS}")
    return Signer(key, domain.lower(), selector.lower())


def public_record(signer: Signer) -> str:
    """Return the text to publish in the DNS under `Signer.record_name`, as one TXT record.

    Source: RFC 6376, 3.6.1; RFC 8463, 4.2 (of Ed25519 the bare 32 bytes).
    """
    public = signer.key.public_key()
    if isinstance(signer.key, RSAPrivateKey):
        kind, form = "rsa", (serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    else:
        kind, form = "ed25519", (serialization.Encoding.Raw, serialization.PublicFormat.Raw)
    return f"v=DKIM1; k={kind}; p={base64.b64encode(public.public_bytes(*form)).decode()}"


def _tags(signer: Signer, moment: int, covered: Sequence[str], body_hash: str) -> list[str]:
    """Return the words of a signature; its own place at the end is empty.  Source: RFC 6376, 3.5."""
    fields = [f"{name}:" for name in covered[:-1]] + [f"{covered[-1]};"]
    return [
        *(
            "v=1;",
            f"a={signer.algorithm};",
            "c=relaxed/simple;",
            f"d={signer.domain};",
            f"s={signer.selector};",
        ),
        *(f"t={moment};", f"h={fields[0]}", *fields[1:], f"bh={body_hash};", "b="),
    ]


def _signature(signer: Signer, said: bytes) -> bytes:
    """Return the bare signature.  Source: RFC 6376, 3.3.1; RFC 8463, 3 (Ed25519 over the SHA-256)."""
    if isinstance(signer.key, RSAPrivateKey):
        return signer.key.sign(said, padding.PKCS1v15(), hashes.SHA256())
    return signer.key.sign(sha256(said).digest())


def _body_hash(signer: Signer, prepared: Prepared) -> str:
    """Return the hash of the body as receivers have it, from memory after the first time.

    Source: RFC 6376, 3.4.3 (simple: but for empty lines at the end, which no body of ours has, as it is).
    """
    found = signer.body_hashes.get(prepared.sha256)
    if found is None:
        found = base64.b64encode(sha256(unstuffed(prepared)).digest()).decode()
        signer.body_hashes[prepared.sha256] = found
    return found


def _relaxed(head: bytes) -> dict[str, str]:
    """Return the fields of a head by name, in canonical form.

    Source: RFC 6376, 3.4.2 (relaxed: lower-case names, no folds, single spaces).
    """
    fields: dict[str, str] = {}
    for line in re.sub(r"\r\n(?=[ \t])", "", head.decode()).split("\r\n"):
        if not line:
            continue
        name, colon, value = line.partition(":")
        name = name.strip(" \t").lower()
        if not colon or name in fields:
            raise ValueError(f"the head has {name[:60]!r} twice, or a line that is no field")
        fields[name] = f"{name}:" + re.sub(r"[ \t]+", " ", value).strip(" ")
    return fields
