from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from presskit.document.nodes import Block
from presskit.writers.docx import write_docx
from tests.documents import agencies, hard, listed, paragraph, seed, theme, under, words
from tests.writers.docx import anatomy
from tests.writers.docx.anatomy import Element, WordFile, found, name, value, values

NUMBERING = "word/numbering.xml"
SIGNS = {"decimal": "1", "lowerLetter": "a", "lowerRoman": "i", "bullet": "•", "none": ""}


def _with(*parts: Block, slug: str = "a-release") -> WordFile:
    document = replace(seed(), blocks=parts)
    return WordFile(write_docx(replace(document, head=replace(document.head, slug=slug)), theme()))


def _entries(file: WordFile) -> Iterator[tuple[str, int, int]]:
    """Each entry's words, its list's number and its level, by its own properties or else its style's."""
    for one in file.paragraphs():
        style = file.styles_by_id[str(value(one, "w:pPr/w:pStyle"))]
        facts = found(one, "w:pPr/w:numPr") or found(style, "w:pPr/w:numPr")
        if facts:
            level, number = value(facts[0], "w:ilvl") or "0", value(facts[0], "w:numId")
            yield anatomy.words(one), int(number or 0), int(level)


def _level(file: WordFile, number: int, level: int) -> Element:
    root = file.xml(NUMBERING)
    (num,) = found(root, f"w:num[@w:numId='{number}']")
    abstract = value(num, "w:abstractNumId")
    (one,) = found(root, f"w:abstractNum[@w:abstractNumId='{abstract}']/w:lvl[@w:ilvl='{level}']")
    return one


def test_every_ordered_list_has_a_definition_and_a_number_of_its_own_that_start_at_one() -> None:
    file = WordFile(write_docx(hard()["three_ordered_lists"], theme()))
    numbers = {text.split(" of ")[1]: number for text, number, _ in _entries(file)}
    assert len(set(numbers.values())) == 3
    root = file.xml(NUMBERING)
    for number in numbers.values():
        assert value(root, f"w:num[@w:numId='{number}']/w:abstractNumId") == str(number)
        assert value(root, f"w:num[@w:numId='{number}']/w:lvlOverride/w:startOverride") == "1"
    shared = values(root, "w:num/w:abstractNumId")
    assert len(shared) == len(set(shared)) == 9


def test_definitions_come_before_numbers_and_are_all_different() -> None:
    root = WordFile(write_docx(hard()["three_ordered_lists"], theme())).xml(NUMBERING)
    kinds = [str(one.tag) for one in root]
    assert kinds == sorted(kinds, key=lambda tag: tag != name("w:abstractNum"))
    for path in ("w:abstractNum/w:nsid", "w:abstractNum/w:tmpl"):
        marks = values(root, path)
        assert len(set(marks)) == len(marks) == 9


def test_the_same_list_in_two_releases_is_two_lists_when_one_is_pasted_into_the_other() -> None:
    files = [_with(listed("l", "a", ordered=True), slug=slug) for slug in ("one", "two")]
    own = [values(file.xml(NUMBERING), "w:abstractNum/w:nsid")[-1] for file in files]
    assert own[0] != own[1]


def test_a_list_in_a_list_is_a_level_of_it() -> None:
    inner = listed("l.1.list", "i", "ii", ordered=True)
    file = _with(
        listed("l", under("1", listed("x", under("a", inner), "b", ordered=True)), "2", ordered=True)
    )
    entries = list(_entries(file))
    assert [(text, level) for text, _, level in entries] == [
        *(("1", 0), ("a", 1), ("i", 2), ("ii", 2), ("b", 1), ("2", 0))
    ]
    assert len({number for _, number, _ in entries}) == 1
    said = [SIGNS[str(value(_level(file, number, level), "w:numFmt"))] for _, number, level in entries]
    assert said == ["1", "a", "i", "i", "a", "1"]


