from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from presskit.errors import ExitCode, Unreadable
from presskit.first_office import start_office
from presskit.workspace import Workspace
from tests.faults.injected import Fault, run_with

if sys.platform == "win32":
    pytest.skip("forks, signals and small disks are POSIX's", allow_module_level=True)
import resource

NOW = datetime(2026, 11, 23, tzinfo=UTC)
OLD = {"bridge.pdf": b"old pdf " * 50, "bridge.docx": b"old word " * 50, "bridge.html": b"same in both"}
NEW = {
    "bridge.pdf": b"new pdf " * 70,
    "bridge.docx": b"new word " * 70,
    "bridge.html": b"same in both",
    "bridge.txt": b"only in the new kit",
}
OTHER = {"other.txt": b"a file of its own"}


@pytest.fixture
def office() -> Iterator[Workspace]:
    """An office with the old kit, in memory if there is such a folder: thousands of files are synced."""
    memory = Path("/dev/shm")
    with TemporaryDirectory(dir=memory if os.access(memory, os.W_OK) else None) as folder:
        workspace = Workspace(Path(folder).resolve(), NOW)
        workspace.save("bridge", OLD)
        yield workspace


def kit(office: Workspace) -> dict[str, bytes]:
    """The files of the kit as a person sees them, without the work folder of a killed save."""
    return {p.name: p.read_bytes() for p in (office.root / "output" / "bridge").iterdir() if p.is_file()}


def left_over(office: Workspace) -> list[str]:
    return sorted(p.name for p in (office.root / "output" / "bridge").iterdir() if p.name.startswith("."))


def steps_of(office: Workspace, work: Callable[[], object]) -> int:
    """How many steps a save takes when nothing goes wrong, measured on a copy that is put back."""
    result = run_with("kill", 10_000, office.root, work)
    assert result.steps > 30, "the injector sees nothing"
    office.save("bridge", OLD)
    for name in kit(office).keys() - OLD.keys():
        (office.root / "output" / "bridge" / name).unlink()
    return result.steps


def reset(office: Workspace) -> None:
    for path in (office.root / "output" / "bridge").iterdir():
        if path.is_file():
            path.unlink()
    office.save("bridge", OLD)
    assert (kit(office), left_over(office)) == (OLD, [])


@pytest.mark.parametrize("fault", ["kill", "tear"])
def test_killed_at_any_step_every_file_is_whole_and_the_next_save_makes_the_kit_whole(
    office: Workspace, fault: Fault
) -> None:
    def save() -> object:
        return office.save("bridge", NEW)

    mixed = 0
    for step in range(steps_of(office, save)):
        killed = run_with(fault, step, office.root, save).killed
        assert killed or fault == "tear"
        for name, content in kit(office).items():
            assert content in (OLD.get(name), NEW[name]), f"{name} is torn after a kill at step {step}"
        mixed += kit(office) not in (OLD, NEW)
        office.save("bridge", OTHER)
        assert kit(office) in (OLD | OTHER, NEW | OTHER), f"a mixed kit after a kill at step {step}"
        assert left_over(office) == []
        reset(office)
    assert mixed or fault == "tear", "no kill fell between two renames, so undoing was never tried"


def test_killed_while_undoing_the_next_save_undoes_the_rest(office: Workspace) -> None:
    def save() -> object:
        return office.save("bridge", NEW)

    def save_other() -> object:
        return office.save("bridge", OTHER)

    steps, undone = steps_of(office, save), 0
    for first in range(steps - 14, steps - 2, 3):
        for second in range(24):
            run_with("kill", first, office.root, save)
            undone += run_with("kill", second, office.root, save_other).killed
            office.save("bridge", OTHER)
            assert kit(office) in (OLD | OTHER, NEW | OTHER), f"mixed after kills at {first} and {second}"
            assert left_over(office) == []
            reset(office)
    assert undone > 30


def test_after_a_failure_at_any_step_the_old_kit_stands_and_nothing_else_is_left(office: Workspace) -> None:
    def save() -> object:
        return office.save("bridge", NEW)

    failures = 0
    for step in range(steps_of(office, save)):
        result = run_with("fail once", step, office.root, save)
        assert result.raised in ("Unreadable", "")
        if result.raised:
            failures += 1
            assert (kit(office), left_over(office)) == (OLD, []), f"after a failure at step {step}"
        else:
            assert kit(office) == NEW, f"no error, but not the new kit: step {step}"
        reset(office)
    assert failures > 20


def test_a_disk_that_fills_up_leaves_the_old_kit(office: Workspace) -> None:
    def save() -> object:
        return office.save("bridge", NEW)

    for step in range(steps_of(office, save)):
        result = run_with("disk full", step, office.root, save)
        assert kit(office) == (OLD if result.raised else NEW), f"full from step {step}"
        office.save("bridge", OTHER)
        assert kit(office) == (OLD if result.raised else NEW) | OTHER
        assert left_over(office) == []
        reset(office)


