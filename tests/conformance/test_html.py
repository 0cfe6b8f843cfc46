"""The Nu HTML checker on every page, and axe in a real browser, narrow and wide, by day and by night."""

from __future__ import annotations

from pathlib import Path

import pytest

from presskit.writers.html import write_html
from tests.conformance import judges
from tests.documents import hard, paperwork, seed, theme

DOCUMENTS = {"seed": seed(), **hard(), **paperwork()}
IN_A_BROWSER = "seed", "everything", "embargo", "french", "sixty_agencies", "page_breaks"
WIDTHS_PX = 320, 360, 1200
GUESS = "This document appears to be written in"  # the checker's guess at the language of odd words


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
    found = {
        file.stem: [finding for finding in findings if GUESS not in finding]
        for file, findings in judges.html_validator(list(pages.values())).items()
    }
    assert {name: findings for name, findings in found.items() if findings} == {}


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
    "html-has-lang": ('<html lang="en-CA">', "<html>"),
    "image-alt": ('alt="A ramp of colours"', ""),
    "page-has-heading-one": ("h1", "p"),
    "color-contrast": ("--muted:#4a5058", "--muted:#cccccc"),
    "scrollable-region-focusable": (' tabindex="0"', ""),
    "overflow": ("overflow-x:auto", "overflow-x:visible"),
}
"""Rule → what it is about on the page, and what stands there once it is broken."""


def test_what_each_rule_is_about_is_noticed_when_it_is_broken(pages: dict[str, Path], tmp_path: Path) -> None:
    judges.require("axe")
    views = {}
    for rule, (whole, broken) in BREAKS.items():
        source = pages["unbroken" if rule in ("overflow", "scrollable-region-focusable") else "everything"]
        text = source.read_text("utf-8")
        assert whole in text
        file = tmp_path / f"{rule}.html"
        file.write_text(text.replace(whole, broken), "utf-8")
        views[rule] = judges.View(file, 320)
    verdicts = judges.axe_views(list(views.values()))
    for rule, view in views.items():
        assert [finding for finding in verdicts[view] if finding.startswith(rule)], rule
