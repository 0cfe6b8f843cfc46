"""A digest to a time-stamp authority's signed word that it existed, and that word back to a time.

What is kept is the authority's whole answer (a TimeStampResp, ``.tsr``): ``openssl ts -verify -in`` reads it.

Source: RFC 3161 (2.4 request and answer, 3.4 over HTTP), RFC 5816.

Not here: which digests are stamped, and when (the archive's checkpoints).
"""

from __future__ import annotations

import http.client
import secrets
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from ipaddress import ip_address
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit

from cryptography import x509

from presskit.errors import ArchiveDamaged, BadSettings, Place, Problem, Unreadable
from presskit.signoff.pades import holder_name

if TYPE_CHECKING:
    from rfc3161_client import TimeStampResponse

STAMP = Place("time stamp")
MOST_BYTES = 64 * 1024  # of an answer; with its certificates it has 2 to 8 kB
HASHES = {32: bytes.fromhex("0609608648016503040201"), 64: bytes.fromhex("0609608648016503040203")}
"""Bytes of a digest → the name of its hash, SHA-256 or SHA-512, in DER (RFC 5754, 2)."""

INTEGER, OCTETS, SEQUENCE, CERTIFICATES = 0x02, 0x04, 0x30, 0xA0  # tags
TRUE = b"\x01\x01\xff"
GRANTED = (0, 1)  # 1: with changes


@dataclass(frozen=True, slots=True)
class TimeStamp:
    """What an authority says."""

    at: datetime  # UTC
    authority: str  # the name in its certificate


def request_token(digest: bytes, url: str, *, timeout_seconds: float = 10) -> bytes:
    """Return the authority's answer: a time stamp over the digest, not yet checked against any root.

    Args:
        digest: SHA-256 or SHA-512.
        url: of the authority, https; http only on this machine.

    Raises:
        BadSettings: the address can not be used, or rfc3161-client is not installed.
        Unreadable: no answer, one that is too large or none at all, a refusal, or a stamp for something else.
    """
    _require_extra()
    _require_safe(url)
    nonce = secrets.randbits(63)
    answer = _ask(url, _request(digest, nonce), timeout_seconds)
    try:
        response = _decoded(answer)
        if response.status not in GRANTED:
            reasons = "; ".join(response.status_string)
            raise _no_stamp(url, f"it refused{f': {reasons[:200]}' if reasons else ''}.")
        info = response.tst_info
    except ValueError as error:
        raise _no_stamp(url, "what it answered is no time stamp.") from error
    if info.nonce != nonce or info.message_imprint.message != digest:
        raise _no_stamp(url, "its stamp is for something else.")
    return answer


def check_token(token: bytes, digest: bytes, roots: Sequence[bytes]) -> TimeStamp:
    """Return when and by whom a digest was stamped.

    Args:
        token: what `request_token` returned.
        roots: certificates of authorities that are believed, PEM or DER.

    Raises:
        ArchiveDamaged: it is no time stamp, not for this digest, or of no authority that leads to a root.
        BadSettings: rfc3161-client is not installed, or there is no root.
    """
    _require_extra()
    from rfc3161_client import VerificationError, VerifierBuilder

    if not roots:
        raise _unusable("no time-stamp authority is believed.", "name the root certificate of one.")
    verifier = VerifierBuilder(roots=[_certificate(root) for root in roots]).build()
    try:
        response = _decoded(token)
        verifier.verify(response, digest)
        return TimeStamp(response.tst_info.gen_time, _signer(response))
    except (ValueError, VerificationError) as error:
        what = f"the time stamp does not hold: {error}."
        fix = "see that digest, stamp and root belong together."
        raise ArchiveDamaged(Problem(STAMP, "", what, fix, "timestamp-invalid")) from error


