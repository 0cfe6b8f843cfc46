"""The Nu HTML checker on every page, and axe in a real browser, narrow and wide, by day and by night."""

from __future__ import annotations

from pathlib import Path

import pytest

from presskit.writers.html import write_html
from tests.conformance import judges
from tests.conformance.web import invalid, unnoticed
from tests.documents import hard, paperwork, seed, theme

DOCUMENTS = {"seed": seed(), **hard(), **paperwork()}
IN_A_BROWSER = "seed", "everything", "embargo", "french", "sixty_agencies", "page_breaks"
WIDTHS_PX = 320, 360, 1200


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("html")
    files = {name: folder / f"{name}.html" for name in DOCUMENTS}
    for name, file in files.items():
        file.write_bytes(write_html(DOCUMENTS[name], theme()))
    return files


def test_every_page_is_valid(pages: dict[str, Path]) -> None:
    judges.require("html-validator")
    assert len(pages) > 10
    assert invalid(list(pages.values())) == {}


def test_no_page_shuts_anybody_out_or_scrolls_sideways(pages: dict[str, Path]) -> None:
    judges.require("axe")
    views = [
        judges.View(pages[name], width, dark)
        for name in IN_A_BROWSER
        for width in WIDTHS_PX
        for dark in (False, True)
    ]
    found = {f"{v.file.stem} {v.width_px} {v.dark}": f for v, f in judges.axe_views(views).items() if f}
    assert found == {}


def test_a_table_wider_than_the_window_scrolls_by_itself(pages: dict[str, Path]) -> None:
    judges.require("axe")
    views = [judges.View(pages[name], 320) for name in ("long_table", "unbroken")]
    for view, findings in judges.axe_views(views).items():
        out_of_sight = [finding for finding in findings if finding.startswith("undecided color-contrast")]
        assert out_of_sight, "the table fits: another one is needed here"
        assert [finding for finding in findings if finding not in out_of_sight] == [], view.file.stem


BREAKS = {
    "html-has-lang": ("everything", '<html lang="en-CA">', "<html>"),
    "image-alt": ("everything", 'alt="A ramp of colours"', ""),
    "page-has-heading-one": ("everything", "h1", "p"),
    "color-contrast": ("everything", "--muted:#4a5058", "--muted:#cccccc"),
    "scrollable-region-focusable": ("unbroken", ' tabindex="0"', ""),
    "overflow": ("unbroken", "overflow-x:auto", "overflow-x:visible"),
}
"""Rule → the document, what the rule is about in it, and what stands there once it is broken."""


def test_what_each_rule_is_about_is_noticed_when_it_is_broken(pages: dict[str, Path], tmp_path: Path) -> None:
    judges.require("axe")
    breaks = {rule: (pages[name], whole, broken) for rule, (name, whole, broken) in BREAKS.items()}
    assert unnoticed(breaks, tmp_path) == []
