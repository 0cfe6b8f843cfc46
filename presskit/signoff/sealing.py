"""An office's certificate to what signs its PDF visibly when a kit is signed off.

Not here: the signature itself (`pades`).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from presskit.errors import BadSettings, Place, Problem

LIMIT_BYTES = 1_000_000


def sealing(certificate: Path, ask: Callable[[], str], at: datetime) -> Callable[[str, bytes], bytes]:
    """Return what takes a file's name and bytes and returns them as they go out: the digital PDF signed.

    Args:
        certificate: PKCS#12 file.
        ask: returns its passphrase.

    Raises:
        BadSettings: the file can not be read.
    """
    from presskit.signoff.pades import sign_pdf

    try:
        with certificate.open("rb") as file:
            content = file.read(LIMIT_BYTES)
    except OSError as error:
        what = f"the certificate can not be read: {error.strerror}."
        fix = "correct certificate: under sign_off: in data/house.yaml, or take it out."
        place = Place(certificate.as_posix())
        raise BadSettings(Problem(place, "certificate", what, fix, "certificate-unusable")) from error
    passphrase = ask().encode()

    def seal(name: str, file_content: bytes) -> bytes:
        if not name.endswith(".pdf") or name.endswith("-press.pdf"):
            return file_content
        return sign_pdf(file_content, content, passphrase, at=at, reason="")

    return seal
