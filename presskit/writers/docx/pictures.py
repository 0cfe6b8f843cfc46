"""A picture in the line of text, and the part that holds its bytes.

Source: ECMA-376 part 1, 20.4.2.8 (inline), 20.4.2.5 (docPr: alternative text), 20.2.2.5 (pic).

Not here: how large it is (`presskit.writers.theme`), or changing its bytes.
"""

from __future__ import annotations

from functools import lru_cache

from presskit.document.nodes import Figure, Image
from presskit.writers.docx.markup import EMU_PER_POINT, PIC, quoted
from presskit.writers.docx.package import Part, stored


def drawing_xml(figure: Figure, relationship: str, number: int, size_pt: tuple[float, float]) -> str:
    """Return the run of a picture.

    Args:
        relationship: id of the relation to its part.
        number: of the drawing, unique in the file.
    Why: LibreOffice takes distances that are not given for 3.2 mm and shifts the picture.
    """
    width, height = (round(side * EMU_PER_POINT) for side in size_pt)
    facts = f'id="{number}" name="{quoted(figure.image.name)}"'
    return (
        '<w:r><w:drawing><wp:inline distT="0" distB="0" distL="0" distR="0">'
        f'<wp:extent cx="{width}" cy="{height}"/><wp:docPr {facts} descr="{quoted(figure.alt)}"/>'
        '<wp:cNvGraphicFramePr><a:graphicFrameLocks noChangeAspect="1"/></wp:cNvGraphicFramePr>'
        f'<a:graphic><a:graphicData uri="{PIC}"><pic:pic>'
        f"<pic:nvPicPr><pic:cNvPr {facts}/><pic:cNvPicPr/></pic:nvPicPr>"
        f'<pic:blipFill><a:blip r:embed="{relationship}"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill>'
        f'<pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="{width}" cy="{height}"/></a:xfrm>'
        '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr>'
        "</pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r>"
    )


def part_name(number: int, image: Image) -> str:
    """Return the name of a picture's part."""
    return f"word/media/image{number}.{image.media_type.removeprefix('image/')}"


@lru_cache(16)
def picture_part(number: int, image: Image) -> Part:
    """Return the part of a picture: its bytes as they are, which are compressed already."""
    return stored(part_name(number, image), image.data)
