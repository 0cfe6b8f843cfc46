from __future__ import annotations

import os
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, PrivateFormat

from presskit.errors import NotAllowed, PresskitError, WrongUsage
from presskit.signoff.keybox import key_folder, key_names, make_key, open_key, public_key
from presskit.signoff.keys import BadKey, new_key, read_public, seal, unseal

WORDS = "correct horse é battery"


def test_a_sealed_key_opens_with_its_passphrase_and_no_other() -> None:
    key = new_key()
    sealed = seal(key, WORDS.encode())
    assert unseal(sealed, WORDS.encode()).public == key.public
    for wrong in (b"", b"correct horse", WORDS.encode() + b" "):
        with pytest.raises(BadKey, match="passphrase does not open"):
            unseal(sealed, wrong)
    assert key.private.private_bytes_raw() not in sealed


def test_a_damaged_or_foreign_key_file_is_refused() -> None:
    sealed = seal(new_key(), WORDS.encode())
    half = len(sealed) // 2
    other = b"B" if sealed[half : half + 1] == b"A" else b"A"
    for hurt in (b"", b"x" * 400, sealed[:200], sealed[:half] + other + sealed[half + 1 :]):
        with pytest.raises(BadKey):
            unseal(hurt, WORDS.encode())
    rsa = generate_private_key(65537, 2048).private_bytes(
        Encoding.PEM, PrivateFormat.OpenSSH, BestAvailableEncryption(WORDS.encode())
    )
    with pytest.raises(BadKey, match="another kind than Ed25519"):
        unseal(rsa, WORDS.encode())


def test_a_signature_is_the_key_s_over_this_message_only() -> None:
    key, other = new_key(), new_key()
    signature = key.sign(b"words")
    assert key.public.verifies(b"words", signature)
    assert not key.public.verifies(b"word", signature)
    assert not other.public.verifies(b"words", signature)
    assert not key.public.verifies(b"words", signature[:63])
    assert not key.public.verifies(b"words", b"")


def test_the_line_of_a_key_reads_back_with_any_comment() -> None:
    key = new_key().public
    for comment in ("", " media@example.org", " two words é", "\n"):
        assert read_public(key.line + comment) == key


@pytest.mark.parametrize(
    "line",
    [
        "",
        "ssh-ed25519",
        "ssh-ed25519 AAAA",
        "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAAAgQ",
        "ssh-ed25519 " + "A" * 68,
        "ssh-ed25519 " + "é" * 68,
        "{line} a\n{line} b",
        'namespaces="file" {line}',
    ],
)
def test_another_line_is_no_key(line: str) -> None:
    with pytest.raises(BadKey, match="not an Ed25519 key of the form"):
        read_public(line.replace("{line}", new_key().public.line))


# --- outside judges ------------------------------------------------------------------------------------


@pytest.mark.skipif(shutil.which("ssh-keygen") is None, reason="OpenSSH is not installed")
def test_openssh_reads_our_key_files(tmp_path: Path) -> None:
    public = make_key("chief", WORDS, tmp_path)

    def ssh(*words: object) -> str:
        done = subprocess.run(["ssh-keygen", *map(str, words)], capture_output=True, text=True, timeout=30)
        assert done.returncode == 0, done.stderr
        return done.stdout

    assert ssh("-y", "-P", WORDS, "-f", tmp_path / "chief.key").split()[:2] == public.line.split()
    assert public.fingerprint in ssh("-l", "-f", tmp_path / "chief.pub").split()
    wrong = subprocess.run(
        ["ssh-keygen", "-y", "-P", "wrong", "-f", tmp_path / "chief.key"], capture_output=True, timeout=30
    )
    assert wrong.returncode != 0


@pytest.mark.skipif(shutil.which("openssl") is None, reason="OpenSSL is not installed")
def test_openssl_verifies_our_signatures_with_our_pem(tmp_path: Path) -> None:
    key = new_key()
    (tmp_path / "key.pem").write_bytes(key.public.pem)
    (tmp_path / "message").write_bytes(b"words")
    (tmp_path / "signature").write_bytes(key.sign(b"words"))
    command = "openssl pkeyutl -verify -pubin -inkey key.pem -rawin -in message -sigfile signature".split()
    assert subprocess.run(command, cwd=tmp_path, capture_output=True, timeout=30).returncode == 0
    (tmp_path / "message").write_bytes(b"word")
    assert subprocess.run(command, cwd=tmp_path, capture_output=True, timeout=30).returncode != 0


# --- key files -----------------------------------------------------------------------------------------


def test_a_key_is_made_opened_and_found_again(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "keys"
    public = make_key("chief", WORDS, folder)
    assert open_key("chief", WORDS, folder).public == public == public_key("chief", folder)
    assert key_names(folder) == ("chief",)
    assert key_names(tmp_path / "none") == ()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such modes")
def test_only_its_owner_may_read_a_key(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        make_key("chief", WORDS, tmp_path / "keys")
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "keys" / "chief.key").stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "keys").stat().st_mode) == 0o700


def test_a_key_is_never_written_over(tmp_path: Path) -> None:
    make_key("chief", WORDS, tmp_path)
    kept = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    for left in ("chief.key", "chief.pub"):
        with pytest.raises(WrongUsage, match="already"):
            make_key("chief", WORDS, tmp_path)
        assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == kept
        (tmp_path / left).unlink()
        kept.pop(left)
        if left == "chief.key":
            with pytest.raises(WrongUsage, match="already"):
                make_key("chief", WORDS, tmp_path)


@pytest.mark.parametrize(
    "name", ["", "Chief", "../chief", "a/b", "chief ", "c.key", "é", "a" + "-" * 2 + "b"]
)
def test_a_name_that_could_lead_elsewhere_is_refused(tmp_path: Path, name: str) -> None:
    for act in (lambda: make_key(name, WORDS, tmp_path), lambda: open_key(name, WORDS, tmp_path)):
        with pytest.raises(PresskitError) as refused:
            act()
        assert refused.value.problems[0].code in ("key-name", "key-unknown")
    assert list(tmp_path.iterdir()) == []


def test_a_short_passphrase_is_refused(tmp_path: Path) -> None:
    with pytest.raises(WrongUsage, match="has 11 characters"):
        make_key("chief", "x" * 11, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_wrong_passphrase_is_said(tmp_path: Path) -> None:
    make_key("chief", WORDS, tmp_path)
    with pytest.raises(NotAllowed) as refused:
        open_key("chief", "wrong", tmp_path)
    assert [problem.code for problem in refused.value.problems] == ["passphrase-wrong"]


def test_keys_lie_where_the_system_keeps_settings(tmp_path: Path) -> None:
    assert key_folder({"PRESSKIT_KEYS": str(tmp_path)}) == tmp_path
    if sys.platform == "linux":
        assert key_folder({}, tmp_path) == tmp_path / ".config/presskit/keys"
        assert key_folder({"XDG_CONFIG_HOME": "/x"}, tmp_path) == Path("/x/presskit/keys")
