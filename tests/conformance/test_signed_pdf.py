"""veraPDF and qpdf on digital PDFs with a field for a signature: empty, signed by any kind of key, broken."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from functools import partial
from pathlib import Path

import pikepdf
import pytest

from presskit.archive.timestamp import request_token
from presskit.signoff.pades import sign_pdf
from presskit.writers.pdf import write_digital
from tests.archive.authority import serving, stamps
from tests.conformance import judges
from tests.documents import hard, seed, theme
from tests.signoff.certificates import PASSPHRASE, office, root

AT = datetime(2025, 7, 30, 10, 0, tzinfo=timezone(timedelta(hours=-4)))
DOCUMENTS = {"seed": seed(), **hard()}


def with_field(name: str) -> bytes:
    document = DOCUMENTS[name]
    head = replace(document.head, signature="Signé par voie numérique")
    return write_digital(replace(document, head=head), theme())


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Every document with an empty field, the seed signed in each way, and every document signed."""
    folder = tmp_path_factory.mktemp("signed")
    made: dict[str, bytes] = {}
    sign = partial(sign_pdf, passphrase=PASSPHRASE, at=AT, reason="Approuvé")
    for name in DOCUMENTS:
        made[f"{name}-empty"] = with_field(name)
        made[f"{name}-signed"] = sign(made[f"{name}-empty"], office().pkcs12(root()))
    for kind in ("rsa", "ed25519"):
        made[f"seed-{kind}"] = sign(made["seed-empty"], office(kind).pkcs12(root()))
    with serving(stamps(folder, root())) as url:
        stamp = partial(request_token, url=url)
        made["seed-stamped"] = sign(made["seed-empty"], office().pkcs12(root()), timestamp=stamp)
    for name, data in made.items():
        (folder / f"{name}.pdf").write_bytes(data)
    return [folder / f"{name}.pdf" for name in made]


@pytest.mark.parametrize("flavour", ["ua1", "3a"])
def test_a_signed_file_still_passes_verapdf(flavour: str, files: list[Path]) -> None:
    judges.require("verapdf")
    assert len(files) > 20
    verdicts = judges.verapdf(files, "ua1" if flavour == "ua1" else "3a")
    assert {file.stem: found for file, found in verdicts.items() if found} == {}


def test_a_signed_file_is_clean_for_qpdf(files: list[Path]) -> None:
    judges.require("qpdf")
    findings = {file.name: judges.qpdf_check(file) for file in files}
    assert {name: found for name, found in findings.items() if found} == {}


# --- what each part of the field is there for: without it, the rule named fails ---------------------------


def _no_label(pdf: pikepdf.Pdf) -> None:
    del pdf.Root.AcroForm.Fields[0].TU
    del _form(pdf).Alt


def _outside_the_tree(pdf: pikepdf.Pdf) -> None:
    del pdf.Root.AcroForm.Fields[0].StructParent


def _not_a_form(pdf: pikepdf.Pdf) -> None:
    _form(pdf).S = pikepdf.Name.P


def _no_appearance(pdf: pikepdf.Pdf) -> None:
    del pdf.Root.AcroForm.Fields[0].AP


def _not_printed(pdf: pikepdf.Pdf) -> None:
    pdf.Root.AcroForm.Fields[0].F = 128


def _form(pdf: pikepdf.Pdf) -> pikepdf.Object:
    (form,) = [kid for kid in pdf.Root.StructTreeRoot.K[0].K if kid.S == "/Form"]
    return form


BREAKS: dict[Callable[[pikepdf.Pdf], None], tuple[str, str]] = {
    _no_label: ("ua1", "7.18.1-3"),
    _outside_the_tree: ("ua1", "7.18.4-1"),
    _not_a_form: ("ua1", "7.18.4-1"),
    _no_appearance: ("3a", "6.3.3-1"),
    _not_printed: ("3a", "6.3.2-2"),
}


@pytest.fixture(scope="module")
def broken(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str]]:
    judges.require("verapdf")
    folder = tmp_path_factory.mktemp("broken-field")
    whole = with_field("seed")
    for how in BREAKS:
        pdf = pikepdf.open(io.BytesIO(whole))
        how(pdf)
        pdf.save(folder / f"{how.__name__}.pdf", static_id=True)
    files = sorted(folder.iterdir())
    ua1, archive = judges.verapdf(files, "ua1"), judges.verapdf(files, "3a")
    return {
        file.stem: [*(f"ua1 {f}" for f in ua1[file]), *(f"3a {f}" for f in archive[file])] for file in files
    }


@pytest.mark.parametrize("how", BREAKS, ids=lambda how: how.__name__)
def test_without_a_part_of_the_field_its_rule_fails(
    how: Callable[[pikepdf.Pdf], None], broken: dict[str, list[str]]
) -> None:
    flavour, rule = BREAKS[how]
    assert [f for f in broken[how.__name__] if f.startswith(f"{flavour} {rule}")], broken[how.__name__]
