"""The time, asked again and again: by whoever waits for an embargo to end, and nobody else.

A run reads the clock once, in `workspace`; a sender that waits can not.  Not here: what is done when the time
has come, or when two clocks disagree (`send.outbox.embargo`).
"""

from __future__ import annotations

import ctypes
import sys
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

_UNSYNCHRONISED, _ERROR = 0x40, 5
_TIMEX_BYTES = 208  # of struct timex with 64-bit words


@dataclass(frozen=True, slots=True)
class Boot:
    """Where a clock stands that only ever goes forward, asleep or awake, until the machine starts anew."""

    id: str  # of this start of the machine
    seconds: float


class Clock(Protocol):
    """What tells the time."""

    def now(self) -> datetime:
        """Return the time of the wall clock, aware."""

    def boot(self) -> Boot | None:
        """Return where the boot clock stands; ``None`` if this system has none."""

    def synchronised(self) -> bool:
        """Whether the system says that its clock is kept right from outside."""


class SystemClock:
    """The clocks of this machine."""

    def now(self) -> datetime:
        """Return the time of the wall clock, aware."""
        return datetime.now(UTC)

    def boot(self) -> Boot | None:
        """Return where the boot clock stands; ``None`` if this system has none.

        Source: proc(5), /proc/sys/kernel/random/boot_id; clock_gettime(2), CLOCK_BOOTTIME.
        """
        if sys.platform != "linux":
            return None
        try:
            boot_id = Path("/proc/sys/kernel/random/boot_id").read_text("ascii").strip()
        except OSError:
            return None
        return Boot(boot_id, time.clock_gettime(time.CLOCK_BOOTTIME))

    def synchronised(self) -> bool:
        """Whether the kernel says that its clock is kept right from outside.

        Source: adjtimex(2): STA_UNSYNC in `status`, TIME_ERROR as the result.
        """
        if sys.platform != "linux" or sys.maxsize < 2**32:
            return False
        timex = ctypes.create_string_buffer(_TIMEX_BYTES)  # modes 0: only look
        try:
            result = ctypes.CDLL(None, use_errno=True).adjtimex(timex)
        except (OSError, AttributeError):
            return False
        status = int.from_bytes(timex.raw[40:44], sys.byteorder)
        return 0 <= result != _ERROR and not status & _UNSYNCHRONISED
