from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from presskit.document.nodes import Break, Inline, Span
from presskit.writers.docx import write_docx
from presskit.writers.docx.runs import address
from tests.documents import emphasis, hard, headline, link, paragraph, seed, strong, theme, words
from tests.writers.docx import anatomy
from tests.writers.docx.anatomy import Element, WordFile, found, name, value, values

RELATIONS = "word/_rels/document.xml.rels"


def _file(*parts: str | Inline) -> WordFile:
    return WordFile(write_docx(replace(seed(), blocks=(paragraph(1, *parts),)), theme()))


def _runs(file: WordFile) -> list[Element]:
    return found(file.main, "//w:p[w:pPr/w:pStyle/@w:val='BodyText']//w:r")


def _facts(run: Element) -> Sequence[str]:
    facts = found(run, "w:rPr/*")
    return [str(one.tag).split("}")[1] + (f"={v}" if (v := one.get(name("w:val"))) else "") for one in facts]


def test_strong_and_stressed_words_have_a_style_and_are_bold_and_italic_in_any_paragraph() -> None:
    file = _file("a", strong("b", emphasis("c")), emphasis("d"))
    assert [(anatomy.words(run), _facts(run)) for run in _runs(file)] == [
        ("a", []),
        ("b", ["rStyle=Strong", "b", "bCs"]),
        ("c", ["rStyle=Strong", "b", "bCs", "i", "iCs"]),
        ("d", ["rStyle=Emphasis", "i", "iCs"]),
    ]


def test_words_in_another_language_say_so() -> None:
    file = _file("a ", Span("fr-CA", words("b ", strong("c"))))
    assert [_facts(run) for run in _runs(file)] == [
        [],
        ["lang=fr-CA"],
        ["rStyle=Strong", "b", "bCs", "lang=fr-CA"],
    ]


def test_syllabics_have_a_font_of_their_own_and_the_words_around_them_do_not() -> None:
    file = _file("Plain ᓄᓇᕗᑦ ᐃᖃᓗᐃᑦ & ", strong("ᑕᐃᒪ"), " plain")
    fonts = [(anatomy.words(run), value(run, "w:rPr/w:rFonts", "w:ascii")) for run in _runs(file)]
    font = "Noto Sans Canadian Aboriginal"
    assert fonts == [("Plain ", None), ("ᓄᓇᕗᑦ ᐃᖃᓗᐃᑦ", font), (" & ", None), ("ᑕᐃᒪ", font), (" plain", None)]
    for script in ("w:hAnsi", "w:eastAsia", "w:cs"):
        assert values(file.main, "//w:rFonts", script) == [font, font]


def test_syllabics_in_headline_masthead_and_running_head_have_their_font_too() -> None:
    document = hard()["syllabics"]
    masthead = replace(document.head.masthead, issuer="ᓄᓇᕗᑦ")
    file = WordFile(write_docx(replace(document, head=replace(document.head, masthead=masthead)), theme()))
    assert found(file.main, "//w:p[w:pPr/w:pStyle/@w:val='Masthead']//w:rFonts") != []
    assert found(file.main, "//w:p[w:pPr/w:pStyle/@w:val='Title']//w:rFonts") != []
    assert found(file.xml("word/header1.xml"), "//w:rFonts") != []


def test_a_pack_without_fallbacks_leaves_every_text_whole() -> None:
    look = theme().model_copy(update={"fonts": theme().fonts.model_copy(update={"fallbacks": ()})})
    file = WordFile(write_docx(replace(seed(), blocks=(paragraph(1, "a ᓄᓇᕗᑦ & b"),)), look))
    assert [anatomy.words(run) for run in _runs(file)] == ["a ᓄᓇᕗᑦ & b"]


def test_a_link_leads_to_its_address_and_looks_like_one() -> None:
    file = _file(
        "a ", link("https://example.org/?a=1&b=2", "b ", strong("c")), link("mailto:m@example.org", "d")
    )
    targets = {one.get("Id"): (one.get("Target"), one.get("TargetMode")) for one in file.xml(RELATIONS)}
    links = found(file.main, "//w:hyperlink")
    assert [(anatomy.words(one), targets[one.get(name("r:id"))]) for one in links] == [
        ("b c", ("https://example.org/?a=1&b=2", "External")),
        ("d", ("mailto:m@example.org", "External")),
    ]
    assert values(links[0], "w:r/w:rPr/w:rStyle") == ["Hyperlink", "Hyperlink"]
    assert len(found(links[0], "w:r/w:rPr/w:b")) == 1


def test_an_address_used_twice_is_one_relation() -> None:
    file = _file(link("https://example.org/", "a"), link("https://example.org/", "b"))
    assert len([one for one in file.xml(RELATIONS) if one.get("TargetMode") == "External"]) == 1


def test_a_link_within_a_link_is_part_of_the_outer_one() -> None:
    file = _file(link("https://example.org/", "a ", link("https://example.com/", "b")))
    assert [anatomy.words(one) for one in found(file.main, "//w:hyperlink")] == ["a b"]


@pytest.mark.parametrize(
    ("url", "target"),
    [
        ("https://example.org/a b", "https://example.org/a%20b"),
        ('https://example.org/"{}|\\^`<>', "https://example.org/%22%7B%7D%7C%5C%5E%60%3C%3E"),
        ("https://example.org/%20é?a=1#b", "https://example.org/%20é?a=1#b"),
    ],
)
def test_an_address_is_written_as_a_relation_can_carry_it(url: str, target: str) -> None:
    assert address(url) == target


def test_line_ends_and_hyphens_that_are_meant_are_words_own() -> None:
    file = _file("a", Break(), "b\u2011c, d\u00ade", strong(Break()))
    assert file.text().endswith("a\nb\u2011c, d\u00ade\n")
    kinds = [str(one.tag).split("}")[1] for run in _runs(file) for one in run if one.tag != name("w:rPr")]
    assert kinds == ["t", "br", "t", "noBreakHyphen", "t", "softHyphen", "t", "br"]


def test_a_line_end_or_a_tab_within_a_text_is_one_in_the_file() -> None:
    file = _file("\u2011a\nb\tc\n")
    kinds = [str(one.tag).split("}")[1] for run in _runs(file) for one in run]
    assert kinds == ["noBreakHyphen", "t", "br", "t", "tab", "t", "br"]


def test_blanks_at_the_ends_of_a_text_are_kept() -> None:
    texts = found(_file(" a ", strong(" b ")).main, "//w:sdtContent//w:t")
    assert all(one.get("{http://www.w3.org/XML/1998/namespace}space") == "preserve" for one in texts)
    assert [one.text for one in texts] == [" a ", " b "]


def test_signs_of_markup_in_any_text_are_words() -> None:
    signs = '<w:p> & "it\'s" ]]> &amp;'
    document = replace(
        seed(), blocks=(headline(signs), paragraph(1, signs, link("https://e.org/?<&\">'", signs)))
    )
    head = replace(document.head, title=signs, office=signs, running_title=signs, summary=signs)
    head = replace(head, masthead=replace(head.masthead, issuer=signs, reference=signs), slug="a-&-b")
    file = WordFile(write_docx(replace(document, head=head), theme()))
    assert file.text().count(signs) == 5
    for part in ("word/header1.xml", "word/footer1.xml", "docProps/core.xml", "customXml/item1.xml"):
        assert file.xml(part) is not None
