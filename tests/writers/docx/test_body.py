from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from lxml import etree

from presskit.document import nodes, walk
from presskit.document.nodes import Document
from presskit.writers.docx import write_docx
from presskit.writers.theme import picture_size_pt
from tests.documents import (
    agencies,
    end_mark,
    hard,
    listed,
    paragraph,
    quote,
    section,
    seed,
    theme,
    under,
    words,
)
from tests.writers.docx import anatomy
from tests.writers.docx.anatomy import WordFile, blocks, found, name, value, values
from tests.writers.docx.soundness import flaws

DOCUMENTS = {"seed": seed(), **hard()}
EVERYTHING = DOCUMENTS["everything"]
EMU_PER_POINT = 12700


def _file(document: Document, **word: object) -> WordFile:
    look = theme().model_copy(update={"word": theme().word.model_copy(update=word)}) if word else theme()
    return WordFile(write_docx(document, look))


def _with(*parts: nodes.Block) -> WordFile:
    return _file(replace(seed(), blocks=parts))


def test_the_main_part_of_the_seed_is_as_kept(golden: Callable[[str, str], None]) -> None:
    main = _file(seed()).main
    etree.indent(main)
    golden("seed.document.xml", etree.tostring(main, encoding="unicode") + "\n")


@pytest.mark.parametrize("document", DOCUMENTS.values(), ids=DOCUMENTS)
def test_the_file_says_every_word_in_reading_order(document: Document) -> None:
    assert _file(document).text().split() == " ".join(walk.words(document)).split()


@pytest.mark.parametrize("document", DOCUMENTS.values(), ids=DOCUMENTS)
def test_controls_bookmarks_and_fields_are_sound(document: Document) -> None:
    assert flaws(write_docx(document, theme())) == []


@pytest.mark.parametrize("document", DOCUMENTS.values(), ids=DOCUMENTS)
def test_no_layout_is_made_of_tabs_blanks_or_empty_paragraphs(document: Document) -> None:
    file = _file(document)
    assert found(file.main, "//w:tab") == []
    empty = [one for one in found(file.main, "//w:p[not(ancestor::w:tc)]") if not anatomy.words(one).strip()]
    assert all(found(one, ".//w:drawing") for one in empty)


# --- controls ---------------------------------------------------------------------------------------------


def test_every_block_stands_in_a_control_with_a_title_of_its_own() -> None:
    file = _file(seed())
    titles = values(file.main, "w:body/w:sdt/w:sdtPr/w:alias")
    assert titles == [
        "Release line",
        "Headline",
        "Body",
        "Agencies",
        "QUOTES",
        "Quote 1 – Acting Detective Inspector Dan Dusto",
        "About THE IJFS",
        "Agencies – introduction",
        "Agencies (2)",
        "About WORLD DAY AGAINST TRAFFICKING IN PERSONS",
        "Media contact",
        "Contact – IJFS Media Relations",
        "End mark",
    ]
    assert values(file.main, "w:body/w:sdt/w:sdtPr/w:tag")[:3] == ["pk:notice", "pk:headline", "pk:body.1"]
    bare = [file.style_of(one) for one in found(file.main, "w:body/w:p")]
    assert bare == ["Masthead", "Masthead Line"]


def test_only_release_line_headline_and_body_can_not_be_deleted() -> None:
    locked = found(_file(EVERYTHING).main, "//w:sdtPr[w:lock/@w:val='sdtLocked']")
    titles = {str(value(one, "w:alias")).split(" (")[0] for one in locked}
    assert titles == {"Release line", "Headline", "Body"}


def test_controls_are_of_the_kind_libreoffice_leaves_alone() -> None:
    controls = found(_file(EVERYTHING).main, "//w:sdt")
    galleries = values(_file(EVERYTHING).main, "//w:sdtPr/w:docPartObj/w:docPartGallery")
    assert len(controls) > 15
    assert galleries == ["Quick Parts"] * len(controls)
    assert found(_file(EVERYTHING).main, "//w:showingPlcHdr | //w:dataBinding | //w:richText") == []


def test_tables_stand_outside_of_controls() -> None:
    main = _file(EVERYTHING).main
    assert len(found(main, "//w:tbl")) == 1
    assert found(main, "//w:sdt//w:tbl") == []


def test_an_office_that_wants_bookmarks_only_gets_no_controls() -> None:
    with_controls, without = _file(EVERYTHING), _file(EVERYTHING, container="none")
    assert found(without.main, "//w:sdt") == []
    for path, attribute in (("//w:bookmarkStart", "w:name"), ("//w:pStyle", "w:val")):
        assert values(without.main, path, attribute) == values(with_controls.main, path, attribute)


