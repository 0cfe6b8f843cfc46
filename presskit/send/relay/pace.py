"""How fast, and when again: the rate the relay is offered messages at, and the waits after what went wrong.

Not here: the waiting itself (`sender`).
"""

from __future__ import annotations

import random
from threading import Lock

FIRST_WAIT_SECONDS, LONGEST_WAIT_SECONDS = 60.0, 4 * 3600.0
"""For a delivery that was put off."""

FIRST_TRY_SECONDS, LONGEST_TRY_SECONDS = 1.0, 60.0
"""For a relay that can not be reached."""


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


class Patience:
    """How long a relay that can not be reached is tried again, and how often; threads share it.

    Why: a relay that takes fewer connections than it is offered is reached all the same.
    """

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._since: float | None = None
        self._turn = Lock()

    def renew(self) -> None:
        """Start over: somebody has reached it."""
        with self._turn:
            self._since = None

    def wait_seconds(self, now: float, failures: int) -> float | None:
        """Return how long to wait before the next try; ``None`` if nobody has reached it for too long.

        Args:
            now: seconds of a clock that only goes forward.
            failures: of whoever asks, one after the other; from 1.
        """
        wait = min(LONGEST_TRY_SECONDS, FIRST_TRY_SECONDS * 2.0 ** min(failures - 1, 10))
        with self._turn:
            if self._since is None:
                self._since = now
            left = self._since + self._seconds - now
        return min(wait, left) if left > 0 else None
