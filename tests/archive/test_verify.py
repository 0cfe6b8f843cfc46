from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from presskit.archive.checkpoint import write_checkpoint
from presskit.archive.findings import CODES, Finding
from presskit.archive.layout import CHECKPOINT
from presskit.archive.merkle import Frontier
from presskit.archive.store import Archive
from presskit.archive.verify import Files, due_on, verify
from presskit.signoff.canon import Value
from presskit.signoff.chain import leaf_digest, next_line
from tests.archive.attacks import sign_anew
from tests.archive.deposits import (
    BRIDGE,
    BUDGET,
    OFFICE,
    ORIGIN,
    STRANGER,
    filled,
    found_in,
    kit,
    new_archive,
    put_revision,
    tree,
)


def codes(archive: Archive, checkpoints: list[bytes] | None = None) -> list[str]:
    return [finding.code for finding in found_in(archive, checkpoints)]


def test_an_empty_archive_is_in_order(tmp_path: Path) -> None:
    assert found_in(new_archive(tmp_path)) == ()


def test_looking_writes_nothing(tmp_path: Path) -> None:
    archive, checkpoints = filled(tmp_path)
    before = tree(tmp_path)
    found_in(archive, checkpoints)
    assert tree(tmp_path) == before


def test_nothing_beside_the_archive_is_needed(tmp_path: Path) -> None:
    archive, checkpoints = filled(tmp_path)
    shutil.rmtree(archive.site.work)
    assert found_in(archive, checkpoints) == ()
    put_revision(archive, BRIDGE, 4)
    assert found_in(archive, [*checkpoints, archive.checkpoint()]) == ()


def test_an_archive_can_be_moved(tmp_path: Path) -> None:
    archive, checkpoints = filled(tmp_path)
    moved = Archive.open(archive.root.rename(tmp_path / "elsewhere"))
    assert found_in(moved, checkpoints) == ()


def test_the_signature_layer_sees_every_file_of_every_version(tmp_path: Path) -> None:
    archive, _ = filled(tmp_path)
    seen: dict[tuple[str, int], dict[str, bytes]] = {}

    def look(object_id: str, version: int, files: Files) -> Iterator[Finding]:
        seen[object_id, version] = {name: read() for name, read in files.items()}
        yield Finding("signature", object_id, version, "", "said.", "-", "said")

    found = found_in(archive, None, look)
    assert len(found) == 6
    assert seen == {
        (object_id, version): kit(object_id.rpartition(":")[2], version)
        for object_id in (BRIDGE, BUDGET)
        for version in (1, 2, 3)
    }


def test_the_signature_layer_does_not_see_a_file_that_is_missing(tmp_path: Path) -> None:
    archive, _ = filled(tmp_path)
    (archive.site.folder(BRIDGE) / "v2/content/release.yaml").unlink()
    lacking: list[int] = []

    def look(object_id: str, version: int, files: Files) -> Iterator[Finding]:
        if object_id == BRIDGE and "release.yaml" not in files:
            lacking.append(version)
        return iter(())

    assert [finding.code for finding in found_in(archive, None, look)] == ["file-missing"]
    assert lacking == [2]


LINES = {
    "a line changed": lambda lines: [lines[0].replace(b'"version":1', b'"version":2'), *lines[1:]],
    "two lines swapped": lambda lines: [lines[1], lines[0], *lines[2:]],
    "a line taken out": lambda lines: [*lines[:2], *lines[3:]],
    "a line twice": lambda lines: [*lines[:3], *lines[2:]],
    "a line that is none": lambda lines: [*lines[:3], b"hello", *lines[3:]],
}


@pytest.mark.parametrize("change", LINES.values(), ids=LINES.keys())
def test_a_line_that_does_not_follow_breaks_the_chain(tmp_path: Path, change: object) -> None:
    archive, _ = filled(tmp_path)
    lines = archive.site.log.file.read_bytes().splitlines()
    assert callable(change)
    archive.site.log.file.write_bytes(b"".join(line + b"\n" for line in change(lines)))
    assert "log-broken" in codes(archive)


