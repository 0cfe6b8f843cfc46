from __future__ import annotations

import json
import multiprocessing
import os
import sys
from datetime import datetime
from pathlib import Path

import pytest

from presskit.archive.layout import INVENTORY, object_path
from presskit.archive.store import Archive
from presskit.errors import (
    ArchiveDamaged,
    BadSettings,
    ExitCode,
    NotAllowed,
    PresskitError,
    Unreadable,
    WrongUsage,
)
from tests.archive.deposits import (
    BRIDGE,
    BUDGET,
    MONDAY,
    OFFICE,
    STRANGER,
    filled,
    found_in,
    kit,
    new_archive,
    put,
    put_revision,
    tree,
)


def code_of(error: PresskitError) -> str:
    (problem,) = error.problems
    return problem.code


def test_what_was_deposited_comes_back_version_by_version(tmp_path: Path) -> None:
    archive, _ = filled(tmp_path)
    for revision in (1, 2, 3):
        files = archive.files(BRIDGE, revision)
        assert {name: archive.read(BRIDGE, name, revision) for name in files} == kit("bridge", revision)
    assert archive.files(BRIDGE) == archive.files(BRIDGE, 3)
    assert archive.objects() == (BRIDGE, BUDGET)
    versions = archive.versions(BRIDGE)
    assert [(n, v.created, v.user_address) for n, v in versions.items()] == [
        (1, "2026-11-24T09:30:00Z", "mailto:desk@example.org"),
        (2, "2026-11-25T09:30:00Z", "mailto:desk@example.org"),
        (3, "2026-11-26T09:30:00Z", "mailto:desk@example.org"),
    ]


def test_the_same_deposits_make_the_same_bytes(tmp_path: Path) -> None:
    (tmp_path / "one").mkdir()
    (tmp_path / "two").mkdir()
    one, two = filled(tmp_path / "one")[0], filled(tmp_path / "two")[0]
    assert tree(one.root) == tree(two.root)
    assert len(tree(one.root)) > 40


def test_content_that_was_there_before_is_not_stored_again(tmp_path: Path) -> None:
    archive, _ = filled(tmp_path)
    folder = archive.root / object_path(BRIDGE)
    assert sorted(tree(folder / "v2" / "content")) == [
        "kit/bridge.pdf",
        "release.yaml",
        "sign-off/0001-approved.dsse.json",
    ]


def test_a_sweep_that_runs_twice_deposits_once(tmp_path: Path) -> None:
    archive = new_archive(tmp_path)
    first = put(archive, BRIDGE, kit("bridge", 1))
    before = tree(archive.root)
    again = put(archive, BRIDGE, kit("bridge", 1), at=MONDAY.replace(hour=23))
    assert (first.is_new, again.is_new) == (True, False)
    assert (again.version, again.inventory_sha512, again.log_seq) == (1, first.inventory_sha512, 0)
    assert tree(archive.root) == before


def test_going_back_to_old_words_is_a_new_version(tmp_path: Path) -> None:
    archive = new_archive(tmp_path)
    put(archive, BRIDGE, kit("bridge", 1))
    put(archive, BRIDGE, kit("bridge", 2))
    assert put(archive, BRIDGE, kit("bridge", 1)).version == 3
    assert archive.files(BRIDGE, 3) == archive.files(BRIDGE, 1)
    assert not (archive.site.folder(BRIDGE) / "v3" / "content").exists()
    assert found_in(archive) == ()


def test_who_saw_an_older_version_is_refused(tmp_path: Path) -> None:
    archive = new_archive(tmp_path)
    put_revision(archive, BRIDGE, 1)
    put_revision(archive, BRIDGE, 2)
    before = tree(archive.root)
    with pytest.raises(NotAllowed, match="newest version is 2, not 1") as error:
        put(archive, BRIDGE, kit("bridge", 3), expect=1)
    assert code_of(error.value) == "archive-stale"
    assert tree(archive.root) == before


def test_a_version_slipped_under_the_rename_is_not_written_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive = new_archive(tmp_path)
    put_revision(archive, BRIDGE, 1)
    theirs = archive.site.folder(BRIDGE) / "v2"
    real = Path.rename

    def slip_in(self: Path, target: Path) -> Path:
        if target == theirs:
            theirs.mkdir()
            (theirs / "inventory.json").write_text("theirs")
        return real(self, target)

    monkeypatch.setattr(Path, "rename", slip_in)
    with pytest.raises(NotAllowed) as error:
        put_revision(archive, BRIDGE, 2)
    assert code_of(error.value) == "archive-stale"
    assert tree(theirs) == {"inventory.json": b"theirs"}
    assert not archive.site.staging.exists()