def test_the_same_title_twice_gets_a_number_and_stays_short() -> None:
    said = replace(quote("a"), attribution=words("– ", nodes.Strong(words("Name " * 30))))
    main = _with(*(replace(said, id=f"quote.{n}") for n in "abc"), *(paragraph(n, "x") for n in (1, 2))).main
    titles = values(main, "//w:sdtPr/w:alias")
    assert len(set(titles)) == len(titles) == 4
    assert max(map(len, titles)) <= 64
    assert titles[0].endswith("Name…")
    sections = [section("facts", "f", "T" * 100, ()) for _ in range(3)]
    titles = values(_with(*sections).main, "//w:sdtPr/w:alias")
    assert [title[-4:] for title in titles] == ["TTT…", " (2)", " (3)"]
    assert max(map(len, titles)) <= 64


def test_two_blocks_whose_ids_have_the_same_checksum_have_controls_with_different_ids() -> None:
    main = _with(quote("uejgtcuo"), quote("iiwucoup")).main
    first, second = (int(number) for number in values(main, "//w:sdtPr/w:id"))
    assert second == first + 1


def test_running_text_goes_on_in_its_control_over_a_page_break() -> None:
    main = _with(
        paragraph(1, "a"), nodes.PageBreak("p", "p"), paragraph(3, "b"), quote("q"), paragraph(5, "c")
    ).main
    controls = [
        anatomy.words(one) for one in found(main, "//w:sdt[w:sdtPr/w:tag[starts-with(@w:val, 'pk:body')]]")
    ]
    assert controls == ["ab", "c"]


# --- ids --------------------------------------------------------------------------------------------------


def test_every_passage_of_the_tree_can_be_found_by_its_bookmark() -> None:
    names = values(_file(EVERYTHING).main, "//w:bookmarkStart", "w:name")
    assert {
        "_pk_headline",
        "_pk_subhead",
        "_pk_body_1",
        "_pk_deep_2_list_1_list_2",
        "_pk_ramp",
        "_pk_ramp_caption",
        "_pk_ramp_credit",
        "_pk_charges",
        "_pk_charges_caption",
        "_pk_quote_mayor_speech_1",
        "_pk_quote_mayor_speech_2",
        "_pk_quote_mayor_attribution",
        "_pk_agencies_numbered_intro",
        "_pk_agencies_numbered_durham",
        "_pk_agencies_sentence_sentence",
        "_pk_notes_heading",
        "_pk_contact_ijfs__media_1",
        "_pk_contact_ijfs__media_2",
        "_pk_end__mark",
    } <= set(names)


def test_a_bookmark_holds_its_passage_and_nothing_else() -> None:
    file = _file(EVERYTHING)
    (caption,) = [one for one in file.paragraphs() if file.style_of(one) == "caption"]
    parts = {"": ""}
    inside = ""
    for one in caption.iter():
        if one.tag == name("w:bookmarkStart"):
            inside = str(one.get(name("w:name")))
        elif one.tag == name("w:bookmarkEnd"):
            inside = ""
        elif one.tag == name("w:t"):
            parts[inside] = parts.get(inside, "") + (one.text or "")
    assert parts == {
        "": " ",
        "_pk_ramp_caption": "A caption with a link.",
        "_pk_ramp_credit": "Photo: City of Example",
    }


# --- sections and pages -----------------------------------------------------------------------------------


def test_a_long_list_stands_in_columns_of_its_own_section() -> None:
    file = _file(DOCUMENTS["sixty_agencies"])
    sections = found(file.main, "//w:sectPr")
    assert [one.get(name("w:num")) for one in found(file.main, "//w:sectPr/w:cols")] == [
        *(None, "3", None, "3", None, "3", None)
    ]
    assert [value(one, "w:type") for one in sections] == [None] + ["continuous"] * 6
    carriers = [anatomy.words(one) for one in found(file.main, "//w:p[w:pPr/w:sectPr]")]
    assert carriers[:2] == ["The agencies, numbered:", "York Police Service"]
    before = found(file.main, "//w:p[w:pPr/w:sectPr]/following::w:p[1]/w:pPr/w:pStyle")
    assert [one.get(name("w:val")) for one in before][:2] == ["ListNumber", "ListIntro"]