WRONG: dict[str, dict[str, Value]] = {
    "a version too high": {"version": 9},
    "a version again": {"version": 3},
    "no version": {"version": "4"},
    "truth for a version": {"version": True},
    "a strange action": {"version": 4, "action": "forget"},
    "a removal of another version": {"version": 2, "action": "purge"},
    "no digest": {"version": 4, "inventory_sha512": 5},
    "no time": {"version": 4, "at": None},
}


@pytest.mark.parametrize("facts", WRONG.values(), ids=WRONG.keys())
def test_a_line_that_can_not_be_true_is_named(tmp_path: Path, facts: dict[str, Value]) -> None:
    archive, _ = filled(tmp_path)
    lines = archive.site.log.file.read_bytes().splitlines()
    right: dict[str, Value] = {
        "object": BRIDGE,
        "version": 4,
        "action": "deposit",
        "at": "2026-11-30T09:30:00Z",
        "inventory_sha512": "0" * 128,
    }
    lines.append(next_line(lines[-1], right | facts))
    sign_anew(archive.site.log, lines)
    assert codes(archive) == ["log-wrong"]


def test_a_line_after_a_removal_is_named(tmp_path: Path) -> None:
    archive, _ = filled(tmp_path)
    lines = archive.site.log.file.read_bytes().splitlines()
    last = archive.site.log.chain().entries[4].facts
    for action in ("purge", "deposit"):
        lines.append(next_line(lines[-1], {**last, "action": action}))
    sign_anew(archive.site.log, lines)
    assert set(codes(archive)) == {"log-wrong", "purged-unproven", "purged-still-there"}


def test_objects_and_versions_the_log_does_not_know_are_named(tmp_path: Path) -> None:
    archive, _ = filled(tmp_path)
    lines = archive.site.log.file.read_bytes().splitlines()
    sign_anew(archive.site.log, lines[:1])
    assert {(f.code, f.object_id, f.version) for f in found_in(archive)} == {
        ("object-unlogged", BUDGET, 0),
        ("version-unlogged", BRIDGE, 2),
        ("version-unlogged", BRIDGE, 3),
    }


def test_a_version_folder_without_its_list_is_not_the_logged_one(tmp_path: Path) -> None:
    archive, _ = filled(tmp_path)
    (archive.site.folder(BRIDGE) / "v2" / "inventory.json").unlink()
    assert {"W010", "version-changed"} <= set(codes(archive))


def test_an_object_that_can_not_be_read_at_all_is_still_the_logged_one(tmp_path: Path) -> None:
    archive, _ = filled(tmp_path)
    (archive.site.folder(BRIDGE) / "inventory.json").write_bytes(b"{")
    assert [(f.layer, f.code) for f in found_in(archive)] == [("structure", "E033")]
    assert "object-removed" not in codes(archive)


def test_each_checkpoint_that_does_not_fit_is_named(tmp_path: Path) -> None:
    archive, checkpoints = filled(tmp_path)
    lines = archive.site.log.file.read_bytes().splitlines()
    sign_anew(archive.site.log, lines[:4])
    found = [f for f in found_in(archive, checkpoints) if f.layer == "checkpoint"]
    assert [f.code for f in found] == ["checkpoint-truncated"]
    assert "number 3 saw 6 lines, the log has 4" in found[0].what


def other_log(size: int) -> bytes:
    leaves = [leaf_digest(b"other %d" % number) for number in range(size)]
    return write_checkpoint(ORIGIN, Frontier().grown(leaves), OFFICE)


