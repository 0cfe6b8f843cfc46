from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from presskit.compose.typography import Style, speech_marks, style_for, typeset, typeset_runs, typeset_speech

ENGLISH, QUEBEC, FRANCE = style_for("en-CA"), style_for("fr-CA"), style_for("fr-FR")


def shown(text: str) -> str:
    """No-break spaces made visible: _ for U+00A0, ^ for U+202F."""
    return text.replace("\u00a0", "_").replace("\u202f", "^")


@pytest.mark.parametrize(
    ("typed", "set_"),
    [
        # marks
        ('He said "stop" and "go".', "He said “stop” and “go”."),
        ('("Stop!")', "(“Stop!”)"),
        ("\"'Hi,' he said\"", "“‘Hi,’ he said”"),
        ("the office's word, James' dog, O'Neill", "the office’s word, James’ dog, O’Neill"),
        ("'tis the '90s, rock 'n' roll", "’tis the ’90s, rock ’n’ roll"),
        ("a 'quoted' word and another's", "a ‘quoted’ word and another’s"),
        ("6'2\" tall", "6′2″ tall"),
        ("6' 2\" tall", "6′ 2″ tall"),
        ('a 6" pipe', "a 6″ pipe"),
        ('a 12"x14" photo', "a 12″x14″ photo"),
        ('“It measures 6" or so', "“It measures 6” or so"),
        ('He said "meet at 6" today', "He said “meet at 6” today"),
        ("COVID-19 infection", "COVID-19 infection"),
        ("Type 2 diabetes of 80 people", "Type 2_diabetes of 80_people"),
        ("“typed” ‘so’ – and…", "“typed” ‘so’ – and…"),
        # dashes
        ("1990--2000, and---so... no....", "1990–2000, and—so… no...."),
        ("-30-, -- and ----", "-30-, – and ----"),
        # addresses
        ("see https://a.ca/b--c...d?e='f' -- or a--b@c.ca", "see https://a.ca/b--c...d?e='f' – or a--b@c.ca"),
        # numbers
        ("80 individuals and 165 Criminal Code offences", "80_individuals and 165_Criminal Code offences"),
        ("18 of 20, 12 and 13, in 2025 the", "18 of 20, 12 and 13, in 2025 the"),
        (
            "2,000 people, $5 million, 5 km, 5 %, 3rd Avenue",
            "2,000_people, $5_million, 5_km, 5_%, 3rd Avenue",
        ),
        ("It was 12. Then", "It was 12. Then"),
        # days
        ("on July 30 each year; March 6, 2020, the", "on July_30 each year; March_6, 2020, the"),
        ("Sept. 3 and Dec 5 and May 10", "Sept._3 and Dec_5 and May_10"),
        # names
        ("Det. Insp. Dusto and Staff Sgt. Lee", "Det._Insp._Dusto and Staff Sgt._Lee"),
        (
            "Dr. J. R. Smith, George W. Bush, J.R.R. Tolkien",
            "Dr._J._R._Smith, George W._Bush, J.R.R._Tolkien",
        ),
        (
            "Mr Roy, St. Thomas, in St. John's",
            "Mr_Roy, St._Thomas, in St._John’s".replace(", St._T", ", St. T"),
        ),
        ("St. Thomas", "St._Thomas"),
        # not across the end of a sentence
        ("on Main St. Police came", "on Main St. Police came"),
        ("Plan B. Police came. Vitamin C. It", "Plan B. Police came. Vitamin C. It"),
        ("said the Sgt. The man", "said the Sgt. The man"),
        ("in the U.S. Attorneys say", "in the U.S. Attorneys say"),
        # references
        ("p. 4, pp. 4–5, No. 5, s. 12", "p._4, pp._4–5, No._5, s._12"),
        # nothing to do
        ("Durham Regional Police Service", "Durham Regional Police Service"),
        ("", ""),
    ],
)
def test_english_text_is_set_as_english(typed: str, set_: str) -> None:
    assert shown(typeset(typed, ENGLISH)) == set_


@pytest.mark.parametrize(
    ("typed", "canada", "france"),
    [
        ('Il a dit "oui" et «non».', "Il a dit «_oui_» et «_non_».", "Il a dit «_oui_» et «_non_»."),
        ("« ça va »", "«_ça va_»", "«_ça va_»"),
        ("«\u00a0ça va\u00a0»", "«_ça va_»", "«_ça va_»"),
        ("l'an d'or et 'mot'", "l’an d’or et “mot”", "l’an d’or et “mot”"),
        ("Quoi ? Non! Oui ; si; bon…", "Quoi? Non! Oui; si; bon…", "Quoi^? Non^! Oui^; si^; bon…"),
        ("Voir: ceci : cela", "Voir_: ceci_: cela", "Voir_: ceci_: cela"),
        ("à 9:30, https://a.fr/b:c;d", "à 9:30, https://a.fr/b:c;d", "à 9:30, https://a.fr/b:c;d"),
        ("12 000 personnes, 1 234 567", "12_000_personnes, 1_234_567", "12_000_personnes, 1_234_567"),
        ("5%, 5 %, 5$, 5 $ et 5 km", "5_%, 5_%, 5_$, 5_$ et 5_km", "5_%, 5_%, 5_$, 5_$ et 5_km"),
        (
            "le 30 juillet 2025, le 1er juin",
            "le 30_juillet 2025, le 1er_juin",
            "le 30_juillet 2025, le 1er_juin",
        ),
        ("à 9 h, à 9 h 30", "à 9_h, à 9_h_30", "à 9_h, à 9_h_30"),
        ("5 à 7, en 2025 la", "5 à 7, en 2025 la", "5 à 7, en 2025 la"),
        ("M. Roy, Mme Roy, J. Roy", "M._Roy, Mme_Roy, J._Roy", "M._Roy, Mme_Roy, J._Roy"),
        ("no 5, n° 5, p. 4, art. 3", "no_5, n°_5, p._4, art._3", "no_5, n°_5, p._4, art._3"),
        ("fin -- suite... 5 % ;", "fin – suite… 5_%;", "fin – suite… 5_%^;"),
    ],
)
def test_french_text_is_set_as_in_canada_or_as_in_france(typed: str, canada: str, france: str) -> None:
    assert (shown(typeset(typed, QUEBEC)), shown(typeset(typed, FRANCE))) == (canada, france)


