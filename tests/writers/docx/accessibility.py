"""Finds in a Word file what keeps people from reading it: Word's own accessibility rules, and some of WCAG.

Source: Microsoft, "Rules for the Accessibility Checker"; WCAG 2.1, 1.1.1, 1.3.1, 1.4.3, 2.4.2, 2.4.4, 2.4.6,
3.1.1, 3.1.2.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from tests.writers.docx.anatomy import Element, WordFile, found, name, value, values, words

PARTS = re.compile(r"word/(document|header\d*|footer\d*|footnotes)\.xml")
IMAGE_NAME = re.compile(r"\.(png|jpe?g|gif|tiff?)$", re.I)
VAGUE = re.compile(r"(click )?here|link|more|read more|ici|cliquez ici|en savoir plus|https?:.*", re.I)
TYPED_MARK = re.compile(r"\s*([•▪*–-]|\d+[.)])\s+\S")
LEAST_CONTRAST, LEAST_HALF_POINTS = 4.5, 16
WITH_MARKS_OF_THEIR_OWN = ("quote source", "end mark")


def findings(data: bytes) -> list[str]:
    """Return what is wrong, each beginning with its rule's name."""
    file = WordFile(data)
    found_here = [*_document(file), *_headings(file)]
    for part in filter(PARTS.fullmatch, file.parts):
        root = file.xml(part)
        for check in (_pictures, _tables, _controls, _links):
            found_here += check(root)
        found_here += _paragraphs(file, root)
    return found_here


def _pictures(root: Element) -> Iterator[str]:
    for drawing in found(root, "//wp:docPr"):
        alternative = (drawing.get("descr") or "").strip()
        if not alternative:
            yield f"alternative-text: {drawing.get('name')} has none"
        elif IMAGE_NAME.search(alternative):
            yield f"alternative-text: {alternative} is a file name"
    for _ in found(root, "//wp:anchor"):
        yield "in-line: a picture floats"


def _tables(root: Element) -> Iterator[str]:
    for table in found(root, "//w:tbl"):
        if not found(table, "w:tr[1]/w:trPr/w:tblHeader"):
            yield "table-header: the first row does not come again"
        if value(table, "w:tblPr/w:tblLook", "w:firstRow") != "1":
            yield "table-header: the first row is not said to be one"
        if found(table, ".//w:gridSpan | .//w:vMerge"):
            yield "simple-table: cells are merged"
        if found(table, ".//w:tbl"):
            yield "simple-table: a table stands in a table"
        if any(not words(row).strip() for row in found(table, "w:tr")):
            yield "simple-table: a row is blank"
        if not value(table, "w:tblPr/w:tblCaption") or not value(table, "w:tblPr/w:tblDescription"):
            yield "alternative-text: a table has no title or description"


def _controls(root: Element) -> Iterator[str]:
    for facts in found(root, "//w:sdtPr"):
        if not value(facts, "w:alias"):
            yield "control-title: a control has none"


def _links(root: Element) -> Iterator[str]:
    for link in found(root, "//w:hyperlink"):
        text = words(link).strip()
        if not text or VAGUE.fullmatch(text):
            yield f"link-text: {text!r} does not say where it leads"


def _paragraphs(file: WordFile, root: Element) -> Iterator[str]:
    blank = 0
    for paragraph in found(root, "//w:p"):
        text = words(paragraph)
        style = _Style(file, value(paragraph, "w:pPr/w:pStyle"))
        carries = found(paragraph, ".//w:drawing | w:pPr/w:sectPr")
        blank = 0 if text.strip() or carries else blank + 1
        if blank == 3:
            yield "repeated-blanks: three paragraphs are empty"
        if re.search(r"[ \u00a0]{4,}", text):
            yield f"repeated-blanks: spaces make a distance in {text[:40]!r}"
        listed = found(paragraph, "w:pPr/w:numPr") or style.first("w:pPr/w:numPr") is not None
        if TYPED_MARK.match(text) and not listed and style.name not in WITH_MARKS_OF_THEIR_OWN:
            yield f"real-lists: {text[:40]!r} has a typed mark"
        yield from _runs(file, paragraph, style)


def _runs(file: WordFile, paragraph: Element, style: _Style) -> Iterator[str]:
    language = value(file.style_sheet, "w:docDefaults//w:lang") or ""
    for run in found(paragraph, ".//w:r[w:t]"):
        own = _Style(file, value(run, "w:rPr/w:rStyle"))
        ink = value(run, "w:rPr/w:color") or own.value("w:rPr/w:color") or style.value("w:rPr/w:color")
        paper = style.value("w:pPr/w:shd", "w:fill") or "FFFFFF"
        if ink and (ratio := _contrast(ink, paper)) < LEAST_CONTRAST:
            yield f"contrast: {ink} on {paper} is {ratio:.1f}:1"
        size = value(run, "w:rPr/w:sz") or own.value("w:rPr/w:sz") or style.value("w:rPr/w:sz")
        if size and int(size) < LEAST_HALF_POINTS:
            yield f"small-text: {words(run)[:40]!r} is {int(size) / 2} pt"
        spoken = value(run, "w:rPr/w:lang") or language
        if re.search(r"[\u1400-\u167f]", words(run)) and not spoken.startswith("iu"):
            yield f"language-of-parts: {words(run)[:20]!r} is said to be {spoken}"


def _headings(file: WordFile) -> Iterator[str]:
    levels = []
    for paragraph in file.paragraphs():
        level = _Style(file, value(paragraph, "w:pPr/w:pStyle")).value("w:pPr/w:outlineLvl")
        if level is not None:
            levels.append(int(level))
            if not words(paragraph).strip():
                yield "headings: one is empty"
    if levels and levels[0] != 0:
        yield "headings: the first is not of the first level"
    if any(after > before + 1 for before, after in pairwise(levels)):
        yield f"headings: a level is skipped in {levels}"


def _document(file: WordFile) -> Iterator[str]:
    titles = found(file.xml("docProps/core.xml"), "dc:title")
    if not titles or not (titles[0].text or "").strip():
        yield "title: the document has none"
    if not value(file.style_sheet, "w:docDefaults//w:lang"):
        yield "language: the document has none"
    if values(file.xml("word/settings.xml"), "w:documentProtection", "w:edit") not in (
        [],
        ["trackedChanges"],
    ):
        yield "restricted: the document can not be edited"


class _Style:
    """A style with those it is based on."""

    def __init__(self, file: WordFile, style_id: str | None) -> None:
        self.chain: list[Element] = []
        while style_id is not None and (style := file.styles_by_id.get(style_id)) is not None:
            self.chain.append(style)
            style_id = value(style, "w:basedOn")
        self.name = (value(self.chain[0], "w:name") or "").lower() if self.chain else ""

    def first(self, path: str) -> Element | None:
        """Return the first element at a path that the style or one below it has."""
        return next((there[0] for style in self.chain if (there := found(style, path))), None)

    def value(self, path: str, attribute: str = "w:val") -> str | None:
        """Return an attribute of that element."""
        there = self.first(path)
        return None if there is None else there.get(name(attribute))


def _contrast(ink: str, paper: str) -> float:
    """Return the contrast ratio of two colours, WCAG 2.1, 1.4.3."""
    darker, lighter = sorted((_luminance(ink), _luminance(paper)))
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
