from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from presskit.document.nodes import Block, Document, Figure, Inline, Item, List, Notice, Text
from presskit.writers.text import write_text
from tests.documents import (
    HEAD,
    french,
    hard,
    headline,
    items,
    link,
    listed,
    paragraph,
    picture,
    seed,
    table,
    theme,
    words,
)
from tests.writers.reading import wide

DOCUMENTS = {"seed": seed(), **hard()}


def text_of(document: Document) -> str:
    return write_text(document, theme()).decode()


def body(*blocks: Block, language: str = "en-CA") -> str:
    """Return what is written of the blocks, below masthead and headline."""
    head = replace(HEAD, language=language)
    return text_of(Document(head, (headline("The headline"), *blocks))).split("The headline\n\n")[1]


def said(*parts: str | Inline) -> str:
    return body(paragraph(1, *parts))


@pytest.mark.parametrize("name", ["seed", "everything", "french", "long_table"])
def test_the_text_is_the_one_looked_at(name: str, golden: Callable[[str, str], None]) -> None:
    golden(f"{name}.txt", text_of(DOCUMENTS[name]))


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_line_has_at_most_72_columns_and_no_space_at_its_end(name: str) -> None:
    lines = text_of(DOCUMENTS[name]).split("\n")
    assert len(lines) > 5
    assert [line for line in lines if wide(line) > 72 or line != line.rstrip()] == []


@pytest.mark.parametrize("name", DOCUMENTS)
def test_it_holds_nothing_a_wire_stumbles_over(name: str) -> None:
    text = text_of(DOCUMENTS[name])
    assert set(text) & set("\r\t\u00a0\u00ad\u200b\u202f\ufeff") == set()
    assert text.endswith("\n") and not text.endswith("\n\n")
    assert "\n\n\n" not in text


def test_the_masthead_comes_first_a_line_each() -> None:
    assert text_of(seed()).startswith(
        "Provincial Human Trafficking Intelligence-Led Joint Forces Strategy\n"
        "NEWS RELEASE\n"
        "July 30, 2025\n"
        "No. 2025-14\n\n"
        "FOR IMMEDIATE RELEASE\n\n"
    )


def test_the_masthead_is_as_clean_as_the_text() -> None:
    mast = replace(HEAD.masthead, issuer="Traf\u00adfic\u2028Office\u202fX\u200b")
    assert text_of(Document(replace(HEAD, masthead=mast), ())).startswith("Traffic Office X\nNEWS")


def test_a_reference_that_is_not_there_leaves_no_line() -> None:
    assert text_of(hard()["minimal"]).split("\n")[2:4] == ["July 30, 2025", ""]


@pytest.mark.parametrize("space", ["\u00a0", "\u202f", "\u2007"])
def test_no_line_ends_inside_a_no_break_space(space: str) -> None:
    lines = said(*[f"12{space}000{space}heures, " for _ in range(40)]).strip().split("\n")
    assert len(lines) > 5
    for line in lines:
        assert line.replace("12 000 heures,", "").strip() == ""


def test_a_line_may_end_at_every_other_space() -> None:
    assert said("word\u2009" * 16) == "word " * 13 + "word\nword word\n"


def test_lines_are_filled_as_far_as_they_go() -> None:
    assert said("x " * 36 + "y") == "x " * 35 + "x\ny\n"
    assert said("x" * 72, " y") == "x" * 72 + "\ny\n"


def test_a_word_longer_than_a_line_is_cut_and_nothing_is_lost() -> None:
    word = "".join(map(str, range(100)))
    lines = said("Before ", word, " after.").strip().split("\n")
    assert [len(line) for line in lines[:3]] == [6, 72, 72]
    assert "".join(lines).replace("Before", "").replace(" after.", "") == word


def test_wide_characters_take_two_columns() -> None:
    first, second = said("月" * 40).strip().split("\n")
    assert (len(first), len(second)) == (36, 4)


def test_an_accent_stays_with_its_letter_where_a_word_is_cut() -> None:
    first, second = said("e\u0301" * 80).strip().split("\n")
    assert (first, second) == ("e\u0301" * 72, "e\u0301" * 8)


def test_soft_hyphens_and_zero_width_spaces_are_dropped() -> None:
    assert said("traf\u00adfick\u200bing\u2060") == "trafficking\n"


def test_a_line_end_that_is_meant_ends_the_line() -> None:
    everything = text_of(hard()["everything"])
    assert "a line end\nthat is meant" in everything


@pytest.mark.parametrize(
    ("url", "label"),
    [
        ("https://example.org/a", "https://example.org/a"),
        ("https://example.org/", "https://example.org"),
        ("https://example.org/", "example.org"),
        ("mailto:media@example.org", "media@example.org"),
        ("mailto:media@example.org?subject=Release", "media@example.org"),
        ("tel:+17055551234", "705-555-1234"),
        ("tel:7055551234;ext=55", "705-555-1234, ext. 55"),
    ],
)
def test_an_address_that_the_words_say_is_not_said_again(url: str, label: str) -> None:
    assert said("See ", link(url, label), ".") == f"See {label}.\n"


