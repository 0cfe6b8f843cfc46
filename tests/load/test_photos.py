from __future__ import annotations

import io
import os
import struct
import zlib
from pathlib import Path

import pytest
from PIL import Image, ImageCms
from PIL.PngImagePlugin import PngInfo

from presskit.errors import Problem, ProblemsFound, Unreadable
from presskit.load import photos
from presskit.load.office import load_registers
from presskit.load.pictures import stripped_jpeg, stripped_png
from presskit.load.release import load_release
from presskit.model.registers import Photo
from presskit.workspace import Workspace
from tests.projects import NAMES, drawn, office

ORIENTATION, CAMERA, GPS = 0x0112, 0x0110, 0x8825
SECRET = b"SECRET"


def with_photo(folder: Path, name: str, content: bytes | None) -> Workspace:
    """The city's office with one release that shows one photo."""
    workspace = office("city", folder)
    text = f"headline: x\nissued: 2025-06-03\nbody:\n  - photo: '{name}'\n    alt: A slope.\n"
    workspace.add("data/releases/shown/release.yaml", text.encode())
    if content is not None:
        workspace.add(f"data/releases/shown/photos/{name}", content)
    return workspace


def load(workspace: Workspace) -> Photo:
    registers, _ = load_registers(workspace)
    (photo,) = load_release("shown", registers, workspace)[0].photos.values()
    return photo


def problem(workspace: Workspace) -> Problem:
    with pytest.raises(ProblemsFound) as caught:
        load(workspace)
    (found,) = caught.value.problems
    assert (str(found.place), found.field) == ("data/releases/shown/release.yaml:4:12", "body[0].photo")
    return found


def pixels(data: bytes) -> Image.Image:
    with Image.open(io.BytesIO(data)) as opened:
        opened.load()
        return opened.copy()


def exif(orientation: int) -> Image.Exif:
    tags = Image.Exif()
    tags[ORIENTATION], tags[CAMERA] = orientation, "SECRET camera"
    tags.get_ifd(GPS)[1] = "SECRET place"
    return tags


@pytest.mark.parametrize("mode", ["RGB", "L"])
def test_a_jpeg_loses_its_metadata_and_keeps_every_pixel(mode: str, tmp_path: Path) -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    plain = drawn("a.jpg", 64, 48, mode, quality=80)
    secrets = {"exif": exif(1), "comment": SECRET, "xmp": SECRET}
    full = drawn("a.jpg", 64, 48, mode, quality=80, icc_profile=profile, dpi=(300, 300), **secrets)
    assert full.count(SECRET) >= 3
    photo = load(with_photo(tmp_path, "a.jpg", full + SECRET))
    assert (photo.media_type, photo.width_px, photo.height_px) == ("image/jpeg", 64, 48)
    assert SECRET not in photo.data
    assert pixels(photo.data).tobytes() == pixels(plain).tobytes()
    assert pixels(photo.data).info["icc_profile"] == profile
    assert stripped_jpeg(photo.data) == photo.data


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA"])
def test_a_png_loses_its_metadata_and_keeps_every_pixel(mode: str, tmp_path: Path) -> None:
    notes = PngInfo()
    notes.add_text("Author", "SECRET")
    notes.add_text("Comment", "SECRET" * 9, zip=True)
    notes.add_itxt("XML:com.adobe.xmp", "SECRET")
    plain = drawn("a.png", 64, 48, mode)
    full = drawn("a.png", 64, 48, mode, pnginfo=notes, exif=exif(1), dpi=(300, 300))
    assert full.count(SECRET) >= 3
    photo = load(with_photo(tmp_path, "a.png", full + SECRET))
    assert (photo.media_type, photo.width_px, photo.height_px) == ("image/png", 64, 48)
    assert SECRET not in photo.data
    assert pixels(photo.data).tobytes() == pixels(plain).tobytes()
    assert stripped_png(photo.data) == photo.data


@pytest.mark.parametrize("progressive", [False, True])
def test_a_jpeg_with_a_second_picture_after_the_first_loses_it(progressive: bool, tmp_path: Path) -> None:
    out = io.BytesIO()
    first, second = (pixels(drawn("a.jpg", 64, 48)), Image.new("RGB", (64, 48), "red"))
    first.save(out, "MPO", save_all=True, append_images=[second], progressive=progressive)
    photo = load(with_photo(tmp_path, "a.jpg", out.getvalue()))
    assert len(photo.data) < len(out.getvalue()) - 500
    assert pixels(photo.data).format is None or Image.open(io.BytesIO(photo.data)).format == "JPEG"


def test_a_small_picture_in_the_jfif_header_is_taken_out(tmp_path: Path) -> None:
    plain = drawn("a.jpg", 64, 48)
    assert plain[2:4] == b"\xff\xe0"
    header = plain[6:18] + bytes([2, 2]) + SECRET * 2
    with_thumbnail = b"\xff\xd8\xff\xe0" + struct.pack(">H", len(header) + 2) + header + plain[20:]
    assert load(with_photo(tmp_path, "a.jpg", with_thumbnail)).data == plain


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("name", ["a.jpg", "a.png"])
def test_a_photo_of_a_turned_camera_is_put_upright(name: str, orientation: int, tmp_path: Path) -> None:
    corner = Image.new("RGB", (96, 64), "white")
    corner.paste("red", (0, 0, 32, 32))
    out = io.BytesIO()
    corner.save(out, "PNG" if name == "a.png" else "JPEG", exif=exif(orientation), quality=95)
    photo = load(with_photo(tmp_path, name, out.getvalue()))
    seen = pixels(photo.data)
    assert seen.size == (photo.width_px, photo.height_px) == ((96, 64) if orientation < 5 else (64, 96))
    width, height = seen.size
    expected = {1: (8, 8), 2: (width - 8, 8), 3: (width - 8, height - 8), 4: (8, height - 8)}
    expected |= {5: (8, 8), 6: (width - 8, 8), 7: (width - 8, height - 8), 8: (8, height - 8)}
    corners = [(8, 8), (width - 8, 8), (width - 8, height - 8), (8, height - 8)]
    red = [at for at in corners if seen.getpixel(at)[1] < 100]  # type: ignore[index]
    assert red == [expected[orientation]]
    assert SECRET not in photo.data


