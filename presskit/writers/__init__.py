"""The writers: each turns the document tree and the theme into the bytes of one file.

A writer is imported when it is first used, so that a build of plain text pays for no PDF.  Not here: what a
writer does (its own file).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from presskit.document.nodes import Document
from presskit.model.theme import Theme


@dataclass(frozen=True, slots=True)
class Writer:
    """One format of the kit."""

    suffix: str  # of the file's name, after the slug
    media_type: str
    write: Callable[[Document, Theme], bytes]

    def file_name(self, slug: str) -> str:
        """Return what this file of a release's kit is called."""
        return slug + self.suffix


def _pdf(document: Document, theme: Theme) -> bytes:
    from presskit.writers.pdf import write_digital

    return write_digital(document, theme)


def _pdf_press(document: Document, theme: Theme) -> bytes:
    from presskit.writers.pdf import write_press

    return write_press(document, theme)


def _docx(document: Document, theme: Theme) -> bytes:
    from presskit.writers.docx import write_docx

    return write_docx(document, theme)


def _html(document: Document, theme: Theme) -> bytes:
    from presskit.writers.html import write_html

    return write_html(document, theme)


def _text(document: Document, theme: Theme) -> bytes:
    from presskit.writers.text import write_text

    return write_text(document, theme)


WRITERS: Mapping[str, Writer] = {
    "pdf": Writer(".pdf", "application/pdf", _pdf),
    "pdf-press": Writer("-press.pdf", "application/pdf", _pdf_press),
    "docx": Writer(".docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", _docx),
    "html": Writer(".html", "text/html; charset=utf-8", _html),
    "text": Writer(".txt", "text/plain; charset=utf-8", _text),
}
"""Every format presskit writes, in the order a kit lists them."""
