"""Tables as rows of blocks: a header that comes again on each page, hairlines, fitted columns.

Source: ISO 32000-1, 14.8.4.3.4 (Table, TR, TH, TD), 14.8.5.7 (Scope); ISO 14289-1, 7.5.

Not here: pages (`pages`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from presskit.document import nodes
from presskit.document.forms import FORMS
from presskit.model.theme import Theme
from presskit.writers.pdf.blocks import Block, Row, Style, set_text, single
from presskit.writers.pdf.elements import Element
from presskit.writers.pdf.inlines import runs_of
from presskit.writers.pdf.styles import Styles
from presskit.writers.theme import column_shares

CELL_GAP_PT, AFTER_TABLE_PT = 10.0, 15.0

Cells = Sequence[tuple[nodes.Inline, ...]]


def table_rows(
    table: nodes.Table, parent: Element, styles: Styles, theme: Theme, width_pt: float, left_pt: float
) -> Iterator[Row]:
    """Yield the rows of a table: its caption, its header, its lines."""
    element = Element(FORMS[nodes.Table].pdf, parent)
    if table.caption:
        caption, style = Element("Caption", element), styles.table_caption
        runs = runs_of(table.caption, style, caption, theme)
        yield single(set_text(caption, style, runs, width_pt, x_pt=left_pt))
    widths = [share * width_pt for share in column_shares(table)]
    scope = b"/A<</O/Table/Scope/Column>>"
    head = _row(table.header, "TH", scope, element, styles.table_head, theme, widths, left_pt)
    header = Row(tuple(head), 2, 5, keep_next=True, rule="brand")
    yield header
    for number, cells in enumerate(table.rows, 1):
        blocks = _row(cells, "TD", b"", element, styles.table_cell, theme, widths, left_pt)
        after = AFTER_TABLE_PT if number == len(table.rows) else 5
        yield Row(tuple(blocks), 0, after, heads=(header,), rule="rule")


def _row(
    cells: Cells,
    tag: str,
    attributes: bytes,
    table: Element,
    style: Style,
    theme: Theme,
    widths: Sequence[float],
    left_pt: float,
) -> list[Block]:
    row, blocks, x = Element("TR", table), [], left_pt
    for cell, width in zip(cells, widths, strict=True):
        element = Element(tag, row, attributes)
        runs = runs_of(cell, style, element, theme)
        blocks.append(set_text(element, style, runs, width - CELL_GAP_PT, x_pt=x))
        x += width
    return blocks
