from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from presskit.archive.layout import newest_version
from presskit.archive.purge import purge
from presskit.archive.store import Archive
from presskit.errors import ArchiveDamaged, Unreadable
from tests.archive.deposits import (
    BRIDGE,
    BUDGET,
    MONDAY,
    OFFICE,
    found_in,
    kit,
    new_archive,
    put,
    put_revision,
    tree,
)
from tests.faults.injected import Fault, run_with

if sys.platform == "win32":
    pytest.skip("forks, signals and small disks are POSIX's", allow_module_level=True)

Work = Callable[[], object]


@pytest.fixture
def place() -> Iterator[Path]:
    """A folder in memory if there is such a thing: thousands of files are synced."""
    memory = Path("/dev/shm")
    with TemporaryDirectory(dir=memory if os.access(memory, os.W_OK) else None) as folder:
        yield Path(folder).resolve()


def begun(place: Path, versions: int) -> Archive:
    """An archive with a release of so many versions, and another release beside it."""
    archive = new_archive(place)
    put_revision(archive, BUDGET, 1)
    for revision in range(1, versions + 1):
        put_revision(archive, BRIDGE, revision)
    return archive


class Copies:
    """Puts a folder back as it was, as often as is wanted."""

    def __init__(self, place: Path, name: str = "saved") -> None:
        self.place, self.saved = place, place.with_name(name)
        shutil.copytree(place, self.saved)

    def put_back(self) -> None:
        shutil.rmtree(self.place)
        shutil.copytree(self.saved, self.place)


@pytest.fixture
def inside(place: Path) -> Path:
    (place / "office").mkdir()
    return place / "office"


def steps_of(copies: Copies, work: Work) -> int:
    steps = run_with("kill", 100_000, copies.place, work).steps
    assert steps > 30, "the injector sees nothing"
    copies.put_back()
    return steps


def recover(archive: Archive) -> bool:
    return bool(archive.recover(at=MONDAY, signer=OFFICE))


def require_whole(archive: Archive, acknowledged: int, at: str) -> None:
    """Nothing is wrong, what was acknowledged is there, and every version is right byte by byte."""
    assert found_in(archive, [archive.checkpoint()]) == (), at
    number = newest_version(archive.site.folder(BRIDGE))
    assert number >= acknowledged, at
    for version in range(1, number + 1):
        files = archive.files(BRIDGE, version)
        assert {name: archive.read(BRIDGE, name, version) for name in files} == kit("bridge", version), at
    assert archive.read(BUDGET, "release.yaml", 1) == kit("budget", 1)["release.yaml"]
    assert not archive.site.staging.exists(), at


@pytest.mark.parametrize("versions", [0, 1, 2])
@pytest.mark.parametrize("fault", ["kill", "tear"])
def test_killed_at_any_step_of_a_deposit_the_archive_is_made_whole(
    inside: Path, fault: Fault, versions: int
) -> None:
    archive = begun(inside, versions)
    copies = Copies(inside)

    def work() -> object:
        return put_revision(archive, BRIDGE, versions + 1)

    half_done = 0
    for step in range(steps_of(copies, work)):
        result = run_with(fault, step, inside, work)
        assert result.killed or fault == "tear"
        half_done += result.killed and newest_version(archive.site.folder(BRIDGE)) > versions
        recover(archive)
        acknowledged = not result.killed and not result.raised
        require_whole(archive, versions + acknowledged, f"{fault} at step {step}")
        assert not recover(archive), f"recovery is not done after {fault} at step {step}"
        assert put(archive, BRIDGE, kit("bridge", versions + 1)).version == versions + 1
        copies.put_back()
    assert half_done > 3 or fault == "tear", "no kill fell between the rename and the end"


@pytest.mark.parametrize("versions", [0, 1])
def test_the_next_deposit_makes_whole_what_a_kill_left(inside: Path, versions: int) -> None:
    archive = begun(inside, versions)
    copies = Copies(inside)

    def work() -> object:
        return put_revision(archive, BRIDGE, versions + 1)

    logged = 0
    for step in range(steps_of(copies, work)):
        run_with("kill", step, inside, work)
        done = put_revision(archive, BUDGET, 2)
        logged += done.recovered.logged == ((BRIDGE, versions + 1),)
        require_whole(archive, versions, f"kill at step {step}")
        copies.put_back()
    assert logged > 5


