"""Certificates for tests: made when a test asks for them, worth nothing anywhere else."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Literal

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    pkcs12,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from tests.servers.certificates import usage

Kind = Literal["rsa", "ecdsa", "ed25519"]
Private = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey
PASSPHRASE = "pass phrase é".encode()
FIRST, LAST = datetime(2025, 1, 1, tzinfo=UTC), datetime(2025, 12, 31, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Holder:
    """A key and its certificate."""

    key: Private
    certificate: x509.Certificate

    @property
    def pem(self) -> bytes:
        return self.certificate.public_bytes(Encoding.PEM)

    @property
    def der(self) -> bytes:
        return self.certificate.public_bytes(Encoding.DER)

    @property
    def key_pem(self) -> bytes:
        return self.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())

    def pkcs12(self, *others: Holder) -> bytes:
        chain = [other.certificate for other in others]
        lock = BestAvailableEncryption(PASSPHRASE)
        return pkcs12.serialize_key_and_certificates(b"office", self.key, self.certificate, chain, lock)


@cache
def key_of(kind: Kind, number: int = 0) -> Private:
    match kind:
        case "rsa":
            return rsa.generate_private_key(65537, 2048)
        case "ecdsa":
            return ec.generate_private_key(ec.SECP256R1())
        case "ed25519":
            return ed25519.Ed25519PrivateKey.generate()


@cache
def root(name: str = "Example Root", kind: Kind = "ecdsa") -> Holder:
    return _holder(name, kind, None, None)


@cache
def office(kind: Kind = "ecdsa", name: str = "Media Relations") -> Holder:
    """The office's certificate, given by `root()`."""
    return _holder(name, kind, root(), None)


@cache
def authority(name: str, by: Holder) -> Holder:
    """A time-stamp authority's certificate."""
    return _holder(name, "ecdsa", by, ExtendedKeyUsageOID.TIME_STAMPING)


def _holder(name: str, kind: Kind, issuer: Holder | None, purpose: x509.ObjectIdentifier | None) -> Holder:
    key = key_of(kind, hash(name))
    subject = _name(name)
    last = LAST + timedelta(days=3650)
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer.certificate.subject if issuer else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(FIRST)
        .not_valid_after(LAST if issuer and purpose is None else last)
        .add_extension(x509.BasicConstraints(ca=issuer is None, path_length=None), critical=True)
        .add_extension(usage(signs_certificates=issuer is None), critical=True)
    )
    if purpose is not None:
        builder = builder.add_extension(x509.ExtendedKeyUsage([purpose]), critical=True)
    signer = issuer.key if issuer else key
    return Holder(
        key, builder.sign(signer, None if isinstance(signer, ed25519.Ed25519PrivateKey) else SHA256())
    )


def _name(name: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Example Police Service"),
            x509.NameAttribute(NameOID.COMMON_NAME, name),
        ]
    )
