"""Reads the words of a built file back, in reading order, by nothing of presskit's.

Each reader returns running text; what a format adds (numbers of lists, addresses of links in plain text) is
left out, so that all formats must say the same.
"""

from __future__ import annotations

import io
import re
import subprocess
import unicodedata
import zipfile
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

from presskit.document import nodes
from presskit.document.walk import blocks, parted, passages, plain, words
from tests.writers.pdf.anatomy import opened, structure, words_of

UNSEEN = dict.fromkeys(map(ord, "\u00ad\u200b\u2060"))
WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
IN_LINE = {"a", "b", "em", "span", "strong", "time"}
VOID = {"br", "img", "meta"}


def folded(text: str) -> str:
    """Return the words with one plain space between them, without what only a typesetter sees."""
    return " ".join(text.translate(UNSEEN).split())


def meant(document: nodes.Document, name: str) -> str:
    """Return what a file of the format is to say."""
    return folded(" ".join(_lines_of_text(document) if name == "text" else words(document)))


def _lines_of_text(document: nodes.Document) -> Iterator[str]:
    """Yield the words, a table too wide for columns as pairs of header and cell."""
    above, below = parted(document)
    yield from words(nodes.Document(document.head, above))
    for block in blocks(nodes.Document(document.head, below)):
        if isinstance(block, nodes.Table) and _width(block) > 72:
            yield plain(block.caption)
            header = [folded(plain(cell)) for cell in block.header]
            for row in block.rows:
                yield from (f"{head}: {plain(cell)}" for head, cell in zip(header, row, strict=True))
        else:
            yield from (plain(content) for _, content in passages(block))


def _width(table: nodes.Table) -> int:
    columns = zip(table.header, *table.rows, strict=True)
    return sum(max(wide(folded(plain(cell))) for cell in column) + 2 for column in columns) - 2


def wide(text: str) -> int:
    """Return the columns a text takes on a terminal."""
    seen = [c for c in text if unicodedata.category(c) not in ("Mn", "Me", "Cf")]
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in seen)


# --- plain text ------------------------------------------------------------------------------------------


def said_by_text(data: bytes, document: nodes.Document) -> str:
    lines = [line for line in data.decode().split("\n") if not re.fullmatch(r"-+(  +-+)*", line)]
    text = " ".join(re.sub(r"^ *(\d+\.|-) ", "", line) for line in lines)
    text = re.sub(rf"\[{document.head.picture_label}: .*?\]", "", text)
    return folded(re.sub(r" <(https?|mailto|tel):[^>]*>", "", text))


# --- web page --------------------------------------------------------------------------------------------


class Page(HTMLParser):
    """An HTML page, taken apart; a start without its end is an error."""

    def __init__(self, data: bytes) -> None:
        super().__init__()
        self.open: list[str] = []
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.texts: dict[str, list[str]] = {}  # element the text stands in → texts
        self.said: list[str] = []  # of the body
        self.feed(data.decode())
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs]
        assert len(names) == len(set(names)), f"<{tag}> has an attribute twice"
        self.elements.append((tag, {name: value or "" for name, value in attrs}))
        self._edge(tag)
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag
        self._edge(tag)

    def handle_data(self, data: str) -> None:
        if self.open:
            self.texts.setdefault(self.open[-1], []).append(data)
        if "body" in self.open:
            self.said.append(data)

    def _edge(self, tag: str) -> None:
        if tag not in IN_LINE:
            self.said.append(" ")

    def all(self, tag: str) -> list[dict[str, str]]:
        """Return the attributes of every element of that name."""
        return [attributes for name, attributes in self.elements if name == tag]


def said_by_html(data: bytes, document: nodes.Document) -> str:
    return folded("".join(Page(data).said))


# --- Word ------------------------------------------------------------------------------------------------


def said_by_docx(data: bytes, document: nodes.Document) -> str:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        root = ElementTree.fromstring(package.read("word/document.xml"))
    return folded(" ".join("".join(_runs(paragraph)) for paragraph in root.iter(f"{WORD}p")))


def _runs(paragraph: ElementTree.Element) -> Iterator[str]:
    for element in paragraph.iter():
        if element.tag == f"{WORD}t":
            yield element.text or ""
        elif element.tag in (f"{WORD}br", f"{WORD}tab"):
            yield " "
        elif element.tag == f"{WORD}noBreakHyphen":
            yield "\u2011"


# --- PDF -------------------------------------------------------------------------------------------------


def said_by_pdf(data: bytes, document: nodes.Document) -> str:
    return folded(" ".join(words_of(structure(opened(data)))))


def said_to_poppler(data: bytes, folder: Path) -> str:
    """Return the words of the structure tree, as poppler reads it."""
    file = folder / "read.pdf"
    file.write_bytes(data)
    command = ["pdfinfo", "-enc", "UTF-8", "-struct-text", str(file)]
    tree = subprocess.run(command, capture_output=True, check=True).stdout.decode()
    return folded("".join(_structure_words(tree)))


def _structure_words(tree: str) -> Iterator[str]:
    """Yield the texts of poppler's indented tree but for the labels of lists, a space between blocks."""
    above: list[tuple[int, str]] = []
    for line in tree.split("\n"):
        depth = len(line) - len(line.lstrip(" "))
        while above and above[-1][0] >= depth:
            yield _between(above.pop()[1])
        if tag := re.fullmatch(r" *([A-Z]\w*)( \(\w+\))?:?", line):
            above.append((depth, tag[1]))
            yield _between(tag[1])
        elif (text := re.fullmatch(r' *"(.*)"', line)) and "Lbl" not in [tag for _, tag in above]:
            yield text[1]


def _between(tag: str) -> str:
    return "" if tag in ("Link", "Span") else " "


Reader = Callable[[bytes, nodes.Document], str]

READERS: dict[str, Reader] = {
    "pdf": said_by_pdf,
    "docx": said_by_docx,
    "html": said_by_html,
    "text": said_by_text,
}
