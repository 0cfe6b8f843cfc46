"""What a PDF embeds of a face: a subset, its widths, and what its codes say.

Source: ISO 32000-1, 9.6 to 9.10 (composite fonts, Type 0 with CIDFontType2, Identity-H, ToUnicode).

Not here: shaping (`faces`), the objects' numbers (`paper`).
"""

from __future__ import annotations

import re
import struct
from dataclasses import dataclass, field
from functools import cache, lru_cache
from typing import NamedTuple

import uharfbuzz as hb

from presskit.writers.pdf.faces import TOKEN_END, TOKEN_START, Face, big_endian, literal
from presskit.writers.pdf.objects import stream

TOKEN = re.compile(f"{TOKEN_START}[^{TOKEN_END}]+{TOKEN_END}")
DROPPED_TABLES = ("GSUB", "GPOS", "GDEF", "name", "cmap", "STAT")
NOT_SAID = "\ufffd"


@dataclass(slots=True)
class Subset:
    """What one file uses of a face, gathered while it is painted."""

    face: Face
    resource: str  # its name in content streams
    rare: set[int] = field(default_factory=set)  # glyphs outside the face's common ones
    codes: dict[str, int] = field(default_factory=dict)  # token → this file's own code

    def __post_init__(self) -> None:
        if "-" in self.face.characters:  # always there, so that most files share one subset
            token = TOKEN.search(self.face.hyphen[1])
            if token:
                self.codes[token[0]] = self.face.hb_face.glyph_count

    def resolved(self, code: str) -> str:
        """Return a content string with this file's own codes in the place of tokens."""
        return TOKEN.sub(self._own, code) if TOKEN_START in code else code

    def _own(self, token: re.Match[str]) -> str:
        return literal(self.codes.setdefault(token[0], self.face.hb_face.glyph_count + len(self.codes)))


class Embedded(NamedTuple):
    """The parts of an embedded font, ready as PDF."""

    descriptor: bytes  # entries of the font descriptor
    widths: bytes  # the W array's content
    program: bytes  # FontFile2, a stream
    codes: bytes  # CIDToGIDMap, a stream
    meanings: bytes  # ToUnicode, a stream


@lru_cache(256)
def embedded(face: Face, rare: frozenset[int], tokens: tuple[str, ...]) -> Embedded:
    """Return what a file embeds that uses these rare glyphs and tokens, besides the common ones."""
    glyphs = sorted({0} | face.common | rare)
    rows = [(g, g, face.meanings.get(g, NOT_SAID).encode("utf-16-be").hex()) for g in glyphs]
    own = face.hb_face.glyph_count
    rows += [(own + i, int(token[1:5], 16), token[5:-1]) for i, token in enumerate(tokens)]
    program, new_numbers = _subset(face, {glyph for _, glyph, _ in rows})
    codes = bytearray(2 * rows[-1][0] + 2)
    for code, glyph, _ in rows:
        struct.pack_into(">H", codes, 2 * code, new_numbers[glyph])
    widths = "".join(f"{code}[{face.glyph_width(glyph):.2f}]" for code, glyph, _ in rows)
    return Embedded(
        _descriptor(face),
        widths.encode(),
        stream(program, b"/Length1 %d" % len(program)),
        stream(bytes(codes)),
        stream(_to_unicode([f"<{code:04X}> <{meaning}>" for code, _, meaning in rows])),
    )


def _subset(face: Face, glyphs: set[int]) -> tuple[bytes, dict[int, int]]:
    """The font program with these glyphs only, and the new number of each glyph."""
    wish = hb.SubsetInput()
    wish.sets(hb.SubsetInputSets.GLYPH_INDEX).set(glyphs)
    tags = {struct.unpack(">I", tag.encode())[0] for tag in DROPPED_TABLES}
    wish.sets(hb.SubsetInputSets.DROP_TABLE_TAG).update(tags)
    for axis, value in face.axes.items():  # pinned here, not when opened: a subset is a tenth of the work
        wish.pin_axis_location(face.hb_face, axis, value)
    wish.flags = hb.SubsetFlags.NO_HINTING | hb.SubsetFlags.NOTDEF_OUTLINE
    plan = hb.SubsetPlan(face.hb_face, wish)
    return bytes(plan.execute().blob.data), dict(plan.old_to_new_glyph_mapping)


@cache
def _descriptor(face: Face) -> bytes:
    """Entries of the font descriptor, ISO 32000-1 table 122; lengths in 1/1000 em."""
    em = face.em
    box = " ".join(f"{value * em:.0f}" for value in big_endian(face.table("head"), "4h", 36))
    rise, fall = big_endian(face.table("hhea"), "2h", 4)
    weight = face.axes.get("wght") or big_endian(face.table("OS/2"), "H", 4)[0]
    (cap_height,) = big_endian(face.table("OS/2"), "h", 88)
    slant = big_endian(face.table("post"), "i", 4)[0] / 65536
    symbolic, italic = 4, 64
    return (
        f"/Flags {symbolic | (italic if slant else 0)}/FontBBox[{box}]/ItalicAngle {slant:g}"
        f"/Ascent {rise * em:.0f}/Descent {fall * em:.0f}/CapHeight {cap_height * em:.0f}"
        f"/StemV {50 + int((weight / 65) ** 2)}"
    ).encode()


def _to_unicode(rows: list[str]) -> bytes:
    """The CMap from codes to text, at most 100 rows a block.

    Source: ISO 32000-1, 9.10.3; Adobe Technical Note 5411.
    """
    blocks = [rows[i : i + 100] for i in range(0, len(rows), 100)]
    body = "".join(f"{len(b)} beginbfchar\n" + "\n".join(b) + "\nendbfchar\n" for b in blocks)
    return (
        "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n"
        "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def\n"
        "/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n"
        "1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n"
        f"{body}endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend"
    ).encode()
