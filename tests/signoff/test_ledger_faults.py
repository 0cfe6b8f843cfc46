from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from presskit.signoff.ledger import LOG
from tests.faults.injected import Fault, run_with
from tests.signoff.office import QUOTE, SmallOffice, start

if sys.platform == "win32":
    pytest.skip("forks and signals are POSIX's", allow_module_level=True)


@pytest.fixture
def office() -> Iterator[SmallOffice]:
    """An office in memory, if there is such a folder: thousands of files are synced."""
    memory = Path("/dev/shm")
    with TemporaryDirectory(dir=memory if os.access(memory, os.W_OK) else None) as folder:
        office = start(Path(folder) / "office")
        shutil.copytree(office.root, office.root.with_name("kept"))
        yield office


def synced(office: SmallOffice, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Enter what is synced from now on, by its path in the office."""
    seen: list[str] = []
    real = os.fsync

    def fsync(descriptor: int) -> None:
        seen.append(os.path.relpath(Path(f"/proc/self/fd/{descriptor}").readlink(), office.root))
        real(descriptor)

    monkeypatch.setattr(os, "fsync", fsync)
    return seen


@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="shows by which name a file was opened")
def test_a_record_and_the_folders_that_name_it_are_on_the_disk_before_the_log_names_it(
    office: SmallOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = synced(office, monkeypatch)
    office.approve("person:mayor", QUOTE)
    assert seen[-1] == LOG
    folders = ["data/releases/clinic/sign-off", "data/releases/clinic", "data/releases", "data", "."]
    assert seen[1:-1] == folders
    assert seen[0].startswith("data/releases/clinic/sign-off/")


def put_back(office: SmallOffice) -> None:
    shutil.rmtree(office.root)
    shutil.copytree(office.root.with_name("kept"), office.root)


def answer(office: SmallOffice) -> str:
    return next(found.answer for found in office.state().parts if found.part.name == QUOTE)


def logged(office: SmallOffice) -> bool:
    return b"approve-person-mayor" in office.workspace.journal(LOG)


def approve(office: SmallOffice) -> None:
    office.approve("person:mayor", QUOTE)


def steps_of(office: SmallOffice) -> int:
    result = run_with("kill", 10_000, office.root, lambda: approve(office))
    assert (result.raised, answer(office)) == ("", "approved")
    put_back(office)
    assert result.steps > 30, "the injector sees nothing"
    return result.steps


def test_killed_at_any_step_a_record_counts_whole_or_not_at_all_and_the_next_is_added(
    office: SmallOffice,
) -> None:
    outcomes = set()
    for step in range(steps_of(office)):
        assert run_with("kill", step, office.root, lambda: approve(office)).killed
        standing = office.standing()
        assert standing.ledger.broken is None
        half = [problem.code for problem in standing.problems()]
        assert answer(office) == ("approved" if logged(office) else "missing"), f"half a record: step {step}"
        assert half in ([], ["record-left-out"]), f"after a kill at step {step}"
        outcomes.add((answer(office), *half))
        office.reject("person:mayor", QUOTE)
        assert answer(office) == "rejected"
        office.approve("person:mayor", QUOTE)
        assert answer(office) == "approved"
        put_back(office)
    assert ("missing",) in outcomes
    assert ("missing", "record-left-out") in outcomes, "nothing fell between the file and the log"


@pytest.mark.parametrize("fault", ["fail once", "disk full", "disk gone"])
def test_a_disk_that_fails_at_any_step_is_said_and_what_was_acknowledged_counts(
    office: SmallOffice, fault: Fault
) -> None:
    said = 0
    for step in range(steps_of(office)):
        raised = run_with(fault, step, office.root, lambda: approve(office)).raised
        said += raised == "Unreadable"
        if not raised:
            assert answer(office) == "approved", f"acknowledged, but does not count: {fault} at step {step}"
        assert office.ledger().broken is None
        assert answer(office) == ("approved" if logged(office) else "missing")
        office.reject("person:mayor", QUOTE)
        assert answer(office) == "rejected", f"after {fault} at step {step}"
        put_back(office)
    assert said > 5
