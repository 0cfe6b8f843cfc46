"""Paper: laid-out pages painted into a PDF, every word marked for the structure tree or as furniture.

All state of one file lives here: the fonts it uses, the marks of each page, its annotations.  Positions are
in points from the sheet's lower left corner.  Untagged paint is an artifact by construction: text always
goes through `_open`, and decorations are wrapped where they are drawn.

Source: ISO 32000-1, 14.6 (marked content), 14.8.2.2 (artifacts), 9.4 (text objects).

Not here: where things stand (`pages`), the structure tree as objects (`structure`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from presskit.model.theme import Colour
from presskit.writers.pdf.blocks import Block, Label, Run
from presskit.writers.pdf.elements import FURNITURE, Element
from presskit.writers.pdf.faces import Face
from presskit.writers.pdf.file import Document, Version, new_canvas, set_entries
from presskit.writers.pdf.fontfile import Subset, embedded
from presskit.writers.pdf.lines import Part
from presskit.writers.pdf.objects import PAGE_LEVEL, number, rectangle, stream, text_string
from presskit.writers.pdf.pages import Placed
from presskit.writers.pdf.pictures import Raster

UNDERLINE_BELOW_PT, UNDERLINE_PT = 1.8, 0.5
BAR_PT = 2.4
OVERPRINTS, KNOCKS_OUT, ALL_INKS = "Over", "Knock", "All"
INK_RESOURCES = (
    b"/ExtGState<</Over<</OP true/op true/OPM 1>>/Knock<</OP false/op false/OPM 0>>>>"
    b"/ColorSpace<</All[/Separation/All/DeviceCMYK"
    b"<</FunctionType 2/Domain[0 1]/C0[0 0 0 0]/C1[1 1 1 1]/N 1>>]>>"
)
"""Overprinting and knocking out, and the colour of marks that stand on every plate.

Source: ISO 32000-1, 8.6.6.4 (Separation All), 8.6.7 (overprint).
"""


class Mark(NamedTuple):
    """A marked stretch of a page's content."""

    page: int  # from 0
    mcid: int


class Annotation(NamedTuple):
    """An annotation whose element is known and whose parent-tree number is not yet."""

    element: Element
    page: int
    object_number: int
    body: bytes


