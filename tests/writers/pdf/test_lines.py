from __future__ import annotations

import random
import re

import pytest

from presskit.writers.pdf.faces import LONG_WORD, Face, MissingGlyph
from presskit.writers.pdf.fontfile import TOKEN, Subset
from presskit.writers.pdf.fonts import FAMILIES, Family, cover, lacking
from presskit.writers.pdf.lines import Broken, balanced_measure, break_lines
from tests.documents import seed, theme

SERIF = Family(theme(), "text").face()
LEAD = seed().head.summary


def lines_of(text: str, measure: float, language: str | None = None, justify: bool = False) -> Broken:
    return break_lines(((SERIF, text),), measure, language, justify)


def widths(broken: Broken) -> list[float]:
    return [line[-1].x + line[-1].width for line in broken.lines]


@pytest.mark.parametrize("role", ["text", "display"])
@pytest.mark.parametrize(("bold", "italic"), [(False, False), (True, False), (False, True), (True, True)])
def test_words_shaped_together_are_as_those_shaped_alone(role: str, bold: bool, italic: bool) -> None:
    rng = random.Random(1)
    words = sorted(set(re.findall("[A-Za-z]+", LEAD)))
    words += ["".join(rng.choice("fijlTtrAVWyaeo") for _ in range(rng.randint(1, 9))) for _ in range(500)]
    together = Family(theme(), role).face(bold=bold, italic=italic)
    alone = Family(theme(), role).face(bold=bold, italic=italic)
    many = together.pieces(words, None)
    assert [piece.end for piece in many] == pytest.approx([alone.run(word)[0] for word in words])
    assert [piece.code for piece in many] == [alone.run(word)[1] + alone.space[1] for word in words]


def test_lines_are_chosen_together_so_that_their_ends_are_even() -> None:
    broken = lines_of(LEAD, 30_000)
    full = widths(broken)[:-1]
    assert len(full) > 3
    assert max(full) <= 30_000
    assert min(full) > 0.75 * 30_000


def test_no_word_stands_alone_on_a_last_line_where_that_can_be_helped() -> None:
    for measure in range(20_000, 40_000, 500):
        last = lines_of(LEAD, measure).lines[-1]
        assert last[-1].width > SERIF.run("Ontario.")[0]


def test_a_headline_gets_lines_of_even_length_and_no_more_of_them() -> None:
    text = "A headline of some words that would leave one"
    whole = lines_of(text, 18_500)
    even = lines_of(text, balanced_measure(((SERIF, text),), 18_500))
    assert len(even.lines) == len(whole.lines) == 2
    assert max(widths(even)) - min(widths(even)) < max(widths(whole)) - min(widths(whole))


def test_justified_lines_fill_the_measure_and_the_last_does_not() -> None:
    broken = lines_of(LEAD, 30_000, justify=True)
    assert widths(broken)[:-1] == pytest.approx([30_000] * (len(broken.lines) - 1))
    assert widths(broken)[-1] < 30_000


def test_a_hyphen_at_a_line_end_is_drawn_and_read_as_a_soft_one() -> None:
    broken = lines_of("responsibilities " * 12, 12_500, language="en-CA")
    ends = [line[-1].code for line in broken.lines[:-1]]
    assert [code for code in ends if code.endswith(SERIF.hyphen[1])]
    assert SERIF.hyphen[1].count("00ad") == 1


def test_a_typed_soft_hyphen_breaks_only_where_it_stands_and_says_nothing_elsewhere() -> None:
    wide, narrow = lines_of("soft\u00adhyphen", 40_000), lines_of("soft\u00adhyphen", 3_300)
    assert len(wide.lines) == 1
    assert "00ad" not in wide.lines[0][0].code
    assert len(narrow.lines) == 2
    assert narrow.lines[0][0].code.endswith(SERIF.hyphen[1])


def test_a_word_longer_than_the_measure_is_broken_rather_than_cut_off() -> None:
    for text in ("x" * 300, "W" * (LONG_WORD - 1), f"before {'y' * 80} after"):
        broken = lines_of(text, 9_000)
        assert max(widths(broken)) <= 9_000.01


def test_a_no_break_space_and_hyphen_hold_their_line_together() -> None:
    text = "aaaa 165\u00a0charges no\u2011break"
    for measure in range(4_000, 12_000, 250):
        codes = ["".join(part.code for part in line) for line in lines_of(text, measure).lines]
        if max(widths(lines_of(text, measure))) <= measure and measure > 6_500:
            joined = SERIF.run("165\u00a0charges")[1]
            assert any(joined in code for code in codes)


def test_a_break_ends_a_line_and_runs_keep_their_numbers() -> None:
    bold = Family(theme(), "text").face(bold=True)
    broken = break_lines(((SERIF, "one"), (bold, "\n"), (SERIF, "two "), (bold, "three")), 40_000)
    assert [[part.run for part in line] for line in broken.lines] == [[0], [2, 3]]
    assert len(broken.rare) == 4


def test_a_token_of_one_file_is_resolved_by_that_file_alone() -> None:
    subset = Subset(SERIF, "T0")
    code = SERIF.run("-", ["\u00ad"])[1]
    assert TOKEN.search(code)
    assert not TOKEN.search(subset.resolved(code))


def test_characters_are_sent_to_the_face_that_has_them() -> None:
    parts = cover("See ᐃᓄᒃ here", SERIF, theme())
    assert [(face.name.split("-")[0], text) for face, text in parts] == [
        ("SourceSerif4", "See "),
        ("NotoSansCanadianAboriginal", "ᐃᓄᒃ"),
        ("SourceSerif4", " here"),
    ]


@pytest.mark.parametrize(
    ("text", "missing"),
    [
        ("plain", []),
        ("ᐃᓄᒃ", []),
        ("漢字", ["漢", "字"]),
        ("x\u0304", ["\u0304"]),
        ("a😀b", ["😀"]),
        ("‑", []),
    ],
)
def test_what_can_not_be_set_is_named(text: str, missing: list[str]) -> None:
    assert lacking(text, SERIF, theme()) == missing


def test_a_character_without_glyph_never_becomes_an_empty_box() -> None:
    with pytest.raises(MissingGlyph):
        SERIF.run("漢")


def test_every_variable_axis_has_to_be_pinned() -> None:
    from importlib.resources import files

    cut = FAMILIES["Source Sans 3"]["Regular"]
    data = (files(cut.package) / "files" / cut.file).read_bytes()
    with pytest.raises(ValueError, match="wght"):
        Face(data, "Open", {})
