"""Dates and times to words, in the patterns of the wording.

Not here: which instant is meant (`load`), or the sentence around it (the wording's labels).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime

from presskit.model.house import Wording

_FIELD = re.compile(r"''|'(?:[^']|'')*'|([A-Za-z])\1*")
"""A piece of a pattern: an apostrophe, quoted words, or a run of one letter.  Source: UTS 35, part 4, 8.1."""


def date_words(day: date, wording: Wording, language: str) -> str:
    """Return a date as the style writes it: July 30, 2025 · Sept. 3, 2025 · 1er juillet 2025.

    Raises:
        ValueError: the pattern can not be filled in for the language.
    Source: The Canadian Press Stylebook, "Dates": months of more than five letters are cut before a day;
    Office québécois de la langue française, Banque de dépannage linguistique, "Date".
    """
    return _formatted(datetime(day.year, day.month, day.day), wording.date, wording, language)  # noqa: DTZ001


def time_words(moment: datetime, wording: Wording, language: str) -> str:
    """Return an hour, its zone and its day: 9 a.m. EDT, Wednesday, July 30, 2025.

    Args:
        moment: aware, with the zone it is to be told in.

    Raises:
        ValueError: the pattern can not be filled in for the language.

    Source: The Canadian Press Stylebook, "Time": no zeros for a full hour, noon as a word; Office québécois
        de la langue française, Banque de dépannage linguistique, "Heure": 9 h, 9 h 30.
    """
    pattern = wording.time
    if moment.minute == 0:
        pattern = wording.time_full_hour or pattern
        if moment.hour == 12:
            pattern = wording.time_noon or pattern
    return _formatted(moment, pattern, wording, language)


def _formatted(moment: datetime, pattern: str, wording: Wording, language: str) -> str:
    """Fill in what the wording knows, and leave the rest of the pattern to Babel.

    Why: Babel and its data take 45 ms to load, which a plain date can do without.
    """
    known = _known(moment, wording)
    partly = _FIELD.sub(lambda field: _quoted(known.get(field[0], field[0]), field[0]), pattern)
    if any(field[1] for field in _FIELD.finditer(partly)):
        return _by_babel(moment, partly, language)
    return _FIELD.sub(lambda field: field[0][1:-1].replace("''", "'") or "'", partly)


def _quoted(words: str, field: str) -> str:
    return field if words == field else "'" + words.replace("'", "''") + "'"


def _known(moment: datetime, wording: Wording) -> Mapping[str, str]:
    """The fields of a pattern that need no register of languages, by their CLDR letters."""
    known = {"y": str(moment.year), "d": str(moment.day)}
    if moment.day == 1 and wording.first_of_month:
        known["d"] = wording.first_of_month
    if wording.months:
        known["MMMM"] = wording.months[moment.month - 1]
    if wording.day_periods:
        known["a"] = wording.day_periods[moment.hour // 12]
    return known


def _by_babel(moment: datetime, pattern: str, language: str) -> str:
    from babel import Locale, UnknownLocaleError  # 45 ms with its data
    from babel.dates import format_datetime

    try:
        locale = Locale.parse(language, sep="-")
        return format_datetime(moment, pattern, tzinfo=moment.tzinfo, locale=locale)
    except (UnknownLocaleError, LookupError, AttributeError) as error:
        raise ValueError(str(error)) from error
