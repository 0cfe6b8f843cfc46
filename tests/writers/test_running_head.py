"""What stands at the head of every page in all formats."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from xml.etree import ElementTree

import pytest

from presskit.document.nodes import Document, Notice, PageBreak
from presskit.document.walk import is_public, plain, running_head
from presskit.writers import WRITERS
from tests.documents import agencies, hard, seed, theme
from tests.documents.content import MEMBERS
from tests.writers.docx.soundness import flaws
from tests.writers.pdf.anatomy import opened, painted
from tests.writers.reading import Page, said_by_docx, said_by_html

LINE = "DRAFT – not approved"
DRAFT = hard()["draft"]


def embargoed() -> tuple[Document, str]:
    """A document of two pages under embargo, and the embargo's line."""
    document = hard()["embargo"]
    (notice,) = [b for b in document.blocks if isinstance(b, Notice)]
    *first, last = document.blocks
    return replace(document, blocks=(*first, PageBreak("break.x", "body[9]"), last)), plain(notice.content)


def running_heads(document: Document) -> str:
    """The words of the Word file's running head."""
    package = zipfile.ZipFile(io.BytesIO(WRITERS["docx"].write(document, theme())))
    return "".join(ElementTree.fromstring(package.read("word/header1.xml")).itertext())


def test_an_embargo_stands_on_every_page_of_the_pdf() -> None:
    document, line = embargoed()
    for name in ("pdf", "pdf-press"):
        shown = painted(opened(WRITERS[name].write(document, theme()))).shown
        pages = {s.page for s in shown if line in s.text}
        assert pages == {0, 1}


def test_an_embargo_stands_in_the_running_head_of_the_word_file() -> None:
    document, line = embargoed()
    assert running_heads(document).startswith(line)


def test_without_an_embargo_it_is_office_and_short_headline() -> None:
    head = seed().head
    assert running_head(seed()) == f"{head.office} · {head.running_title}"


@pytest.mark.parametrize("name", ["pdf", "pdf-press"])
def test_a_draft_is_marked_at_the_top_of_every_page_of_the_pdf(name: str) -> None:
    shown = painted(opened(WRITERS[name].write(DRAFT, theme()))).shown
    first, *_ = (s for s in shown if s.page == 0)
    (later,) = (s for s in shown if s.page == 1 and s.text.startswith("DRAFT"))
    assert first.text == LINE
    assert later.text.startswith(f"{LINE} · EMBARGOED")
    assert name == "pdf-press" or later.artifact
    assert {s.page for s in shown} == {0, 1}


def test_a_draft_is_marked_before_all_else_in_the_word_file_and_at_the_head_of_its_later_pages() -> None:
    data = WRITERS["docx"].write(DRAFT, theme())
    assert said_by_docx(data, DRAFT).startswith(LINE)
    assert running_heads(DRAFT).startswith(f"{LINE} · EMBARGOED UNTIL")


def test_a_draft_is_marked_before_all_else_on_the_page_which_nobody_may_index() -> None:
    data = WRITERS["html"].write(DRAFT, theme())
    assert said_by_html(data, DRAFT).startswith(LINE)
    drafted = replace(DRAFT, head=replace(DRAFT.head, embargo=None), blocks=DRAFT.blocks[:1])
    assert {"name": "robots", "content": "noindex,noarchive"} in Page(
        WRITERS["html"].write(drafted, theme())
    ).all("meta")


def test_a_draft_is_marked_in_the_first_line_of_the_text() -> None:
    assert WRITERS["text"].write(DRAFT, theme()).decode().splitlines()[0] == LINE


def test_only_what_is_no_draft_not_under_embargo_and_not_withdrawn_is_public() -> None:
    kinds = {n.kind: n for n in DRAFT.blocks if isinstance(n, Notice)}
    withdrawn = replace(kinds["correction"], kind="withdrawal")
    assert is_public(seed())
    assert is_public(replace(seed(), blocks=(kinds["correction"], *seed().blocks)))
    for notice in (kinds["draft"], kinds["embargo"], withdrawn):
        assert not is_public(replace(seed(), blocks=(notice, *seed().blocks)))


def test_a_list_in_columns_right_under_the_masthead_of_a_draft_makes_a_sound_word_file() -> None:
    members = agencies("agencies.1", "body[0]", "bulleted", MEMBERS)
    document = Document(DRAFT.head, (DRAFT.blocks[0], members))
    data = WRITERS["docx"].write(document, theme())
    assert flaws(data) == []
    main = zipfile.ZipFile(io.BytesIO(data)).read("word/document.xml").decode()
    assert main.index(LINE) < main.index("Masthead") < main.index('w:num="2"')
