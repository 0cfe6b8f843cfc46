from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from presskit.archive.findings import Finding
from presskit.archive.fixity import check_fixity
from presskit.archive.structure import check_structure, look_at
from tests.archive.damage import BAD, GOOD, Bad, Hurt, good_object
from tests.archive.deposits import BRIDGE, filled, found_in


def findings(root: Path, folder: Path) -> list[Finding]:
    """What structure and fixity say of one object."""
    looked = look_at(root, folder)
    found = list(check_structure(looked))
    if looked.inventory is not None:
        found += check_fixity(looked, looked.inventory)
    return found


@pytest.mark.parametrize("hurt", GOOD.values(), ids=GOOD.keys())
def test_a_good_object_is_passed(tmp_path: Path, hurt: Hurt) -> None:
    folder = good_object(tmp_path)
    hurt(folder)
    assert findings(tmp_path, folder) == []


@pytest.mark.parametrize("bad", BAD.values(), ids=BAD.keys())
def test_a_broken_rule_is_named(tmp_path: Path, bad: Bad) -> None:
    folder = good_object(tmp_path)
    bad.hurt(folder)
    found = findings(tmp_path, folder)
    assert bad.code in {finding.code for finding in found}
    for finding in found:
        assert finding.what.endswith(".")
        assert finding.fix
        assert (tmp_path / finding.file).relative_to(folder)


def test_changed_missing_and_untracked_files_are_three_lists(tmp_path: Path) -> None:
    archive, _ = filled(tmp_path)
    v2 = archive.site.folder(BRIDGE) / "v2" / "content"
    (v2 / "kit" / "bridge.pdf").write_bytes(b"%PDF other")
    (v2 / "release.yaml").unlink()
    (v2 / "kit" / "extra.pdf").write_bytes(b"%PDF extra")
    found = found_in(archive)
    assert {(f.layer, f.code, f.object_id, f.version, f.file.rpartition("/v2/")[2]) for f in found} == {
        ("fixity", "file-changed", BRIDGE, 2, "content/kit/bridge.pdf"),
        ("fixity", "file-missing", BRIDGE, 2, "content/release.yaml"),
        ("fixity", "file-untracked", BRIDGE, 2, "content/kit/extra.pdf"),
    }


def test_a_link_is_no_file(tmp_path: Path) -> None:
    folder = good_object(tmp_path)
    target = folder / "v1" / "content" / "release.yaml"
    target.rename(tmp_path / "elsewhere")
    target.symlink_to(tmp_path / "elsewhere")
    assert {finding.code for finding in findings(tmp_path, folder)} == {"E090", "file-missing"}


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="pipes with a name are POSIX's")
def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    folder = good_object(tmp_path)
    os.mkfifo(folder / "v1" / "content" / "pipe")
    assert {finding.code for finding in findings(tmp_path, folder)} == {"E090"}


def misplace(root: Path) -> None:
    (root / "abc" / "def" / "012").mkdir(parents=True)
    next(root.glob("*/*/*/urn*bridge")).rename(root / "abc" / "def" / "012" / "urn")


def write(path: str) -> Callable[[Path], None]:
    def hurt(root: Path) -> None:
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(b"x")

    return hurt


ROOTS: dict[str, tuple[str, Callable[[Path], object]]] = {
    "no declaration": ("E069", lambda root: (root / "0=ocfl_1.1").unlink()),
    "a declaration that says something else": ("E069", write("0=ocfl_1.1")),
    "two declarations": ("E069", write("0=ocfl_1.0")),
    "no layout": ("E070", lambda root: (root / "ocfl_layout.json").unlink()),
    "another layout": ("E070", write("ocfl_layout.json")),
    "another setting of the layout": (
        "E070",
        write("extensions/0003-hash-and-id-n-tuple-storage-layout/config.json"),
    ),
    "a file between the objects": ("E072", write("abc/notes.txt")),
    "a folder of the office's own": ("E072", write("office/notes.txt")),
    "an empty folder": ("E073", lambda root: (root / "abc").mkdir()),
    "a file among the extensions": ("E086", write("extensions/notes.txt")),
    "a folder that is no object": ("E003", write("abc/def/012/urn/notes.txt")),
    "an object in another place": ("object-misplaced", misplace),
}


@pytest.mark.parametrize(("code", "hurt"), ROOTS.values(), ids=ROOTS.keys())
def test_a_broken_rule_of_the_root_is_named(
    tmp_path: Path, code: str, hurt: Callable[[Path], object]
) -> None:
    archive, _ = filled(tmp_path)
    hurt(archive.root)
    assert code in {finding.code for finding in found_in(archive)}


def test_files_for_people_may_lie_in_the_root(tmp_path: Path) -> None:
    archive, _ = filled(tmp_path)
    (archive.root / "inventory-of-1998.txt").write_bytes(b"x")
    assert found_in(archive) == ()
