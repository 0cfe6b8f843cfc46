from __future__ import annotations

import hashlib
import io
import os
import subprocess
import sys
import zipfile
from dataclasses import replace

import pytest

from presskit.document.nodes import Figure
from presskit.writers.docx import write_docx
from presskit.writers.docx.package import deflated, pack, stored, xml_part
from tests.documents import hard, paragraph, seed, theme
from tests.writers.docx.anatomy import NAMES, WordFile

EVERYTHING = hard()["everything"]
FIGURES = [block for block in EVERYTHING.blocks if isinstance(block, Figure)]
OTHER_PROCESS = """
import hashlib
from presskit.writers.docx import write_docx
from tests.documents import hard, seed, theme
files = [write_docx(document, theme()) for document in (seed(), *hard().values())]
print(hashlib.sha256(b"".join(files)).hexdigest())
"""


def test_a_package_holds_its_parts_byte_for_byte() -> None:
    parts = {
        "[Content_Types].xml": b"<Types/>",
        "word/document.xml": b"<w/>" * 9999,
        "word/media/a.png": b"\x89",
    }
    types, main, picture = parts.items()
    with zipfile.ZipFile(io.BytesIO(pack((deflated(*types), deflated(*main), stored(*picture))))) as archive:
        assert archive.testzip() is None
        assert {name: archive.read(name) for name in archive.namelist()} == parts


def test_a_package_says_nothing_of_when_and_where_it_was_made() -> None:
    with zipfile.ZipFile(io.BytesIO(write_docx(seed(), theme()))) as archive:
        entries = archive.infolist()
    assert len(entries) > 15
    assert {entry.date_time for entry in entries} == {(1980, 1, 1, 0, 0, 0)}
    assert {(entry.create_system, entry.external_attr, entry.comment, entry.extra) for entry in entries} == {
        (0, 0, b"", b"")
    }


def test_the_content_types_come_first() -> None:
    assert next(iter(WordFile(write_docx(seed(), theme())).parts)) == "[Content_Types].xml"


def test_pictures_are_kept_as_they_are() -> None:
    with zipfile.ZipFile(io.BytesIO(write_docx(EVERYTHING, theme()))) as archive:
        media = {entry.filename: entry for entry in archive.infolist() if "media" in entry.filename}
        assert list(media) == ["word/media/image1.png", "word/media/image2.jpeg"]
        assert {entry.compress_type for entry in media.values()} == {zipfile.ZIP_STORED}
        assert [archive.read(name) for name in media] == [figure.image.data for figure in FIGURES]


def test_the_same_picture_twice_is_one_part() -> None:
    figure = FIGURES[0]
    twice = replace(EVERYTHING, blocks=(figure, replace(figure, id="again")))
    file = WordFile(write_docx(twice, theme()))
    assert [name for name in file.parts if "media" in name] == ["word/media/image1.png"]
    drawings = file.main.iter(f"{{{NAMES['wp']}}}docPr")
    assert [drawing.get("id") for drawing in drawings] == ["1", "2"]


def test_every_relation_leads_to_a_part_and_every_part_has_a_type() -> None:
    file = WordFile(write_docx(EVERYTHING, theme()))
    types = file.xml("[Content_Types].xml")
    endings = {one.get("Extension") for one in types if one.get("Extension")}
    named = {(one.get("PartName") or "").removeprefix("/") for one in types}
    parts = set(file.parts) - {"[Content_Types].xml"}
    assert all(part in named or part.rsplit(".")[-1] in endings for part in parts)
    relations = file.xml("word/_rels/document.xml.rels")
    targets = [one.get("Target") or "" for one in relations if one.get("TargetMode") != "External"]
    assert len(targets) > 9
    assert all(_resolved(target) in file.parts for target in targets)


def _resolved(target: str) -> str:
    if target.startswith("/"):
        return target[1:]
    return target.removeprefix("../") if target.startswith("../") else f"word/{target}"


@pytest.mark.parametrize("character", ["\x00", "\x08", "\x0b", "\x1f", "\ufffe", "\uffff"])
def test_a_character_xml_can_not_carry_is_refused(character: str) -> None:
    document = replace(seed(), blocks=(paragraph(1, f"A bell{character} rings."),))
    with pytest.raises(ValueError, match=r"word/document.xml holds a control character"):
        write_docx(document, theme())


def test_line_ends_and_tabs_are_no_control_characters() -> None:
    assert xml_part("word/document.xml", "a\tb\nc\r").packed == b"a\tb\nc\r"


def test_the_same_document_gives_the_same_bytes() -> None:
    for document in (seed(), *hard().values()):
        assert write_docx(document, theme()) == write_docx(document, theme())


@pytest.mark.parametrize("hash_seed", ["0", "4242"])
def test_another_process_gives_the_same_bytes(hash_seed: str) -> None:
    known = subprocess.run(
        [sys.executable, "-c", OTHER_PROCESS],
        env={**os.environ, "PYTHONHASHSEED": hash_seed, "TZ": "Asia/Tokyo", "LC_ALL": "C"},
        check=True,
        capture_output=True,
        text=True,
    )
    here = [write_docx(document, theme()) for document in (seed(), *hard().values())]
    assert known.stdout.strip() == hashlib.sha256(b"".join(here)).hexdigest()
