"""What stands at the head of later pages, in the PDF and in the Word file alike."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace

from presskit.document.nodes import Document, Notice, PageBreak
from presskit.document.walk import plain, running_head
from presskit.writers import WRITERS
from tests.documents import hard, seed, theme
from tests.writers.pdf.anatomy import opened, painted


def embargoed() -> tuple[Document, str]:
    """A document of two pages under embargo, and the embargo's line."""
    document = hard()["embargo"]
    (notice,) = [b for b in document.blocks if isinstance(b, Notice)]
    *first, last = document.blocks
    return replace(document, blocks=(*first, PageBreak("break.x", "body[9]"), last)), plain(notice.content)


def test_an_embargo_stands_on_every_page_of_the_pdf() -> None:
    document, line = embargoed()
    for name in ("pdf", "pdf-press"):
        shown = painted(opened(WRITERS[name].write(document, theme()))).shown
        pages = {s.page for s in shown if line in s.text}
        assert pages == {0, 1}


def test_an_embargo_stands_in_the_running_head_of_the_word_file() -> None:
    document, line = embargoed()
    package = zipfile.ZipFile(io.BytesIO(WRITERS["docx"].write(document, theme())))
    assert line in package.read("word/header1.xml").decode()


def test_without_an_embargo_it_is_office_and_short_headline() -> None:
    head = seed().head
    assert running_head(seed()) == f"{head.office} · {head.running_title}"
