"""Pictures as PDF image objects: RGB for screens, CMYK for a press.

Source: ISO 32000-1, 8.9.5; ISO 15930-7, 6.2.4 (no RGB in our PDF/X-4 files).

Not here: where a picture stands, or checking files from outside (`load`).
"""

from __future__ import annotations

import io
import zlib
from functools import lru_cache
from typing import NamedTuple

from presskit.document.nodes import Image
from presskit.writers.pdf.objects import stream

PERCEPTUAL = 0  # rendering intent of the conversion to ink


class Raster(NamedTuple):
    """A picture's samples, ready for a file."""

    entries: bytes  # of the image dictionary, without SMask and Length
    data: bytes  # encoded samples
    mask: bytes = b""  # soft mask, a whole stream; empty: opaque


@lru_cache(16)
def screen_raster(image: Image) -> Raster:
    """Return a picture for screens; a JPEG in grey or RGB goes in as it is."""
    from PIL import Image as Pillow

    with Pillow.open(io.BytesIO(image.data)) as opened:
        if image.media_type == "image/jpeg" and opened.mode in ("L", "RGB"):
            space = b"/DeviceGray" if opened.mode == "L" else b"/DeviceRGB"
            return Raster(_entries(image, space, b"/DCTDecode"), image.data)
        colour = opened.convert("RGBA")
    alpha = colour.getchannel("A")
    mask = b"" if alpha.getextrema() == (255, 255) else _mask(image, alpha.tobytes())
    samples = zlib.compress(colour.convert("RGB").tobytes(), 6)
    return Raster(_entries(image, b"/DeviceRGB", b"/FlateDecode"), samples, mask)


@lru_cache(16)
def press_raster(image: Image, ink_profile: bytes) -> Raster:
    """Return a picture in CMYK, converted by the press's profile, on white where it was transparent."""
    from PIL import Image as Pillow
    from PIL import ImageCms

    with Pillow.open(io.BytesIO(image.data)) as opened:
        colour = opened.convert("RGBA")
    flat = Pillow.new("RGB", colour.size, "white")
    flat.paste(colour, mask=colour.getchannel("A"))
    inked = ImageCms.profileToProfile(
        flat,
        ImageCms.createProfile("sRGB"),
        io.BytesIO(ink_profile),
        renderingIntent=ImageCms.Intent(PERCEPTUAL),
        outputMode="CMYK",
    )
    if inked is None:
        raise ValueError(f"{image.name} can not be converted to CMYK")
    return Raster(_entries(image, b"/DeviceCMYK", b"/FlateDecode"), zlib.compress(inked.tobytes(), 6))


def _entries(image: Image, space: bytes, encoding: bytes) -> bytes:
    return b"/Type/XObject/Subtype/Image/Width %d/Height %d/BitsPerComponent 8/ColorSpace%s/Filter%s" % (
        image.width_px,
        image.height_px,
        space,
        encoding,
    )


def _mask(image: Image, alpha: bytes) -> bytes:
    entries = b"/Type/XObject/Subtype/Image/Width %d/Height %d/BitsPerComponent 8/ColorSpace/DeviceGray"
    return stream(alpha, entries % (image.width_px, image.height_px))
