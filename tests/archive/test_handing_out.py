from __future__ import annotations

from pathlib import Path

import pytest

from presskit.archive.handing_out import hand_out
from presskit.errors import Unreadable, WrongUsage
from tests.faults.injected import run_with

FILES = {"kit/a.pdf": b"the PDF", "release.yaml": b"headline: A\n", "sign-off/evidence/été.eml": b""}


def lying(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def test_files_are_written_into_a_new_folder_with_those_above_it(tmp_path: Path) -> None:
    target = tmp_path / "deep" / "er"
    assert hand_out(FILES.items(), target) == target
    assert lying(target) == FILES
    assert [p.name for p in target.parent.iterdir()] == ["er"]


@pytest.mark.parametrize("there", ["a folder", "a file", "a link to nothing"])
def test_nothing_is_written_over(tmp_path: Path, there: str) -> None:
    target = tmp_path / "there"
    match there:
        case "a folder":
            target.mkdir()
        case "a file":
            target.write_text("mine")
        case _:
            target.symlink_to("nowhere")
    with pytest.raises(WrongUsage, match="there is something of this name already"):
        hand_out(FILES.items(), target)
    assert (
        not any(target.iterdir())
        if there == "a folder"
        else target.is_symlink() or target.read_text() == "mine"
    )


@pytest.mark.parametrize("name", ["../out", "/etc/passwd", "a/../../b", "a//b", "", "a\0b"])
def test_a_name_that_leads_out_writes_nothing(tmp_path: Path, name: str) -> None:
    with pytest.raises(Unreadable):
        hand_out({"release.yaml": b"", name: b"evil"}.items(), tmp_path / "in" / "out")
    assert not (tmp_path / "in" / "out").exists()
    assert [p for p in tmp_path.rglob("*") if p.is_file()] == []


def test_a_disk_that_fails_leaves_no_half(tmp_path: Path) -> None:
    count = run_with("kill", 10**6, tmp_path, lambda: hand_out(FILES.items(), tmp_path / "count")).steps
    assert count > 5
    for step in range(count):
        target = tmp_path / f"out-{step}"
        result = run_with("disk full", step, tmp_path, lambda: hand_out(FILES.items(), target))  # noqa: B023
        assert result.raised in ("Unreadable", "")
        assert lying(target) == (FILES if target.exists() else {})
