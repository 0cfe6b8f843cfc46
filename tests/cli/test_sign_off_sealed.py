"""The office's certificate in the flow: the PDF is visibly signed by the record that closes the sign-off."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, pkcs12
from cryptography.x509.oid import NameOID

from presskit.signoff.envelope import read
from presskit.signoff.pades import check_pdf
from tests.archive.forgery import archive_of, kept
from tests.cli.conftest import Call, GoTo, Said
from tests.signed_office import FOLDER, NOW, SLUG, Desk
from tests.signoff.certificates import key_of, root
from tests.writers.pdf.anatomy import opened, painted

PASSPHRASE = "the certificate has its own"
pytest.importorskip("pyhanko")


def fine(said: Said) -> Said:
    assert said.code == 0, said.err
    return said


def certificate() -> bytes:
    """The office's PKCS#12 file, given by `root()`, in force on the days of the signed office."""
    key = key_of("rsa")
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Media Relations")])
    usage = x509.KeyUsage(True, True, False, False, False, False, False, False, False)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(root().certificate.subject)
        .public_key(key.public_key())
        .serial_number(7)
        .not_valid_before(NOW - timedelta(days=9))
        .not_valid_after(NOW + timedelta(days=9))
        .add_extension(usage, critical=True)
        .sign(root().key, SHA256())
    )
    lock = BestAvailableEncryption(PASSPHRASE.encode())
    return pkcs12.serialize_key_and_certificates(b"office", key, made, [root().certificate], lock)


@pytest.fixture
def sealed(go_to: GoTo, monkeypatch: pytest.MonkeyPatch) -> Callable[[], Desk]:
    """Go to the office with the release approved, and with a certificate for its PDFs."""

    def go() -> Desk:
        desk = go_to("founded")
        (desk.root / "office.p12").write_bytes(certificate())
        desk.edit("sign_off:", "sign_off:\n  certificate: office.p12", "data/house.yaml")
        desk.request()
        desk.sign("dusto")
        desk.vouch()
        monkeypatch.setenv("PRESSKIT_CERTIFICATE_PASSPHRASE", PASSPHRASE)
        return desk

    return go


def test_the_signed_off_pdf_carries_the_offices_signature_with_the_number(
    sealed: Callable[[], Desk], call: Call
) -> None:
    desk = sealed()
    fine(call("sign", SLUG, "--key", "lee"))
    fine(call("sign", SLUG, "--key", "kim"))
    pdf = desk.built()[f"{SLUG}.pdf"]
    found = check_pdf(pdf, [root().pem])
    assert found is not None
    assert (found.intact, found.valid, found.trusted, found.whole) == (True, True, True, True)
    assert found.signer.startswith("Media Relations")
    assert "DRAFT" not in " ".join(shown.text for shown in painted(opened(pdf)).shown)
    file = opened(pdf)
    (field,) = file.Root.AcroForm.Fields
    assert (str(field.TU), str(field.V.Reason)) == ("Signed digitally by the office", "2026-0001")
    assert check_pdf(desk.built()[f"{SLUG}-press.pdf"], [root().pem]) is None


def test_the_closing_record_covers_the_signed_bytes_and_archive_and_build_keep_them(
    sealed: Callable[[], Desk], call: Call
) -> None:
    desk = sealed()
    fine(call("sign", SLUG, "--key", "lee"))
    said = fine(call("sign", SLUG, "--key", "kim", "--json"))
    (record,) = json.loads(said.out)["records"]
    subjects = read((desk.root / record).read_bytes()).statement.subjects
    built = desk.built()
    assert subjects[f"file:{SLUG}.pdf"] == hashlib.sha256(built[f"{SLUG}.pdf"]).hexdigest()
    fine(call("build", SLUG))
    assert desk.built() == built
    fine(call("archive", "--key", "clerk"))
    assert kept(archive_of(desk))[f"kit/{SLUG}.pdf"] == built[f"{SLUG}.pdf"]
    shutil.rmtree(desk.root / "output" / SLUG)
    fine(call("build", SLUG))
    assert desk.built() == built, "taken from the archive"
    assert "everything is as it was deposited" in fine(call("verify")).err


def test_a_signed_pdf_that_is_lost_is_not_built_anew(sealed: Callable[[], Desk], call: Call) -> None:
    desk = sealed()
    fine(call("sign", SLUG, "--key", "lee"))
    fine(call("sign", SLUG, "--key", "kim"))
    shutil.rmtree(desk.root / "output" / SLUG)
    for command in (("build", SLUG), ("archive", SLUG, "--key", "clerk")):
        said = call(*command)
        assert said.code == 5
        assert f"output/{SLUG}/{SLUG}.pdf: this is signed off, but what would be built now is not" in said.err
        assert "put the signed file back into output/ from where it was sent" in said.err
        assert "[signed-file-lost]" in said.err
    assert not (desk.root / "output" / SLUG).exists()
    fine(call("build", SLUG, "-f", "text", "-f", "docx"))
    fine(call("reject", SLUG, "--key", "kim", "--scope", "kit", "--reason", "The PDF is lost"))
    again = fine(call("sign", SLUG, "--key", "kim"))
    assert "which is signed off now" in again.out
    assert fine(call("archive", "--key", "clerk")).out == f"{SLUG}: version 1\n"


def test_who_signs_before_the_kit_is_closed_needs_no_certificate(
    sealed: Callable[[], Desk], call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = sealed()
    (desk.root / "office.p12").unlink()
    monkeypatch.delenv("PRESSKIT_CERTIFICATE_PASSPHRASE")
    fine(call("sign", SLUG, "--key", "lee"))
    before = sorted((desk.root / FOLDER).iterdir())
    said = call("sign", SLUG, "--key", "kim")
    assert (said.code, said.out) == (4, "")
    assert "the certificate can not be read: No such file or directory." in said.err
    assert sorted((desk.root / FOLDER).iterdir()) == before
    assert not (desk.root / "output" / SLUG / f"{SLUG}.pdf").exists()


def test_a_wrong_passphrase_of_the_certificate_records_nothing(
    sealed: Callable[[], Desk], call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = sealed()
    fine(call("sign", SLUG, "--key", "lee"))
    before = sorted((desk.root / FOLDER).iterdir())
    monkeypatch.setenv("PRESSKIT_CERTIFICATE_PASSPHRASE", "some other words")
    said = call("sign", SLUG, "--key", "kim")
    assert said.code == 4
    assert "[certificate-unusable]" in said.err
    assert sorted((desk.root / FOLDER).iterdir()) == before


def test_a_certificate_is_found_from_anywhere_in_the_office(
    sealed: Callable[[], Desk], call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = sealed()
    fine(call("sign", SLUG, "--key", "lee"))
    monkeypatch.chdir(desk.root / "data")
    fine(call("sign", SLUG, "--key", "kim"))
    assert Path(desk.root / "output" / SLUG / f"{SLUG}.pdf").exists()
