"""The page design's rules of setting, held on every document there is."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from itertools import pairwise

import pytest

from presskit.document.nodes import AgencyList
from presskit.writers.pdf import write_digital
from presskit.writers.pdf.blocks import Block
from presskit.writers.pdf.pages import Page, Placed
from presskit.writers.pdf.render import Layout, lay_out
from tests.documents import hard, items, seed, theme
from tests.writers.pdf.anatomy import Painted, opened, painted

DOCUMENTS = {"seed": seed(), **hard()}


@cache
def layout(name: str) -> Layout:
    return lay_out(DOCUMENTS[name], theme())


def content(page: Page) -> list[Placed]:
    return [p for p in page.placed if not p.furniture]


def fragments(name: str) -> dict[Block, list[Placed]]:
    """Each block's stretches of lines, page by page."""
    found: dict[Block, list[Placed]] = {}
    for page in layout(name).pages:
        for placed in content(page):
            found.setdefault(placed.block, []).append(placed)
    return found


@pytest.mark.parametrize("name", DOCUMENTS)
def test_nothing_is_lost_or_doubled_between_pages(name: str) -> None:
    for block, parts in fragments(name).items():
        lines = [line for part in parts for line in range(part.first, part.end)]
        assert lines == list(range(block.line_count))


@pytest.mark.parametrize("name", DOCUMENTS)
def test_no_page_starts_or_ends_with_one_line_of_a_paragraph(name: str) -> None:
    for block, parts in fragments(name).items():
        if len(parts) > 1 and block.picture is None:
            assert all(part.end - part.first >= 2 for part in parts), block.runs


@pytest.mark.parametrize("name", DOCUMENTS)
def test_no_heading_and_no_introduction_stands_at_a_foot(name: str) -> None:
    pages = layout(name).pages
    for page in pages[:-1]:
        last = content(page)[-1]
        complete = last.end == last.block.line_count
        assert not (complete and last.block.style.keep_next), "".join(str(last.block.broken.lines)[:80])


@pytest.mark.parametrize("name", DOCUMENTS)
def test_the_last_page_has_at_least_four_lines(name: str) -> None:
    pages = layout(name).pages
    if len(pages) > 1 and name != "page_breaks":
        assert sum(p.end - p.first for p in content(pages[-1])) >= 4


@pytest.mark.parametrize("name", DOCUMENTS)
def test_no_line_sticks_out_of_its_measure(name: str) -> None:
    for block in fragments(name):
        room = block.width_pt - block.style.indent_pt
        for line in block.broken.lines:
            if line:
                width = (line[-1].x + line[-1].width) * block.style.size_pt / 1000
                assert width <= room + 0.05


@pytest.mark.parametrize("name", DOCUMENTS)
def test_everything_stands_inside_the_margins(name: str) -> None:
    margin = theme().page.margin_mm * 72 / 25.4
    top = theme().page.height_mm * 72 / 25.4 - margin
    for page in layout(name).pages:
        for placed in page.placed:
            height = (placed.end - placed.first) * placed.block.style.leading_pt
            height = placed.block.height_pt if placed.block.picture else height
            assert placed.y_pt <= top + 0.05
            assert placed.y_pt - height >= margin - 0.05


@pytest.mark.parametrize("name", DOCUMENTS)
def test_blocks_of_one_column_do_not_overlap(name: str) -> None:
    for page in layout(name).pages:
        by_left: dict[tuple[float, str], list[tuple[float, float]]] = {}
        for p in page.placed:
            height = p.block.height_pt if p.block.picture else (p.end - p.first) * p.block.style.leading_pt
            column = round(p.x_pt, 1), p.block.style.align
            by_left.setdefault(column, []).append((p.y_pt, p.y_pt - height))
        for spans in by_left.values():
            spans.sort(reverse=True)
            for above, below in pairwise(spans):
                assert below[0] <= above[1] + 0.05


def test_a_headline_takes_at_most_three_lines() -> None:
    for name in DOCUMENTS:
        (headline,) = [b for b in fragments(name) if b.element.tag == "H1"]
        assert headline.line_count <= 3


def test_running_text_has_65_to_80_characters_a_full_line() -> None:
    lengths = [len(line) for line in _full_lines(painted(opened(write_digital(seed(), theme()))))]
    assert len(lengths) > 15
    assert 65 <= sum(lengths) / len(lengths) <= 80


def _full_lines(found: Painted) -> list[str]:
    """Lines of running text that are not the last of their paragraph."""
    body = [s for s in found.shown if s.size == theme().sizes.body.size_pt and s.mcid is not None]
    return [
        one.text
        for one, following in pairwise(body)
        if (one.page, one.mcid) == (following.page, following.mcid)
    ]


def test_a_long_reference_goes_below_the_date_rather_than_over_it() -> None:
    document = seed()
    masthead = replace(document.head.masthead, reference="No. " + "2025-14/" * 12)
    crowded = replace(document, head=replace(document.head, masthead=masthead))
    first = lay_out(crowded, theme()).pages[0]
    rows = [p.y_pt for p in first.placed[1:4]]
    assert len(set(rows)) == 3
    beside = [p.y_pt for p in layout("seed").pages[0].placed[1:3]]
    assert len(set(beside)) == 1


def test_a_paragraph_that_leads_in_to_a_list_stays_with_it() -> None:
    leading = [b for b in fragments("three_ordered_lists") if b.element.tag == "P" and b.style.keep_next]
    assert leading


def test_entries_do_not_stand_in_columns_too_narrow_for_most_of_them() -> None:
    names = [f"Agency of the Town of Number {n} Police Service" for n in range(200, 240)]
    made = AgencyList("agencies.x", "body[0]", "numbered", (), items("agencies.x", *names))
    pages = lay_out(replace(seed(), blocks=(made,)), theme()).pages
    entries = [p.block for page in pages for p in page.placed if p.block.element.tag == "LBody"]
    assert len(entries) == 40
    assert [b.line_count for b in entries] == [1] * 40
