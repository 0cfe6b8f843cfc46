from __future__ import annotations

import io
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from functools import partial
from pathlib import Path

import pikepdf
import pytest
from cryptography.hazmat.primitives.serialization import NoEncryption, pkcs12

from presskit.archive.timestamp import request_token
from presskit.document.nodes import Document
from presskit.errors import BadSettings, NotAllowed, PresskitError, Unreadable
from presskit.signoff.pades import check_pdf, sign_pdf
from presskit.writers.pdf import write_digital, write_press
from tests.archive.authority import serving, stamps
from tests.documents import end_mark, paragraph, seed, theme
from tests.signoff.certificates import LAST, PASSPHRASE, Kind, office, root
from tests.writers.pdf.anatomy import opened, painted, structure, tree_text

AT = datetime(2025, 7, 30, 10, 0, tzinfo=timezone(timedelta(hours=-4)))
LABEL = "Signed digitally by the office"
REASON = "Approved for release"
KINDS: tuple[Kind, ...] = ("rsa", "ecdsa", "ed25519")


@pytest.fixture(scope="module")
def plain() -> bytes:
    return write_digital(with_field(), theme())


@pytest.fixture(scope="module")
def signed(plain: bytes) -> bytes:
    return sign(plain)


def with_field() -> Document:
    document = seed()
    return replace(document, head=replace(document.head, signature=LABEL))


def sign(pdf: bytes, kind: Kind = "ecdsa", **changes: object) -> bytes:
    given = {"at": AT, "reason": REASON, **changes}
    return sign_pdf(pdf, office(kind).pkcs12(root()), PASSPHRASE, **given)  # type: ignore[arg-type]


# --- the field --------------------------------------------------------------------------------------------


def test_the_field_is_tagged_as_a_form_with_its_label(plain: bytes) -> None:
    pdf = opened(plain)
    last = tree_text(structure(pdf)).splitlines()[-2:]
    assert last == [f"  Form Alt={LABEL}", "    OBJR Subtype=Widget"]
    (field,) = pdf.Root.AcroForm.Fields
    assert str(field.TU) == LABEL
    assert "/V" not in field


def test_without_a_label_the_file_has_no_form() -> None:
    assert "/AcroForm" not in opened(write_digital(seed(), theme())).Root


def test_the_field_lies_on_the_page_below_the_last_block(plain: bytes) -> None:
    pdf = opened(plain)
    (field,) = pdf.Root.AcroForm.Fields
    left, bottom, right, top = (float(side) for side in field.Rect)
    page = pdf.pages[-1]
    assert field.objgen in [annotation.objgen for annotation in page.Annots]
    assert 0 < left < right < float(page.MediaBox[2])
    assert 70 < bottom < top < 500, "on the seed's last page stand fifteen lines"


def test_the_field_is_never_alone_on_a_page() -> None:
    document, pages = with_field(), set()
    for words in range(360, 520, 8):  # one paragraph: it can not be tightened
        text = [paragraph(1, "word " * words)]
        pdf = opened(write_digital(replace(document, blocks=(*text, end_mark())), theme()))
        last = len(pdf.pages) - 1
        pages.add(last)
        assert [shown.text for shown in painted(pdf).shown if shown.page == last and not shown.artifact]
    assert pages == {0, 1}, "some lines fill a page and some do not"


def test_the_press_file_has_no_field() -> None:
    assert write_press(with_field(), theme()) == write_press(seed(), theme())


def test_writing_twice_makes_one_field_and_the_same_bytes(plain: bytes) -> None:
    document, look = with_field(), theme()
    assert write_digital(document, look) == write_digital(document, look) == plain


def test_an_empty_field_claims_nothing(plain: bytes) -> None:
    pdf = opened(plain)
    (field,) = pdf.Root.AcroForm.Fields
    assert [str(i.operator) for i in pikepdf.parse_content_stream(field.AP.N)] == ["RG", "w", "re", "S"]


# --- signing ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
def test_a_signature_of_each_kind_of_key_holds(kind: Kind, plain: bytes) -> None:
    found = check_pdf(sign(plain, kind), [root().pem])
    assert found is not None
    assert (found.intact, found.valid, found.trusted, found.whole) == (True, True, True, True)
    assert (found.signer, found.signed_at, found.stamped_at) == (
        "Media Relations · Example Police Service",
        AT,
        None,
    )


@pytest.mark.parametrize("kind", ["rsa", "ed25519"])
def test_the_same_file_key_and_time_make_the_same_bytes(kind: Kind, plain: bytes) -> None:
    assert sign(plain, kind) == sign(plain, kind)


def test_the_signed_file_begins_with_the_unsigned_one(plain: bytes, signed: bytes) -> None:
    assert signed.startswith(plain)
    assert len(signed) - len(plain) < 20_000


