"""From typed days and times to instants: the day of issue, the embargo.

Not here: the clock; whether an embargo has passed is asked when something is sent.
"""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from presskit.errors import Place, Problem
from presskit.load.suggest import quoted

_EMBARGO = re.compile(
    r"(?P<day>(?:19[89]|2\d\d)\d-\d\d-\d\d)[T ](?P<time>(?:[01]\d|2[0-3]):\d\d(?::\d\d)?)"
    r"(?P<offset>Z|[+-](?:0\d|1[0-4]):\d\d)?(?:\[(?P<zone>[^\[\]]+)\])?"
)
"""ISO 8601-1 date and time, extended format; zone name as RFC 9557, 4.1."""


def issued_at(day: date, zone: str) -> datetime:
    """Return midnight of the day of issue in the house's time zone."""
    return datetime.combine(day, time(), ZoneInfo(zone))


def read_embargo(text: str, house_zone: str, place: Place) -> tuple[datetime | None, tuple[Problem, ...]]:
    """Return the embargo's instant, in the zone it names or else the house's, or what is wrong with it.

    A time of day that the zone's clocks skip or show twice is refused.

    Why: the offset makes it one instant, but readers see the time of day without the offset.
    """

    def refused(what: str, fix: str, code: str) -> tuple[None, tuple[Problem, ...]]:
        return None, (Problem(place, "embargo", what, fix, code),)

    typed = _EMBARGO.fullmatch(text.strip())
    local = _local(typed) if typed else None
    if typed is None or local is None:
        what = f"{quoted(text)} is not a date and time with an offset."
        return refused(what, f"write it as {_example(house_zone)}.", "embargo-format")
    try:
        zone = ZoneInfo(typed["zone"] or house_zone)
    except (KeyError, ValueError, OSError):
        what = f"{quoted(typed['zone'])} is not a time zone."
        return refused(what, "write it as America/Toronto.", "time-zone-unknown")
    if typed["offset"] is None:
        what = f"{quoted(text)} has no offset, so that readers elsewhere can not tell which hour is meant."
        return refused(what, f"write it as {_iso(local.replace(tzinfo=zone))}.", "embargo-format")
    instant = datetime.fromisoformat(f"{local.isoformat()}{typed['offset']}").astimezone(zone)
    before, after = (local.replace(tzinfo=zone, fold=fold).utcoffset() or timedelta() for fold in (0, 1))
    shown = instant.replace(tzinfo=None) == local
    if before > after and (shown or typed["zone"]):
        what = f"{local:%H:%M} on {local:%Y-%m-%d} comes twice in {zone.key}: the clocks are set back."
        return refused(what, "choose a time of day that comes once.", "embargo-ambiguous")
    if before < after and (typed["zone"] or _offset(typed["offset"]) in (before, after)):
        what = f"{local:%H:%M} on {local:%Y-%m-%d} does not exist in {zone.key}: the clocks skip it."
        return refused(what, f"write the same instant as {_iso(instant)}.", "embargo-nonexistent")
    if not shown and typed["offset"] != "Z":
        what = (
            f"{typed['offset']} is not the offset of {zone.key} at that time, so {local:%H:%M} is not meant."
        )
        right = _iso(local.replace(tzinfo=zone))
        fix = f"write it as {right}, or name the other zone behind it: [Europe/Paris]."
        return refused(what, fix, "embargo-format")
    return instant, ()


def _local(typed: re.Match[str]) -> datetime | None:
    try:
        return datetime.fromisoformat(f"{typed['day']}T{typed['time']}")
    except ValueError:  # the 30th of February, 61 minutes
        return None


def _offset(text: str) -> timedelta:
    return datetime.fromisoformat(f"2000-01-01T00:00{text}").utcoffset() or timedelta()


def _example(zone: str) -> str:
    return _iso(datetime(2025, 7, 30, 9, tzinfo=ZoneInfo(zone)))


def _iso(instant: datetime) -> str:
    return instant.isoformat(timespec="minutes")
