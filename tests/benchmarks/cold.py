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
            (f"presskit watch {SEED}: from a change to five files", _watch_ms(office, STARTS)),
        ]
    return [(name, f"{value:.0f}") for name, value in rows]


def _environment() -> dict[str, str]:
    """Return the environment, with byte code kept as pip leaves it."""
    kept = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
    return {**kept, "PYTHONUNBUFFERED": "1"}


def _median_ms(arguments: list[str], folder: Path, starts: int) -> float:
    times = []
    for _ in range(starts + 1):
        started = time.perf_counter()
        command = [sys.executable, *arguments]
        subprocess.run(command, cwd=folder, env=_environment(), check=True, capture_output=True)
        times.append((time.perf_counter() - started) * 1000)
    return statistics.median(times[1:])


def _watch_ms(office: Path, changes: int) -> float:
    """From saving a release to the line that says its kit is built."""
    release = office / "data" / "releases" / SEED / "release.yaml"
    command = [sys.executable, "-m", "presskit", "watch", SEED]
    times = []
    with subprocess.Popen(
        command,
        cwd=office,
        env=_environment(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    ) as watch:
        assert watch.stderr is not None
        said = (line for line in watch.stderr if line.startswith("built"))
        next(said)
        for number in range(changes):
            text = release.read_text("utf-8").replace("proactive", f"proactive {number}", 1)
            started = time.perf_counter()
            release.write_text(text, "utf-8")
            next(said)
            times.append((time.perf_counter() - started) * 1000)
        watch.terminate()
    return statistics.median(times)