@pytest.mark.parametrize(
    "name",
    [
        "../escape",
        "/etc/passwd",
        "a//b",
        "a/./b",
        "",
        "back\\slash",
        "c:drive",
        "line\nbreak",
        "turn\u202earound",
        "nul.txt",
        "a/COM1",
        "ends.with.dot.",
        "ends with space ",
        "e\u0301te\u0301.jpg",
        "x" * 201,
        "/".join(["x" * 60] * 8),
        "half\ud800",
    ],
)
def test_a_name_not_every_system_can_keep_is_refused(tmp_path: Path, name: str) -> None:
    archive = new_archive(tmp_path)
    with pytest.raises(WrongUsage) as error:
        put(archive, BRIDGE, {"release.yaml": b"1", name: b"2"})
    assert code_of(error.value) == "archive-name"
    assert archive.objects() == ()


@pytest.mark.parametrize(
    "pair", [("a.txt", "A.txt"), ("kit", "kit/a.pdf"), ("KIT/b", "kit"), ("ß.txt", "SS.txt")]
)
def test_names_that_are_one_on_some_systems_are_refused(tmp_path: Path, pair: tuple[str, str]) -> None:
    with pytest.raises(WrongUsage, match="can not lie side by side"):
        put(new_archive(tmp_path), BRIDGE, dict.fromkeys(pair, b""))


@pytest.mark.parametrize("object_id", ["", "with space", "é", "x" * 501, "line\n"])
def test_an_object_needs_a_plain_id(tmp_path: Path, object_id: str) -> None:
    with pytest.raises(WrongUsage) as error:
        put(new_archive(tmp_path), object_id, {"a": b""})
    assert code_of(error.value) == "archive-name"


def test_nothing_is_no_deposit_and_a_time_has_its_offset(tmp_path: Path) -> None:
    archive = new_archive(tmp_path)
    with pytest.raises(WrongUsage, match="no file"):
        put(archive, BRIDGE, {})
    with pytest.raises(ValueError, match="offset"):
        put(archive, BRIDGE, {"a": b""}, at=datetime(2026, 1, 1))  # noqa: DTZ001


def test_a_file_that_was_changed_is_not_handed_out(tmp_path: Path) -> None:
    archive, _ = filled(tmp_path)
    pdf = archive.site.folder(BRIDGE) / "v2" / "content" / "kit" / "bridge.pdf"
    pdf.write_bytes(pdf.read_bytes().replace(b"2", b"3", 1))
    with pytest.raises(ArchiveDamaged, match="not what was deposited") as error:
        archive.read(BRIDGE, "kit/bridge.pdf", 2)
    assert error.value.exit_code == ExitCode.ARCHIVE_DAMAGED
    pdf.unlink()
    with pytest.raises(ArchiveDamaged, match="can not be read"):
        archive.read(BRIDGE, "kit/bridge.pdf", 2)


def test_a_link_out_of_the_archive_is_not_followed(tmp_path: Path) -> None:
    archive, _ = filled(tmp_path)
    pdf = archive.site.folder(BRIDGE) / "v2" / "content" / "kit" / "bridge.pdf"
    outside = tmp_path / "outside.pdf"
    pdf.rename(outside)
    pdf.symlink_to(outside)
    with pytest.raises(ArchiveDamaged, match="leads out"):
        archive.read(BRIDGE, "kit/bridge.pdf", 2)


@pytest.mark.parametrize(
    ("object_id", "name", "version"),
    [("urn:x", "release.yaml", None), (BRIDGE, "release.yaml", 9), (BRIDGE, "../inventory.json", None)],
)
def test_what_is_not_there_is_said(tmp_path: Path, object_id: str, name: str, version: int | None) -> None:
    archive, _ = filled(tmp_path)
    with pytest.raises(WrongUsage) as error:
        archive.read(object_id, name, version)
    assert code_of(error.value) == "archive-unknown"


def test_an_archive_is_made_once_and_found_again(tmp_path: Path) -> None:
    with pytest.raises(Unreadable) as error:
        Archive.open(tmp_path / "archive")
    assert code_of(error.value) == "archive-missing"
    made = new_archive(tmp_path)
    assert Archive.open(tmp_path / "archive") == made == new_archive(tmp_path)
    text = (made.root / "README.txt").read_text("utf-8")
    assert "sha512sum" in text
    assert "verify50.sh" in text


def test_an_empty_folder_can_become_an_archive(tmp_path: Path) -> None:
    (tmp_path / "archive").mkdir()
    assert found_in(new_archive(tmp_path)) == ()


def test_something_else_does_not_become_an_archive(tmp_path: Path) -> None:
    (tmp_path / "archive").mkdir()
    (tmp_path / "archive" / "holiday.jpg").write_bytes(b"")
    with pytest.raises(BadSettings) as error:
        new_archive(tmp_path)
    assert code_of(error.value) == "archive-foreign"


