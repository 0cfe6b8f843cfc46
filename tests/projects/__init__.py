"""Offices to test with; `office` copies one into a folder of its own, with its photos drawn."""

from __future__ import annotations

import io
import shutil
from datetime import UTC, datetime
from pathlib import Path

from PIL import Image

from presskit.workspace import Workspace

HERE = Path(__file__).parent
TEMPLATES = HERE.parent.parent / "templates"
NOW = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)

NAMES = (
    "Été à l’île – 1 (copie) #2 & 100 %.jpg",
    "cafe\u0301 au lait.png",  # decomposed, as macOS may have it
    "שלום.png",
    "桥梁 😀.jpeg",
    "-rf.png",
    "a'b=c;d,e+f~g@h[1]{2}.PNG",
)
"""File names that are legal everywhere and hard to print, quote or sort."""

PHOTOS: dict[str, dict[str, tuple[int, int]]] = {
    "province/flood": {"river.jpg": (2400, 1600), "gauge.png": (600, 900)},
    "hostile/names": dict.fromkeys(NAMES, (64, 48)),
}
"""Photos by office and release: file name, pixels."""


def office(name: str, folder: Path) -> Workspace:
    """Return a copy of tests/projects/<name> with the shipped template pack and a fixed clock."""
    root = folder / name
    shutil.copytree(HERE / name, root)
    shutil.copytree(TEMPLATES, root / "templates")
    for path, photos in PHOTOS.items():
        if path.startswith(f"{name}/"):
            target = root / "data" / "releases" / path.partition("/")[2] / "photos"
            target.mkdir()
            for photo, (width, height) in photos.items():
                (target / photo).write_bytes(drawn(photo, width, height))
    return Workspace(root.resolve(), NOW)


def drawn(name: str, width: int, height: int, mode: str = "RGB", **options: object) -> bytes:
    """Return a picture with a slope of colour, in the format its name says."""
    slope = Image.linear_gradient("L").resize((width, height))
    picture = Image.merge("RGB", (slope, slope.transpose(Image.Transpose.ROTATE_180), slope)).convert(mode)
    out = io.BytesIO()
    picture.save(out, "PNG" if name.casefold().endswith("png") else "JPEG", **options)
    return out.getvalue()
