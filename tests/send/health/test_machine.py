from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from presskit import __version__
from presskit.clock import Boot, SystemClock
from presskit.model.house import Archived, House, SignOff
from presskit.send.health import machine
from presskit.send.health.rows import Row

NOW = datetime(2026, 11, 23, 14, 30, tzinfo=UTC)


class Told(SystemClock):
    """A clock of which it is known whether it is kept right."""

    def __init__(self, *, is_right: bool, has_boot: bool = True) -> None:
        self.is_right, self.has_boot = is_right, has_boot

    def synchronised(self) -> bool:
        return self.is_right

    def boot(self) -> Boot | None:
        return Boot("a start", 7.0) if self.has_boot else None


def house(**fields: object) -> House:
    names = {"name": {"en": "Example"}, "short_name": {"en": "Ex"}, "domain": "example.org"}
    return House.model_validate({**names, "time_zone": "America/Toronto", "language": "en-CA", **fields})


def test_the_versions_and_the_parts_installed_apart_are_told() -> None:
    first, second = machine.programs(house())
    assert first == Row("presskit", "ok", f"{__version__}, on Python {sys.version.split()[0]}")
    assert second == Row("parts", "ok", "installed apart: keyring, pades, s3, timestamp")


@pytest.mark.parametrize(
    ("package", "fields", "part", "why"),
    [
        ("boto3", {"archive": Archived(folder="s3://press")}, "s3", "the archive lies in a bucket"),
        ("pyhanko", {"sign_off": SignOff(certificate="office.p12")}, "pades", "PDFs are signed visibly"),
        (
            "rfc3161_client",
            {"archive": Archived(time_stamps="https://tsa.example.org")},
            "timestamp",
            "the archive's checkpoints are time-stamped",
        ),
    ],
)
def test_a_part_the_office_needs_and_lacks_is_wrong(
    package: str, fields: dict[str, object], part: str, why: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert [row.verdict for row in machine.programs(house(**fields))] == ["ok", "ok"]
    monkeypatch.setitem(sys.modules, package, None)
    _, lacking, _ = machine.programs(house(**fields))
    fix = f"install it: pip install 'presskit-pipeline[{part}]'"
    assert lacking == Row("parts", "wrong", f"“{part}” is not installed, but {why}", fix, "extra-missing")
    assert [row.verdict for row in machine.programs(house())] == ["ok", "ok"]


def test_the_time_is_told_in_the_offices_zone_and_that_the_system_keeps_it_right() -> None:
    first, second = machine.clocks(Told(is_right=True), NOW, "America/Toronto")
    fact = "it is Mon, 23 Nov 2026 09:30:00 -0500, time zone America/Toronto; the system keeps it right"
    assert first == Row("clock", "ok", fact)
    assert second.verdict == "ok"


def test_a_clock_nobody_keeps_right_and_a_system_without_a_second_one_are_to_be_looked_at() -> None:
    first, second = machine.clocks(Told(is_right=False, has_boot=False), NOW, "no/such-zone")
    assert first.verdict == second.verdict == "look"
    assert first.fact.startswith("it is Mon, 23 Nov 2026 14:30:00 +0000, time zone UTC; the system does not")
    assert first.fix.startswith("compare it with a clock you trust")


def test_folders_that_can_be_written_are_fine_and_nothing_is_left_in_them(tmp_path: Path) -> None:
    (row,) = machine.disks([("output", tmp_path)])
    assert row.subject == "output"
    assert row.fact.startswith("can be written; ")
    assert list(tmp_path.iterdir()) == []


def test_of_a_folder_that_is_missing_the_one_above_is_looked_at(tmp_path: Path) -> None:
    (row,) = machine.disks([("archive", tmp_path / "a" / "b")])
    assert row.fact.startswith("can be written; ")
    assert list(tmp_path.iterdir()) == []


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 256 kB."""
    made = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", tmp_path], capture_output=True)
    if made.returncode:
        pytest.skip("mounting a small disk needs root")
    yield tmp_path
    subprocess.run(["umount", tmp_path], check=True)


def test_a_disk_with_little_room_is_wrong(small_disk: Path) -> None:
    (row,) = machine.disks([("output", small_disk)])
    assert (row.verdict, row.fix) == ("wrong", "make room on this disk.")
    assert row.fact == "can be written; 0 MB free"


def test_a_full_disk_is_wrong(small_disk: Path) -> None:
    with pytest.raises(OSError, match="No space"):
        (small_disk / "full").write_bytes(b"x" * 300_000)
    (row,) = machine.disks([("output", small_disk)])
    assert (row.verdict, row.code) == ("wrong", "file-unwritable")
    assert row.fact == "nothing can be written there: No space left on device"


def test_a_disk_that_may_not_be_written_is_wrong(small_disk: Path) -> None:
    subprocess.run(["mount", "-o", "remount,ro", small_disk], check=True)
    (row,) = machine.disks([("data", small_disk)])
    assert row.fact == "nothing can be written there: Read-only file system"
    assert row.fix == f"make room, or see who may write to {small_disk}"
