"""Picture files without what they carry besides the picture: camera, place, names, thumbnails, appended data.

The picture itself is not compressed anew.  Not here: whether it can be decoded (`photos`).
"""

from __future__ import annotations

from collections.abc import Iterator

PNG_START = b"\x89PNG\r\n\x1a\n"
JPEG_START = b"\xff\xd8\xff"

_PNG_KEPT = frozenset(b"IHDR PLTE tRNS IDAT IEND gAMA cHRM sRGB iCCP sBIT bKGD pHYs".split())
"""Chunks that say how the pixels look.

Source: Portable Network Graphics (Third Edition), 11.2 and 11.3: all others hold text, time, EXIF or further
pictures.
"""

_JFIF, _ICC, _ADOBE = b"JFIF\x00", b"ICC_PROFILE\x00", b"Adobe"


class Broken(ValueError):
    """A file does not have the structure its kind has."""


def stripped_png(data: bytes) -> bytes:
    """Return a PNG with nothing but its picture.

    Raises:
        Broken: it ends too early.
    """
    kept, position = [PNG_START], len(PNG_START)
    while True:
        length, kind = int.from_bytes(data[position : position + 4]), data[position + 4 : position + 8]
        end = position + 12 + length
        if len(kind) < 4 or end > len(data):
            raise Broken("the file ends within a chunk")
        if kind in _PNG_KEPT:
            kept.append(data[position:end])
        if kind == b"IEND":
            return b"".join(kept)
        position = end


def stripped_jpeg(data: bytes) -> bytes:
    """Return a JPEG with nothing but its picture and what decoders need for its colours.

    Raises:
        Broken: it ends too early.
    Source: ITU-T T.81, B.1; ITU-T T.871 (JFIF), 10; ITU-T T.872, 6.5 (Adobe, ICC).
    """
    kept = [b"\xff\xd8"]
    for marker, segment in _jpeg_segments(data):
        if marker == 0xE0:
            kept += [_without_thumbnail(segment)] if segment[4:].startswith(_JFIF) else []
        elif marker == 0xE2:
            kept += [segment] if segment[4:].startswith(_ICC) else []
        elif marker == 0xEE:
            kept += [segment] if segment[4:].startswith(_ADOBE) else []
        elif not (0xE1 <= marker <= 0xEF or marker == 0xFE):  # application data, comment
            kept.append(segment)
    return b"".join(kept)


def _jpeg_segments(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield each marker with its segment and the samples after it, up to the end of the first picture."""
    position = 2
    while True:
        if data[position : position + 1] != b"\xff":
            raise Broken("no marker where one has to stand")
        while data[position + 1 : position + 2] == b"\xff":  # fill bytes, B.1.1.2
            position += 1
        marker = data[position + 1] if position + 1 < len(data) else 0
        if marker == 0xD9:
            yield marker, b"\xff\xd9"
            return
        length = int.from_bytes(data[position + 2 : position + 4])
        end = position + 2 + length
        if marker in (0, *range(0xD0, 0xD9)) or length < 2 or end > len(data):
            raise Broken("the file ends within a segment")
        if marker == 0xDA:
            end = _samples_end(data, end)
        yield marker, data[position:end]
        position = end


def _samples_end(data: bytes, position: int) -> int:
    """Return where coded samples end: at the first marker that is no restart marker (B.1.1.5)."""
    while (position := data.find(b"\xff", position)) >= 0:
        following = data[position + 1 : position + 2]
        if following == b"\xff":
            position += 1
        elif following and following not in b"\x00\xd0\xd1\xd2\xd3\xd4\xd5\xd6\xd7":
            return position
        else:
            position += 2
    raise Broken("the file ends within the picture")


def _without_thumbnail(segment: bytes) -> bytes:
    """Return the JFIF segment without the small picture it may carry, which can show what was cut away."""
    return b"\xff\xe0\x00\x10" + segment[4:16].ljust(12, b"\x00") + b"\x00\x00"
