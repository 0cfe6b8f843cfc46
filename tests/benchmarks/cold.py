"""Cold starts: what a person waits for, a new process each time."""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.benchmarks.content import ROOT, SEED

STARTS = 10


def commands() -> list[tuple[str, ...]]:
    """Return rows of command and median milliseconds."""
    with tempfile.TemporaryDirectory() as folder:
        office = Path(folder) / "office"
        for name in ("data", "templates"):
            shutil.copytree(ROOT / name, office / name)
        rows = [
            ("python -c pass", _median_ms(["-c", "pass"], office, STARTS)),
            ("presskit --help", _median_ms(["-m", "presskit", "--help"], office, STARTS)),
            (f"presskit build {SEED}", _median_ms(["-m", "presskit", "build", SEED], office, STARTS)),
        ]
    return [(name, f"{value:.0f}") for name, value in rows]


def _median_ms(arguments: list[str], folder: Path, starts: int) -> float:
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
    times = []  # with byte code kept, as pip leaves it
    for _ in range(starts + 1):
        started = time.perf_counter()
        command = [sys.executable, *arguments]
        subprocess.run(command, cwd=folder, env=environment, check=True, capture_output=True)
        times.append((time.perf_counter() - started) * 1000)
    return statistics.median(times[1:])
