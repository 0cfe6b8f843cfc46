from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.archive.forgery import archive_of, kept
from tests.cli.conftest import Call, GoTo, Said, environment, program
from tests.signed_office import (
    FILES,
    FOLDER,
    OBJECT,
    PASSPHRASE,
    RING_OBJECT,
    SLUG,
    SOURCE,
    Desk,
    Stage,
    keep_keys,
)


def fine(said: Said) -> Said:
    assert said.code == 0, said.err
    return said


def archived_files(desk: Desk) -> dict[str, bytes]:
    folder = desk.root / "output" / "archive"
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def test_a_signed_off_release_is_deposited_once(go_to: GoTo, call: Call) -> None:
    desk = go_to("signed")
    assert fine(call("archive", SLUG, "--key", "clerk")).out == f"{SLUG}: version 1\n"
    before = archived_files(desk)
    assert fine(call("archive", SLUG, "--key", "clerk")).out == f"{SLUG}: version 1, there already\n"
    assert fine(call("archive", "--key", "clerk")).out == f"{SLUG}: version 1, there already\n"
    assert archived_files(desk) == before
    assert fine(call("archive", "--key", "lee")).out == f"{SLUG}: version 1, there already\n"
    assert set(archive_of(desk).versions(OBJECT)) == {1}


def test_what_is_archived_are_the_signed_bytes_with_all_that_proves_them(go_to: GoTo, call: Call) -> None:
    desk = go_to("archived")
    files = kept(archive_of(desk))
    assert {n: c for n, c in files.items() if n.startswith("kit/")} == {
        f"kit/{name}": content for name, content in desk.built().items()
    }
    assert files["release.yaml"] == (desk.root / SOURCE).read_bytes()
    records = {p.name: p.read_bytes() for p in (desk.root / FOLDER).glob("*.dsse.json")}
    assert {n: c for n, c in files.items() if n.startswith("sign-off/0")} == {
        f"sign-off/{name}": content for name, content in records.items()
    }
    assert {n.rpartition("/")[0] for n in files} == {"", "kit", "sign-off", "sign-off/evidence", "words"}
    assert {n.partition("/")[0] for n in kept(archive_of(desk), RING_OBJECT)} == {
        "ring",
        "positions.json",
        "log.jsonl",
        "manifest.dsse.json",
    }


def test_registers_that_go_along_hold_nobody_the_release_does_not_name(go_to: GoTo) -> None:
    registers = json.loads(kept(archive_of(go_to("archived")))["registers.json"])
    assert set(registers["people"]) == {"dusto", "ijfs-media"}
    assert set(registers["agencies"]) == {"opp"}


@pytest.mark.parametrize("stage", ["founded", "requested", "approved"])
def test_a_draft_is_not_archived(go_to: GoTo, call: Call, stage: Stage) -> None:
    desk = go_to(stage)
    said = call("archive", SLUG, "--key", "clerk")
    assert said == Said(
        5,
        "",
        f"release {SLUG}: this is not signed off as it stands.\n"
        f"    fix: see what is missing: presskit status {SLUG}  [sign-off-missing]\n",
    )
    assert not (desk.root / "output" / "archive").exists()


def test_without_a_signed_off_release_there_is_nothing_to_do(go_to: GoTo, call: Call) -> None:
    go_to("approved")
    said = fine(call("archive", "--key", "clerk"))
    assert (said.out, said.err) == ("", "no release is signed off; see presskit status\n")


def test_a_key_that_is_not_in_the_ring_deposits_nothing(go_to: GoTo, call: Call, keys: Path) -> None:
    desk = go_to("signed")
    keep_keys(keys, "stranger")
    said = call("archive", "--key", "stranger")
    assert said.code == 5
    assert "this key is not in the office's key ring." in said.err
    assert not (desk.root / "output" / "archive").exists()


def test_two_who_deposit_at_once_make_one_version(go_to: GoTo, keys: Path) -> None:
    desk = go_to("signed")
    variables = environment({"PRESSKIT_KEYS": str(keys), "PRESSKIT_PASSPHRASE": PASSPHRASE})
    running = [
        subprocess.Popen(
            program("archive", "--json", "--key", who),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=variables,
        )
        for who in ("clerk", "lee", "clerk", "kim")
    ]
    answers = [(process.communicate(), process.returncode) for process in running]
    assert [code for _, code in answers] == [0, 0, 0, 0], answers
    deposited = [json.loads(out)["deposited"][0] for (out, _), _ in answers]
    assert {found["version"] for found in deposited} == {1}
    assert sum(found["new"] for found in deposited) == 1
    archive = archive_of(desk)
    assert (set(archive.versions(OBJECT)), set(archive.versions(RING_OBJECT))) == ({1}, {1})


