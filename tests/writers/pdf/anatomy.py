"""Reads a PDF back, by pikepdf and nothing of presskit's: its tags, its words, what it paints."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any  # pikepdf's objects are dynamic

import pikepdf

Matrix = tuple[float, float, float, float, float, float]


@dataclass(frozen=True)
class Shown:
    """A string shown on a page."""

    page: int
    mcid: int | None  # None: not content of the structure tree
    artifact: bool
    text: str
    font: str
    colour: str  # the operator that set it, "0 0 0 1 k"
    overprint: bool
    size: float


@dataclass
class Painted:
    """What the pages of a file paint."""

    shown: list[Shown] = field(default_factory=list)
    untagged: list[str] = field(default_factory=list)  # painting operators outside of any mark
    colour_operators: set[str] = field(default_factory=set)
    colours: set[tuple[str, tuple[float, ...]]] = field(default_factory=set)
    stroke_widths_pt: set[float] = field(default_factory=set)
    thin_fills_pt: set[float] = field(default_factory=set)  # the smaller side of each rectangle


def opened(data: bytes) -> pikepdf.Pdf:
    """Return the file, opened."""
    return pikepdf.open(io.BytesIO(data))


def painted(pdf: pikepdf.Pdf) -> Painted:
    """Return everything the pages paint."""
    found = Painted()
    for number, page in enumerate(pdf.pages):
        _Reader(page, number, found).read()
    return found


def operations(page: pikepdf.Page) -> Iterator[tuple[str, list[Any]]]:
    """Yield each operator of a page's content with its operands."""
    for instruction in pikepdf.parse_content_stream(page):
        yield str(instruction.operator), list(instruction.operands)


class _Reader:
    """One page's content stream, operator by operator."""

    def __init__(self, page: pikepdf.Page, number: int, found: Painted) -> None:
        self.page, self.number, self.found = page, number, found
        self.marks: list[tuple[int | None, bool]] = []
        self.font, self.size, self.colour, self.overprint = "", 0.0, "0 g", False
        self.maps = {
            str(name): _to_unicode(font) for name, font in dict(page.Resources.get("/Font", {})).items()
        }

    def read(self) -> None:
        for operator, operands in operations(self.page):
            self.operate(operator, operands)

    def operate(self, operator: str, operands: list[Any]) -> None:
        if operator in ("BDC", "BMC"):
            artifact = str(operands[0]) == "/Artifact"
            known = operator == "BDC" and not artifact
            self.marks.append((int(operands[1].MCID) if known else None, artifact))
        elif operator == "EMC":
            self.marks.pop()
        elif operator == "Tf":
            self.font, self.size = str(operands[0]), float(operands[1])
        elif operator == "gs":
            self.overprint = bool(self.page.Resources.ExtGState[str(operands[0])].op)
        elif operator in ("rg", "k", "g", "RG", "K", "G"):
            numbers = tuple(float(o) for o in operands)
            self.found.colour_operators.add(operator)
            self.found.colours.add((operator, numbers))
            if operator.islower():
                self.colour = " ".join(f"{n:g}" for n in numbers) + f" {operator}"
        elif operator == "w":
            self.found.stroke_widths_pt.add(float(operands[0]))
        elif operator == "re":
            self.found.thin_fills_pt.add(round(min(abs(float(operands[2])), abs(float(operands[3]))), 2))
        elif operator == "TJ":
            self.show(operands[0])
        if operator in ("TJ", "Tj", "f", "S", "B", "Do", "sh") and not self.marks:
            self.found.untagged.append(operator)

    def show(self, array: Any) -> None:
        to_unicode = self.maps[self.font]
        text = ""
        for part in array:
            if isinstance(part, pikepdf.String):
                codes = bytes(part)
                text += "".join(to_unicode[codes[i : i + 2]] for i in range(0, len(codes), 2))
        mcid, artifact = self.marks[-1] if self.marks else (None, False)
        shown = Shown(self.number, mcid, artifact, text, self.font, self.colour, self.overprint, self.size)
        self.found.shown.append(shown)


def _to_unicode(font: pikepdf.Object) -> dict[bytes, str]:
    """Code → what it says, from the font's ToUnicode CMap."""
    source = bytes(font.ToUnicode.read_bytes()).decode("ascii")
    pairs = re.findall(r"<([0-9A-F]{4})> <([0-9a-fA-F]+)>", source)
    return {bytes.fromhex(code): bytes.fromhex(text).decode("utf-16-be") for code, text in pairs}


@dataclass
class Node:
    """An element of the structure tree with its words, in the order of its children."""

    tag: str
    attributes: dict[str, str]
    children: list[Node | str]


def structure(pdf: pikepdf.Pdf) -> Node:
    """Return the structure tree, the words of its marks in place."""
    texts: dict[tuple[int, int], str] = {}
    for shown in painted(pdf).shown:
        if shown.mcid is not None:
            key = shown.page, shown.mcid
            texts[key] = texts.get(key, "") + shown.text
    pages = {page.obj.objgen: number for number, page in enumerate(pdf.pages)}
    root = pdf.Root.StructTreeRoot.K[0]
    return _node(root, texts, pages, None)


def _node(
    element: Any, texts: dict[tuple[int, int], str], pages: dict[tuple[int, int], int], above: int | None
) -> Node:
    page = pages[element.Pg.objgen] if "/Pg" in element else above
    children: list[Node | str] = []
    for kid in element.K:
        if isinstance(kid, int):
            assert page is not None
            children.append(texts.get((page, kid), ""))
        elif "/MCID" in kid:
            children.append(texts.get((pages[kid.Pg.objgen], int(kid.MCID)), ""))
        elif kid.get("/Type") == "/OBJR":
            children.append(Node("OBJR", {"Subtype": str(kid.Obj.Subtype)[1:]}, []))
        else:
            children.append(_node(kid, texts, pages, page))
    return Node(str(element.S)[1:], dict(_attributes(element)), children)


def _attributes(element: Any) -> Iterator[tuple[str, str]]:
    for key in ("/Alt", "/Lang"):
        if key in element:
            yield key[1:], str(element[key])
    if "/A" in element:
        for key in ("/ListNumbering", "/Scope", "/Placement"):
            if key in element.A:
                yield key[1:], str(element.A[key])[1:]


def tree_text(node: Node, depth: int = 0) -> str:
    """Return the tag tree as indented text: golden and reading aid."""
    attributes = "".join(f" {key}={value}" for key, value in node.attributes.items())
    lines = [f"{'  ' * depth}{node.tag}{attributes}\n"]
    words = ""
    for child in node.children:
        if isinstance(child, str):
            words += child
            continue
        if words.strip():
            lines.append(f"{'  ' * (depth + 1)}“{words}”\n")
        words = ""
        lines.append(tree_text(child, depth + 1))
    if words.strip():
        lines.append(f"{'  ' * (depth + 1)}“{words}”\n")
    return "".join(lines)


def words_of(node: Node) -> list[str]:
    """Return the words of each leaf block in tree order, labels of lists left out."""
    if node.tag == "Lbl":
        return []
    inline = all(isinstance(child, str) or child.tag in ("Link", "Span", "OBJR") for child in node.children)
    if inline:
        return [_said(node)] if node.children else []
    found: list[str] = []
    line = ""
    for child in node.children:
        if isinstance(child, str) or child.tag in ("Link", "Span"):
            line += child if isinstance(child, str) else _said(child)
        else:
            found += [line] if line.strip() else []
            line = ""
            found += words_of(child)
    return [*found, line] if line.strip() else found


def _said(node: Node) -> str:
    return "".join(child if isinstance(child, str) else _said(child) for child in node.children)
