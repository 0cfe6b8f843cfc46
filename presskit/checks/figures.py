"""House rules about photos: large enough for the page, and described.

Not here: photos that can not be used at all, which do not load.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import PurePosixPath

from presskit.checks.rules import Finding
from presskit.model.registers import Draft
from presskit.model.release import FigureBlock

PRINTED_WIDTH_MM = 165
"""How wide a photo is printed: the width between the margins."""

PRINT_DPI = 300

_NO_DESCRIPTION = re.compile(
    r"[\w() -]+\.(?:jpe?g|png|gif|heic|tiff?|webp)"
    r"|(?:img|dscf?|pxl|image|photo|picture|pic|figure|screenshot)[\s_-]*\d*"
    r"|photographie|capture d.écran|alt|n/?a|none|todo|tbd|x+",
    re.IGNORECASE,
)
"""What stands where a description should when nobody wrote one."""


def _figures(draft: Draft) -> Iterator[tuple[str, FigureBlock]]:
    for part, blocks in (("body", draft.release.body), ("notes", draft.release.notes)):
        for index, block in enumerate(blocks):
            if isinstance(block, FigureBlock):
                yield f"{part}[{index}]", block


def too_small(draft: Draft) -> Iterator[Finding]:
    """Photos with less than 300 pixels an inch at the width of the page, which are printed smaller.

    Source: newspapers ask for 300 dpi at printed size.
    """
    needed = round(PRINTED_WIDTH_MM / 25.4 * PRINT_DPI)
    for field, figure in _figures(draft):
        width = draft.photos[figure.photo].width_px
        if width < needed:
            printed = width / PRINT_DPI * 25.4
            pixels = "1 pixel" if width == 1 else f"{width:,} pixels"
            what = f"this photo is {pixels} wide: it is printed {printed:.0f} mm wide, for lack of more."
            yield Finding(f"{field}.photo", what, f"{needed:,} pixels fill the page's width.")


def not_described(draft: Draft) -> Iterator[Finding]:
    """Photos whose description is a file name or a word such as "image".

    Source: WCAG 2.2, 1.1.1, failure F30.
    """
    for field, figure in _figures(draft):
        name = PurePosixPath(figure.photo)
        alt = figure.alt.strip(" .")
        if alt.casefold() in (name.name.casefold(), name.stem.casefold()) or _NO_DESCRIPTION.fullmatch(alt):
            what = f"“{figure.alt}” does not say what is to be seen."
            yield Finding(f"{field}.alt", what, "describe the photo for somebody who can not see it.")