def test_only_the_first_section_names_running_head_and_foot() -> None:
    file = _file(DOCUMENTS["sixty_agencies"])
    first, *later = found(file.main, "//w:sectPr")
    references = found(first, "w:headerReference | w:footerReference")
    assert [(one.tag, one.get(name("w:type"))) for one in references] == [
        (name("w:headerReference"), "default"),
        (name("w:footerReference"), "default"),
        (name("w:footerReference"), "first"),
    ]
    assert found(first, "w:titlePg") != []
    assert all(found(one, "w:headerReference | w:footerReference | w:titlePg") == [] for one in later)


def test_all_sections_are_on_the_same_sheet() -> None:
    file = _file(DOCUMENTS["sixty_agencies"])
    sheets = {
        tuple(sorted(one.items())) for one in found(file.main, "//w:sectPr/w:pgSz | //w:sectPr/w:pgMar")
    }
    assert len(sheets) == 2
    assert value(file.main, "//w:pgSz", "w:w") == "12240"
    assert value(file.main, "//w:pgMar", "w:left") == str(round(55 / 25.4 * 1440))


def test_a_list_with_a_list_in_it_stands_in_one_column() -> None:
    first = under("with a list", listed("x", "inner"))
    main = _with(listed("l", first, *map(str, range(40))), end_mark()).main
    assert values(main, "//w:cols", "w:num") == [""]


def test_a_list_in_columns_without_an_introduction_begins_after_the_paragraph_before_it() -> None:
    items = {f"a{n}": f"Agency {n}" for n in range(20)}
    main = _with(
        paragraph(1, "Before."), agencies("agencies.1", "body[1]", "columns", items), end_mark()
    ).main
    assert [anatomy.words(one) for one in found(main, "//w:p[w:pPr/w:sectPr]")] == ["Before.", "Agency 19"]


def test_a_list_in_columns_can_come_first_last_and_after_a_table() -> None:
    items = {f"a{n}": f"Agency {n}" for n in range(20)}
    (table,) = [block for block in EVERYTHING.blocks if isinstance(block, nodes.Table)]
    lists = [agencies(f"agencies.{n}", "body[1]", "columns", items) for n in (1, 2)]
    file = _with(lists[0], table, lists[1])
    ends = found(file.main, "//w:p[w:pPr/w:sectPr]")
    assert [(file.style_of(one), anatomy.words(one)) for one in ends] == [
        ("Section End", ""),
        ("List", "Agency 19"),
        ("Section End", ""),
        ("List", "Agency 19"),
    ]
    assert values(file.main, "//w:sectPr/w:cols", "w:num") == ["", "2", "", "2", ""]


def test_a_page_break_is_a_property_of_what_follows() -> None:
    file = _file(DOCUMENTS["page_breaks"])
    broken = [anatomy.words(one)[:20] for one in found(file.main, "//w:p[w:pPr/w:pageBreakBefore]")]
    assert broken == ["Over the past 18\u00a0mon", "QUOTES", "-30-"]
    assert found(file.main, "//w:br[@w:type='page']") == []


def test_a_table_can_begin_a_page() -> None:
    (table,) = [block for block in EVERYTHING.blocks if isinstance(block, nodes.Table)]
    main = _with(
        paragraph(1, "x"), nodes.PageBreak("p", "p"), replace(table, caption=()), paragraph(2, "y")
    ).main
    assert len(found(main, "//w:pageBreakBefore")) == 1
    assert found(main, "//w:tbl/w:tr[1]/w:tc[1]/w:p/w:pPr/w:pageBreakBefore") != []


def test_an_attribution_stays_with_the_last_words_of_its_speech() -> None:
    file = _file(EVERYTHING)
    first, second = (file.paragraph(text) for text in ("The first of two", "The second one closes"))
    assert value(first, "w:pPr/w:keepNext") == "0"
    assert found(second, "w:pPr/w:keepNext") == []
    assert found(file.styles["quote"], "w:pPr/w:keepNext") != []


def test_the_end_mark_never_stands_on_a_page_alone() -> None:
    file = _file(DOCUMENTS["long_table"])
    assert found(file.paragraph("After the table."), "w:pPr/w:keepNext") != []


def test_the_first_and_the_last_two_entries_of_a_list_stay_together() -> None:
    main = _with(paragraph(1, "Before:"), listed("l", "a", "b", "c", "d")).main
    kept = [anatomy.words(one) for one in found(main, "//w:p[w:pPr/w:keepNext]")]
    assert kept == ["a", "c"]