def _request(digest: bytes, nonce: int) -> bytes:
    """A TimeStampReq that asks for the authority's certificate, too (RFC 3161, 2.4.1)."""
    imprint = _der(SEQUENCE, _der(SEQUENCE, HASHES[len(digest)]) + _der(OCTETS, digest))
    number = nonce.to_bytes(nonce.bit_length() // 8 + 1)
    return _der(SEQUENCE, _der(INTEGER, b"\x01") + imprint + _der(INTEGER, number) + TRUE)


def _der(tag: int, content: bytes) -> bytes:
    """A value of less than 128 bytes."""
    return bytes((tag, len(content))) + content


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """Leads nowhere: an address that was checked is not left for another."""

    def redirect_request(self, *_: object) -> None:
        """Follow no redirect; it is an error then."""


def _ask(url: str, request: bytes, timeout_seconds: float) -> bytes:
    """The body of the authority's answer (RFC 3161, 3.4)."""
    headers = {"Content-Type": "application/timestamp-query", "Accept": "application/timestamp-reply"}
    opener = urllib.request.build_opener(_NoRedirect)
    try:
        question = urllib.request.Request(url, request, headers)
        with opener.open(question, timeout=timeout_seconds) as answer:
            body: bytes = answer.read(MOST_BYTES + 1)
    except urllib.error.HTTPError as error:
        with error:
            raise _no_stamp(url, f"no answer came: {error}.") from error
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise _no_stamp(url, f"no answer came: {error}.") from error
    if len(body) > MOST_BYTES:
        raise _no_stamp(url, f"it answered more than {MOST_BYTES // 1024} kB.")
    return body


def _require_safe(url: str) -> None:
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:
        parts, host = urlsplit(""), ""
    if not host or not (parts.scheme == "https" or (parts.scheme == "http" and _is_here(host))):
        what = f"“{url}” is no address a time stamp can be asked from."
        raise _unusable(what, "write the authority's address, with https://.")


def _is_here(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _require_extra() -> None:
    try:
        import rfc3161_client  # noqa: F401 (to see whether it can be)
    except ModuleNotFoundError as error:
        what = f"time stamps need “{error.name}”, which is not installed."
        fix = "install it: pip install 'presskit-pipeline[timestamp]'."
        raise BadSettings(Problem(STAMP, "", what, fix, "extra-missing")) from error


def _no_stamp(url: str, what: str) -> Unreadable:
    what = f"the time-stamp authority {url} gave no time stamp: {what}"
    return Unreadable(Problem(STAMP, "", what, "try again later, or ask another one.", "timestamp-refused"))


def _unusable(what: str, fix: str) -> BadSettings:
    return BadSettings(Problem(STAMP, "", what, fix, "timestamp-settings"))


def _certificate(data: bytes) -> x509.Certificate:
    load = x509.load_pem_x509_certificate if b"-----BEGIN" in data else x509.load_der_x509_certificate
    try:
        return load(data)
    except ValueError as error:
        what = "a root certificate can not be read."
        raise _unusable(what, "name a file with a certificate, PEM or DER.") from error


def _signer(response: TimeStampResponse) -> str:
    """The name in the certificate that made the stamp."""
    (info,) = response.signed_data.signer_infos
    certificates = map(x509.load_der_x509_certificate, response.signed_data.certificates)
    return next(
        holder_name(certificate)
        for certificate in certificates
        if (certificate.issuer, certificate.serial_number) == (info.issuer, info.serial_number)
    )


def _decoded(answer: bytes) -> TimeStampResponse:
    """The answer, read.

    Raises:
        ValueError: it is none.
    """
    from rfc3161_client import decode_timestamp_response

    return decode_timestamp_response(_in_order(answer))


class _Value(NamedTuple):
    """Where a DER value stands."""

    tag: int
    start: int
    content: int
    end: int


def _in_order(answer: bytes) -> bytes:
    """The answer with its certificates sorted as DER sorts a set, which no signature covers.

    Source: X.690, 11.6; RFC 5652, 5.1 (SignedData).
    Why: OpenSSL, and who uses it, sends a chain as it stands, and rfc3161-client reads strict DER only.
    """
    at = _Value(0, 0, 0, len(answer))
    try:
        for child in (0, 1, 1, 0):  # the answer, its token, the token's content, SignedData
            at = list(_values(answer, at))[child]
        found = next(value for value in _values(answer, at) if value.tag == CERTIFICATES)
        certificates = sorted(answer[value.start : value.end] for value in _values(answer, found))
    except (IndexError, StopIteration):
        return answer
    return answer[: found.content] + b"".join(certificates) + answer[found.end :]


def _values(data: bytes, within: _Value) -> Iterator[_Value]:
    """The values a DER value consists of."""
    start = within.content
    while start < within.end:
        length, content = data[start + 1], start + 2
        if length & 0x80:
            content += length & 0x7F
            length = int.from_bytes(data[start + 2 : content])
        yield _Value(data[start], start, content, content + length)
        start = content + length
