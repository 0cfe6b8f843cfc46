"""When a mailing's time has come, judged by two clocks: the one on the wall and the one that never jumps.

Arming notes where both stand; the time has come when both say so, and when one of them says so long before
the other, a person has to look.  Not here: reading what was typed (`load.times`), and asking (`cli`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from presskit.clock import Boot, Clock

TOLERANCE_SECONDS = 30.0
"""Clocks that differ by less are waited for; by more, a person has to look."""


@dataclass(frozen=True, slots=True)
class Armed:
    """Where the clocks stood when a mailing was told to wait, while the wall clock was known to be right."""

    wall: float  # seconds of the Unix epoch
    boot: Boot | None


@dataclass(frozen=True, slots=True)
class Waiting:
    """A mailing that has a time."""

    id: int
    not_before: float  # seconds of the Unix epoch
    armed: Armed | None  # none: it was to go at once


Timely = Callable[[Waiting], Literal[True, False] | str]
"""True: the time has come; False: not yet; a text: a person has to look, for that reason."""


def arm(clock: Clock) -> Armed:
    """Return where the clocks stand now; ask the system, or a person, whether the clock is right first."""
    return Armed(clock.now().timestamp(), clock.boot())


def judged_by(clock: Clock) -> Timely:
    """Return what judges whether a mailing's time has come."""

    def timely(mailing: Waiting) -> Literal[True, False] | str:
        """Say whether it has come by both clocks, or why a person has to look."""
        wall, armed = clock.now().timestamp(), mailing.armed
        has_come = wall >= mailing.not_before
        if armed is None:
            return has_come
        boot = clock.boot()
        if boot is None or armed.boot is None or boot.id != armed.boot.id:
            anew = boot is not None and armed.boot is not None
            return has_come and (clock.synchronised() or _UNSURE.format(_ANEW if anew else _ALONE))
        expected = armed.wall + boot.seconds - armed.boot.seconds
        if has_come == (expected >= mailing.not_before):
            return has_come
        ahead = wall - expected
        if abs(ahead) <= TOLERANCE_SECONDS:
            return False
        return _JUMPED.format("forward" if ahead > 0 else "back", _span(abs(ahead)))

    return timely


_UNSURE = "{}, and the system does not say that its clock is kept right"
_ANEW = "the machine was started anew since this was queued"
_ALONE = "this machine has no second clock"
_JUMPED = "the clock jumped {} by {} since this was queued"


def _span(seconds: float) -> str:
    """Return a span as people say it: "26 hours"."""
    for unit, length in (("day", 86_400), ("hour", 3600), ("minute", 60)):
        if seconds >= 2 * length:
            return f"{seconds / length:.0f} {unit}s"
    return f"{seconds:.0f} seconds"
