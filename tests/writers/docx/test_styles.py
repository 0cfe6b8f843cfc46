from __future__ import annotations

from presskit.document.forms import FORMS
from presskit.model.theme import Theme
from presskit.writers.docx import write_docx
from tests.documents import hard, seed, theme
from tests.writers.docx.anatomy import WordFile, found, name, value, values

FILE = WordFile(write_docx(seed(), theme()))


def _changed(**parts: dict[str, object]) -> Theme:
    look = theme()
    return look.model_copy(
        update={key: getattr(look, key).model_copy(update=to) for key, to in parts.items()}
    )


def _under(look: Theme) -> WordFile:
    return WordFile(write_docx(seed(), look))


def test_every_form_of_a_node_is_a_style_of_the_file() -> None:
    forms = {form.word.lower() for form in FORMS.values() if form.word}
    assert len(forms) > 12
    assert forms - FILE.styles.keys() == set()


def test_every_style_the_documents_use_is_in_the_file() -> None:
    for document in hard().values():
        file = WordFile(write_docx(document, theme()))
        used = set(values(file.main, "//w:pStyle | //w:rStyle | //w:tblStyle"))
        assert used <= file.styles_by_id.keys()


def test_styles_refer_to_styles_that_are_there() -> None:
    for path in ("w:style/w:basedOn", "w:style/w:next"):
        assert set(values(FILE.style_sheet, path)) <= FILE.styles_by_id.keys()


def test_only_styles_word_does_not_know_are_marked_as_custom() -> None:
    custom = {str(value(one, "w:name")) for one in found(FILE.style_sheet, "w:style[@w:customStyle='1']")}
    assert custom == {
        *("Masthead", "Masthead Line", "Masthead Kind", "Release Line", "Alert Line", "Draft Line"),
        *(
            "Title Long",
            "Warning",
            "Dateline",
            "List Intro",
            "Quote Source",
            "Photo",
            "Contact",
            "End Mark",
            "Section End",
        ),
        *("Boilerplate", "Boilerplate Intro", "Boilerplate Bullet", "Boilerplate Number", "Boilerplate List"),
        *("Table Caption", "Table Text", "Table Heading", "Release Table"),
    }


def test_type_sizes_and_lines_are_the_themes() -> None:
    body, small = FILE.styles["body text"], FILE.styles["boilerplate"]
    assert (value(body, "w:rPr/w:sz"), value(body, "w:pPr/w:spacing", "w:line")) == ("21", "300")
    assert (value(small, "w:rPr/w:sz"), value(small, "w:pPr/w:spacing", "w:line")) == ("19", "270")
    larger = theme().sizes.body.model_copy(update={"size_pt": 12.0, "leading_pt": 18.0})
    body = _under(_changed(sizes={"body": larger})).styles["body text"]
    assert (value(body, "w:rPr/w:sz"), value(body, "w:pPr/w:spacing", "w:line")) == ("24", "360")


def test_lines_are_exact_only_where_neither_picture_nor_tall_letters_can_stand() -> None:
    grow = {
        key for key, one in FILE.styles.items() if value(one, "w:pPr/w:spacing", "w:lineRule") == "atLeast"
    }
    assert {"body text", "quote", "photo", "list bullet", "boilerplate"} <= grow
    assert not {"title", "heading 1", "caption", "footer"} & grow


def test_colours_are_theme_colours_and_say_the_same() -> None:
    scheme = {
        one.tag.split("}")[1]: one[0].get("val")
        for one in found(FILE.xml("word/theme/theme1.xml"), "//a:clrScheme/*")
    }
    slots = {"text1": "dk1", "background1": "lt1", "hyperlink": "hlink"}
    coloured = found(FILE.style_sheet, "//*[@w:themeColor]")
    assert len(coloured) > 30
    for one in coloured:
        said = one.get(name("w:themeColor")) or ""
        literal = one.get(name("w:val")) if one.tag == name("w:color") else one.get(name("w:color"))
        assert scheme[slots.get(said, said)] == literal
    assert scheme["accent1"] == theme().colours.brand.rgb[1:].upper()


