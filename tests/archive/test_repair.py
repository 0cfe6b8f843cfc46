from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from presskit.archive.purge import purge
from presskit.archive.repair import repair
from presskit.archive.store import Archive
from presskit.errors import ArchiveDamaged, WrongUsage
from tests.archive.attacks import ATTACKS, replace_the_pdf, rewrite_log
from tests.archive.deposits import BRIDGE, MONDAY, OFFICE, filled, found_in, tree


@pytest.fixture
def two(tmp_path: Path) -> tuple[Archive, Path]:
    """An archive, and a copy of it."""
    archive, _ = filled(tmp_path)
    copy = tmp_path / "copy"
    shutil.copytree(archive.root, copy)
    return archive, copy


REPAIRABLE = [
    name
    for name, (_, layers) in ATTACKS.items()
    if "checkpoint" not in layers and name[:2] not in ("03", "15")
]


@pytest.mark.parametrize("name", REPAIRABLE)
def test_what_was_done_to_one_copy_is_undone_from_the_other(two: tuple[Archive, Path], name: str) -> None:
    archive, copy = two
    whole = tree(archive.root)
    ATTACKS[name][0](archive)
    done = repair(archive, BRIDGE, copy)
    assert done
    there = tree(archive.root)
    assert {path: there.get(path) for path in whole} == whole
    assert {f.code for f in found_in(archive)} <= {"file-untracked"}
    assert repair(archive, BRIDGE, copy) == ()


def test_a_whole_object_is_left_alone(two: tuple[Archive, Path]) -> None:
    archive, copy = two
    assert repair(archive, BRIDGE, copy) == ()


def test_a_copy_is_believed_only_as_far_as_the_log(two: tuple[Archive, Path]) -> None:
    archive, copy = two
    path = archive.site.folder(BRIDGE).relative_to(archive.root) / "v2/content/release.yaml"
    (archive.root / path).write_bytes(b"damaged one way")
    (copy / path).write_bytes(b"damaged another way")
    before = tree(archive.root)
    with pytest.raises(ArchiveDamaged, match="neither copy"):
        repair(archive, BRIDGE, copy)
    assert tree(archive.root) == before


def test_each_copy_can_mend_what_the_other_lost(two: tuple[Archive, Path]) -> None:
    archive, copy = two
    whole = tree(archive.root)
    folder = archive.site.folder(BRIDGE).relative_to(archive.root)
    (archive.root / folder / "v2/content/release.yaml").unlink()
    shutil.rmtree(archive.root / folder / "v3")
    (copy / folder / "v1/content/release.yaml").write_bytes(b"x")
    repair(archive, BRIDGE, copy)
    assert tree(archive.root) == whole


def test_a_log_that_was_changed_decides_nothing(two: tuple[Archive, Path]) -> None:
    archive, copy = two
    replace_the_pdf(archive)
    content = archive.site.log.file.read_bytes()
    archive.site.log.file.write_bytes(content.replace(b'"version":1', b'"version":7', 1))
    with pytest.raises(ArchiveDamaged):
        repair(archive, BRIDGE, copy)


def test_a_log_rewritten_to_the_damage_keeps_the_damage_and_the_checkpoint_tells(
    two: tuple[Archive, Path],
) -> None:
    archive, copy = two
    outside = archive.checkpoint()
    replace_the_pdf(archive)
    rewrite_log(archive)
    assert repair(archive, BRIDGE, copy) == ()
    assert {f.code for f in found_in(archive, [outside])} == {"checkpoint-rewritten", "checkpoint-forked"}


def test_what_was_removed_by_law_does_not_come_back_from_a_copy(two: tuple[Archive, Path]) -> None:
    archive, copy = two
    purge(archive, BRIDGE, ground="Law", user_name="Desk", at=MONDAY, signer=OFFICE)
    with pytest.raises(WrongUsage, match="removed by law"):
        repair(archive, BRIDGE, copy)
    with pytest.raises(WrongUsage):
        repair(archive, "urn:presskit:example.org:none", copy)
    assert not archive.site.folder(BRIDGE).exists()
