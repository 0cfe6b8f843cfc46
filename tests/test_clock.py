from __future__ import annotations

import ctypes
import sys
import time
from datetime import UTC
from pathlib import Path
from typing import Any

import pytest

from presskit.clock import SystemClock

linux = pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells it")


def test_the_wall_clock_is_aware_and_right() -> None:
    now = SystemClock().now()
    assert now.tzinfo is UTC
    assert abs(now.timestamp() - time.time()) < 5


@linux
def test_the_boot_clock_only_goes_forward_and_names_its_start() -> None:
    clock = SystemClock()
    first, second = clock.boot(), clock.boot()
    assert first is not None and second is not None
    assert first.id == second.id == Path("/proc/sys/kernel/random/boot_id").read_text("ascii").strip()
    assert first.seconds <= second.seconds
    uptime = float(Path("/proc/uptime").read_text("ascii").split()[0])
    assert abs(second.seconds - uptime) < 5


@linux
def test_without_the_name_of_the_start_there_is_no_boot_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(path: Path, *_: Any) -> str:
        raise FileNotFoundError(path)

    monkeypatch.setattr(Path, "read_text", gone)
    assert SystemClock().boot() is None


class Kernel:
    """Answers adjtimex with a status and a result."""

    def __init__(self, status: int, result: int) -> None:
        self.status, self.result = status, result

    def adjtimex(self, timex: ctypes.Array[ctypes.c_char]) -> int:
        assert timex.raw == bytes(len(timex))  # only looks
        timex[40:44] = self.status.to_bytes(4, sys.byteorder)  # type: ignore[call-overload]
        return self.result


@linux
@pytest.mark.parametrize(
    ("status", "result", "found"),
    [
        (0x2001, 0, True),  # STA_PLL, STA_NANO: kept right
        (0x2001, 4, True),  # TIME_WAIT: a leap second was inserted
        (0x0040, 5, False),  # STA_UNSYNC, TIME_ERROR
        (0x0040, 0, False),
        (0x2001, 5, False),
        (0, -1, False),  # not allowed to ask
    ],
)
def test_the_kernel_is_asked_whether_the_clock_is_kept_right(
    status: int, result: int, found: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ctypes, "CDLL", lambda *_, **__: Kernel(status, result))
    assert SystemClock().synchronised() is found


@linux
def test_the_real_kernel_can_be_asked() -> None:
    assert SystemClock().synchronised() in (True, False)


@linux
def test_a_system_that_can_not_be_asked_says_no(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ctypes, "CDLL", lambda *_, **__: object())
    assert not SystemClock().synchronised()


@pytest.mark.parametrize("platform", ["darwin", "win32"])
def test_other_systems_have_no_boot_clock_and_say_nothing(
    platform: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "platform", platform)
    assert SystemClock().boot() is None
    assert not SystemClock().synchronised()


@linux
def test_on_machines_of_32_bits_the_kernel_is_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ctypes, "CDLL", lambda *_, **__: Kernel(0x2001, 0))
    monkeypatch.setattr(sys, "maxsize", 2**31 - 1)
    assert not SystemClock().synchronised()