def test_both_families_are_named_in_the_theme_with_what_word_may_use_instead() -> None:
    part = FILE.xml("word/theme/theme1.xml")
    named = [one.get("typeface") for one in found(part, "//a:majorFont/a:latin | //a:minorFont/a:latin")]
    assert named == ["Source Sans 3", "Source Serif 4"]
    table = FILE.xml("word/fontTable.xml")
    assert list(zip(values(table, "w:font", "w:name"), values(table, "w:font/w:altName"), strict=True)) == [
        ("Source Serif 4", "Georgia"),
        ("Source Sans 3", "Calibri"),
        ("Noto Sans Canadian Aboriginal", "Gadugi,Euphemia"),
    ]


def test_the_language_of_the_document_is_that_of_everything_not_marked() -> None:
    file = WordFile(write_docx(hard()["french"], theme()))
    assert value(file.style_sheet, "w:docDefaults//w:lang") == "fr-CA"
    assert value(file.xml("word/settings.xml"), "w:themeFontLang") == "fr-CA"


def test_word_opens_the_file_in_its_present_mode() -> None:
    modes = found(FILE.xml("word/settings.xml"), "//w:compatSetting[@w:name='compatibilityMode']")
    assert [mode.get(name("w:val")) for mode in modes] == ["15"]


def test_tracking_and_protection_are_the_offices_choice() -> None:
    settings = FILE.xml("word/settings.xml")
    assert found(settings, "w:trackRevisions | w:documentProtection") == []
    tracked = _under(_changed(word={"track_changes": True})).xml("word/settings.xml")
    assert [len(found(tracked, path)) for path in ("w:trackRevisions", "w:documentProtection")] == [1, 0]
    protected = _under(_changed(word={"protect": True})).xml("word/settings.xml")
    assert found(protected, "w:trackRevisions") != []
    assert value(protected, "w:documentProtection", "w:edit") == "trackedChanges"
    assert value(protected, "w:documentProtection", "w:enforcement") == "1"


def test_hyphenation_and_justified_lines_are_the_offices_choice() -> None:
    file = _under(_changed(setting={"hyphenate": True, "justify": True}))
    assert found(file.xml("word/settings.xml"), "w:autoHyphenation") != []
    assert value(file.styles["body text"], "w:pPr/w:jc") == "both"
    assert found(FILE.xml("word/settings.xml"), "w:autoHyphenation") == []
    assert found(FILE.styles["body text"], "w:pPr/w:jc") == []


def test_the_sheet_is_the_themes_and_running_text_keeps_its_measure() -> None:
    main = _under(_changed(page={"size": "a4", "margin_mm": 20.0}, setting={"indent_mm": 0.0})).main
    facts = [
        value(main, "//w:pgSz", "w:w"),
        *(value(main, "//w:pgMar", f"w:{side}") for side in ("left", "right")),
    ]
    assert facts == ["11906", "1134", "1134"]


def test_masthead_and_headline_reach_out_to_the_left_of_running_text() -> None:
    left = [
        value(FILE.styles[key], "w:pPr/w:ind", "w:left") for key in ("masthead", "title", "header", "footer")
    ]
    assert left == [str(round(-30 / 25.4 * 1440))] * 4


def test_a_quotes_rule_does_not_join_the_next_quotes() -> None:
    speech, source = FILE.styles["quote"], FILE.styles["quote source"]
    for path, attribute in (("w:left", "w:space"), ("w:left", "w:sz"), ("w:left", "w:color")):
        assert value(speech, f"w:pPr/w:pBdr/{path}", attribute) == value(
            source, f"w:pPr/w:pBdr/{path}", attribute
        )
    indents = [value(one, "w:pPr/w:ind", "w:right") for one in (speech, source)]
    assert indents[0] != indents[1]
    assert value(speech, "w:pPr/w:spacing", "w:after") == value(source, "w:pPr/w:spacing", "w:before") == "0"
