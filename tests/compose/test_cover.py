from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from presskit.compose.cover import SUBJECT_CHARACTERS, foot_of, subject_of
from presskit.errors import ProblemsFound
from presskit.model.house import MailWording, Wording
from presskit.model.pack import Pack
from presskit.model.registers import Draft
from tests.compose.drafts import draft, everything, pack

NINE = datetime(2025, 7, 30, 13, 0, tzinfo=UTC)
NOTE = "archive.example.org\n42\nAAAA=\n\n— archive.example.org q9  two-spaces -- 'and marks'\n"


def subject(made: Draft, language: str = "en-CA", *, early: bool = False, test: bool = False) -> str:
    return subject_of(made, pack(language), early=early, test=test)


def release(headline: str, **fields: Any) -> Draft:
    return draft({"headline": headline, **fields})


def relabelled(**labels: str) -> Pack:
    shipped = pack("en-CA")
    wording = shipped.wording
    mail = MailWording.model_validate({**wording.mail.model_dump(), **labels})
    changed = Wording.model_validate({**wording.model_dump(), "mail": mail.model_dump()})
    return Pack(shipped.name, shipped.templates, changed, shipped.theme)


# --- the subject -----------------------------------------------------------------------------------------


def test_the_subject_is_the_news() -> None:
    assert subject(release("The bridge opens")) == "The bridge opens"


def test_the_headline_is_words_on_one_line_without_markup() -> None:
    made = release('The *new*   bridge "opens" on July 30: [all of it](https://example.org), 12 000 cars')
    assert subject(made) == "The new bridge “opens” on July 30: all of it, 12 000 cars"


def test_only_who_gets_it_early_is_told_of_the_embargo_in_the_subject() -> None:
    made = draft({"headline": "The bridge opens"}, embargo=NINE)
    early = "EMBARGOED until 9 a.m. EDT, Wednesday, July 30, 2025: The bridge opens"
    assert subject(made, early=True) == early
    assert subject(made) == "The bridge opens"
    assert subject(release("The bridge opens"), early=True) == "The bridge opens"


def test_a_french_subject_is_written_as_french_is() -> None:
    said = "Le « nouveau » pont de l’Ouest est ouvert : 12 000 passages"
    assert subject(everything(), "fr-CA") == said
    until = "SOUS EMBARGO jusqu’au mercredi 30 juillet 2025, 9 h 30 (HAE)"
    assert subject(everything(), "fr-CA", early=True) == f"{until} : {said}"


def test_a_correction_says_so_first() -> None:
    made = release("The bridge opens", corrects="bridge", correction="The day was wrong.")
    assert subject(made) == "CORRECTION: The bridge opens"
    assert subject(replace(made, embargo=NINE), early=True).endswith("2025: CORRECTION: The bridge opens")


@pytest.mark.parametrize("headline", ["Withdrawn: The bridge opens", "The bridge opens"])
def test_a_withdrawal_says_so_once(headline: str) -> None:
    made = release(headline, withdraws="bridge", correction="It does not.")
    assert subject(made) == "WITHDRAWN: The bridge opens"


def test_what_nobody_signed_off_is_called_a_draft() -> None:
    made = replace(release("The bridge opens"), cleared=False)
    assert subject(made) == "DRAFT: The bridge opens"
    assert subject(made, test=True) == "[TEST] DRAFT: The bridge opens"


def test_a_long_headline_is_cut_at_a_word_and_what_stands_before_it_is_not() -> None:
    long = " ".join(f"number{n}," for n in range(40))
    for early in (False, True):
        found = subject(draft({"headline": long}, embargo=NINE), early=early, test=True)
        assert SUBJECT_CHARACTERS - 12 < len(found) <= SUBJECT_CHARACTERS
        assert found.startswith("[TEST] EMBARGOED until 9 a.m. EDT" if early else "[TEST] number0,")
        assert found.endswith("…")
        assert found.split()[-1].rstrip("…") + "," in long.split()


def test_a_headline_that_just_fits_is_not_cut() -> None:
    fits = "a " * 74 + "bc"
    assert len(fits) == SUBJECT_CHARACTERS
    assert subject(release(fits)) == fits
    assert subject(release(f"{fits}d")) == "a " * 73 + "a…"


def test_a_headline_without_spaces_is_cut_somewhere() -> None:
    assert subject(release("x" * 300)) == "x" * 149 + "…"


def test_however_long_a_label_is_some_of_the_headline_is_left() -> None:
    wordy = relabelled(subject_test=f"{'[TEST] ' * 40}{{subject}}")
    assert subject_of(release("The bridge opens"), wordy, early=False, test=True).endswith("The bridge opens")


def test_what_looks_like_a_gap_in_a_headline_is_none() -> None:
    made = draft({"headline": "A {time} and a {subject}"}, embargo=NINE)
    assert subject(made, early=True, test=True).endswith("2025: A {time} and a {subject}")


def test_nothing_in_a_headline_becomes_a_line_of_the_head() -> None:
    found = subject(release("A\u2028B\u00a0C\u00adD"))
    assert found == "A B CD"


def test_a_headline_with_a_character_no_mail_may_carry_is_a_problem() -> None:
    with pytest.raises(ProblemsFound, match="U\\+0007"):
        subject(release("Bell\x07"))


# --- the foot --------------------------------------------------------------------------------------------


def test_the_foot_says_why_a_reporter_gets_it_and_what_goes_along() -> None:
    foot = foot_of(
        draft({}),
        pack("en-CA"),
        early=False,
        attached=("test--2024-2025.pdf", "test.docx"),
        downloads=(
            ("pdf-press", "https://example.org/test-press.pdf"),
            ("text", "https://example.org/t.txt"),
        ),
        unsubscribe="mailto:media@example.org?subject=unsubscribe",
        checkpoint=NOTE,
    )
    assert foot.lines == (
        "Attached: test--2024-2025.pdf, test.docx",
        "You get this because Orillia has your address on its list for the media.",
    )
    assert foot.links == (
        ("PDF to print", "https://example.org/test-press.pdf"),
        ("Plain text", "https://example.org/t.txt"),
        ("Get no more news from us", "mailto:media@example.org?subject=unsubscribe"),
    )
    assert foot.checkpoint == NOTE
    assert foot.meaning == "Keep this message: the lines below prove what the archive held that day."


def test_who_gets_it_early_is_told_first_what_that_means() -> None:
    foot = foot_of(draft({}, embargo=NINE), pack("en-CA"), early=True)
    assert foot.lines[0] == (
        "You get this before its time. Do not publish before 9\u00a0a.m. EDT, Wednesday, July\u00a030, 2025."
    )
    assert len(foot.lines) == 2
    assert len(foot_of(draft({}, embargo=NINE), pack("en-CA"), early=False).lines) == 1


def test_a_foot_without_a_checkpoint_does_not_speak_of_one() -> None:
    foot = foot_of(draft({}), pack("en-CA"), early=False)
    assert (foot.checkpoint, foot.meaning, foot.links) == ("", "", ())


def test_a_french_foot_has_the_spaces_french_has() -> None:
    foot = foot_of(everything(), pack("fr-CA"), early=True, attached=("pont.pdf",), checkpoint=NOTE)
    assert foot.lines[0].endswith("avant le mercredi 30\u00a0juillet 2025, 9\u00a0h\u00a030 (HAE).")
    assert foot.lines[1] == "Ci-joint\u00a0: pont.pdf"
    assert foot.meaning.startswith("Conservez ce message\u00a0: les lignes")
