"""A PDF with an empty signature field to the signed PDF, and that to what its signature is worth: by pyHanko.

What pyHanko takes from the machine (the clock, random identifiers) is set here, so that the same file, key
and time make the same bytes, as far as the kind of key allows.

Not here: opening a certificate's file, and wording what is wrong (`pades`, which imports this module when it
is needed: pyHanko costs 0.3 s).
"""

from __future__ import annotations

import asyncio
import hashlib
import io
import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from asn1crypto import cms, pem, tsp, x509
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.pdf_utils.writer import BasePdfFileWriter
from pyhanko.sign.fields import SigSeedSubFilter, enumerate_sig_fields
from pyhanko.sign.signers.pdf_cms import Signer
from pyhanko.sign.signers.pdf_signer import PdfSignatureMetadata, PdfSigner, PdfSigningSession
from pyhanko.sign.timestamps.api import TimeStamper
from pyhanko.sign.validation import (
    EmbeddedPdfSignature,
    PdfSignatureStatus,
    SignatureCoverageLevel,
    async_validate_pdf_signature,
)
from pyhanko.sign.validation.settings import KeyUsageConstraints
from pyhanko.stamp.noop import NoOpStampStyle
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.registry import SimpleCertificateStore

logging.getLogger("pyhanko").setLevel(logging.CRITICAL)  # what it logs with a trace, the verdict says

DAMAGE = (PdfError, AttributeError, LookupError, TypeError, ArithmeticError, RecursionError)
"""What pyHanko and asn1crypto stumble over in a damaged file, besides ValueError: seen on random damage."""


@dataclass(frozen=True, slots=True)
class Key:
    """What signs."""

    certificate: bytes  # DER
    chain: tuple[bytes, ...]  # DER
    digest: Literal["sha256", "sha512"]
    sign: Callable[[bytes], bytes]  # makes the digest, too


class Field:
    """The empty signature field of a file, found by its name.

    Raises:
        LookupError: the file has no such field, or it is signed already.
        ValueError: the file is no PDF, or damaged.
    """

    def __init__(self, pdf: bytes, name: str) -> None:
        with _read():
            self.writer = _Update(io.BytesIO(pdf))
            self.writer.name_by(pdf)
            found = enumerate_sig_fields(self.writer.prev, filled_status=False, with_name=name)
            _, _, reference = next(iter(found), (None, None, None))
        if reference is None:
            raise LookupError(name)
        self.name = name
        self._widget = self.writer.get_object(reference.reference)

    @property
    def label(self) -> str:
        """The field's label."""
        return str(self._widget["/TU"])

    @property
    def size_pt(self) -> tuple[float, float]:
        """Width and height on the page."""
        left, bottom, right, top = (float(side) for side in self._widget["/Rect"])
        return right - left, top - bottom

    @property
    def colour(self) -> str:
        """The brand's colour, ``#rrggbb``."""
        return "#" + "".join(f"{round(float(part) * 255):02x}" for part in self._widget["/MK"]["/BC"])

    def show(self, picture: bytes) -> None:
        """Let the field look like the first page of a PDF."""
        look = self.writer.import_page_as_xobject(PdfFileReader(io.BytesIO(picture)))
        self._widget["/AP"] = generic.DictionaryObject({generic.pdf_name("/N"): look})
        self.writer.update_container(self._widget)

    def sign(self, key: Key, at: datetime, reason: str, stamp: Callable[[bytes], bytes] | None) -> bytes:
        """Return the signed file, PAdES baseline B-B, or B-T with a time stamp.

        Source: ETSI EN 319 142-1, 5 and 6 (CAdES detached, the time in the dictionary's M).
        """
        store = SimpleCertificateStore()
        store.register_multiple([x509.Certificate.load(der) for der in key.chain])
        signer = _Holder(signing_cert=x509.Certificate.load(key.certificate), cert_registry=store)
        signer.key = key
        metadata = PdfSignatureMetadata(
            self.name, md_algorithm=key.digest, reason=reason or None, subfilter=SigSeedSubFilter.PADES
        )
        run = _Run(
            metadata, signer, timestamper=_Stamper(stamp) if stamp else None, stamp_style=NoOpStampStyle()
        )
        run.at = at
        signed = run.sign_pdf(self.writer, existing_fields_only=True)
        return bytes(signed.getvalue())


