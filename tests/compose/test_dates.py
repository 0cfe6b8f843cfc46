from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from presskit.compose import compose
from presskit.compose.dates import date_words, time_words
from presskit.document.walk import words
from presskit.errors import BadSettings
from presskit.model.pack import Pack
from tests.compose.drafts import draft, pack

EN, FR = pack("en-CA").wording, pack("fr-CA").wording
TORONTO, VANCOUVER = ZoneInfo("America/Toronto"), ZoneInfo("America/Vancouver")

CP_MONTHS = ["Jan.", "Feb.", "March", "April", "May", "June", "July", "Aug.", "Sept.", "Oct.", "Nov.", "Dec."]


@pytest.mark.parametrize("month", range(1, 13))
def test_english_dates_cut_the_months_the_canadian_press_cuts(month: int) -> None:
    assert date_words(date(2025, month, 3), EN, "en-CA") == f"{CP_MONTHS[month - 1]} 3, 2025"


@pytest.mark.parametrize(
    ("day", "said"),
    [(date(2025, 7, 30), "30 juillet 2025"), (date(2025, 8, 1), "1er août 2025")],
)
def test_french_dates_have_their_months_in_full_and_the_first_as_an_ordinal(day: date, said: str) -> None:
    assert date_words(day, FR, "fr-CA") == said


@pytest.mark.parametrize(
    ("moment", "english", "french"),
    [
        (
            datetime(2025, 7, 30, 9, tzinfo=TORONTO),
            "9 a.m. EDT, Wednesday, July 30, 2025",
            "mercredi 30 juillet 2025, 9 h (HAE)",
        ),
        (
            datetime(2025, 7, 30, 9, 30, tzinfo=TORONTO),
            "9:30 a.m. EDT, Wednesday, July 30, 2025",
            "mercredi 30 juillet 2025, 9 h 30 (HAE)",
        ),
        (
            datetime(2025, 1, 1, 14, 5, tzinfo=TORONTO),
            "2:05 p.m. EST, Wednesday, Jan. 1, 2025",
            "mercredi 1er janvier 2025, 14 h 05 (HNE)",
        ),
        (
            datetime(2025, 7, 30, 12, tzinfo=TORONTO),
            "noon EDT, Wednesday, July 30, 2025",
            "mercredi 30 juillet 2025, 12 h (HAE)",
        ),
        (
            datetime(2025, 7, 30, 0, tzinfo=TORONTO),
            "12 a.m. EDT, Wednesday, July 30, 2025",
            "mercredi 30 juillet 2025, 0 h (HAE)",
        ),
        (
            datetime(2025, 7, 30, 9, tzinfo=VANCOUVER),
            "9 a.m. PDT, Wednesday, July 30, 2025",
            "mercredi 30 juillet 2025, 9 h (HAP)",
        ),
    ],
)
def test_times_are_told_with_their_zone_and_day(moment: datetime, english: str, french: str) -> None:
    assert time_words(moment, EN, "en-CA") == english
    assert time_words(moment, FR, "fr-CA") == french


def test_the_embargo_line_is_told_in_the_zone_named_with_it_else_in_the_houses() -> None:
    moment = datetime(2025, 7, 30, 13, tzinfo=UTC)
    (line,) = [w for w in words(compose(draft({}, embargo=moment), pack("en-CA"))) if "EMBARGO" in w]
    assert line == "EMBARGOED UNTIL 9\u00a0a.m. EDT, Wednesday, July\u00a030, 2025"
    named = moment.astimezone(VANCOUVER)
    (line,) = [w for w in words(compose(draft({}, embargo=named), pack("en-CA"))) if "EMBARGO" in w]
    assert line == "EMBARGOED UNTIL 6\u00a0a.m. PDT, Wednesday, July\u00a030, 2025"


def test_a_release_in_french_of_a_canadian_house_is_in_canadian_french() -> None:
    document = compose(draft({}, language="fr", embargo=datetime(2025, 7, 30, 13, tzinfo=UTC)), pack("fr"))
    assert "SOUS EMBARGO JUSQU’AU mercredi 30\u00a0juillet 2025, 9\u00a0h (HAE)" in words(document)
    assert document.head.language == "fr"


def test_apostrophes_in_patterns_and_labels_survive() -> None:
    wording = EN.model_copy(update={"date": "d 'o''clock' MMMM ''yy''", "months": ("d'or",) * 12})
    assert date_words(date(2025, 7, 3), wording, "en-CA") == "3 o'clock d'or '25'"
    plain = EN.model_copy(update={"date": "d 'd''a' ''MMMM''"})
    assert date_words(date(2025, 7, 3), plain, "en-CA") == "3 d'a 'July'"


def test_without_month_names_in_the_wording_babel_gives_them() -> None:
    wording = EN.model_copy(update={"months": ()})
    assert date_words(date(2025, 9, 3), wording, "en-CA") == "September 3, 2025"


@pytest.mark.parametrize(("pattern", "language"), [("MMMMMMMM d", "en-CA"), ("EEEE", "tlh")])
def test_a_pattern_babel_can_not_fill_in_is_a_problem_of_the_wording(pattern: str, language: str) -> None:
    shipped = pack("en-CA")
    wording = shipped.wording.model_copy(update={"date": pattern, "months": ()})
    with pytest.raises(BadSettings) as raised:
        compose(draft({}, language=language), Pack(shipped.name, shipped.templates, wording, shipped.theme))
    (problem,) = raised.value.problems
    assert problem.code == "date-pattern"
    assert str(problem.place) == f"templates/news-release/wording.{language.split('-')[0]}.yaml"
