"""Turns names and days into certificates of an authority of our own: right, for another name, run out.

Not here: serving with them (`secure`).
"""

from __future__ import annotations

import ipaddress
import ssl
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Certificate:
    """A server's certificate and its key."""

    chain: Path  # PEM: the certificate
    key: Path  # PEM

    def context(self) -> ssl.SSLContext:
        """Return what a server encrypts with."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.chain, self.key)
        return context


class Authority:
    """Signs certificates; whoever trusts `file` trusts them."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = _named("presskit's tests")
        now = datetime.now(UTC)
        built = _builder(self._name, self._name, self._key, now - _DAY, now + _DAY)
        built = built.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        built = built.add_extension(usage(signs_certificates=True), critical=True)
        self.file = folder / "authority.pem"
        self.file.write_bytes(built.sign(self._key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM))

    def good(self) -> Certificate:
        """Return a certificate for this machine."""
        return self._signed("good", ("localhost", "127.0.0.1"))

    def for_another(self) -> Certificate:
        """Return a certificate for a machine of another name."""
        return self._signed("for-another", ("mail.example.org",))

    def run_out(self) -> Certificate:
        """Return a certificate for this machine that was good until yesterday."""
        return self._signed("run-out", ("localhost", "127.0.0.1"), until=-_DAY)

    def _signed(self, title: str, names: tuple[str, ...], until: timedelta = _DAY) -> Certificate:
        key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
        built = _builder(_named(names[0]), self._name, key, now - 30 * _DAY, now + until)
        alternatives = x509.SubjectAlternativeName([_alternative(name) for name in names])
        issuer = x509.AuthorityKeyIdentifier.from_issuer_public_key(self._key.public_key())
        for extension in (alternatives, issuer, x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH])):
            built = built.add_extension(extension, critical=False)
        built = built.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        made = Certificate(self._folder / f"{title}.pem", self._folder / f"{title}.key")
        certificate = built.sign(self._key, hashes.SHA256())
        made.chain.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
        made.key.write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            )
        )
        return made


def _builder(
    subject: x509.Name,
    issuer: x509.Name,
    key: ec.EllipticCurvePrivateKey,
    start: datetime,
    end: datetime,
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(end)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )


def _named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def _alternative(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def usage(*, signs_certificates: bool) -> x509.KeyUsage:
    """Return what a key may do: sign certificates, or anything else."""
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        encipher_only=False,
        decipher_only=False,
    )