@pytest.mark.parametrize(
    ("url", "label"),
    [
        ("https://example.org/a", "https://example.org/b"),
        ("https://example.org/a", "example.org"),
        ("mailto:media@example.org", "write to us"),
        ("tel:+17055551234", "call us"),
        ("tel:+17055551234", "705-555-9999"),
    ],
)
def test_an_address_that_the_words_do_not_say_stands_after_them(url: str, label: str) -> None:
    assert said("See ", link(url, label), ".") == f"See {label} <{url}>.\n"


def test_numbers_are_aligned_at_the_right_and_lines_hang() -> None:
    long = "word " * 20
    text = body(listed("list", *(["short"] * 9), long, ordered=True))
    lines = text.strip("\n").split("\n")
    assert lines[0] == " 1. short"
    assert lines[9].startswith("10. word")
    assert lines[10].startswith("    word")


def test_every_list_starts_at_1() -> None:
    text = text_of(hard()["three_ordered_lists"])
    assert [line for line in text.split("\n") if "Entry 1 of" in line] == [
        "1. Entry 1 of list 1",
        " 1. Entry 1 of list 2",
        "  1. Entry 1 of list 3",
    ]


def test_a_list_under_an_entry_stands_under_its_words() -> None:
    assert (
        "- first level, with a list under it\n  - second level, with a list under it\n    1. third level"
        in (text_of(hard()["everything"]))
    )


def test_however_deep_lists_go_there_is_room_for_words() -> None:
    found: List | None = None
    for depth in range(60):
        found = List(f"list-{depth}", "body[0]", False, (Item(f"i{depth}", "", words("word " * 9), found),))
    assert found is not None
    lines = body(found).split("\n")
    assert max(map(len, lines)) <= 72
    assert " ".join(lines).split().count("word") == 9 * 60


def test_a_table_stands_in_columns_where_they_fit() -> None:
    assert body(table("Charges", ["Offence", "No."], ["Luring", "12"], ["Procuring", "7\u00a0%"])) == (
        "Charges\n\nOffence    No.\n---------  ---\nLuring     12\nProcuring  7 %\n"
    )


def test_a_table_of_exactly_72_columns_still_fits() -> None:
    fits = body(table("", ["A", "B"], ["x" * 35, "y" * 35]))
    assert fits.split("\n")[2] == "x" * 35 + "  " + "y" * 35
    assert "B: y" in body(table("", ["A", "B"], ["x" * 35, "y" * 36]))


def test_a_table_too_wide_for_columns_says_header_and_value_row_by_row() -> None:
    one, other = "x" * 50, "y" * 30
    assert body(table("Charges", ["Offence", "No."], [one, other], ["Luring", ""])) == (
        f"Charges\n\nOffence: {one}\nNo.: {other}\n\nOffence: Luring\nNo.:\n"
    )


def test_a_row_without_words_does_not_end_a_table() -> None:
    assert body(table("", ["A", "B"], ["", ""], ["a", "b"])) == "A  B\n-  -\na  b\n"


def test_wide_characters_keep_a_table_s_columns_straight() -> None:
    assert body(table("", ["月月", "B"], ["a", "b"])) == "月月  B\n----  -\na     b\n"


def test_a_picture_is_told_by_its_alternative_text() -> None:
    image = picture("image/png")
    figure = Figure("photo", "body[0]", image, "A ramp", words("A caption."), words("Photo: X"))
    assert body(figure) == "[Picture: A ramp]\nA caption.\nPhoto: X\n"


def test_a_colon_after_a_label_is_set_as_the_language_sets_it() -> None:
    long = table("", ["Infraction", "Nombre"], ["x" * 70, "12"])
    assert "Nombre : 12\n" in body(long, language="fr-CA")


def test_a_page_break_leaves_nothing() -> None:
    text = text_of(hard()["page_breaks"])
    assert text_of(replace(hard()["page_breaks"], blocks=_without_breaks())) == text


def _without_breaks() -> tuple[Block, ...]:
    kept = tuple(b for b in hard()["page_breaks"].blocks if type(b).__name__ != "PageBreak")
    assert 2 < len(kept) < len(hard()["page_breaks"].blocks)
    return kept


def test_words_keep_their_capitals() -> None:
    notice = Notice("notice", "issued", "immediate", words("Pour publication ", french("immédiate")))
    assert body(notice) == "Pour publication immédiate\n"


def test_an_entry_without_words_keeps_its_number() -> None:
    empty = items("list", Item("", "", (Text("\u00a0"),)), "two")
    assert body(List("list", "body[0]", True, empty)) == "1.\n2. two\n"
