"""A digital PDF with an empty field to the same PDF, visibly signed: PAdES, for recipients to see.

A courtesy, not the root of trust: what was approved stands in the sign-off records.  Needs the extra
``presskit-pipeline[pades]``, which is imported when it is first used.

Not here: what pyHanko does (`seal`), where the field stands and how it looks (`writers.pdf.signature`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, EllipticCurvePrivateKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.hazmat.primitives.serialization.pkcs12 import PKCS12KeyAndCertificates, load_pkcs12
from cryptography.x509.oid import NameOID

from presskit.errors import BadSettings, NotAllowed, Place, Problem, Unreadable

if TYPE_CHECKING:
    from presskit.signoff.seal import Field, Key

CERTIFICATE, PDF = Place("certificate"), Place("PDF")
PKCS12 = re.compile(rb"0[\x80-\x84].{0,4}\x02\x01\x03", re.DOTALL)
"""How a PKCS#12 file begins: a sequence whose first part is the number 3 (RFC 7292, 4)."""


@dataclass(frozen=True, slots=True)
class PdfSignature:
    """What the signature in a PDF is worth."""

    intact: bool  # what it covers is what was signed
    valid: bool  # it was made with the certificate's key
    trusted: bool  # the certificate leads to a trusted one, and was in force when it says it was made
    whole: bool  # it covers the whole file
    signer: str  # "Media Relations · Example Police Service"
    signed_at: datetime | None  # what the signer said
    stamped_at: datetime | None  # what a trusted time-stamp authority said


def sign_pdf(
    pdf: bytes,
    certificate: bytes,
    passphrase: bytes,
    *,
    at: datetime,
    reason: str,
    timestamp: Callable[[bytes], bytes] | None = None,
) -> bytes:
    """Return the PDF with its field signed, PAdES baseline B-B; B-T with a time stamp.

    The same bytes come of the same input, but for ECDSA keys and time stamps.

    Args:
        certificate: PKCS#12, with key, certificate and the certificates that lead to a trusted one.
        reason: printed below the signer's name, in the release's language; may be empty.
        timestamp: gives a time-stamp authority's answer (RFC 3161) to a SHA-256 or SHA-512 digest.

    Raises:
        BadSettings: pyHanko is not installed, the certificate can not be used, or a character has no glyph.
        NotAllowed: the certificate is not in force at that time.
        Unreadable: the PDF is none, or has no empty field for a signature.
    """
    _require_extra()
    key, signer = _open(certificate, passphrase, at)
    field = _field(pdf)
    circumstances = " · ".join(filter(None, (reason, _said(at))))
    field.show(_picture((field.label, signer, circumstances), field))
    return field.sign(key, at, reason, timestamp)


def check_pdf(pdf: bytes, trusted: Sequence[bytes]) -> PdfSignature | None:
    """Return what the signature in a PDF's field is worth; None if nobody signed there.

    Args:
        trusted: certificates that are believed, PEM or DER.

    Raises:
        BadSettings: pyHanko is not installed.
        Unreadable: the PDF is none.
    """
    _require_extra()
    from presskit.signoff.seal import judge
    from presskit.writers.pdf.signature import FIELD

    try:
        verdict = judge(pdf, FIELD, trusted)
    except ValueError as error:
        raise Unreadable(_no_pdf()) from error
    if verdict is None:
        return None
    return PdfSignature(
        intact=verdict.intact,
        valid=verdict.valid,
        trusted=verdict.trusted,
        whole=verdict.whole,
        signer=holder_name(x509.load_der_x509_certificate(verdict.certificate)),
        signed_at=verdict.signed_at,
        stamped_at=verdict.stamped_at,
    )


def _require_extra() -> None:
    """Import what imports pyHanko, 0.3 s.

    Why: an office without the extra can not import it, and most runs sign no PDF.
    """
    try:
        import presskit.signoff.seal  # noqa: F401 (to see whether it can be)
    except ModuleNotFoundError as error:
        package = (error.name or "").partition(".")[0]
        what = f"signing PDFs needs “{package}”, which is not installed."
        fix = "install it: pip install 'presskit-pipeline[pades]'."
        raise BadSettings(Problem(PDF, "", what, fix, "extra-missing")) from error


