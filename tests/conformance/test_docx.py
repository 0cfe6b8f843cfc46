"""Three validators and LibreOffice on every document there is, and on files each broken in one way."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Literal

import pikepdf
import pytest

from presskit.document.nodes import Document
from presskit.model.theme import Theme
from presskit.writers.docx import write_docx
from tests.conformance import judges
from tests.documents import hard, paperwork, seed, theme
from tests.writers.docx.anatomy import MAIN, WordFile, changed, packed, values
from tests.writers.docx.soundness import flaws

DOCUMENTS = {"seed": seed(), **hard(), **paperwork()}
WHOLE = write_docx(DOCUMENTS["everything"], theme())
Judge = Literal["open-xml-sdk", "openxml-audit", "ooxml-integrity", "ours"]


def _look(**word: object) -> Theme:
    return theme().model_copy(update={"word": theme().word.model_copy(update=word)})


LOOKS = {
    "bookmarks only": _look(container="none"),
    "tracked": _look(track_changes=True),
    "protected": _look(protect=True),
}


def _found(judge: Judge, file: Path) -> list[str]:
    match judge:
        case "open-xml-sdk":
            return judges.open_xml_sdk(file)
        case "openxml-audit":
            return judges.openxml_audit(file)
        case "ooxml-integrity":
            return judges.ooxml_integrity(file)
        case "ours":
            return flaws(file.read_bytes())


VALIDATORS: tuple[Literal["open-xml-sdk", "openxml-audit", "ooxml-integrity"], ...] = (
    "open-xml-sdk",
    "openxml-audit",
    "ooxml-integrity",
)


def _findings(document: Document, look: Theme, folder: Path) -> dict[str, list[str]]:
    judges.require(*VALIDATORS)
    file = folder / "release.docx"
    file.write_bytes(write_docx(document, look))
    return {judge: list(_found(judge, file)) for judge in VALIDATORS}


@pytest.mark.parametrize("document", DOCUMENTS.values(), ids=DOCUMENTS)
def test_every_file_is_clean_for_all_validators(document: Document, tmp_path: Path) -> None:
    assert _findings(document, theme(), tmp_path) == {judge: [] for judge in VALIDATORS}


@pytest.mark.parametrize("look", LOOKS.values(), ids=LOOKS)
def test_the_offices_choices_make_no_difference_to_validators(look: Theme, tmp_path: Path) -> None:
    assert _findings(DOCUMENTS["everything"], look, tmp_path) == {judge: [] for judge in VALIDATORS}


# --- what would be wrong, and who notices ---------------------------------------------------------------

Break = Callable[[bytes], bytes]


def _first(markup: str) -> Break:
    return lambda data: changed(data, MAIN, "<w:body>", f"<w:body>{markup}")


def _replace(part: str, pattern: str, new: str) -> Break:
    def broken(data: bytes) -> bytes:
        parts = dict(WordFile(data).parts)
        text, times = re.subn(pattern, new, parts[part].decode(), count=1, flags=re.DOTALL)
        assert times == 1
        return packed(parts | {part: text.encode()})

    return broken


def _twice(markup: str) -> Break:
    return _first(markup * 2)


DRAWING = (
    '<w:p><w:r><w:drawing><wp:inline><wp:extent cx="9" cy="9"/><wp:docPr id="77" name="x"/><a:graphic>'
    '<a:graphicData uri="urn:x"/></a:graphic></wp:inline></w:drawing></w:r></w:p>'
)
CELL = (
    '<w:tbl><w:tblPr><w:tblW w:w="0" w:type="auto"/></w:tblPr><w:tblGrid><w:gridCol w:w="100"/></w:tblGrid>'
    "<w:tr><w:tc><w:tcPr/></w:tc></w:tr></w:tbl>"
)
CONTROL = (
    '<w:sdt><w:sdtPr><w:tag w:val="{tag}"/><w:id w:val="5"/></w:sdtPr>'
    "<w:sdtContent>{content}</w:sdtContent></w:sdt>"
)
FIELD = '<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>PAGE</w:instrText></w:r></w:p>'
COMMENT = (
    '<w:p><w:commentRangeStart w:id="3"/><w:commentRangeEnd w:id="3"/>'
    '<w:r><w:commentReference w:id="3"/></w:r></w:p>'
)
RUN = "<w:r><w:t>x</w:t></w:r>"
TYPES, NUMBERING = "[Content_Types].xml", "word/numbering.xml"

BREAKS: dict[str, tuple[Break, Judge]] = {
    "paragraph properties in another order": (
        _first(f'<w:p><w:pPr><w:spacing w:after="0"/><w:keepNext/></w:pPr>{RUN}</w:p>'),
        "open-xml-sdk",
    ),
    "a run outside of a paragraph": (_first(RUN), "open-xml-sdk"),
    "two controls with one id": (_twice(CONTROL.format(tag="x", content="<w:p/>")), "ours"),
    "a cell without a paragraph": (_first(CELL), "openxml-audit"),
    "a link without its relation": (
        _first(f'<w:p><w:hyperlink r:id="rId999">{RUN}</w:hyperlink></w:p>'),
        "openxml-audit",
    ),
    "a style that is not there": (
        _first('<w:p><w:pPr><w:pStyle w:val="No"/></w:pPr></w:p>'),
        "openxml-audit",
    ),
    "a number that is not there": (
        _first('<w:p><w:pPr><w:numPr><w:ilvl w:val="0"/><w:numId w:val="77"/></w:numPr></w:pPr></w:p>'),
        "openxml-audit",
    ),
    "two bookmarks with one id": (
        _twice('<w:p><w:bookmarkStart w:id="990" w:name="a"/><w:bookmarkEnd w:id="990"/></w:p>'),
        "open-xml-sdk",
    ),
    "a bookmark that is not closed": (_first('<w:p><w:bookmarkStart w:id="990" w:name="a"/></w:p>'), "ours"),
    "a value that is none": (_first('<w:p><w:pPr><w:jc w:val="middle"/></w:pPr></w:p>'), "open-xml-sdk"),
    "a field that does not end": (
        _first(FIELD),
        "ours",
    ),
    "a part without a type": (
        _replace(TYPES, r'<Override PartName="/word/numbering.xml"[^>]*/>', ""),
        "open-xml-sdk",
    ),
    "numbers before definitions": (
        _replace(NUMBERING, r"(<w:abstractNum .*</w:abstractNum>)(<w:num .*</w:num>)", r"\2\1"),
        "open-xml-sdk",
    ),
    "a run in a control of paragraphs": (_first(CONTROL.format(tag="x", content=RUN)), "open-xml-sdk"),
    "a paragraph in a paragraph": (_first("<w:p><w:p/></w:p>"), "open-xml-sdk"),
    "markup that is not well-formed": (_first("<w:p><w:r></w:p>"), "openxml-audit"),
    "a bookmark's name that is too long": (
        _first(f'<w:p><w:bookmarkStart w:id="990" w:name="{"a" * 60}"/><w:bookmarkEnd w:id="990"/></w:p>'),
        "open-xml-sdk",
    ),
    "a tag that is too long": (_first(CONTROL.format(tag="t" * 100, content="<w:p/>")), "ours"),
    "two drawings with one id": (_twice(DRAWING), "open-xml-sdk"),
    "a comment that is not there": (
        _first(COMMENT),
        "openxml-audit",
    ),
    "an insertion without an author": (_first(f'<w:p><w:ins w:id="1">{RUN}</w:ins></w:p>'), "open-xml-sdk"),
    "words in a deletion that are not deleted": (
        _first(f'<w:p><w:del w:id="1" w:author="a">{RUN}</w:del></w:p>'),
        "ooxml-integrity",
    ),
}  # fmt: skip


def test_the_way_of_breaking_breaks_nothing_by_itself(tmp_path: Path) -> None:
    judges.require("open-xml-sdk", "openxml-audit", "ooxml-integrity")
    file = tmp_path / "whole.docx"
    file.write_bytes(packed(WordFile(WHOLE).parts))
    assert [
        _found(judge, file) for judge in ("open-xml-sdk", "openxml-audit", "ooxml-integrity", "ours")
    ] == [
        [],
        [],
        [],
        [],
    ]


@pytest.mark.parametrize("how", BREAKS)
def test_a_file_that_is_broken_is_noticed_by_the_one_named_for_it(how: str, tmp_path: Path) -> None:
    breaks, judge = BREAKS[how]
    if judge != "ours":
        judges.require(judge)
    file = tmp_path / "broken.docx"
    file.write_bytes(breaks(WHOLE))
    assert _found(judge, file)


# --- LibreOffice ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["seed", "everything", "sixty_agencies"])
def test_libreoffice_keeps_every_id_every_word_and_what_we_put_in(name: str, tmp_path: Path) -> None:
    judges.require("libreoffice")
    file = tmp_path / f"{name}.docx"
    file.write_bytes(write_docx(DOCUMENTS[name], theme()))
    before = WordFile(file.read_bytes())
    after = WordFile(judges.libreoffice_roundtrip(file, tmp_path / "saved").read_bytes())
    ids = values(before.main, "//w:bookmarkStart", "w:name")
    assert len(ids) > 20
    assert [kept for kept in values(after.main, "//w:bookmarkStart", "w:name") if kept in ids] == ids
    assert after.text().split() == before.text().split()
    assert after.parts["customXml/item1.xml"].split(b"?>")[-1].strip().endswith(b"</pk:release>")
    assert b"presskit.release" in after.parts["docProps/custom.xml"]
    titles = values(before.main, "//w:sdtPr/w:alias")
    lost = set(titles) - set(values(after.main, "//w:sdtPr/w:alias"))
    assert all("introduction" in title for title in lost)


def test_libreoffice_shows_as_many_pages_as_there_are_page_breaks(tmp_path: Path) -> None:
    judges.require("libreoffice")
    file = tmp_path / "page_breaks.docx"
    file.write_bytes(write_docx(DOCUMENTS["page_breaks"], theme()))
    with pikepdf.open(judges.libreoffice_pdf(file, tmp_path)) as pdf:
        assert len(pdf.pages) == 4