def test_a_disk_that_goes_away_leaves_a_kit_the_next_save_makes_whole(office: Workspace) -> None:
    def save() -> object:
        return office.save("bridge", NEW)

    for step in range(steps_of(office, save)):
        run_with("disk gone", step, office.root, save)
        office.save("bridge", OTHER)
        assert kit(office) in (OLD | OTHER, NEW | OTHER), f"gone from step {step}"
        assert left_over(office) == []
        reset(office)


# --- real disks ----------------------------------------------------------------------------------------


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 256 kB."""
    made = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", tmp_path], capture_output=True)
    if made.returncode:
        pytest.skip("mounting a small disk needs root")
    yield tmp_path.resolve()
    subprocess.run(["umount", tmp_path], check=True)


def test_a_full_disk_is_said_and_leaves_the_old_kit(small_disk: Path) -> None:
    office = Workspace(small_disk, NOW)
    office.save("bridge", OLD)
    with pytest.raises(Unreadable, match="No space left on device") as error:
        office.save("bridge", {**NEW, "bridge.pdf": b"x" * 400_000})
    assert error.value.exit_code == ExitCode.UNREADABLE
    assert [problem.code for problem in error.value.problems] == ["file-unwritable"]
    assert (kit(office), left_over(office)) == (OLD, [])
    with pytest.raises(Unreadable):
        office.save("fresh", {"fresh.pdf": b"x" * 400_000})
    assert not (small_disk / "output" / "fresh").exists()
    with pytest.raises(Unreadable):
        office.add("data/releases/fresh/photo.jpg", b"x" * 400_000)
    assert list((small_disk / "data" / "releases" / "fresh").iterdir()) == []


def test_an_office_that_does_not_fit_on_the_disk_leaves_nothing(small_disk: Path) -> None:
    with pytest.raises(Unreadable, match="No space left on device") as error:
        start_office(small_disk / "offices" / "ours", NOW)
    assert [problem.code for problem in error.value.problems] == ["file-unwritable"]
    assert [path.name for path in small_disk.rglob("*")] == ["offices"]


def test_a_disk_that_may_not_be_written_is_said(small_disk: Path) -> None:
    office = Workspace(small_disk, NOW)
    office.save("bridge", OLD)
    subprocess.run(["mount", "-o", "remount,ro", small_disk], check=True)
    with pytest.raises(Unreadable, match="Read-only file system") as error:
        office.save("bridge", NEW)
    assert [problem.code for problem in error.value.problems] == ["file-unwritable"]
    assert (kit(office), left_over(office)) == (OLD, [])


def test_a_file_larger_than_the_system_allows_leaves_the_old_kit(office: Workspace) -> None:
    def save() -> object:
        resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))
        return office.save("bridge", {**NEW, "bridge.pdf": b"x" * 30_000})

    assert run_with("kill", 10_000, office.root, save).raised == "Unreadable"
    assert (kit(office), left_over(office)) == (OLD, [])


# --- others at the same time ---------------------------------------------------------------------------

SAVER = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from presskit.first_office import start_office
from presskit.workspace import Workspace
office, mark = Workspace(Path(sys.argv[1]), datetime.now(UTC)), sys.argv[2]
for _ in range(60):
    office.save("bridge", {f"bridge.{n}": mark.encode() * 3000 for n in range(4)})
"""


def test_two_builds_at_once_wait_for_each_other(office: Workspace) -> None:
    savers = [subprocess.Popen([sys.executable, "-c", SAVER, office.root, mark]) for mark in "ab"]
    assert [saver.wait(60) for saver in savers] == [0, 0]
    contents = {content for name, content in kit(office).items() if name not in OLD}
    assert contents in ({b"a" * 3000}, {b"b" * 3000})
    assert left_over(office) == []


def test_a_folder_that_may_not_be_read_is_said_not_raised() -> None:
    with TemporaryDirectory() as top:
        office = Workspace(Path(top).resolve(), NOW)
        (office.root / "data").mkdir(mode=0)
        (office.root / "house.yaml").touch(mode=0)
        office.root.chmod(0o755)
        said = run_with("kill", 10_000, office.root, lambda: _read_as_nobody(office))
    assert said.raised == "Both"


def _read_as_nobody(office: Workspace) -> None:
    if os.geteuid() == 0:
        os.seteuid(65534)
    for read in (lambda: office.names("data"), lambda: office.read("house.yaml")):
        with pytest.raises(Unreadable) as error:
            read()
        assert [problem.code for problem in error.value.problems] == ["file-unreadable"]
    raise Both


class Both(Exception):
    """Both were refused as they should."""