def test_an_edited_release_becomes_the_next_version(go_to: GoTo, call: Call) -> None:
    desk = go_to("archived")
    desk.edit("Monday", "Tuesday")
    assert call("archive", SLUG, "--key", "clerk").code == 5
    desk.request()
    desk.sign("lee")
    desk.sign("kim")
    assert fine(call("archive", "--key", "clerk")).out == f"{SLUG}: version 2\n"
    lines = fine(call("show-version", SLUG)).out.splitlines()
    assert [line.split("  ")[0] for line in lines] == ["version 1", "version 2"]
    assert all("by The Clerk  2026-0001  The bridge opens" in line for line in lines)
    assert "Monday" in fine(call("show-version", SLUG, "1")).out
    assert "Tuesday" in fine(call("show-version", SLUG, "2")).out


def test_a_version_is_shown_with_its_files_and_its_text(go_to: GoTo, call: Call) -> None:
    desk = go_to("archived")
    said = fine(call("show-version", SLUG, "1"))
    assert said.out.startswith("version 1  2026-11-23T")
    for name in FILES:
        assert f"  kit/{name} " in said.out
    assert desk.built()[f"{SLUG}.txt"].decode().rstrip("\n") in said.out


@pytest.mark.parametrize(
    ("args", "code", "told"),
    [
        (
            ("show-version", SLUG, "7"),
            2,
            "there is no version 7 of it.\n    fix: choose one of: 1.  [not-archived]",
        ),
        (("show-version", SLUG, "0"), 2, "[usage-wrong]"),
        (
            ("show-version", "nothing"),
            2,
            "this is not in the archive.\n    fix: deposit it when it is signed off",
        ),
        (("restore", "nothing", "--to", "x"), 2, "[not-archived]"),
        (("restore", SLUG), 2, "Missing option '--to'."),
        (("restore", SLUG, "--to", "data"), 2, "there is something of this name already."),
        (("verify", "nothing"), 2, "this is not in the archive."),
        (("verify", SLUG, "--all"), 2, "--all and a release were named."),
        (("verify", "--checkpoint", "none.txt"), 2, "none.txt: this file can not be read: No such file"),
        (("correct", "nothing", "--reason", "Wrong"), 2, "[release-unknown]"),
    ],
)
def test_what_is_not_there_is_wrong_usage(
    go_to: GoTo, call: Call, args: tuple[str, ...], code: int, told: str
) -> None:
    go_to("archived")
    said = call(*args)
    assert (said.code, said.out) == (code, "")
    assert told in said.err


@pytest.mark.parametrize(
    "args",
    [
        ("verify",),
        ("show-version", SLUG),
        ("restore", SLUG, "--to", "x"),
        ("purge", SLUG, "--ground", "A law", "--confirm", SLUG, "--key", "lee"),
        ("correct", SLUG, "--reason", "Wrong"),
    ],
)
def test_before_the_first_deposit_there_is_no_archive(go_to: GoTo, call: Call, args: tuple[str, ...]) -> None:
    desk = go_to("signed")
    said = call(*args)
    assert (said.code, said.out) == (3, "")
    assert "there is no archive" in said.err
    assert "[archive-missing]" in said.err
    assert not (desk.root / "output" / "archive").exists()


def test_a_restored_version_is_byte_for_byte_what_was_deposited(
    go_to: GoTo, call: Call, tmp_path: Path
) -> None:
    desk = go_to("archived")
    target = tmp_path / "restored"
    said = fine(call("restore", SLUG, "--to", str(target)))
    assert said.out == f"{target}\n"
    restored = {str(p.relative_to(target)): p.read_bytes() for p in sorted(target.rglob("*")) if p.is_file()}
    assert restored == kept(archive_of(desk))
    assert call("restore", SLUG, "--to", str(target)).code == 2


