"""The field for a digital signature: empty in the file as written, and the picture of who signed.

Source: ISO 32000-1, 12.7.2 (AcroForm), 12.7.4.5 (signature fields); ISO 14289-1, 7.18.1 and 7.18.4 (a label
as TU, within a Form element); ISO 19005-3, 6.3.3 (an appearance for every widget).

Not here: where the field stands (`story`), and signing itself, which is done to the finished file.
"""

from __future__ import annotations

from presskit.model.theme import Colour
from presskit.writers.pdf.blocks import Block
from presskit.writers.pdf.faces import Face
from presskit.writers.pdf.fonts import shipped
from presskit.writers.pdf.objects import number, rectangle, stream, text_string
from presskit.writers.pdf.paper import BAR_PT, Paper, rgb_operator

FIELD = "signature"
"""The field's name in the file, by which it is found to be signed."""

HAIRLINE_PT = 0.5
INDENT_PT = 14.0  # of the words, from the rule at the left
FAMILY = "Source Sans 3"
TEXT, MUTED = "#1a1a1a", "#4a5058"
LINES = (("Bold", 8.5, "brand", 0.76), ("Bold", 12.0, "text", 0.45), ("Regular", 8.5, "muted", 0.14))
"""Cut, size in points, colour and base line (as a share of the height) of label, signer and circumstances."""


def add_field(paper: Paper, block: Block, x: float, y: float) -> None:
    """Put the empty field onto the page, with its lower left corner at x, y.

    Empty it is a hairline around nothing: no word of it claims a signature that is not there.
    """
    width, height = block.width_pt, block.height_pt
    brand = rgb_operator(paper.rgb("brand")).removesuffix(" rg")
    box = f"{number(HAIRLINE_PT / 2)} {number(HAIRLINE_PT / 2)}"
    box += f" {number(width - HAIRLINE_PT)} {number(height - HAIRLINE_PT)} re S"
    frame = f"{rgb_operator(paper.rgb('rule')).upper()} {HAIRLINE_PT:g} w {box}"
    entries = b"/Type/XObject/Subtype/Form/Resources<<>>/BBox%s" % rectangle(0, 0, width, height)
    look = paper.document.add(stream(frame.encode(), entries))
    printed_and_locked = 4 | 128
    widget = paper.annotate(
        block.element,
        b"/Subtype/Widget/FT/Sig/T%s/TU %s/F %d/Rect%s/MK<</BC[%s]>>/AP<</N %d 0 R>>"
        % (
            text_string(FIELD),
            text_string(block.signature),
            printed_and_locked,
            rectangle(x, y, x + width, y + height),
            brand.encode(),
            look,
        ),
    )
    paper.document.set_in_catalog(AcroForm=b"<</Fields[%d 0 R]/SigFlags 1>>" % widget)


def draw_signature(lines: tuple[str, str, str], size_pt: tuple[float, float], brand: str) -> bytes:
    """Return a PDF of one page, as large as the field, that shows who signed.

    Args:
        lines: the field's label, the signer, the circumstances.
        brand: the colour of label and rule, ``#rrggbb``.

    Raises:
        MissingGlyph: the font has no glyph for a character.
    """
    width, height = size_pt
    colours = {"brand": _on_screen(brand), "text": _on_screen(TEXT), "muted": _on_screen(MUTED)}
    paper = Paper(colours, "und", (1, 7), size_pt, tagged=False)
    paper.fill("brand", 0, 0, BAR_PT, height)
    for text, (cut, size, colour, base) in zip(lines, LINES, strict=True):
        face = shipped(FAMILY, cut, common=" ")
        paper.words(
            text, face, _fitting(text, face, size, width - INDENT_PT), colour, INDENT_PT, height * base
        )
    paper.end_page()
    return paper.finish()


def _on_screen(rgb: str) -> Colour:
    return Colour(rgb=rgb, cmyk=(0, 0, 0, 100))


def _fitting(text: str, face: Face, size_pt: float, room_pt: float) -> float:
    """The size at which a line is no wider than its room: its own, or a smaller one."""
    width, _, _ = face.run(text)
    return min(size_pt, room_pt * 1000 / width) if width else size_pt
