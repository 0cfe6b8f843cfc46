from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from presskit.archive.layout import object_folders
from presskit.archive.purge import purge
from tests.archive.damage import BAD, GOOD, good_object
from tests.archive.deposits import (
    BRIDGE,
    BUDGET,
    MONDAY,
    OFFICE,
    filled,
    kit,
    new_archive,
    put,
)
from tests.conformance.archive_judges import judge
from tests.conformance.judges import JudgeFailed, require
from tests.send.offered import mail
from tests.send.post import people
from tests.signed_office import Desk

LONG = "urn:presskit:example.org:" + "a-release-with-a-very-long-name-" * 6


@pytest.fixture(autouse=True)
def ocfl_py() -> None:
    require("ocfl-py")


def test_every_object_and_the_root_are_valid(tmp_path: Path) -> None:
    archive, _ = filled(tmp_path)
    put(archive, BRIDGE, kit("bridge", 1))
    put(archive, LONG, {"été/\u00e9t\u00e9 \u4e2d\u6587.txt": b"", "a": b"", "b/c/d/e/f/g.txt": b"1"})
    put(archive, BRIDGE, {"only.txt": b"1"})
    purge(archive, BUDGET, ground="Law", user_name="Desk", at=MONDAY, signer=OFFICE)
    folders = list(object_folders(archive.root))
    assert len(folders) == 2
    found = judge(objects=folders, roots=[archive.root])
    assert (list(found.objects.values()), list(found.roots.values())) == ([[], []], [[]])


def test_a_new_archive_is_valid(tmp_path: Path) -> None:
    archive = new_archive(tmp_path)
    put(archive, BRIDGE, kit("bridge", 1))
    assert judge(roots=[archive.root]).roots == {archive.root: []}


def test_a_release_with_its_delivery_record_is_valid(archived: Desk) -> None:
    mail(archived.root, people(3), "sent", "failed")
    assert archived.archive() == 2
    root = archived.root / "output" / "archive"
    folders = list(object_folders(root))
    assert any(folder.joinpath("v2/content/deliveries/personal").is_dir() for folder in folders)
    found = judge(objects=folders, roots=[root])
    assert (list(found.objects.values()), list(found.roots.values())) == ([[], []], [[]])


def test_the_judge_sees_what_is_wrong(tmp_path: Path) -> None:
    archive, _ = filled(tmp_path)
    (archive.site.folder(BRIDGE) / "v1/content/release.yaml").write_bytes(b"other")
    (archive.root / "abc").mkdir()
    found = judge(objects=[archive.site.folder(BRIDGE)], roots=[archive.root])
    assert found.objects == {archive.site.folder(BRIDGE): ["E092"]}
    assert found.roots[archive.root] != []
    with pytest.raises(JudgeFailed, match="not every folder"):
        judge()


def test_the_judge_agrees_that_good_objects_are_good(tmp_path: Path) -> None:
    folders = {}
    for number, (name, hurt) in enumerate(GOOD.items()):
        folders[name] = good_object(tmp_path / str(number))
        hurt(folders[name])
    found = judge(objects=list(folders.values())).objects
    assert {name: found[folder] for name, folder in folders.items() if found[folder]} == {}


def test_the_judge_names_the_same_rule_in_bad_objects(tmp_path: Path) -> None:
    folders = {}
    for number, (name, bad) in enumerate(BAD.items()):
        folders[name] = good_object(tmp_path / str(number))
        bad.hurt(folders[name])
    found = judge(objects=list(folders.values())).objects
    assert len(found) > 70
    assert {
        name: found[folder] for name, folder in folders.items() if BAD[name].rule not in found[folder]
    } == {}


def test_what_a_crash_left_is_valid_after_recovery(tmp_path: Path) -> None:
    from tests.faults.injected import run_with

    roots = []
    for step in range(0, 60, 2):
        folder = tmp_path / str(step)
        folder.mkdir()
        archive = new_archive(folder)
        put(archive, BRIDGE, kit("bridge", 1))
        run_with("kill", step, folder, lambda archive=archive: put(archive, BRIDGE, kit("bridge", 2)))  # type: ignore[misc]
        archive.recover(at=MONDAY, signer=OFFICE)
        roots.append(archive.root)
    assert set(map(tuple, judge(roots=roots).roots.values())) == {()}
    shutil.rmtree(tmp_path)
