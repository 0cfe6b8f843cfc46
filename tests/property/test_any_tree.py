from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Iterator
from xml.etree import ElementTree

from hypothesis import HealthCheck, given, settings

from presskit.document import nodes
from presskit.document.walk import blocks, passages
from presskit.writers import WRITERS
from tests.documents import theme
from tests.property.trees import PRINTABLE, documents
from tests.writers.reading import READERS, UNSEEN, Page, meant, wide

SLOW = settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
SLOWER = settings(SLOW, max_examples=25)


def solid(text: str) -> str:
    """Return a text without spaces and what nobody sees."""
    return "".join(text.translate(UNSEEN).split())


@SLOW
@given(document=documents())
def test_a_page_says_every_word_in_its_order_and_no_other(document: nodes.Document) -> None:
    data = WRITERS["html"].write(document, theme())
    assert READERS["html"](data, document) == meant(document, "html")
    ids = [attributes["id"] for _, attributes in Page(data).elements if "id" in attributes]
    assert len(ids) == len(set(ids))


@SLOW
@given(document=documents())
def test_plain_text_says_every_word_in_its_order(document: nodes.Document) -> None:
    text = WRITERS["text"].write(document, theme()).decode()
    said, position = solid(text), 0
    for block in blocks(document):
        ends = [_after(pieces, said, position) for pieces in _ways_to_say(block)]
        found = [end for end in ends if end >= 0]
        assert found, block
        position = min(found)


@SLOW
@given(document=documents())
def test_plain_text_keeps_to_72_columns(document: nodes.Document) -> None:
    text = WRITERS["text"].write(document, theme()).decode()
    assert [line for line in text.split("\n") if wide(line) > 72 or line != line.rstrip()] == []
    assert "\n\n\n" not in text


@SLOW
@given(document=documents())
def test_a_word_file_says_every_word_in_its_order_and_no_other(document: nodes.Document) -> None:
    data = WRITERS["docx"].write(document, theme())
    assert READERS["docx"](data, document) == meant(document, "docx")
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        assert package.testzip() is None
        parts = [name for name in package.namelist() if name.endswith((".xml", ".rels"))]
        assert len(parts) > 8
        for part in parts:
            ElementTree.fromstring(package.read(part))


@SLOWER
@given(document=documents(PRINTABLE))
def test_a_pdf_says_every_word_in_its_order_and_no_other(document: nodes.Document) -> None:
    data = WRITERS["pdf"].write(document, theme())
    assert READERS["pdf"](data, document) == meant(document, "pdf")


@SLOWER
@given(document=documents(PRINTABLE))
def test_any_tree_can_go_to_press(document: nodes.Document) -> None:
    assert WRITERS["pdf-press"].write(document, theme()).startswith(b"%PDF-1.6")


def _ways_to_say(block: nodes.Block) -> Iterator[list[str]]:
    """Yield the pieces of a block in their order; a table may also say its header with every row."""
    yield [piece for _, content in passages(block) for piece in _pieces(content)]
    if isinstance(block, nodes.Table):
        rows = [list(zip(block.header, row, strict=True)) for row in block.rows]
        cells = (cell for row in rows for pair in row for cell in pair)
        yield [piece for content in (block.caption, *cells) for piece in _pieces(content)]


def _pieces(content: Iterable[nodes.Inline]) -> Iterator[str]:
    """Yield the texts of inlines: between them an address may stand."""
    for inline in content:
        match inline:
            case nodes.Text(text):
                yield solid(text)
            case nodes.Break():
                pass
            case _:
                yield from _pieces(inline.content)


def _after(pieces: Iterable[str], said: str, position: int) -> int:
    """Return where the pieces end that stand in this order from the position on; -1 if one is missing."""
    for piece in pieces:
        found = said.find(piece, position)
        if found < 0:
            return -1
        position = found + len(piece)
    return position