def test_numbers_under_bullets_are_a_list_of_their_own_and_start_at_one() -> None:
    steps = [under(text, listed(f"l.{text}", "first", "second", ordered=True)) for text in ("x", "y")]
    file = _with(listed("l", *steps))
    numbers = [number for text, number, level in _entries(file) if text == "first"]
    assert len(set(numbers)) == 2
    for number in numbers:
        (override,) = found(file.xml(NUMBERING), f"w:num[@w:numId='{number}']/w:lvlOverride")
        assert override.get(name("w:ilvl")) == "1"


def test_bullets_are_in_the_styles() -> None:
    file = _with(listed("l", "one", under("two", listed("l.2.list", "deeper"))))
    assert found(file.main, "//w:numPr") == []
    assert [(text, level) for text, _, level in _entries(file)] == [("one", 0), ("two", 0), ("deeper", 1)]


def test_bullets_deeper_than_styles_go_still_stand_deeper() -> None:
    deep = listed("d", under("1", listed("e", under("2", listed("f", under("3", listed("g", "4")))))))
    assert [level for _, _, level in _entries(_with(deep))] == [0, 1, 2, 3]


def test_a_list_deeper_than_word_goes_stays_on_its_last_level() -> None:
    deep = listed("l0", "last", ordered=True)
    for number in range(1, 12):
        deep = listed(f"l{number}", under(str(number), deep), ordered=True)
    assert [level for _, _, level in _entries(_with(deep))] == [0, 1, 2, 3, 4, 5, 6, 7, 8, 8, 8, 8]


def test_numbers_end_in_line_and_leave_room_for_the_highest() -> None:
    lists = [listed(f"l{length}", *map(str, range(length)), ordered=True) for length in (9, 10, 100)]
    file = _with(*lists)
    numbers = sorted({number for _, number, _ in _entries(file)})
    first_levels = [_level(file, number, 0) for number in numbers]
    assert {value(one, "w:lvlJc") for one in first_levels} == {"right"}
    rooms = [int(value(one, "w:pPr/w:ind", "w:left") or 0) for one in first_levels]
    assert rooms == sorted(set(rooms))


def test_unmarked_agencies_are_a_list_too() -> None:
    file = _with(agencies("agencies.1", "body[0]", "columns", {"a": "Agency A", "b": "Agency B"}))
    entries = list(_entries(file))
    assert [text for text, _, _ in entries] == ["Agency A", "Agency B"]
    assert value(_level(file, entries[0][1], 0), "w:numFmt") == "none"


def test_lists_in_small_sections_are_small_lists() -> None:
    file = WordFile(write_docx(hard()["everything"], theme()))
    (one,) = [number for text, number, _ in _entries(file) if text == "two"]
    assert file.style_of(file.paragraph("step two")) == "List Number"
    small = int(value(_level(file, one, 0), "w:pPr/w:ind", "w:left") or 0)
    (other,) = [number for text, number, _ in _entries(file) if text == "step two"]
    assert small < int(value(_level(file, other, 0), "w:pPr/w:ind", "w:left") or 0)


def test_a_list_right_after_a_list_stands_apart() -> None:
    file = _with(listed("l", "a", "b"), listed("m", "c", "d", ordered=True), paragraph(3, "after"))
    apart = [anatomy.words(one) for one in found(file.main, "//w:p[w:pPr/w:spacing]")]
    assert apart == ["b"]


def test_a_style_and_its_level_refer_to_each_other() -> None:
    file = _with(paragraph(1, "x"))
    root = file.xml(NUMBERING)
    pairs = 0
    for key, style in file.styles_by_id.items():
        number = value(style, "w:pPr/w:numPr/w:numId")
        if number is not None:
            level = value(style, "w:pPr/w:numPr/w:ilvl") or "0"
            assert value(_level(file, int(number), int(level)), "w:pStyle") == key
            pairs += 1
    assert pairs == len(values(root, "w:abstractNum/w:lvl/w:pStyle")) == 10


def test_an_intro_is_kept_with_its_list() -> None:
    listing = replace(agencies("agencies.1", "body[0]", "bulleted", {"a": "A"}), intro=words("They are:"))
    file = _with(listing)
    assert file.style_of(file.paragraph("They are:")) == "List Intro"
    assert found(_style := file.styles["list intro"], "w:pPr/w:keepNext") != []
    assert value(_style, "w:basedOn") == "BodyText"