# --- pictures and tables ----------------------------------------------------------------------------------


def test_a_picture_keeps_its_shape_and_stays_in_the_line() -> None:
    figures = [block for block in EVERYTHING.blocks if isinstance(block, nodes.Figure)]
    main = _file(EVERYTHING).main
    extents = [(one.get("cx"), one.get("cy")) for one in found(main, "//wp:inline/wp:extent")]
    assert extents == [
        tuple(str(round(side * EMU_PER_POINT)) for side in picture_size_pt(figure.image, theme()))
        for figure in figures
    ]
    for inline in found(main, "//wp:inline"):
        assert {key: inline.get(key) for key in ("distT", "distB", "distL", "distR")} == {
            "distT": "0",
            "distB": "0",
            "distL": "0",
            "distR": "0",
        }
    assert [one.get("descr") for one in found(main, "//wp:docPr")] == [figure.alt for figure in figures]


def test_a_table_has_a_header_row_that_comes_again_and_rows_that_stay_whole() -> None:
    file = _file(DOCUMENTS["long_table"])
    rows = found(file.main, "//w:tbl/w:tr")
    assert [bool(found(row, "w:trPr/w:tblHeader")) for row in rows] == [True] + [False] * 100
    assert all(found(row, "w:trPr/w:cantSplit") for row in rows)
    assert {file.style_of(one) for one in found(rows[0], "w:tc/w:p")} == {"Table Heading"}
    assert value(file.main, "//w:tblCaption") == "What was found, by agency"
    assert value(file.main, "//w:tblDescription") == "No., Agency, What was found there, Charges"


def test_a_table_without_a_caption_is_called_by_its_columns() -> None:
    (table,) = [block for block in EVERYTHING.blocks if isinstance(block, nodes.Table)]
    main = _with(replace(table, caption=())).main
    assert value(main, "//w:tblCaption") == value(main, "//w:tblDescription") == "Offence, Charges, Share"


def test_the_columns_of_a_table_fill_the_text_and_agree_with_its_grid() -> None:
    file = _file(DOCUMENTS["long_table"])
    grid = [int(width) for width in values(file.main, "//w:gridCol", "w:w")]
    assert sum(grid) == int(value(file.main, "//w:tblW", "w:w") or 0)
    assert abs(sum(grid) - (215.9 - 50 - 30) / 25.4 * 1440) < 3
    assert [int(one) for one in values(file.main, "//w:tbl/w:tr[5]/w:tc/w:tcPr/w:tcW", "w:w")] == grid


# --- the roles of paragraphs ------------------------------------------------------------------------------


def test_a_headline_too_long_for_three_lines_is_set_smaller() -> None:
    short, long = _file(EVERYTHING), _file(DOCUMENTS["five_line_headline"])
    assert short.style_of(short.paragraph("A release that is hard to set")) == "Title"
    assert long.style_of(long.paragraph("Eighty individuals")) == "Title Long"


def test_an_embargo_line_looks_like_no_other() -> None:
    file = _file(DOCUMENTS["embargo"])
    line = file.paragraph("EMBARGOED UNTIL")
    assert file.style_of(line) == "Alert Line"
    assert value(file.styles["alert line"], "w:pPr/w:shd", "w:fill") == "8C1D18"


def test_boilerplate_and_notes_are_set_smaller_with_lists_of_their_own() -> None:
    file = _file(EVERYTHING)
    styles = [file.style_of(one) for one in blocks(file) if one.tag == name("w:p")]
    start = styles.index("Boilerplate")
    assert styles[start:] == [
        *("Boilerplate", "heading 1", "Boilerplate", "heading 2"),
        *("Boilerplate Number", "Boilerplate Number", "heading 1", "Contact", "End Mark"),
    ]


def test_the_lines_of_a_contact_are_one_paragraph() -> None:
    file = _file(seed())
    assert anatomy.words(file.paragraph("IJFS Media Relations")) == "IJFS Media Relations\nmedia@example.org"


def test_a_dateline_is_a_run_of_its_own_style() -> None:
    run = found(_file(seed()).paragraph("In recognition"), "w:r[w:rPr/w:rStyle/@w:val='Dateline']")
    assert [anatomy.words(one) for one in run] == ["(ORILLIA, ON) – "]


def test_a_sentence_of_agencies_follows_its_introduction_in_one_paragraph() -> None:
    text = anatomy.words(_file(EVERYTHING).paragraph("As sentence:"))
    assert text.startswith("As sentence: Durham Regional")
