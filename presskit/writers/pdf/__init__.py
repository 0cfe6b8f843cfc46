"""The PDF writers: one layout, two files.

::

    document ──story──▶ rows ──pages──▶ pages ──paper──▶ digital: PDF/UA-1 + PDF/A-3a
                └─────▶ structure tree ─────────────┘ └▶ press:   PDF/X-4

`faces`, `fonts`, `fontfile` know type; `lines`, `blocks`, `pages` know measures and no PDF; `paper`,
`structure`, `metadata`, `pictures`, `file`, `objects` know PDF and no layout; `render` joins them.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

from presskit.document.nodes import Document
from presskit.model.theme import Theme
from presskit.writers.pdf.render import Layout, digital, lay_out, press

_last: list[Layout] = []
"""The layout made last: the two files of a kit are written one after the other from one layout."""


def write_digital(document: Document, theme: Theme) -> bytes:
    """Return the PDF for screens and archives: PDF/UA-1 and PDF/A-3a in one file."""
    with _collector_at_rest():
        return digital(_laid_out(document, theme))


def write_press(document: Document, theme: Theme) -> bytes:
    """Return the PDF for a printer: PDF/X-4."""
    with _collector_at_rest():
        return press(_laid_out(document, theme))


def _laid_out(document: Document, theme: Theme) -> Layout:
    if not (_last and _last[0].document is document and _last[0].theme is theme):
        _last[:] = [lay_out(document, theme)]
    return _last[0]


@contextmanager
def _collector_at_rest() -> Iterator[None]:
    """Keep the cyclic garbage collector from running meanwhile.

    Why: nothing made here is garbage before the file is whole, and looking through it again and again makes
    the cost of a page grow with the pages: at 1,000 pages by 60 %.
    """
    ran = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if ran:
            gc.enable()
