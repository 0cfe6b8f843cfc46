"""From a release's ``photos`` folder to `Photo`: PNG or JPEG, decoded once to be sure, free of metadata.

Not here: whether a photo is large enough to print, or described (`checks`).
"""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator
from typing import TYPE_CHECKING, Literal

from presskit.errors import Place, Problem, Unreadable
from presskit.load.pictures import JPEG_START, PNG_START, stripped_jpeg, stripped_png
from presskit.load.references import blocks
from presskit.load.suggest import did_you_mean, quoted
from presskit.load.yaml import Places, Tree, shown
from presskit.model.registers import Photo
from presskit.workspace import Workspace

if TYPE_CHECKING:
    from PIL.Image import Image

LIMIT_BYTES = 30_000_000
LIMIT_PIXELS = 100_000_000

MediaType = Literal["image/png", "image/jpeg"]

_SUFFIXES: dict[MediaType, tuple[str, ...]] = {"image/png": (".png",), "image/jpeg": (".jpg", ".jpeg")}
_MODES: dict[MediaType, tuple[str, ...]] = {
    "image/png": ("1", "L", "LA", "P", "RGB", "RGBA"),
    "image/jpeg": ("L", "RGB"),
}
"""Kinds of pixels every format can hold, as Pillow names them."""

_FORMATS: dict[MediaType, tuple[str]] = {"image/png": ("PNG",), "image/jpeg": ("JPEG",)}
"""The only decoders Pillow may try."""

_ORIENTATION, _UPRIGHT = 0x0112, 1
"""The EXIF tag that says how the camera was held (EXIF 3.0, 4.6.5.1.4), and its value for "as it is"."""

SAVE_SMALLER = "save it smaller; 4,000 pixels in width are enough for a full page."
SAVE_AS_JPEG = "save the picture as JPEG or PNG, and name that file."


class _Refused(Exception):
    """A photo can not be used; carries what, fix and code of the problem."""

    def __init__(self, what: str, fix: str, code: str) -> None:
        self.words = what, fix, code
        super().__init__(what)


def load_photos(
    tree: dict[str, Tree], folder: str, workspace: Workspace, places: Places
) -> tuple[dict[str, Photo], tuple[Problem, ...]]:
    """Return the photos a release names, by that name, and what is wrong with the others.

    Raises:
        Unreadable: a file may not be read.
    """
    photos: dict[str, Photo] = {}
    problems: list[Problem] = []
    for name, field in _named(tree):
        if name not in photos:
            try:
                photos[name] = _photo(name, folder, workspace)
            except _Refused as refused:
                problems.append(Problem(places.find(field), shown(field), *refused.words))
    return photos, tuple(problems)


def load_picture(
    name: str, data: bytes, place: Place, field: str
) -> tuple[Photo | None, tuple[Problem, ...]]:
    """Return a picture of a template pack, checked and free of metadata like a photo, and what is wrong."""
    try:
        return _picture(name, data), ()
    except _Refused as refused:
        return None, (Problem(place, field, *refused.words),)


def _named(tree: dict[str, Tree]) -> Iterator[tuple[str, str]]:
    """Yield the file name of each photo of a release, with its field."""
    for field, block in blocks(tree):
        name = block.get("photo")
        if isinstance(name, str) and name.strip():
            yield name.strip(), f"{field}.photo"


def _photo(name: str, folder: str, workspace: Workspace) -> Photo:
    """Return one photo of the folder."""
    if "/" in name or "\\" in name:
        what = f"{quoted(name)} names a file outside the folder photos/ of this release."
        raise _Refused(what, "put the file into that folder, and give its name alone.", "photo-outside")
    if not name.casefold().endswith((".png", ".jpg", ".jpeg")):
        raise _Refused(f"{quoted(name)} is neither a PNG nor a JPEG file.", SAVE_AS_JPEG, "photo-format")
    there = workspace.names(folder)
    if name not in there:
        fix = did_you_mean(name, there, f"put the file into {folder}/")
        raise _Refused(f"there is no photo {quoted(name)}.", fix, "photo-missing")
    try:
        data = workspace.read(f"{folder}/{name}", LIMIT_BYTES)
    except Unreadable as error:
        match error.problems[0].code:
            case "path-outside":
                what = f"{quoted(name)} is a link that leads out of the project folder."
                raise _Refused(what, "put the file itself into photos/.", "photo-outside") from None
            case "file-too-large":
                what = f"{quoted(name)} has more than the {LIMIT_BYTES:,} bytes a photo may have."
                raise _Refused(what, SAVE_SMALLER, "photo-too-large") from None
        raise
    return _picture(name, data)