def test_what_the_file_says_about_itself_stays(plain: bytes, signed: bytes) -> None:
    before, after = opened(plain), opened(signed)
    assert before.docinfo == after.docinfo
    assert before.Root.Metadata.read_bytes() == after.Root.Metadata.read_bytes()
    assert "/Version" not in after.Root


def test_the_signature_is_pades(signed: bytes) -> None:
    pdf = opened(signed)
    value = pdf.Root.AcroForm.Fields[0].V
    assert (str(value.SubFilter), str(value.Reason)) == ("/ETSI.CAdES.detached", REASON)
    assert str(value.M) == "D:20250730100000-04'00'"


def test_the_picture_says_who_why_and_when(signed: bytes) -> None:
    assert shown_in_field(signed) == [
        LABEL,
        "Media Relations · Example Police Service",
        "Approved for release · 2025-07-30 10:00 UTC−04:00",
    ]


def test_without_a_reason_the_moment_stands_alone(plain: bytes) -> None:
    signed = sign(plain, reason="")
    assert shown_in_field(signed)[2] == "2025-07-30 10:00 UTC−04:00"
    pdf = opened(signed)
    assert "/Reason" not in pdf.Root.AcroForm.Fields[0].V


def test_a_moment_in_utc_is_written_so(plain: bytes) -> None:
    assert shown_in_field(sign(plain, at=AT.astimezone(UTC)))[2].endswith("2025-07-30 14:00 UTC")


def test_a_long_name_gets_smaller_not_cut(plain: bytes) -> None:
    name = "Provincial Intelligence-Led Joint Forces Strategy, Media Relations"[:64]
    signed = sign_pdf(plain, office("ecdsa", name).pkcs12(), PASSPHRASE, at=AT, reason=REASON)
    assert shown_in_field(signed)[1] == f"{name} · Example Police Service"
    pdf = opened(signed)
    (field,) = pdf.Root.AcroForm.Fields
    sizes = [
        float(i.operands[1]) for i in pikepdf.parse_content_stream(field.AP.N) if str(i.operator) == "Tf"
    ]
    assert sizes[1] < 12.0


# --- what it is worth -------------------------------------------------------------------------------------


def test_an_unsigned_file_has_no_signature(plain: bytes) -> None:
    assert check_pdf(plain, [root().pem]) is None
    assert check_pdf(write_digital(seed(), theme()), [root().pem]) is None


def test_a_changed_text_breaks_the_signature(signed: bytes) -> None:
    changed = signed.replace(">80\u00a0individuals".encode(), ">90\u00a0individuals".encode())
    assert changed != signed
    found = check_pdf(changed, [root().pem])
    assert found is not None
    assert (found.intact, found.trusted) == (False, False)


def test_a_signature_in_another_field_is_not_the_office_s(signed: bytes) -> None:
    assert check_pdf(signed.replace(b"(signature)", b"(somewhere)"), [root().pem]) is None


def test_a_later_addition_is_not_covered(signed: bytes) -> None:
    found = check_pdf(appended(signed), [root().pem])
    assert found is not None
    assert found.intact
    assert not found.whole


def test_under_another_root_it_is_not_trusted(signed: bytes) -> None:
    found = check_pdf(signed, [root("Another Root").der])
    assert found is not None
    assert (found.intact, found.valid, found.trusted) == (True, True, False)


def test_with_a_time_stamp_the_authority_is_heard(plain: bytes, tmp_path: Path) -> None:
    with serving(stamps(tmp_path, root())) as url:
        signed = sign(plain, timestamp=partial(request_token, url=url))
    found = check_pdf(signed, [root().pem])
    assert found is not None
    assert (found.intact, found.valid, found.whole) == (True, True, True)
    assert found.stamped_at is not None
    assert abs(found.stamped_at - datetime.now(UTC)) < timedelta(minutes=5)


def test_pdfsig_agrees(signed: bytes, tmp_path: Path) -> None:
    (tmp_path / "signed.pdf").write_bytes(signed)
    done = subprocess.run(("pdfsig", "-nocert", tmp_path / "signed.pdf"), capture_output=True, text=True)
    assert "Signature is Valid" in done.stdout
    assert "Total document signed" in done.stdout


# --- what is refused --------------------------------------------------------------------------------------


def test_a_wrong_passphrase_is_told_from_a_wrong_file(plain: bytes) -> None:
    good = office().pkcs12()
    wrong = refused(lambda: sign_pdf(plain, good, b"wrong", at=AT, reason=REASON))
    other = refused(lambda: sign_pdf(plain, office().pem, PASSPHRASE, at=AT, reason=REASON))
    assert isinstance(wrong, BadSettings)
    assert isinstance(other, BadSettings)
    assert "the passphrase does not open the file" in str(wrong)
    assert "this is no PKCS#12 file" in str(other)


