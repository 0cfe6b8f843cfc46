"""The sheet: page size, margins, columns, and which running head and foot stand on it.

Running text stands between the margins; the theme's indent is part of the left margin, so that columns,
tables and pasted text need no indent of their own.

Source: ECMA-376 part 1, 17.6 (sections, in the order of CT_SectPr).

Not here: where a section ends (`body`).
"""

from __future__ import annotations

from functools import lru_cache

from presskit.model.theme import Theme
from presskit.writers.docx.markup import twips
from presskit.writers.theme import POINTS_PER_MM

COLUMN_GAP_PT = 14.0
HEAD_ABOVE_PT, FOOT_BELOW_PT = 22.0, 30.0  # of the running head's top and the foot's bottom, from the margins


@lru_cache(32)
def section_xml(theme: Theme, columns: int, references: str = "") -> str:
    """Return the properties of a section; those of later ones inherit head and foot from the first.

    Args:
        references: of the first section: to its running head and feet; "": a later one, on the same page.
    Source: 17.6.22 (a later section goes on where the last one ended), 17.10.6 (its first page is another
        than the rest). Why: only the first section may have a first page of its own: a later one that
        happens to start at the top of a page would lose its running head there.
    """
    page, margin = theme.page, theme.page.margin_mm * POINTS_PER_MM
    kind, first = (references, "<w:titlePg/>") if references else ('<w:type w:val="continuous"/>', "")
    number = f' w:num="{columns}"' if columns > 1 else ""
    return (
        f'<w:sectPr>{kind}<w:pgSz w:w="{twips(page.width_mm * POINTS_PER_MM)}"'
        f' w:h="{twips(page.height_mm * POINTS_PER_MM)}"/><w:pgMar w:top="{twips(margin)}"'
        f' w:right="{twips(margin)}" w:bottom="{twips(margin)}"'
        f' w:left="{twips(margin + theme.setting.indent_mm * POINTS_PER_MM)}"'
        f' w:header="{twips(max(margin - HEAD_ABOVE_PT, margin / 3))}"'
        f' w:footer="{twips(max(margin - FOOT_BELOW_PT, margin / 3))}" w:gutter="0"/>'
        f'<w:cols{number} w:space="{twips(COLUMN_GAP_PT)}"/>{first}</w:sectPr>'
    )
