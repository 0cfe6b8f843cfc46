from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from presskit.archive.layout import object_path
from presskit.archive.s3.archive import S3Archive
from presskit.archive.store import Archive
from presskit.errors import Unreadable, WrongUsage
from tests.archive.deposits import (
    BRIDGE,
    BUDGET,
    found_in,
    kit,
    new_archive,
    put,
    put_revision,
    tree,
)
from tests.archive.s3.buckets import Server, anew, copied, new_s3_archive, settings, slip_in
from tests.archive.samples import KEYS, Sample
from tests.archive.samples import OFFICE as SAMPLE_OFFICE
from tests.conformance.judges import judges_folder

FOLDER = object_path(BRIDGE)


@pytest.fixture(scope="module")
def filled(served: tuple[Server, str]) -> S3Archive:
    """Two releases, one with two versions."""
    with pytest.MonkeyPatch.context() as monkeypatch:
        settings(served[1], monkeypatch)
        archive = new_s3_archive()
        for object_id, revision in ((BRIDGE, 1), (BRIDGE, 2), (BUDGET, 1)):
            put_revision(archive, object_id, revision)
        return archive


def noticed(archive: S3Archive, copy: Path) -> list[str]:
    archive.mirror(copy)
    return [str(finding) for finding in found_in(Archive.open(copy))]


def test_a_bucket_holds_the_same_bytes_as_a_disk(server: Server, filled: S3Archive, tmp_path: Path) -> None:
    mirrored = filled.mirror(tmp_path / "copy")
    on_disk = new_archive(tmp_path)
    for object_id, revision in ((BRIDGE, 1), (BRIDGE, 2), (BUDGET, 1)):
        put_revision(on_disk, object_id, revision)
    assert tree(tmp_path / "copy") == tree(on_disk.root)
    assert (mirrored.files, mirrored.unfinished, mirrored.refused) == (len(tree(on_disk.root)), (), ())
    assert mirrored.files > 30


def test_a_mirror_is_an_archive_that_goes_on(server: Server, filled: S3Archive, tmp_path: Path) -> None:
    filled.mirror(tmp_path / "copy")
    copy = Archive.open(tmp_path / "copy")
    assert put_revision(copy, BRIDGE, 3).version == 3
    assert found_in(copy) == ()


def test_ocfl_py_finds_nothing_wrong_with_a_mirror(server: Server, filled: S3Archive, tmp_path: Path) -> None:
    judge = judges_folder() / "ocfl-py" / "bin" / "ocfl-root.py"
    if not judge.is_file():
        if os.environ.get("CI") == "true":
            pytest.fail(f"{judge} is missing: run .ci/judges", pytrace=False)
        pytest.skip(f"{judge} is missing: run .ci/judges")

    def judged(copy: Path) -> str:
        command = (judge, "validate", "--root", copy, "--validate-objects", "--check-digests")
        return subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stdout

    archive = copied(filled)
    archive.site.make_sure()
    server.well()
    server.dies_at = 3
    with pytest.raises(Unreadable):
        put_revision(archive, BRIDGE, 3)
    server.well()
    assert archive.mirror(tmp_path / "copy").unfinished
    verdict = judged(tmp_path / "copy")
    assert "Objects checked: 2 / 2 are VALID" in verdict
    assert f"Storage root {tmp_path / 'copy'} is VALID" in verdict
    (tmp_path / "copy" / FOLDER / "v2/content/release.yaml").write_bytes(b"other words\n")
    assert "is INVALID" in judged(tmp_path / "copy")


def test_a_shell_finds_nothing_wrong_with_a_mirror(server: Server, tmp_path: Path) -> None:
    archive, sample = new_s3_archive(), Sample()
    for key in KEYS:
        archive.site.keep_key(key)
    put(archive, sample.object_id, sample.files(), signer=SAMPLE_OFFICE)
    archive.mirror(tmp_path / "copy")
    command = ("sh", tmp_path / "copy" / "verify50.sh", tmp_path / "copy")
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert (done.returncode, "FAILED" in done.stdout) == (0, False), done.stdout + done.stderr


HOSTILE = [
    "../../escaped.txt",
    "..",
    "./here.txt",
    "/etc/escaped.txt",
    f"{FOLDER}/../../../../../escaped.txt",
    f"{FOLDER}//twice.txt",
    "C:escaped.txt",
    "a\\..\\escaped.txt",
    "aux/escaped.txt",
    "bell-\x07.txt",
    "new\nline.txt",
    "turned-\u202etxt.exe",
    "e\u0301.txt",
    "x" * 300,
    "folder/",
    f"{FOLDER}/v1",  # where a folder is
    f"{FOLDER}/v1/content/release.yaml/below",  # where a file is
    f"{FOLDER}/v1/content/RELEASE.yaml",  # the same file on macOS and Windows
]