@pytest.mark.parametrize("versions", [0, 1])
def test_killed_while_recovering_the_next_recovery_ends_it(inside: Path, versions: int) -> None:
    archive = begun(inside, versions)
    copies = Copies(inside)

    def work() -> object:
        return put_revision(archive, BRIDGE, versions + 1)

    steps = steps_of(copies, work)
    killed_in_recovery = 0
    for first in range(steps // 3, steps, 5):
        run_with("kill", first, inside, work)
        broken = Copies(inside, "broken")
        needed = run_with("kill", 100_000, inside, lambda: recover(archive)).steps
        for second in range(0, needed, 2):
            broken.put_back()
            killed_in_recovery += run_with("kill", second, inside, lambda: recover(archive)).killed
            recover(archive)
            require_whole(archive, versions, f"kills at {first} and {second}")
        shutil.rmtree(broken.saved)
        copies.put_back()
    assert killed_in_recovery > 50


def test_killed_at_any_step_of_a_removal_the_release_is_there_or_gone(inside: Path) -> None:
    archive = begun(inside, 2)
    before = archive.checkpoint()
    copies = Copies(inside)

    def work() -> object:
        return purge(archive, BRIDGE, ground="Court order", user_name="Desk", at=MONDAY, signer=OFFICE)

    gone = there = 0
    for step in range(steps_of(copies, work)):
        assert run_with("kill", step, inside, work).killed
        recover(archive)
        assert found_in(archive, [before, archive.checkpoint()]) == (), f"kill at step {step}"
        left = b"".join(tree(inside).values())
        if archive.objects() == (BRIDGE, BUDGET):
            there += 1
            require_whole(archive, 2, f"kill at step {step}")
        else:
            gone += 1
            assert kit("bridge", 2)["kit/bridge.pdf"] not in left, f"content is left after step {step}"
        copies.put_back()
    assert gone > 5
    assert there > 5


def test_killed_while_the_archive_is_made_it_is_made_the_next_time(inside: Path) -> None:
    copies = Copies(inside)
    for step in range(steps_of(copies, lambda: new_archive(inside))):
        run_with("kill", step, inside, lambda: new_archive(inside))
        archive = new_archive(inside)
        put_revision(archive, BRIDGE, 1)
        assert found_in(archive) == (), f"kill at step {step}"
        copies.put_back()


@pytest.mark.parametrize("fault", ["fail once", "disk full", "disk gone"])
@pytest.mark.parametrize("versions", [0, 1])
def test_a_disk_that_refuses_at_any_step_loses_nothing(inside: Path, fault: Fault, versions: int) -> None:
    archive = begun(inside, versions)
    copies = Copies(inside)

    def work() -> object:
        return put_revision(archive, BRIDGE, versions + 1)

    refused = 0
    for step in range(steps_of(copies, work)):
        result = run_with(fault, step, inside, work)
        assert result.raised in ("", "Unreadable"), f"{fault} at step {step}"
        refused += result.raised == "Unreadable"
        done = put(archive, BRIDGE, kit("bridge", versions + 1))
        assert done.version == versions + 1, f"{fault} at step {step}"
        require_whole(archive, versions + 1, f"{fault} at step {step}")
        copies.put_back()
    assert refused > 25


def test_a_full_disk_is_said_in_plain_words(small_disk: Path) -> None:
    archive = new_archive(small_disk)
    put_revision(archive, BRIDGE, 1)
    with pytest.raises(Unreadable, match="No space left on device") as error:
        put(archive, BRIDGE, kit("bridge", 2) | {"kit/large.pdf": b"x" * 2_000_000})
    (problem,) = error.value.problems
    assert problem.code == "file-unwritable"
    assert "What was deposited before is as it was" in problem.what
    assert not archive.site.staging.exists()
    assert put_revision(archive, BRIDGE, 2).version == 2
    assert found_in(archive, [archive.checkpoint()]) == ()


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of one megabyte."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", folder], capture_output=True)
    if mounted.returncode:
        pytest.skip("only root may mount a small disk")
    yield folder
    subprocess.run(["umount", folder], check=True)


# --- killed from outside, at any time ------------------------------------------------------------------

WRITER = """
import sys
from pathlib import Path
from presskit.archive.store import Archive
from tests.archive.deposits import BRIDGE, put_revision
archive = Archive.open(Path(sys.argv[1]))
print("ready", flush=True)
for revision in range(1, 61):
    put_revision(archive, BRIDGE, revision)
    print(revision, flush=True)
print("end", flush=True)
"""


def test_sixty_kills_from_outside_lose_nothing(tmp_path: Path) -> None:
    (tmp_path / "office").mkdir()
    archive = begun(tmp_path / "office", 0)
    copies = Copies(tmp_path / "office")
    rng = random.Random(7)
    mid_write = 0
    for attempt in range(60):
        with subprocess.Popen([sys.executable, "-c", WRITER, archive.root], stdout=subprocess.PIPE) as writer:
            assert writer.stdout is not None
            assert writer.stdout.readline() == b"ready\n"
            time.sleep(rng.uniform(0, 0.05))
            while writer.poll() is None and not archive.site.staging.exists():
                pass
            time.sleep(rng.uniform(0, 0.004))
            writer.kill()
            said = writer.stdout.read().split()
        assert b"end" not in said, "the writer was too quick to be killed"
        mid_write += archive.site.staging.exists()
        recover(archive)
        require_whole(archive, len(said), f"attempt {attempt}")
        copies.put_back()
    assert mid_write >= 30, f"only {mid_write} of 60 kills fell into a deposit"


def test_a_removed_version_is_no_crash(inside: Path) -> None:
    archive = begun(inside, 2)
    shutil.rmtree(archive.site.folder(BRIDGE) / "v2")
    with pytest.raises(ArchiveDamaged):
        recover(archive)
