"""How fast, and when again: the rate the relay is offered messages at, and the waits between attempts.

Not here: the waiting itself (`sender`).
"""

from __future__ import annotations

import random
from threading import Lock

FIRST_WAIT_SECONDS, LONGEST_WAIT_SECONDS = 60.0, 4 * 3600.0


def wait_seconds(attempts: int, chance: random.Random, first_seconds: float = FIRST_WAIT_SECONDS) -> float:
    """Return how long to leave a delivery alone after so many attempts that were put off.

    Why: it doubles each time, and no two come at the same moment.
    """
    return chance.uniform(0.5, 1.0) * min(LONGEST_WAIT_SECONDS, first_seconds * 2.0 ** (attempts - 1))


class Pace:
    """Spreads messages over the minute; threads share it."""

    def __init__(self, per_minute: int) -> None:
        """Make a pace; 0 is as fast as it goes."""
        self._gap_seconds = 60.0 / per_minute if per_minute else 0.0
        self._next = 0.0
        self._turn = Lock()

    def wait_for_turn(self, now: float) -> float:
        """Take the next turn; return how many seconds to wait for it.

        Args:
            now: seconds of a clock that only goes forward.
        """
        if not self._gap_seconds:
            return 0.0
        with self._turn:
            turn = max(now, self._next)
            self._next = turn + self._gap_seconds
            return turn - now
