from __future__ import annotations

from pathlib import Path

import pytest

from presskit.errors import BadSettings
from presskit.signoff.sealing import sealing
from tests.signed_office import NOW


def never_asked() -> str:
    raise AssertionError("nobody needs the passphrase")


@pytest.mark.parametrize("name", ["bridge-press.pdf", "bridge.docx", "bridge.html", "bridge.txt"])
def test_only_the_digital_pdf_needs_the_certificate(tmp_path: Path, name: str) -> None:
    seal = sealing(tmp_path / "none.p12", never_asked, NOW)
    assert seal(name, b"content", "2026-0001") == b"content"


def test_a_certificate_that_is_not_there_is_a_wrong_setting(tmp_path: Path) -> None:
    seal = sealing(tmp_path / "none.p12", never_asked, NOW)
    with pytest.raises(BadSettings, match=r"No such file or directory.*\n.*certificate: under sign_off:"):
        seal("bridge.pdf", b"%PDF", "2026-0001")


def test_a_file_that_is_no_certificate_is_a_wrong_setting(tmp_path: Path) -> None:
    (tmp_path / "office.p12").write_bytes(b"no certificate")
    seal = sealing(tmp_path / "office.p12", lambda: "some words", NOW)
    with pytest.raises(BadSettings, match="certificate-unusable"):
        seal("bridge.pdf", b"%PDF", "2026-0001")
