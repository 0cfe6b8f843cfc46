from __future__ import annotations

import random
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from presskit.archive.differences import Change, differences, unified
from presskit.signoff.canon import Value, canonical
from tests.archive.samples import Sample

CLINIC = Sample()


def between(old: Sample, new: Sample) -> dict[str, Change]:
    found = differences(old.files(), new.files())
    assert len({change.what for change in found}) == len(found)
    return {change.what: change for change in found}


def text(words: str) -> dict[str, bytes]:
    return {"kit/clinic.txt": words.encode()}


def quoted(**fields: Value) -> dict[str, bytes]:
    block: dict[str, Value] = {"id": "quote.mayor", "type": "quote", **fields}
    return {
        "words/quote.mayor@en-CA.json": canonical(
            {"presskit": 1, "kit": "x", "lang": "en-CA", "block": block}
        )
    }


def test_a_version_does_not_differ_from_itself() -> None:
    assert differences(CLINIC.files(), CLINIC.files()) == ()
    assert unified(()) == ""


def test_a_changed_quote_is_told_once_word_by_word() -> None:
    new = replace(CLINIC, words=("Nobody should ever choose between rent and a doctor.",))
    assert between(CLINIC, new) == {
        "quote rivers": Change(
            "quote rivers",
            "changed",
            "Nobody should have to choose between rent and a doctor.",
            "Nobody should ever choose between rent and a doctor.",
            (
                ("same", "Nobody should "),
                ("removed", "have to "),
                ("added", "ever "),
                ("same", "choose between rent and a doctor."),
            ),
        )
    }


def test_a_changed_headline_and_number_are_fields() -> None:
    found = between(CLINIC, replace(CLINIC, headline="City opens a free clinic", reference="2026-15"))
    assert list(found) == ["headline", "reference", "text"]
    assert found["text"].old == "NEWS RELEASE No. 2026-14"
    assert found["reference"].pieces == (("removed", "2026-14 "), ("added", "2026-15"))


def test_an_agencys_new_name_is_told_as_a_mention() -> None:
    found = between(CLINIC, replace(CLINIC, agency="Orillia Fire Service"))
    assert {what: (change.kind, change.new) for what, change in found.items()} == {
        "mention fire name": ("changed", "Orillia Fire Service")
    }


def test_fields_come_first_then_quotes_then_mentions_then_text() -> None:
    new = replace(CLINIC, headline="New", text="Other.", words=("No.",), agency="Orillia Fire Service")
    told = [change.what for change in differences(CLINIC.files(), new.files())]
    assert list(dict.fromkeys(told)) == ["headline", "quote rivers", "mention fire name", "text"]


def test_a_paragraph_of_a_quote_and_its_speaker_is_not_told_twice() -> None:
    speaker: Value = {"name": "Sam Rivers", "title": "Rivers"}
    old = quoted(words=["Yes."], speaker=speaker) | text("“Yes.”\n– Sam Rivers, Rivers")
    new = quoted(words=["No."], speaker=speaker) | text("“No.”\n– Sam Rivers, Rivers")
    assert [change.what for change in differences(old, new)] == ["quote mayor"]


def test_a_new_quote_is_added_and_one_that_is_gone_removed() -> None:
    old, new = (
        quoted(words=["Yes."]),
        quoted(words=["Yes.", "And no."], speaker={"name": "Sam", "title": "Mayor"}),
    )
    assert [(c.what, c.kind, c.old, c.new) for c in differences({}, old)] == [
        ("quote mayor", "added", "", "Yes.")
    ]
    assert [(c.what, c.kind, c.old, c.new) for c in differences(old, {})] == [
        ("quote mayor", "removed", "Yes.", "")
    ]
    assert [(c.what, c.kind) for c in differences(old, new)] == [
        ("quote mayor", "changed"),
        ("quote mayor name", "added"),
        ("quote mayor title", "added"),
    ]


def test_a_translated_quote_is_named_by_its_language() -> None:
    french = {"words/quote.mayor@fr-CA.json": quoted(words=["Oui."])["words/quote.mayor@en-CA.json"]}
    facts = {"version.json": b'{"language":"en-CA"}'}
    assert [c.what for c in differences(facts, facts | french)] == ["quote mayor (fr-CA)"]
    assert [c.what for c in differences(facts, facts | quoted(words=["Oui."]))] == ["quote mayor"]


