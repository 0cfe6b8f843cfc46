"""PDF/X-4 by our own assertions, rule by rule: ISO 15930-7 and the page design."""

from __future__ import annotations

import re
from functools import cache

import pytest

from presskit.writers.pdf import write_press
from tests.documents import hard, seed, theme
from tests.writers.pdf.anatomy import Painted, opened, operations, painted

HARD = hard()
MM = 72 / 25.4


@cache
def press(name: str) -> bytes:
    return write_press(seed() if name == "seed" else HARD[name], theme())


NAMES = ["seed", *HARD]


@pytest.mark.parametrize("name", NAMES)
def test_says_what_it_is(name: str) -> None:
    pdf = opened(press(name))
    assert pdf.pdf_version == "1.6"
    assert str(pdf.docinfo["/GTS_PDFXVersion"]) == "PDF/X-4"
    assert pdf.docinfo["/Trapped"] == "/False"
    with pdf.open_metadata() as xmp:
        assert xmp["pdfxid:GTS_PDFXVersion"] == "PDF/X-4"
        assert xmp["pdf:Trapped"] == "False"
        assert xmp["xmpMM:DocumentID"].startswith("uuid:")
        assert "pdfaid:part" not in xmp


@pytest.mark.parametrize("name", NAMES)
def test_has_one_output_intent_with_the_press_profile_inside(name: str) -> None:
    pdf = opened(press(name))
    (intent,) = pdf.Root.OutputIntents
    assert intent.S == "/GTS_PDFX"
    assert str(intent.OutputConditionIdentifier) == "FOGRA39"
    profile = intent.DestOutputProfile
    assert profile.N == 4
    data = profile.read_bytes()
    assert data == theme().resources[theme().press.profile]
    assert data[12:20] == b"prtrCMYK"


@pytest.mark.parametrize("name", NAMES)
def test_boxes_lie_in_each_other_with_3_mm_bleed(name: str) -> None:
    for page in opened(press(name)).pages:
        media, bleed, trim = ([float(v) for v in page[f"/{box}Box"]] for box in ("Media", "Bleed", "Trim"))
        assert trim[2] - trim[0] == pytest.approx(215.9 * MM, abs=0.02)
        assert trim[3] - trim[1] == pytest.approx(279.4 * MM, abs=0.02)
        edges = [trim[0] - bleed[0], trim[1] - bleed[1], bleed[2] - trim[2], bleed[3] - trim[3]]
        assert edges == pytest.approx([3 * MM] * 4, abs=0.02)
        assert media[0] < bleed[0] and media[1] < bleed[1] and media[2] > bleed[2] and media[3] > bleed[3]
        assert "/ArtBox" not in page


@pytest.mark.parametrize("name", NAMES)
def test_paints_no_rgb_and_no_grey(name: str) -> None:
    assert _painted(name).colour_operators <= {"k"}
    for page in opened(press(name)).pages:
        for image in dict(page.Resources.get("/XObject", {})).values():
            assert image.ColorSpace == "/DeviceCMYK"


@pytest.mark.parametrize("name", NAMES)
def test_ink_stays_under_the_limit_of_the_profile(name: str) -> None:
    limit = theme().press.ink_limit / 100
    found = _painted(name).colours
    assert found
    assert max(sum(inks) for _, inks in found) <= limit
    for page in opened(press(name)).pages:
        for image in dict(page.Resources.get("/XObject", {})).values():
            samples = image.read_bytes()
            most = max(sum(samples[i : i + 4]) for i in range(0, len(samples), 4))
            assert most / 255 <= limit + 0.02, "the profile's own limit, within rounding"


@pytest.mark.parametrize("name", NAMES)
def test_running_text_is_pure_black_and_overprints(name: str) -> None:
    shown = _painted(name).shown
    running = [s for s in shown if s.size == theme().sizes.body.size_pt]
    headings = "1 0.62 0.1 0.35 k"
    assert {s.colour for s in running} <= {"0 0 0 1 k", headings}
    assert len([s for s in running if s.colour == headings]) < 3
    black = [s for s in shown if s.colour == "0 0 0 1 k"]
    assert black
    assert all(s.overprint for s in black)
    assert not any(s.overprint for s in shown if not s.colour.startswith("0 0 0 "))
    white = [s for s in shown if s.colour == "0 0 0 0 k"]
    assert not any(s.overprint for s in white), "white that overprints is invisible"
    assert white or name != "embargo"


@pytest.mark.parametrize("name", NAMES)
def test_no_line_is_thinner_than_a_quarter_point(name: str) -> None:
    found = _painted(name)
    assert found.stroke_widths_pt
    assert min(found.stroke_widths_pt | found.thin_fills_pt) >= 0.25


@pytest.mark.parametrize("name", NAMES)
def test_holds_nothing_that_only_a_screen_can_use(name: str) -> None:
    pdf = opened(press(name))
    for page in pdf.pages:
        assert "/Annots" not in page
    for key in ("/StructTreeRoot", "/Outlines", "/AcroForm", "/OpenAction", "/AA", "/AF"):
        assert key not in pdf.Root
    assert not pdf.is_encrypted


@pytest.mark.parametrize("name", NAMES)
def test_every_font_is_embedded_as_a_subset(name: str) -> None:
    pdf = opened(press(name))
    fonts = {str(font.BaseFont): font for page in pdf.pages for font in page.Resources.Font.values()}
    assert fonts
    for base, font in fonts.items():
        (descendant,) = font.DescendantFonts
        assert "/FontFile2" in descendant.FontDescriptor
        assert re.fullmatch(r"/[A-Z]{6}\+.+", base)


def test_colour_reaches_the_edge_of_the_bleed() -> None:
    pdf = opened(press("seed"))
    page = pdf.pages[0]
    bleed = [float(v) for v in page.BleedBox]
    rectangles = [[float(o) for o in operands] for operator, operands in operations(page) if operator == "re"]
    x, y, width, height = rectangles[0]
    assert (x, x + width) == pytest.approx((bleed[0], bleed[2]), abs=0.02)
    assert y + height == pytest.approx(bleed[3], abs=0.02)


def test_marks_stay_outside_the_bleed() -> None:
    pdf = opened(press("seed"))
    page = pdf.pages[0]
    left, bottom, right, top = (float(v) for v in page.BleedBox)
    points = [
        (float(operands[0]), float(operands[1]))
        for operator, operands in operations(page)
        if operator in ("m", "l")
    ]
    assert len(points) > 50
    assert not [p for p in points if left < p[0] < right and bottom < p[1] < top]


def _painted(name: str) -> Painted:
    return painted(opened(press(name)))