class Paper:
    """One file being painted.

    Args:
        ink: paint in CMYK for a press, without tags, links and bookmarks; else in RGB with all of them.
        tagged: False for RGB without tags: a drawing that goes into another file.
        boxes: further boxes of each page, "TrimBox" → [left bottom right top] as PDF.
    """

    def __init__(
        self,
        colours: Mapping[str, Colour],
        language: str,
        version: Version,
        size_pt: tuple[float, float],
        *,
        ink: bool = False,
        tagged: bool = True,
        boxes: Mapping[str, bytes] | None = None,
    ) -> None:
        self.canvas = new_canvas(version, language, size_pt)
        self._boxes = boxes or {}
        self.document: Document = self.canvas._doc
        self.ink, self.tagged = ink, tagged and not ink
        self._colours = colours
        self.fonts: dict[Face, Subset] = {}
        self.marks: dict[Element, list[Mark | Element | Annotation]] = {}
        self.owners: list[list[Element]] = [[]]  # page → element of each MCID
        self.boxes: dict[Element, bytes] = {}
        self.annotations: list[Annotation] = []
        self._pictures: dict[int, tuple[str, int]] = {}  # raster → name in streams, object number
        self._resources = self.document.add()  # one dictionary serves all pages
        self._forget()

    @property
    def code(self) -> list[str]:
        """The content stream of the current page, as ReportLab gathers it."""
        code: list[str] = self.canvas._code
        return code

    def rgb(self, role: str) -> str:
        """The colour of a role on screens, ``#rrggbb``."""
        return self._colours[role].rgb

    def _forget(self) -> None:
        """A new page's graphics state holds no font and no colour of ours."""
        self._font: tuple[Face, float] | None = None
        self._colour = ""

    # --- text ---------------------------------------------------------------------------------------

    def lines(self, placed: Placed, left_pt: float) -> None:
        """Paint the lines of a block, `left_pt` being the frame's left."""
        block, first, end, x_pt, y_pt, furniture = placed
        style = block.style
        left = left_pt + x_pt + style.indent_pt
        base = y_pt - (style.leading_pt + style.size_pt) / 2 + style.size_pt * 0.22
        links: list[tuple[Element, float, float, float]] = []
        out = ["BT"]
        if block.label and not first:
            out += self._label(block, block.label, left, base)
        owner: Element | None = None
        down = ""
        for line in block.broken.lines[first:end]:
            start = left if style.align == "left" else left + self._shift(block, line)
            out.append(down or f"1 0 0 1 {start:.2f} {base:.2f} Tm")
            down = style.next_line
            for part in line:
                run = block.runs[part.run]
                element = FURNITURE if furniture else run.owner or block.element
                if element is not owner:
                    out += [self._close()] * (owner is not None)
                    owner = element
                    out.append(self._open(owner))
                out.append(self._show(run, style.size_pt, part.code))
                if element.url:
                    x = start + part.x * style.size_pt / 1000
                    links.append((element, x, base, part.width * style.size_pt / 1000))
            base -= style.leading_pt
        if owner is not None:
            out.append(self._close())
        for run, rare in zip(block.runs, block.broken.rare, strict=True):
            if rare:
                self._subset(run.face).rare.update(rare)
        out.append("ET")
        self.code.append("\n".join(filter(None, out)))
        if self.tagged:
            for link in links:
                self._link(*link, style.size_pt)

    def words(self, text: str, face: Face, size_pt: float, colour: str, x: float, y: float) -> None:
        """Paint a line of words that is no content of the structure tree, its base line starting at x, y."""
        _, code, rare = face.run(text)
        self._subset(face).rare.update(rare)
        shown = self._show(Run(face, colour), size_pt, code)
        self.code.append(
            "\n".join(
                filter(
                    None,
                    (self._open(FURNITURE), f"BT\n1 0 0 1 {x:.2f} {y:.2f} Tm\n{shown}\nET", self._close()),
                )
            )
        )

    def _shift(self, block: Block, line: Sequence[Part]) -> float:
        """How far a line starts right of the block's left."""
        style = block.style
        room = block.width_pt - style.indent_pt
        free = room - (line[-1].x + line[-1].width) * style.size_pt / 1000 if line else 0.0
        return free if style.align == "right" else free / 2

    def _label(self, block: Block, label: Label, left: float, base: float) -> list[str]:
        """A list's number or bullet, right-aligned before the entry."""
        style = block.style
        width, code, rare = label_run(style.face, label.text)
        x = left - style.size_pt * 0.6 - width * style.size_pt / 1000
        self._subset(style.face).rare.update(rare)
        return [
            self._open(label.element),
            f"1 0 0 1 {x:.2f} {base:.2f} Tm",
            self._show(Run(style.face, style.colour), style.size_pt, code),
            self._close(),
        ]

    def _show(self, run: Run, size_pt: float, code: str) -> str:
        """The operators that show a string, and those that change font or colour, if they change."""
        subset, select = self._subset(run.face), ""
        if (run.face, size_pt) != self._font:
            self._font = run.face, size_pt
            select = f"/{subset.resource} {size_pt:g} Tf\n"
        return f"{select}{self._select_colour(run.colour)}[({subset.resolved(code)})]TJ"

    def _select_colour(self, role: str) -> str:
        """The operator that changes the fill colour, if it changes.

        In ink, black alone overprints what lies under it (ISO 32000-1, 8.6.7); every other colour,
        and white above all, knocks it out.
        """
        if role == self._colour:
            return ""
        self._colour = role
        colour = self._colours[role]
        if not self.ink:
            return rgb_operator(colour.rgb) + "\n"
        state = OVERPRINTS if is_black(colour) else KNOCKS_OUT
        return f"/{state} gs\n{ink_operator(colour.cmyk)}\n"

    def _subset(self, face: Face) -> Subset:
        if face not in self.fonts:
            self.fonts[face] = Subset(face, f"T{len(self.fonts)}")
        return self.fonts[face]

    # --- marks --------------------------------------------------------------------------------------

    def _open(self, element: Element) -> str:
        """Give the page's next mark to the element; the operator that opens it."""
        if not self.tagged:
            return ""
        if element is FURNITURE:
            return "/Artifact<</Type/Pagination>>BDC"
        page, owners = len(self.owners) - 1, self.owners[-1]
        if element not in self.marks:
            self._first_mark(element)
        self.marks[element].append(Mark(page, len(owners)))
        owners.append(element)
        return f"/{element.tag}<</MCID {len(owners) - 1}>>BDC"

    def _first_mark(self, element: Element) -> None:
        """An inline element takes its place among its parent's children here."""
        self.marks[element] = []
        if element.inline and element.parent is not None:
            if element.parent not in self.marks:
                self._first_mark(element.parent)
            self.marks[element.parent].append(element)

    def _close(self) -> str:
        return "EMC" if self.tagged else ""

    def _link(self, element: Element, x: float, y: float, width: float, size: float) -> None:
        """A link annotation over one line of a link, and its underline.

        Source: ISO 14289-1, 7.18.1 and 7.18.5 (Contents, and one OBJR a line in the structure tree).
        """
        self.decoration(f"{x:.2f} {y - UNDERLINE_BELOW_PT:.2f} {width:.2f} {UNDERLINE_PT:g} re f")
        address = text_string(element.url)
        box = f"{x:.2f} {y - 3:.2f} {x + width:.2f} {y + size:.2f}".encode()
        action = b"/A<</S/URI/URI %s>>" % address
        body = b"/Subtype/Link/Border[0 0 0]/F 4/Rect[%s]/Contents %s%s" % (box, address, action)
        self.annotate(element, body)

    def annotate(self, element: Element, body: bytes) -> int:
        """Put an annotation of an element onto the page; its object number.

        Source: ISO 32000-1, 14.7.4.3 (content items that are whole objects).
        """
        object_number = self.document.add()
        self.canvas._annotationrefs.append(b"%d 0 R" % object_number)
        annotation = Annotation(element, len(self.owners) - 1, object_number, body)
        self.annotations.append(annotation)
        if element not in self.marks:
            self._first_mark(element)
        self.marks[element].append(annotation)
        return object_number

    # --- drawings -----------------------------------------------------------------------------------

    def decoration(self, code: str) -> None:
        """Paint something that is no content: rules, bands, marks."""
        self.code.append(f"/Artifact BMC\n{code}\nEMC" if self.tagged else code)

    def fill(self, role: str, x: float, y: float, width: float, height: float) -> None:
        """Paint a rectangle in a colour, as decoration."""
        colour = self._select_colour(role)
        self.decoration(f"{colour}{x:.2f} {y:.2f} {width:.2f} {height:.2f} re f")

    def figure(self, block: Block, raster: Raster, x: float, y: float) -> None:
        """Paint a picture with its lower left corner at x, y, tagged as a figure.

        Source: ISO 14289-1, 7.3 (Alt); ISO 32000-1, 14.8.5.4.3 (BBox).
        """
        width, height = block.width_pt, block.height_pt
        if id(raster) not in self._pictures:
            self._pictures[id(raster)] = f"I{len(self._pictures)}", self._add_picture(raster)
        name, _ = self._pictures[id(raster)]
        if self.tagged:
            box = f"{x:.2f} {y:.2f} {x + width:.2f} {y + height:.2f}".encode()
            self.boxes[block.element] = b"/A<</O/Layout/Placement/Block/BBox[%s]>>" % box
        matrix = f"q {number(width)} 0 0 {number(height)} {x:.2f} {y:.2f} cm /{name} Do Q"
        self.code.append("\n".join(filter(None, (self._open(block.element), matrix, self._close()))))

    def _add_picture(self, raster: Raster) -> int:
        """Put a picture into the file; its object number."""
        mask = b"/SMask %d 0 R" % self.document.add(raster.mask) if raster.mask else b""
        head = b"<<%s%s/Length %d>>\nstream\n" % (raster.entries, mask, len(raster.data))
        return self.document.add(head + raster.data + b"\nendstream")

    def end_page(self) -> None:
        """Finish the page: its stream deflated, its keys for tags."""
        self.canvas.showPage()
        page = self.document.Pages.pages[-1]
        contents = self.document.add(stream(page.stream.encode("latin-1"), level=PAGE_LEVEL))
        page.Contents = b"%d 0 R" % contents
        page.Resources = b"%d 0 R" % self._resources
        page.MediaBox = rectangle(0, 0, page.pagewidth, page.pageheight)
        set_entries(page, **self._boxes)
        if self.tagged:  # ISO 14289-1, 7.18.3
            set_entries(page, StructParents=str(len(self.owners) - 1).encode(), Tabs=b"/S")
        self._forget()
        self.owners.append([])

    def finish(self) -> bytes:
        """Return the file, its fonts embedded."""
        fonts = b"".join(
            b"/%s %d 0 R" % (subset.resource.encode(), self._embed(order, subset))
            for order, subset in enumerate(self.fonts.values())
        )
        pictures = b"".join(b"/%s %d 0 R" % (name.encode(), at) for name, at in self._pictures.values())
        resources = b"<</Font<<%s>>/XObject<<%s>>%s>>" % (fonts, pictures, INK_RESOURCES if self.ink else b"")
        self.document.put(self._resources, resources)
        return self.document.format()

    def _embed(self, order: int, subset: Subset) -> int:
        """Add a composite font; its object number.

        Source: ISO 32000-1, 9.7; the tag before the name by 9.6.4.
        """
        add = self.document.add
        base = b"AAAA%c%c+%s" % (65 + order // 26, 65 + order % 26, subset.face.name.encode())
        parts = embedded(subset.face, frozenset(subset.rare), tuple(subset.codes))
        program, codes, meanings = add(parts.program), add(parts.codes), add(parts.meanings)
        descriptor = add(
            b"<</Type/FontDescriptor/FontName/%s%s/FontFile2 %d 0 R>>" % (base, parts.descriptor, program)
        )
        descendant = (
            b"<</Type/Font/Subtype/CIDFontType2/BaseFont/%s/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)"
            b"/Supplement 0>>/FontDescriptor %d 0 R/DW 0/W[%s]/CIDToGIDMap %d 0 R>>"
        ) % (base, descriptor, parts.widths, codes)
        return add(
            b"<</Type/Font/Subtype/Type0/BaseFont/%s/Encoding/Identity-H/ToUnicode %d 0 R"
            b"/DescendantFonts[%s]>>" % (base, meanings, descendant)
        )


@lru_cache(4096)
def label_run(face: Face, text: str) -> tuple[float, str, frozenset[int]]:
    """Return width, code and rare glyphs of a list's number or bullet."""
    return face.run(text)


def is_black(colour: Colour) -> bool:
    """Whether a colour is printed with black ink alone."""
    return tuple(colour.cmyk[:3]) == (0, 0, 0) and colour.cmyk[3] > 0


@lru_cache(256)
def rgb_operator(rgb: str) -> str:
    """Return the operator that fills with ``#rrggbb``."""
    return " ".join(f"{int(rgb[at : at + 2], 16) / 255:.4g}" for at in (1, 3, 5)) + " rg"


@lru_cache(256)
def ink_operator(cmyk: tuple[float, float, float, float]) -> str:
    """Return the operator that fills with inks given in per cent."""
    return " ".join(number(ink / 100) for ink in cmyk) + " k"