def _open(certificate: bytes, passphrase: bytes, at: datetime) -> tuple[Key, str]:
    """The key of a PKCS#12 file, and its holder's name."""
    opened = _unlocked(certificate, passphrase)
    if opened.key is None or opened.cert is None:
        raise _unusable("the file holds no key with its certificate.", "export both into one PKCS#12 file.")
    holder = opened.cert.certificate
    _require_in_force(holder, at)
    chain = tuple(other.certificate.public_bytes(Encoding.DER) for other in opened.additional_certs)
    return _key(opened.key, holder.public_bytes(Encoding.DER), chain), holder_name(holder)


def _unlocked(certificate: bytes, passphrase: bytes) -> PKCS12KeyAndCertificates:
    try:
        return load_pkcs12(certificate, passphrase)
    except UnsupportedAlgorithm as error:
        what = "the file is locked in an outdated way that is not read any more."
        raise _unusable(what, "export it anew, with AES.") from error
    except ValueError as error:
        if PKCS12.match(certificate):
            what, fix = "the passphrase does not open the file, or the file is damaged.", "type it again."
        else:
            what, fix = "this is no PKCS#12 file.", "name the file that ends in .p12 or .pfx."
        raise _unusable(what, fix) from error


def _key(private: object, certificate: bytes, chain: tuple[bytes, ...]) -> Key:
    """The key with the way its kind signs, ETSI TS 119 312 (hashes) and RFC 8419 (Ed25519)."""
    from presskit.signoff.seal import Key

    match private:
        case RSAPrivateKey():
            return Key(certificate, chain, "sha256", lambda data: private.sign(data, PKCS1v15(), SHA256()))
        case EllipticCurvePrivateKey():
            return Key(certificate, chain, "sha256", lambda data: private.sign(data, ECDSA(SHA256())))
        case Ed25519PrivateKey():
            return Key(certificate, chain, "sha512", private.sign)
        case _:
            raise _unusable("a key of this kind can not sign PDFs.", "use an RSA, ECDSA or Ed25519 key.")


def _require_in_force(certificate: x509.Certificate, at: datetime) -> None:
    first, last = certificate.not_valid_before_utc, certificate.not_valid_after_utc
    if first <= at <= last:
        return
    what = f"it was in force from {_said(first)} to {_said(last)}, and this is signed on {_said(at)}."
    fix = "use a certificate that is in force."
    raise NotAllowed(Problem(CERTIFICATE, "", what, fix, "certificate-expired"))


def _unusable(what: str, fix: str) -> BadSettings:
    return BadSettings(Problem(CERTIFICATE, "", what, fix, "certificate-unusable"))


def _field(pdf: bytes) -> Field:
    from presskit.signoff.seal import Field
    from presskit.writers.pdf.signature import FIELD

    try:
        return Field(pdf, FIELD)
    except LookupError as error:
        what, fix = "it has no empty field for a signature.", "build it with one, and sign it once."
        raise Unreadable(Problem(PDF, "", what, fix, "signature-field-missing")) from error
    except ValueError as error:
        raise Unreadable(_no_pdf()) from error


def _no_pdf() -> Problem:
    return Problem(PDF, "", "this is no PDF, or it is damaged.", "build it again.", "file-unreadable")


def _picture(lines: tuple[str, str, str], field: Field) -> bytes:
    """The visible signature; the PDF writer is not imported where nothing is signed."""
    from presskit.writers.pdf.faces import MissingGlyph
    from presskit.writers.pdf.signature import draw_signature

    try:
        return draw_signature(lines, field.size_pt, field.colour)
    except MissingGlyph as error:
        what = f"the signature can not be printed: {error}."
        fix = "sign with a certificate in Latin, Greek or Cyrillic letters."
        raise BadSettings(Problem(CERTIFICATE, "", what, fix, "character-without-glyph")) from error


def holder_name(certificate: x509.Certificate) -> str:
    """Return who holds a certificate: "Media Relations · Example Police Service"."""
    kinds = (NameOID.COMMON_NAME, NameOID.ORGANIZATION_NAME)
    found = [str(part.value) for kind in kinds for part in certificate.subject.get_attributes_for_oid(kind)]
    return " · ".join(dict.fromkeys(found)) or certificate.subject.rfc4514_string()


def _said(moment: datetime) -> str:
    """Day, time and distance from UTC in figures, which every language reads."""
    zone = f"{moment:%z}"
    sign = "−" if zone.startswith("-") else "+"
    return f"{moment:%Y-%m-%d %H:%M} UTC" + (f"{sign}{zone[1:3]}:{zone[3:5]}" if zone[1:5] != "0000" else "")
