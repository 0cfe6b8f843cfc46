"""Turns a wish for another time into what makes a program believe it: libfaketime.

Not here: the programs.
"""

from __future__ import annotations

import os
from pathlib import Path

from tests.conformance.judges import SERVERS, judges_folder, require


def believing(now: Path) -> dict[str, str]:
    """Return the environment of a program whose wall clock says what a file says, read anew each time.

    Args:
        now: holds `+86400` or `-3600`: seconds away from the true time. Its other clocks stay true.
    Why: `time.sleep` fails in such a program, for libfaketime 0.9.10 spoils clock_nanosleep; waits of
        locks and sockets do not.
    """
    require("libfaketime")
    (library,) = judges_folder().resolve().glob(SERVERS["libfaketime"])
    fake = {"FAKETIME_TIMESTAMP_FILE": str(now), "FAKETIME_NO_CACHE": "1"}
    return {**os.environ, "LD_PRELOAD": str(library), **fake, "FAKETIME_DONT_FAKE_MONOTONIC": "1"}