def test_a_file_without_a_key_is_refused(plain: bytes) -> None:
    bare = pkcs12.serialize_key_and_certificates(b"x", None, office().certificate, None, NoEncryption())
    error = refused(lambda: sign_pdf(plain, bare, b"", at=AT, reason=REASON))
    assert "holds no key with its certificate" in str(error)


@pytest.mark.parametrize("at", [LAST + timedelta(seconds=1), AT.replace(year=2024)])
def test_a_certificate_not_in_force_does_not_sign(at: datetime, plain: bytes) -> None:
    error = refused(lambda: sign(plain, at=at))
    assert isinstance(error, NotAllowed)
    assert "from 2025-01-01 00:00 UTC to 2025-12-31 00:00 UTC" in str(error)


def test_a_file_is_signed_once(signed: bytes) -> None:
    assert "no empty field for a signature" in str(refused(lambda: sign(signed)))


def test_a_file_without_a_field_is_not_signed() -> None:
    error = refused(lambda: sign(write_digital(seed(), theme())))
    assert "no empty field for a signature" in str(error)


@pytest.mark.parametrize("rubbish", [b"", b"%PDF-1.7", b"hello"])
def test_what_is_no_pdf_is_neither_signed_nor_checked(rubbish: bytes) -> None:
    for call in (lambda: sign(rubbish), lambda: check_pdf(rubbish, [])):
        error = refused(call)
        assert isinstance(error, Unreadable)
        assert "this is no PDF, or it is damaged" in str(error)


def test_a_damaged_signature_does_not_hold_or_is_told(plain: bytes) -> None:
    signed = sign_pdf(plain, office().pkcs12(), PASSPHRASE, at=AT, reason=REASON)
    start = signed.index(b"/Contents <3082") + len(b"/Contents <")
    end = start + 2 * (4 + int(signed[start + 4 : start + 8], 16))
    verdicts = set()
    for at in range(end - 560, end, 3):  # the last part: what was signed, and the signature itself
        digit = b"%x" % (int(signed[at : at + 1], 16) ^ 1)
        try:
            found = check_pdf(signed[:at] + digit + signed[at + 1 :], [root().pem])
        except Unreadable:
            verdicts.add("told")
        else:
            verdicts.add(
                "holds" if found and found.intact and found.valid and found.trusted else "does not hold"
            )
    assert verdicts == {"told", "does not hold"}


def test_a_name_without_glyphs_is_a_plain_problem(plain: bytes) -> None:
    holder = office("ecdsa", "報道")
    error = refused(lambda: sign_pdf(plain, holder.pkcs12(), PASSPHRASE, at=AT, reason=REASON))
    assert "character-without-glyph" in str(error)


def test_without_the_extra_the_fix_is_to_install_it() -> None:
    code = """if True:
        import sys
        sys.modules["pyhanko"] = None
        from presskit.errors import BadSettings
        from presskit.signoff.pades import check_pdf, sign_pdf
        for call in (lambda: check_pdf(b"", []), lambda: sign_pdf(b"", b"", b"", at=None, reason="")):
            try:
                call()
            except BadSettings as error:
                print(error)
    """
    done = subprocess.run((sys.executable, "-c", code), capture_output=True, text=True)
    assert done.stdout.count("“pyhanko”, which is not installed") == 2
    assert done.stdout.count("pip install 'presskit-pipeline[pades]'") == 2


def test_the_module_costs_no_pyhanko_until_it_signs() -> None:
    code = "import sys, presskit.signoff.pades; sys.exit('pyhanko' in sys.modules)"
    assert subprocess.run((sys.executable, "-c", code)).returncode == 0


def refused(call: Callable[[], object]) -> PresskitError:
    with pytest.raises(PresskitError) as caught:
        call()
    return caught.value


def appended(pdf: bytes) -> bytes:
    """The file with an empty update after it."""
    start = pdf.rindex(b"startxref")
    table = pdf[start:].split()[1]
    trailer = pdf[pdf.rindex(b"trailer") : start]
    trailer = trailer.replace(trailer[trailer.index(b"/Prev") :].split()[1], table, 1)
    return pdf + b"xref\n0 0\n" + trailer + b"startxref\n%d\n%%%%EOF\n" % len(pdf)


def shown_in_field(pdf: bytes) -> list[str]:
    """The lines of the visible signature, read by way of its fonts' ToUnicode."""
    file, alone = opened(pdf), pikepdf.new()
    (field,) = file.Root.AcroForm.Fields
    page = alone.add_blank_page(page_size=(300, 100))
    page.Contents = alone.make_stream(field.AP.N.read_bytes())
    page.Resources = alone.copy_foreign(field.AP.N).Resources
    kept = io.BytesIO()
    alone.save(kept)
    return [shown.text for shown in painted(opened(kept.getvalue())).shown]
