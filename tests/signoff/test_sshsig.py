from __future__ import annotations

import base64
import shutil
import subprocess
from pathlib import Path

import pytest

from presskit.signoff.envelope import (
    BadEnvelope,
    payload_in,
    payload_of,
    pre_authentication,
    read,
    with_ssh_signature,
)
from presskit.signoff.keys import BadKey, PublicKey, read_public
from presskit.signoff.records import statement_of
from presskit.signoff.sshsig import NAMESPACE, BadSignature, holds, read_armoured, read_blob
from tests.signoff.office import QUOTE, decision, start

if shutil.which("ssh-keygen") is None:
    pytest.skip("OpenSSH is not installed", allow_module_level=True)


def ssh(*words: object, stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(["ssh-keygen", *map(str, words)], input=stdin, capture_output=True, timeout=30)


def made_key(folder: Path, kind: str = "ed25519", name: str = "key") -> Path:
    more = ("-b", "2048") if kind == "rsa" else ()
    assert ssh("-q", "-t", kind, *more, "-N", "", "-C", "agency", "-f", folder / name).returncode == 0
    return folder / name


def signed(key: Path, file: Path, namespace: str = NAMESPACE, *options: str) -> str:
    file.with_name(file.name + ".sig").unlink(missing_ok=True)
    said = ssh("-Y", "sign", "-q", "-f", key, "-n", namespace, *options, file)
    assert said.returncode == 0, said.stderr
    return file.with_name(file.name + ".sig").read_text()


def public(key: Path) -> PublicKey:
    return read_public(key.with_suffix(".pub").read_text())


@pytest.fixture
def statement(tmp_path: Path) -> Path:
    """The file an agency is given to sign."""
    scopes = start(tmp_path / "office", ring=False).scopes()
    file = tmp_path / "person-mayor.statement"
    said = statement_of(decision(scopes, "person:mayor", QUOTE), scopes.kit)
    file.write_bytes(pre_authentication(payload_of(said)))
    return file


def judged(key: Path, file: Path, signature: str, namespace: str = NAMESPACE) -> bool:
    """What ssh-keygen itself says of a signature."""
    allowed, sig = key.with_name("allowed_signers"), key.with_name("judged.sig")
    allowed.write_text(f'agency namespaces="{NAMESPACE}" {key.with_suffix(".pub").read_text()}')
    sig.write_text(signature)
    options = ("-f", allowed, "-I", "agency", "-n", namespace, "-s", sig)
    return ssh("-Y", "verify", *options, stdin=file.read_bytes()).returncode == 0


@pytest.mark.parametrize("options", [(), ("-O", "hashalg=sha256"), ("-O", "hashalg=sha512")])
def test_what_ssh_keygen_signed_holds(tmp_path: Path, statement: Path, options: tuple[str, ...]) -> None:
    key = made_key(tmp_path)
    armoured = signed(key, statement, NAMESPACE, *options)
    found = read_armoured(armoured)
    assert found.key == public(key)
    assert holds(found, statement.read_bytes())
    assert judged(key, statement, armoured)
    envelope = read(with_ssh_signature(payload_in(statement.read_bytes()), found))
    assert envelope.signed_by(public(key))
    assert not envelope.signed_by(public(made_key(tmp_path, name="other")))


def test_a_changed_file_is_found_by_us_as_by_ssh_keygen(tmp_path: Path, statement: Path) -> None:
    key = made_key(tmp_path)
    armoured, content = signed(key, statement), statement.read_bytes()
    for at in range(0, len(content), 37):
        hurt = content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :]
        assert not holds(read_armoured(armoured), hurt)
    statement.write_bytes(content + b"\n")
    assert not holds(read_armoured(armoured), statement.read_bytes())
    assert not judged(key, statement, armoured)


@pytest.mark.parametrize("namespace", ["file", "git", "signoff@presskit2", "SIGNOFF@presskit"])
def test_a_signature_for_another_purpose_is_refused(tmp_path: Path, statement: Path, namespace: str) -> None:
    key = made_key(tmp_path)
    armoured = signed(key, statement, namespace)
    assert not judged(key, statement, armoured)
    with pytest.raises(BadSignature, match="another purpose: sign with -n signoff@presskit"):
        read_armoured(armoured)


def test_another_kind_of_key_is_refused_plainly(tmp_path: Path, statement: Path) -> None:
    for kind in ("rsa", "ecdsa"):
        key = made_key(tmp_path, kind, kind)
        with pytest.raises(BadSignature, match="another kind than ssh-ed25519"):
            read_armoured(signed(key, statement))
        with pytest.raises(BadKey, match="not an Ed25519 key"):
            public(key)


def test_every_byte_of_a_signature_matters(tmp_path: Path, statement: Path) -> None:
    key = made_key(tmp_path)
    blob, content = read_armoured(signed(key, statement)).blob, statement.read_bytes()
    for at in range(len(blob)):
        hurt = blob[:at] + bytes([blob[at] ^ 1]) + blob[at + 1 :]
        try:
            found = read_blob(hurt)
        except BadSignature:
            continue
        assert not (found.key == public(key) and holds(found, content)), f"byte {at}"
    for end in range(len(blob)):
        with pytest.raises(BadSignature):
            read_blob(blob[:end])
    with pytest.raises(BadSignature, match="something follows"):
        read_blob(blob + b"\0")


@pytest.mark.parametrize(
    "rubbish",
    [
        "",
        "hello",
        "-----BEGIN SSH SIGNATURE-----\n-----END SSH SIGNATURE-----",
        "-----BEGIN SSH SIGNATURE-----\n====\n-----END SSH SIGNATURE-----",
        "-----BEGIN SSH SIGNATURE-----\n" + "A" * 100 + "\n-----END SSH SIGNATURE-----",
        "-----BEGIN SSH SIGNATURE-----\n" + "A" * 5000 + "\n-----END SSH SIGNATURE-----",
        "-----BEGIN SSH SIGNATURE-----\n"
        + base64.b64encode(b"SSHSIG\0\0\0\x01\xff\xff\xff\xff").decode()
        + "\n-----END SSH SIGNATURE-----",
        "-----BEGIN PGP SIGNATURE-----\nAAAA\n-----END PGP SIGNATURE-----",
    ],
)
def test_garbage_is_no_signature(rubbish: str) -> None:
    with pytest.raises(BadSignature):
        read_armoured(rubbish)


def test_a_signature_that_went_through_a_mail_program_is_read(tmp_path: Path, statement: Path) -> None:
    armoured = signed(made_key(tmp_path), statement)
    assert read_armoured("\r\n" + armoured.replace("\n", "\r\n") + " \r\n") == read_armoured(armoured)


@pytest.mark.parametrize(
    "message", [b"", b"{}", b"DSSEv1 4 text 2 {}", b"x DSSEv1 28 application/vnd.in-toto+json 2 {}"]
)
def test_another_file_is_not_one_to_be_signed(message: bytes) -> None:
    with pytest.raises(BadEnvelope, match="not a file presskit made"):
        payload_in(message)
