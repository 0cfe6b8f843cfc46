from __future__ import annotations

from collections.abc import Callable

import pytest

from presskit.writers.docx import write_docx
from tests.documents import hard, seed, theme
from tests.writers.docx.accessibility import findings
from tests.writers.docx.anatomy import MAIN, changed

EVERYTHING = hard()["everything"]
STYLES, SETTINGS, CORE = "word/styles.xml", "word/settings.xml", "docProps/core.xml"
ITS_OWN_WORDS = [
    "link-text: 'https://example.org/' does not say where it leads",
    "link-text: 'link' does not say where it leads",
]
ALTERNATIVE = "A ramp of colours that fades out to the right"
PARAGRAPH = (
    "<w:p><w:pPr><w:pStyle w:val={style}/></w:pPr><w:r><w:t xml:space='preserve'>{text}</w:t></w:r></w:p>"
)


@pytest.mark.parametrize("name", ["seed", *hard()])
def test_nothing_keeps_people_from_reading_the_file(name: str) -> None:
    document = seed() if name == "seed" else hard()[name]
    said_in_the_release = ITS_OWN_WORDS if name == "everything" else []
    assert findings(write_docx(document, theme())) == said_in_the_release


def test_a_protected_file_can_still_be_edited_with_its_changes_tracked() -> None:
    look = theme().model_copy(update={"word": theme().word.model_copy(update={"protect": True})})
    assert findings(write_docx(seed(), look)) == []


def _put(text: str, style: str = "BodyText", times: int = 1) -> Callable[[bytes], bytes]:
    paragraph = PARAGRAPH.replace("{style}", f"'{style}'").replace("{text}", text) * times
    return lambda data: changed(data, MAIN, "<w:body>", f"<w:body>{paragraph}")


def _change(part: str, old: str, new: str, times: int = 1) -> Callable[[bytes], bytes]:
    return lambda data: changed(data, part, old, new, times)


def _with_merged_cells(data: bytes) -> bytes:
    return changed(data, MAIN, "<w:tcPr>", '<w:tcPr><w:gridSpan w:val="2"/>')


def _with_a_blank_row(data: bytes) -> bytes:
    row = "<w:tr><w:tc><w:tcPr/><w:p/></w:tc></w:tr>"
    return changed(data, MAIN, "</w:tbl>", f"{row}</w:tbl>")


BREAKS = {
    "alternative-text: ramp.png has none": _change(MAIN, f'descr="{ALTERNATIVE}"', 'descr=""'),
    "alternative-text: photo.png is a file name": _change(MAIN, f'"{ALTERNATIVE}"', '"photo.png"'),
    "alternative-text: a table has no title or description": _change(
        MAIN, '<w:tblCaption w:val="Charges by offence, all services"/>', ""
    ),
    "in-line: a picture floats": _change(MAIN, "</wp:inline>", "</wp:inline><wp:anchor/>"),
    "table-header: the first row does not come again": _change(MAIN, "<w:tblHeader/>", ""),
    "table-header: the first row is not said to be one": _change(
        MAIN, 'w:firstRow="1"', 'w:firstRow="0"'
    ),
    "simple-table: cells are merged": _with_merged_cells,
    "simple-table: a table stands in a table": _change(MAIN, "</w:p></w:tc>", "</w:p><w:tbl/></w:tc>"),
    "simple-table: a row is blank": _with_a_blank_row,
    "control-title: a control has none": _change(MAIN, '<w:alias w:val="Headline"/>', ""),
    "repeated-blanks: three paragraphs are empty": _put("", times=3),
    "repeated-blanks: spaces make a distance in 'a    b'": _put("a    b"),
    "real-lists: '- an entry' has a typed mark": _put("- an entry"),
    "contrast: AAAAAA on FFFFFF is 2.3:1": _change(STYLES, 'w:val="1A1A1A"', 'w:val="AAAAAA"', -1),
    "small-text: 'FOR IMMEDIATE RELEASE' is 6.0 pt": _change(
        MAIN, "<w:t xml:space=\"preserve\">FOR IMM", "<w:rPr><w:sz w:val='12'/></w:rPr><w:t>FOR IMM"
    ),
    "language-of-parts: 'ᓄᓇᕗᑦ' is said to be en-CA": _put("ᓄᓇᕗᑦ"),
    "headings: one is empty": _put("", "Heading1"),
    "headings: the first is not of the first level": _put("Heading", "Heading2"),
    "headings: a level is skipped in [0, 0, 0, 0, 0, 2, 0]": _change(
        STYLES, '<w:outlineLvl w:val="1"/>', '<w:outlineLvl w:val="2"/>'
    ),
    "title: the document has none": _change(CORE, "dc:title>", "dc:other>", 2),
    "language: the document has none": _change(STYLES, "<w:lang ", "<w:other "),
    "restricted: the document can not be edited": _change(
        SETTINGS, "<w:defaultTabStop", '<w:documentProtection w:edit="readOnly"/><w:defaultTabStop'
    ),
}  # fmt: skip


@pytest.mark.parametrize("finding", BREAKS)
def test_what_keeps_people_from_reading_is_found(finding: str) -> None:
    whole = write_docx(EVERYTHING, theme())
    assert finding in set(findings(BREAKS[finding](whole))) - set(findings(whole))
