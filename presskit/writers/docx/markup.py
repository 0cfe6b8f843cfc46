"""What all parts of the Word file share: namespaces, escaping, units, ids.

Source: ECMA-376 part 1 (WordprocessingML, clause 17), transitional.

Not here: any part's content.
"""

from __future__ import annotations

import hashlib
import re
from functools import lru_cache

from presskit.model.theme import Colour, Theme

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
A = "http://schemas.openxmlformats.org/drawingml/2006/main"
PIC = "http://schemas.openxmlformats.org/drawingml/2006/picture"
WP = "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"
NAMESPACES = f'xmlns:w="{W}" xmlns:r="{R}" xmlns:wp="{WP}" xmlns:a="{A}" xmlns:pic="{PIC}"'
RELEASE = "urn:presskit:release:1"  # our own part of the package

DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'

TWIPS_PER_POINT = 20
EMU_PER_POINT = 12700

LONGEST_TAG = 64  # ECMA-376 gives no limit; Word refuses longer tags and titles
LONGEST_BOOKMARK = 40  # Word cuts longer names
HASH_DIGITS = 12

READABLE_ID = re.compile(r"[a-z0-9]+([.-][a-z0-9]+)*")


def escaped(text: str) -> str:
    """Return the text as it stands between tags."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def quoted(text: str) -> str:
    """Return the text as it stands in an attribute."""
    return escaped(text).replace('"', "&quot;").replace("\n", " ").replace("\t", " ")


def val(name: str, value: object) -> str:
    """Return an element that says one thing, as most do: ``<w:name w:val="value"/>``."""
    return f'<w:{name} w:val="{value}"/>'


def hexadecimal(role: str, theme: Theme) -> str:
    """Return the colour of a role as Word writes it: 123F6D."""
    colour: Colour = getattr(theme.colours, role)
    return colour.rgb[1:].upper()


def twips(points: float) -> int:
    """Twentieths of a point, the unit of distances."""
    return round(points * TWIPS_PER_POINT)


def half_points(points: float) -> int:
    """Half points, the unit of type sizes."""
    return round(points * 2)


def style_id(name: str) -> str:
    """Return the id of a style by the name Word lists it under: "heading 1", Heading1."""
    return "".join(word[0].upper() + word[1:] for word in name.split())


def tag_of(block_id: str) -> str:
    """Return the tag of a block's control: ``pk:`` and the id, or its start and a hash when it is long."""
    tag = f"pk:{block_id}"
    return tag if len(tag) <= LONGEST_TAG else f"{tag[: LONGEST_TAG - HASH_DIGITS - 1]}~{_digest(block_id)}"


@lru_cache(4096)
def bookmark_of(passage_id: str) -> str:
    """Return the name of the bookmark that carries an id; no two ids share one.

    A dot becomes one underscore and a hyphen two; an id that is too long or has other characters keeps its
    start and gets a hash after three, which no readable id can have.

    Why: a name that begins with an underscore is hidden in Word; names hold letters, digits and
    underscores, at most 40, and Word takes capitals for small letters.
    """
    if READABLE_ID.fullmatch(passage_id):
        name = "_pk_" + passage_id.replace("-", "__").replace(".", "_")
        if len(name) <= LONGEST_BOOKMARK:
            return name
    start = re.sub(r"\W", "_", passage_id, flags=re.ASCII)
    return f"_pk_{start[: LONGEST_BOOKMARK - HASH_DIGITS - 7]}___{_digest(passage_id)}"


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:HASH_DIGITS]
