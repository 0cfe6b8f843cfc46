from __future__ import annotations

import shutil
from datetime import timedelta
from pathlib import Path

import pytest

from presskit.archive.commit import Intent, finish_purge
from presskit.archive.log import Log
from presskit.archive.purge import purge
from presskit.archive.recover import Recovered
from presskit.archive.store import Archive
from presskit.errors import ArchiveDamaged, ExitCode
from tests.archive.deposits import (
    BRIDGE,
    BUDGET,
    MONDAY,
    OFFICE,
    filled,
    found_in,
    kit,
    put,
    put_revision,
    tree,
)


class Killed(BaseException):
    """Stands for the end of the program: nothing may catch it."""


def recover(archive: Archive, *, adopt: bool = False) -> Recovered:
    return archive.recover(at=MONDAY + timedelta(days=30), signer=OFFICE, adopt=adopt)


def killed_before_the_log(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    """Deposit v4 of the bridge, and die when it is in force but not logged."""

    def die(*_: object) -> int:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(Log, "append", die)
        with pytest.raises(Killed):
            put_revision(archive, BRIDGE, 4)
    assert archive.site.staging.exists()


def test_a_whole_archive_needs_no_recovery(tmp_path: Path) -> None:
    archive, _ = filled(tmp_path)
    before = tree(archive.root)
    assert not recover(archive)
    assert tree(archive.root) == before


def test_a_version_in_force_is_logged_as_recovered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    archive, checkpoints = filled(tmp_path)
    killed_before_the_log(archive, monkeypatch)
    assert {finding.code for finding in found_in(archive)} == {"version-unlogged"}
    assert recover(archive).logged == ((BRIDGE, 4),)
    last = archive.site.log.last_of(BRIDGE)
    assert last is not None
    assert (last["action"], last["version"], last["at"]) == ("recovered", 4, "2026-12-23T09:30:00Z")
    assert archive.read(BRIDGE, "release.yaml") == kit("bridge", 4)["release.yaml"]
    assert found_in(archive, [*checkpoints, archive.checkpoint()]) == ()
    assert not recover(archive), "a second time it did something"


def test_the_next_deposit_recovers_by_itself_and_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive, _ = filled(tmp_path)
    killed_before_the_log(archive, monkeypatch)
    done = put_revision(archive, BUDGET, 4)
    assert done.recovered.logged == ((BRIDGE, 4),)
    assert (done.version, done.log_seq) == (4, 7)
    again = put(archive, BRIDGE, kit("bridge", 4))
    assert (again.is_new, again.version, again.log_seq) == (False, 4, 6)
    assert found_in(archive, [archive.checkpoint()]) == ()


def test_a_torn_last_line_is_dropped_and_that_is_said(tmp_path: Path) -> None:
    archive, _ = filled(tmp_path)
    whole = archive.site.log.file.read_bytes()
    with archive.site.log.file.open("ab") as file:
        file.write(b'{"action":"depo')
    assert [finding.code for finding in found_in(archive)] == ["log-torn"]
    assert recover(archive) == Recovered(torn_bytes=15)
    assert archive.site.log.file.read_bytes() == whole
    assert not recover(archive)


def test_folders_that_a_crash_left_empty_are_pruned(tmp_path: Path) -> None:
    archive, _ = filled(tmp_path)
    (archive.root / "abc" / "def" / "012").mkdir(parents=True)
    (archive.root / "abd").mkdir()
    (archive.site.folder(BRIDGE).parent / "urn%3ax").mkdir()
    assert {finding.code for finding in found_in(archive)} == {"E073"}
    assert recover(archive).pruned == 5
    assert found_in(archive) == ()
    assert archive.site.folder(BRIDGE).exists()


def test_what_was_made_ready_but_not_in_force_is_swept_away(tmp_path: Path) -> None:
    archive, _ = filled(tmp_path)
    (archive.site.staging / "object" / "v4").mkdir(parents=True)
    (archive.site.staging / "object" / "v4" / "inventory.json").write_bytes(b"half")
    before = tree(archive.root)
    recover(archive)
    assert not archive.site.staging.exists()
    assert tree(archive.root) == before


def test_a_list_that_is_behind_is_brought_forward(tmp_path: Path) -> None:
    archive, _ = filled(tmp_path)
    folder = archive.site.folder(BRIDGE)
    before = tree(archive.root)
    for name in ("inventory.json", "inventory.json.sha512"):
        shutil.copy(folder / "v2" / name, folder / name)
    assert [(finding.code, finding.version) for finding in found_in(archive)] == [("E046", 3)]
    assert archive.read(BRIDGE, "release.yaml") == kit("bridge", 3)["release.yaml"]
    assert recover(archive) == Recovered(rolled=(BRIDGE,))
    assert tree(archive.root) == before


def test_a_removed_version_is_never_made_to_look_whole(tmp_path: Path) -> None:
    archive, _ = filled(tmp_path)
    shutil.rmtree(archive.site.folder(BRIDGE) / "v3")
    before = tree(archive.root)
    with pytest.raises(ArchiveDamaged, match="more versions than v2") as error:
        recover(archive)
    assert error.value.exit_code == ExitCode.ARCHIVE_DAMAGED
    assert tree(archive.root) == before


def test_a_list_that_is_missing_in_the_newest_version_is_not_guessed(tmp_path: Path) -> None:
    archive, _ = filled(tmp_path)
    (archive.site.folder(BRIDGE) / "v3" / "inventory.json").unlink()
    with pytest.raises(ArchiveDamaged, match="has no inventory"):
        recover(archive)


def test_damage_of_one_object_does_not_keep_another_from_being_recovered(tmp_path: Path) -> None:
    archive, _ = filled(tmp_path)
    shutil.rmtree(archive.site.folder(BRIDGE) / "v3")
    folder = archive.site.folder(BUDGET)
    (folder / "inventory.json").unlink()
    with pytest.raises(ArchiveDamaged):
        recover(archive)
    assert (folder / "inventory.json").read_bytes() == (folder / "v3" / "inventory.json").read_bytes()


def slip_in(archive: Archive) -> None:
    """A version written by somebody who knows the format, without this program's deposit."""
    twin = Archive.open(archive.root)
    log, checkpoint = archive.site.log.file.read_bytes(), archive.checkpoint()
    put(twin, BRIDGE, kit("bridge", 4) | {"kit/bridge.pdf": b"%PDF slipped in"})
    archive.site.log.file.write_bytes(log)
    (archive.root / "checkpoint").write_bytes(checkpoint)


def test_a_version_that_was_slipped_in_is_not_taken_for_a_crash(tmp_path: Path) -> None:
    archive, _ = filled(tmp_path)
    slip_in(archive)
    with pytest.raises(ArchiveDamaged, match="v4 is not in the log; no deposit was broken off"):
        recover(archive)
    with pytest.raises(ArchiveDamaged, match="4 versions, but 3 were logged"):
        put(archive, BRIDGE, kit("bridge", 5))
    assert len(archive.site.log.chain().entries) == 6


def test_what_was_slipped_in_during_a_crash_is_not_logged_in_its_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive, _ = filled(tmp_path)
    killed_before_the_log(archive, monkeypatch)
    file = archive.site.folder(BRIDGE) / "v4" / "inventory.json"
    file.write_bytes(file.read_bytes() + b" ")
    with pytest.raises(ArchiveDamaged):
        recover(archive)
    assert len(archive.site.log.chain().entries) == 6


def test_an_archive_copied_in_mid_deposit_can_be_adopted_by_a_person(tmp_path: Path) -> None:
    archive, checkpoints = filled(tmp_path)
    slip_in(archive)
    assert recover(archive, adopt=True).logged == ((BRIDGE, 4),)
    assert found_in(archive, [*checkpoints, archive.checkpoint()]) == ()
    assert put_revision(archive, BRIDGE, 5).version == 5


def test_a_checkpoint_that_is_behind_is_signed_anew(tmp_path: Path) -> None:
    archive, checkpoints = filled(tmp_path)
    (archive.root / "checkpoint").write_bytes(checkpoints[1])
    assert [finding.code for finding in found_in(archive)] == ["checkpoint-behind"]
    assert recover(archive) == Recovered(signed=True)
    assert archive.checkpoint() == checkpoints[2]
    (archive.root / "checkpoint").unlink()
    assert [finding.code for finding in found_in(archive)] == ["checkpoint-missing"]
    assert recover(archive) == Recovered(signed=True)


def test_a_removal_that_was_broken_off_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    archive, checkpoints = filled(tmp_path)

    def die(*_: object) -> int:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(f"{purge.__module__}.{finish_purge.__name__}", die)
        with pytest.raises(Killed):
            purge(archive, BRIDGE, ground="Court order", user_name="Desk", at=MONDAY, signer=OFFICE)
    assert archive.site.folder(BRIDGE).exists()
    assert recover(archive).purged == (BRIDGE,)
    assert archive.objects() == (BUDGET,)
    assert found_in(archive, [*checkpoints, archive.checkpoint()]) == ()
    assert not recover(archive)


def test_an_intent_that_can_not_be_read_is_no_intent(tmp_path: Path) -> None:
    archive, _ = filled(tmp_path)
    for content in (b"", b"[]", b'{"action": 1}', b'{"strange": 1}'):
        archive.site.staging.mkdir()
        (archive.site.staging / "intent.json").write_bytes(content)
        recover(archive)
        assert not archive.site.staging.exists()
    assert Intent.__slots__ == (
        "action",
        "object_id",
        "version",
        "inventory_sha512",
        "at",
        "stub_sha256",
    )
