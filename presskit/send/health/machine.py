"""This computer: what is installed, its clocks, and the disks the office writes to.

Not here: the office's files (`office`).
"""

from __future__ import annotations

import os
import platform
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, tzinfo
from email.utils import format_datetime
from importlib.util import find_spec
from pathlib import Path
from zoneinfo import ZoneInfo

from presskit import __version__
from presskit.clock import Clock
from presskit.model.house import House
from presskit.send.health.rows import Row, Verdict

EXTRAS = {"keyring": "keyring", "pades": "pyhanko", "s3": "boto3", "timestamp": "rfc3161_client"}
"""The parts of presskit that are installed apart, each with the package it stands on."""

LITTLE_BYTES, NOTHING_BYTES = 1_000_000_000, 50_000_000
"""Room on a disk at which to look, and at which the next kit may not fit."""


def programs(house: House | None) -> Iterator[Row]:
    """Yield what is installed, and which parts the office needs besides."""
    yield Row("presskit", "ok", f"{__version__}, on Python {platform.python_version()}")
    there = [name for name, package in EXTRAS.items() if find_spec(package) is not None]
    for name, why in _needed(house):
        if name not in there:
            fix = f"install it: pip install 'presskit-pipeline[{name}]'"
            yield Row("parts", "wrong", f"“{name}” is not installed, but {why}", fix, "extra-missing")
    yield Row("parts", "ok", f"installed apart: {', '.join(there) or 'none'}")


def clocks(clock: Clock, now: datetime, zone_name: str) -> Iterator[Row]:
    """Yield what time it is for the office, and whether that can be relied on when an embargo ends."""
    zone = _zone(zone_name)
    fact = f"it is {format_datetime(now.astimezone(zone))}, time zone {zone}"
    if clock.synchronised():
        yield Row("clock", "ok", f"{fact}; the system keeps it right")
    else:
        fix = "compare it with a clock you trust, or have the system keep it right: timedatectl set-ntp true"
        yield Row("clock", "look", f"{fact}; the system does not say that it is kept right", fix)
    if clock.boot() is not None:
        yield Row(
            "second clock", "ok", "there is one that nobody can put forward or back; embargoes use both"
        )
    else:
        fix = "send what is under embargo from a computer with Linux, or be there when it ends."
        yield Row("second clock", "look", "this system has none to hold the first against", fix)


def disks(places: Iterable[tuple[str, Path]]) -> Iterator[Row]:
    """Yield whether each folder can be written and has room; of one that is missing, the one above it."""
    for name, place in places:
        folder = next(path for path in (place, *place.parents) if path.is_dir())
        try:
            with tempfile.TemporaryFile(dir=folder) as trial:
                trial.write(b"presskit")
                trial.flush()
                os.fsync(trial.fileno())
            free = shutil.disk_usage(folder).free
        except OSError as error:
            fact = f"nothing can be written there: {error.strerror or type(error).__name__}"
            fix = f"make room, or see who may write to {folder}"
            yield Row(name, "wrong", fact, fix, "file-unwritable")
            continue
        verdict: Verdict = "wrong" if free < NOTHING_BYTES else "look" if free < LITTLE_BYTES else "ok"
        fix = "" if verdict == "ok" else "make room on this disk."
        yield Row(name, verdict, f"can be written; {_size(free)} free", fix)


def _needed(house: House | None) -> Iterator[tuple[str, str]]:
    """Yield the parts that house.yaml asks for, each with why."""
    if house is None:
        return
    if house.archive.folder.startswith("s3://"):
        yield "s3", "the archive lies in a bucket"
    if house.archive.time_stamps is not None or house.archive.time_stamp_roots:
        yield "timestamp", "the archive's checkpoints are time-stamped"
    if house.sign_off.certificate is not None:
        yield "pades", "PDFs are signed visibly"


def _zone(name: str) -> tzinfo:
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):  # told with the office's files
        return UTC


def _size(count: int) -> str:
    return f"{count / 1e9:,.1f} GB" if count >= 1e9 else f"{count / 1e6:,.0f} MB"