def test_keys_that_are_no_safe_names_are_left_out_and_named(
    server: Server, filled: S3Archive, tmp_path: Path
) -> None:
    archive = copied(filled)
    for key in HOSTILE:
        slip_in(archive, key)
    inside = tmp_path / "a" / "b" / "c"
    mirrored = archive.mirror(inside / "copy")
    assert sorted(mirrored.refused) == sorted(HOSTILE)
    assert found_in(Archive.open(inside / "copy")) == ()
    assert [path.name for path in tmp_path.rglob("*") if "escaped" in path.name] == []
    assert sorted(path.name for path in inside.iterdir()) == ["copy"]


def test_two_who_stand_in_each_others_way_are_both_left_out(
    server: Server, filled: S3Archive, tmp_path: Path
) -> None:
    archive = copied(filled)
    archive.bucket.put("note", b"marked as ours")
    archive.bucket.put("note/below", b"marked as ours")
    assert archive.mirror(tmp_path / "copy").refused == ("note", "note/below")


@pytest.mark.parametrize(
    ("key", "code"),
    [
        (f"{FOLDER}/v1/content/slipped-in.txt", "file-untracked"),
        (f"{FOLDER}/slipped-in.txt", "E001"),
        (f"{FOLDER}/v3/content/slipped-in.txt", "E046"),
        ("aaa/slipped-in.txt", "E072"),
    ],
)
def test_what_was_slipped_in_is_copied_and_noticed(
    key: str, code: str, server: Server, filled: S3Archive, tmp_path: Path
) -> None:
    archive = copied(filled)
    slip_in(archive, key)
    assert any(code in found for found in noticed(archive, tmp_path / "copy"))


def test_a_folder_mark_of_other_programs_is_no_harm(
    server: Server, filled: S3Archive, tmp_path: Path
) -> None:
    archive = copied(filled)
    slip_in(archive, "", b"")
    assert archive.mirror(tmp_path / "copy").refused == ()
    assert put_revision(archive, BRIDGE, 3).version == 3


def test_changed_content_is_noticed_in_the_mirror(server: Server, filled: S3Archive, tmp_path: Path) -> None:
    archive = copied(filled)
    slip_in(archive, f"{FOLDER}/v1/content/release.yaml", b"headline: other words\n")
    (found,) = noticed(archive, tmp_path / "copy")
    assert "file-changed" in found


def test_what_is_deposited_meanwhile_is_in_the_mirror_too(
    server: Server, filled: S3Archive, tmp_path: Path
) -> None:
    archive = copied(filled)
    other = anew(archive)
    done: list[str] = []

    def deposit(asked: str) -> None:
        if asked.endswith("v2/inventory.json") and not done:
            done.append(asked)
            put(other, BRIDGE, kit("bridge", 3))

    server.before = deposit
    assert noticed(archive, tmp_path / "copy") == []
    assert list(Archive.open(tmp_path / "copy").versions(BRIDGE)) == [1, 2, 3]


def test_a_mirror_that_fails_leaves_nothing(server: Server, filled: S3Archive, tmp_path: Path) -> None:
    archive = copied(filled)

    def die(asked: str) -> None:
        if asked.endswith("v2/inventory.json"):  # for good: other fetches are under way at the same time
            server.is_dead = True

    server.after = die
    with pytest.raises(Unreadable, match="bucket-silent"):
        archive.mirror(tmp_path / "copy")
    assert list(tmp_path.iterdir()) == []


def test_a_mirror_never_writes_over_anything(server: Server, filled: S3Archive, tmp_path: Path) -> None:
    (tmp_path / "copy").mkdir()
    (tmp_path / "copy" / "mine.txt").write_text("mine")
    with pytest.raises(WrongUsage, match="file-exists"):
        filled.mirror(tmp_path / "copy")
    assert tree(tmp_path) == {"copy/mine.txt": b"mine"}


@pytest.mark.skipif(sys.platform == "win32", reason="a file for a folder is another error there")
def test_a_mirror_that_can_not_be_written_says_so(server: Server, filled: S3Archive, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    with pytest.raises(Unreadable, match="file-unwritable"):
        filled.mirror(tmp_path / "file" / "copy")