def test_hostile_file_names_are_read(tmp_path: Path) -> None:
    workspace = office("hostile", tmp_path)
    registers, _ = load_registers(workspace)
    found = load_release("names", registers, workspace)[0].photos
    assert len(found) == len(NAMES)
    assert {photo.width_px for photo in found.values()} == {64}
    assert "caf\u00e9 au lait.png" in found


def cmyk() -> bytes:
    out = io.BytesIO()
    Image.new("CMYK", (8, 8)).save(out, "JPEG")
    return out.getvalue()


def grey_16_bit() -> bytes:
    out = io.BytesIO()
    Image.new("I;16", (8, 8)).save(out, "PNG")
    return out.getvalue()


def webp() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (8, 8)).save(out, "GIF")
    return out.getvalue()


def chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def huge_png(width: int, height: int) -> bytes:
    """A PNG of a few bytes that says it has very many pixels."""
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", zlib.compress(b"\0")) + chunk(b"IEND", b"")


JPEG, PNG = drawn("a.jpg", 64, 48), drawn("a.png", 64, 48)


@pytest.mark.parametrize(
    ("name", "content", "code", "words"),
    [
        ("a.jpg", cmyk(), "photo-colours", "has CMYK colours"),
        ("a.png", grey_16_bit(), "photo-colours", "has I;16 colours"),
        ("a.png", JPEG, "photo-format", "JPEG file under another kind's name"),
        ("a.JPG", PNG, "photo-format", "PNG file under another kind's name"),
        ("a.jpg", webp(), "photo-format", "no PNG or JPEG file, whatever its name says"),
        ("a.jpg", b"", "photo-format", "no PNG or JPEG file"),
        ("a.svg", b"<svg/>", "photo-format", "neither a PNG nor a JPEG"),
        ("a.jpg", JPEG[:200], "photo-damaged", "can not be decoded"),
        ("a.jpg", JPEG[: len(JPEG) // 2], "photo-damaged", "can not be decoded"),
        ("a.png", PNG[: len(PNG) // 2], "photo-damaged", "can not be decoded"),
        ("a.png", PNG[:60] + bytes([PNG[60] ^ 255]) + PNG[61:], "photo-damaged", "can not be decoded"),
        ("a.png", PNG[:8], "photo-damaged", "can not be decoded"),
        ("a.jpg", JPEG[:3], "photo-damaged", "can not be decoded"),
        ("a.png", huge_png(60_000, 60_000), "photo-too-large", "100,000,000 pixels"),
        ("a.png", huge_png(20_000, 5_001), "photo-too-large", "100,000,000 pixels"),
        ("a.jpg", JPEG.ljust(photos.LIMIT_BYTES + 1, b"\0"), "photo-too-large", "30,000,000 bytes"),
        ("a.jpg", None, "photo-missing", "there is no photo “a.jpg”"),
    ],
    ids=lambda value: value if isinstance(value, str) and len(value) < 20 else "",
)
def test_a_photo_that_can_not_be_used_is_told(
    name: str, content: bytes | None, code: str, words: str, tmp_path: Path
) -> None:
    found = problem(with_photo(tmp_path, name, content))
    assert (found.code, words in found.what) == (code, True), found


def test_a_photo_of_nearly_the_right_name_is_proposed(tmp_path: Path) -> None:
    workspace = with_photo(tmp_path, "ribbon.jpg", None)
    workspace.add("data/releases/shown/photos/Ribbon.JPG", JPEG)
    assert problem(workspace).fix == "did you mean “Ribbon.JPG”?"


@pytest.mark.parametrize("name", ["../release.yaml", "..", "/etc/passwd", "a/b.jpg", "..\\a.jpg", "C:a.jpg"])
def test_a_photo_outside_its_folder_is_refused(name: str, tmp_path: Path) -> None:
    code = problem(with_photo(tmp_path, name, None)).code
    assert code == {"..": "photo-format", "C:a.jpg": "photo-missing"}.get(name, "photo-outside")


def test_a_link_that_leads_out_of_the_project_is_refused(tmp_path: Path) -> None:
    workspace = with_photo(tmp_path, "a.jpg", None)
    (tmp_path / "outside.jpg").write_bytes(JPEG)
    folder = workspace.root / "data/releases/shown/photos"
    folder.mkdir()
    (folder / "a.jpg").symlink_to(tmp_path / "outside.jpg")
    assert problem(workspace).code == "photo-outside"


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read everything")
def test_a_photo_one_may_not_read_ends_the_run(tmp_path: Path) -> None:
    workspace = with_photo(tmp_path, "a.jpg", JPEG)
    (workspace.root / "data/releases/shown/photos/a.jpg").chmod(0)
    with pytest.raises(Unreadable):
        load(workspace)


def test_pillow_is_not_loaded_for_a_release_without_photos() -> None:
    import subprocess
    import sys

    code = "import sys, presskit.load.release; sys.exit('PIL' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