@pytest.mark.parametrize("name", ["0=ocfl_1.1", "ocfl_layout.json", "origin.txt"])
def test_an_archive_of_another_kind_is_not_written_to(tmp_path: Path, name: str) -> None:
    archive = new_archive(tmp_path)
    (archive.root / name).write_bytes(b"\xff")
    with pytest.raises(BadSettings) as error:
        new_archive(tmp_path)
    assert code_of(error.value) == "archive-foreign"


def test_what_lies_beside_must_be_on_the_same_disk(tmp_path: Path) -> None:
    memory = Path("/dev/shm")
    if not os.access(memory, os.W_OK) or memory.stat().st_dev == tmp_path.stat().st_dev:
        pytest.skip("there is no second file system here")
    archive = new_archive(tmp_path)
    for file in archive.site.work.iterdir():
        file.unlink()
    archive.site.work.rmdir()
    elsewhere = memory / f"presskit-{os.getpid()}"
    elsewhere.mkdir()
    try:
        archive.site.work.symlink_to(elsewhere)
        with pytest.raises(BadSettings) as error:
            put_revision(archive, BRIDGE, 1)
        assert code_of(error.value) == "archive-device"
    finally:
        elsewhere.rmdir()


def test_the_archive_keeps_the_public_key_of_each_signer(tmp_path: Path) -> None:
    archive = new_archive(tmp_path)
    put_revision(archive, BRIDGE, 1)
    put(archive, BRIDGE, kit("bridge", 2), signer=STRANGER)
    pems = {p.name: p.read_bytes() for p in archive.root.glob("key-*.pem")}
    assert pems == {f"key-{key.key_id[:16]}.pem": key.public.pem for key in (OFFICE, STRANGER)}


def test_after_a_clean_removal_the_number_is_not_given_again(tmp_path: Path) -> None:
    archive, _ = filled(tmp_path)
    remove_newest(archive)
    with pytest.raises(ArchiveDamaged, match="2 versions, but 3 were logged") as error:
        put(archive, BRIDGE, kit("bridge", 4))
    assert error.value.exit_code == ExitCode.ARCHIVE_DAMAGED
    put_revision(archive, BUDGET, 4)


def test_nothing_is_built_upon_a_list_that_was_changed(tmp_path: Path) -> None:
    archive, _ = filled(tmp_path)
    file = archive.site.folder(BRIDGE) / "v3" / INVENTORY
    content = json.loads(file.read_bytes())
    content["versions"]["v1"]["created"] = "2020-01-01T00:00:00Z"
    file.write_text(json.dumps(content), "utf-8")
    with pytest.raises(ArchiveDamaged, match="not the one that was logged"):
        put(archive, BRIDGE, kit("bridge", 4))


def test_nothing_is_built_upon_a_log_that_was_cut(tmp_path: Path) -> None:
    archive, _ = filled(tmp_path)
    lines = archive.site.log.file.read_bytes().splitlines(keepends=True)
    archive.site.log.file.write_bytes(b"".join(lines[:2]))
    with pytest.raises(ArchiveDamaged, match="2 lines, but its newest checkpoint saw 6"):
        put(archive, "urn:presskit:example.org:new", kit("new", 1))


def remove_newest(archive: Archive) -> None:
    """What somebody would do who knows the format."""
    folder = archive.site.folder(BRIDGE)
    for file in sorted((folder / "v3").rglob("*"), reverse=True):
        file.rmdir() if file.is_dir() else file.unlink()
    (folder / "v3").rmdir()
    for name in ("inventory.json", "inventory.json.sha512"):
        (folder / name).write_bytes((folder / "v2" / name).read_bytes())


def deposit_ten(root: Path, mark: str) -> list[tuple[int, str]]:
    archive = Archive.open(root)
    words = [f"{mark} {number}" for number in range(10)]
    try:
        return [(put(archive, BRIDGE, {"a.txt": text.encode()}).version, text) for text in words]
    except PresskitError as error:  # it has to reach the test in words: a process can not hand it over
        raise AssertionError(str(error)) from None


@pytest.mark.skipif(sys.platform == "win32", reason="forks are POSIX's")
def test_four_processes_at_once_make_forty_versions_without_a_gap(tmp_path: Path) -> None:
    archive = new_archive(tmp_path)
    with multiprocessing.get_context("spawn").Pool(4) as pool:
        done = pool.starmap_async(deposit_ten, [(archive.root, mark) for mark in "abcd"]).get(300)
    got = dict(pair for deposits in done for pair in deposits)
    assert sorted(got) == list(range(1, 41))
    assert {n: archive.read(BRIDGE, "a.txt", n).decode() for n in got} == got
    assert found_in(archive, [archive.checkpoint()]) == ()
