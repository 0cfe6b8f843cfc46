"""veraPDF, qpdf and proof-pdf on every document there is, and on files each broken in one way."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from pathlib import Path

import pikepdf
import pytest

from presskit.writers.pdf import objects, paper, write_digital, write_press
from tests.conformance import judges
from tests.documents import hard, paperwork, seed, theme
from tests.writers.pdf.anatomy import opened

DOCUMENTS = {"seed": seed(), **hard(), **paperwork()}
Break = Callable[[pikepdf.Pdf], None]


@pytest.fixture(scope="module")
def digital(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("digital")
    files = {name: folder / f"{name}.pdf" for name in DOCUMENTS}
    for name, file in files.items():
        file.write_bytes(write_digital(DOCUMENTS[name], theme()))
    return files


@pytest.mark.parametrize("flavour", ["ua1", "3a"])
def test_every_digital_file_passes_verapdf(flavour: str, digital: dict[str, Path]) -> None:
    judges.require("verapdf")
    assert len(digital) > 10
    verdicts = judges.verapdf(list(digital.values()), "ua1" if flavour == "ua1" else "3a")
    assert {file.stem: found for file, found in verdicts.items() if found} == {}


def test_every_file_is_clean_for_qpdf(digital: dict[str, Path], tmp_path: Path) -> None:
    judges.require("qpdf")
    press = tmp_path / "press.pdf"
    press.write_bytes(write_press(seed(), theme()))
    findings = {file.name: judges.qpdf_check(file) for file in (*digital.values(), press)}
    assert {name: found for name, found in findings.items() if found} == {}


@pytest.mark.parametrize("name", ["seed", "everything", "embargo"])
def test_the_press_file_passes_proof_pdf(name: str, tmp_path: Path) -> None:
    judges.require("proof-pdf")
    file = tmp_path / f"{name}.pdf"
    file.write_bytes(write_press(DOCUMENTS[name], theme()))
    options = ("--trim-mm=215.9x279.4", "--min-stroke-pt=0.25", "--output-condition=FOGRA39")
    marks_are_in_every_ink = "--max-tac=400"
    findings = judges.proof_pdf(file, *options, marks_are_in_every_ink)
    assert [f for f in findings if not f.startswith("overprint warn")] == []
    assert [f for f in findings if f.startswith("overprint warn")], "black text is meant to overprint"


# --- what each fix is there for: without it, the rule named fails ---------------------------------------


def _no_title_shown(pdf: pikepdf.Pdf) -> None:
    del pdf.Root.ViewerPreferences


def _no_language(pdf: pikepdf.Pdf) -> None:
    del pdf.Root.Lang


def _no_alternative_text(pdf: pikepdf.Pdf) -> None:
    for element in _elements(pdf, "/Figure"):
        del element.Alt


def _no_tab_order(pdf: pikepdf.Pdf) -> None:
    for page in pdf.pages:
        del page.Tabs


def _no_link_contents(pdf: pikepdf.Pdf) -> None:
    for link in _links(pdf):
        del link.Contents


def _link_not_printed(pdf: pikepdf.Pdf) -> None:
    for link in _links(pdf):
        del link.F


def _link_outside_the_tree(pdf: pikepdf.Pdf) -> None:
    for link in _links(pdf):
        del link.StructParent


def _no_output_intent(pdf: pikepdf.Pdf) -> None:
    del pdf.Root.OutputIntents


def _schema_not_described(pdf: pikepdf.Pdf) -> None:
    packet = pdf.Root.Metadata.read_bytes()
    start, end = packet.index(b"<pdfaExtension:schemas>"), packet.index(b"</pdfaExtension:schemas>")
    pdf.Root.Metadata = pdf.make_stream(
        packet[:start] + packet[end + len(b"</pdfaExtension:schemas>") :],
        Type=pikepdf.Name.Metadata,
        Subtype=pikepdf.Name.XML,
    )


def _not_said_to_be_tagged(pdf: pikepdf.Pdf) -> None:
    del pdf.Root.MarkInfo


def _font_not_embedded(pdf: pikepdf.Pdf) -> None:
    for font in pdf.pages[0].Resources.Font.values():
        del font.DescendantFonts[0].FontDescriptor.FontFile2


def _private_meanings(pdf: pikepdf.Pdf) -> None:
    for font in pdf.pages[0].Resources.Font.values():
        cmap = font.ToUnicode.read_bytes().replace(b"<006600660069>", b"<E000>").replace(b"<0066>", b"<E001>")
        font.ToUnicode = pdf.make_stream(cmap)


def _no_scope(pdf: pikepdf.Pdf) -> None:
    for element in _elements(pdf, "/TH"):
        del element.A


BREAKS: dict[Break, tuple[str, str]] = {
    _no_title_shown: ("ua1", "7.1-10"),
    _no_language: ("ua1", "7.2-"),
    _no_alternative_text: ("ua1", "7.3-1"),
    _no_tab_order: ("ua1", "7.18.3-1"),
    _no_link_contents: ("ua1", "7.18.5-2"),
    _link_outside_the_tree: ("ua1", "7.18.5-1"),
    _not_said_to_be_tagged: ("ua1", "6.2-1"),
    _font_not_embedded: ("ua1", "7.21.4.1-1"),
    _no_scope: ("ua1", "7.5-1"),
    _link_not_printed: ("3a", "6.3.2-1"),
    _no_output_intent: ("3a", "6.2.4.3-2"),
    _schema_not_described: ("3a", "6.6.2.3.1-"),
    _private_meanings: ("3a", "6.2.11.7.3-1"),
}


def _no_change(pdf: pikepdf.Pdf) -> None:
    assert pdf.pages


@pytest.fixture(scope="module")
def broken(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str]]:
    """What veraPDF finds in each broken file, both flavours."""
    judges.require("verapdf")
    folder = tmp_path_factory.mktemp("broken")
    whole = write_digital(DOCUMENTS["everything"], theme())
    for how in (_no_change, *BREAKS):
        pdf = pikepdf.open(io.BytesIO(whole))
        how(pdf)
        pdf.save(folder / f"{how.__name__}.pdf", static_id=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(paper.Paper, "decoration", lambda self, code: self.code.append(code))
        (folder / "unmarked.pdf").write_bytes(write_digital(seed(), theme()))
    with pytest.MonkeyPatch.context() as patch:
        sound = objects.stream
        patch.setattr(paper, "stream", lambda *a, **k: sound(*a, **k).replace(b"\nendstream", b"endstream"))
        (folder / "unended.pdf").write_bytes(write_digital(seed(), theme()))
    files = sorted(folder.iterdir())
    found: dict[str, list[str]] = {file.stem: [] for file in files}
    for flavour in ("ua1", "3a"):
        verdicts = judges.verapdf(files, "ua1" if flavour == "ua1" else "3a")
        for file, findings in verdicts.items():
            found[file.stem] += [f"{flavour} {finding}" for finding in findings]
    return found


def test_the_way_of_breaking_breaks_nothing_by_itself(broken: dict[str, list[str]]) -> None:
    assert broken["_no_change"] == []


@pytest.mark.parametrize("how", BREAKS, ids=lambda how: how.__name__)
def test_without_the_fix_its_rule_fails(how: Break, broken: dict[str, list[str]]) -> None:
    flavour, rule = BREAKS[how]
    assert [f for f in broken[how.__name__] if f.startswith(f"{flavour} {rule}")], broken[how.__name__]


def test_paint_outside_of_marks_is_noticed(broken: dict[str, list[str]]) -> None:
    assert [f for f in broken["unmarked"] if f.startswith("ua1 7.1-3")]


def test_a_stream_without_a_line_end_is_noticed(broken: dict[str, list[str]]) -> None:
    assert [f for f in broken["unended"] if f.startswith("3a 6.1.7.1-2")]


def _links(pdf: pikepdf.Pdf) -> Iterator[pikepdf.Object]:
    found = [link for page in pdf.pages for link in page.get("/Annots", [])]
    assert found
    yield from found


def _elements(pdf: pikepdf.Pdf, tag: str) -> Iterator[pikepdf.Object]:
    found = []
    waiting = [pdf.Root.StructTreeRoot.K[0]]
    while waiting:
        element = waiting.pop()
        if tag == element.S:
            found.append(element)
        waiting += [kid for kid in element.K if isinstance(kid, pikepdf.Dictionary) and "/S" in kid]
    assert found, f"the document has no {tag}"
    yield from found


def test_the_press_file_says_nothing_about_archives() -> None:
    with opened(write_press(seed(), theme())).open_metadata() as xmp:
        assert "pdfuaid:part" not in xmp
