from __future__ import annotations

from dataclasses import replace

from presskit.document.nodes import Head
from presskit.writers.docx import write_docx
from tests.documents import hard, seed, theme
from tests.writers.docx import anatomy
from tests.writers.docx.anatomy import WordFile, found, values

HEAD, FOOT, FIRST_FOOT = "word/header1.xml", "word/footer1.xml", "word/footer2.xml"


def _file(**changes: object) -> WordFile:
    document = seed()
    return WordFile(write_docx(replace(document, head=replace(document.head, **changes)), theme()))  # type: ignore[arg-type]


def _masthead(head: Head, **changes: str) -> WordFile:
    return _file(masthead=replace(head.masthead, **changes))


def test_from_the_second_page_on_a_running_head_says_office_and_headline() -> None:
    said = anatomy.words(_file().xml(HEAD))
    assert said == "IJFS · 80\u00a0individuals charged with 165\u00a0offences"
    assert anatomy.words(_file(office="").xml(HEAD)) == "80\u00a0individuals charged with 165\u00a0offences"


def test_every_page_has_a_foot_with_office_reference_and_its_number() -> None:
    file = _file()
    for part in (FOOT, FIRST_FOOT):
        assert anatomy.words(file.xml(part)) == "IJFS · No.\u00a02025-14 \tPage 1 of 1"
        assert [one.text for one in found(file.xml(part), "//w:instrText")] == [" PAGE ", " NUMPAGES "]


def test_the_number_is_said_as_the_language_says_it() -> None:
    assert anatomy.words(WordFile(write_docx(hard()["french"], theme())).xml(FOOT)).endswith("Page 1 de 1")
    turned = _file(page_label="{pages} pages, {page} {x} %s {}").xml(FOOT)
    assert anatomy.words(turned).endswith("1 pages, 1 {x} %s {}")
    assert [one.text for one in found(turned, "//w:instrText")] == [" NUMPAGES ", " PAGE "]


def test_before_a_reference_is_given_the_foot_has_none() -> None:
    file = _masthead(seed().head, reference="")
    assert anatomy.words(file.xml(FOOT)) == "IJFS \tPage 1 of 1"


def test_the_masthead_says_issuer_then_kind_date_and_reference_side_by_side() -> None:
    issuer, line = _file().paragraphs()[:2]
    assert anatomy.words(issuer) == seed().head.masthead.issuer
    assert anatomy.words(line) == "NEWS RELEASE \tJuly\u00a030, 2025 \tNo.\u00a02025-14"
    assert [one.get(anatomy.name("w:alignment")) for one in found(line, ".//w:ptab")] == ["center", "right"]


def test_without_a_reference_the_date_stands_at_the_right() -> None:
    line = _masthead(seed().head, reference="").paragraphs()[1]
    assert anatomy.words(line) == "NEWS RELEASE \t \tJuly\u00a030, 2025"


def test_a_masthead_of_the_issuer_alone_is_one_paragraph() -> None:
    file = _masthead(seed().head, kind="", date="", reference="")
    styles = values(file.main, "w:body/w:p/w:pPr/w:pStyle")
    assert styles == ["Masthead"]
