"""Reads a Word file back, by zipfile and lxml and nothing of presskit's: its parts, paragraphs and words."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from lxml import etree

Element = etree._Element

NAMES = {
    "w": "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    "r": "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    "a": "http://schemas.openxmlformats.org/drawingml/2006/main",
    "wp": "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing",
    "pk": "urn:presskit:release:1",
    "dc": "http://purl.org/dc/elements/1.1/",
    "dcterms": "http://purl.org/dc/terms/",
    "cp": "http://schemas.openxmlformats.org/package/2006/metadata/core-properties",
    "rel": "http://schemas.openxmlformats.org/package/2006/relationships",
}
MAIN = "word/document.xml"


def name(short: str) -> str:
    """Return the full name of an element or attribute: ``w:p``."""
    prefix, local = short.split(":")
    return f"{{{NAMES[prefix]}}}{local}"


def found(element: Element, path: str) -> list[Element]:
    """Return the elements at a path from an element."""
    result = element.xpath(path, namespaces=NAMES)
    assert isinstance(result, list)
    return [one for one in result if isinstance(one, etree._Element)]


def value(element: Element, path: str, attribute: str = "w:val") -> str | None:
    """Return an attribute of the first element at a path; None when there is none."""
    there = found(element, path)
    return there[0].get(name(attribute)) if there else None


def values(element: Element, path: str, attribute: str = "w:val") -> list[str]:
    """Return an attribute of every element at a path."""
    return [one.get(name(attribute)) or "" for one in found(element, path)]


@dataclass(frozen=True)
class WordFile:
    """One file, opened."""

    data: bytes

    @cached_property
    def parts(self) -> dict[str, bytes]:
        """The plain bytes of each part, in the order of the file."""
        with zipfile.ZipFile(io.BytesIO(self.data)) as archive:
            assert archive.testzip() is None
            return {entry: archive.read(entry) for entry in archive.namelist()}

    def xml(self, part: str) -> Element:
        """Return the root of a part."""
        return etree.fromstring(self.parts[part])

    @cached_property
    def main(self) -> Element:
        """The main part."""
        return self.xml(MAIN)

    @cached_property
    def style_sheet(self) -> Element:
        """The part of styles."""
        return self.xml("word/styles.xml")

    @cached_property
    def styles(self) -> dict[str, Element]:
        """Each style by its name, in small letters."""
        return {str(value(style, "w:name")).lower(): style for style in found(self.style_sheet, "w:style")}

    @cached_property
    def styles_by_id(self) -> dict[str, Element]:
        """Each style by its id."""
        return {str(style.get(name("w:styleId"))): style for style in self.styles.values()}

    def paragraphs(self) -> list[Element]:
        """Return every paragraph of the main part, those of tables too."""
        return found(self.main, "//w:p")

    def paragraph(self, text: str) -> Element:
        """Return the one paragraph that holds a text."""
        (only,) = [one for one in self.paragraphs() if text in words(one)]
        return only

    def style_of(self, paragraph: Element) -> str:
        """Return the name of a paragraph's style as Word lists it."""
        return str(value(self.styles_by_id[str(value(paragraph, "w:pPr/w:pStyle"))], "w:name"))

    def text(self) -> str:
        """Return all words of the main part in reading order, a line a paragraph."""
        return "\n".join(words(paragraph) for paragraph in self.paragraphs())


SAID = {"w:tab": "\t", "w:br": "\n", "w:ptab": "\t", "w:noBreakHyphen": "\u2011", "w:softHyphen": "\u00ad"}


def words(element: Element) -> str:
    """Return what an element says."""
    said = {name(short): text for short, text in SAID.items()}
    return "".join(
        (one.text or "") if one.tag == name("w:t") else said.get(str(one.tag), "") for one in element.iter()
    )


def changed(data: bytes, part: str, old: str, new: str, count: int = 1) -> bytes:
    """Return the file with a text in one part replaced; fails where there is none to replace."""
    parts = dict(WordFile(data).parts)
    text = parts[part].decode()
    assert old in text, f"{part} has no {old}"
    parts[part] = text.replace(old, new, count).encode()
    return packed(parts)


def packed(parts: dict[str, bytes]) -> bytes:
    """Return a file of parts."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for entry, data in parts.items():
            archive.writestr(entry, data)
    return made.getvalue()


def blocks(file: WordFile) -> Iterator[Element]:
    """Yield what stands in the body, the content of controls in their place."""
    (body,) = found(file.main, "w:body")
    for child in body:
        yield from found(child, "w:sdtContent/*") if child.tag == name("w:sdt") else (child,)
