from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from presskit.archive.export import bag, export_bag
from tests.archive.samples import Sample, archive_of
from tests.conformance.archive_judges import judge
from tests.conformance.judges import require

# No percent sign: bagit.py 1.9.0 decodes line ends only, against RFC 8493, 2.1.3.
NAMES = (
    "été/中文.txt",
    "a b/c  d",
    "*star",
    "line\nend",
    "return\rhere",
    "empty",
    "d/e/f/g",
)


@pytest.fixture(autouse=True)
def bagit() -> None:
    require("ocfl-py")  # bagit lives in the same environment


def written(files: Mapping[str, bytes], folder: Path) -> Path:
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    return folder


def findings(folder: Path) -> list[str]:
    return judge(bags=[folder]).bags[folder]


def test_an_archived_version_is_a_valid_bag(tmp_path: Path) -> None:
    archive = archive_of(tmp_path / "archive", [Sample(), Sample(headline="Corrected")])
    for version in (1, 2):
        files = export_bag(archive, Sample().object_id, version)
        assert findings(written(files, tmp_path / f"bag{version}")) == []


def test_a_bag_is_valid_whatever_its_files_are_called(tmp_path: Path) -> None:
    files = bag(
        {name: name.encode() if name != "empty" else b"" for name in NAMES}, {"Contact-Name": "Press office"}
    )
    assert findings(written(files, tmp_path / "bag")) == []


def test_an_empty_bag_is_valid(tmp_path: Path) -> None:
    (tmp_path / "bag" / "data").mkdir(parents=True)
    assert findings(written(bag({}, {}), tmp_path / "bag")) == []


def changed(folder: Path) -> None:
    (folder / "data/a").write_bytes(b"other")


def missing(folder: Path) -> None:
    (folder / "data/a").unlink()


def added(folder: Path) -> None:
    (folder / "data/c").write_bytes(b"c")


def relabelled(folder: Path) -> None:
    (folder / "bag-info.txt").write_bytes(b"Payload-Oxum: 2.2\nContact-Name: Somebody\n")


@pytest.mark.parametrize("hurt", [changed, missing, added, relabelled])
def test_the_judge_sees_damage_by_our_manifests(tmp_path: Path, hurt: type) -> None:
    folder = written(bag({"a": b"a", "b": b"b"}, {"Contact-Name": "Press office"}), tmp_path / "bag")
    assert findings(folder) == []
    hurt(folder)
    assert findings(folder) != []