def test_nothing_damaged_is_restored(go_to: GoTo, call: Call, tmp_path: Path) -> None:
    desk = go_to("archived")
    (pdf,) = (desk.root / "output" / "archive").rglob(f"{SLUG}.pdf")
    pdf.write_bytes(pdf.read_bytes() + b"%")
    said = call("restore", SLUG, "--to", str(tmp_path / "restored"))
    assert (said.code, said.out) == (7, "")
    assert "this file is not what was deposited." in said.err
    assert not (tmp_path / "restored").exists()


def test_a_release_is_purged_and_only_a_signed_note_stays(go_to: GoTo, call: Call) -> None:
    desk = go_to("archived")
    args = ("--ground", "Court order of 2026-11-24", "--key", "lee")
    wrong = call("purge", SLUG, *args, "--confirm", "brigde-opening")
    assert wrong.code == 2
    assert f"“brigde-opening” is not “{SLUG}”; nothing was removed." in wrong.err
    assert fine(call("verify")).code == 0

    officer = call("purge", SLUG, "--ground", "A law", "--confirm", SLUG, "--key", "clerk")
    assert officer.code == 5
    assert "The Clerk has none of the roles that clear a kit: release." in officer.err

    done = fine(call("purge", SLUG, *args, "--confirm", SLUG))
    assert done.out == f"{SLUG} is removed from the archive.\n"
    left = archived_files(desk)
    assert not any(b"walk across it together" in content for content in left.values())
    (stub,) = (name for name in left if name.startswith("purged-"))
    assert b"urn:presskit:purged" not in left[stub], "it is in an envelope"
    said = fine(call("verify"))
    assert "everything is as it was deposited" in said.err
    for command in (
        ("show-version", SLUG),
        ("archive", SLUG, "--key", "clerk"),
        ("purge", SLUG, *args, "--confirm", SLUG),
    ):
        again = call(*command)
        assert again.code == 5, again
        assert "this release was removed from the archive by law." in again.err


def test_a_ground_that_runs_over_lines_is_refused(go_to: GoTo, call: Call) -> None:
    go_to("archived")
    said = call("purge", SLUG, "--ground", "one\ntwo", "--confirm", SLUG, "--key", "lee")
    assert said.code == 2
    assert fine(call("show-version", SLUG)).code == 0


def test_without_a_terminal_nothing_is_purged_unconfirmed(go_to: GoTo, start: Call) -> None:
    go_to("archived")
    said = start("purge", SLUG, "--ground", "A law", "--key", "lee")
    assert said.code in (5, 130)
    assert "is removed" not in said.out


def test_the_signed_files_are_taken_from_the_archive_when_output_is_gone(go_to: GoTo, call: Call) -> None:
    desk = go_to("archived")
    before = desk.built()
    shutil.rmtree(desk.root / "output" / SLUG)
    fine(call("build", SLUG))
    assert desk.built() == before


def test_a_crashed_office_finishes_what_is_signed_off_and_not_yet_archived(go_to: GoTo, call: Call) -> None:
    desk = go_to("signed")
    shutil.rmtree(desk.root / "output" / SLUG)  # killed between the record and the files
    assert fine(call("archive", "--key", "clerk")).out == f"{SLUG}: version 1\n"
    fine(call("build", SLUG))
    assert {f"kit/{n}": c for n, c in desk.built().items()}.items() <= kept(archive_of(desk)).items()
    assert fine(call("archive", "--key", "clerk")).out == f"{SLUG}: version 1, there already\n"


def test_another_setting_of_the_office_or_a_newer_presskit_makes_no_new_version(
    go_to: GoTo, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = go_to("archived")
    desk.edit("headline_characters: 140", "headline_characters: 141", "data/house.yaml")
    assert fine(call("archive", "--key", "clerk")).out == f"{SLUG}: version 1, there already\n"
    monkeypatch.setattr("presskit.archive.contents.__version__", "99.0")
    assert fine(call("archive", "--key", "clerk")).out == f"{SLUG}: version 1, there already\n"


def test_a_further_record_makes_a_new_version(go_to: GoTo, call: Call) -> None:
    desk = go_to("approved")
    desk.sign("lee", break_glass=True, reason="Nobody else is on duty")
    fine(call("archive", "--key", "clerk"))
    assert "BREAK-GLASS" in fine(call("show-version", SLUG)).out
    desk.sign("kim")
    assert fine(call("archive", "--key", "clerk")).out == f"{SLUG}: version 2\n"
    assert "everything is as it was deposited" in fine(call("verify")).err