@contextmanager
def _read() -> Iterator[None]:
    """Turn what pyHanko says of a damaged file into a ValueError."""
    try:
        yield
    except DAMAGE as error:
        raise ValueError(str(error)) from error


class _Update(IncrementalPdfFileWriter):
    """An update that keeps what the file says about itself and is named by what it updates."""

    def name_by(self, pdf: bytes) -> None:
        """Make the second half of the file's identifier from its bytes (ISO 32000-1, 14.4)."""
        first, _ = self._document_id
        second = generic.ByteStringObject(hashlib.sha256(pdf).digest()[:16])
        self._document_id = generic.ArrayObject([first, second])

    def _update_meta(self) -> None:
        """Leave title, producer and date of the release as they are: pyHanko would put in its own."""

    def ensure_output_version(self, version: tuple[int, int]) -> None:
        """Leave the version: PDF/A-3 is PDF 1.7, whatever the kind of key."""


class _Holder(Signer):
    """Signs with a key that only has to be able to sign."""

    key: Key

    async def async_sign_raw(self, data: bytes, digest_algorithm: str, dry_run: bool = False) -> bytes:
        return self.key.sign(data)


class _Run(PdfSigner):
    """One signature at a time that is given."""

    at: datetime

    def init_signing_session(
        self, pdf_out: BasePdfFileWriter, existing_fields_only: bool = False
    ) -> PdfSigningSession:
        session = super().init_signing_session(pdf_out, existing_fields_only)
        session.system_time = self.at
        return session


class _Stamper(TimeStamper):
    """Time stamps from a function instead of pyHanko's own way to the network."""

    def __init__(self, ask: Callable[[bytes], bytes]) -> None:
        super().__init__()  # type: ignore[no-untyped-call] # pyHanko annotates the rest of it
        self._ask = ask

    async def async_timestamp(self, message_digest: bytes, md_algorithm: str) -> cms.ContentInfo:
        return tsp.TimeStampResp.load(self._ask(message_digest))["time_stamp_token"]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a signature is worth."""

    intact: bool
    valid: bool
    trusted: bool
    whole: bool
    certificate: bytes  # the signer's, DER
    signed_at: datetime | None
    stamped_at: datetime | None


def judge(pdf: bytes, name: str, trusted: Sequence[bytes]) -> Verdict | None:
    """Return what the signature in a field is worth, None if the file has none there.

    Raises:
        ValueError: the file is no PDF, or damaged.
    """
    roots = [_certificate(root) for root in trusted]
    with _read():
        found = [s for s in PdfFileReader(io.BytesIO(pdf)).embedded_signatures if s.field_name == name]
        return _judge(found[0], roots) if found else None


def _judge(signature: EmbeddedPdfSignature, roots: Sequence[x509.Certificate]) -> Verdict:
    status = asyncio.run(_status(signature, roots))
    stamp = status.timestamp_validity
    return Verdict(
        intact=status.intact,
        valid=status.valid,
        trusted=status.trusted,
        whole=status.coverage is SignatureCoverageLevel.ENTIRE_FILE,
        certificate=status.signing_cert.dump(),
        signed_at=signature.self_reported_timestamp,
        stamped_at=stamp.timestamp if stamp and stamp.valid and stamp.intact and stamp.trusted else None,
    )


async def _status(signature: EmbeddedPdfSignature, roots: Sequence[x509.Certificate]) -> PdfSignatureStatus:
    """Nothing is fetched, and the certificate is judged at the time the signature says."""
    context = ValidationContext(
        trust_roots=roots, moment=signature.self_reported_timestamp, allow_fetching=False
    )
    either = KeyUsageConstraints(
        key_usage={"digital_signature", "non_repudiation"}, match_all_key_usages=False
    )
    return await async_validate_pdf_signature(signature, context, key_usage_settings=either)


def _certificate(data: bytes) -> x509.Certificate:
    if pem.detect(data):
        _, _, data = pem.unarmor(data)
    return x509.Certificate.load(data)
