from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.archive.authority import serving, stamps
from tests.archive.forgery import CLERK, archive_of, forge, rewrite_log
from tests.cli.conftest import Call, GoTo, Said
from tests.signed_office import OBJECT, SLUG, Desk
from tests.signoff.certificates import root

ARCHIVE = "output/archive"


def fine(said: Said) -> Said:
    assert said.code == 0, said.err
    return said


def one(desk: Desk, name: str) -> Path:
    (found,) = (desk.root / ARCHIVE).rglob(name)
    return found


def test_an_archive_as_it_was_deposited_raises_no_alarm(go_to: GoTo, call: Call) -> None:
    go_to("archived")
    said = fine(call("verify"))
    assert said.out == ""
    assert "2 objects, 2 versions checked: everything is as it was deposited." in said.err
    assert (
        "no checkpoint from outside was named, so that a log written anew would not be noticed." in said.err
    )
    assert "key ring: " in said.err


def test_checkpoints_kept_outside_are_held_against_the_log(go_to: GoTo, call: Call, tmp_path: Path) -> None:
    desk = go_to("archived")
    outside = tmp_path / "from-a-mail.txt"
    shutil.copy(desk.root / ARCHIVE / "checkpoint", outside)
    assert "held against 1 checkpoint from outside." in fine(call("verify", "--checkpoint", str(outside))).err
    forge(desk, lambda files: files.update({"release.yaml": b"headline: other\n"}), signer=CLERK)
    rewrite_log(archive_of(desk), CLERK)
    assert call("verify").code == 0, "an insider with the key who rewrites the log needs a witness outside"
    said = call("verify", "--checkpoint", str(outside))
    assert said.code == 7
    assert "the log was rewritten" in said.out


@pytest.mark.parametrize("content", [b"", b"some mail\n", b"\xff\xfe", b"a\n9\nAAAA\n\n\xe2\x80\x94 a b\n"])
def test_a_checkpoint_that_is_none_is_said_to_be_none(
    go_to: GoTo, call: Call, tmp_path: Path, content: bytes
) -> None:
    go_to("archived")
    (tmp_path / "note").write_bytes(content)
    said = call("verify", "--checkpoint", str(tmp_path / "note"))
    assert said.code == 7
    assert "the checkpoint kept outside, number 1 does not count" in said.out


def flip(file: Path) -> None:
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)


DAMAGE: dict[str, tuple[Callable[[Desk], object], str]] = {
    "a bit in the PDF": (lambda d: flip(one(d, f"{SLUG}.pdf")), "fixity"),
    "a file that is gone": (lambda d: one(d, f"{SLUG}.docx").unlink(), "fixity"),
    "a file too many": (lambda d: one(d, "version.json").with_name("more").write_text("x"), "fixity"),
    "the log's last line": (lambda d: (d.root / ARCHIVE / "log.jsonl").write_text(""), "checkpoint"),
    "the checkpoint": (lambda d: (d.root / ARCHIVE / "checkpoint").unlink(), "checkpoint"),
    "a whole release": (lambda d: shutil.rmtree(archive_of(d).site.folder(OBJECT)), "log"),
}


@pytest.mark.parametrize("name", DAMAGE)
def test_damage_is_named_with_its_file_and_the_exit_code_is_7(go_to: GoTo, call: Call, name: str) -> None:
    desk = go_to("archived")
    damage, layer = DAMAGE[name]
    damage(desk)
    said = call("verify")
    assert said.code == 7
    assert "wrong." in said.err
    answer = json.loads(call("verify", "--json").out)
    assert answer["exit_code"] == 7
    assert layer in {found["layer"] for found in answer["findings"]}
    assert all(found["what"] and found["fix"] and found["code"] for found in answer["findings"])


def test_one_release_is_checked_alone(go_to: GoTo, call: Call) -> None:
    desk = go_to("archived")
    said = fine(call("verify", SLUG))
    assert "everything is as it was deposited" in said.err
    flip(one(desk, f"{SLUG}.pdf"))
    assert call("verify", SLUG).code == 7


def test_a_key_ring_the_office_has_lost_is_taken_from_the_archive(go_to: GoTo, call: Call) -> None:
    desk = go_to("archived")
    shutil.rmtree(desk.root / "data" / "sign-off")
    assert "everything is as it was deposited" in fine(call("verify")).err


