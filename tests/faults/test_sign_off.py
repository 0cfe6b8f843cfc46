"""The program is killed while it signs off or deposits: nothing counts twice, and the next run ends it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from presskit import pipeline
from tests.archive.forgery import archive_of, found_in, kept
from tests.faults.injected import run_with
from tests.signed_office import FOLDER, OBJECT, RING_OBJECT, SLUG, Desk, Stages
from tests.signoff.office import key_of


def copies(stages: Stages, tmp_path: Path) -> Desk:
    shutil.rmtree(tmp_path / "office", ignore_errors=True)
    return stages.copy("approved", tmp_path / "office")


def closing(desk: Desk) -> None:
    desk.sign("kim")


def steps_of(desk: Desk, folder: Path, work: object) -> int:
    return run_with("kill", 10**6, folder, work).steps  # type: ignore[arg-type]


def test_killed_while_the_sign_off_is_closed_it_is_open_or_closed_and_never_half(
    stages: Stages, tmp_path: Path
) -> None:
    desk = copies(stages, tmp_path)
    desk.sign("lee")
    before = tmp_path / "before"
    shutil.copytree(desk.root, before)
    data, output = desk.root / "data", desk.root / "output"
    count = {}
    for folder in (data, output):
        count[folder] = steps_of(desk, folder, lambda: closing(desk))
        shutil.rmtree(desk.root)
        shutil.copytree(before, desk.root)
    assert all(number > 5 for number in count.values()), count
    closed = 0
    for folder, number in count.items():
        for step in chosen_steps(number):
            shutil.rmtree(desk.root)
            shutil.copytree(before, desk.root)
            assert run_with("kill", step, folder, lambda: closing(desk)).killed
            state = pipeline.standing(SLUG, desk.office).state
            if not state.cleared:
                desk.sign("kim")
            closed += state.cleared
            state = pipeline.standing(SLUG, desk.office).state
            assert state.cleared
            assert state.kit.closing is not None
            assert state.kit.closing.decision.reference == "2026-0001"
            desk.archive()
            pipeline.build(SLUG, desk.office, pipeline.chosen_formats(()))
            signed = {
                f"kit/{name}": content for name, content in desk.built().items() if name.startswith(SLUG)
            }
            assert len(signed) == 5
            assert signed.items() <= kept(archive_of(desk)).items()
    assert closed > 3, "some of the kills have to come after the record"


def chosen_steps(number: int) -> list[int]:
    """All steps of a short run; of a long one about ten, and the last three."""
    return sorted({*range(0, number, max(1, number // 10)), *range(max(0, number - 3), number)})


def test_killed_between_sign_off_and_deposit_a_run_without_a_name_ends_it_once(
    stages: Stages, tmp_path: Path
) -> None:
    desk = copies(stages, tmp_path)
    desk.sign("lee")
    desk.sign("kim")
    before = tmp_path / "before"
    shutil.copytree(desk.root, before)
    output = desk.root / "output"
    number = steps_of(desk, output, lambda: desk.archive())
    assert number > 100
    for step in chosen_steps(number):
        shutil.rmtree(desk.root)
        shutil.copytree(before, desk.root)
        assert run_with("kill", step, output, lambda: desk.archive()).killed
        for _ in range(2):
            for slug in pipeline.signed_off(desk.office):
                assert pipeline.deposit(slug, desk.office, key_of("clerk")).deposited.version == 1
        archive = archive_of(desk)
        assert (set(archive.versions(OBJECT)), set(archive.versions(RING_OBJECT))) == ({1}, {1})
        assert found_in(desk, archive.checkpoint()) == ()


@pytest.mark.parametrize("fault", ["disk full", "disk gone"])
def test_a_disk_that_fails_leaves_no_record_that_counts_half(
    stages: Stages, tmp_path: Path, fault: str
) -> None:
    desk = copies(stages, tmp_path)
    before = sorted(p.name for p in (desk.root / FOLDER).iterdir())
    data = desk.root / "data"
    number = steps_of(desk, data, lambda: desk.sign("lee"))
    shutil.rmtree(desk.root)
    for step in chosen_steps(number):
        desk = copies(stages, tmp_path)
        run_with(fault, step, data, lambda: desk.sign("lee"))  # type: ignore[arg-type] # noqa: B023
        signers = pipeline.standing(SLUG, desk.office).state.kit.signers
        named = sorted(p.name for p in (desk.root / FOLDER).iterdir())
        assert len(signers) in (0, 1)
        if not signers:
            desk.sign("lee")
        assert set(before) <= set(named)
        assert [s.signer.principal for s in pipeline.standing(SLUG, desk.office).state.kit.signers] == [
            "person:lee"
        ]