def _picture(name: str, data: bytes) -> Photo:
    """Return a picture of these bytes, without metadata."""
    media_type = _media_type(name, data)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Pillow's own limits and doubts; ours are below
            return _decoded(name, data, media_type)
    except _Refused:
        raise
    except Exception as error:  # Pillow raises whatever its decoders meet in a damaged file
        what = f"{quoted(name)} is damaged: it can not be decoded."
        raise _Refused(what, "export it again from where it came.", "photo-damaged") from error


def _media_type(name: str, data: bytes) -> MediaType:
    media_type: MediaType
    if data.startswith(PNG_START):
        media_type, kind = "image/png", "PNG"
    elif data.startswith(JPEG_START):
        media_type, kind = "image/jpeg", "JPEG"
    else:
        what = f"{quoted(name)} is no PNG or JPEG file, whatever its name says."
        raise _Refused(what, SAVE_AS_JPEG, "photo-format")
    if not name.casefold().endswith(_SUFFIXES[media_type]):
        right = name.rpartition(".")[0] + _SUFFIXES[media_type][0]
        what = f"{quoted(name)} is a {kind} file under another kind's name."
        raise _Refused(what, f"rename it to {right}, here and in the folder.", "photo-format")
    return media_type


def _decoded(name: str, data: bytes, media_type: MediaType) -> Photo:
    from PIL import Image as Pillow  # not needed for a release without photos

    orientation = _orientation(name, data, media_type)
    data = stripped_png(data) if media_type == "image/png" else stripped_jpeg(data)
    with Pillow.open(io.BytesIO(data), formats=_FORMATS[media_type]) as picture:
        picture.load()
        width, height = picture.size
        if orientation != _UPRIGHT:
            data = _turned(picture, orientation, media_type)
            width, height = (height, width) if orientation >= 5 else (width, height)
    return Photo(name, media_type, data, width, height)


def _orientation(name: str, data: bytes, media_type: MediaType) -> int:
    """Return how the camera was held for a picture whose size and colours can be used."""
    from PIL import Image as Pillow

    what = f"{quoted(name)} has more than the {LIMIT_PIXELS:,} pixels a photo may have."
    too_large = _Refused(what, SAVE_SMALLER, "photo-too-large")
    try:
        with Pillow.open(io.BytesIO(data), formats=_FORMATS[media_type]) as opened:
            if opened.width * opened.height > LIMIT_PIXELS:
                raise too_large
            if opened.mode not in _MODES[media_type]:
                what = f"{quoted(name)} has {opened.mode} colours, which not every format can show."
                raise _Refused(what, "save it in RGB with 8 bits a channel.", "photo-colours")
            if b"eXIf" not in data and b"Exif\0" not in data:  # to ask Pillow would decode the whole PNG
                return _UPRIGHT
            orientation = opened.getexif().get(_ORIENTATION, _UPRIGHT)
    except Pillow.DecompressionBombError:
        raise too_large from None
    return orientation if isinstance(orientation, int) and 1 <= orientation <= 8 else _UPRIGHT


def _turned(picture: Image, orientation: int, media_type: MediaType) -> bytes:
    """Return the file anew with its pixels turned as the camera was held.

    Why: only here the picture is compressed again; a file that says "turn me" is shown lying by half of all
    programs once its metadata is gone.
    """
    from PIL.Image import Transpose

    turns = (
        Transpose.FLIP_LEFT_RIGHT,
        Transpose.ROTATE_180,
        Transpose.FLIP_TOP_BOTTOM,
        Transpose.TRANSPOSE,
        Transpose.ROTATE_270,
        Transpose.TRANSVERSE,
        Transpose.ROTATE_90,
    )
    out = io.BytesIO()
    profile = picture.info.get("icc_profile")
    upright = picture.transpose(turns[orientation - 2])
    upright.save(out, *_FORMATS[media_type], quality=95, **({"icc_profile": profile} if profile else {}))
    return out.getvalue()
