"""An office's certificate to what signs its PDF visibly when a kit is signed off.

Not here: the signature itself (`pades`).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from presskit.errors import BadSettings, Place, Problem

LIMIT_BYTES = 1_000_000


def sealing(certificate: Path, ask: Callable[[], str], at: datetime) -> Callable[[str, bytes, str], bytes]:
    """Return what takes a file's name, its bytes and the release's number, and returns what goes out.

    The digital PDF is signed, the others are as they were.  The certificate is opened, and its passphrase
    asked for, when that PDF is there: whoever signs before needs neither.

    Args:
        certificate: PKCS#12 file.
        ask: returns its passphrase.
    """

    def seal(name: str, content: bytes, reference: str) -> bytes:
        if not name.endswith(".pdf") or name.endswith("-press.pdf"):
            return content
        from presskit.signoff.pades import sign_pdf

        return sign_pdf(content, _read(certificate), ask().encode(), at=at, reason=reference)

    return seal


def _read(certificate: Path) -> bytes:
    try:
        with certificate.open("rb") as file:
            return file.read(LIMIT_BYTES)
    except OSError as error:
        what = f"the certificate can not be read: {error.strerror}."
        fix = "correct certificate: under sign_off: in data/house.yaml, or take it out."
        place = Place(certificate.as_posix())
        raise BadSettings(Problem(place, "certificate", what, fix, "certificate-unusable")) from error