def test_paragraphs_are_compared_one_by_one() -> None:
    old = text("One two three.\n\nThe clinic opens\non Monday at nine.\n\nLast words.\n")
    new = text("One two three.\n\nA paragraph that is new here.\n\nThe clinic opens on\nTuesday at nine.\n")
    assert [(c.kind, c.old, c.new) for c in differences(old, new)] == [
        ("added", "", "A paragraph that is new here."),
        ("changed", "The clinic opens on Monday at nine.", "The clinic opens on Tuesday at nine."),
        ("removed", "Last words.", ""),
    ]


def test_another_line_break_is_no_change() -> None:
    assert differences(text("One two\nthree.\n"), text("One two  three.")) == ()


def test_a_list_is_compared_line_by_line() -> None:
    old, new = (
        text("Partners:\n\n 1. Fire\n 2. Police\n"),
        text("Partners:\n\n 1. Fire\n 2. Works\n 3. Police\n"),
    )
    assert [(c.old, c.new) for c in differences(old, new)] == [("2. Police", "2. Works"), ("", "3. Police")]


def test_words_that_were_changed_are_shown_between_their_marks() -> None:
    old = text("The clinic opens on Monday.\n\nGone.") | quoted(words=["I am glad.", "Very."])
    new = text("The clinic opens on Tuesday at noon.\n\nGone.") | quoted(words=["I am so glad."])
    assert unified(differences(old, new)) == (
        "quote mayor, changed:\n"
        "    I am {+so+} glad. [-\n"
        "    Very.-]\n"
        "\n"
        "text, changed:\n"
        "    The clinic opens on [-Monday.-] {+Tuesday at noon.+}\n"
    )


@pytest.mark.parametrize(
    "files",
    [
        {"version.json": b"\xff"},
        {"version.json": b"[1]", "words/quote.x@en.json": b"[" * 100_000},
        {"version.json": b'{"headline": 5}', "words/quote.x@en.json": b'{"block": []}'},
        {"words/quote.x@en.json": b'{"block": {"words": [1], "speaker": {"name": 2}}}'},
        {"kit/x.txt": b"\n \n\n"},
    ],
)
def test_what_is_garbled_says_nothing(files: dict[str, bytes]) -> None:
    assert differences(files, {}) == ()


WORDS = st.lists(st.sampled_from(["the", "a", "clinic", "opens", "\n\n", "Monday"]), max_size=30).map(
    " ".join
)


@given(WORDS, WORDS)
def test_the_pieces_hold_every_word_of_both(old: str, new: str) -> None:
    for change in differences(quoted(words=[old]), quoted(words=[new])):
        for side, kept in ((change.old, "removed"), (change.new, "added")):
            pieces = "".join(text for kind, text in change.pieces if kind in ("same", kept))
            assert pieces.split() == side.split()


@given(WORDS, WORDS)
def test_running_text_loses_no_word(old: str, new: str) -> None:
    gone = [word for c in differences(text(old), text(new)) for word in c.old.split()]
    come = [word for c in differences(text(old), text(new)) for word in c.new.split()]
    rest = sorted(old.split())
    for word in gone:
        rest.remove(word)
    assert sorted(rest + come) == sorted(new.split())


def long_text(seed: int, changed: int) -> Mapping[str, bytes]:
    fixed, other = random.Random(1), random.Random(seed)
    paragraphs = [
        " ".join(fixed.choices(["the", "a", "of", *map(str, range(3000))], k=80)) for _ in range(2000)
    ]
    for place in other.sample(range(2000), changed):
        paragraphs[place] = " ".join(reversed(paragraphs[place].split()))
    return text("\n\n".join(paragraphs))


@pytest.mark.parametrize(
    ("old", "new"), [(long_text(1, 0), long_text(2, 400)), (long_text(3, 2000), long_text(1, 0))]
)
def test_a_text_of_hundreds_of_pages_is_compared(old: Mapping[str, bytes], new: Mapping[str, bytes]) -> None:
    assert len(differences(old, new)) >= 400


def test_one_endless_paragraph_is_compared() -> None:
    old, new = "the same words again " * 20_000, "the other words again " * 20_000
    assert differences(text(old), text(new))


def test_the_same_versions_give_the_same_text_in_every_process() -> None:
    script = (
        "from tests.archive.samples import Sample; from dataclasses import replace\n"
        "from presskit.archive.differences import *\n"
        "a, b = Sample(), Sample(headline='New', text='Other words.\\n\\nIt opens.', words=('No.', 'Yes.'))\n"
        "print(unified(differences(a.files(), b.files())))"
    )
    said = {
        subprocess.run(
            [sys.executable, "-c", script], capture_output=True, check=True, env={"PYTHONHASHSEED": seed}
        ).stdout
        for seed in ("0", "1", "2")
    }
    assert len(said) == 1
    assert b"headline, changed" in said.pop()
