from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from presskit.errors import Place
from presskit.load.times import read_embargo

ZONES = (
    "America/Vancouver",
    "America/Toronto",
    "America/St_Johns",  # half an hour beside the others
    "America/Santiago",  # changes at midnight
    "Europe/London",
    "Europe/Berlin",
    "Africa/Casablanca",  # back and forth around Ramadan
    "Asia/Beirut",
    "Australia/Lord_Howe",  # by half an hour
    "Pacific/Auckland",
)
YEARS = range(2025, 2030)
HERE = Place("release.yaml", 4, 10)
HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Change:
    """The moment the clocks of a zone are changed."""

    at: datetime  # UTC
    before: timedelta  # offset
    after: timedelta

    @property
    def times(self) -> tuple[datetime, ...]:
        """Times of day the clocks skip or show twice: the first, one within, the last."""
        start = self.at.replace(tzinfo=None) + min(self.before, self.after)
        end = self.at.replace(tzinfo=None) + max(self.before, self.after)
        return start, start + timedelta(minutes=17), end - timedelta(minutes=1)


def changes(zone: str) -> list[Change]:
    return list(_changes(ZoneInfo(zone)))


def _changes(zone: ZoneInfo) -> Iterator[Change]:
    instant = datetime(YEARS[0], 1, 1, tzinfo=UTC)
    while instant.year in YEARS:
        before, after = (_offset(moment, zone) for moment in (instant, instant + HOUR))
        if before != after:
            exact = instant
            while _offset(exact, zone) == before:
                exact += timedelta(minutes=1)
            yield Change(exact, before, after)
        instant += HOUR


def _offset(instant: datetime, zone: ZoneInfo) -> timedelta:
    return instant.astimezone(zone).utcoffset() or timedelta()


def typed(local: datetime, offset: timedelta) -> str:
    minutes = offset // timedelta(minutes=1)
    sign, minutes = "-" if minutes < 0 else "+", abs(minutes)
    return f"{local:%Y-%m-%dT%H:%M}{sign}{minutes // 60:02}:{minutes % 60:02}"


def code(text: str, zone: str) -> str:
    """Return the code of what is wrong; "" if it is taken."""
    instant, problems = read_embargo(text, zone, HERE)
    assert (instant is None) == bool(problems)
    return ",".join(problem.code for problem in problems)


@pytest.mark.parametrize("zone", ZONES)
def test_times_the_clocks_skip_or_show_twice_are_refused_whatever_offset_goes_with_them(zone: str) -> None:
    found = changes(zone)
    assert len(found) >= 2 * (len(YEARS) - 1)
    for change in found:
        wanted = "embargo-nonexistent" if change.before < change.after else "embargo-ambiguous"
        for local in change.times:
            for offset in (change.before, change.after):
                assert code(typed(local, offset), zone) == wanted
                assert code(f"{typed(local, offset)}[{zone}]", "UTC") == wanted
            elsewhere = change.before - 4 * HOUR
            assert code(f"{typed(local, elsewhere)}[{zone}]", "UTC") == wanted


@pytest.mark.parametrize("zone", ZONES)
def test_the_minute_before_and_the_minute_after_are_taken_as_the_instants_they_are(zone: str) -> None:
    minute = timedelta(minutes=1)
    for change in changes(zone):
        start, _, last = change.times
        for local, offset in ((start - minute, change.before), (last + minute, change.after)):
            instant, problems = read_embargo(typed(local, offset), zone, HERE)
            assert problems == ()
            assert instant == local.replace(tzinfo=UTC) - offset


@pytest.mark.parametrize("zone", ZONES)
def test_the_offset_of_the_other_half_of_the_year_is_refused(zone: str) -> None:
    for change in changes(zone):
        for days, wrong in ((-2, change.after), (2, change.before)):
            local = (change.at + timedelta(days=days)).replace(tzinfo=None) + change.before
            assert code(typed(local, wrong), zone) == "embargo-format"
