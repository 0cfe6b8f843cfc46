"""A table of the tree as a Word table: one header row that comes again on each page, no row cut in two.

Source: ECMA-376 part 1, 17.4 (tables): 17.4.77 (tblHeader), 17.4.6 (cantSplit), 17.4.40 and 17.4.46 (caption
and description, which screen readers say).

Not here: its caption's paragraph (`story`).
"""

from __future__ import annotations

from collections.abc import Sequence

from presskit.document.nodes import Inline, Table
from presskit.document.walk import plain
from presskit.model.theme import Theme
from presskit.writers.docx.markup import quoted, twips
from presskit.writers.docx.runs import Runs
from presskit.writers.theme import column_shares, text_width_pt

LOOK = (
    '<w:tblLook w:val="0420" w:firstRow="1" w:lastRow="0" w:firstColumn="0" w:lastColumn="0" w:noHBand="0"'
    ' w:noVBand="1"/>'
)
TOGETHER, HEADER = "<w:cantSplit/>", "<w:cantSplit/><w:tblHeader/>"

Cells = Sequence[tuple[Inline, ...]]


def table_xml(table: Table, runs: Runs, theme: Theme, marks: tuple[str, str], *, new_page: bool) -> str:
    """Return a table.

    Args:
        marks: start and end of the bookmark that carries its id, for the first cell.
    """
    widths = [twips(share * text_width_pt(theme)) for share in column_shares(table)]
    said = plain(table.caption), ", ".join(plain(cell) for cell in table.header)
    caption, description = (quoted(words) for words in said)
    columns = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    opening = "<w:pageBreakBefore/>" if new_page else ""
    rows = [_row(table.header, widths, "TableHeading", HEADER, runs, opening, marks)]
    rows += [_row(cells, widths, "TableText", TOGETHER, runs) for cells in table.rows]
    return (
        f'<w:tbl><w:tblPr><w:tblStyle w:val="ReleaseTable"/><w:tblW w:w="{sum(widths)}" w:type="dxa"/>'
        f'<w:tblLayout w:type="fixed"/>{LOOK}<w:tblCaption w:val="{caption or description}"/>'
        f'<w:tblDescription w:val="{description}"/></w:tblPr><w:tblGrid>{columns}</w:tblGrid>'
        f"{''.join(rows)}</w:tbl>"
    )


def _row(
    cells: Cells,
    widths: Sequence[int],
    style: str,
    facts: str,
    runs: Runs,
    opening: str = "",
    marks: tuple[str, str] = ("", ""),
) -> str:
    """Return one row; page break and bookmark go into its first cell."""
    made = []
    for cell, width in zip(cells, widths, strict=True):
        made.append(
            f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/></w:tcPr>'
            f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{opening}</w:pPr>'
            f"{marks[0]}{runs.of(cell)}{marks[1]}</w:p></w:tc>"
        )
        opening, marks = "", ("", "")
    return f"<w:tr><w:trPr>{facts}</w:trPr>{''.join(made)}</w:tr>"