def test_a_stranger_checks_the_archive_with_a_shell_jq_and_openssl(go_to: GoTo) -> None:
    desk = go_to("archived")
    lacking = [name for name in ("sh", "jq", "openssl") if shutil.which(name) is None]
    if lacking and os.environ.get("CI") != "true":
        pytest.skip(f"needs {', '.join(lacking)}")
    command = ["sh", f"{ARCHIVE}/verify50.sh", ARCHIVE]
    done = subprocess.run(command, cwd=desk.root, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "OK       everything matches" in done.stdout
    flip(one(desk, f"{SLUG}.pdf"))
    done = subprocess.run(command, cwd=desk.root, capture_output=True, text=True, check=False)
    assert done.returncode == 1


@pytest.fixture
def believing(go_to: GoTo, tmp_path: Path) -> Callable[[str], Desk]:
    """Go to the signed office, which has its checkpoints stamped by an authority and believes its root."""

    def go(url: str) -> Desk:
        desk = go_to("signed")
        (desk.root / "root.pem").write_bytes(root().pem)
        desk.edit(
            "archive:\n",
            f"archive:\n  time_stamps: {url}\n  time_stamp_roots: [root.pem]\n",
            "data/house.yaml",
        )
        return desk

    return go


def test_a_deposit_is_stamped_by_the_authority_and_the_stamp_is_checked(
    believing: Callable[[str], Desk], call: Call, tmp_path: Path
) -> None:
    with serving(stamps(tmp_path, root())) as url:
        desk = believing(url)
        fine(call("archive", "--key", "clerk"))
        note, token = (desk.root / ARCHIVE / f"timestamp-2{ending}" for ending in (".checkpoint", ".tsr"))
        assert note.read_bytes() == (desk.root / ARCHIVE / "checkpoint").read_bytes()
        stamped = token.read_bytes()
        fine(call("archive", "--key", "clerk"))
        assert token.read_bytes() == stamped, "nothing new, so nothing is stamped again"
    assert "everything is as it was deposited" in fine(call("verify")).err
    flip(token)
    said = call("verify")
    assert said.code == 7
    assert "timestamp-invalid]" in said.out
    note.unlink()
    assert "the checkpoint this time stamp is over is missing." in call("verify").out


def test_a_stamped_checkpoint_is_a_witness_against_a_log_written_anew(
    believing: Callable[[str], Desk], call: Call, tmp_path: Path
) -> None:
    with serving(stamps(tmp_path, root())) as url:
        desk = believing(url)
        fine(call("archive", "--key", "clerk"))
    forge(desk, lambda files: files.update({"release.yaml": b"headline: other\n"}), signer=CLERK)
    rewrite_log(archive_of(desk), CLERK)
    said = call("verify")
    assert said.code == 7
    assert "the log was rewritten" in said.out


def test_an_authority_that_is_down_undoes_no_deposit_and_is_told(
    believing: Callable[[str], Desk], call: Call, tmp_path: Path
) -> None:
    desk = believing("http://127.0.0.1:9/")
    said = call("archive", SLUG, "--key", "clerk")
    assert said.code == 3
    assert said.out == f"{SLUG}: version 1\n"
    assert "[timestamp-refused]" in said.err
    assert "everything is as it was deposited" in fine(call("verify")).err
    with serving(stamps(tmp_path, root())) as url:
        desk.edit("http://127.0.0.1:9/", url, "data/house.yaml")
        fine(call("archive", "--key", "clerk"))
    assert (desk.root / ARCHIVE / "timestamp-2.tsr").exists()


def test_a_root_that_is_not_there_is_a_wrong_setting(believing: Callable[[str], Desk], call: Call) -> None:
    desk = believing("http://127.0.0.1:9/")
    (desk.root / "root.pem").unlink()
    call("archive", SLUG, "--key", "clerk")
    said = call("verify")
    assert said.code == 4
    assert "root.pem: the certificate can not be read: No such file or directory." in said.err
    assert "fix: correct time_stamp_roots: under archive: in data/house.yaml." in said.err


def test_a_stamp_by_an_authority_nobody_believes_is_found(
    believing: Callable[[str], Desk], call: Call, tmp_path: Path
) -> None:
    with serving(stamps(tmp_path, root("Another Root"))) as url:
        desk = believing(url)
        call("archive", SLUG, "--key", "clerk")
    assert (desk.root / ARCHIVE / "timestamp-2.tsr").exists()
    said = call("verify")
    assert said.code == 7
    assert "timestamp-invalid]" in said.out