@pytest.mark.parametrize(
    ("language", "set_"),
    [("es", "«Hola», 5_%"), ("de", "„Hola“, 5_%"), ("vi", "“Hola”, 5_%"), ("iu-Cans", "“Hola”, 5_%")],
)
def test_other_languages_get_their_marks(language: str, set_: str) -> None:
    assert shown(typeset('"Hola", 5 %', style_for(language))) == set_


def test_the_wording_of_a_pack_decides_about_its_marks() -> None:
    assert typeset('"a"', Style("en", ("<", ">"), ("[", "]"))) == "<a>"


@pytest.mark.parametrize("style", [ENGLISH, QUEBEC, FRANCE])
@given(st.text(st.sampled_from("ab1 '\".-:;!?«»“”M$%/@") | st.characters(codec="utf-8"), max_size=80))
def test_what_is_set_is_not_changed_by_setting_it_again_and_no_word_is_lost(style: Style, text: str) -> None:
    def letters(of: str) -> str:
        return "".join(c for c in of if c.isalnum())

    once = typeset(text, style)
    assert letters(once) == letters(text)
    assert typeset(once, style) == once


@given(st.lists(st.text(st.sampled_from("ab1 '\".-:J"), max_size=8), min_size=1, max_size=6))
def test_a_passage_is_set_the_same_however_it_is_cut_into_runs(runs: list[str]) -> None:
    for style in (ENGLISH, FRANCE):
        assert "".join(typeset_runs(runs, style)) == typeset("".join(runs), style)


def test_rules_look_across_the_ends_of_runs() -> None:
    assert typeset_runs(['He said "', "stop", '" on July ', "30", " to 5 ", "men"], ENGLISH) == [
        "He said “",
        "stop",
        "” on July\u00a0",
        "30",
        " to 5\u00a0",
        "men",
    ]


@pytest.mark.parametrize(
    ("typed", "spoken"),
    [
        (["All of it."], ["All of it."]),
        (['"All of it."'], ["All of it."]),
        (["“All of it.”"], ["All of it."]),
        (["« All of it. »"], ["All of it."]),
        (["“One.", "“Two.”"], ["One.", "Two."]),
        (["One.", "Two.”"], ["One.", "Two.’"]),
        (['"Stop" is what he said, and "now"'], ["‘Stop’ is what he said, and ‘now’"]),
        (["He said “go” now"], ["He said ‘go’ now"]),
        (["“He said ‘go’ now.”"], ["He said ‘go’ now."]),
        (["“He said “go” now.”"], ["He said ‘go’ now."]),
        (["“", "x”"], ["“".replace("“", "‘"), "x’"]),
    ],
)
def test_marks_around_a_whole_speech_are_taken_off_and_those_within_are_inner_ones(
    typed: list[str], spoken: list[str]
) -> None:
    set_ = typeset_speech([[paragraph] for paragraph in typed], ENGLISH, ENGLISH)
    assert ["".join(runs) for runs in set_] == spoken


def test_speech_in_another_language_gets_inner_marks_only_where_it_has_the_outer_ones() -> None:
    assert typeset_speech([['Il a dit "oui" et “non”.']], QUEBEC, ENGLISH) == [
        ["Il a dit «\u00a0oui\u00a0» et ‘non’."]
    ]


def test_each_paragraph_of_a_speech_opens_with_a_mark_and_the_last_closes_with_one() -> None:
    assert [speech_marks(i, 3, ENGLISH) for i in range(3)] == [("“", ""), ("“", ""), ("“", "”")]


@pytest.mark.parametrize(
    "unit", ["'a ", '"', "'", "a", "a@b.ca 5 km ", "1 ", "A. ", ".", "-", "www.'a ", "1.", " «", ": ", "5% "]
)
def test_the_longest_paragraph_is_set_whatever_it_holds(unit: str) -> None:
    text = "@ " + unit * (49_000 // len(unit))  # a pattern that backtracks would need minutes
    for style in (ENGLISH, FRANCE):
        (set_,) = typeset_runs([text], style)
        assert [c for c in set_ if c.isalnum()] == [c for c in text if c.isalnum()]