def test_two_logs_under_one_name_are_a_fork(tmp_path: Path) -> None:
    archive, checkpoints = filled(tmp_path)
    assert set(codes(archive, [checkpoints[1], other_log(4)])) == {
        "checkpoint-forked",
        "checkpoint-rewritten",
    }
    ahead = [other_log(9), write_checkpoint(ORIGIN, Frontier(9, (b"\1" * 32, b"\2" * 32)), OFFICE)]
    assert set(codes(archive, ahead)) == {"checkpoint-forked", "checkpoint-truncated"}


def test_a_checkpoint_of_nothing_fits_every_log_of_that_name(tmp_path: Path) -> None:
    archive, _ = filled(tmp_path)
    assert codes(archive, [write_checkpoint(ORIGIN, Frontier(), OFFICE)]) == []
    wrong = write_checkpoint(ORIGIN, Frontier(0, (b"\0" * 32,)), OFFICE)
    assert codes(archive, [wrong]) == ["checkpoint-rewritten"]


def test_a_checkpoint_of_somebody_else_does_not_count(tmp_path: Path) -> None:
    archive, _ = filled(tmp_path)
    frontier = archive.site.log.frontier()
    for note in (
        write_checkpoint(ORIGIN, frontier, STRANGER),
        write_checkpoint("example.org/other", frontier, OFFICE),
        b"",
    ):
        assert codes(archive, [note]) == ["checkpoint-unsigned"]
        (finding,) = found_in(archive, [note])
        assert "the archive itself may be sound" in finding.fix
    assert {f.code for f in verify(archive, keys=[STRANGER.public])} == {"checkpoint-unsigned"}


def test_a_newest_checkpoint_that_was_changed_is_noticed(tmp_path: Path) -> None:
    archive, _ = filled(tmp_path)
    file = archive.root / CHECKPOINT
    file.write_bytes(file.read_bytes().replace(b"\n6\n", b"\n5\n"))
    assert codes(archive) == ["checkpoint-unsigned"]


def test_a_renamed_log_fits_no_checkpoint(tmp_path: Path) -> None:
    archive, checkpoints = filled(tmp_path)
    (archive.root / "origin.txt").write_text("example.org/other\n")
    renamed = Archive.open(archive.root)
    assert codes(renamed, checkpoints) == ["checkpoint-unsigned"] * 4


def test_an_object_that_is_asked_for_and_not_there_is_named(tmp_path: Path) -> None:
    archive, _ = filled(tmp_path)
    (found,) = verify(archive, object_ids=["urn:presskit:example.org:none"], keys=[OFFICE.public])
    assert found.code == "object-unlogged"
    shutil.rmtree(archive.site.folder(BRIDGE))
    (found,) = verify(archive, object_ids=[BRIDGE], keys=[OFFICE.public])
    assert (found.code, found.object_id) == ("object-removed", BRIDGE)


def test_a_finding_reads_as_a_sentence_with_its_fix(tmp_path: Path) -> None:
    archive, _ = filled(tmp_path)
    (archive.site.folder(BRIDGE) / "v1/content/release.yaml").write_bytes(b"other words")
    (found,) = found_in(archive)
    assert str(found) == (
        f"{archive.site.folder(BRIDGE).relative_to(archive.root).as_posix()}/v1/content/release.yaml: "
        "this file is not what was deposited.\n"
        "    fix: put it back from a copy whose digest is the one in the log.  [fixity: file-changed]"
    )


def test_every_code_of_our_own_is_given_by_the_code_and_explained() -> None:
    package = Path(__file__).parents[2] / "presskit" / "archive"
    code = "".join(file.read_text("utf-8") for file in package.glob("*.py") if file.stem != "findings")
    assert len(CODES) > 15
    assert [name for name in CODES if f'"{name}"' not in code] == []


def test_each_object_comes_up_once_within_ninety_days() -> None:
    objects = [f"urn:presskit:example.org:{number}" for number in range(900)]
    days = [due_on(date(2026, 11, 23) + timedelta(days=number), objects) for number in range(90)]
    assert sorted(found for day in days for found in day) == sorted(objects)
    assert max(map(len, days)) < 30
